"""The rush for gifts: exactly as many are promised as there are, whoever taps; nobody meets an error, nobody pays for nothing.

`make heavy` plays it whole: 500 residents for 100.
"""

import http.client
from collections import Counter
from collections.abc import Sequence
from functools import partial

import pytest
from django.db.models import Sum

from communities.models import Resident
from core.refusals import Refused
from partners.models import Exchange, Gift
from points.models import Entry
from tests import world as cast
from tests.books import breaches
from tests.partners.giving import batch, days, gift, taken
from tests.races.rush import over_http, posted, session_of
from tests.races.together import at_once, crowd
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
PRICE, HAND = 60, 16
SMALL, WHOLE = (60, 12), (500, 100)


def shelf(world: World, pieces: int) -> Gift:
    """In two batches, the one that keeps longer first out last."""
    mine = gift(world, stock=0, price=PRICE)
    for quantity, best_before in ((pieces // 2, days(30)), (pieces - pieces // 2, None)):
        batch(mine, quantity, by=world.zhang, best_before=best_before)
    mine.refresh_from_db()
    return mine


def given_out(mine: Gift, people: Sequence[Resident], pieces: int) -> None:
    """Exactly `pieces` are promised and paid, and everybody else has every point."""
    mine.refresh_from_db()
    got = Exchange.objects.filter(gift=mine)
    assert (mine.taken, mine.left, got.count()) == (pieces, 0, pieces)
    assert got.values("resident").distinct().count() == pieces
    paid = Entry.objects.filter(key__startswith="gift:")
    assert paid.count() == pieces
    assert mine.slips.aggregate(n=Sum("remaining"))["n"] == pieces  # promised, not handed out
    assert breaches() == []


def tapping(mine: Gift, people: Sequence[Resident]) -> Counter[str]:
    heard = Counter[str]()
    for one in people:
        try:
            taken(mine, one)
        except Refused as refused:
            heard[refused.code] += 1
        except Exception as error:  # the test shows every one of them
            heard[repr(error)] += 1
        else:
            heard["taken"] += 1
    return heard


@pytest.mark.parametrize("size", [SMALL, pytest.param(WHOLE, marks=pytest.mark.heavy)])
def test_a_crowd_takes_exactly_what_there_is(size: tuple[int, int]) -> None:
    number, pieces = size
    world = cast.build()
    mine, people = shelf(world, pieces), crowd(world, number)
    answers = at_once([partial(tapping, mine, people[hand::HAND]) for hand in range(HAND)])
    heard = sum((one for one in answers if isinstance(one, Counter)), Counter[str]())
    assert heard == {"taken": pieces, "gift_gone": number - pieces}, answers
    given_out(mine, people, pieces)


@pytest.mark.heavy
@pytest.mark.parametrize("size", [SMALL, WHOLE])
def test_a_crowd_of_phones_meets_no_error(size: tuple[int, int], web: tuple[str, int]) -> None:
    number, pieces = size
    world = cast.build()
    mine, people = shelf(world, pieces), crowd(world, number)

    def tap(session: str, link: http.client.HTTPConnection) -> tuple[str, int]:
        return "gift", posted(link, f"/gifts/{mine.pk}/", session)

    heard = over_http(web, [partial(tap, session_of(one)) for one in people])
    assert heard == {("gift", 302): pieces, ("gift", 409): number - pieces}
    given_out(mine, people, pieces)
