"""居民预订活动室: the rules of the house, one by one, and giving the room back."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from communities import settings
from communities.models import Setting
from core import clock
from core.refusals import Refused
from notifications.models import Message
from tests import world as cast
from tests.venues.letting import booked, held, hours, missed, neighbour, shared, wish
from tests.world import World
from venues import booking as bookings, claiming, no_shows, opening
from venues.booking import Reason, Wish
from venues.claiming import Hours
from venues.models import Booking, OpeningHours, Room, Use

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(world: World) -> Room:
    return shared(world.wenxing)


def refused(room: Room, world: World, wanted: Wish, **who: object) -> str:
    """The code with which 王秀兰, or whoever is named, is turned away; the page, asked first, says the same."""
    resident = who.get("resident", world.wang)
    before = bookings.refusal_for(room, resident, wanted, clock.now())  # type: ignore[arg-type]
    with pytest.raises(Refused) as caught:
        booked(room, resident, world, wanted)  # type: ignore[arg-type]
    assert before is not None and before.code == caught.value.code
    assert any(said in caught.value.message for said in ("没有预订", "没有办成", "没有重复预订"))
    return caught.value.code


def test_a_resident_books_a_room_and_the_gap_stays_free(room: Room, world: World) -> None:
    made = booked(room, world.wang, world)
    assert (made.use, made.title, made.people) == (Use.RESIDENT, "文艺排练", 8)
    assert made.blocked_until - made.ends_at == timedelta(minutes=15)
    assert not Message.objects.filter(resident=world.wang).exists()  # who does it on the own phone sees it there


def test_whoever_is_booked_for_is_told(room: Room, world: World) -> None:
    made = bookings.book(room=room, resident=world.wang, wish=wish(), by=world.zhang)
    said = Message.objects.get(occasion=f"booking:{made.pk}:made", resident=world.wang)
    assert "共享活动室" in said.body and "10:00—12:00" in said.body


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"at": "10:10"}, "room_bad_hours"),
        ({"minutes": 45}, "room_bad_hours"),
        ({"minutes": 0}, "room_bad_hours"),
        ({"minutes": -60}, "room_bad_hours"),
        ({"at": "20:00", "minutes": 300}, "room_bad_hours"),  # over midnight
        ({"days": 0, "at": "20:00", "minutes": 60}, "room_too_soon"),
        ({"days": 15}, "room_too_far"),
        ({"minutes": 270}, "room_too_long"),
        ({"at": "08:00"}, "room_not_open"),
        ({"at": "20:00", "minutes": 90}, "room_not_open"),
        ({"people": 21}, "room_too_many_people"),
        ({"people": 0}, "room_no_people"),
    ],
)  # fmt: skip
def test_what_the_rules_do_not_allow_is_refused(room: Room, world: World, wanted: dict[str, int], code: str) -> None:
    assert refused(room, world, wish(**wanted)) == code
    assert not Booking.objects.exists()


@pytest.mark.parametrize(
    "wanted", [{"days": 1}, {"days": 14}, {"minutes": 240}, {"at": "08:30"}, {"at": "19:00"}, {"people": 20}]
)
def test_what_they_just_allow_is_booked(room: Room, world: World, wanted: dict[str, int]) -> None:
    assert booked(room, world.wang, world, wish(**wanted)).status == "booked"


def test_only_shared_rooms_of_the_own_sub_district(room: Room, world: World) -> None:
    assert refused(shared(world.wenxing, "办公室", shared=False), world, wish()) == "room_not_shared"
    far = shared(world.hualin, "远处")
    assert refused(far, world, wish()) == "room_other_sub_district"
    assert booked(shared(world.yongan, "邻近"), world.wang, world)  # the neighbour community's is open to us


def test_who_is_not_confirmed_or_under_age_does_not_book(room: Room, world: World) -> None:
    assert refused(room, world, wish(), resident=world.sun) == "room_resident_not_confirmed"
    young = cast.resident(world.wenxing, "小张", "13677770001", clock.today() - timedelta(days=17 * 365))
    assert refused(room, world, wish(), resident=young) == "room_too_young"


def test_a_taken_hour_names_what_is_there_and_the_gap_counts(room: Room, world: World) -> None:
    held(room, world, hours(at="10:00"), title="广场舞队")
    for at in ("09:00", "11:00", "12:00"):  # 12:00 is within the quarter of an hour to tidy up
        assert refused(room, world, wish(at=at, minutes=120)) == "room_taken"
    with pytest.raises(claiming.RoomTaken, match="广场舞队"):
        booked(room, world.wang, world)
    assert booked(room, world.wang, world, wish(at="12:30"))
    with pytest.raises(claiming.RoomTaken):  # ours needs its own quarter before what comes next
        booked(room, world.li, world, wish(at="08:30", minutes=90))


def test_the_same_click_twice_books_once(room: Room, world: World) -> None:
    booked(room, world.wang, world)
    assert refused(room, world, wish()) == "room_already_booked"
    assert Booking.objects.count() == 1


@time_machine.travel(datetime(2026, 12, 10, 4, tzinfo=UTC), tick=False)
def test_four_a_month_then_no_more_but_the_next_month_is_new(room: Room, world: World) -> None:
    for days in (2, 3, 4, 5):
        booked(room, world.wang, world, wish(days=days))
    assert refused(room, world, wish(days=6)) == "room_month_used"
    assert booked(room, world.li, world, wish(days=6))
    with time_machine.travel(datetime(2026, 12, 20, 4, tzinfo=UTC), tick=False):
        assert refused(room, world, wish(days=11)) == "room_month_used"  # 31 December
        assert booked(room, world.wang, world, wish(days=12))  # 1 January, Shanghai's


def test_what_was_given_back_or_gave_way_is_not_counted(room: Room, world: World) -> None:
    with time_machine.travel(datetime(2026, 12, 10, 4, tzinfo=UTC), tick=False):
        made = [booked(room, world.wang, world, wish(days=days)) for days in (2, 3, 4, 5)]
        bookings.cancel(booking=made[0], by=world.wang.account or world.system)
        assert booked(room, world.wang, world, wish(days=6))
        assert refused(room, world, wish(days=7)) == "room_month_used"


def test_own_opening_hours_close_the_other_days(room: Room, world: World) -> None:
    day = hours().starts_at.astimezone(clock.SHANGHAI).weekday()
    OpeningHours.objects.create(room=room, weekday=day, opens=time(9), closes=time(11, 30))
    OpeningHours.objects.create(room=room, weekday=day, opens=time(14), closes=time(17))
    assert refused(room, world, wish()) == "room_not_open"  # over the break at noon
    assert booked(room, world.wang, world, wish(at="09:00", minutes=150))
    assert refused(room, world, wish(days=6)) == "room_not_open"


def test_free_windows_leave_the_gap_on_both_sides(room: Room, world: World) -> None:
    held(room, world, hours(at="10:00"))
    day = clock.local(hours().starts_at).date()
    said = [f"{clock.local(a):%H:%M}-{clock.local(b):%H:%M}" for a, b in opening.free(room, day)]
    assert said == ["08:30-09:45", "12:15-21:00"]
    slots = [f"{clock.local(a):%H:%M}-{clock.local(b):%H:%M}" for a, b in opening.slots(opening.free(room, day), 30)]
    assert slots == ["08:30-09:30", "12:30-21:00"]


def test_the_settings_of_the_sub_district_decide(room: Room, world: World) -> None:
    Setting.objects.create(
        sub_district=world.street, key=settings.ROOM_HOURS_MOST.key, value=1, starts_on=clock.today(), by=world.he
    )
    assert refused(room, world, wish(minutes=90)) == "room_too_long"


@pytest.mark.parametrize("day", [date(2028, 2, 29), date(2027, 1, 1), date(2026, 12, 31)])
def test_leap_day_and_the_turn_of_the_year_are_days_like_others(room: Room, world: World, day: date) -> None:
    before = datetime(day.year, day.month, day.day, 4, tzinfo=UTC) - timedelta(days=3)
    with time_machine.travel(before, tick=False):
        made = booked(room, world.wang, world, wish(days=3, at="08:30", minutes=30))
        assert clock.local(made.starts_at).date() == day
        assert made.starts_at == datetime(day.year, day.month, day.day, 0, 30, tzinfo=UTC)  # stored eight hours earlier
        assert len(opening.free(room, day)) == 1 and clock.local(opening.free(room, day)[0].starts_at).hour == 9


def test_cancelled_a_day_before_and_no_later(room: Room, world: World) -> None:
    made = booked(room, world.wang, world)
    by = world.wang.account or world.system
    late = time_machine.travel(made.starts_at - timedelta(hours=23), tick=False)
    with late, pytest.raises(bookings.TooLate, match="24小时"):
        bookings.cancel(booking=made, by=by)
    with time_machine.travel(made.starts_at - timedelta(hours=24), tick=False):
        assert bookings.cancel(booking=made, by=by).status == "cancelled"
        with pytest.raises(bookings.NotBooked):
            bookings.cancel(booking=made, by=by)
    assert booked(room, world.li, world)  # at once for the neighbour


def test_staff_cancel_later_with_a_reason_that_is_told(room: Room, world: World) -> None:
    made = booked(room, world.wang, world)
    with pytest.raises(bookings.NoReason):
        bookings.call_off(booking=made, reason=" ", by=world.zhang)
    with pytest.raises(Refused, match="没有办理这件事的职责"):
        bookings.call_off(booking=made, reason="停水", by=world.qian)
    bookings.call_off(booking=made, reason="停水", by=world.zhang)
    assert "停水" in Message.objects.get(occasion=f"booking:{made.pk}:called-off").body
    lesson = held(room, world, hours(), Use.SCHOOL, "形体课")
    with pytest.raises(bookings.HeldElsewhere):
        bookings.call_off(booking=lesson, reason="停水", by=world.zhang)


def test_three_missed_in_ninety_days_keep_one_out_for_thirty(room: Room, world: World) -> None:
    now = clock.now()
    for days in (100, 60, 20):
        missed(room, world.wang, world, now - timedelta(days=days))
    assert no_shows.barred_until(world.wang, now)
    assert refused(room, world, wish()) == "room_barred"
    until = no_shows.barred_until(world.wang, now)
    assert until == now - timedelta(days=20) + timedelta(hours=2) + timedelta(days=30)
    assert no_shows.barred_until(world.wang, until) is None
    assert no_shows.barred_until(world.li, now) is None


def test_three_missed_over_a_longer_time_do_not(room: Room, world: World) -> None:
    for days in (100, 60, 5):
        missed(room, world.wang, world, clock.now() - timedelta(days=days))
    assert no_shows.barred_until(world.wang, clock.now()) is None
    assert booked(room, world.wang, world)


def test_a_wish_of_every_reason_is_kept_in_words(room: Room, world: World) -> None:
    for number, reason in enumerate(Reason):
        made = booked(room, neighbour(world, number), world, Wish(hours(days=2 + number), 3, reason))
        assert made.title == reason.label


def test_no_hours_are_lost_or_doubled_in_a_day_without_daylight_saving(room: Room) -> None:
    """Shanghai has none since 1991; a day of opening hours is twelve and a half hours, in UTC from 00:30 to 13:00."""
    for day in (date(2027, 3, 28), date(2027, 10, 31)):
        (window,) = opening.windows(room, day)
        assert window == Hours(
            datetime(day.year, day.month, day.day, 0, 30, tzinfo=UTC),
            datetime(day.year, day.month, day.day, 13, tzinfo=UTC),
        )
