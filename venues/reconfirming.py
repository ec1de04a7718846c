"""再次确认: some days before, whoever booked is asked whether they still come; what nobody confirms is released to the neighbours.

Only what has a resident is asked for: what staff booked for a team or a meeting without one stays. Nobody loses a room without
having been asked some hours before; whoever has no phone is called by staff, who confirm for them (to-do).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.db.models import (
    CharField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse

from communities import duties, settings, todo
from communities.models import Setting, SubDistrict, User
from core import clock, words
from core.refusals import Refused
from core.verbs import verb
from notifications import outbox, quiet
from notifications.models import Message
from notifications.outbox import Words
from notifications.templates import Template
from venues import booking as bookings, claiming, no_shows
from venues.models import Booking

ASKED_BEFORE = timedelta(hours=4)  # at least so long before it is released
SOME = 200
HOUR = timedelta(hours=1)
INBOX, SMS = Message.Channel.INBOX, Message.Channel.SMS
Status = Booking.Status
RECONFIRM = Template("room-reconfirm", "请确认会来", "您预订的{room}{when}使用，请在{until}前确认。", ("room",))


class TooEarly(Refused):
    code = "booking_too_early"

    def __init__(self, since: datetime | None = None) -> None:
        when = f"{words.dated(since)}起" if since else "临近使用时"
        super().__init__(f"还没有到再次确认的时候，{when}可以确认。预订照旧保留。")


class AlreadyConfirmed(Refused):
    code = "booking_already_confirmed"
    message = "已经确认过了，活动室为您留着，不用重复确认。"


def since(booking: Booking) -> datetime:
    """From when on it may be confirmed again."""
    hours = settings.value_of(settings.ROOM_RECONFIRM_HOURS, booking.room.community.sub_district_id)
    return booking.starts_at - timedelta(hours=hours)


def until(booking: Booking) -> datetime:
    """When it is released if nobody confirms."""
    hours = settings.value_of(settings.ROOM_RELEASE_HOURS, booking.room.community.sub_district_id)
    return booking.starts_at - timedelta(hours=hours)


def refusal_for(booking: Booking, at: datetime) -> Refused | None:
    """Why it cannot be confirmed now; None when nothing stands against it. Page, REST and verb ask."""
    if booking.status != Status.BOOKED or at >= booking.starts_at or booking.resident_id is None:
        return bookings.NotBooked()
    if booking.reconfirmed_at:
        return AlreadyConfirmed()
    return TooEarly(since(booking)) if at < since(booking) else None


@verb()
def confirm(*, booking: Booking, by: User, at: datetime | None = None) -> Booking:
    """我会来: the room stays. By whoever booked. Refuses what `refusal_for` says."""
    at = at or clock.now()
    mine = no_shows.locked(booking)
    if refused := refusal_for(mine, at):
        raise refused
    mine.reconfirmed_at = at
    mine.save(update_fields=["reconfirmed_at"])
    return mine


@verb()
def confirm_for(*, booking: Booking, by: User, at: datetime | None = None) -> Booking:
    """Staff called and heard that somebody comes. Refuses a stranger, and what `refusal_for` says."""
    duties.require(by, booking.room.community, *duties.ENTERING)
    return confirm(booking=booking, by=by, at=at)


def open_(street: int, at: datetime) -> "QuerySet[Booking]":
    """Bookings of residents in the sub-district that are to be confirmed by now and are not."""
    hours = settings.value_of(settings.ROOM_RECONFIRM_HOURS, street)
    waiting = Booking.objects.holding().filter(
        room__community__sub_district=street, resident__isnull=False, reconfirmed_at=None,
        starts_at__gt=at, starts_at__lte=at + timedelta(hours=hours),
    )  # fmt: skip
    return waiting.order_by("starts_at", "pk")


def sweep(at: datetime) -> tuple[int, int]:
    """Ask whoever is to be asked, then release what nobody confirmed: how many of each. Called twice, everybody is asked once."""
    streets = list(SubDistrict.objects.order_by("pk").values_list("pk", flat=True))
    asked = sum(_ask(street, at) for street in streets)
    return asked, sum(_release_due(street, at) for street in streets)


@verb()
def _ask(street: int, at: datetime) -> int:
    untold = open_(street, at).alias(occasion=_occasion()).filter(~Exists(_told()))
    locked = untold.select_for_update(no_key=True, skip_locked=True, of=("self",))
    found = list(locked.select_related("room__community__sub_district", "resident")[:SOME])
    outbox.tell_many(row for one in found for row in _rows(one, at))
    return len(found)


def _occasion() -> Concat:
    return Concat(Value("booking:"), Cast("pk", CharField()), Value(":reconfirm"))


def _told() -> "QuerySet[Message]":
    return Message.objects.filter(resident=OuterRef("resident"), staff=None, occasion=OuterRef("occasion"))


def _rows(one: Booking, at: datetime) -> Iterable[Message]:
    resident, due_at = no_shows.named(one), quiet.calm(at)
    last, occasion = words.dated(until(one)), f"booking:{one.pk}:reconfirm"
    body = f"您预订的{one.room}（{bookings.when(one)}）快到了。请在{last}前确认会来，不确认的会让给邻居。"
    yield outbox.message(
        occasion,
        Words("请确认会来", body, f"/rooms/mine/{one.pk}/"),
        INBOX,
        resident=resident,
        due_at=due_at,
        until=one.starts_at,
    )
    if resident.phone:
        street = one.room.community.sub_district
        said = RECONFIRM.short(street, room=one.room.name, when=words.dated(one.starts_at), until=last)
        yield outbox.message(occasion, said, SMS, resident=resident, due_at=due_at, until=one.starts_at)


def _release_due(street: int, at: datetime) -> int:
    hours = settings.value_of(settings.ROOM_RELEASE_HOURS, street)
    heard = _told().filter(due_at__lte=at - ASKED_BEFORE)
    due = open_(street, at).filter(starts_at__lte=at + timedelta(hours=hours)).alias(occasion=_occasion())
    return sum(
        _release(booking=one, at=at) for one in due.filter(Exists(heard)).select_related("room__community")[:SOME]
    )


@verb()
def _release(*, booking: Booking, at: datetime) -> bool:
    """One transaction each: the room is free for the neighbours, and whoever had it is told."""
    claiming.hold([booking.room])
    mine = no_shows.locked(booking)
    if mine.status != Status.BOOKED or mine.reconfirmed_at:
        return False
    mine.status, mine.ended_at, mine.end_reason = Status.RELEASED, at, "到时没有确认"
    mine.ended_by = User.objects.get(username="system")
    mine.save(update_fields=["status", "ended_at", "ended_by", "end_reason"])
    body = f"您预订的{mine.room}（{bookings.when(mine)}）到时没有确认，已让给邻居，不算未到，积分没有变动。还要用的请重新预订。"
    outbox.tell(
        resident=no_shows.named(mine),
        occasion=f"booking:{mine.pk}:released",
        words=Words("预订已释放", body, f"/rooms/mine/{mine.pk}/"),
    )
    return True


def to_call(user: User) -> "QuerySet[Booking]":
    """Of the rooms where `user` works: bookings that may be confirmed by now and wait for a word; most of all of those without a phone."""
    at = clock.now()
    mine = (
        Booking.objects.for_staff(user).holding().filter(resident__isnull=False, reconfirmed_at=None, starts_at__gt=at)
    )
    hours = Cast(
        Coalesce(_in_force(settings.ROOM_RECONFIRM_HOURS), settings.ROOM_RECONFIRM_HOURS.default), IntegerField()
    )
    from_then = ExpressionWrapper(F("starts_at") - hours * Value(HOUR), DateTimeField())
    return mine.alias(from_then=from_then).filter(from_then__lte=at)


def _in_force(declared: settings.Value) -> Cast:
    """What holds today in the sub-district of a booking's room, inside the query: colleagues may work in several."""
    street = OuterRef("room__community__sub_district")
    versions = Setting.objects.filter(sub_district=street, key=declared.key, starts_on__lte=clock.today())
    return Cast(Subquery(versions.order_by("-starts_on").values("value")[:1]), IntegerField())


def rows(user: User) -> list[todo.Waiting]:
    """To-do: bookings that nobody has confirmed, before they are released."""
    found = partial(_found, user)
    return [
        todo.Waiting(
            "rooms", "活动室预订待确认（可打电话问）", f"{reverse('desk:bookings')}?state=unconfirmed", found, "starts_at",
            _released_at, "room__community__sub_district",
        )
    ]  # fmt: skip


def _released_at(starts_at: datetime, street: int) -> datetime:
    return starts_at - timedelta(hours=settings.value_of(settings.ROOM_RELEASE_HOURS, street))


def _found(user: User, _: object) -> "QuerySet[Booking]":
    return to_call(user)
