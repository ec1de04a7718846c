"""我的码: what a resident shows at the door, and what can still be done with it. Looking never redeems."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from django.conf import settings
from django.db.models import Exists
from django.http import Http404
from django.urls import reverse
from django.utils.safestring import SafeString

from communities.drawing import drawn
from communities.models import Resident, User
from core import words
from core.refusals import Refused
from nightschool import leaving
from nightschool.models import Application, Course, Enrolment, Waiting

if TYPE_CHECKING:
    from nightschool.seen import Ticket

PAGE = 20


def coming(resident: Resident, at: datetime) -> list[Enrolment]:
    """The resident's seats with a class to come, the next class first."""
    return list(Enrolment.objects.of(resident).coming(at).select_related("course__room", "course__community")[:PAGE])


def over(resident: Resident, at: datetime, before: int | None) -> list[Enrolment]:
    """What is given back or over, the newest first, older than `before`; one more than a page."""
    rows = Enrolment.objects.of(resident).over(at).select_related("course__room")
    return list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])


class Beside(NamedTuple):
    """What else stands on 我的码, for the few who have it."""

    waits: bool = False
    teaches: bool = False
    applied: bool = False


def beside(resident: Resident, at: datetime) -> Beside:
    """One query for the three questions, so that nobody pays for what others have."""
    asked = Resident.objects.filter(pk=resident.pk).values_list(
        Exists(Waiting.objects.of(resident).standing()),
        Exists(Course.objects.shown().filter(taught_by=resident)),
        Exists(Application.objects.of(resident).listed(at)),
    )
    return Beside(*asked.get())


def ticket(resident: Resident, number: int, at: datetime) -> "Ticket":
    """The resident's own enrolment `number`; that of somebody else does not exist (404)."""
    mine = Enrolment.objects.of(resident).with_next_session(at).with_payment()
    found = mine.select_related("course__room", "course__community", "course__term").filter(pk=number).first()
    if found is None:
        raise Http404
    return cast("Ticket", found)


def withdrawal(mine: "Ticket", at: datetime) -> Refused | None:
    """Why this seat cannot be given back at `at`; None when it can."""
    return leaving.why_not_withdraw(mine, leaving.deadline_before(mine.first_starts_at, mine.course), at)


def leave_by(mine: "Ticket") -> datetime:
    """退课截止."""
    return leaving.until(mine, leaving.deadline_before(mine.first_starts_at, mine.course))


def given_back(mine: Enrolment) -> str:
    """What is said after giving back."""
    back = f"，{words.points(mine.price)}积分已退回" if mine.price else ""
    return f"《{mine.course.title}》已退课{back}。"


def scanned(token: str, at: datetime) -> "Ticket":
    """The enrolment whose QR code was scanned."""
    found = (
        Enrolment.objects.with_next_session(at)
        .select_related("course__room", "course__term", "resident")
        .filter(token=token)
    )
    first = found.first()
    if first is None:
        raise Http404
    return cast("Ticket", first)


def may_check(user: User, shown: Enrolment) -> bool:
    """Whether `user` works where the course is given."""
    return user.is_desk_user and Enrolment.objects.for_staff(user).filter(pk=shown.pk).exists()


def is_valid(mine: "Ticket") -> bool:
    """Whether this code opens a door: the seat is taken and a class is to come."""
    return mine.status == Enrolment.Status.SEATED and mine.next_starts_at is not None


def standing(mine: "Ticket") -> tuple[str, str]:
    """(word, tone of a tag): whether the seat counts."""
    if is_valid(mine):
        return "有效", "g"
    return ("课程已结束" if mine.status == Enrolment.Status.SEATED else mine.get_status_display()), ""


def sheet(mine: "Ticket", at: datetime, *, just_redeemed: bool) -> dict[str, Any]:
    """Context of `nightschool/ticket.html`; only a code that is valid is drawn."""
    valid = is_valid(mine)
    done = valid and just_redeemed
    success = "兑换成功" if mine.price else "报名成功"
    return {
        "ticket": mine, "done": done, "title": success if done else "签到码" if valid else "报名记录",
        "qr": qr(mine) if valid else "", "standing": standing(mine),
        "next_class": next_class(mine), "refused": withdrawal(mine, at), "leave_by": leave_by(mine),
    }  # fmt: skip


def next_class(mine: "Ticket") -> str:
    """第3课，今晚19:00, with the room if it is not the course's; nothing when the code opens no door any more."""
    if mine.next_starts_at is None or not is_valid(mine):
        return ""
    elsewhere = f"，{mine.next_place}" if mine.next_place != str(mine.course.room) else ""
    return f"第{mine.next_number}课，{words.moment(mine.next_starts_at)}{elsewhere}"


def qr(mine: Enrolment) -> SafeString:
    """The code as inline SVG, without style or script. It holds an address: who opens it decides what is seen."""
    return drawn(settings.SITE_URL + reverse("nightschool:check", args=[mine.token]))
