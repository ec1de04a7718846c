"""预订: a resident takes a shared room of the sub-district for some hours, and gives it back. Rules: domain guide, 12.

Pages, REST and the counter come through here; what staff book for teams, meetings and repairs: series.py. No points move.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import TextChoices

from communities import closing, duties, settings, waiting
from communities.models import Resident, User
from communities.settings import Value
from core import clock, words
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from notifications.outbox import Words, recall, tell
from venues import claiming, no_shows, opening
from venues.claiming import Hours, Purpose
from venues.models import Booking, Room, Use

PERSON = 6002  # the kind of this lock among all (communities/waiting.py)
ADULT = 18
LONGEST = 60
KEYS = (
    settings.ROOM_SLOT, settings.ROOM_FIRST_DAYS, settings.ROOM_LAST_DAYS, settings.ROOM_HOURS_MOST,
    settings.ROOM_MONTH_MOST, settings.ROOM_CANCEL_HOURS, settings.ROOM_RECONFIRM_HOURS,
)  # fmt: skip
Status = Booking.Status


class Reason(TextChoices):
    """What for: chosen, not typed, since whoever asks for the same hours reads it."""

    READING = "reading", "读书学习"
    ART = "art", "文艺排练"
    SPORT = "sport", "健身锻炼"
    CRAFT = "craft", "手工棋牌"
    FAMILY = "family", "亲友聚会"
    TALK = "talk", "邻里议事"
    OTHER = "other", "其他活动"


class NotShared(Refused):
    code = "room_not_shared"
    message = "这个房间不对居民开放预订，没有预订。请选择其他活动室。"


class OtherStreet(Refused):
    code = "room_other_sub_district"
    message = "这个活动室只对本街道居民开放，没有预订。"


class NotConfirmed(Refused):
    code = "room_resident_not_confirmed"
    message = "社区还没有确认您的登记，暂时不能预订活动室，没有预订。一般一个工作日内确认，急用可打社区电话。"


class TooYoung(Refused):
    code = "room_too_young"
    message = "未满18岁的，请由家长预订活动室。这次没有预订。"


class Barred(Refused):
    code = "room_barred"

    def __init__(self, until: datetime | None = None) -> None:
        when = f"{words.dated(until)}以后" if until else "过一段时间"
        super().__init__(f"因多次预订未到，暂停预订，{when}可以再订。这次没有预订。有特殊情况可在“我的预订”里申诉。")


class BadHours(BadInput):
    code = "room_bad_hours"

    def __init__(self, minutes: int = 30) -> None:
        super().__init__(f"预订时间按{minutes}分钟一格，结束要晚于开始，不能跨天。没有预订，请重新选择时间。")


class NotOpenThen(Refused):
    code = "room_not_open"
    message = "这个时间活动室不开放，没有预订。请在开放时间内选择。"


class TooSoon(Refused):
    code = "room_too_soon"

    def __init__(self, days: int = 1) -> None:
        super().__init__(f"活动室最迟提前{days}天预订，没有预订。请选晚一些的日期，急用请打社区电话。")


class TooFar(Refused):
    code = "room_too_far"

    def __init__(self, days: int = 14) -> None:
        super().__init__(f"活动室最早提前{days}天预订，没有预订。请选近一些的日期。")


class TooLong(Refused):
    code = "room_too_long"

    def __init__(self, hours: int = 4) -> None:
        super().__init__(f"一次最多预订{hours}小时，没有预订。请缩短时间。")


class MonthUsed(Refused):
    code = "room_month_used"

    def __init__(self, month: int = 0, many: int = 4) -> None:
        super().__init__(f"每人每月最多预订{many}次，您{month}月已经用完，没有预订。请选其他月份，或先取消一次。")


class TooMany(Refused):
    code = "room_too_many_people"

    def __init__(self, holds: int = 0) -> None:
        super().__init__(f"这个活动室最多容纳{holds}人（消防核定），没有预订。请减少人数，或换一间大的。")


class NoPeople(BadInput):
    code = "room_no_people"
    message = "请填写人数，至少1人。没有预订。"


class AlreadyBooked(Refused):
    code = "room_already_booked"
    message = "您已经订好这个时间了，没有重复预订。可在“我的预订”里查看。"


class NotBooked(Refused):
    code = "booking_not_standing"
    message = "这个预订已经取消或有变动，没有改动。请在“我的预订”里查看。"


class TooLate(Refused):
    code = "booking_too_late"

    def __init__(self, hours: int = 24) -> None:
        super().__init__(f"离使用不到{hours}小时，不能自己取消，预订没有变。请打社区电话，由工作人员办理。")


class NoReason(BadInput):
    code = "booking_reason"
    message = f"请写明取消原因，不超过{LONGEST}字，预订人会看到。这次没有改动。"


class HeldElsewhere(Refused):
    code = "booking_of_a_class"
    message = "这个时间由夜校课程或社区活动占用，请在课程或活动里调整。这里没有改动。"


REFUSALS: Refusals = {**claiming.REFUSALS, "CL001": lambda _: closing.AlreadyClosed()}


class Wish(NamedTuple):
    """What a resident asks for."""

    hours: Hours
    people: int
    reason: Reason = Reason.OTHER


def refusal_to_ask(room: Room, resident: Resident, at: datetime) -> Refused | None:
    """Why `resident` cannot book `room` at any time; None when nothing stands against it. The room's page asks."""
    age = resident.age_on(clock.local(at).date())
    barred = no_shows.barred_until(resident, at)
    reasons: list[tuple[bool, Refused]] = [
        (not room.shared or room.standing == Room.Standing.CLOSED, NotShared()),
        (room.community.sub_district_id != resident.community.sub_district_id, OtherStreet()),
        (not resident.confirmed, NotConfirmed()),
        (age is not None and age < ADULT, TooYoung()),
        (barred is not None, Barred(barred)),
    ]
    return next((refused for stands, refused in reasons if stands), None)


def refusal_for(room: Room, resident: Resident, wish: Wish, at: datetime) -> Refused | None:
    """Why `resident` cannot have `wish`; None when nothing stands against it. Pages, REST, counter and verb ask."""
    if refused := refusal_to_ask(room, resident, at):
        return refused
    values = rules_of(room)
    return (
        _against_time(room, wish, values, at)
        or _against_people(room, wish)
        or _against_month(resident, wish, values)
        or _against_room(room, resident, wish)
    )


def rules_of(room: Room) -> dict[Value, int]:
    """The settings that decide, of the room's sub-district."""
    return settings.values_of(KEYS, room.community.sub_district_id)


def first_and_last(values: dict[Value, int], at: datetime) -> tuple[date, date]:
    """The first and the last day that may be booked at `at`."""
    today = clock.local(at).date()
    ahead = (values[settings.ROOM_FIRST_DAYS], values[settings.ROOM_LAST_DAYS])
    return today + timedelta(days=ahead[0]), today + timedelta(days=max(ahead))


def _against_time(room: Room, wish: Wish, values: dict[Value, int], at: datetime) -> Refused | None:
    begins, ends = wish.hours
    slot, most = values[settings.ROOM_SLOT], values[settings.ROOM_HOURS_MOST]
    day, (first, last) = clock.local(begins).date(), first_and_last(values, at)
    even = opening.on_slot(begins, slot) and (ends - begins) % timedelta(minutes=slot) == timedelta()
    reasons: list[tuple[bool, Refused]] = [
        (not (begins < ends and even and clock.local(ends).date() == day), BadHours(slot)),
        (day < first or begins <= at, TooSoon(values[settings.ROOM_FIRST_DAYS])),
        (day > last, TooFar(values[settings.ROOM_LAST_DAYS])),
        (ends - begins > timedelta(hours=most), TooLong(most)),
        (not opening.is_open(room, wish.hours), NotOpenThen()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


def _against_people(room: Room, wish: Wish) -> Refused | None:
    if wish.people < 1:
        return NoPeople()
    return TooMany(room.capacity) if wish.people > room.capacity else None


def _against_month(resident: Resident, wish: Wish, values: dict[Value, int]) -> Refused | None:
    """What was cancelled, given way or released is not counted; what nobody came to is."""
    day, most = clock.local(wish.hours.starts_at).date(), values[settings.ROOM_MONTH_MOST]
    begins = day.replace(day=1)
    ends = (begins + timedelta(days=31)).replace(day=1)
    counted = Booking.objects.of(resident).filter(use=Use.RESIDENT, status__in=(Status.BOOKED, Status.NO_SHOW))
    month = counted.filter(starts_at__gte=clock.at(begins, MIDNIGHT), starts_at__lt=clock.at(ends, MIDNIGHT))
    return MonthUsed(day.month, most) if month.count() >= most else None


MIDNIGHT = datetime.min.time()


def _against_room(room: Room, resident: Resident, wish: Wish) -> Refused | None:
    gap = claiming.gap_of(room)
    taken = claiming.clash(claiming.in_the_way(room, [wish.hours], gap=gap), wish.hours, gap)
    if taken is None:
        return None
    mine = taken.resident_id == resident.pk and (taken.starts_at, taken.ends_at) == wish.hours
    return AlreadyBooked() if mine else claiming.RoomTaken(taken)


@verb(REFUSALS)
def book(*, room: Room, resident: Resident, wish: Wish, by: User, at: datetime | None = None) -> Booking:
    """居民自用. Whoever books so near that the time to confirm again has come, has confirmed. Refuses what `refusal_for` says."""
    at = at or clock.now()
    waiting.hold(PERSON, resident.pk)  # so many a month: two at once are counted one after the other
    claiming.hold([room])
    if refused := refusal_for(room, resident, wish, at):
        raise refused
    purpose = Purpose(Use.RESIDENT, Reason(wish.reason).label, resident=resident, people=wish.people)
    (made,) = claiming.claim(room=room, hours=[wish.hours], purpose=purpose, by=by, at=at)
    near = timedelta(hours=rules_of(room)[settings.ROOM_RECONFIRM_HOURS])
    if made.starts_at - at <= near:
        made.reconfirmed_at = at
        made.save(update_fields=["reconfirmed_at"])
    if by.pk != resident.account_id:
        said = f"已为您预订{room}，{when(made)}，{wish.people}人。不来请提前取消，让给邻居。"
        tell(
            resident=resident,
            occasion=f"booking:{made.pk}:made",
            words=Words("活动室已预订", said, f"/rooms/mine/{made.pk}/"),
        )
    return made


def when(booking: Booking) -> str:
    """12月2日（周二）19:00—20:30."""
    return f"{words.day(clock.local(booking.starts_at).date())}{words.span(booking.starts_at, booking.ends_at)}"


def deadline(booking: Booking) -> datetime:
    """Until when whoever booked may cancel."""
    return last_to_cancel(booking.room, booking.starts_at)


def last_to_cancel(room: Room, starts_at: datetime) -> datetime:
    """The same of what begins at `starts_at`, booked or not."""
    hours = settings.value_of(settings.ROOM_CANCEL_HOURS, room.community.sub_district_id)
    return starts_at - timedelta(hours=hours)


def refusal_to_cancel(booking: Booking, at: datetime) -> Refused | None:
    """Why whoever booked cannot cancel; None when nothing stands against it. Page, counter and verb ask."""
    if booking.status != Status.BOOKED or at >= booking.starts_at:
        return NotBooked()
    last = deadline(booking)
    return TooLate(int((booking.starts_at - last).total_seconds()) // 3600) if at > last else None


@verb()
def cancel(*, booking: Booking, by: User, at: datetime | None = None) -> Booking:
    """Whoever booked gives the room back. Refuses what `refusal_to_cancel` says."""
    at = at or clock.now()
    claiming.hold([booking.room])
    mine = no_shows.locked(booking)
    if refused := refusal_to_cancel(mine, at):
        raise refused
    return _freed(mine, "预订人取消", by, at)


def refusal_to_call_off(booking: Booking, at: datetime) -> Refused | None:
    """Why staff cannot cancel; None when nothing stands against it. Page and verb ask."""
    if booking.status != Status.BOOKED or at >= booking.ends_at:
        return NotBooked()
    return HeldElsewhere() if booking.use in (Use.SCHOOL, Use.ACTIVITY) else None


@verb()
def call_off(*, booking: Booking, reason: str, by: User, at: datetime | None = None) -> Booking:
    """Staff cancel, until the end of it; whoever booked is told why. Refuses `NoReason`, a stranger, `refusal_to_call_off`."""
    at, reason = at or clock.now(), worded(reason)
    claiming.hold([booking.room])
    mine = no_shows.locked(booking)
    duties.require(by, mine.room.community, *duties.ENTERING)
    if refused := refusal_to_call_off(mine, at):
        raise refused
    _freed(mine, reason, by, at)
    if mine.resident:
        said = f"您预订的{mine.room}（{when(mine)}）已由社区取消，原因：{reason}。可以另选时间或活动室，积分没有变动。"
        tell(
            resident=mine.resident,
            occasion=f"booking:{mine.pk}:called-off",
            words=Words("活动室预订已取消", said, f"/rooms/mine/{mine.pk}/"),
        )
    return mine


def worded(reason: str) -> str:
    """Refuses `NoReason`."""
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST or "\0" in reason:
        raise NoReason
    return reason


def _freed(mine: Booking, reason: str, by: User, at: datetime) -> Booking:
    mine.status, mine.ended_at, mine.ended_by, mine.end_reason = Status.CANCELLED, at, by, reason
    mine.save(update_fields=["status", "ended_at", "ended_by", "end_reason"])
    if mine.resident:
        recall(resident=mine.resident, occasions=[f"booking:{mine.pk}:reconfirm"])
    return mine
