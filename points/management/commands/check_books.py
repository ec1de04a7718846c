"""`manage.py check_books`: every promise of the books with how often it is broken; exit 1 on any breach."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from points import books


class Command(BaseCommand):
    help = "Checks every promise that the database states about points, seats and awards."
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        counts = books.counts()
        if not counts:
            raise CommandError("The database states no promises: it is not migrated.")
        for (view, promise), count in counts.items():
            self.stdout.write(f"{count:>7} | {view.removesuffix('_breach')} | {promise}")
        broken = sum(counts.values())
        self.stdout.write(f"{len(counts)} promises, {broken} breaches")
        if broken:
            for view, promise, row in books.breaches():
                self.stderr.write(f"breach | {view.removesuffix('_breach')} | {promise} | row {row}")
            sys.exit(1)
