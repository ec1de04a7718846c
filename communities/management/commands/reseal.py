"""`manage.py reseal`: seal everything anew with the first of DATA_KEYS (docs/keys.md)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from communities import resealing
from communities.resealing import Column
from core.refusals import Refused


class Command(BaseCommand):
    help = "Seal everything anew with the first of DATA_KEYS, in batches. Safe to stop and to run again; --check only looks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="say whether any row still needs an older key")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            self._reseal()
        old = 0
        for state in resealing.states():
            waits = "（等抽签后不再需要）" if state.column.fixed and state.old else ""
            self.stdout.write(f"{state.column.name}：共{state.rows}条，仍用旧钥{state.old}条{waits}")
            old += state.old
        if old:
            raise CommandError(f"还有{old}条要用旧钥才能打开，请不要删除旧钥。")
        self.stdout.write("全部已用第一把密钥封存，旧钥可以从DATA_KEYS里去掉。")

    def _reseal(self) -> None:
        try:
            done = resealing.reseal(progress=self._said)
        except Refused as refused:
            raise CommandError(f"{refused.message}已换好的不变，没换的还是原样。") from refused
        self.stdout.write(f"这次换了{sum(done.values())}条。")

    def _said(self, column: Column, count: int) -> None:
        self.stdout.write(f"{column.name}：已换{count}条")
        self.stdout.flush()
