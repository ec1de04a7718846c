"""The places of an activity are counted by the database itself, on every path: page, shell, raw SQL."""

import pytest
from django.db import DatabaseError, connection, transaction

from activities.models import Activity, Participation
from core import clock
from tests import world as cast
from tests.world import World

pytestmark = pytest.mark.django_db


def place(activity: Activity, world: World) -> Participation:
    return Participation.objects.create(activity=activity, resident=world.wang, by=world.zhang)


def taken(activity: Activity) -> int:
    activity.refresh_from_db()
    return activity.taken


def refused(statement: str, said: str) -> None:
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert said in str(error.value)


def test_a_stale_activity_that_is_saved_does_not_set_the_counter_back(world: World) -> None:
    activity = cast.activity(world.wenxing)
    stale = Activity.objects.get(pk=activity.pk)
    place(activity, world)
    stale.title = "新名称"
    stale.save()
    assert taken(activity) == 1


def test_nobody_writes_the_counter_by_hand(world: World) -> None:
    activity = cast.activity(world.wenxing)
    place(activity, world)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE activities_activity SET taken = 0")
    assert taken(activity) == 1


def test_a_new_activity_has_nobody_whatever_it_was_made_from(world: World) -> None:
    activity = cast.activity(world.wenxing)
    place(activity, world)
    activity.refresh_from_db()
    activity.pk, activity._state.adding = None, True
    activity.save()
    assert taken(activity) == 0


def test_a_row_deleted_by_hand_gives_its_place_back(world: World) -> None:
    activity = cast.activity(world.wenxing)
    place(activity, world).delete()
    assert taken(activity) == 0


def test_a_place_stays_in_its_activity(world: World) -> None:
    place(cast.activity(world.wenxing), world)
    other = cast.activity(world.wenxing)
    refused(f"UPDATE activities_participation SET activity_id = {other.pk}", "does not move")


def test_an_activity_does_not_shrink_below_who_takes_part(world: World) -> None:
    place(cast.activity(world.wenxing), world)
    refused("UPDATE activities_activity SET capacity = 0", "activity_places")


def test_one_place_per_person_and_activity(world: World) -> None:
    activity = cast.activity(world.wenxing)
    place(activity, world)
    refused(
        """INSERT INTO activities_participation
               (activity_id, resident_id, status, at, by_id, arrived_how, left_how, late_reason, over_reason, guardian_there)
           SELECT activity_id, resident_id, status, at, by_id, '', '', '', '', false FROM activities_participation""",
        "participation_once",
    )


def test_an_activity_that_was_called_off_takes_nobody_in(world: World) -> None:
    activity = cast.activity(world.wenxing)
    Activity.objects.filter(pk=activity.pk).update(
        status="cancelled", cancelled_at=clock.now(), cancelled_by=world.zhang, cancel_reason="下雨"
    )
    with pytest.raises(DatabaseError, match="called off"), transaction.atomic():
        place(activity, world)
    assert taken(activity) == 0
