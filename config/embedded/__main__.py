"""`python -m config.embedded [--durable] -- COMMAND…`: run a command with throw-away servers in its environment."""

import argparse
import os
import signal
import sys
from pathlib import Path

from config.embedded.process import finish, spawn
from config.embedded.throwaway import throwaway


def main() -> int:
    """The exit code of the command."""
    parser = argparse.ArgumentParser(prog="python -m config.embedded", description=__doc__)
    parser.add_argument("--durable", action="store_true", help="settings of production: for benchmarks and crashes")
    parser.add_argument("command", nargs="+")
    asked = parser.parse_args()
    for sign in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, lambda number, frame: sys.exit(128 + number))
    with throwaway(durable=asked.durable) as found:
        process = spawn(asked.command, env=os.environ | found, cwd=Path.cwd(), output=None)
        try:
            return process.wait()
        except KeyboardInterrupt:
            return 130
        finally:
            finish(process)


if __name__ == "__main__":
    sys.exit(main())
