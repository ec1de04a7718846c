"""Taking a seat, giving it back. Pages, REST, desk and shell all come through here."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast

from communities import closing, helping, settings
from communities.models import Resident, User
from core import clock, words
from core.refusals import Refused
from core.sql import call
from core.verbs import Refusals, verb
from nightschool.models import Course, Enrolment
from notifications.outbox import Words, recall, tell, told
from points import ledger, purse as family

if TYPE_CHECKING:
    from nightschool.seen import Offer


class UnknownCourse(Refused):
    code = "unknown_course"
    message = "没有找到这门课，您的积分没有扣。请从课程列表里重新选择。"
    status = 404


class NotConfirmed(Refused):
    code = "resident_not_confirmed"
    message = "社区还没有确认您的登记，暂时不能报名，您的积分没有扣。一般一个工作日内确认，急用可打社区电话。"


class CourseCancelled(Refused):
    code = "course_cancelled"
    message = "这门课已停办，您的积分没有扣。请看看其他课程。"


class NotOpenYet(Refused):
    code = "not_open_yet"
    message = "这门课还没有开始报名，您的积分没有扣。请到时间再来。"


class SignUpClosed(Refused):
    code = "sign_up_closed"
    message = "这门课的报名已经截止，您的积分没有扣。请看看其他课程。"


class OtherSubDistrict(Refused):
    code = "other_sub_district"
    message = "这门课只对本街道居民开放，您的积分没有扣。"


class WrongAge(Refused):
    code = "wrong_age"
    message = "这门课有年龄要求，您的积分没有扣。请看课程的“对象”一栏。"


class AlreadyEnrolled(Refused):
    code = "already_enrolled"
    message = "您已经报过这门课了，没有重复扣积分。可在“我的码”里查看。"


class CourseFull(Refused):
    code = "course_full"
    message = "最后一个名额刚被兑走了，您的积分没有扣。可以看看其他课程。"


class NotSignedIn(Refused):
    code = "not_signed_in"
    message = "登录后才能报名，您的积分没有扣。请先登录。"


class NotSeated(Refused):
    code = "not_seated"
    message = "这个名额已经退过了，积分没有重复退回。"


class TooLateToCancel(Refused):
    code = "too_late_to_cancel"
    message = "开课前可自行退课的时间已过。因病、搬家等原因请联系社区办理。"


FACTS = "SELECT * FROM nightschool_facts(%s, %s, %s, %s)"
ENROL = "SELECT * FROM nightschool_enrol(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
REFUSALS: Refusals = {
    **ledger.REFUSALS,
    "course_seats": lambda _: CourseFull(),
    "enrolment_once": lambda _: AlreadyEnrolled(),
    "NS001": lambda _: CourseCancelled(),
    "CL001": lambda _: closing.AlreadyClosed(),
}


# What decides about one resident and one course: a course from `look`, or the row of `nightschool_facts`.
Facts: TypeAlias = "Offer | _Row"


def look(course_id: int, resident: Resident | None, at: datetime) -> "Offer":
    """The course with all that decides for `resident` in one unlocked query; refuses what is not shown.

    Whose own points are short is worth another query: what the household's purse holds.
    """
    found = (
        Course.objects.shown().with_view_of(resident, at).select_related("community__sub_district", "room", "partner")
    )
    course = found.filter(pk=course_id).first()
    if course is None:
        raise UnknownCourse
    offer = cast("Offer", course)
    offer.purse = family.spendable(resident, at) if resident and offer.spendable < offer.price else None
    return offer


def refusal_for(course: Facts, resident: Resident | None, at: datetime, *, purse: bool = False) -> Refused | None:
    """Why `resident` cannot take a seat at `at`; None when nothing stands against it. Pages, REST and the verb all ask.

    A visitor (None) hears what stands against everybody, and otherwise to sign in. With `purse` 家庭积分 is to pay.
    """
    reasons = [
        (course.is_seated, AlreadyEnrolled()),
        (course.status == Course.Status.CANCELLED, CourseCancelled()),
        (at >= course.closes_at, SignUpClosed()),
        (at < course.opens_at, NotOpenYet()),
        *(_against(resident, course, at) if resident else []),
        (course.taken >= course.capacity, CourseFull()),
        (resident is None, NotSignedIn()),
        *(_against_purse(course) if purse else _against_wallet(course)),
    ]
    return next((refused for stands, refused in reasons if stands), None)


def purse_pays(course: "Offer", resident: Resident, at: datetime) -> bool:
    """Whether only the household's purse can pay for this seat: the own points are short, and nothing else stands against it."""
    return course.purse is not None and refusal_for(course, resident, at, purse=True) is None


def _against_wallet(course: Facts) -> list[tuple[bool, Refused]]:
    return [(course.spendable < course.price, ledger.ShortOfPoints(course.price - course.spendable))]


def _against_purse(course: Facts) -> list[tuple[bool, Refused]]:
    if course.purse is None:
        return [(course.price > 0, ledger.NoPurse())]
    return [(course.purse < course.price, family.ShortOfPurse(course.price - course.purse))]


def _against(resident: Resident, course: Facts, at: datetime) -> list[tuple[bool, Refused]]:
    age = resident.age_on(clock.local(at).date())
    return [
        (not resident.confirmed, NotConfirmed()),
        (resident.community.sub_district_id != course.sub_district_id, OtherSubDistrict()),
        (age is not None and not course.min_age <= age <= (course.max_age or 200), WrongAge()),
    ]


def enrol(
    *, course_id: int, resident: Resident, by: User, channel: Enrolment.Channel, purse: bool = False,
    at: datetime | None = None,
) -> Enrolment:  # fmt: skip
    """Charge and seat `resident` in one transaction: no seat without charge, no charge without seat.

    With `purse` the household pays what the own points lack. Refuses with everything that `refusal_for` says. The look
    takes no lock and answers most people of a rush.
    """
    at = at or clock.now()
    facts = _facts(course_id, resident, at, purse)
    if refused := refusal_for(facts, resident, at, purse=purse):
        raise refused
    return _seat(course_id, facts, resident, by, channel, at, purse)


@verb(REFUSALS)
def _seat(
    course_id: int, facts: "_Row", resident: Resident, by: User, channel: Enrolment.Channel, at: datetime, purse: bool
) -> Enrolment:
    mine = Enrolment(course_id=course_id, resident=resident, price=facts.price, by=by, channel=channel, at=at)
    first = words.dated(facts.first_starts_at) if facts.first_starts_at else "时间待定"
    paid = f"使用{'家庭积分' if purse else ''}{facts.price}积分。" if facts.price else ""
    body = f"您已报名《{facts.title}》，首课{first}，{facts.room}。{paid}{helping.said(resident, by)}"
    mine.pk, mine.entry_id = call(
        ENROL, course_id, resident.pk, facts.price, facts.community_id, channel.value, by.pk, at,
        mine.token, mine.number, f"夜校《{facts.title}》", "夜校报名成功", body, purse,
    )  # fmt: skip
    mine._state.adding = False
    if purse and mine.entry_id:
        family.tell_relatives(
            entry=mine.entry_id, payer=resident, occasion=f"enrolment:{mine.pk}:purse",
            say=lambda points: f"家人用家庭积分报名《{facts.title}》，从您的积分使用了{points:,}积分。",
        )  # fmt: skip
    told()
    return mine


class _Row(NamedTuple):
    """A row of the SQL function `nightschool_facts`, in its order."""

    title: str
    room: str
    status: str
    price: int
    capacity: int
    taken: int
    opens_at: datetime
    closes_at: datetime
    min_age: int
    max_age: int | None
    community_id: int
    sub_district_id: int
    first_starts_at: datetime | None
    is_seated: bool
    spendable: int
    purse: int | None


def _facts(course_id: int, resident: Resident, at: datetime, purse: bool) -> _Row:
    row = call(FACTS, course_id, resident.pk, at, purse)
    if row is None:
        raise UnknownCourse
    return _Row(*row)


@verb()
def withdraw(*, enrolment: Enrolment, by: User, at: datetime | None = None) -> Enrolment:
    """The resident gives the seat back and gets the full price. Refuses with everything that `why_not_withdraw` says."""
    at = at or clock.now()
    if refused := why_not_withdraw(enrolment, cancel_deadline(enrolment.course), at):
        raise refused
    return _tell_helped(_release(enrolment, by, "本人退课", at), by)


@verb()
def cancel(*, enrolment: Enrolment, by: User, reason: str, at: datetime | None = None) -> Enrolment:
    """Staff take somebody off the course with a reason; the full price returns, and the resident is told why."""
    at = at or clock.now()
    released = _release(enrolment, by, reason, at)
    returned = f"{released.price}积分已退回。" if released.price else ""
    body = f"《{released.course.title}》的报名已由社区取消，原因：{reason}。{returned}"
    tell(
        resident=released.resident, occasion=f"enrolment:{released.pk}:cancelled",
        words=Words("夜校报名已取消", body, "/points/"),
    )  # fmt: skip
    return released


def cancel_deadline(course: Course) -> datetime:
    """Until when a resident may give the seat back: some hours before the first class (setting, 24)."""
    first = course.sessions.order_by("starts_at").values_list("starts_at", flat=True).first()
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
    return TooLateToCancel() if at > deadline else None


def _tell_helped(released: Enrolment, by: User) -> Enrolment:
    """Who gives a seat back knows it; whose helper did is told."""
    if helper := helping.said(released.resident, by):
        returned = f"{released.price}积分已退回。" if released.price else ""
        words = Words("夜校已退课", f"《{released.course.title}》已退课，{returned}{helper}", "/points/")
        tell(resident=released.resident, occasion=f"enrolment:{released.pk}:withdrawn", words=words)
    return released


def _release(enrolment: Enrolment, by: User, reason: str, at: datetime) -> Enrolment:
    # Locks: the wallet first (inside the ledger), then the enrolment, the counter last (by its trigger).
    refund = None
    if enrolment.entry_id:
        refund = ledger.reverse(
            key=f"enrolment:{enrolment.pk}:cancelled", entry=enrolment.entry_id, by=by,
            reason=f"退课《{enrolment.course.title}》", at=at,
        )  # fmt: skip
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
    return mine
