"""The web server and the worker as `make run` starts them; each can be killed, and started again at the same address."""

import os
import subprocess
import sys
from pathlib import Path

from config.embedded.process import finish, spawn
from tests.crash.servers import kill_9
from tests.server import answers, free_port
from tests.worker import wait_until


class Program:
    """A program of ours that writes to a log."""

    argv: tuple[str, ...]

    def __init__(self, home: Path) -> None:
        self.log = home / f"{type(self).__name__.lower()}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("wb") as output:
            argv, env = [sys.executable, "-m", *self.argv], os.environ | self.env()
            self.process = spawn(argv, env=env, cwd=Path.cwd(), output=output)
        wait_until(self.ready, self.said)

    def restart(self) -> None:
        self.stop()
        self.start()

    def kill(self) -> None:
        assert self.process is not None
        kill_9(self.process)

    def stop(self) -> None:
        if self.process is not None:
            finish(self.process)

    def said(self) -> str:
        return self.log.read_text(errors="replace")[-4000:]

    def env(self) -> dict[str, str]:
        return {}

    def ready(self) -> str:
        raise NotImplementedError


class Web(Program):
    argv = ("gunicorn", "-c", "config/web.py", "config.wsgi")

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.port = free_port()

    def env(self) -> dict[str, str]:
        return {"PORT": str(self.port), "SITE_URL": f"http://127.0.0.1:{self.port}"}

    def ready(self) -> str:
        return answers(f"http://127.0.0.1:{self.port}")


class Worker(Program):
    argv = ("celery", "-A", "config", "worker", "-l", "INFO", "-c", "4", "--without-gossip", "--without-mingle")

    def ready(self) -> str:
        return "yes" if " ready." in self.log.read_text(errors="replace") else ""
