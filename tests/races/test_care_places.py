"""The places of a group when many families ask at once: never one too many, and those who wait stand in the published order."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from childcare.models import Group, Place
from childcare.places import ending, line, offering, sweeps
from communities.models import Resident
from core import clock
from core.refusals import Busy
from tests.books import breaches
from tests.childcare.cast import build
from tests.childcare.places.lined import asked, family, several, small
from tests.races.together import at_once
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
Status = Place.Status


def asking(here: Group, mother: Resident, child: Resident, **fields: object) -> Callable[[], Place]:
    return lambda: asked(here, mother, child, **fields)


def counted(answers: list[object]) -> Counter[str]:
    return Counter(str(getattr(one, "code", getattr(one, "status", repr(one)))) for one in answers)


def sound(here: Group) -> None:
    here.refresh_from_db()
    taken = here.places.filter(status__in=[Status.HELD, Status.OFFERED]).count()
    assert here.taken == taken <= here.capacity
    assert [one for one in breaches() if one[0] == "childcare"] == []


def test_forty_families_ask_for_five_places_and_five_have_one(world: World) -> None:
    care = build(world)
    here = small(care, 5)
    families = [family(world, number) for number in range(40)]
    acts = [
        asking(here, *one, by=world.zhang if number % 4 == 0 else one[0].account, first=number % 4 == 0)
        for number, one in enumerate(families)
    ]
    answers = at_once(acts)
    again = [act() for act, one in zip(acts, answers, strict=True) if isinstance(one, Busy)]  # as the sentence asks
    assert counted([one for one in answers if not isinstance(one, Busy)] + again) == {"held": 5, "waiting": 35}
    rows = list(here.places.waiting())
    by_hand = sorted(here.places.filter(status="waiting"), key=lambda one: (-one.tier, one.joined_at, one.pk))
    assert rows == by_hand and [line.ahead_of(one) for one in rows] == list(range(35))
    sound(here)


def test_one_child_asked_for_twelve_times_has_one_place(world: World) -> None:
    care = build(world)
    here = small(care, 5)
    mother, child = family(world, 1)
    assert counted(at_once([asking(here, mother, child)] * 12)) == {"held": 1, "care_already_asked": 11}
    sound(here)


def test_places_given_back_at_once_are_offered_in_order(world: World) -> None:
    care = build(world)
    here = small(care, 3)
    places = several(world, here, 8)
    give = [
        lambda one=one: ending.end(place=one, last_day=clock.today(), reason="guardian", by=world.zhang)
        for one in places[:3]
    ]
    assert counted(at_once(give)) == {"withdrawn": 3}
    offered = here.places.filter(status=Status.OFFERED).values_list("pk", flat=True)
    assert set(offered) == {one.pk for one in places[3:6]}
    sound(here)


def test_an_offer_taken_in_its_last_moment_and_swept_goes_to_one(world: World) -> None:
    care = build(world)
    here = small(care, 1)
    first, second, third = several(world, here, 3)
    ending.end(place=first, last_day=clock.today(), reason="guardian", by=world.zhang)
    second.refresh_from_db()
    assert second.offered_until
    last, over = second.offered_until - timedelta(seconds=1), second.offered_until
    take = lambda: offering.accept(place=second, by=world.zhang, at=last)  # noqa: E731
    sweep = lambda: sweeps.sweep(over)  # noqa: E731
    answers = at_once([take, sweep, sweep, take, sweep])
    assert sum(isinstance(one, Place) for one in answers) + sum(one for one in answers if isinstance(one, int)) == 1
    third.refresh_from_db()
    second.refresh_from_db()
    assert third.status == (Status.WAITING if second.status == Status.HELD else Status.OFFERED)
    sound(here)
