"""预订未到: marked by staff, excused by staff, open to an appeal; three within 90 days keep a resident from booking for 30 days.

Whoever is kept out is not written anywhere: it follows from what is marked, so that an excuse ends it at once.
"""

from datetime import datetime, timedelta

from communities import appeals, duties, settings
from communities.kin import refusal_between
from communities.models import Appeal, Resident, User
from core import clock, words
from core.refusals import BadInput, Refused
from core.verbs import verb
from notifications.outbox import Words, tell
from venues.models import Booking, RoomCheck

PREFIX = "room_no_show"
LATE = timedelta(minutes=30)  # whoever has not come by then does not come
LONGEST = 60
MARKED = timedelta(days=14)  # so long after it staff still remember
KEYS = (settings.ROOM_NO_SHOW_DAYS, settings.ROOM_NO_SHOWS, settings.ROOM_BAR_DAYS)
Status = Booking.Status


class NotYetLate(Refused):
    code = "booking_not_late"
    message = "开始后满30分钟还没有人来，才能记为未到。这次没有改动。"


class TooLongAgo(Refused):
    code = "booking_long_ago"
    message = f"这次预订结束已超过{MARKED.days}天，不能再记为未到。这次没有改动。"


class NobodyNamed(Refused):
    code = "booking_of_nobody"
    message = "这次预订没有登记预订居民，不能记为未到。这次没有改动。"


class SomebodyCame(Refused):
    code = "booking_was_used"
    message = "这次使用已有结束检查的交接记录，说明有人来过，不能记为未到。这次没有改动。"


class NotANoShow(Refused):
    code = "booking_no_no_show"
    message = "这次预订没有记为未到，或已经不计，没有改动。"


class NoExcuse(BadInput):
    code = "booking_excuse"
    message = f"请写明不计的原因，不超过{LONGEST}字，居民会看到。这次没有改动。"


def marked(resident: Resident) -> list[Booking]:
    """The resident's bookings that count as not come to, in order."""
    mine = Booking.objects.of(resident).filter(status=Status.NO_SHOW, excused_at=None)
    return list(mine.order_by("starts_at"))


def barred_until(resident: Resident, at: datetime) -> datetime | None:
    """Until when `resident` may not book; None when nothing of the kind stands. Two queries at most."""
    missed = marked(resident)
    if not missed:
        return None
    values = settings.values_of(KEYS, resident.community.sub_district_id)
    many, within = values[settings.ROOM_NO_SHOWS], timedelta(days=values[settings.ROOM_NO_SHOW_DAYS])
    bar = timedelta(days=values[settings.ROOM_BAR_DAYS])
    ends = [
        one.ended_at + bar
        for first, one in zip(missed, missed[many - 1 :], strict=False)
        if one.ended_at is not None and one.starts_at - first.starts_at <= within
    ]
    latest = max(ends, default=None)
    return latest if latest and latest > at else None


def follows(booking: Booking) -> str:
    """90天内3次，暂停预订30天: what comes of being marked, in the figures of whoever booked."""
    resident = named(booking)
    values = settings.values_of(KEYS, resident.community.sub_district_id)
    return "{}天内{}次，暂停预订{}天".format(*(values[one] for one in KEYS))


def refusal_to_mark(booking: Booking, at: datetime) -> Refused | None:
    """Why `booking` cannot be marked as not come to; None when nothing stands against it. Page and verb ask."""
    reasons: list[tuple[bool, Refused]] = [
        (booking.status != Status.BOOKED, NotANoShow("这次预订已经变动，不能记为未到。这次没有改动。")),
        (booking.resident_id is None, NobodyNamed()),
        (at < min(booking.starts_at + LATE, booking.ends_at), NotYetLate()),
        (at > booking.ends_at + MARKED, TooLongAgo()),
        (RoomCheck.objects.finished().filter(booking=booking).exists(), SomebodyCame()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


@verb()
def mark(*, booking: Booking, by: User, at: datetime | None = None) -> Booking:
    """预订未到; the resident is told what follows and how to object. Refuses what `refusal_to_mark` says, and the own family's."""
    at = at or clock.now()
    mine = locked(booking)
    duties.require(by, mine.room.community)
    if refused := refusal_to_mark(mine, at):
        raise refused
    resident = named(mine)
    if refused := refusal_between(by=by, beneficiaries=[resident]):
        raise refused
    mine.status, mine.ended_at, mine.ended_by = Status.NO_SHOW, at, by
    mine.save(update_fields=["status", "ended_at", "ended_by"])
    tell(resident=resident, occasion=f"booking:{mine.pk}:no-show", words=_told(mine, resident, at))
    return mine


def _told(booking: Booking, resident: Resident, at: datetime) -> Words:
    until = barred_until(resident, at)
    follows = f"因多次未到，{words.day(clock.local(until).date())}前不能再预订。" if until else ""
    body = f"您预订的{booking.room}（{words.dated(booking.starts_at)}）没有人来，已记一次未到，积分没有变动。{follows}有特殊情况可以申诉。"
    return Words("预订未到", body, f"/rooms/mine/{booking.pk}/")


@verb()
def excuse(*, booking: Booking, reason: str, by: User, at: datetime | None = None) -> Booking:
    """不计: what was marked counts no more. Refuses `NoExcuse`, `NotANoShow`, a stranger, and the own family's."""
    mine, reason = locked(booking), reason.strip()
    duties.require(by, mine.room.community)
    if not 0 < len(reason) <= LONGEST or "\0" in reason:
        raise NoExcuse
    if mine.status != Status.NO_SHOW or mine.excused_at:
        raise NotANoShow
    if refused := refusal_between(by=by, beneficiaries=[named(mine)]):
        raise refused
    return _excused(mine, reason, by, at or clock.now())


def _excused(mine: Booking, reason: str, by: User, at: datetime) -> Booking:
    mine.excused_at, mine.excused_by, mine.excuse = at, by, reason
    mine.save(update_fields=["excused_at", "excused_by", "excuse"])
    body = f"您预订的{mine.room}（{words.dated(mine.starts_at)}）不再算作未到，原因：{reason}。"
    tell(
        resident=named(mine),
        occasion=f"booking:{mine.pk}:excused",
        words=Words("未到已不计", body, f"/rooms/mine/{mine.pk}/"),
    )
    return mine


def locked(booking: Booking) -> Booking:
    """The booking under lock, with what its verbs need."""
    rows = Booking.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("room__community__sub_district", "resident__community").get(pk=booking.pk)


def named(booking: Booking) -> Resident:
    """Who booked. Refuses `NobodyNamed`."""
    if booking.resident is None:
        raise NobodyNamed
    return booking.resident


def decided(resident: Resident, number: int) -> appeals.Decision | None:
    """What may be appealed: that a booking was marked as not come to (communities/appeals.py)."""
    mine = Booking.objects.of(resident).filter(pk=number, status=Status.NO_SHOW, excused_at=None)
    found = mine.select_related("room__community").first()
    if found is None or found.ended_at is None:
        return None
    subject = f"{found.room}{words.dated(found.starts_at)}记为未到"
    return appeals.Decision(
        f"{PREFIX}:{found.pk}", subject, found.ended_at, found.ended_by_id, found.room.community,
        f"/rooms/mine/{found.pk}/", "未到一次",
    )  # fmt: skip


def answered(appeal: Appeal) -> None:
    """Listener of appeals: upheld, the mark counts no more."""
    prefix, _, number = appeal.about.partition(":")
    if prefix != PREFIX or appeal.status != Appeal.Status.UPHELD or appeal.answered_by is None:
        return
    mine = locked(Booking(pk=int(number)))
    if mine.status == Status.NO_SHOW and not mine.excused_at:
        _excused(mine, "申诉成立", appeal.answered_by, appeal.answered_at or clock.now())
