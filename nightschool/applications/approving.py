"""社区审核: staff give the seats of a course one by one or many at once. Whoever is approved pays and has the seat in one transaction.

Who is short of points stays 待审核 and is told what is missing. Nobody decides about the own family (domain guide, 21).
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, cast

from communities import duties
from communities.appeals import Decision
from communities.kin import Kin, OwnPhoneMissing, kin_of, refusal_between
from communities.models import Appeal, Resident, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb
from nightschool import enrolment
from nightschool.applications import applying
from nightschool.models import Application, Course
from notifications.outbox import Words
from notifications.templates import Template
from points.ledger import ShortOfPoints

if TYPE_CHECKING:
    from nightschool.seen import Offer

PREFIX = "application"  # of what may be appealed
APPROVED = Template(
    "course-approved", "夜校申请通过了", "《{title}》审核通过，名额已报上。不能来请在“我的码”里退课。", ("title",)
)
LONGEST = 100
SECONDS = 20.0
Status = Application.Status
IN_SHORT = {
    "course_full": "名额已满", "already_enrolled": "已有名额", "course_cancelled": "课程已停办", "classes_over": "课已上完",
    "resident_not_confirmed": "档案还没有确认", "other_sub_district": "不是本街道居民", "wrong_age": "年龄不符",
    "guardian_needed": "缺监护人同意", "application_settled": "已有结果", "not_applied": "已撤回", "own_applicant": "自己或家人，请同事审核",
}  # fmt: skip


class OwnApplicant(Refused):
    code = "own_applicant"
    message = "不能审核自己、家人或由您代办的居民的申请，没有改动，积分没有变动。请由另一位同事审核。"
    status = 403


class NotByApproval(Refused):
    code = "not_by_approval"
    message = "这门课由抽签决定，不能由工作人员审核，没有改动。"


class NoReason(BadInput):
    code = "no_reason"
    message = f"请写明原因（{LONGEST}字以内），居民会看到。这次什么都没有改动。"


def refusal_for(application: Application, by: User, kin: Kin | None = None) -> Refused | None:
    """Why `by` may not decide about `application`; None when nothing stands against it. A list passes `kin_of(by)`, read once.

    Its course with community, and its resident, are read beforehand.
    """
    if application.course.mode != Course.Mode.APPROVAL:
        return NotByApproval()
    if application.status == Status.WITHDRAWN:
        return applying.NotApplied()
    if application.status != Status.APPLIED:
        return applying.AlreadySettled()
    return refusal_between(by=by, beneficiaries=[application.resident], kin=kin, family=OwnApplicant())


@verb(applying.REFUSALS)
def approve(*, application: Application, by: User, at: datetime | None = None) -> Application:
    """Charge and seat. Refuses what `refusal_for` and `applying.refusal_to_seat` say, a full course and no duty there.

    Who is short of points is not refused: the application comes back 待审核 as it was, with the missing points in `reason`.
    """
    at = at or clock.now()
    _require(application, by)
    facts = enrolment.facts_of(application.course_id, application.resident, at, False)
    if refused := applying.refusal_to_seat(facts, application, at):
        if isinstance(refused, ShortOfPoints):
            return _stays(application, refused, at)
        raise refused
    seat = applying.seat(application, facts, by=by, at=at)
    # Wallets first, the row of the application after them: withdrawn or decided meanwhile, everything rolls back.
    mine = applying.locked(application)
    applying.settle(mine, Status.SEATED, by=by, at=at, seat=seat.pk)
    sms = APPROVED.short(mine.course.community.sub_district, title=mine.course.title)
    used = f"，使用{seat.price}积分" if seat.price else ""
    body = f"您申请的《{mine.course.title}》已审核通过，名额已为您报上{used}。"
    applying.tell(mine, ":result", Words("夜校申请通过了", body, f"/tickets/{seat.pk}/"), sms=sms, at=at)
    return mine


@verb()
def decline(*, application: Application, by: User, reason: str, at: datetime | None = None) -> Application:
    """No seat, with a reason that the resident reads and may appeal against. Refuses an empty reason and what `refusal_for` says."""
    at, reason = at or clock.now(), reason.strip()
    _require(application, by)
    if not 0 < len(reason) <= LONGEST or "\0" in reason:
        raise NoReason
    mine = applying.locked(application)
    applying.settle(mine, Status.DECLINED, by=by, at=at, reason=reason)
    body = f"您申请的《{mine.course.title}》没有通过，原因：{reason}。您的积分没有扣。有异议可以申诉。"
    applying.tell(mine, f":declined:{at:%y%m%d%H%M}", Words("夜校申请没有通过", body, applying.link(mine)), at=at)
    return mine


def _require(application: Application, by: User) -> None:
    duties.require(by, application.course.community)
    if refused := refusal_for(application, by):
        raise refused


def _stays(application: Application, refused: ShortOfPoints, at: datetime) -> Application:
    """Told once a day however often it is tried."""
    mine = applying.locked(application)
    body = (
        f"《{mine.course.title}》想给您报上名额，但您还差{refused.missing}积分，申请仍为待审核，积分没有扣。"
        "积分够了以后，社区会再审核。"
    )
    day = clock.local(at).date()
    applying.tell(mine, f":short:{day:%y%m%d}", Words("夜校申请还差积分", body, applying.link(mine)), at=at)
    mine.reason = f"还差{refused.missing}积分"
    mine.save(update_fields=["reason"])
    return mine


# Many at once


@dataclass
class Outcome:
    """What was done; `short` stay 待审核 and were told; `left` is for the next press."""

    done: list[Application] = field(default_factory=list)
    short: list[Application] = field(default_factory=list)
    refused: list[tuple[Application, Refused]] = field(default_factory=list)
    left: list[Application] = field(default_factory=list)


def approve_many(*, applications: Sequence[Application], by: User, seconds: float = SECONDS) -> Outcome:
    """Approve in the order of time, one transaction each; who is refused does not hold up the others."""
    outcome, end = Outcome(), time.monotonic() + seconds
    rows = sorted(applications, key=lambda one: one.number)
    for place, one in enumerate(rows):
        if place and time.monotonic() > end:
            outcome.left = rows[place:]
            break
        try:
            mine = approve(application=one, by=by)
        except Refused as refused:
            outcome.refused.append((one, refused))
        else:
            (outcome.done if mine.status == Status.SEATED else outcome.short).append(mine)
    return outcome


def decline_many(*, applications: Iterable[Application], by: User, reason: str) -> Outcome:
    """Decline all with the same reason, one transaction each. Refuses an empty reason before the first."""
    if not reason.strip():
        raise NoReason
    outcome = Outcome()
    for one in applications:
        try:
            outcome.done.append(decline(application=one, by=by, reason=reason))
        except Refused as refused:
            outcome.refused.append((one, refused))
    return outcome


@dataclass(frozen=True)
class Forecast:
    """What would become of one application if it were approved now: seated, or why not; `short` stays and is told."""

    application: Application
    refused: Refused | None

    @property
    def short(self) -> int:
        """Points that are missing; 0 when they are not what is missing."""
        return self.refused.missing if isinstance(self.refused, ShortOfPoints) else 0

    @property
    def barred(self) -> bool:
        """Not this colleague's to decide: the own family's."""
        return isinstance(self.refused, OwnApplicant | OwnPhoneMissing)

    @property
    def said(self) -> str:
        return said_to_staff(self.refused) if self.refused else ""


def said_to_staff(refused: Refused) -> str:
    """What the resident would hear as a whole sentence, in a few words for a colleague's list."""
    return IN_SHORT.get(refused.code, refused.message)


def forecast(applications: Iterable[Application], by: User, at: datetime) -> list[Forecast]:
    """For a list or the confirm page, in the order of time: seats are counted down as they would be given.

    The rows bring `spendable`, `seat_id` and `ended` (applied.with_means); one query for the family of `by`.
    """
    kin, found = kin_of(by), []
    left: dict[int, int] = {}
    for one in sorted(applications, key=lambda row: row.number):
        seats = left.setdefault(one.course_id, one.course.capacity - one.course.taken)
        refused = refusal_for(one, by, kin) or _against(one, seats, at)
        if refused is None:
            left[one.course_id] = seats - 1
        found.append(Forecast(one, refused))
    return found


def _against(one: Application, seats: int, at: datetime) -> Refused | None:
    course, asked = cast("Offer", one.course), one.__dict__
    course.guardian = one.guardian_id
    reasons = [
        (asked["seat_id"] is not None, enrolment.AlreadyEnrolled()),
        (course.status == Course.Status.CANCELLED, enrolment.CourseCancelled()),
        (asked["ended"], applying.ClassesOver()),
        *enrolment.against(one.resident, course, at),
        (seats <= 0, enrolment.CourseFull()),
        (asked["spendable"] < course.price, ShortOfPoints(course.price - asked["spendable"])),
    ]
    return next((refused for stands, refused in reasons if stands), None)


# An appeal against a refusal


def declined_about(resident: Resident, number: int) -> Decision | None:
    """For communities/appeals.py: what was declined may be appealed."""
    rows = Application.objects.of(resident).filter(pk=number, status=Status.DECLINED)
    mine = rows.select_related("course__community").first()
    if mine is None or mine.decided_at is None:
        return None
    return Decision(
        f"{PREFIX}:{mine.pk}", f"夜校《{mine.course.title}》的申请", mine.decided_at, mine.decided_by_id, mine.course.community,
        applying.link(mine), value=f"未通过：{mine.reason}"[:200],
    )  # fmt: skip


def appealed(appeal: Appeal) -> None:
    """Listener: an upheld appeal puts the application back among what waits; its place in the order of time stays."""
    prefix, _, number = appeal.about.partition(":")
    if prefix != PREFIX or appeal.status != Appeal.Status.UPHELD:
        return
    mine = Application.objects.select_for_update(no_key=True).get(pk=number)
    if mine.status == Status.DECLINED:
        mine.status, mine.decided_at, mine.decided_by, mine.reason = Status.APPLIED, None, None, ""
        mine.save(update_fields=["status", "decided_at", "decided_by", "reason"])
