"""One room for many at once: series of colleagues, neighbours, an activity; never two at one time, never a deadlock or a 5xx."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from activities import revising
from core import clock
from core.refusals import Refused
from nightschool import moving
from tests import world as cast
from tests.books import breaches
from tests.nightschool import plans
from tests.races.together import at_once, crowd, in_background, until_somebody_waits_for_us
from tests.venues.letting import booked, held, hours, shared, wish
from tests.world import World
from venues import booking as bookings, series
from venues.claiming import Purpose, RoomTaken
from venues.models import Booking, BookingSeries, Room, Use
from venues.series import Pattern

pytestmark = pytest.mark.django_db(transaction=True)
OVERLAPS = """
    SELECT count(*) FROM venues_booking a JOIN venues_booking b ON b.room_id = a.room_id AND b.id > a.id
    WHERE a.status = 'booked' AND b.status = 'booked' AND a.starts_at < b.blocked_until AND b.starts_at < a.blocked_until
"""


def overlaps() -> int:
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS)
        return int(cursor.fetchone()[0])


def deadlocks() -> int:
    """How many the database has seen; a retry hides them from the caller, not from here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def in_a_verb(act: Callable[[], object]) -> object:
    with transaction.atomic():
        return act()


def pattern(number: int, first: date) -> Pattern:
    """Sixty of them, of every length and weekday, that meet one another in many ways."""
    starts = (8 * 60 + 30 + number * 15) % (20 * 60)
    clock_ = (clock.at(first, clock.local(clock.now()).time().min) + timedelta(minutes=starts)).astimezone(
        clock.SHANGHAI
    )
    return Pattern(first, first + timedelta(weeks=5), clock_.time(), 60 + number % 4 * 30, (number % 3, 3 + number % 4))


def test_60_series_of_one_room_at_once(world: World) -> None:
    """Over the turn of the year, by the verb that the page and REST call; whoever comes too late is refused, not failed."""
    room, first = shared(world.wenxing), clock.today() + timedelta(days=20)
    asked, before = [pattern(number, first) for number in range(60)], deadlocks()
    answers = at_once(
        [
            lambda one=one, n=n: series.book(
                room=room, pattern=one, purpose=Purpose(Use.TEAM, f"团队{n}"), by=world.zhang, days=set(one.days()),
                skip_taken=bool(n % 2),
            )
            for n, one in enumerate(asked)
        ]
    )  # fmt: skip
    assert {type(one) for one in answers} <= {list, *Refused.__subclasses__()}, Counter(map(repr, answers))
    kinds = Counter("booked" if isinstance(one, list) else one.code for one in answers)
    assert set(kinds) <= {"booked", "booking_days_taken", "room_taken"} and kinds["booked"] >= 2, kinds
    assert (overlaps(), deadlocks() - before) == (0, 0)
    made = sum(len(one) for one in answers if isinstance(one, list))
    assert Booking.objects.holding().count() == made > 0
    assert BookingSeries.objects.count() == kinds["booked"]  # nothing is left of who was refused


def test_40_neighbours_and_a_meeting_for_the_same_evening(world: World) -> None:
    room, people = shared(world.wenxing), crowd(world, 40)
    day = clock.local(hours(5).starts_at).date()
    evening = Pattern(day, day, clock.local(hours(5, "19:00").starts_at).time(), 90)
    acts = [lambda p=p: booked(room, p, world, wish(5, "19:00", 90)) for p in people]
    meeting = lambda: series.book(  # noqa: E731
        room=room, pattern=evening, purpose=Purpose(Use.MEETING, "居民代表会议"), by=world.zhang, days={day}
    )
    answers = at_once([*acts, meeting])
    assert all(isinstance(one, Booking | list | Refused) for one in answers), answers
    assert overlaps() == 0
    (left,) = Booking.objects.holding()
    assert left.use in (Use.MEETING, Use.RESIDENT)
    if left.use == Use.MEETING:  # at most one neighbour had it before, and gave way
        assert Booking.objects.filter(status="displaced", displaced_by=left).count() <= 1


def test_one_person_in_eight_rooms_at_once_has_four_a_month(world: World) -> None:
    (person,) = crowd(world, 1)
    rooms = [shared(world.wenxing, f"共享{n}") for n in range(8)]
    day = next(n for n in range(2, 14) if clock.local(hours(n).starts_at).day <= 28)
    answers = at_once([lambda r=r: booked(r, person, world, wish(day)) for r in rooms])
    assert Counter(getattr(one, "code", "booked") for one in answers) == {"booked": 4, "room_month_used": 4}


def test_two_cancel_and_another_takes_it_once(world: World) -> None:
    one, two = crowd(world, 2)
    room = shared(world.wenxing)
    mine = booked(room, one, world)
    by = one.account or world.zhang
    answers = at_once([lambda: bookings.cancel(booking=mine, by=by)] * 8)
    assert Counter(getattr(a, "code", "done") for a in answers) == {"done": 1, "booking_not_standing": 7}
    assert booked(room, two, world)
    assert Room.objects.get(pk=room.pk).standing == "used"


def test_whoever_comes_second_waits_for_the_room_and_reads_who_has_it(world: World) -> None:
    """The room's lock, not the constraint behind it, which knows no name."""
    (person,), room = crowd(world, 1), shared(world.wenxing)
    with transaction.atomic():
        held(room, world, hours(5), title="合唱团")
        answer = in_background(lambda: booked(room, person, world, wish(5)))
        until_somebody_waits_for_us()
    said = answer()
    assert isinstance(said, RoomTaken) and "合唱团" in said.message


def test_classes_an_activity_and_a_team_move_into_the_same_free_evening(world: World) -> None:
    """One has the room; each of the others reads by what, and stays where it was with its own room."""
    room, evening = shared(world.wenxing, "东厅", capacity=40), plans.on(date(2026, 12, 9))
    one = plans.opened(world)
    two = plans.opened(world, room=plans.other_room(world), title="太极")
    activity = cast.activity(world.wenxing, starts_at=evening.starts_at, lasts=90)
    activity.room = room
    before = deadlocks()
    acts = [
        *[
            lambda c=c: moving.move(
                session=plans.lesson(c, 2), hours=evening, room=room, by=world.zhang, reason="老师出差", at=plans.AT
            )
            for c in (one, two)
        ],
        lambda: revising.change(activity=activity, by=world.zhang, at=plans.AT),
        lambda: held(room, world, evening),
    ]
    answers = at_once([lambda act=act: in_a_verb(act) for act in acts])
    lost = [answer for answer in answers if isinstance(answer, Exception)]
    assert len(lost) == 3 and all(isinstance(answer, RoomTaken) for answer in lost), answers
    assert all("东厅12月9日（周三）19:00—20:30已有“" in str(answer) for answer in lost), answers
    assert Booking.objects.holding().filter(room=room).count() == 1
    assert (overlaps(), deadlocks() - before, breaches()) == (0, 0, [])


def test_whoever_moves_in_second_waits_for_the_room_and_reads_who_has_it(world: World) -> None:
    room, evening, course = shared(world.wenxing, "东厅", capacity=40), plans.on(date(2026, 12, 9)), plans.opened(world)
    activity = cast.activity(world.wenxing, starts_at=evening.starts_at, lasts=90)
    activity.room = room
    session = plans.lesson(course, 2)
    with transaction.atomic():
        held(room, world, evening)
        moves = [
            in_background(
                lambda: moving.move(
                    session=session, hours=evening, room=room, by=world.zhang, reason="老师出差", at=plans.AT
                )
            ),
            in_background(lambda: revising.change(activity=activity, by=world.zhang, at=plans.AT)),
        ]
        until_somebody_waits_for_us()
    said = [answer() for answer in moves]
    assert all(isinstance(one, RoomTaken) and "合唱团" in one.message for one in said), said
    assert (plans.lesson(course, 2).booking_id, breaches()) == (session.booking_id, [])


def test_two_classes_that_change_rooms_crosswise_do_not_wait_for_each_other(world: World) -> None:
    one = plans.opened(world)
    two = plans.opened(world, room=plans.other_room(world), title="太极")
    before, evening = deadlocks(), plans.on(date(2026, 12, 9))
    answers = at_once(
        [
            lambda a=a, b=b: moving.move(
                session=plans.lesson(a, 2), hours=evening, room=b.room, by=world.zhang, reason="换一换", at=plans.AT
            )
            for a, b in ((one, two), (two, one))
        ]
    )
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    assert (overlaps(), deadlocks() - before, breaches()) == (0, 0, [])
