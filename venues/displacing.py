"""让位: a booking gives way to a meeting; whoever had the room is told at once, with another room or time that is free."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from communities.models import User
from core import clock, words
from notifications.models import Message
from notifications.outbox import Words, recall, tell
from notifications.templates import Template
from venues import claiming, opening
from venues.booking import when
from venues.claiming import Hours
from venues.models import Booking, Room

DAYS = 14  # so far ahead another time is looked for
Status = Booking.Status
DISPLACED = Template(
    "room-displaced", "活动室有调整", "{room}{when}要开社区会议，您的预订须调整，请看消息。", ("room",)
)


def displace(bookings: Iterable[Booking], *, by: User, at: datetime) -> list[Booking]:
    """Take the room from `bookings`, under the room's lock, before the new one is written; then `handed_over` says to whom."""
    gone = list(bookings)
    held = Booking.objects.holding().filter(pk__in=[one.pk for one in gone])
    held.update(status=Status.CANCELLED, ended_at=at, ended_by=by, end_reason="让给社区会议")
    return gone


def handed_over(gone: Iterable[Booking], to: Booking) -> None:
    """`gone` gave way to `to`: written down, and whoever had the room is told, the resident also by short message."""
    for one in gone:
        Booking.objects.filter(pk=one.pk).update(status=Status.DISPLACED, displaced_by=to)
        _tell(Booking.objects.select_related("room__community__sub_district", "resident", "by").get(pk=one.pk))


def _tell(gone: Booking) -> None:
    other = alternative(gone)
    instead = f"可改用{other[0]}，{_span(other[1])}。" if other else "请另选时间，或打社区电话。"
    body = f"{gone.room}（{when(gone)}）要开社区会议，原来的“{gone.title}”请让一让。{instead}很抱歉，积分没有变动。"
    said = Words("活动室有调整", body, f"/rooms/mine/{gone.pk}/" if gone.resident else f"/desk/bookings/{gone.pk}/")
    occasion = f"booking:{gone.pk}:displaced"
    if gone.resident is None:
        tell(staff=gone.by, occasion=occasion, words=said)
        return
    recall(resident=gone.resident, occasions=[f"booking:{gone.pk}:reconfirm"])
    tell(resident=gone.resident, occasion=occasion, words=said)
    if gone.resident.phone:
        street, when_ = gone.room.community.sub_district, words.dated(gone.starts_at)
        short = DISPLACED.short(street, room=gone.room.name, when=when_)
        tell(resident=gone.resident, occasion=occasion, words=short, channels=[Message.Channel.SMS])


def _span(hours: Hours) -> str:
    return f"{words.day(clock.local(hours.starts_at).date())}{words.span(*hours)}"


def alternative(gone: Booking) -> tuple[Room, Hours] | None:
    """Another shared room at the same hours, the own community's first; else the same hours of the next free day in the same room."""
    hours = Hours(gone.starts_at, gone.ends_at)
    street = gone.room.community.sub_district_id
    shared = Room.objects.in_use().filter(shared=True, community__sub_district=street).exclude(pk=gone.room_id)
    large = shared.filter(capacity__gte=gone.people or 1).select_related("community").prefetch_related("hours")
    for room in sorted(large, key=lambda one: (one.community_id != gone.room.community_id, one.pk)):
        if _free(room, hours):
            return room, hours
    for days in range(1, DAYS + 1):
        later = _moved(hours, days)
        if _free(gone.room, later):
            return gone.room, later
    return None


def _moved(hours: Hours, days: int) -> Hours:
    """The same clock times, so many days later."""
    day: date = clock.local(hours.starts_at).date() + timedelta(days=days)
    begins = clock.at(day, clock.local(hours.starts_at).time())
    return Hours(begins, begins + (hours.ends_at - hours.starts_at))


def _free(room: Room, hours: Hours) -> bool:
    gap = claiming.gap_of(room)
    held = claiming.in_the_way(room, [hours], gap=gap)
    return opening.is_open(room, hours) and claiming.clash(held, hours, gap) is None
