"""活动室 at the counter: booking for somebody who stands there or calls, and giving it back (communities/counter.py).

The hours are chosen on a page of its own (desk/bookings.py); the number that it hands over says room, beginning, length, people
and what for, so that the last look and the slip are those of every act.
"""

from datetime import UTC, datetime, timedelta

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from communities.counter import Act, Choice, Done, Plan, register
from communities.models import Resident, User
from communities.templatetags.places import located
from core import words
from core.refusals import Refused
from venues import booking as bookings, lettable
from venues.booking import Reason, Wish
from venues.claiming import Hours
from venues.models import Booking, Room

UNIT = 60  # seconds; a slot may have any number of minutes
REASONS = list(Reason)
# How many values each part of the number has, the last part first.
PARTS = (10, 10_000, 10_000, 1_000_000_000)


def register_acts() -> None:
    """The counter offers these, in this order."""
    register(Act("room", "预订活动室", rooms))
    register(Act("room-book", "预订活动室", None, book_plan, book))
    register(Act("room-back", "取消活动室预订", mine, cancel_plan, cancel))


def number_of(room: Room, wish: Wish) -> int:
    """`room` and `wish` as one number."""
    begins, ends = (int(moment.timestamp()) // UNIT for moment in wish.hours)
    number = room.pk
    parts = (begins, ends - begins, wish.people, REASONS.index(wish.reason))
    for many, part in zip(reversed(PARTS), parts, strict=True):
        number = number * many + part
    return number


def wished(number: int, resident: Resident) -> tuple[Room, Wish]:
    """What the number says; 404 for what no page handed over, and rooms of others."""
    parts = []
    for many in PARTS:
        number, part = divmod(number, many)
        parts.append(part)
    reason, people, length, begins = parts
    if reason >= len(REASONS) or number >= 2**31:
        raise Http404
    starts_at = datetime.fromtimestamp(begins * UNIT, UTC)
    hours = Hours(starts_at, starts_at + timedelta(seconds=length * UNIT))
    return get_object_or_404(lettable.rooms(resident), pk=number), Wish(hours, people, REASONS[reason])


def rooms(resident: Resident, at: datetime) -> list[Choice]:
    """Each room that the resident may ask for leads to its hours; with why not, if nothing can be booked at all."""
    return [_room(one, resident, bookings.refusal_to_ask(one, resident, at)) for one in lettable.rooms(resident)]


def _room(room: Room, resident: Resident, refused: Refused | None) -> Choice:
    address = reverse("desk:booking-for", args=[resident.pk, room.pk])
    why = refused.message if refused else ""
    return Choice(
        room.pk, room.name, f"{room.community}，{room.place}，最多{room.capacity}人", "免费", why, link=address
    )


def book_plan(resident: Resident, number: int, at: datetime) -> Plan:
    """404 for what no page handed over."""
    room, wish = wished(number, resident)
    facts = [
        ("活动室", located(room, room.community.name)),
        ("时间", f"{words.dated(wish.hours.starts_at)}—{words.span(*wish.hours).split('—')[1]}"),
        ("人数", f"{wish.people}人"),
        ("做什么", wish.reason.label),
        ("使用积分", "免费"),
    ]
    refused = bookings.refusal_for(room, resident, wish, at)
    return Plan(f"预订{room}", facts, "确认预订", "用完请打扫，关好水电门窗。不来请提前取消。", refused)


def book(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """Refuses whatever `booking.book` refuses."""
    room, wish = wished(number, resident)
    made = bookings.book(room=room, resident=resident, wish=wish, by=by, at=at)
    return Done(
        f"booking:{made.pk}",
        [
            f"已预订{room}，{bookings.when(made)}，{wish.people}人，{made.title}。",
            f"不来请在{words.dated(bookings.deadline(made))}前取消。",
        ],
    )


def mine(resident: Resident, at: datetime) -> list[Choice]:
    """What is booked and to come; one whose hour to give it back has passed says so."""
    found = lettable.coming(resident, at).filter(starts_at__gt=at)
    return [Choice(one.pk, str(one.room), bookings.when(one), refused=_why(one, at)) for one in found]


def _why(booking: Booking, at: datetime) -> str:
    refused = bookings.refusal_to_cancel(booking, at)
    if isinstance(refused, bookings.TooLate):
        return "可自行取消的时间已过，请在“活动室”的预订里办理。"
    return refused.message if refused else ""


def cancel_plan(resident: Resident, number: int, at: datetime) -> Plan:
    """404 for what is no booking of the resident's."""
    found = _own(resident, number)
    facts = [("活动室", str(found.room)), ("时间", bookings.when(found))]
    return Plan("取消活动室预订", facts, "确认取消", "取消后马上让给邻居。", bookings.refusal_to_cancel(found, at))


def cancel(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """Refuses whatever `booking.cancel` refuses."""
    gone = bookings.cancel(booking=_own(resident, number), by=by, at=at)
    return Done(f"booking:{gone.pk}", [f"已取消{gone.room}的预订，{bookings.when(gone)}。"])


def _own(resident: Resident, number: int) -> Booking:
    mine = Booking.objects.of(resident).select_related("room__community__sub_district")
    return get_object_or_404(mine, pk=number)
