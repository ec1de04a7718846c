"""Staff are reminded before an agreement ends: each person once per threshold."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.models import Community, Duty, Setting, User
from core import clock
from notifications.models import Message
from partners import reminders, tasks
from partners.models import Agreement
from tests import world as cast
from tests.partners import agreeing
from tests.races.together import at_once
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def ending(world: World, left: int, community: Community | None = None, **fields: object) -> Agreement:
    """An agreement of 文兴 that ends in `left` days."""
    today = clock.today()
    place = community or world.wenxing
    dates = {"starts_on": today - 90 * DAY, "signed_on": today - 90 * DAY, "ends_on": today + left * DAY}
    return cast.partner(world.street, place, world.zhang, **{**dates, **fields})


def told() -> dict[tuple[User, str], int]:
    rows = Message.objects.filter(occasion__startswith="agreement:")
    return {(row.staff, row.occasion): rows.filter(staff=row.staff, occasion=row.occasion).count() for row in rows}


@pytest.mark.parametrize(("left", "due"), [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (0, 7)])
def test_the_nearest_threshold_counts(left: int, due: int | None) -> None:
    assert reminders.threshold(left, 60) == due


def test_head_and_workers_of_the_community_are_told_and_nobody_else(world: World) -> None:
    made = ending(world, 45)
    reminders.remind(at=clock.now())
    occasion = f"agreement:{made.pk}:60"
    assert told() == {(world.zhang, occasion): 1, (world.chen, occasion): 1}
    said = Message.objects.filter(staff=world.zhang).get()
    assert (
        "博世邻里之家与文兴社区" in said.body and "还有45天" in said.body and said.link == f"/desk/partners/{made.pk}/"
    )


def test_every_threshold_is_said_once_however_often_the_sweep_runs(world: World) -> None:
    made = ending(world, 60)
    begin = clock.now()
    for days in range(62):
        for _ in range(2):
            reminders.remind(at=begin + days * DAY)
    occasions = sorted(occasion for user, occasion in told() if user == world.zhang)
    assert occasions == [f"agreement:{made.pk}:{days}" for days in (30, 60, 7)]
    assert set(told().values()) == {1}


def test_a_missed_sweep_is_made_up_for_with_one_message(world: World) -> None:
    ending(world, 5)
    reminders.remind(at=clock.now())
    assert Message.objects.filter(staff=world.zhang).count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"left": 61},
        {"left": -1},
        {"left": 20, "ended_on": clock.today()},
        {"left": 20, "ended_on": clock.today() + 5 * DAY},
    ],
)
def test_nothing_is_said_too_early_nor_about_what_has_or_will_have_ended(
    world: World, fields: dict[str, object]
) -> None:
    ending(world, **fields)
    reminders.remind(at=clock.now())
    assert told() == {}


def test_the_last_day_counts_in_shanghai(world: World) -> None:
    made = ending(world, 0)
    last: date = made.ends_on
    reminders.remind(at=clock.at(last + DAY, time(0, 1)))
    assert told() == {}
    reminders.remind(at=clock.at(last, time(23, 59)))
    assert "今天到期" in Message.objects.filter(staff=world.zhang).get().body


def test_the_setting_moves_the_first_threshold(world: World) -> None:
    Setting.objects.create(
        sub_district=world.street, key="partner.remind_days", value=90, starts_on=clock.today(), by=world.he
    )
    made = ending(world, 80)
    reminders.remind(at=clock.now())
    assert (world.zhang, f"agreement:{made.pk}:90") in told()


def test_former_and_switched_off_colleagues_are_not_told(world: World) -> None:
    Duty.objects.filter(user=world.chen).update(ends_on=clock.today() - DAY)
    User.objects.filter(pk=world.zhang.pk).update(is_active=False)
    ending(world, 20)
    reminders.remind(at=clock.now())
    assert told() == {}


def test_the_task_asks_the_clock(world: World) -> None:
    ending(world, 20)
    tasks.remind()
    assert len(told()) == 2


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_tell_once(world: World) -> None:
    ending(world, 20)
    at: datetime = clock.now()
    answers = at_once([lambda: reminders.remind(at=at) for _ in range(4)])
    assert answers == [None] * 4
    assert set(told().values()) == {1} and len(told()) == 2


def test_thirty_agreements_cost_no_more_queries_than_one(world: World) -> None:
    counts = []
    for number in (1, 29):
        for n in range(number):
            ending(world, 20, title=f"协议{n}")
        with CaptureQueriesContext(connection) as caught:
            reminders.remind(at=clock.now())
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_what_is_not_signed_reminds_nobody(world: World) -> None:
    soon = {"starts_on": clock.today() - 40 * DAY, "ends_on": clock.today() + 5 * DAY}
    agreeing.drafted(world, **soon)
    agreeing.sent(world, **soon)
    reminders.remind(at=clock.now())
    assert told() == {}
