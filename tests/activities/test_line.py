"""候补: who waits has the next free place, in order, and nobody overtakes."""

from datetime import time, timedelta
from typing import Any

import pytest

from activities import signup
from activities.models import Activity, Participation
from communities.models import Resident
from core import clock
from core.refusals import Refused
from notifications.models import Message
from tests import world as cast
from tests.books import breaches
from tests.world import World

pytestmark = pytest.mark.django_db


def join(activity: Activity, resident: Resident) -> Participation:
    assert resident.account
    return signup.sign_up(activity_id=activity.pk, resident=resident, by=resident.account)


def wait(activity: Activity, resident: Resident) -> Participation:
    assert resident.account
    return signup.join_line(activity_id=activity.pk, resident=resident, by=resident.account)


def withdraw(activity: Activity, resident: Resident, **more: Any) -> Participation:
    assert resident.account
    return signup.withdraw(activity_id=activity.pk, resident=resident, by=resident.account, **more)


def states(activity: Activity) -> dict[str, str]:
    rows = activity.participations.standing().values_list("resident__name", "status")
    return dict(rows)


@pytest.fixture
def full(world: World) -> Activity:
    """One place, taken by 王秀兰."""
    activity = cast.activity(world.wenxing, capacity=1)
    join(activity, world.wang)
    return activity


@pytest.fixture
def others(world: World) -> list[Resident]:
    return [cast.resident(world.wenxing, f"候补{n}", f"1370000001{n}") for n in range(4)]


def test_who_waits_takes_no_place(full: Activity, world: World) -> None:
    assert wait(full, world.li).status == "waiting"
    full.refresh_from_db()
    assert full.taken == 1
    assert breaches() == []


def test_a_place_given_back_goes_to_the_first_in_line_who_is_told(
    full: Activity, world: World, others: list[Resident]
) -> None:
    for one in others[:2]:
        wait(full, one)
    withdraw(full, world.wang)
    assert states(full) == {"候补0": "signed_up", "候补1": "waiting"}
    told = Message.objects.filter(title="候补成功").order_by("channel")
    assert {(row.resident, row.channel) for row in told} == {(others[0], "inbox"), (others[0], "sms")}
    assert all(len(row.body) <= 70 for row in told if row.channel == "sms")
    assert breaches() == []


def test_an_hour_late_at_night_rings_nobody(full: Activity, world: World) -> None:
    night = clock.at(clock.today() + timedelta(days=1), time(22))
    wait(full, world.li)
    withdraw(full, world.wang, at=night)
    rows = {row.channel: row.due_at for row in Message.objects.filter(title="候补成功")}
    assert rows["inbox"] == night
    assert clock.local(rows["sms"]).hour == 8


def test_a_plain_sign_up_is_refused_while_anybody_waits(full: Activity, world: World, others: list[Resident]) -> None:
    wait(full, others[0])
    Activity.objects.filter(pk=full.pk).update(capacity=2)  # past the verb: a place, and somebody who waits for it
    with pytest.raises(signup.PeopleWait):
        join(full, world.li)
    shown = signup.refusal_for(signup.look(full.pk), world.li, clock.now())
    assert isinstance(shown, signup.PeopleWait) and signup.can_wait(shown)


def test_more_places_move_the_line_up(full: Activity, others: list[Resident]) -> None:
    for one in others:
        wait(full, one)
    Activity.objects.filter(pk=full.pk).update(capacity=3)
    moved = signup.move_up(full)
    assert [one.resident for one in moved] == others[:2]
    assert list(states(full).values()).count("signed_up") == 3
    assert breaches() == []


def test_who_waits_may_leave_the_line_and_nobody_moves(full: Activity, others: list[Resident]) -> None:
    for one in others[:2]:
        wait(full, one)
    withdraw(full, others[0])
    assert states(full) == {"王秀兰": "signed_up", "候补1": "waiting"}


def test_who_cannot_come_any_more_is_passed_over_and_keeps_waiting(
    full: Activity, world: World, others: list[Resident]
) -> None:
    for one in others[:2]:
        wait(full, one)
    join(cast.activity(world.wenxing, starts_at=full.starts_at), others[0])
    withdraw(full, world.wang)
    assert states(full) == {"候补0": "waiting", "候补1": "signed_up"}


def test_nobody_moves_up_once_it_has_begun_and_the_line_is_let_go(full: Activity, others: list[Resident]) -> None:
    wait(full, others[0])
    Activity.objects.filter(pk=full.pk).update(capacity=2)
    assert signup.move_up(full, at=full.starts_at) == []
    assert signup.let_line_go(full.starts_at - timedelta(minutes=1)) == 0
    assert signup.let_line_go(full.starts_at) == 1
    assert signup.let_line_go(full.starts_at) == 0
    assert states(full) == {"王秀兰": "signed_up"}
    assert "候补没有轮到您" in Message.objects.get(resident=others[0]).body


def test_a_line_knows_how_many_are_ahead(full: Activity, others: list[Resident]) -> None:
    assert [signup.ahead_of(wait(full, one)) for one in others] == [0, 1, 2, 3]


def test_who_waits_for_a_place_that_is_free_has_it(world: World) -> None:
    assert wait(cast.activity(world.wenxing), world.wang).status == "signed_up"


@pytest.mark.parametrize("ago", [None, 1])
def test_nobody_waits_for_what_one_could_not_join(world: World, ago: int | None) -> None:
    times = {"ago": ago} if ago else {"min_age": 80}
    activity = cast.activity(world.wenxing, capacity=0, **times)
    with pytest.raises(Refused) as info:
        wait(activity, world.wang)
    assert info.value.code == ("already_started" if ago else "too_young")
    assert not Participation.objects.exists()


def test_nobody_waits_twice(full: Activity, world: World) -> None:
    wait(full, world.li)
    with pytest.raises(signup.AlreadySignedUp):
        wait(full, world.li)


def test_who_moved_up_and_gives_back_is_told_no_more(full: Activity, world: World) -> None:
    wait(full, world.li)
    withdraw(full, world.wang)
    withdraw(full, world.li)
    assert not Message.objects.filter(resident=world.li, state="waiting").exists()


def test_an_activity_that_was_called_off_keeps_nobody_in_line(
    full: Activity, world: World, others: list[Resident]
) -> None:
    wait(full, others[0])
    off = {"cancelled_at": clock.now(), "cancelled_by": world.chen, "cancel_reason": "大风"}
    Activity.objects.filter(pk=full.pk).update(status="cancelled", **off)
    assert signup.let_line_go(clock.now()) == 1
    assert "候补0" not in states(full)
