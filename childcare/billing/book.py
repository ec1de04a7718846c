"""托管台账: bills as the desk, finance and the lead list them, their sums, and the list as an Excel file. Never a category."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import IO, Any

from childcare import opening
from childcare.billing import totals
from childcare.billing.fees import named
from childcare.billing.totals import Totals
from childcare.models import Bill, BillQuerySet, Centre
from childcare.opening import Part
from communities import access
from communities.models import User
from communities.workbook import Cell, workbook
from core import clock
from core.refusals import Refused
from core.verbs import verb
from partners.settling.book import yuan

PAGE, SUMS = 50, 24
ON_PAPER = 500  # rows
LIST = (
    ("月份", 12), ("托管中心", 18), ("孩子", 12), ("付费监护人", 14), ("托管费（元）", 12), ("更正（元）", 10), ("使用积分", 10),
    ("积分抵扣（元）", 12), ("应付（元）", 12), ("已缴（元）", 12), ("状态", 10),
)  # fmt: skip
OVERDUE = "overdue"
STATES = (*Bill.Status.choices, (OVERDUE, "过月未缴清"))


def asked(seen: BillQuerySet, said: dict[str, Any]) -> BillQuerySet:
    """Of what the reader sees, by `centre`, `month` (a first day), `status`; the newest first."""
    found = seen.select_related("centre__community", "child", "payer").order_by("-pk")
    narrowed = {name: said[name] for name in ("centre", "month", "status") if said.get(name) and said[name] != OVERDUE}
    if said.get("status") == OVERDUE:
        found = found.owing().filter(month__lt=clock.today().replace(day=1))
    return found.filter(**narrowed)


class TooLong(Refused):
    code = "care_bills_too_long"
    message = f"符合条件的账单超过{ON_PAPER:,}张，一次打印不下，没有打印。请先选月份或托管中心再打印，或导出Excel。"


def page_of(found: BillQuerySet, before: int | None, by: User) -> list[Bill]:
    """One more than a page, after the looks at those on it were written."""
    rows = list((found.filter(pk__lt=before) if before else found)[: PAGE + 1])
    _looked(by, rows[:PAGE], "托管账单列表", "办理托管账单")
    return rows


def months(seen: BillQuerySet) -> list[date]:
    """Of which there are bills, the newest first."""
    return list(seen.order_by("-month").values_list("month", flat=True).distinct())


def sums_by_centre(user: User, said: dict[str, Any]) -> list[tuple[str, date, Totals, int | None]]:
    """What finance reads: by month and centre, without names, the newest month first; last what was taken off, of whole months
    with enough families (`totals.reduced_of`), else None. The same number of queries for one and for many."""
    found = totals.by_month(asked(Bill.objects.for_books(user), said))
    names = Centre.objects.in_bulk({centre for centre, _ in found})
    shown = sorted(found, key=lambda one: (-one[1].toordinal(), one[0]))[:SUMS]
    off = {} if said.get("status") else totals.reduced_of(set(shown))
    return [(names[one[0]].name, one[1], found[one], off.get(one)) for one in shown]


@verb()
def paper_of(*, found: BillQuerySet, by: User) -> list[Bill]:
    """台账 by month and centre, after the looks were written. Refuses `TooLong`: nobody signs a list that leaves somebody out."""
    rows = list(found.order_by("-month", "centre", "pk")[: ON_PAPER + 1])
    if len(rows) > ON_PAPER:
        raise TooLong
    _looked(by, rows, "打印托管账单台账", "打印托管账单台账", again=True)
    return rows


@verb()
def file_of(*, found: BillQuerySet, by: User, purpose: str) -> IO[bytes]:
    """The list, one row each; who took it away and what for is written down for each community and child. Refuses `NoPurpose`."""
    rows = list(found)
    for community in {one.centre.community for one in rows}:
        access.look(by=by, community=community, what="托管账单（导出）", purpose=purpose)
    _looked(by, rows, "导出托管账单", purpose, again=True)
    return workbook("托管账单", LIST, _rows(rows))


def _looked(by: User, rows: Sequence[Bill], where: str, purpose: str, *, again: bool = False) -> None:
    people = [one.child for one in rows]
    opening.listed(user=by, children=people, parts={Part.BILLS}, where=where, purpose=purpose, again=again)


def _rows(found: Sequence[Bill]) -> Iterator[tuple[Cell, ...]]:
    for one in found:
        yield (
            named(one.month), one.centre.name, one.child.name, one.payer.name, yuan(one.fee_cents),
            yuan(one.adjust_cents), one.points, yuan(-one.offset_cents), yuan(one.due_cents), yuan(one.paid_cents),
            one.get_status_display(),
        )  # fmt: skip
