"""Giving a seat back. Whoever waits has it in the same transaction (waitlist.py)."""

from datetime import datetime, timedelta
from enum import StrEnum

from communities import duties, helping, settings
from communities.kin import refusal_between
from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb
from nightschool.line import waitlist
from nightschool.models import Course, Enrolment
from notifications.outbox import Words, recall, tell
from points import ledger, purse as family


class NotSeated(Refused):
    code = "not_seated"
    message = "这个名额已经退过了，积分没有重复退回。"


class TooLateToCancel(Refused):
    code = "too_late_to_cancel"
    message = "开课前可自行退课的时间已过。只有因病、搬家或社区调整课程还能退课，积分全额退回，请联系社区办理。"


class OnlyForListedReasons(TooLateToCancel):
    message = (
        "可以退课的时间已过，只有因病、搬家或社区调整课程还能退课，没有退课，积分没有变动。"
        "属于这些情况的，请在课程的“到课”页办理“特殊原因退课”。"
    )


class NotLateYet(Refused):
    code = "not_late_yet"
    message = "现在还可以自行退课、全额退回，不用办理特殊原因退课，没有改动。"


class NoSuchReason(BadInput):
    code = "no_such_reason"
    message = "特殊原因退课只限因病、搬家和课程变动，没有改动。请选择一项。"


class OwnSeat(Refused):
    code = "own_seat"
    message = "不能为自己、家人或由您代办的居民办理特殊原因退课，没有改动。请由另一位同事办理。"
    status = 403


class Late(StrEnum):
    """What gives everything back after the deadline, and nothing else does (domain guide, 5.3)."""

    ILL = "ill"
    MOVED = "moved"
    CHANGED = "changed"

    @property
    def label(self) -> str:
        return {"ill": "因病不能上课", "moved": "已经搬家", "changed": "社区调整了上课时间或地点"}[self.value]


@verb()
def withdraw(*, enrolment: Enrolment, by: User, at: datetime | None = None) -> Enrolment:
    """The resident gives the seat back and gets the full price. Refuses with everything that `why_not_withdraw` says."""
    at = at or clock.now()
    if refused := why_not_withdraw(enrolment, cancel_deadline(enrolment.course), at):
        raise refused
    return _tell_helped(_release(enrolment, by, "本人退课", at), by)


@verb()
def take_off(*, enrolment: Enrolment, by: User, reason: str, at: datetime | None = None) -> Enrolment:
    """Staff take somebody off for any reason, as long as the resident could do so; afterwards `leave_late` alone.

    Refuses `NotYourDuty`, `OnlyForListedReasons` and `NotSeated`.
    """
    at = at or clock.now()
    duties.require(by, enrolment.course.community, *duties.ENTERING)
    if enrolment.status == Enrolment.Status.SEATED and at > until(enrolment, cancel_deadline(enrolment.course)):
        raise OnlyForListedReasons
    return cancel(enrolment=enrolment, by=by, reason=reason, at=at)


@verb()
def cancel(*, enrolment: Enrolment, by: User, reason: str, at: datetime | None = None) -> Enrolment:
    """The organiser takes somebody off (a course that ends or is merged, and part of the two verbs around): the full price
    returns, and the resident is told why."""
    at = at or clock.now()
    released = _release(enrolment, by, reason, at)
    returned = f"{released.price}积分已退回。" if released.price else ""
    body = f"《{released.course.title}》的报名已由社区取消，原因：{reason}。{returned}"
    tell(
        resident=released.resident, occasion=f"enrolment:{released.pk}:cancelled",
        words=Words("夜校报名已取消", body, "/points/"),
    )  # fmt: skip
    return released


def refusal_to_leave_late(enrolment: Enrolment, by: User, at: datetime) -> Refused | None:
    """Why `by` does not take this person off for a listed reason; None when nothing stands against it."""
    if not duties.holds(by, enrolment.course.community):
        return duties.NotYourDuty()
    if enrolment.status != Enrolment.Status.SEATED:
        return NotSeated()
    if at <= until(enrolment, cancel_deadline(enrolment.course)):
        return NotLateYet()
    return refusal_between(by=by, beneficiaries=[enrolment.resident], family=OwnSeat())


@verb()
def leave_late(*, enrolment: Enrolment, reason: str, by: User, at: datetime | None = None) -> Enrolment:
    """Staff take somebody off after the deadline, for a listed reason alone; the full price returns.

    Refuses `NoSuchReason` and what `refusal_to_leave_late` says.
    """
    at = at or clock.now()
    if reason not in set(Late):
        raise NoSuchReason
    if refused := refusal_to_leave_late(enrolment, by, at):
        raise refused
    return cancel(enrolment=enrolment, by=by, reason=Late(reason).label, at=at)


def cancel_deadline(course: Course) -> datetime:
    """Until when a resident may give the seat back: some hours before the first class (setting, 24)."""
    first = course.sessions.held().order_by("starts_at").values_list("starts_at", flat=True).first()
    return deadline_before(first, course)


def deadline_before(first: datetime | None, course: Course, hours: int | None = None) -> datetime:
    """The same for a caller who has read when the first class starts, and, for a list, the setting."""
    if hours is None:
        hours = settings.value_of(settings.CANCEL_HOURS, course.community.sub_district_id)
    return (first or course.closes_at) - timedelta(hours=hours)


def why_not_withdraw(enrolment: Enrolment, deadline: datetime, at: datetime) -> Refused | None:
    """Why the resident cannot give this seat back at `at`; None when nothing stands against it."""
    if enrolment.status != Enrolment.Status.SEATED:
        return NotSeated()
    return TooLateToCancel() if at > until(enrolment, deadline) else None


def until(enrolment: Enrolment, deadline: datetime) -> datetime:
    """When this seat can be given back at the latest: who was moved here by a merger has some days to think again."""
    return max(deadline, enrolment.free_until or deadline)


def _tell_helped(released: Enrolment, by: User) -> Enrolment:
    """Who gives a seat back knows it; whose helper did is told."""
    if helper := helping.said(released.resident, by):
        returned = f"{released.price}积分已退回。" if released.price else ""
        words = Words("夜校已退课", f"《{released.course.title}》已退课，{returned}{helper}", "/points/")
        tell(resident=released.resident, occasion=f"enrolment:{released.pk}:withdrawn", words=words)
    return released


def _release(enrolment: Enrolment, by: User, reason: str, at: datetime) -> Enrolment:
    # Locks: the wallet first (inside the ledger), then the line, then the enrolment, the counter last (by its trigger).
    refund = None
    if enrolment.entry_id:
        refund = ledger.reverse(
            key=f"enrolment:{enrolment.pk}:cancelled", entry=enrolment.entry_id, by=by,
            reason=f"退课《{enrolment.course.title}》", at=at,
        )  # fmt: skip
    waitlist.hold(enrolment.course_id)
    locked = Enrolment.objects.select_for_update(no_key=True, of=("self",))
    mine = locked.select_related("course__community", "resident").get(pk=enrolment.pk)
    if mine.status != Enrolment.Status.SEATED:
        raise NotSeated
    mine.status, mine.cancelled_at, mine.cancelled_by, mine.cancel_reason = Enrolment.Status.CANCELLED, at, by, reason
    mine.refund_id = refund
    mine.save(update_fields=["status", "cancelled_at", "cancelled_by", "cancel_reason", "refund"])
    if refund:
        family.tell_relatives(
            entry=refund, payer=mine.resident, occasion=f"enrolment:{mine.pk}:purse-back",
            say=lambda points: f"家人的《{mine.course.title}》已退课，{points:,}积分退回您的账户。",
        )  # fmt: skip
    recall(resident=mine.resident, occasions=[session.reminder for session in mine.course.sessions.all()])
    waitlist.offer_next(mine.course_id, at=at)
    return mine
