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
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  each run has a folder of its own there, as in the folder for temporary files
ROOM = 4 << 30  # bytes; two test databases and what is written ahead of them take half


@contextmanager
def throwaway(*, durable: bool = False) -> Iterator[dict[str, str]]:
    """Fresh servers; yields the environment that the product reads. `durable` as in production: benchmarks, crashes."""
    with folder_of_our_own(None if durable else in_memory()) as home:
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


def on_disk() -> Path:
    return Path(tempfile.gettempdir())


def in_memory() -> Path:
    """Where nothing waits for a disk, if this machine has such a place with room enough."""
    roomy = (
        SHARED_MEMORY.is_dir() and os.access(SHARED_MEMORY, os.W_OK) and shutil.disk_usage(SHARED_MEMORY).free >= ROOM
    )
    return SHARED_MEMORY if roomy else on_disk()


@contextmanager
def folder_of_our_own(place: Path | None = None) -> Iterator[Path]:
    """A fresh folder in `place` (the temporary folder), locked while it is used. One at a time: nobody sweeps one not locked yet."""
    place = place or on_disk()
    gate = on_disk() / f"hehuoren-gate-{os.geteuid()}"
    with ExitStack() as stack:
        with held(gate, wait=True):
            sweep(place)
            home = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
            stack.callback(shutil.rmtree, home, ignore_errors=True)
            stack.enter_context(held(home / "lock"))
        home.chmod(0o711)
        yield home


def sweep(place: Path) -> None:
    """Remove what killed runs left in `place`: folders of ours whose lock nobody holds."""
    for folder in place.glob(f"{PREFIX}*"):
        if belongs_to_us(folder) and (folder / "lock").exists():
            try:
                with held(folder / "lock"):
                    shutil.rmtree(folder, ignore_errors=True)
            except Taken:
                continue
