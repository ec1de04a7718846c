"""Starting and ending other programs so that none is ever left behind."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from config.embedded.account import Account

LINUX = sys.platform.startswith("linux")
PR_SET_PDEATHSIG = 1
Output = IO[bytes] | int | None


def die_with_parent(last_signal: signal.Signals) -> Callable[[], None] | None:
    """What a child runs before exec: on Linux the kernel sends it `last_signal` however its parent ends, kill -9 too."""
    if not LINUX:
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def arm() -> None:
        prctl(PR_SET_PDEATHSIG, int(last_signal))
        if os.getppid() != parent:  # it ended before we were armed
            os._exit(1)

    return arm


def follow_parent() -> None:
    """This very process gets SIGTERM when its parent ends, so that killing `make` takes the house down with it."""
    if LINUX:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))


def spawn(
    argv: Sequence[str | Path],
    *,
    account: Account | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path = Path("/"),
    output: Output = subprocess.DEVNULL,
    last_signal: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own (Ctrl-C in the terminal reaches only us) that cannot outlive us on Linux."""
    return subprocess.Popen(
        [str(part) for part in argv],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=die_with_parent(last_signal),
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def finish(process: subprocess.Popen[bytes], sign: signal.Signals = signal.SIGTERM, grace: float = 10) -> None:
    """Ask `process` to end with `sign`; after `grace` seconds it is killed, and so is whatever it left behind."""
    if process.poll() is None:
        process.send_signal(sign)
        try:
            process.wait(grace)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    with suppress(ProcessLookupError, PermissionError):  # macOS says PermissionError of a group that is gone
        os.killpg(process.pid, signal.SIGKILL)
