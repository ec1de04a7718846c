"""物资进出台账: per gift what there was, came in, went and is left in a period; on the screen, on paper, in Excel, posted monthly."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, time
from decimal import Decimal
from typing import IO

from django.db.models import BigIntegerField, Count, F, Min, Q, Sum
from django.db.models.functions import Cast

from communities.workbook import Cell, workbook
from core import clock
from partners.models import Exchange, Gift, GiftQuerySet, Stocking, StockSlip
from points.reconciliation import Period

Kind = StockSlip.Kind
COLUMNS = (
    ("礼品", 18), ("规格", 12), ("单位", 6), ("期初结存", 10), ("采购入库", 10), ("捐赠入库", 10), ("盘盈", 8), ("旧账", 8), ("发放", 8),
    ("损耗", 8), ("报废", 8), ("盘亏", 8), ("期末结存", 10), ("采购金额（元）", 14),
)  # fmt: skip


@dataclass(frozen=True)
class Sums:
    """Pieces; what went out is counted as it went, without a sign. `other`: lines from before slips were kept, signed."""

    bought: int = 0
    donated: int = 0
    found: int = 0
    other: int = 0
    handed: int = 0
    lost: int = 0
    scrapped: int = 0
    missing: int = 0

    @property
    def net(self) -> int:
        came = self.bought + self.donated + self.found + self.other
        return came - self.handed - self.lost - self.scrapped - self.missing

    @property
    def moved(self) -> bool:
        return any(getattr(self, one.name) for one in fields(self))


@dataclass(frozen=True)
class Line:
    """One gift in one period; what was bought in fen, where a price was written down."""

    gift: Gift
    opening: int
    sums: Sums
    cents: int

    @property
    def closing(self) -> int:
        return self.opening + self.sums.net

    @property
    def yuan(self) -> Decimal:
        return Decimal(self.cents) / 100


def lines(gifts: GiftQuerySet, period: Period) -> list[Line]:
    """A line for each gift that was there or moved; three queries for any number of gifts."""
    since, until = clock.at(period.first, time()), clock.midnight_after(period.last)
    stocked = Stocking.objects.filter(gift__in=gifts, at__lt=until).values("gift").order_by()
    now = Q(at__gte=since)
    booked = stocked.annotate(
        before=Sum("change", filter=~now, default=0),
        cents=Sum(Cast("change", BigIntegerField()) * F("slip__unit_cents"), filter=now & Q(slip__kind=Kind.BOUGHT), default=0),
        other=Sum("change", filter=now & Q(slip=None), default=0),
        **{kind.value: Sum("change", filter=now & Q(slip__kind=kind), default=0) for kind in Kind if kind != Kind.OPENING},
    )  # fmt: skip
    gone = Exchange.objects.filter(gift__in=gifts, status=Exchange.Status.HANDED, settled_at__lt=until).values("gift")
    taken = gone.order_by().annotate(
        before=Count("pk", filter=Q(settled_at__lt=since)), handed=Count("pk", filter=Q(settled_at__gte=since))
    )
    ins: dict[int, Mapping[str, int]] = {row["gift"]: dict(row) for row in booked}  # type: ignore[arg-type]
    outs: dict[int, Mapping[str, int]] = {row["gift"]: dict(row) for row in taken}  # type: ignore[arg-type]
    found = (_line(gift, ins.get(gift.pk, {}), outs.get(gift.pk, {})) for gift in gifts.order_by("title", "pk"))
    return [one for one in found if one.opening or one.sums.moved]


def _line(gift: Gift, came: Mapping[str, int], went: Mapping[str, int]) -> Line:
    sums = Sums(**{one.name: abs(came.get(one.name, 0)) for one in fields(Sums) if one.name not in ("other", "handed")},
                other=came.get("other", 0), handed=went.get("handed", 0))  # fmt: skip
    return Line(gift, came.get("before", 0) - went.get("before", 0), sums, came.get("cents", 0))


def total(of: Iterable[Line]) -> Line | None:
    """All of them together; None of nothing."""
    every = list(of)
    if not every:
        return None
    sums = Sums(**{one.name: sum(getattr(line.sums, one.name) for line in every) for one in fields(Sums)})
    return Line(every[0].gift, sum(one.opening for one in every), sums, sum(one.cents for one in every))


def first_day(gifts: GiftQuerySet, today: date) -> date:
    """When the book begins."""
    first = gifts.aggregate(first=Min("made_at"))["first"]
    return clock.local(first).date() if first else today


def file_of(of: Iterable[Line]) -> IO[bytes]:
    return workbook("物资进出台账", COLUMNS, _rows(of))


def _rows(of: Iterable[Line]) -> Iterator[tuple[Cell, ...]]:
    for one in of:
        it = one.sums
        yield (
            one.gift.title, one.gift.spec, one.gift.unit, one.opening, it.bought, it.donated, it.found, it.other, it.handed, it.lost,
            it.scrapped, it.missing, one.closing, one.yuan,
        )  # fmt: skip
