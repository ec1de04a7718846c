"""What pages show of applications: the bar under a course, one's own application, one's own list."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import Http404
from django.urls import reverse

from communities import appeals, calendar, settings
from communities.models import Resident
from core import clock, words
from core.bars import Bar
from core.refusals import Refused
from nightschool import actionbar, family
from nightschool.applications import applying, approving
from nightschool.models import Application, Course, Enrolment
from points import statement
from points.models import Lot

if TYPE_CHECKING:
    from nightschool.seen import Offer

PAGE = 20
Status = Application.Status
DRAW = Course.Mode.DRAW
OURS = {"by_draw", "by_approval", "sign_up_closed", "not_open_yet"}
TONES = {
    Status.APPLIED: "b", Status.SEATED: "g", Status.WAITING: "y", Status.PASSED: "", Status.DECLINED: "", Status.VOID: "",
    Status.WITHDRAWN: "",
}  # fmt: skip


def bar_for(course: "Offer", resident: Resident | None, refused: Refused | None, at: datetime) -> Bar:
    """The bar of a course's page: for courses by draw or approval what has to do with applying, else the one of actionbar."""
    if course.mode == Course.Mode.FIRST or refused is None or refused.code not in OURS:
        return actionbar.bar_for(course, refused)
    mine = applying.mine_of(course.pk, resident)
    if mine is not None:
        label, tone = standing(mine)
        return Bar(label, f"申请编号{mine.number}", tone or "y", label="我的申请", url=applying.link(mine))
    return to_apply(course, applying.refusal_for(course, resident, at))


def to_apply(course: "Offer", refused: Refused | None) -> Bar:
    """What can be done by who has not applied; `refused` is the answer of `applying.refusal_for`."""
    by_draw = course.mode == DRAW
    here = reverse("nightschool:apply", args=[course.pk])
    price = f"{words.points(course.price)}积分" if course.price else "免费"
    code = refused.code if refused else ""
    if not code:
        sub = f"{words.moment(course.closes_at)}截止，{'抽中' if by_draw else '通过'}才{'扣分' if course.price else '算数'}"
        return Bar(price, sub, "cost", label="申请抽签" if by_draw else "提出申请", url=here)
    if code == "not_signed_in":
        return Bar(price, "登录后申请", "cost", label="登录", url=here)
    if code == "not_open_yet":
        return Bar("申请未开始", f"{words.moment(course.opens_at)}开始申请")
    if code == "sign_up_closed" and by_draw:
        return Bar(
            "申请已截止",
            "抽签次序人人可核对",
            label="抽签公示",
            url=reverse("nightschool:draw", args=[course.pk]),
            look="ghost",
        )
    return actionbar.bar_for(course, refused)


def standing(mine: Application) -> tuple[str, str]:
    """(word, tone of a tag)."""
    if mine.status == Status.APPLIED:
        return ("待抽签" if mine.course.mode == DRAW else "待审核"), "b"
    if mine.enrolment and mine.enrolment.status != Enrolment.Status.SEATED:
        return mine.enrolment.get_status_display(), ""
    if mine.status == Status.SEATED and mine.course.mode == DRAW:
        return "抽中了", "g"
    return mine.get_status_display(), TONES[Status(mine.status)]


def answer_by(closes_on: date, sub_district_id: int) -> date:
    """Until which day the community answers: some working days after the window (setting)."""
    days = settings.value_of(settings.APPROVE_DAYS, sub_district_id)
    return calendar.add_working_days(closes_on, days, sub_district_id)


def question(
    course: "Offer", who: Resident, at: datetime, refused: Refused | None = None, *, other: bool = False
) -> dict[str, Any]:
    """Context of the last look before applying for `who`; of an `other` of the family a refusal speaks by name."""
    by_draw = course.mode == DRAW
    street = course.community.sub_district_id
    when = (
        f"{words.moment(course.closes_at)}截止后抽签"
        if by_draw
        else f"{words.day(answer_by(clock.local(course.closes_at).date(), street))}前答复"
    )
    return {
        "course": course, "community": course.community, "by_draw": by_draw, "when": when,
        "missing": max(0, course.price - course.spendable), "button": "申请抽签" if by_draw else "提出申请",
        "who": who, "other": other, "refused": refused, "message": family.addressed(refused, who, other=other),
    }  # fmt: skip


def application(resident: Resident, number: int) -> Application:
    """The resident's own; that of somebody else does not exist (404)."""
    rows = Application.objects.of(resident).select_related(
        "course__room", "course__community", "course__term", "enrolment"
    )
    found = rows.filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def refusal_to_withdraw(mine: Application) -> Refused | None:
    """For the page that asks before an application is taken back."""
    if mine.status == Status.WITHDRAWN:
        return applying.NotApplied()
    return None if mine.status == Status.APPLIED else applying.AlreadySettled()


def sheet(mine: Application, at: datetime) -> dict[str, Any]:
    """Context of `nightschool/application.html`."""
    waits = mine.status == Status.APPLIED
    by_draw = mine.course.mode == DRAW
    spendable = statement.available(mine.resident, at=at) if waits else 0
    about = f"{approving.PREFIX}:{mine.pk}"
    appeal = None
    if mine.status == Status.DECLINED and mine.decided_at:
        appeal = appeals.state_for(mine.resident, {about: mine.decided_at}, at=at)[about]
    closes_on = clock.local(mine.course.closes_at).date()
    return {
        "mine": mine, "standing": standing(mine), "waits": waits, "by_draw": by_draw, "appeal": appeal,
        "missing": max(0, mine.course.price - spendable) if waits else 0,
        "answer_by": answer_by(closes_on, mine.course.community.sub_district_id) if waits and not by_draw else None,
    }  # fmt: skip


def of_resident(resident: Resident, at: datetime) -> list[tuple[Application, tuple[str, str]]]:
    """What the own page lists, each with its word and tone: whatever is not a seat (that stands among the codes); the newest first."""
    rows = Application.objects.of(resident).listed(at).select_related("course")
    return [(one, standing(one)) for one in rows.order_by("-pk")[:PAGE]]


def with_means(rows: QuerySet[Application], at: datetime) -> QuerySet[Application]:
    """Adds what decides whether an application can be seated now: `spendable`, `seat_id`, `ended` (approving.forecast)."""
    lots = Lot.objects.filter(
        wallet__resident=OuterRef("resident"), remaining__gt=0, expires_on__gte=clock.local(at).date()
    )
    total = lots.order_by().values("wallet").annotate(total=Sum("remaining")).values("total")
    seat = Enrolment.objects.seated().filter(resident=OuterRef("resident"), course=OuterRef("course"))
    return rows.annotate(
        spendable=Coalesce(Subquery(total), 0), seat_id=Subquery(seat.values("pk")[:1]), ended=applying.over(at)
    )
