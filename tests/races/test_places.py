"""The rush for an activity: never one too many, and whoever waits is not overtaken."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from activities import presence, signup
from activities.models import Activity, Participation
from communities.models import Resident
from core import clock
from tests import world as cast
from tests.books import breaches
from tests.races.together import at_once, in_background, let_in_together, until_somebody_waits_for_us
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
PLACES, PEOPLE = 15, 60


def people(world: World, number: int) -> list[Resident]:
    return [cast.resident(world.wenxing, f"居民{n}", f"137{n:08d}") for n in range(number)]


def act(verb: Callable[..., Participation], activity: Activity, person: Resident) -> Callable[[], Participation]:
    return lambda: verb(activity_id=activity.pk, resident=person, by=person.account)


def counted(answers: list[object]) -> Counter[str]:
    return Counter(str(getattr(one, "code", getattr(one, "status", repr(one)))) for one in answers)


def soon() -> datetime:
    """One may check in already."""
    return clock.now() + timedelta(minutes=10)


def exactly(activity: Activity, places: int) -> None:
    activity.refresh_from_db()
    assert activity.taken == activity.participations.filter(status="signed_up").count() == places
    assert breaches() == []


def test_many_for_few_places_are_as_many_as_there_are_places(world: World) -> None:
    activity = cast.activity(world.wenxing, capacity=PLACES)
    answers = let_in_together(
        [act(signup.sign_up, activity, one) for one in people(world, PEOPLE)], "activities_participation"
    )
    assert counted(answers) == {"signed_up": PLACES, "activity_full": PEOPLE - PLACES}
    exactly(activity, PLACES)


def test_those_who_come_too_late_wait_each_once(world: World) -> None:
    activity = cast.activity(world.wenxing, capacity=PLACES)
    answers = at_once([act(signup.join_line, activity, one) for one in people(world, PEOPLE)])
    assert counted(answers) == {"signed_up": PLACES, "waiting": PEOPLE - PLACES}
    exactly(activity, PLACES)


def test_places_given_back_at_once_go_to_the_line_in_order(world: World) -> None:
    crowd = people(world, 16)
    activity = cast.activity(world.wenxing, capacity=8)
    seated, waiting = crowd[:8], crowd[8:]
    for one in seated:
        act(signup.sign_up, activity, one)()
    for one in waiting:
        act(signup.join_line, activity, one)()
    late = cast.resident(world.wenxing, "后来", "13600000099")
    answers = at_once(
        [*[act(signup.withdraw, activity, one) for one in seated[:5]], *[act(signup.sign_up, activity, late)] * 5]
    )
    assert counted(answers[:5]) == {"cancelled": 5}
    assert set(counted(answers[5:])) <= {"people_wait", "activity_full"}
    moved = set(activity.participations.filter(status="signed_up").values_list("resident", flat=True))
    assert moved == {one.pk for one in (*seated[5:], *waiting[:5])}
    exactly(activity, 8)


def test_a_withdrawal_and_somebody_who_joins_the_line_leave_no_place_behind(world: World) -> None:
    first, *others = people(world, 13)
    activity = cast.activity(world.wenxing, capacity=1)
    act(signup.sign_up, activity, first)()
    at_once([act(signup.withdraw, activity, first), *[act(signup.join_line, activity, one) for one in others]])
    exactly(activity, 1)
    assert activity.participations.in_line().count() == len(others) - 1


def test_who_joins_the_line_while_a_place_is_given_back_has_it(world: World) -> None:
    first, second = people(world, 2)
    activity = cast.activity(world.wenxing, capacity=1)
    act(signup.sign_up, activity, first)()
    with transaction.atomic():
        act(signup.withdraw, activity, first)()
        answer = in_background(act(signup.join_line, activity, second))  # the place is not seen to be free yet
        until_somebody_waits_for_us()
    assert counted([answer()]) == {"signed_up": 1}
    exactly(activity, 1)


def test_who_gives_a_place_back_sees_whoever_joins_the_line_in_this_moment(world: World) -> None:
    first, second = people(world, 2)
    activity = cast.activity(world.wenxing, capacity=1)
    act(signup.sign_up, activity, first)()
    with transaction.atomic():
        act(signup.join_line, activity, second)()
        answer = in_background(act(signup.withdraw, activity, first))
        until_somebody_waits_for_us()
    assert counted([answer()]) == {"cancelled": 1}
    assert Participation.objects.get(resident=second).status == "signed_up"
    exactly(activity, 1)


def test_everybody_checks_in_at_once_and_once(world: World) -> None:
    activity, crowd = cast.activity(world.wenxing, capacity=PEOPLE, starts_at=soon()), people(world, 20)
    for one in crowd:
        act(signup.sign_up, activity, one)()
    answers = at_once([act(presence.arrive, activity, one) for one in crowd for _ in range(2)])
    assert counted(answers) == {"signed_up": 20, "already_checked_in": 20}
    exactly(activity, 20)


def test_walk_ins_at_once_take_the_last_places(world: World) -> None:
    activity = cast.activity(world.wenxing, capacity=3, starts_at=soon())
    answers = at_once([act(presence.arrive, activity, one) for one in people(world, 12)])
    assert counted(answers) == {"signed_up": 3, "activity_full": 9}
    exactly(activity, 3)


def test_one_person_checks_out_of_two_activities_at_once_and_is_counted_in_one(world: World) -> None:
    (one,) = people(world, 1)
    both = [cast.activity(world.wenxing, ago=1, title=f"活动{n}") for n in range(2)]
    from_start = both[0].starts_at
    for activity in both:
        Participation.objects.create(
            activity=activity, resident=one, by=world.zhang, arrived_at=from_start, arrived_how="code"
        )
    answers = at_once([act(presence.leave, activity, one) for activity in both])
    assert counted(answers) == {"recorded": 1, "service_overlaps": 1}
