"""名额恢复: a seat that was freed for absences which count no more comes back, or everything that was paid for it does.

Called inside the verb that took the absences back: an excuse, or an appeal that was upheld.
"""

from datetime import datetime

from communities import settings
from communities.models import User
from core.refusals import Refused
from core.sql import call
from core.verbs import Refusals
from nightschool.attending import attendance, consequences
from nightschool.line import waitlist
from nightschool.models import ONLINE, Course, Enrolment, Waiting
from notifications.outbox import Words, tell
from points import ledger, purse as family

Status = Enrolment.Status


class SeatJustGone(Refused):
    code = "seat_just_gone"
    message = "空出的名额刚被占了，这次没有办理。请再提交一次，将改为全额退回积分。"


REFUSALS: Refusals = {
    name: lambda _: SeatJustGone() for name in ("course_seats", "course_seats_online", "enrolment_once", "NS001")
}


def held(seat_id: int) -> Enrolment:
    """The seat, locked, and before it the wallet and the line where the seat was freed: it may come back."""
    seat = Enrolment.objects.get(pk=seat_id)
    if seat.status == Status.FREED:
        call(ledger.HOLD, [seat.resident_id])
        waitlist.hold(seat.course_id)
    return attendance.held(seat_id)


def review(seat: Enrolment, by: User, why: str, at: datetime) -> None:
    """After an absence of `seat` (from `held`) counts no more: a seat that would not have been freed is given back."""
    keys = (settings.FREED_FIRST, settings.FREED_ABSENCES)
    values = settings.values_of(keys, seat.course.community.sub_district_id)
    missed = consequences.missed_first(seat, at, values[settings.FREED_FIRST])
    if seat.status == Status.FREED and missed < values[settings.FREED_ABSENCES]:
        restore(seat, by, why, at)


def restore(seat: Enrolment, by: User, why: str, at: datetime) -> None:
    """The seat again while one is free and a class is to come, else the full price. `seat` is from `held`."""
    if _has_room(seat, at):
        _seat_again(seat, by, why, at)
    else:
        _return_all(seat, by, why, at)


def _has_room(seat: Enrolment, at: datetime) -> bool:
    course = Course.objects.get(pk=seat.course_id)
    ahead = course.sessions.held().filter(starts_at__gt=at).exists()
    again = Enrolment.objects.seated().filter(course=course, resident=seat.resident_id).exists()
    waits = Waiting.objects.standing().filter(course=course, resident=seat.resident_id).exists()
    free = course.seats_left > 0 or (seat.channel not in ONLINE and course.taken < course.capacity)
    return course.status == Course.Status.OPEN and ahead and free and not again and not waits


def _seat_again(seat: Enrolment, by: User, why: str, at: datetime) -> None:
    for notice in seat.absence_notices.standing():
        notice.lifted_at, notice.lifted_by, notice.lift_reason = at, by, why
        notice.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    seat.status, seat.cancelled_at, seat.cancelled_by, seat.cancel_reason = Status.SEATED, None, None, ""
    seat.save(update_fields=["status", "cancelled_at", "cancelled_by", "cancel_reason"])
    said = Words("名额已恢复", f"《{seat.course.title}》的名额已恢复，请按时来上课。", attendance.page_of(seat))
    tell(resident=seat.resident, occasion=f"enrolment:{seat.pk}:again:{int(at.timestamp())}", words=said)


def _return_all(seat: Enrolment, by: User, why: str, at: datetime) -> None:
    refund = None
    if seat.entry_id:
        reason = f"退课《{seat.course.title}》"
        refund = ledger.reverse(
            key=f"enrolment:{seat.pk}:cancelled", entry=seat.entry_id, by=by, reason=reason, at=at
        )  # fmt: skip
    seat.status, seat.refund_id, seat.cancel_reason = Status.CANCELLED, refund, f"{why}，全额退回"
    seat.save(update_fields=["status", "refund", "cancel_reason"])
    if refund:
        family.tell_relatives(
            entry=refund, payer=seat.resident, occasion=f"enrolment:{seat.pk}:purse-back",
            say=lambda points: f"家人的《{seat.course.title}》已退课，{points:,}积分退回您的账户。",
        )  # fmt: skip
    back = f"{seat.price}积分已全额退回" if seat.price else "这门课没有使用积分"
    said = Words(why, f"《{seat.course.title}》已经没有空余名额，{back}。", "/points/")
    tell(resident=seat.resident, occasion=f"enrolment:{seat.pk}:returned", words=said)
