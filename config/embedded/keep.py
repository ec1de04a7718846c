"""Servers that keep their data: always durable."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from config.embedded.account import unprivileged
from config.embedded.places import cluster_home, handed_to, socket_folder
from config.embedded.postgres import APP, OWNER, Postgres
from config.embedded.valkey import Valkey

Say = Callable[[str], None]


@contextmanager
def kept(data_dir: Path, *, database: bool, broker: bool, say: Say) -> Iterator[dict[str, str]]:
    """The wanted servers of `data_dir`, whose lock the caller holds; yields their part of the environment."""
    account, found = unprivileged(), dict[str, str]()
    with ExitStack() as stack:
        sockets = stack.enter_context(socket_folder(data_dir))
        if database:
            home = cluster_home(data_dir, account)
            postgres = Postgres(home, handed_to(account, sockets / "pg"), account, durable=True)
            say(f"starting PostgreSQL, data in {postgres.cluster}")
            stack.callback(postgres.stop)
            postgres.start()
            found |= {"DATABASE_URL": postgres.url(APP), "DATABASE_OWNER_URL": postgres.url(OWNER)}
        if broker:
            valkey = Valkey(data_dir, sockets, durable=True)
            say("starting Valkey")
            stack.callback(valkey.stop)
            valkey.start()
            found["BROKER_URL"] = valkey.url()
        yield found
