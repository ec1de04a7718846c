"""日历订阅: what a calendar shows, of whom, to whom, and for how long its address lives."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from icalendar import Calendar, Component

from communities import closing
from core import clock
from core.refusals import Refused
from nightschool.models import Session
from tests import world as cast
from tests.activities.cast import signed
from tests.nightschool.lining import join
from tests.pages import enter, queries, text
from tests.venues.keeping import coming, room, used
from tests.venues.letting import held, hours
from tests.world import World
from venues import addresses, feeds
from venues.models import CalendarAddress, Room, Use
from venues.views import calendar

pytestmark = pytest.mark.django_db


def events(client: Client, token: str) -> list[Component]:
    """What the library reads back."""
    answer = client.get(f"/calendar/{token}.ics")
    assert answer.status_code == 200 and answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in answer["Cache-Control"] and "public" not in answer["Cache-Control"]
    assert not answer.cookies
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def said(client: Client, token: str) -> list[str]:
    return [str(one["SUMMARY"]) for one in events(client, token)]


@pytest.fixture
def token(world: World) -> str:
    assert world.wang.account
    return addresses.renew(resident=world.wang, by=world.wang.account).token


def test_a_resident_reads_classes_activities_and_bookings(client: Client, world: World, token: str) -> None:
    course = cast.course(world.wenxing, bring="瑜伽垫")
    cast.seated(course, world.wang)
    activity = cast.activity(world.wenxing)
    signed(activity, world.wang, world)
    mine = room(world.wenxing)
    booked = held(mine, world, hours(5), Use.RESIDENT, "和李建国排练", resident=world.wang)
    found = {str(one["UID"]): one for one in events(client, token)}
    assert [str(one["SUMMARY"]) for one in found.values()] == [
        "活动：楼道清理", "活动室：书画室", "夜校：形体塑形（第1课）", "夜校：形体塑形（第2课）", "夜校：形体塑形（第3课）",
    ]  # fmt: skip
    lesson = course.sessions.get(number=1)
    shown = found[f"session:{lesson.pk}@hehuoren"]
    assert shown["DTSTART"].dt == lesson.starts_at.replace(microsecond=0)
    assert shown["DTEND"].dt == lesson.ends_at.replace(microsecond=0)
    assert str(shown["LOCATION"]) == "活动室2楼舞蹈厅" and "瑜伽垫" in str(shown["DESCRIPTION"])
    assert found[f"booking:{booked.pk}@hehuoren"]["DTSTART"].dt == booked.starts_at


def test_no_name_of_anybody_stands_in_a_calendar(client: Client, world: World, token: str) -> None:
    course = cast.course(world.wenxing, teacher="李建国")
    cast.seated(course, world.wang, world.zhao)
    signed(cast.activity(world.wenxing, leader="张晓燕"), world.wang, world)
    mine = room(world.wenxing, keeper="陈志强")
    held(mine, world, hours(5), Use.RESIDENT, "和李建国排练", resident=world.wang)
    desk = addresses.renew(room=mine, by=world.zhang).token
    for one in (token, desk):
        body = client.get(f"/calendar/{one}.ics").content.decode()
        assert not [name for name in ("王秀兰", "李建国", "张晓燕", "赵玉珍", "陈志强", "13812346021") if name in body]


def test_what_is_moved_moves_and_what_is_called_off_goes(client: Client, world: World, token: str) -> None:
    course = cast.course(world.wenxing)
    cast.seated(course, world.wang)
    first, second, _ = course.sessions.order_by("number")
    now, later = clock.now(), first.starts_at + timedelta(hours=1)
    moved = {"status": "moved", "changed_at": now, "changed_by": world.zhang}
    Session.objects.filter(pk=first.pk).update(
        starts_at=later, ends_at=later + timedelta(hours=1), planned_at=first.starts_at, **moved
    )
    Session.objects.filter(pk=second.pk).update(**moved | {"status": "cancelled"})
    shown = events(client, token)
    assert [str(one["SUMMARY"]) for one in shown] == ["夜校：形体塑形（第1课）", "夜校：形体塑形（第3课）"]
    assert shown[0]["DTSTART"].dt == later.replace(microsecond=0) and "调整" in str(shown[0]["DESCRIPTION"])


def test_what_is_not_certain_or_long_over_is_not_shown(client: Client, world: World, token: str) -> None:
    full = cast.course(world.wenxing, capacity=1)
    cast.seated(full, world.zhao)
    join(full, world.wang, world)
    off = cast.activity(world.wenxing)
    signed(off, world.wang, world)
    type(off).objects.filter(pk=off.pk).update(
        status="cancelled", cancelled_at=clock.now(), cancelled_by=world.zhang, cancel_reason="下雨"
    )
    used(room(world.wenxing), world, ago=timedelta(days=32), use=Use.RESIDENT, resident=world.wang)
    assert said(client, token) == []


def test_a_room_shows_what_it_is_used_for_and_no_neighbour(client: Client, world: World) -> None:
    mine = room(world.wenxing)
    coming(mine, world, 2, "形体塑形", Use.SCHOOL)
    coming(mine, world, 3, "李建国生日", Use.RESIDENT, resident=world.li)
    token = addresses.renew(room=mine, by=world.zhang).token
    assert said(client, token) == ["夜校：形体塑形", "居民自用"]


def test_a_new_address_ends_the_old_one(client: Client, world: World, token: str) -> None:
    assert world.wang.account
    new = addresses.renew(resident=world.wang, by=world.wang.account).token
    assert new != token and client.get(f"/calendar/{token}.ics").status_code == 404
    assert client.get(f"/calendar/{new}.ics").status_code == 200
    addresses.stop(resident=world.wang, by=world.wang.account)
    assert client.get(f"/calendar/{new}.ics").status_code == 404
    with pytest.raises(addresses.NoAddress):
        addresses.stop(resident=world.wang, by=world.wang.account)


@pytest.mark.parametrize("token", ["x", "A" * 43, "A" * 4000, "-"])
def test_an_address_that_never_was_is_404(client: Client, world: World, token: str) -> None:
    assert client.get(f"/calendar/{token}.ics").status_code == 404


def test_an_address_is_read_so_often_an_hour_and_dead_ones_tried_no_oftener(
    client: Client, world: World, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar, "TRIES", 2)
    for path in (f"/calendar/{token}.ics", "/calendar/nobody.ics"):
        answers = [client.get(path).status_code for _ in range(3)]
        assert answers[2] == 429 and 429 not in answers[:2]
    mine = addresses.renew(room=room(world.wenxing), by=world.zhang).token  # another address has its own count
    assert client.get(f"/calendar/{mine}.ics").status_code == 200


def test_addresses_cannot_be_guessed_from_one_another(world: World, token: str) -> None:
    mine = addresses.renew(room=room(world.wenxing), by=world.zhang).token
    assert len(token) == len(mine) == 43 and token[:8] != mine[:8]


def test_who_closes_the_file_leaves_no_calendar_behind(client: Client, world: World, token: str) -> None:
    mine = room(world.wenxing, keyholder=world.wang)
    closing.close(resident=world.wang, by=world.zhang, reason="本人到窗口")
    mine.refresh_from_db()
    assert client.get(f"/calendar/{token}.ics").status_code == 404
    assert not CalendarAddress.objects.exists() and mine.keyholder is None


def test_a_declined_file_reads_no_calendar(client: Client, world: World, token: str) -> None:
    type(world.wang).objects.filter(pk=world.wang.pk).update(
        status="declined", decline_reason="外区", decided_at=clock.now()
    )
    assert client.get(f"/calendar/{token}.ics").status_code == 404


def test_nobody_makes_or_stops_another_ones_address(world: World, token: str) -> None:
    mine = room(world.wenxing)
    acts: list[Callable[[], object]] = [
        lambda: addresses.renew(resident=world.wang, by=world.zhang),
        lambda: addresses.stop(resident=world.wang, by=world.li.account),  # type: ignore[arg-type]
        lambda: addresses.renew(room=mine, by=world.qian),
        lambda: addresses.stop(room=mine, by=world.wang.account),  # type: ignore[arg-type]
    ]
    for act in acts:
        with pytest.raises(Refused):
            act()
    assert addresses.found(token) and not CalendarAddress.objects.filter(room=mine).exists()


def test_the_page_makes_renews_and_stops_it(client: Client, world: World) -> None:
    enter(client, world.wang)
    assert "生成日历地址" in text(client, "/me/calendar/")
    client.post("/me/calendar/renew/")
    first = CalendarAddress.objects.get(revoked_at=None).token
    html = client.get("/me/calendar/").content.decode()
    assert f"http://testserver/calendar/{first}.ics" in html and f"webcal://testserver/calendar/{first}.ics" in html
    client.post("/me/calendar/renew/")
    assert CalendarAddress.objects.get(revoked_at=None).token != first
    client.post("/me/calendar/stop/")
    assert "生成日历地址" in text(client, "/me/calendar/")
    assert client.post("/me/calendar/stop/", follow=True).status_code == 200
    assert "/me/calendar/" in client.get("/me/").content.decode()


def test_the_desk_makes_renews_and_stops_a_rooms(client: Client, world: World) -> None:
    mine = room(world.wenxing)
    client.force_login(world.zhang)
    client.post(f"/desk/rooms/{mine.pk}/calendar/renew/")
    first = CalendarAddress.objects.get(room=mine).token
    assert first in client.get(f"/desk/rooms/{mine.pk}/").content.decode()
    client.post(f"/desk/rooms/{mine.pk}/calendar/renew/")
    assert first not in client.get(f"/desk/rooms/{mine.pk}/").content.decode()
    client.post(f"/desk/rooms/{mine.pk}/calendar/stop/")
    assert "生成日历地址" in text(client, f"/desk/rooms/{mine.pk}/")


def test_a_calendar_costs_the_same_for_one_line_and_thirty(client: Client, world: World, token: str) -> None:
    page = f"/calendar/{token}.ics"
    mine = room(world.wenxing)

    def more(number: int) -> None:
        cast.seated(cast.course(world.wenxing, title=f"课{number}", price=0), world.wang)
        signed(
            cast.activity(world.wenxing, starts_at=clock.now() + timedelta(days=3, hours=3 * number)), world.wang, world
        )
        held(mine, world, hours(3 + number), Use.RESIDENT, "排练", resident=world.wang)

    more(0)
    before = queries(client, page)
    for number in range(1, 15):
        more(number)
    assert queries(client, page) == before and len(events(client, token)) == 15 * 5


def test_times_are_utc_and_long_lines_are_folded(world: World) -> None:
    begin = clock.now().replace(microsecond=0)
    one = feeds.Date("x:1", "课" * 60, begin, begin + timedelta(hours=1), "楼,上;\n2")
    body = feeds.calendar("日历", [one], begin)
    assert max(len(line) for line in body.split(b"\r\n")) <= 75 and f"DTSTART:{begin:%Y%m%dT%H%M%SZ}".encode() in body
    (read,) = Calendar.from_ical(body).walk("VEVENT")
    assert str(read["SUMMARY"]) == "课" * 60 and str(read["LOCATION"]) == "楼,上;\n2"


def test_rooms_are_named_by_their_place(world: World) -> None:
    mine: Room = room(world.wenxing)
    body = feeds.of_room(mine, clock.now())
    assert Calendar.from_ical(body)["X-WR-CALNAME"] == "活动室2楼书画室"
