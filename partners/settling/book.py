"""结算台账: statements as the desk and finance list them, their sums, and both the list and one statement as Excel files."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import IO, Any

from django.db.models import Count, Q, Sum

from communities.models import User
from communities.workbook import Cell, workbook
from partners.models import Statement, StatementLine, StatementQuerySet

PAGE = 50
LIST = (
    ("期间", 12), ("社区", 14), ("合伙人", 20), ("券数", 8), ("积分", 10), ("应付（元）", 12), ("抵减（元）", 12), ("实付（元）", 12),
    ("状态", 14), ("发票号", 20), ("支付日期", 12),
)  # fmt: skip
ONE = (
    ("期间", 12), ("类别", 8), ("内容", 40), ("券数", 8), ("积分", 10), ("单价（元）", 12), ("应付（元）", 12), ("抵减（元）", 12),
    ("实付（元）", 12), ("发票号", 20),
)  # fmt: skip
Kind = StatementLine.Kind


def asked(user: User, said: dict[str, Any]) -> StatementQuerySet:
    """Of the communities whose books the reader reads, by `community`, `partner`, `month` (a first day), `state`; the newest first."""
    found = Statement.objects.for_books(user).select_related("partner", "community")
    names = {"community": "community", "partner": "partner", "month": "month", "state": "status"}
    narrowed = {column: said[name] for name, column in names.items() if said.get(name)}
    return found.filter(**narrowed).order_by("-pk")


def page_of(user: User, said: dict[str, Any], before: int | None) -> list[Statement]:
    """One more than a page."""
    found = asked(user, said)
    return list((found.filter(pk__lt=before) if before else found)[: PAGE + 1])


def totals(user: User, said: dict[str, Any]) -> dict[str, int]:
    """Of all that the list was asked for, in fen. What a partner owes is no payment: the next statement takes it back."""
    owed = Q(net_cents__gt=0)
    sums = asked(user, said).aggregate(
        many=Count("pk"), count=Sum("count"), points=Sum("points"), payable=Sum("payable_cents"), deduct=Sum("deduct_cents"),
        net=Sum("net_cents", filter=owed), paid=Sum("net_cents", filter=owed & Q(status=Statement.Status.PAID)),
    )  # fmt: skip
    return {name: value or 0 for name, value in sums.items()}


def months(user: User) -> list[date]:
    """Of which there are statements, the newest first."""
    own = Statement.objects.for_books(user)
    return list(own.order_by("-month").values_list("month", flat=True).distinct())


def file_of(user: User, said: dict[str, Any]) -> IO[bytes]:
    """The list, one row each."""
    return workbook("结算单", LIST, _rows(asked(user, said)))


def _rows(found: StatementQuerySet) -> Iterator[tuple[Cell, ...]]:
    for one in found.iterator(chunk_size=500):
        yield (
            named(one.month), one.community.name, one.partner.name, one.count, one.points, yuan(one.payable_cents),
            yuan(one.deduct_cents), yuan(one.net_cents), one.get_status_display(), one.invoice, one.paid_on,
        )  # fmt: skip


def file_of_one(statement: Statement) -> IO[bytes]:
    """One statement, line by line, and its sum. The partner's own file and the desk's are the same."""
    return workbook("结算单", ONE, [*_lines(statement), _sum(statement)])


def _lines(statement: Statement) -> Iterator[tuple[Cell, ...]]:
    for one in statement.lines.order_by("order"):
        deducted = one.kind == Kind.DEDUCTED
        yield (
            named(statement.month), one.get_kind_display(), one.words, one.count or None, one.points or None,
            yuan(one.unit_cents) if one.count else None, None if deducted else yuan(one.amount_cents),
            yuan(-one.amount_cents) if deducted else None, yuan(one.amount_cents), None,
        )  # fmt: skip


def _sum(statement: Statement) -> tuple[Cell, ...]:
    return (
        named(statement.month), "合计", f"{statement.partner}，{statement.community}，{statement.get_status_display()}", statement.count,
        statement.points, None, yuan(statement.payable_cents), yuan(statement.deduct_cents), yuan(statement.net_cents),
        statement.invoice,
    )  # fmt: skip


def named(month: date) -> str:
    return f"{month.year}年{month.month}月"


def yuan(fen: int) -> Decimal:
    """As a figure that a sheet can add up."""
    return Decimal(fen) / 100
