"""Servers that keep their data: always durable."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from config.embedded.account import unprivileged
from config.embedded.places import cluster_home, handed_to, socket_folder
from config.embedded.postgres import APP, OWNER, Postgres
from config.embedded.valkey import Valkey

Say = Callable[[str], None]


@dataclass
class Servers:
    """Running servers: their part of the environment, and the processes to keep an eye on."""

    env: dict[str, str] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)


@contextmanager
def kept(data_dir: Path, *, database: bool, broker: bool, say: Say) -> Iterator[Servers]:
    """The wanted servers of `data_dir`, whose lock the caller holds."""
    account, servers = unprivileged(), Servers()
    with ExitStack() as stack:
        sockets = stack.enter_context(socket_folder(data_dir))
        if database:
            home = cluster_home(data_dir, account)
            postgres = Postgres(home, handed_to(account, sockets / "pg"), account, durable=True)
            say(f"starting PostgreSQL, data in {postgres.cluster}")
            stack.callback(postgres.stop)
            servers.processes["postgres"] = postgres.start()
            servers.env |= {"DATABASE_URL": postgres.url(APP), "DATABASE_OWNER_URL": postgres.url(OWNER)}
        if broker:
            valkey = Valkey(data_dir, sockets, durable=True)
            say("starting Valkey")
            stack.callback(valkey.stop)
            servers.processes["valkey"] = valkey.start()
            servers.env["BROKER_URL"] = valkey.url()
        yield servers
