"""阵地台账: who registers, changes, closes and opens rooms again, and who keeps the keys."""

from datetime import time
from io import BytesIO

import pytest
from openpyxl import load_workbook

from core import clock
from core.refusals import Refused
from notifications.models import Message
from tests import world as cast
from tests.venues.keeping import EVERY_DAY, coming, room, used
from tests.venues.letting import hours
from tests.world import World
from venues import claiming, register, roombook
from venues.claiming import Purpose
from venues.models import OpeningHours, Room, Use
from venues.register import Opening

pytestmark = pytest.mark.django_db
CLOSED = Room.Standing.CLOSED


def filled(world: World, **fields: object) -> Room:
    return Room(**{"community": world.wenxing, "name": "书画室", "place": "2楼", "capacity": 20} | fields)


def refused(world: World, mine: Room, hours_: list[Opening] | None = None) -> str:
    with pytest.raises(Refused) as caught:
        register.add(room=mine, hours=hours_ or [], by=world.zhang)
    assert not mine.pk or not Room.objects.filter(pk=mine.pk).exists() or caught.value.code == "room_exists"
    return caught.value.code


def test_a_room_is_registered_with_its_opening_hours(world: World) -> None:
    made = register.add(room=filled(world), hours=EVERY_DAY, by=world.zhang)
    assert made.hours.count() == 7 and not made.shared and made.standing == Room.Standing.USED
    assert roombook.hours_said(list(made.hours.all())) == "每天08:30—21:00"


@pytest.mark.parametrize(
    ("fields", "spans", "code"),
    [
        ({"name": ""}, [], "bad_room"),
        ({"place": ""}, [], "bad_room"),
        ({"capacity": 0}, [], "bad_room"),
        ({"capacity": 2001}, [], "bad_room"),
        ({"area": 0}, [], "bad_room"),
        ({"standing": CLOSED}, [], "bad_room"),
        ({}, [Opening(0, time(9), time(9))], "bad_opening_hours"),
        ({}, [Opening(7, time(9), time(10))], "bad_opening_hours"),
        ({}, [Opening(0, time(9), time(12)), Opening(0, time(11), time(13))], "bad_opening_hours"),
    ],
)
def test_what_cannot_be_is_refused(world: World, fields: dict[str, object], spans: list[Opening], code: str) -> None:
    assert refused(world, filled(world, **fields), spans) == code
    assert not Room.objects.filter(community=world.wenxing).exists()


def test_two_stretches_of_a_day_may_touch(world: World) -> None:
    spans = [Opening(0, time(12), time(13)), Opening(0, time(9), time(12))]
    assert register.add(room=filled(world), hours=spans, by=world.zhang).hours.count() == 2


def test_a_name_is_used_once_in_a_community_and_again_in_another(world: World) -> None:
    room(world.wenxing)
    assert refused(world, filled(world)) == "room_exists"
    register.add(room=filled(world, community=world.yongan), hours=[], by=world.qian)


def test_staff_of_another_community_change_nothing(world: World) -> None:
    mine = room(world.wenxing)
    for act in (
        lambda: register.add(room=filled(world, name="新"), hours=[], by=world.qian),
        lambda: register.change(room=mine, hours=[], by=world.qian),
        lambda: register.close(room=mine, by=world.qian),
        lambda: register.reopen(room=mine, by=world.qian),
        lambda: register.entrust(room=mine, resident=None, by=world.qian),
    ):
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.code == "not_your_duty"


def test_changing_the_hours_leaves_what_is_booked(world: World) -> None:
    mine = room(world.wenxing)
    booked = coming(mine, world)
    mine.capacity, mine.standing = 15, Room.Standing.IDLE
    register.change(room=mine, hours=[Opening(0, time(18), time(21))], by=world.zhang)
    mine.refresh_from_db()
    booked.refresh_from_db()
    assert (mine.capacity, mine.standing, mine.hours.count(), booked.status) == (15, "idle", 1, "booked")


def test_a_change_that_is_refused_keeps_the_old_hours(world: World) -> None:
    room(world.wenxing, "舞蹈厅")
    mine = room(world.wenxing)
    mine.name = "舞蹈厅"
    with pytest.raises(register.RoomExists):
        register.change(room=mine, hours=[], by=world.zhang)
    assert OpeningHours.objects.filter(room=mine).count() == 7


def test_a_room_is_closed_only_when_nothing_holds_it(world: World) -> None:
    mine = room(world.wenxing, shared=True)
    used(mine, world)
    booked = coming(mine, world, title="太极队")
    with pytest.raises(register.RoomHeld) as caught:
        register.close(room=mine, by=world.zhang)
    assert "1次" in caught.value.message and "太极队" in caught.value.message
    claiming.free([booked], by=world.zhang, at=clock.now(), reason="改期")
    done = register.close(room=mine, by=world.zhang)
    assert (done.standing, done.shared) == (CLOSED, False)
    with pytest.raises(register.RoomIsClosed):
        register.close(room=mine, by=world.zhang)
    with pytest.raises(register.RoomIsClosed):
        register.change(room=mine, hours=[], by=world.zhang)


def test_what_is_going_on_holds_the_room_too(world: World) -> None:
    mine = room(world.wenxing)
    used(mine, world, ago=-hours(0).ends_at.resolution * 60_000_000)  # ends in a minute
    with pytest.raises(register.RoomHeld):
        register.close(room=mine, by=world.zhang)


def test_who_read_the_room_before_it_was_closed_cannot_claim_it(world: World) -> None:
    mine = room(world.wenxing)
    stale = Room.objects.select_related("community").get(pk=mine.pk)
    register.close(room=mine, by=world.zhang)
    with pytest.raises(claiming.RoomClosed):
        claiming.claim(
            room=stale, hours=[hours()], purpose=Purpose(Use.TEAM, "合唱"), by=world.zhang, at=clock.now()
        )  # fmt: skip


def test_a_room_that_is_opened_again_is_idle_and_not_yet_shared(world: World) -> None:
    mine = room(world.wenxing, shared=True)
    with pytest.raises(register.RoomNotClosed):
        register.reopen(room=mine, by=world.zhang)
    register.close(room=mine, by=world.zhang)
    done = register.reopen(room=mine, by=world.zhang)
    assert (done.standing, done.shared) == ("idle", False)


def test_the_keyholder_is_told_once_and_may_be_relieved(world: World) -> None:
    mine = room(world.wenxing)
    register.entrust(room=mine, resident=world.wang, by=world.zhang)
    register.entrust(room=mine, resident=world.wang, by=world.zhang)
    said = Message.objects.get(resident=world.wang, title="请您保管活动室钥匙")
    assert said.link == "/rooms/keys/" and "书画室" in said.body
    assert register.entrust(room=mine, resident=None, by=world.zhang).keyholder is None


def test_keys_go_to_nobody_without_a_phone_unconfirmed_or_far_away(world: World) -> None:
    mine = room(world.wenxing)
    far = cast.resident(world.hualin, "远居民", "13600007777")
    for person in (world.zhao, world.sun, far):
        with pytest.raises(register.CannotKeep):
            register.entrust(room=mine, resident=person, by=world.zhang)
    assert (
        register.entrust(room=mine, resident=world.zhou, by=world.zhang).keyholder == world.zhou
    )  # of the sub-district


def test_days_in_a_row_that_open_alike_are_said_once(world: World) -> None:
    mine = room(world.wenxing)
    mine.hours.all().delete()
    for weekday in (0, 1, 2, 5):
        OpeningHours.objects.create(room=mine, weekday=weekday, opens=time(9), closes=time(12))
    OpeningHours.objects.create(room=mine, weekday=2, opens=time(14), closes=time(17))
    said = roombook.hours_said(list(mine.hours.all()))
    assert said == "周一至周二09:00—12:00；周三09:00—12:00、14:00—17:00；周六09:00—12:00"
    assert roombook.hours_said([]) == ""


def test_the_register_as_a_file_says_everything_an_inspection_asks(world: World) -> None:
    room(world.wenxing, area="36.5", safety_person="张晓燕", holder="文兴社区居委会", accessible=True)
    room(world.yongan)
    with roombook.file_of(world.zhang, {}) as file:
        head, line = load_workbook(BytesIO(file.read())).active.iter_rows(values_only=True)
    said = dict(zip(head, line, strict=True))
    assert (said["名称"], said["面积（平方米）"], said["容纳人数（消防核定）"]) == ("书画室", 36.5, 20)
    assert (said["开放时间"], said["无障碍"], said["安全责任人"], said["收费"]) == (
        "每天08:30—21:00",
        "是",
        "张晓燕",
        "免费",
    )
