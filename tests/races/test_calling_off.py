"""Calling off while somebody checks in: either nobody has come, or it takes place; no hours are lost in between."""

from collections.abc import Callable

import pytest
from django.db import transaction

from activities import ending, presence
from activities.models import Activity, Participation
from core import clock
from tests import world as cast
from tests.activities.cast import signed
from tests.books import breaches
from tests.races.together import at_once, in_background, until_somebody_waits_for_us
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6


def running(world: World) -> Activity:
    """Begun an hour ago; 王秀兰 and 李建国 are on the list."""
    activity = cast.activity(world.wenxing, ago=1)
    for one in (world.wang, world.li):
        signed(activity, one, world)
    return activity


def off(activity: Activity, world: World) -> Callable[[], object]:
    return lambda: ending.call_off(activity=activity, reason="大风", by=world.zhang)


def come(activity: Activity, world: World) -> Callable[[], object]:
    assert world.wang.account
    return lambda: presence.arrive(activity_id=activity.pk, resident=world.wang, by=world.wang.account)


def stands(activity: Activity, world: World) -> tuple[str, str, bool]:
    mine = Participation.objects.get(activity=activity, resident=world.wang)
    return Activity.objects.get(pk=activity.pk).status, mine.status, mine.arrived_at is not None


def test_who_calls_off_waits_for_whoever_checks_in_and_is_refused(world: World) -> None:
    activity = running(world)
    with transaction.atomic():
        come(activity, world)()
        answer = in_background(off(activity, world))
        until_somebody_waits_for_us()
    assert isinstance(answer(), ending.SomebodyCame)
    assert stands(activity, world) == ("open", "signed_up", True)


def test_who_checks_in_waits_for_whoever_calls_off_and_is_refused(world: World) -> None:
    activity = running(world)
    with transaction.atomic():  # the activity is called off, nobody is let go yet
        ending._close(activity=activity, reason="大风", by=world.zhang, at=clock.now())
        answer = in_background(come(activity, world))
        until_somebody_waits_for_us()
    assert getattr(answer(), "code", "") == "activity_cancelled"
    assert stands(activity, world) == ("cancelled", "signed_up", False)
    assert off(activity, world)() == 2  # who was left on the list is let go
    assert stands(activity, world) == ("cancelled", "cancelled", False)


def test_at_the_same_moment_one_of_the_two_holds(world: World) -> None:
    for _ in range(ROUNDS):
        activity = running(world)
        at_once([off(activity, world), *[come(activity, world)] * 3])
        assert stands(activity, world) in {("open", "signed_up", True), ("cancelled", "cancelled", False)}
        Participation.objects.filter(activity=activity).update(status="cancelled")  # the next one is at the same time
    assert breaches() == []
