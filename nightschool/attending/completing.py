"""结业: whoever was there for three quarters of the classes has it in writing, with a code by which everybody can check it.

Classes that were called off do not count, nor those whose roll nobody called; leave counts as not there. It is
written once the course is over and every list is in, or two weeks after the last class.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings as django_settings
from django.db.models import Exists, Max, OuterRef, Q
from django.http import Http404
from django.urls import reverse

from communities import duties, settings
from communities.appeals import Decision
from communities.drawing import drawn
from communities.kin import refusal_between
from communities.models import Appeal, Community, Resident, User
from core import clock, masks
from core.refusals import BadInput, Refused
from core.verbs import verb
from nightschool.attending import absence, attendance
from nightschool.attending.calling_roll import DESK_DAYS
from nightschool.models import Attendance, Completion, Course, Enrolment, Session
from notifications.outbox import Words, tell

LONGEST = 60
PREFIX = "completion"
WAIT = timedelta(days=DESK_DAYS)
BACK = timedelta(days=120)


class AlreadyRevoked(Refused):
    code = "completion_revoked"
    message = "这份结业证明已经作废，没有再改动。"


class HeadsRevoke(duties.NotYourDuty):
    message = "结业证明由社区主任或街道管理员作废，没有改动。如有问题，请告诉他们。"


class OwnCompletion(Refused):
    code = "own_completion"
    message = "不能办理自己、家人或由您代办的居民的结业证明，没有改动。请由其他同事办理。"
    status = 403


class NoWhy(BadInput):
    code = "completion_reason"
    message = f"请写明作废原因，不超过{LONGEST}字，没有改动。"


@dataclass(frozen=True)
class Check:
    """All that the check page says; nothing in it leads to the person's file."""

    number: str
    who: str
    course: str
    term: str
    unit: str
    issuer: Community
    issued_on: date
    revoked_on: date | None


def sweep(at: datetime) -> int:
    """Write what is due; how many. May be run twice, even at once."""
    by = User.objects.get(username="system")
    return sum(issue(seat=seat, by=by, at=at) for course in finished(at) for seat in _without(course))


def finished(at: datetime) -> list[Course]:
    """Courses whose last class was on a day that is over, with every list in, or waited for long enough."""
    today = clock.at(clock.local(at).date(), time())
    unheard = absence.uncalled(at).filter(course=OuterRef("pk"))
    seats = Enrolment.objects.seated().filter(course=OuterRef("pk"), completion=None)
    open_ = Course.objects.filter(Exists(seats), status=Course.Status.OPEN)
    held = ~Q(sessions__status=Session.Status.CANCELLED)
    over = open_.annotate(last=Max("sessions__starts_at", filter=held)).filter(last__lt=today, last__gt=at - BACK)
    typed = Attendance.objects.filter(session__course=OuterRef("pk"), at__gt=at - absence.QUIET)
    ready = ~Exists(unheard) & ~Exists(typed)
    return list(over.filter(ready | Q(last__lt=at - WAIT)).select_related("community").order_by("pk"))


def _without(course: Course) -> list[Enrolment]:
    return list(course.enrolments.seated().filter(completion=None).order_by("pk"))


def tally(seat: Enrolment) -> tuple[int, int]:
    """How many classes the person was at, of how many whose roll was called, or where the person was."""
    held = Session.objects.held().filter(course=seat.course_id)
    mine = set(seat.attendances.there().filter(session__in=held).values_list("session", flat=True))
    known = set(absence.called(held).values_list("pk", flat=True)) | mine
    return len(mine), len(known)


def completes(attended: int, lessons: int, percent: int) -> bool:
    """At least `percent` of the classes; nobody completes what nobody held."""
    return lessons > 0 and attended > 0 and attended * 100 >= percent * lessons


@verb()
def issue(*, seat: Enrolment, by: User, at: datetime) -> bool:
    """Write the completion of `seat` and tell the person. False when it is not earned, or was written."""
    mine = attendance.held(seat.pk)
    percent = settings.value_of(settings.COMPLETE_PERCENT, mine.course.community.sub_district_id)
    attended, lessons = tally(mine)
    if mine.status != Enrolment.Status.SEATED or not completes(attended, lessons, percent):
        return False
    number = f"JY{clock.local(at):%Y%m%d}-{mine.pk:06d}"
    made, new = Completion.objects.get_or_create(
        enrolment=mine,
        defaults={"number": number, "attended": attended, "lessons": lessons, "issued_by": by, "issued_at": at},
    )
    if new:
        body = f"恭喜您完成《{mine.course.title}》，到课{attended}次（共{lessons}次）。结业证明可以查看、打印，扫码可以核对。"
        said = Words("结业证明已发放", body, f"/night-school/completions/{made.pk}/")
        tell(resident=mine.resident, occasion=f"completion:{made.pk}:issued", words=said)
    return new


def refusal_to_revoke(one: Completion, by: User) -> Refused | None:
    """Why `by` does not revoke; None when nothing stands against it."""
    if not duties.holds(by, one.enrolment.course.community, duties.Role.HEAD, duties.Role.STREET_ADMIN):
        return HeadsRevoke()
    if one.revoked_at:
        return AlreadyRevoked()
    return refusal_between(by=by, beneficiaries=[one.enrolment.resident], family=OwnCompletion())


@verb()
def revoke(*, completion: Completion, reason: str, by: User, at: datetime | None = None) -> Completion:
    """From now on the check page says that it counts no more; told. Refuses `NoWhy` and what `refusal_to_revoke` says."""
    rows = Completion.objects.select_for_update(no_key=True, of=("self",))
    mine = rows.select_related("enrolment__course__community", "enrolment__resident").get(pk=completion.pk)
    if refused := refusal_to_revoke(mine, by):
        raise refused
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST or "\0" in reason:
        raise NoWhy
    mine.revoked_at, mine.revoked_by, mine.revoke_reason = at or clock.now(), by, reason
    mine.save(update_fields=["revoked_at", "revoked_by", "revoke_reason"])
    seat = mine.enrolment
    body = f"《{seat.course.title}》的结业证明（{mine.number}）已作废：{reason}。有不同意见可以申诉。积分没有变动。"
    said = Words("结业证明已作废", body, f"/appeals/{PREFIX}:{mine.pk}/")
    tell(resident=seat.resident, occasion=f"completion:{mine.pk}:revoked", words=said)
    return mine


def about(resident: Resident, number: int) -> Decision | None:
    """Finder of communities/appeals.py: that it was revoked."""
    rows = Completion.objects.filter(pk=number, enrolment__resident=resident).exclude(revoked_at=None)
    one = rows.select_related("enrolment__course__community").first()
    if one is None or one.revoked_at is None:
        return None
    course, link = one.enrolment.course, f"/night-school/completions/{number}/"
    subject = f"《{course.title}》结业证明（{one.number}）作废"
    return Decision(f"{PREFIX}:{number}", subject, one.revoked_at, one.revoked_by_id, course.community, link, "已作废")


@verb()
def answered(appeal: Appeal) -> None:
    """Listener of communities/appeals.py: upheld, it counts again."""
    prefix, _, number = appeal.about.partition(":")
    if prefix == PREFIX and appeal.status == Appeal.Status.UPHELD:
        Completion.objects.filter(pk=int(number)).update(revoked_at=None, revoked_by=None, revoke_reason="")


def check(token: str) -> Check:
    """What everybody reads who has the code; of a revoked one, or of a closed file, no name. 404 for a code of nothing."""
    rows = Completion.objects.select_related("enrolment__course__community__sub_district", "enrolment__course__term")
    one = rows.select_related("enrolment__resident").filter(token=token).first()
    if one is None:
        raise Http404
    course, resident = one.enrolment.course, one.enrolment.resident
    named = resident.status != Resident.Status.CLOSED and not one.revoked_at
    return Check(
        one.number, masks.name(resident.name) if named else "", course.title, str(course.term),
        f"{course.community.sub_district.name}{course.community.name}", course.community,
        clock.local(one.issued_at).date(), clock.local(one.revoked_at).date() if one.revoked_at else None,
    )  # fmt: skip


def sheet(one: Completion) -> dict[str, Any]:
    """Context of the paper: the completion with its course and resident, and the code by which it is checked."""
    address = django_settings.SITE_URL + reverse("nightschool:completion-check", args=[one.token])
    seat = one.enrolment
    held = seat.course.sessions.held().order_by("starts_at")
    days = [clock.local(moment).date() for moment in held.values_list("starts_at", flat=True)]
    return {
        "completion": one, "course": seat.course, "person": seat.resident, "qr": drawn(address),
        "from_on": days[0] if days else None, "to_on": days[-1] if days else None,
    }  # fmt: skip


def of(course: Course) -> Iterable[Completion]:
    """Those of a course, by the sound of the name."""
    rows = Completion.objects.filter(enrolment__course=course).select_related("enrolment__resident", "revoked_by")
    return rows.order_by("enrolment__resident__pinyin", "pk")
