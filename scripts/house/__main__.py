"""Look at everything; print each finding as path:line: what, and exit 1 if there is any."""

import os
import sys
from collections.abc import Iterator

import django

from scripts.house import files, layers, pages, python, secrets


def findings(sources: list[files.Source]) -> Iterator[files.Finding]:
    for source in sources:
        for rule in python.RULES:
            yield from rule(source)
    yield from python.core_size(sources)
    yield from pages.templates()
    yield from pages.styles()
    yield from layers.unplaced_apps()
    yield from layers.relations()
    yield from secrets.registry_addresses()
    yield from secrets.lock_files()


def mirror(sources: list[files.Source]) -> None:
    """Figures that are looked at, not enforced: file median at most 60 and p90 200, function median 8 and p90 20."""
    code = [source for source in sources if not source.is_test]
    tests = sum(source.lines for source in sources if source.is_test)
    lengths = [(f.end_lineno or f.lineno) - f.lineno + 1 for source in code for f in source.functions()]
    print(f"lines of a file: {files.spread([source.lines for source in code if source.lines])}")
    print(f"lines of a function: {files.spread(lengths)}")
    print(f"tests to code: {tests / sum(source.lines for source in code):.2f}")


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    sources = files.sources()
    found = list(findings(sources))
    for finding in found:
        print(finding)
    mirror(sources)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
