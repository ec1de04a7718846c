"""Announcing an activity and calling it off."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from activities import planning, signup
from activities.models import Activity, Participation
from activities.planning import call_off, plan
from communities.duties import NotYourDuty
from core import clock
from notifications.models import Message
from tests import world as cast
from tests.activities.cast import signed
from tests.books import breaches
from tests.races.together import at_once
from tests.world import World

pytestmark = pytest.mark.django_db


def planned(world: World, **fields: object) -> Activity:
    starts = clock.now() + timedelta(days=2)
    return Activity(
        **{
            "community": world.wenxing, "kind": "ENV", "title": "捡拾垃圾", "place": "东门", "content": "捡拾",
            "risk": "注意来往车辆", "leader": "张晓燕", "capacity": 20,
            "starts_at": starts, "ends_at": starts + timedelta(hours=2),
        }
        | fields
    )  # fmt: skip


def test_staff_announce_an_activity_of_their_community(world: World) -> None:
    made = plan(activity=planned(world), by=world.zhang)
    assert list(Activity.objects.upcoming(clock.now())) == [made]
    with pytest.raises(NotYourDuty):
        plan(activity=planned(world), by=world.qian)


def test_an_activity_without_stated_risk_is_refused_by_verb_and_database(world: World) -> None:
    with pytest.raises(planning.RiskMissing):
        plan(activity=planned(world, risk="  "), by=world.zhang)
    with pytest.raises(IntegrityError, match="activity_states_risk"), transaction.atomic():
        planned(world, risk="").save()


@pytest.mark.parametrize(("begins", "lasts"), [(-60, 120), (0, 60), (60, 0), (60, -5), (60, 481)])
def test_impossible_times_are_refused(world: World, begins: int, lasts: int) -> None:
    now = clock.now()
    starts = now + timedelta(minutes=begins)
    made = planned(world, starts_at=starts, ends_at=starts + timedelta(minutes=lasts))
    with pytest.raises(planning.BadTimes):
        plan(activity=made, by=world.zhang, at=now)


@pytest.mark.parametrize("capacity", [0, 501])
def test_an_impossible_number_of_places_is_refused(world: World, capacity: int) -> None:
    with pytest.raises(planning.NoPlaces):
        plan(activity=planned(world, capacity=capacity), by=world.zhang)


def test_calling_off_frees_everybody_and_tells_them_why(world: World) -> None:
    activity = cast.activity(world.wenxing)
    people = [signed(activity, person, world) for person in (world.wang, world.li)]
    assert call_off(activity=activity, reason="大风降温", by=world.zhang) == 2
    activity.refresh_from_db()
    assert (activity.status, activity.taken, activity.cancelled_by) == ("cancelled", 0, world.zhang)
    assert {Participation.objects.get(pk=one.pk).status for one in people} == {"cancelled"}
    assert all("大风降温" in told.body for told in Message.objects.all())
    assert Message.objects.count() == 2
    assert breaches() == []


def test_calling_off_goes_on_after_a_break_down(world: World) -> None:
    activity = cast.activity(world.wenxing)
    signed(activity, world.wang, world)
    off = {"cancelled_at": clock.now(), "cancelled_by": world.zhang, "cancel_reason": "大风"}
    Activity.objects.filter(pk=activity.pk).update(status="cancelled", **off)
    assert call_off(activity=activity, reason="大风", by=world.zhang) == 1
    with pytest.raises(planning.AlreadyOver):
        call_off(activity=activity, reason="大风", by=world.zhang)
    assert Message.objects.count() == 1


def test_what_is_over_is_not_called_off_nor_without_reason_nor_by_a_stranger(world: World) -> None:
    with pytest.raises(planning.AlreadyOver):
        call_off(activity=cast.activity(world.wenxing, ago=3), reason="大风", by=world.zhang)
    with pytest.raises(planning.ReasonMissing):
        call_off(activity=cast.activity(world.wenxing), reason=" ", by=world.zhang)
    with pytest.raises(NotYourDuty):
        call_off(activity=cast.activity(world.wenxing), reason="大风", by=world.qian)


@pytest.mark.django_db(transaction=True)
def test_calling_off_while_people_join_leaves_nobody_on_the_list(world: World) -> None:
    activity = cast.activity(world.wenxing)
    people = [cast.resident(world.wenxing, f"居民{n}", f"137{n:08d}") for n in range(12)]
    join = [lambda p=p: signup.sign_up(activity_id=activity.pk, resident=p, by=p.account) for p in people]
    at_once([lambda: call_off(activity=activity, reason="大风", by=world.zhang), *join])
    activity.refresh_from_db()
    assert (activity.status, activity.participations.standing().count(), activity.taken) == ("cancelled", 0, 0)
    assert breaches() == []
