"""A real Celery worker on the real broker, for the tests that speak of one."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from config.celery import app
from config.embedded.process import finish, spawn

PATIENCE = 60.0  # a busy machine forks slowly; nothing is measured here
ARGUMENTS = ("worker", "-l", "INFO", "-c", "1", "--without-gossip", "--without-mingle", "--without-heartbeat")


class Worker:
    """A running worker and what it has said."""

    def __init__(self, log: Path, name: str) -> None:
        self.log = log
        with log.open("wb") as output:
            self.process: subprocess.Popen[bytes] = spawn(
                [sys.executable, "-m", "celery", "-A", "config", *ARGUMENTS, "-n", f"{name}@%h"],
                env=os.environ,
                cwd=Path.cwd(),
                output=output,
            )

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for(self, pattern: str) -> str:
        """What the worker has said once `pattern` is in it; fails with its words when that takes too long."""
        return wait_until(lambda: self.said() if re.search(pattern, self.said()) else "", self.said)

    def kill(self) -> None:
        """`kill -9`, the pool's processes included: nothing is finished, nothing is acknowledged."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def wait_until(done: Callable[[], str], explain: Callable[[], str] = str, patience: float = PATIENCE) -> str:
    """The first true answer of `done`, asked again and again; fails with `explain()` when that takes too long."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if answer := done():
            return answer
        time.sleep(0.05)
    pytest.fail(f"nothing happened in {patience:.0f} s\n{explain()}")


@contextmanager
def running(folder: Path, name: str = "test") -> Iterator[Worker]:
    """A ready worker, for the length of the block."""
    worker = Worker(folder / f"{name}.log", name)
    try:
        worker.wait_for(r" ready\.")
        yield worker
    finally:
        finish(worker.process)


@pytest.fixture
def start_worker(transactional_db: None, tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """`start_worker(name="test")` starts a ready worker on this test's database; it ends with the test."""
    app.control.purge()
    with ExitStack() as stack:
        yield lambda name="test": stack.enter_context(running(tmp_path, name))


@pytest.fixture
def celery_worker(start_worker: Callable[..., Worker]) -> Worker:
    """One ready worker on this test's database."""
    return start_worker()
