"""物资台账 of 文兴: a donation that waits for the second person, and last month's stock-taking, one piece short."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from communities.models import Community
from core import clock
from demo import cast
from demo.affairs import Affair, colleague
from demo.asked import Asked
from demo.places import STREET, WENXING
from demo.vouchers import month_end
from partners.models import Gift, StockCount, StockSlip
from partners.stock import counting, intake
from partners.stock.intake import Goods

RECEIPT, SHORT = "JZ-018", "肥皂"


def past(asked: Asked) -> Iterator[Affair]:
    """Counted on the first of this month by one, confirmed by another; never later than now."""
    given = StockSlip.objects.filter(receipt=RECEIPT)
    yield Affair(asked.at(-2), given.exists, _bring)
    counts, first = StockCount.objects.filter(community__name=WENXING.name), month_end(asked) + timedelta(days=1)
    at = min(clock.at(first, time(9)), asked.now)
    yield Affair(at, counts.exists, _count)
    confirmed = counts.exclude(settled_at=None)
    yield Affair(min(at + timedelta(hours=1), asked.now), confirmed.exists, _confirm)


def _here() -> Community:
    return Community.objects.select_related("sub_district").get(name=WENXING.name, sub_district__name=STREET)


def _bring(at: datetime) -> None:
    towels = Gift.objects.get(community=_here(), title="毛巾")
    goods = Goods(StockSlip.Kind.DONATED, 30, "博世邻里之家", RECEIPT)
    intake.bring_in(gift=towels, goods=goods, by=colleague(cast.HEAD), at=at)


def _count(at: datetime) -> None:
    """A demo of before may have nothing in its book."""
    found = {one.pk: one.remaining - (one.gift.title == SHORT) for one in counting.batches_of(_here())}
    if found:
        counting.count(place=_here(), counted=found, by=colleague(cast.WORKER), at=at)


def _confirm(at: datetime) -> None:
    if count := StockCount.objects.filter(community=_here(), settled_at=None).first():
        counting.confirm(count=count, by=colleague(cast.HEAD), at=at)
