"""The pages of booking a room: on the phone, at the desk, at the counter, and REST."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.models import Slip
from core import clock
from tests.api import client_of
from tests.venues.letting import booked, held, hours, missed, neighbour, shared, wish
from tests.world import World
from venues import counter, keeping
from venues.models import Booking, BookingSeries, Room, Use

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(world: World) -> Room:
    return shared(world.wenxing)


@pytest.fixture
def phone(client: Client, world: World) -> Client:
    assert world.wang.account
    client.force_login(world.wang.account)
    return client


@pytest.fixture
def desk(client: Client, world: World) -> Client:
    client.force_login(world.zhang)
    return client


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]


def asked(days: int = 5, **more: object) -> dict[str, object]:
    day = (clock.today() + timedelta(days=days)).isoformat()
    return {"day": day, "start": "10:00", "minutes": "120", "people": "8", "reason": "art"} | more


def test_from_the_list_to_a_booking_in_five_taps(phone: Client, room: Room, world: World) -> None:
    shared(world.hualin, "远处的房间")
    shared(world.wenxing, "办公室", shared=False)
    listed = text(phone.get("/rooms/"))
    assert "共享活动室" in listed and "远处的房间" not in listed and "办公室" not in listed
    held(room, world, hours(5, "14:00"))
    sheet = text(phone.get(f"/rooms/{room.pk}/", {"day": asked()["day"]}))
    assert "08:30—13:45、16:15—21:00" in sheet and "1个半小时" in sheet
    last = text(phone.get(f"/rooms/{room.pk}/confirm/", asked()))
    assert "10:00—12:00，2小时" in last and "文艺排练" in last and "确认预订" in last
    assert "不能自己取消" not in last
    assert (
        "不能自己取消" in text(phone.get(f"/rooms/{room.pk}/confirm/", asked(1, start="08:30")))
        or clock.local(clock.now()).hour < 9
    )
    done = phone.post(f"/rooms/{room.pk}/confirm/", asked())
    made = Booking.objects.get(resident=world.wang)
    assert done["Location"] == f"/rooms/mine/{made.pk}/?done=1"
    assert "预订成功" in text(phone.get(done["Location"]))
    assert "共享活动室" in text(phone.get("/rooms/mine/"))


def test_a_taken_hour_is_said_on_the_last_look_and_again_when_sent(phone: Client, room: Room, world: World) -> None:
    held(room, world, hours(5, "11:00"), title="广场舞队")
    looked = phone.get(f"/rooms/{room.pk}/confirm/", asked())
    assert looked.status_code == 200 and "广场舞队" in text(looked) and "另选时间" in text(looked)
    sent = phone.post(f"/rooms/{room.pk}/confirm/", asked())
    assert sent.status_code == 409 and "什么都没有改动" in text(sent)
    assert phone.get(f"/rooms/{room.pk}/confirm/", asked(start="11:30")).status_code == 400  # nobody offered it
    assert "请重新选择" in text(phone.get(f"/rooms/{room.pk}/confirm/", asked(start="11:30")))


def test_a_day_that_is_over_is_not_booked_on_another_one(phone: Client, room: Room, world: World) -> None:
    """The page was open past midnight: what was tomorrow is today, and nobody wanted the day after."""
    for answer in (
        phone.get(f"/rooms/{room.pk}/confirm/", asked(0)),
        phone.post(f"/rooms/{room.pk}/confirm/", asked(0)),
    ):
        assert answer.status_code == 400 and "那一天现在不能预订" in text(answer)
    assert not Booking.objects.exists()
    phone.force_login(world.zhang)
    at_desk = phone.get(f"/desk/bookings/for/{world.zhao.pk}/{room.pk}/", asked(0))
    assert at_desk.status_code == 200 and "那一天现在不能预订" in text(at_desk)


def test_who_lives_in_another_community_is_named_without_the_way_to_the_file(
    desk: Client, room: Room, world: World
) -> None:
    own, other = booked(room, world.wang, world), booked(room, world.zhou, world, wish(6))
    assert f"/desk/residents/{world.wang.pk}/" in text(desk.get(f"/desk/bookings/{own.pk}/"))
    page = text(desk.get(f"/desk/bookings/{other.pk}/"))
    assert "周海涛，永安社区" in page and f"/desk/residents/{world.zhou.pk}/" not in page


@pytest.mark.parametrize(
    "wrong", [{"day": "2026-13-99"}, {"start": "x"}, {"people": "0"}, {"reason": "x"}, {"minutes": "7"}]
)
def test_what_nobody_offered_shows_the_form_again(phone: Client, room: Room, wrong: dict[str, str]) -> None:
    for response in (
        phone.get(f"/rooms/{room.pk}/confirm/", asked(**wrong)), phone.post(f"/rooms/{room.pk}/confirm/", asked(**wrong)),
    ):  # fmt: skip
        assert response.status_code in (200, 302, 400)
    assert Booking.objects.count() <= 1


def test_rooms_and_bookings_of_others_are_not_there(phone: Client, room: Room, world: World) -> None:
    far, theirs = shared(world.hualin, "远处"), booked(room, world.li, world)
    for address in (f"/rooms/{far.pk}/", f"/rooms/mine/{theirs.pk}/", f"/rooms/mine/{theirs.pk}/cancel/"):
        assert phone.get(address).status_code == 404
    assert phone.post(f"/rooms/mine/{theirs.pk}/cancel/").status_code == 404
    assert phone.post(f"/rooms/{far.pk}/confirm/", asked()).status_code == 404


def test_confirming_again_and_giving_back_by_page(phone: Client, room: Room, world: World) -> None:
    mine = booked(room, world.wang, world)
    page = text(phone.get(f"/rooms/mine/{mine.pk}/"))
    assert "取消预订" in page and "您还来吗" not in page
    with time_machine.travel(mine.starts_at - timedelta(hours=40), tick=False):
        phone.force_login(world.wang.account or world.zhang)
        assert "您还来吗" in text(phone.get(f"/rooms/mine/{mine.pk}/"))
        phone.post(f"/rooms/mine/{mine.pk}/confirm/")
        assert "已确认会来" in text(phone.get(f"/rooms/mine/{mine.pk}/"))
        assert "取消后马上让给邻居" in text(phone.get(f"/rooms/mine/{mine.pk}/cancel/"))
        assert phone.post(f"/rooms/mine/{mine.pk}/cancel/")["Location"] == "/rooms/mine/"
    mine.refresh_from_db()
    assert mine.status == "cancelled"
    again = phone.post(f"/rooms/mine/{mine.pk}/cancel/")
    assert again.status_code == 409 and "有变动" in text(again)


def test_who_was_marked_reads_until_when_and_objects(phone: Client, room: Room, world: World) -> None:
    rows = [missed(room, world.wang, world, clock.now() - timedelta(days=days)) for days in (40, 20, 2)]
    assert "暂停预订到" in text(phone.get("/rooms/"))
    assert "因多次预订未到" in text(phone.get(f"/rooms/{room.pk}/"))
    assert "我要申诉" in text(phone.get(f"/rooms/mine/{rows[-1].pk}/"))


def test_lists_ask_as_often_for_one_as_for_thirty(phone: Client, room: Room, world: World) -> None:
    def many(address: str) -> int:
        with CaptureQueriesContext(connection) as asked_:
            assert phone.get(address).status_code == 200
        return len(asked_)

    missed(room, world.wang, world, clock.now() - timedelta(days=200))
    phone.get("/rooms/mine/")
    before = [many(address) for address in ("/rooms/", "/rooms/mine/", f"/rooms/{room.pk}/")]
    for n in range(1, 18):
        missed(room, world.wang, world, clock.now() - timedelta(days=200 + n))
        shared(world.wenxing, f"共享{n}")
        held(room, world, hours(2 + n % 12, f"{9 + n // 12 * 3:02}:00", 60))
    assert [many(address) for address in ("/rooms/", "/rooms/mine/", f"/rooms/{room.pk}/")] == before
    phone.force_login(world.zhang)
    phone.get("/desk/bookings/")
    booked(room, neighbour(world), world, wish(days=13, at="20:00", minutes=30))
    some = many("/desk/bookings/")
    for n in range(20):
        held(room, world, hours(20 + n))
    assert many("/desk/bookings/") == some


def test_the_desk_looks_first_and_books_what_is_ticked(desk: Client, room: Room, world: World) -> None:
    first = clock.today() + timedelta(days=6)
    held(room, world, hours(13, "19:00", 60), title="议事会")
    form: dict[str, object] = {
        "room": room.pk, "use": "team", "title": "合唱团排练", "first": first.isoformat(),
        "last": (first + timedelta(days=14)).isoformat(), "starts": "19:00", "ends": "20:30", "weekdays": [first.weekday()],
    }  # fmt: skip
    seen = desk.post("/desk/bookings/new/", form)
    assert seen.status_code == 200 and "议事会" in text(seen) and not BookingSeries.objects.exists()
    mark = seen.context["mark"]
    days = [first.isoformat(), (first + timedelta(days=14)).isoformat()]
    changed = desk.post("/desk/bookings/new/", form | {"starts": "18:00", "seen": mark, "days": days})
    assert not BookingSeries.objects.exists() and changed.status_code == 200  # looked at anew
    done = desk.post("/desk/bookings/new/", form | {"seen": mark, "days": days})
    made = BookingSeries.objects.get()
    assert done.status_code == 302 and made.bookings.count() == 2 and made.skipped[0][1] == "已有“议事会”"
    page = text(desk.get(done["Location"]))
    assert "跳过的日期（1天）" in page and "取消以后的2次" in page
    desk.post(f"{done['Location']}cancel/", {"reason": "团队解散", "all": "1"})
    assert not made.bookings.holding().exists()  # type: ignore[attr-defined]


def test_the_desk_form_says_what_is_wrong(desk: Client, room: Room) -> None:
    day = (clock.today() + timedelta(days=6)).isoformat()
    form = {
        "room": room.pk,
        "use": "team",
        "title": "合唱",
        "first": day,
        "starts": "19:00",
        "ends": "18:00",
        "people": 99,
    }
    said = text(desk.post("/desk/bookings/new/", form))
    assert "结束要晚于开始" in said and "最多容纳20人" in said
    past = form | {"first": "2020-01-01", "ends": "20:00", "people": 5}
    assert "已经过去" in text(desk.post("/desk/bookings/new/", past))
    none = form | {"ends": "20:00", "people": 5}
    mark = desk.post("/desk/bookings/new/", none).context["mark"]
    assert "没有可以预订的日期" in text(desk.post("/desk/bookings/new/", none | {"seen": mark}))


def test_the_list_narrows_and_goes_to_excel_without_names(desk: Client, room: Room, world: World) -> None:
    mine = booked(room, world.wang, world)
    held(room, world, hours(6), Use.MEETING, "代表会议")
    assert "王秀兰" in text(desk.get("/desk/bookings/")) and "代表会议" in text(desk.get("/desk/bookings/"))
    assert "王秀兰" not in text(desk.get("/desk/bookings/", {"use": "meeting"}))
    assert "代表会议" not in text(desk.get("/desk/bookings/", {"state": "no_show"}))
    assert desk.get("/desk/bookings/export/")["Content-Type"].startswith("application/vnd.openxml")
    for state in ("unconfirmed", "over", "all", "cancelled"):
        assert desk.get("/desk/bookings/", {"state": state}).status_code == 200
    with time_machine.travel(mine.starts_at + timedelta(hours=1), tick=False):
        desk.force_login(world.zhang)
        desk.post(f"/desk/bookings/{mine.pk}/no-show/")
        assert "预订未到" in text(desk.get(f"/desk/bookings/{mine.pk}/"))
        desk.post(f"/desk/bookings/{mine.pk}/excuse/", {"reason": "住院"})
    mine.refresh_from_db()
    assert mine.excuse == "住院"


def test_somebody_without_a_phone_books_and_cancels_at_the_counter(desk: Client, room: Room, world: World) -> None:
    choices = counter.rooms(world.zhao, clock.now())
    assert [one.label for one in choices] == ["共享活动室"] and choices[0].link
    page = desk.get(choices[0].link, asked())
    assert page.status_code == 302 and "/room-book/" in page["Location"]
    look = text(desk.get(page["Location"]))
    assert "确认预订" in look and "10:00—12:00" in look
    done = desk.post(page["Location"], {"sure": "on"})
    slip = Slip.objects.get()
    made = Booking.objects.get(resident=world.zhao)
    assert slip.about == f"booking:{made.pk}" and done.status_code == 302
    (back,) = counter.mine(world.zhao, clock.now())
    desk.post(reverse("desk:counter-act", args=[world.zhao.pk, "room-back", back.number]), {"sure": "on"})
    made.refresh_from_db()
    assert made.status == "cancelled"


def test_the_number_of_the_counter_says_the_wish_again(room: Room, world: World) -> None:
    """Of slots of any length."""
    for wanted in (wish(days=9, at="19:30", minutes=90, people=2000), wish(days=9, at="19:20", minutes=40)):
        assert counter.wished(counter.number_of(room, wanted), world.wang) == (room, wanted)


@pytest.mark.parametrize("number", [0, 7, 10**30, 9])
def test_a_number_that_no_page_gave_is_not_found(desk: Client, world: World, number: int) -> None:
    address = reverse("desk:counter-act", args=[world.zhao.pk, "room-book", number])
    assert desk.get(address).status_code == 404


def test_rest_books_once_for_one_key_and_lists(room: Room, world: World) -> None:
    api = client_of(world.wenxing)
    begins = clock.at(clock.today() + timedelta(days=5), time(10))
    order = {"room": room.pk, "resident": world.wang.pk, "starts_at": begins.isoformat(), "minutes": 60, "people": 5}
    first, again = (api.post("bookings/", order, key="k-1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201) and first.json() == again.json()
    assert Booking.objects.count() == 1
    twice = api.post("bookings/", order, key="k-2")
    assert twice.status_code == 409 and twice.json()["code"] == "room_already_booked"
    assert api.post("bookings/", order).json()["code"] == "idempotency_key_required"
    day = clock.local(begins).date().isoformat()
    free = api.get(f"rooms/{room.pk}/free/", day=day).json()
    assert [datetime.fromisoformat(one["starts_at"]) for one in free][1] == begins + timedelta(minutes=75)
    number = first.json()["id"]
    assert api.get("bookings/", room=room.pk).json()["results"][0]["id"] == number
    assert api.post(f"bookings/{number}/keep/", key="k-3").json()["code"] == "booking_too_early"
    assert api.post(f"bookings/{number}/cancel/", {"reason": "停水"}, key="k-4").json()["status"] == "cancelled"
    assert client_of(world.yongan).post("bookings/", order, key="k-5").status_code == 404


def test_rest_books_a_series_for_a_team_and_ends_it(room: Room, world: World) -> None:
    api, first = client_of(world.wenxing), clock.today() + timedelta(days=20)
    said = {"room": room.pk, "use": "team", "title": "合唱团", "starts": "19:00", "minutes": 90, "people": 20}
    weeks = {
        "first": first.isoformat(),
        "last": (first + timedelta(days=14)).isoformat(),
        "weekdays": [first.weekday()],
    }
    held(room, world, hours(27, "19:30"), Use.CARE, "托管")
    too_many = api.post("room-uses/", said | weeks | {"people": 21}, key="k-0")
    assert too_many.json()["code"] == "room_too_many_people"
    made = api.post("room-uses/", said | weeks, key="k-1").json()
    assert [one["starts_at"][:10] for one in made] == [weeks["first"], weeks["last"]]
    number = BookingSeries.objects.get().pk
    assert api.get(f"room-uses/{number}/").json()["skipped"] == [
        [(first + timedelta(days=7)).isoformat(), "已有“托管”"]
    ]
    ended = api.post(f"room-uses/{number}/end/", {"reason": "解散"}, key="k-2").json()
    assert {one["status"] for one in ended["bookings"]} == {"cancelled"}
    taken = api.post("room-uses/", said | {"first": (first + timedelta(days=7)).isoformat()}, key="k-3")
    assert taken.status_code == 400 and taken.json()["code"] == "booking_no_days"


def test_a_closing_file_gives_its_bookings_up_first(room: Room, world: World) -> None:
    booked(room, world.wang, world)
    assert list(keeping.obstacles(world.wang)) == ["活动室“活动室1楼共享活动室”还有预订，请先取消"]
    assert [row[1] for row in keeping.bookings(world.wang)] == ["文艺排练"]
