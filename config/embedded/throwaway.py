"""Servers that forget everything when they stop: for tests, checks and benchmarks."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from config.embedded.account import belongs_to_us, unprivileged
from config.embedded.lock import Taken, held
from config.embedded.places import handed_to
from config.embedded.postgres import APP, OWNER, Postgres
from config.embedded.secret import kept_secret
from config.embedded.valkey import Valkey

PREFIX = "hehuoren-throwaway-"


@contextmanager
def throwaway(*, durable: bool = False) -> Iterator[dict[str, str]]:
    """Fresh servers; yields the environment that the product reads. `durable` as in production: benchmarks, crashes."""
    with folder_of_our_own() as home:
        account = unprivileged()
        postgres = Postgres(home, handed_to(account, home / "pg"), account, durable=durable)
        valkey = Valkey(home, home, durable=durable)
        try:
            postgres.start()
            valkey.start()
            yield {
                "DATABASE_URL": postgres.url(APP),
                "DATABASE_OWNER_URL": postgres.url(OWNER),
                "BROKER_URL": valkey.url(),
                "SECRET_KEY": kept_secret(home / "secret-key"),
                "DATA_KEYS": kept_secret(home / "data-key"),
            }
        finally:
            valkey.stop()
            postgres.stop()


@contextmanager
def folder_of_our_own() -> Iterator[Path]:
    """A fresh folder, locked while it is used. One at a time: nobody sweeps a folder that is not locked yet."""
    gate = Path(tempfile.gettempdir()) / f"hehuoren-gate-{os.geteuid()}"
    with ExitStack() as stack:
        with held(gate, wait=True):
            sweep()
            home = Path(tempfile.mkdtemp(prefix=PREFIX))
            stack.callback(shutil.rmtree, home, ignore_errors=True)
            stack.enter_context(held(home / "lock"))
        home.chmod(0o711)
        yield home


def sweep() -> None:
    """Remove what killed runs left in the temporary folder: folders of ours whose lock nobody holds."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if belongs_to_us(folder) and (folder / "lock").exists():
            try:
                with held(folder / "lock"):
                    shutil.rmtree(folder, ignore_errors=True)
            except Taken:
                continue
