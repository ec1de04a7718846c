"""Rules about what must never be committed: addresses of registries, and lock files that hold them."""

import re
from collections.abc import Iterator

from scripts.house.files import ROOT, Finding, ours

ADDRESS = re.compile(r"://|file:| @ |^-", re.MULTILINE)


def registry_addresses() -> Iterator[Finding]:
    for path in ours(".txt"):
        if path.parent == ROOT and path.name.startswith("requirements"):
            text = path.read_text(encoding="utf-8")
            for match in ADDRESS.finditer(text):
                yield Finding(path, text.count("\n", 0, match.start()) + 1, "no address or option: run `make lock`")


def lock_files() -> Iterator[Finding]:
    for path in ours("uv.lock", "poetry.lock", "package-lock.json"):
        yield Finding(path, 1, "holds addresses of a registry: not for this repository")
