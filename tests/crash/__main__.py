"""`make crash`: each scenario as a line of a table and as var/crash/<name>.json; exit 1 when anything is wrong.

ARGS="--times 5 --seed 7 web" kills the web server five times at other moments. A seed draws the moments: after so many
answers, and then so many milliseconds. kill -9 leaves the machine running: what was written to the system is still there,
what PostgreSQL kept in its own memory is not. A power cut is not tried here.
"""

import argparse
import importlib
import os
import sys
from pathlib import Path

import django

from tests.crash.servers import running
from tests.servers import SURROUNDINGS, UNSET

SCENARIOS = ("postgres", "web", "worker", "sweep")
OUT = Path("var/crash")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--times", type=int, default=20, help="how often each is killed")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("scenario", nargs="*", help=", ".join(SCENARIOS))
    asked = parser.parse_args()
    names = asked.scenario or SCENARIOS
    if unknown := set(names) - set(SCENARIOS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    OUT.mkdir(parents=True, exist_ok=True)
    with running() as servers:
        os.environ.update(servers.env | SURROUNDINGS | {"DJANGO_SETTINGS_MODULE": "config.settings"})
        for name in UNSET:
            os.environ.pop(name, None)
        django.setup()
        # The product reads its addresses when it is imported, and they are not known before.
        rounds = importlib.import_module("tests.crash.rounds")
        return int(rounds.run(servers, names, times=asked.times, seed=asked.seed, out=OUT))


if __name__ == "__main__":
    sys.exit(main())
