"""Folders for sockets and data that every account involved can reach."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.embedded.account import Account, belongs_to_us


@contextmanager
def socket_folder(data_dir: Path) -> Iterator[Path]:
    """A folder for the sockets of `data_dir`: always the same one, and short, as a socket's path ends at ~107 bytes."""
    name = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"hehuoren-{os.geteuid()}-{name}"
    folder.mkdir(mode=0o711, exist_ok=True)
    if not belongs_to_us(folder):
        raise SystemExit(f"{folder} belongs to somebody else: remove it and start again.")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def handed_to(account: Account | None, folder: Path) -> Path:
    """`folder`, made if need be, which only `account` may enter."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if account is not None:
        os.chown(folder, account.uid, account.gid)
    return folder


def cluster_home(data_dir: Path, account: Account | None) -> Path:
    """Where the cluster of `data_dir` lies: there, unless root's PostgreSQL account cannot reach it (a closed home).

    Then a note in `data_dir` names the place, so that deleting `data_dir` still means starting afresh.
    """
    if account is None or account.may_enter(data_dir):
        return data_dir
    note = data_dir / "postgres-is-in"
    if not note.exists():
        elsewhere = tempfile.mkdtemp(prefix="hehuoren-", dir="/var/tmp")
        os.chmod(elsewhere, 0o711)  # noqa: S103  the account passes through, it cannot look
        note.write_text(elsewhere)
    home = Path(note.read_text())
    if not belongs_to_us(home):
        raise SystemExit(f"{home}, which {note} names, is not ours: remove {note} and start again.")
    return home
