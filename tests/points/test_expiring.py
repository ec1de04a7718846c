"""Points past their last day leave the wallets, and before that their owner is told three times, each time once."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.models import Resident, Setting
from communities.settings import EXPIRY_REMIND_DAYS
from core import clock
from notifications.models import Message
from points import expiring, ledger, statement
from points.models import Entry, Lot
from tests import world as cast
from tests.books import breaches
from tests.races.together import at_once
from tests.world import World

pytestmark = pytest.mark.django_db
NOON, DAY = time(12), timedelta(days=1)


def last_day() -> date:
    return Lot.objects.earliest("expires_on").expires_on


def before(days: int, hour: time = NOON) -> datetime:
    """`hour` on the day so many `days` before the last one."""
    return clock.at(last_day() - days * DAY, hour)


def midnight() -> datetime:
    return clock.midnight_after(last_day())


def told(resident: Resident, channel: str = "inbox") -> list[Message]:
    rows = Message.objects.filter(resident=resident, channel=channel, occasion__startswith="points-expiry:")
    return list(rows.order_by("pk"))


def occasions(resident: Resident, channel: str = "inbox") -> list[str]:
    return [row.occasion.rpartition(":")[2] for row in told(resident, channel)]


# The sweep


def test_nothing_expires_on_the_last_day_and_everything_a_moment_later(world: World) -> None:
    assert expiring.sweep(midnight() - timedelta(seconds=1)) == (0, 0)
    assert expiring.sweep(midnight()) == (3, 380)
    for person in (world.wang, world.zhao, world.zhou):
        assert statement.lines(person)[0].kind == "expiry"
        assert statement.remains(person, on=date(2000, 1, 1)).available == 0
    assert breaches() == []


def test_a_second_sweep_finds_nothing_and_asks_little(world: World, django_assert_max_num_queries: Any) -> None:
    expiring.sweep(midnight())
    with django_assert_max_num_queries(6):  # who sweeps, and one look between the marks of a transaction
        assert expiring.sweep(midnight()) == (0, 0)
    assert Entry.objects.filter(kind="expiry").count() == 3


def test_many_lots_go_in_batches(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expiring, "LOTS", 2)
    people = [cast.resident(world.wenxing, f"邻居{n}") for n in range(5)]
    for person in people:
        cast.award(person, 10)
    with CaptureQueriesContext(connection) as seen:
        assert expiring.sweep(midnight()) == (8, 430)
    assert sum("points_expire" in query["sql"] for query in seen) == 5  # four batches, and one that finds nobody
    assert breaches() == []


@pytest.mark.django_db(transaction=True)
def test_each_batch_stands_by_itself(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a killed sweep has booked stays booked; the next one does the rest."""
    monkeypatch.setattr(expiring, "LOTS", 1)
    by = world.system
    first = expiring._expire_some(midnight(), by)
    assert (first.people, Entry.objects.filter(kind="expiry").count()) == (1, 1)
    assert expiring.sweep(midnight()).people == 2
    assert Lot.objects.filter(remaining__gt=0).count() == 0


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_once_expire_everything_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expiring, "LOTS", 3)
    for number in range(20):
        cast.award(cast.resident(world.wenxing, f"邻居{number}"), 10)
    at = midnight()
    found = at_once([lambda: expiring.sweep(at)] * 4)
    assert all(isinstance(one, ledger.Expired) for one in found), found
    expiring.sweep(at)
    assert Entry.objects.filter(kind="expiry").count() == 23
    assert Lot.objects.filter(remaining__gt=0).count() == 0
    assert breaches() == []


# The reminders


@pytest.mark.parametrize(("left", "due"), [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (0, 7)])
def test_the_nearest_threshold_counts(left: int, due: int | None) -> None:
    assert expiring.threshold(left, [60, 30, 7]) == due


def test_everybody_with_points_is_told_three_times(world: World) -> None:
    begin = before(70)
    for days in range(75):
        expiring.remind(begin + days * DAY)
        expiring.remind(begin + days * DAY)
    for person in (world.wang, world.zhao, world.zhou):
        assert occasions(person) == ["60", "30", "7"]
    assert occasions(world.wang, "sms") == ["60", "30", "7"]
    assert occasions(world.zhao, "sms") == []  # no phone
    assert told(world.li) == []  # no points


def test_the_words_say_how_many_until_when_and_what_for(world: World) -> None:
    assert expiring.remind(before(60)) == 3
    (row,) = told(world.zhao)
    assert row.occasion == f"points-expiry:{last_day()}:60"
    assert "200积分" in row.body and "12月31日" in row.body and "夜校" in row.body
    assert (row.link, row.until) == ("/points/", midnight())
    (sms,) = told(world.wang, "sms")
    assert sms.body.startswith("【水泊寺街道】您有80积分") and len(sms.body) <= 70 and "12月31日" in sms.body


def test_a_short_message_is_one_message(world: World) -> None:
    world.street.name = "一个名字很长很长很长很长的街道办事处"
    ending = expiring.Ending(world.street, date(2099, 12, 31), 60)
    said = expiring.sms_of(ending, 10**9).body
    assert len(said) <= 70 and "到期作废" in said


def test_who_spent_everything_is_left_alone_and_who_spent_some_is_told_the_rest(world: World) -> None:
    course = cast.course(world.wenxing, price=80)
    cast.seated(course, world.wang, world.zhao)
    expiring.remind(before(60))
    assert told(world.wang) == []
    assert "120积分" in told(world.zhao)[0].body


def test_each_last_day_is_told_on_its_own(world: World) -> None:
    Setting.objects.create(
        sub_district=world.street, key="points.expiry_years", value=0, starts_on=clock.today(), by=world.he
    )
    old = cast.award(world.wang, 25, at=clock.now() - 400 * DAY)
    first = Lot.objects.get(posting__entry=old).expires_on
    assert first < Lot.objects.get(wallet__resident=world.zhao).expires_on
    expiring.remind(clock.at(first - 60 * DAY, NOON))
    assert [("25积分" in row.body, row.occasion) for row in told(world.wang)] == [(True, f"points-expiry:{first}:60")]
    assert told(world.zhao) == []


def test_a_missed_threshold_is_made_up_for(world: World) -> None:
    expiring.remind(before(20))
    assert occasions(world.wang) == ["30"]


def test_the_days_are_a_setting_of_the_sub_district(world: World) -> None:
    Setting.objects.create(
        sub_district=world.street, key=EXPIRY_REMIND_DAYS[0].key, value=90, starts_on=clock.today(), by=world.he
    )
    far = cast.resident(world.hualin, "远方", "13700000001")
    cast.award(far, 10)
    expiring.remind(before(90))
    assert occasions(world.wang) == ["90"]
    assert told(far) == []


def test_at_night_it_waits_for_the_morning_unless_that_is_too_late(world: World) -> None:
    expiring.remind(before(60, time(23)))
    assert {row.due_at for row in Message.objects.filter(resident=world.wang)} == {before(59, time(8, 30))}
    Message.objects.all().delete()
    expiring.remind(before(0, time(23)))
    assert told(world.wang)[0].due_at == before(0, time(23))
    assert told(world.wang, "sms") == []


def test_out_of_season_a_run_asks_little(world: World, django_assert_num_queries: Any) -> None:
    at = before(200)
    with django_assert_num_queries(4):  # the sub-districts, the days of each of the two, what ends
        assert expiring.remind(at) == 0


def test_thirty_people_cost_as_many_queries_as_one(world: World) -> None:
    def cost(people: int) -> int:
        for number in range(people):
            cast.award(cast.resident(world.wenxing, f"邻居{people}-{number}", f"137{people:04}{number:04}"), 10)
        with CaptureQueriesContext(connection) as seen:
            assert expiring.remind(before(60)) == people
        return len(seen)

    expiring.remind(before(60))
    assert cost(1) == cost(30)


def test_many_people_are_told_in_batches(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expiring, "PEOPLE", 2)
    for number in range(5):
        cast.award(cast.resident(world.wenxing, f"邻居{number}"), 10)
    with CaptureQueriesContext(connection) as seen:
        assert expiring.remind(before(60)) == 8
    assert sum(query["sql"].startswith("INSERT") for query in seen) == 4


def test_a_batch_fits_one_statement() -> None:
    assert expiring.PEOPLE * 2 <= 500


@pytest.mark.django_db(transaction=True)
def test_two_at_once_tell_everybody_once(world: World) -> None:
    for number in range(40):
        cast.award(cast.resident(world.wenxing, f"邻居{number}", f"1370000{number:04d}"), 10)
    at = before(60)
    found = at_once([lambda: expiring.remind(at)] * 4)
    assert all(isinstance(one, int) for one in found), found
    rows = Message.objects.filter(occasion__startswith="points-expiry:").values_list("resident", "channel")
    assert len(rows) == len(set(rows)) == 43 + 42


def test_who_has_closed_the_file_is_not_reminded(world: World) -> None:
    Resident.objects.filter(pk=world.wang.pk).update(
        status="closed", closed_at=clock.now(), name=f"已注销-{world.wang.pk}", account=None, phone="", birth_date=None,
        household=None, estate=None, grid=None, pinyin="", initials="",
    )  # fmt: skip
    assert expiring.remind(before(7)) == 2
    assert (told(world.wang), told(world.wang, "sms")) == ([], [])
    assert expiring.sweep(midnight()) == (3, 380)
