"""积分季报: what a community posts of its points every quarter (domain guide, 4.5): sums alone, in points and pieces, never in yuan.

Goods are posted month by month (partners/stock/book.py).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Sum

from communities.models import Community
from core import clock
from partners.models import Exchange, Redemption, Voucher
from points import reconciliation
from points.reconciliation import Figures, Period

MOST = 12  # quarters to choose from


@dataclass(frozen=True)
class Quarter:
    year: int
    number: int  # 1 to 4

    @classmethod
    def of(cls, day: date) -> "Quarter":
        return cls(day.year, (day.month + 2) // 3)

    @property
    def value(self) -> str:
        """How an address names it."""
        return f"{self.year}-{self.number}"

    @property
    def first(self) -> date:
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def last(self) -> date:
        return Quarter.of(self.first + timedelta(days=95)).first - timedelta(days=1)

    @property
    def before(self) -> "Quarter":
        return Quarter.of(self.first - timedelta(days=1))

    def __str__(self) -> str:
        return f"{self.year}年第{'一二三四'[self.number - 1]}季度"


@dataclass(frozen=True)
class Posting:
    """`figures` are of points; pieces and the points that they took: taken vouchers, used ones, gifts handed out."""

    figures: Figures
    taken: tuple[int, int]
    used: tuple[int, int]
    handed: tuple[int, int]


def quarters(first: date, today: date) -> list[Quarter]:
    """From the one of `first` to the one of `today`, the newest first."""
    found = [Quarter.of(today)]
    while found[-1].first > first and len(found) < MOST:
        found.append(found[-1].before)
    return found


def posting(community: Community, quarter: Quarter) -> Posting:
    """Four queries."""
    (figures,) = reconciliation.figures([community], Period(quarter.first, quarter.last, quarter.value))
    since, until = clock.midnight_after(quarter.first - timedelta(days=1)), clock.midnight_after(quarter.last)
    taken = Voucher.objects.standing().filter(community=community, at__gte=since, at__lt=until)
    used = Redemption.objects.standing().filter(community=community, at__gte=since, at__lt=until)
    handed = Exchange.objects.filter(community=community, status=Exchange.Status.HANDED)
    handed = handed.filter(settled_at__gte=since, settled_at__lt=until)
    sums = [
        rows.aggregate(many=Count("pk"), points=Sum(column))
        for rows, column in ((taken, "price"), (used, "points"), (handed, "price"))
    ]
    return Posting(figures, *((one["many"], one["points"] or 0) for one in sums))
