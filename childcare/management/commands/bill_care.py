"""`manage.py bill_care`: every centre's bills of one month, in one command. Safe to run again, and after it was stopped."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from childcare.billing import running
from childcare.billing.totals import Totals, reduced_of, totals_of
from childcare.models import Bill, Centre
from communities.models import User
from core.refusals import Refused
from partners.money import yuan

WORDS = {"drawn": "新出", "redrawn": "重出", "same": "没有变动", "frozen": "已确认", "none": "不用出单"}


class Command(BaseCommand):
    help = "Draw the bills of a month for every centre, or for one. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--month", required=True, metavar="YYYY-MM")
        parser.add_argument("--centre", type=int, metavar="编号", help="left out: every centre")

    def handle(self, *args: Any, **options: Any) -> None:
        month, by = month_of(options["month"]), User.objects.get(username="system")
        centres = Centre.objects.select_related("community").order_by("pk")
        if options["centre"]:
            centres = centres.filter(pk=options["centre"])
        for centre in centres:
            try:
                done = running.write_all(centre=centre, month=month, by=by, progress=self.progress)
            except Refused as refused:
                raise CommandError(refused.message) from refused
            off = reduced_of({(centre.pk, month)}).get((centre.pk, month))
            self.report(centre, done, totals_of(Bill.objects.filter(centre=centre, month=month)), off)

    def progress(self, number: int, of: int) -> None:
        if number % 20 == 0 or number == of:
            self.stderr.write(f"{number}/{of}")

    def report(self, centre: Centre, done: running.Run, sums: Totals, off: int | None) -> None:
        counted = "，".join(f"{word}{done.counted[name]}张" for name, word in WORDS.items() if done.counted[name])
        self.stdout.write(f"{centre.community}{centre}：{counted or '没有要出的账单'}")
        self.stdout.write(
            f"  托管费{yuan(sums.fee)}元（已减免{'—' if off is None else yuan(off)}元），更正{yuan(sums.adjust)}元，"
            f"积分抵扣{yuan(sums.offset)}元（{sums.points:,}积分，补贴{sums.relief:,}积分），应付{yuan(sums.due)}元"
        )
        for child, why in done.refused:
            self.stderr.write(f"  孩子档案{child}没有出单：{why}")


def month_of(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise CommandError("月份要写成2026-12这样，没有出单。") from error
