"""积分季报: everybody reads a community's sums; they are the books' own, and nobody's name or money is among them."""

from datetime import date, timedelta

import pytest
from django.test import Client

from core import clock
from partners.settling import posting
from partners.settling.posting import Quarter
from tests.pages import queries, text
from tests.partners.months import agreed, first_of, moment, offered, rich, undone, use
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "first", "last", "name"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), date(2026, 3, 31), "2026年第一季度"),
        (date(2024, 3, 31), date(2024, 1, 1), date(2024, 3, 31), "2024年第一季度"),
        (date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31), "2026年第四季度"),
    ],
)
def test_a_quarter(day: date, first: date, last: date, name: str) -> None:
    mine = Quarter.of(day)
    assert (mine.first, mine.last, str(mine)) == (first, last, name)
    assert mine.before.last == first - DAY


def test_everybody_reads_the_sums_of_a_quarter_and_no_name_nor_money(client: Client, world: World) -> None:
    offer, wang = offered(agreed(world, "subsidy", 100)), rich(world)
    day = first_of(1) + DAY
    use(offer, wang, moment(day))
    undone(use(offer, wang, moment(day, 12)), moment(day, 13))
    quarter = Quarter.of(day)
    made = posting.posting(world.wenxing, quarter)
    assert (made.taken, made.used, made.handed) == ((2, 40), (1, 20), (0, 0))
    assert made.figures.period.spent == 40
    page = f"/partners/posting/?community={world.wenxing.pk}&quarter={quarter.value}"
    shown = text(client, page)
    assert "在合伙人处使用的服务券1张20" in shown and str(quarter) in shown
    assert not [word for word in ("元", "王秀兰", "王*兰") if word in shown]
    assert "积分季报" in text(client, "/partners/posting/?community=0&quarter=nonsense")
    one = queries(client, page)
    for number in range(5):
        use(offer, wang, moment(day, 14 + number))
    assert queries(client, page) == one
    assert Quarter.of(clock.today()) in posting.quarters(clock.today(), clock.today())
