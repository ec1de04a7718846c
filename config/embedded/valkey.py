"""One embedded Valkey (Celery's broker) on a unix socket."""

import socket
import subprocess
import time
from pathlib import Path

from config.embedded import programs
from config.embedded.process import finish, spawn

PATIENCE = 10.0
DATABASES = 64  # one for each parallel test process, so that no worker takes another's tasks


class Valkey:
    """A server whose data and log lie in `home` and whose socket lies in `sockets`; `durable` writes every task down."""

    def __init__(self, home: Path, sockets: Path, *, durable: bool) -> None:
        self.data, self.log, self.durable = home / "valkey", home / "valkey.log", durable
        self.socket = sockets / "valkey.sock"
        self.process: subprocess.Popen[bytes] | None = None

    def url(self) -> str:
        """The address as BROKER_URL holds it."""
        return f"redis+socket://{self.socket}"

    def start(self) -> subprocess.Popen[bytes]:
        self.data.mkdir(exist_ok=True)
        self.end_left_over()
        settings: dict[str, str | Path] = {
            "port": "0",
            "unixsocket": self.socket,
            "unixsocketperm": "700",
            "dir": self.data,
            "databases": str(DATABASES),
            "appendonly": "yes" if self.durable else "no",
            "save": "",
            "maxmemory-policy": "noeviction",
            "loglevel": "warning",
        }
        argv: list[str | Path] = [programs.valkey_server()]
        for name, value in settings.items():
            argv += [f"--{name}", value]
        with self.log.open("wb") as log:
            self.process = spawn(argv, output=log)
        self.wait_until(answers=True)
        return self.process

    def stop(self) -> None:
        if self.process is not None:
            finish(self.process)

    def end_left_over(self) -> None:
        """Whoever holds the folder's lock owns its server: one that still answers belongs to a killed run."""
        if self.ask("PING"):
            self.ask("SHUTDOWN")
            self.wait_until(answers=False)

    def wait_until(self, *, answers: bool) -> None:
        end = time.monotonic() + PATIENCE
        while self.ask("PING").startswith(b"+PONG") is not answers:
            if time.monotonic() > end or (answers and self.process is not None and self.process.poll() is not None):
                raise SystemExit(f"Valkey did not {'start' if answers else 'stop'}:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.02)

    def ask(self, command: str) -> bytes:
        """The first bytes of the answer to `command`, empty where nobody answers."""
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(1)
                line.connect(str(self.socket))
                line.sendall(f"{command}\r\n".encode())
                return line.recv(64)
        except OSError:
            return b""
