"""What a resident sends in: a few a day, with words, until somebody answers it may be taken back."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
import time_machine

from activities import deeds
from activities.answering import merge
from activities.deeds import refusal_for, send, take_back
from activities.models import Deed, Photo
from communities import closing
from communities.duties import NotYourDuty
from communities.models import Grid, Holiday, Resident, Setting
from core import clock
from core.refusals import BadInput, Refused
from notifications.models import Message
from tests.activities.pictures import picture, sent
from tests.races.together import at_once
from tests.world import World

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 10, tzinfo=clock.SHANGHAI)


def test_it_waits_for_an_answer_within_two_office_hours(world: World) -> None:
    mine = sent(world, text=" 路灯不亮 ", place=" 天和城东门 ", photo=picture(), at=MONDAY)
    assert (mine.status, mine.text, mine.place, mine.on) == ("sent", "路灯不亮", "天和城东门", date(2026, 11, 23))
    assert (mine.by, mine.community) == (world.li.account, world.wenxing)
    assert mine.answer_by == MONDAY + timedelta(hours=2)
    assert (mine.photo.width, mine.award, mine.points) == (320, None, None)
    assert not Message.objects.exists()  # who acts knows it


def test_the_hours_of_the_answer_are_a_setting(world: World) -> None:
    hours = {"key": "deed.answer_office_hours", "value": 3, "by": world.he, "at": MONDAY}
    Setting.objects.create(sub_district=world.street, starts_on=date(2026, 11, 1), **hours)
    assert sent(world, at=MONDAY).answer_by == datetime(2026, 11, 23, 15, 30, tzinfo=clock.SHANGHAI)


def test_the_day_to_close_counts_working_days_by_the_sub_districts_calendar(world: World) -> None:
    mine = sent(world, at=MONDAY)
    assert deeds.day_to_close(mine, MONDAY) == date(2026, 11, 26)
    Holiday.objects.create(
        sub_district=world.street, day=date(2026, 11, 25), name="防汛", is_working=False, by=world.he
    )
    assert deeds.day_to_close(mine, MONDAY) == date(2026, 11, 27)


def test_five_a_day_and_not_one_more(world: World) -> None:
    for n in range(5):
        mine = sent(world, text=f"第{n}件", at=MONDAY)
    take_back(deed=mine)  # taken back, and counted all the same
    with pytest.raises(deeds.EnoughToday, match="最多提交5条"):
        sent(world, text="又一件", at=MONDAY)
    assert Deed.objects.count() == 5
    assert sent(world, world.wang, text="又一件", at=MONDAY).pk
    assert sent(world, text="又一件", at=MONDAY + timedelta(days=1)).pk


@pytest.mark.django_db(transaction=True)
def test_who_taps_eight_times_at_once_sends_five(world: World) -> None:
    tried: list[Callable[[], object]] = [partial(sent, world, text=f"第{n}件", at=MONDAY) for n in range(8)]
    answers = [getattr(one, "code", "sent") for one in at_once(tried)]
    assert (answers.count("sent"), answers.count("deeds_today")) == (5, 3)
    assert Deed.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_the_same_words_sent_twice_at_once_are_one(world: World) -> None:
    answers = at_once([lambda: sent(world, at=MONDAY)] * 6)
    assert sorted({getattr(one, "code", "sent") for one in answers}) == ["deed_already_sent", "sent"]
    assert Deed.objects.count() == 1


def test_the_same_words_of_the_same_day_are_refused_until_taken_back(world: World) -> None:
    mine = sent(world, at=MONDAY)
    with pytest.raises(deeds.AlreadySent):
        sent(world, at=MONDAY + timedelta(hours=5))
    assert sent(world, kind="idea", at=MONDAY).pk and sent(world, world.wang, at=MONDAY).pk
    take_back(deed=mine)
    assert sent(world, at=MONDAY).pk


@pytest.mark.parametrize(
    "wrong",
    [{"text": " "}, {"text": "字" * 301}, {"place": "字" * 61}, {"kind": "other"}, {"kind": ""}, {"text": "a\0b"}, {"place": "\0"}],
)  # fmt: skip
def test_words_are_needed_and_bounded(wrong: dict[str, str], world: World) -> None:
    with pytest.raises(BadInput) as why:
        sent(world, **wrong)  # type: ignore[arg-type]
    assert "没有提交" in why.value.message and not Deed.objects.exists()


def test_who_is_not_confirmed_or_a_child_sends_nothing(world: World) -> None:
    with pytest.raises(deeds.NotConfirmed):
        sent(world, world.sun)
    Resident.objects.filter(pk=world.li.pk).update(birth_date=clock.today() - timedelta(days=13 * 365))
    world.li.refresh_from_db()
    with pytest.raises(deeds.TooYoungToSend):
        sent(world)
    Resident.objects.filter(pk=world.li.pk).update(birth_date=clock.today() - timedelta(days=15 * 365))
    world.li.refresh_from_db()
    assert refusal_for(world.li, clock.now()) is None


def test_staff_of_another_community_send_nothing_for_somebody(world: World) -> None:
    with pytest.raises(NotYourDuty):
        sent(world, world.zhao, by=world.qian)
    assert sent(world, world.zhao, by=world.zhang).by == world.zhang


def test_a_grid_of_another_community_is_refused(world: World) -> None:
    strange = Grid.objects.create(community=world.yongan, name="一网格")
    with pytest.raises(BadInput):
        send(resident=world.li, kind="snapshot", text="路灯不亮", by=world.zhang, grid=strange)


def test_a_closed_file_takes_nothing_on(world: World) -> None:
    """Closed between the look and the insert: the database says so."""
    seen = Resident.objects.get(pk=world.li.pk)
    account = world.li.account
    closing.close(resident=world.li, by=world.chen, reason="本人到窗口，核对了身份证")
    assert account
    with pytest.raises(Refused) as why:
        send(resident=seen, kind="snapshot", text="路灯不亮", by=account)
    assert why.value.code == "already_closed"


def test_what_nobody_answered_is_taken_back_with_its_photo(world: World) -> None:
    mine = take_back(deed=sent(world, photo=picture()))
    assert mine.status == "taken_back" and not Photo.objects.exists()
    with pytest.raises(deeds.CannotTakeBack):
        take_back(deed=mine)


def test_what_carries_others_is_not_taken_back(world: World) -> None:
    mine, other = sent(world), sent(world, world.wang)
    merge(deed=other, into=mine, by=world.chen)
    with pytest.raises(deeds.OthersMerged):
        take_back(deed=mine)


def test_the_day_is_shanghais(world: World) -> None:
    with time_machine.travel(datetime(2026, 11, 23, 16, 30, tzinfo=UTC), tick=False):
        assert sent(world).on == date(2026, 11, 24)
