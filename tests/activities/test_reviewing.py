"""The second person confirms, once, and never for oneself or one's household; then the points are there."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import time, timedelta
from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction

from activities import reviewing
from activities.models import Activity, Participation
from activities.recording import AlreadyConfirmed, absent, record
from activities.reviewing import confirm, refusal_for, waiting_for
from communities.duties import NotYourDuty
from communities.kin import kin_of
from core import clock
from core.refusals import Refused
from notifications.models import Message
from points import statement
from points.models import Entry
from tests import world as cast
from tests.activities.cast import recorded, relative, signed
from tests.books import breaches
from tests.points.deeds import charged, first_award, rule, taken_back
from tests.races.together import at_once
from tests.worker import wait_until
from tests.world import World

pytestmark = pytest.mark.django_db
Kind = Activity.Kind


def test_the_second_person_confirms_and_the_resident_has_the_points(world: World) -> None:
    mine = confirm(participation=recorded(world), minutes=120, by=world.chen)
    entry = Entry.objects.get(key=f"participation:{mine.pk}")
    assert mine.award and (mine.status, mine.confirmed_by, mine.award.entry, entry.by) == (
        "confirmed",
        world.chen,
        entry,
        world.chen,
    )
    assert (statement.available(world.li), entry.reason) == (20, "志愿服务《楼道清理》")
    told = Message.objects.get(resident=world.li)
    assert (told.occasion, "120分钟，获得20积分" in told.body) == (f"participation:{mine.pk}:confirmed", True)
    assert breaches() == []


def test_less_than_half_an_hour_is_confirmed_without_an_entry(world: World) -> None:
    mine = confirm(participation=recorded(world, minutes=29), minutes=29, by=world.chen)
    assert (mine.status, mine.award, mine.points) == ("confirmed", None, 0)
    assert "不计积分" in Message.objects.get(resident=world.li).body
    assert breaches() == []


def test_what_a_cap_cuts_off_is_not_on_the_row_and_the_resident_hears_why(world: World) -> None:
    """Of 文明劝导 and of every rule of that kind: 40 points a day by the rule, 80 by all timed services together."""
    noon = clock.at(clock.today() - timedelta(days=1), time(12))
    begin = [noon - timedelta(hours=hours) for hours in (6, 3, 0)]
    three = [recorded(world, minutes=160, kind=Kind.CIV, starts_at=starts_at) for starts_at in begin]
    assert [one.points for one in three] == [25, 25, 25]
    done = [confirm(participation=one, minutes=160, by=world.chen) for one in three]
    assert [one.points for one in done] == [25, 15, 0]
    assert [one.minutes for one in done] == [160, 160, 160]
    assert None not in [one.award and one.award.entry_id for one in done]
    assert statement.available(world.li) == 40
    told = Message.objects.filter(resident=world.li).order_by("pk").values_list("body", flat=True)
    assert ["封顶" in body for body in told] == [False, True, True]
    assert "应得25积分" in told[1]
    assert "实得15积分。服务时长已另外记录，不受积分影响" in told[1]
    assert breaches() == []


def test_what_went_to_an_older_debt_is_said(world: World) -> None:
    charged(world, world.wang, 25)
    taken_back(world, first_award(world.wang))
    confirm(participation=recorded(world, world.wang, minutes=60), minutes=60, by=world.chen)
    assert statement.available(world.wang) == 0
    confirm(participation=recorded(world, world.wang, minutes=480), minutes=480, by=world.chen)
    told = Message.objects.filter(resident=world.wang).order_by("pk").values_list("body", flat=True)
    assert "获得10积分。其中10积分用于抵扣。" in told[0]
    assert "实得40积分" in told[1] and "其中15积分用于抵扣。" in told[1]
    assert statement.available(world.wang) == 25
    confirm(participation=recorded(world), minutes=120, by=world.chen)
    assert "抵扣" not in Message.objects.get(resident=world.li).body


def test_two_hours_of_what_gives_nothing_now_are_not_called_too_short(world: World) -> None:
    rule(world, "CIV", starts_on=clock.today() - timedelta(days=1), points=0)
    noon = clock.at(clock.today() - timedelta(days=1), time(12))
    mine = confirm(participation=recorded(world, kind=Kind.CIV, starts_at=noon), minutes=120, by=world.chen)
    body = Message.objects.get(resident=world.li).body
    assert mine.points == 0 and "不足" not in body and "120分钟，这一项现在不计积分。服务时长已另外记录" in body


def test_the_rule_of_the_day_of_service_pays_though_it_changed_since(world: World) -> None:
    mine = recorded(world, ago=24 * 5)
    rule(world, "ENV", starts_on=clock.today() - timedelta(days=1), points=100, day_points=None)
    assert confirm(participation=mine, minutes=120, by=world.chen).points == 20


def refused(participation: Participation, by: object, minutes: int = 120) -> str:
    with pytest.raises(Refused) as info:
        confirm(participation=participation, minutes=minutes, by=by)
    assert (
        not Entry.objects.filter(key=f"participation:{participation.pk}", kind="award")
        .exclude(earned_by=Participation.objects.get(pk=participation.pk).award)
        .exists()
    )
    return info.value.code


def test_the_recorder_does_not_confirm(world: World) -> None:
    assert refused(recorded(world), world.zhang) == "same_person"


def test_the_database_refuses_one_person_twice(world: World) -> None:
    mine = recorded(world)
    fields = {"status": "confirmed", "confirmed_by": world.zhang, "confirmed_at": clock.now()}
    with pytest.raises(IntegrityError, match="participation_two_people"), transaction.atomic():
        Participation.objects.filter(pk=mine.pk).update(**fields)


def test_nobody_confirms_the_own_points_or_those_of_the_household(world: World) -> None:
    wife = relative(world, world.chen)
    assert refused(recorded(world, wife), world.chen) == "own_points"
    chen = world.chen.residents.get()
    assert refused(recorded(world, chen), world.chen) == "own_points"
    assert confirm(participation=recorded(world, wife), minutes=120, by=world.he).status == "confirmed"


def test_a_staff_member_known_by_the_own_phone_is_kin_too(world: World) -> None:
    world.chen.own_phone = "13700000077"
    world.chen.save()
    same = cast.resident(world.wenxing, "陈志强", "")
    same.phone = "13700000077"
    same.save()
    assert refused(recorded(world, same), world.chen) == "own_points"


def test_whose_own_file_is_unknown_confirms_nothing(world: World) -> None:
    mine = recorded(world)
    world.chen.own_phone = ""
    world.chen.save(update_fields=["own_phone"])
    assert refused(mine, world.chen) == "own_phone_missing"
    assert not waiting_for(world.chen).exists() and waiting_for(world.he).exists()


def test_staff_of_another_community_confirm_nothing(world: World) -> None:
    mine = recorded(world)
    with pytest.raises(NotYourDuty):
        confirm(participation=mine, minutes=120, by=world.qian)


def test_what_is_not_recorded_or_already_confirmed_is_refused(world: World) -> None:
    assert refused(signed(cast.activity(world.wenxing, ago=3), world.wang, world), world.chen) == "not_recorded"
    mine = recorded(world)
    confirm(participation=mine, minutes=120, by=world.chen)
    assert refused(mine, world.he) == "already_confirmed"
    for act in (
        lambda: record(participation=mine, minutes=60, by=world.chen),
        lambda: absent(participation=mine, by=world.chen),
    ):
        with pytest.raises(AlreadyConfirmed):
            act()


def test_other_minutes_than_were_seen_are_not_confirmed(world: World) -> None:
    mine = recorded(world, minutes=60)
    record(participation=mine, minutes=480, by=world.zhang)
    assert refused(mine, world.chen, minutes=60) == "record_changed"
    assert statement.available(world.li) == 0


def test_the_to_do_query_and_the_refusal_agree_for_everybody(world: World) -> None:
    relative(world, world.chen)
    kin = [cast.Resident.objects.get(name=name) for name in ("陈志强本人", "陈家人")]
    people = [recorded(world, person) for person in (world.li, world.zhao, *kin)]
    people.append(record(participation=people[0], minutes=60, by=world.chen))
    people.append(confirm(participation=people[1], minutes=120, by=world.he))
    people.append(signed(cast.activity(world.wenxing, ago=3), world.wang, world))
    current = Participation.objects.with_people()
    for user, person in product((world.zhang, world.chen, world.he), people):
        fresh = current.get(pk=person.pk)
        assert waiting_for(user).filter(pk=person.pk).exists() is (refusal_for(fresh, user) is None)
    assert not waiting_for(world.qian).exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_once_make_one_award(world: World) -> None:
    mine = recorded(world)
    users = [world.chen, world.he] * 5
    answers = at_once([lambda u=u: confirm(participation=mine, minutes=120, by=u) for u in users])
    assert Counter(getattr(answer, "code", "done") for answer in answers) == {"done": 1, "already_confirmed": 9}
    assert statement.available(world.li) == 20
    assert Message.objects.filter(resident=world.li).count() == 1
    assert breaches() == []


def meanwhile(first: Callable[[], object], second: Callable[[], object]) -> object:
    """What `second` returned or raised when it began before `first` was committed, and had to wait for it."""
    answers: list[object] = []
    with transaction.atomic():
        first()
        thread = threading.Thread(target=lambda: answers.extend(at_once([second])))
        thread.start()
        wait_until(somebody_waits)
    thread.join()
    return answers[0]


def somebody_waits() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_locks WHERE NOT granted")
        return str(cursor.fetchone() or "")


@pytest.mark.django_db(transaction=True)
def test_who_confirms_while_the_record_changes_pays_nothing(world: World) -> None:
    mine = recorded(world, minutes=60)
    answer = meanwhile(
        lambda: record(participation=mine, minutes=480, by=world.he),
        lambda: confirm(participation=mine, minutes=60, by=world.chen),
    )
    assert isinstance(answer, reviewing.RecordChanged)
    assert statement.available(world.li) == 0
    assert breaches() == []


@pytest.mark.django_db(transaction=True)
def test_who_records_while_somebody_confirms_changes_nothing(world: World) -> None:
    mine = recorded(world, minutes=60)
    answer = meanwhile(
        lambda: confirm(participation=mine, minutes=60, by=world.chen),
        lambda: record(participation=mine, minutes=480, by=world.he),
    )
    assert isinstance(answer, AlreadyConfirmed)
    assert Participation.objects.get().minutes == 60
    assert breaches() == []


def test_the_message_says_nothing_that_a_neighbour_may_not_read(world: World) -> None:
    confirm(participation=recorded(world, world.zhao), minutes=120, by=world.chen)
    told = Message.objects.get(resident=world.zhao)
    assert world.zhao.name not in told.body
    assert kin_of(world.zhang) == (frozenset(), frozenset(), {world.zhang.pk})
