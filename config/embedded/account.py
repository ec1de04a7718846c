"""Whose rights an embedded server runs with: PostgreSQL refuses root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Account:
    """A system account to drop to."""

    uid: int
    gid: int

    def may_enter(self, path: Path) -> bool:
        """Whether this account can reach what lies below `path` (a folder that may not exist yet)."""
        while not path.exists():
            path = path.parent
        looked = subprocess.run(
            ["test", "-x", str(path)], cwd="/", user=self.uid, group=self.gid, extra_groups=[], check=False
        )
        return looked.returncode == 0


def unprivileged() -> Account | None:
    """For root: the account to drop to; for anyone else None, which means "as myself"."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise SystemExit("PostgreSQL refuses to run as root, and there is no account `nobody` to run it as.")


def belongs_to_us(path: Path) -> bool:
    """Whether `path` is a real folder of ours: nobody else may plant one under a name that we are going to use."""
    return path.is_dir() and not path.is_symlink() and path.lstat().st_uid == os.geteuid()
