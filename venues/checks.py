"""交接记录: before and after use somebody looks at the room and writes down how it was (domain guide, 12).

Whoever is on the spot does it: staff of the community, or the resident who keeps the keys.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from communities import duties
from communities.models import Resident, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb
from venues.models import Booking, Room, RoomCheck, Use
from venues.models.bookings import BookingQuerySet

EARLY = timedelta(minutes=60)  # one looks at a room shortly before it is used
OPEN_FOR = timedelta(days=7)  # longer after it nobody remembers whether the water was off
LONGEST, DAMAGE, NAME = 100, 200, 40


class NotYourKeys(Refused):
    code = "not_your_keys"
    message = "交接记录由社区工作人员或保管钥匙的居民填写，这次没有保存。"
    status = 403


class NothingToCheck(Refused):
    code = "nothing_to_check"
    message = "这次安排已经取消或变动，不用填写交接记录，没有保存。"


class TooEarly(Refused):
    code = "check_too_early"
    message = f"还没有到时间，没有保存。开始检查从使用前{int(EARLY.total_seconds()) // 60}分钟起填写，结束检查从使用开始后填写。"


class TooLate(Refused):
    code = "check_too_late"
    message = f"使用结束已超过{OPEN_FOR.days}天，不能再补交接记录，没有保存。"


class BeginningIsOver(Refused):
    code = "check_beginning_over"
    message = "使用已经结束，不能再填写开始检查，没有保存。请直接填写结束检查。"


class AlreadyChecked(Refused):
    code = "already_checked"
    message = "这一项检查已经有人填写，没有重复保存。"


class BadCheck(BadInput):
    code = "bad_check"
    message = f"请写明哪里不完好（不超过{LONGEST}字）。这次没有保存。"


class BadFinish(BadInput):
    code = "bad_finish"
    message = f"损坏不超过{DAMAGE}字，签字不超过{NAME}字。这次没有保存。"


def may_check(booking: Booking, by: User) -> bool:
    """Whether `by` may write down how the room is: the keyholder's own account, or staff of the community."""
    holder = booking.room.keyholder
    mine = holder is not None and holder.account_id == by.pk
    return mine or duties.holds(by, booking.room.community)


def refusal_to_begin(booking: Booking, at: datetime) -> Refused | None:
    """Why the beginning cannot be written down now; None when nothing stands against it. Page and verb ask."""
    check = check_of(booking)
    reasons: list[tuple[bool, Refused]] = [
        (booking.status != Booking.Status.BOOKED, NothingToCheck()),
        (check is not None, AlreadyChecked()),
        (at < booking.starts_at - EARLY, TooEarly()),
        (at >= booking.ends_at, BeginningIsOver()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


def refusal_to_finish(booking: Booking, at: datetime) -> Refused | None:
    """Why the end cannot be written down now; None when nothing stands against it."""
    check = check_of(booking)
    reasons: list[tuple[bool, Refused]] = [
        (booking.status != Booking.Status.BOOKED, NothingToCheck()),
        (check is not None and check.finished_at is not None, AlreadyChecked()),
        (at < booking.starts_at, TooEarly()),
        (at > booking.ends_at + OPEN_FOR, TooLate()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


def check_of(booking: Booking) -> RoomCheck | None:
    """What was written down so far."""
    return getattr(booking, "room_check", None)


@verb()
def begin(*, booking: Booking, well: bool, by: User, note: str = "", at: datetime | None = None) -> RoomCheck:
    """开始检查. Refuses `NotYourKeys`, what `refusal_to_begin` says, and `BadCheck` when something is wrong but not what."""
    at, mine, note = at or clock.now(), _locked(booking), note.strip()
    if not may_check(mine, by):
        raise NotYourKeys
    if refused := refusal_to_begin(mine, at):
        raise refused
    if (not well and not note) or len(note) > LONGEST or "\0" in note:
        raise BadCheck
    return RoomCheck.objects.create(booking=mine, began_at=at, began_by=by, began_well=well, began_note=note)


@verb()
def finish(
    *, booking: Booking, water_off: bool, power_off: bool, locked: bool, by: User, damage: str = "", signed: str = "",
    at: datetime | None = None,
) -> RoomCheck:  # fmt: skip
    """结束检查, with or without a beginning; `signed` is who gave the room back. Refuses as `begin`, and what `refusal_to_finish` says."""
    at, mine, damage, signed = at or clock.now(), _locked(booking), damage.strip(), signed.strip()
    if not may_check(mine, by):
        raise NotYourKeys
    if refused := refusal_to_finish(mine, at):
        raise refused
    if len(damage) > DAMAGE or len(signed) > NAME or "\0" in damage + signed:
        raise BadFinish
    check = check_of(mine) or RoomCheck(booking=mine)
    check.finished_at, check.finished_by, check.damage, check.signed = at, by, damage, signed
    check.water_off, check.power_off, check.locked = water_off, power_off, locked
    check.save()
    return check


def to_check(rows: BookingQuerySet) -> BookingQuerySet:
    """Those of `rows` that people use: a room that is shut for repairs is given back by nobody, nor is childcare's every day."""
    return rows.holding().exclude(use__in=(Use.CLOSED, Use.CARE))


def missing(rows: BookingQuerySet, at: datetime) -> BookingQuerySet:
    """Those of `rows` that are over and whose end nobody has written down, while it can still be done."""
    done = RoomCheck.objects.finished().filter(booking=OuterRef("pk"))
    return to_check(rows).filter(~Exists(done), ends_at__lte=at, ends_at__gt=at - OPEN_FOR)


def kept_by(resident: Resident) -> list[Room]:
    """The rooms whose keys `resident` keeps."""
    return list(Room.objects.in_use().filter(keyholder=resident).order_by("community", "name"))


def turns_of(resident: Resident, at: datetime) -> list[Booking]:
    """What the keyholder looks at: today's uses and tomorrow's, and those of the last week whose end is still missing; in order."""
    done = RoomCheck.objects.finished().filter(booking=OuterRef("pk"))
    mine = to_check(Booking.objects.filter(room__keyholder=resident)).select_related("room", "room_check")
    today = clock.at(clock.local(at).date(), datetime.min.time())
    near = mine.filter(~Exists(done), ends_at__gt=at - OPEN_FOR, starts_at__lt=today + timedelta(days=2))
    return list(near.order_by("starts_at"))


def _locked(booking: Booking) -> Booking:
    """The booking under lock: two who look at the same time come one after the other."""
    rows = Booking.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("room__community", "room__keyholder").get(pk=booking.pk)
