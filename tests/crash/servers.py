"""PostgreSQL and Valkey with the settings of production, and `kill -9` of a program with everything it has started."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from config.embedded.account import unprivileged
from config.embedded.places import handed_to
from config.embedded.postgres import APP, OWNER, Postgres
from config.embedded.secret import kept_secret
from config.embedded.throwaway import folder_of_our_own
from config.embedded.valkey import Valkey
from tests.processes import alive, descendants


@dataclass
class Servers:
    """Running servers and the folder that ends with them."""

    home: Path
    postgres: Postgres
    valkey: Valkey

    @property
    def env(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.postgres.url(APP),
            "DATABASE_OWNER_URL": self.postgres.url(OWNER),
            "BROKER_URL": self.valkey.url(),
            "SECRET_KEY": kept_secret(self.home / "secret-key"),
            "DATA_KEYS": kept_secret(self.home / "data-key"),
        }

    def kill_postgres(self) -> None:
        """The whole cluster: the postmaster, every backend, the writers."""
        assert self.postgres.process is not None
        kill_9(self.postgres.process)


@contextmanager
def running() -> Iterator[Servers]:
    """Durable servers for the length of the block."""
    with folder_of_our_own() as home:
        account = unprivileged()
        servers = Servers(
            home,
            Postgres(home, handed_to(account, home / "pg"), account, durable=True),
            Valkey(home, home, durable=True),
        )
        try:
            servers.postgres.start()
            servers.valkey.start()
            yield servers
        finally:
            servers.valkey.stop()
            servers.postgres.stop()


def kill_9(process: subprocess.Popen[bytes]) -> None:
    """End a program and all that it has started, so that none of them can say or write another word."""
    process.send_signal(signal.SIGSTOP)  # so that it starts nobody else meanwhile
    family = [process.pid, *descendants(process.pid)]
    for pid in family:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()
    while any(alive(pid) for pid in family):
        time.sleep(0.005)
