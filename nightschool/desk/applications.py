"""Staff pages of courses by draw or approval: who applied, the draw and how far it is, approving and declining many at once."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.guards import staff_page
from communities.models import User
from communities.workbook import sent
from core import clock, words
from core.pages import form_page, keep_form, page
from core.paging import onward, place
from nightschool.applications import approving, book, drawing_lots
from nightschool.desk.applications_forms import ApplicationFilter, DeclineForm
from nightschool.models import Application, Course, Draw

SECTION = {"section": "courses"}
FORMS = ["GET", "HEAD", "POST"]


@require_safe
@staff_page
def applications(request: HttpRequest, user: User, course_id: int) -> HttpResponse:
    at, course = clock.now(), _own(user, course_id)
    form = ApplicationFilter(request.GET)
    asked = form.asked()
    found = book.page_of(course, user, asked, at, place(request, "after")) if asked else []
    rows, more = found[: book.PAGE], len(found) > book.PAGE
    context = {
        "form": form, "course": course, "rows": rows, "kpis": book.tiles(course, asked or book.Filter(), _narrowed(request)),
        "following": onward(request, rows[-1].number if more else None, "after"), "query": _kept(request),
        "left": course.capacity - course.taken,
    }  # fmt: skip
    return page(request, "desk/nightschool/applications.html", SECTION | context | _draw(course, at))


def _draw(course: Course, at: Any) -> dict[str, Any]:
    """The panel of a course by draw: its promise, whether it is due, how far it is."""
    if course.mode != Course.Mode.DRAW:
        return {}
    draw = Draw.objects.filter(course=course).select_related("drawn_by").first()
    drawn = draw is not None and draw.drawn_at is not None
    return {
        "draw": draw, "due": at >= course.closes_at and course.status == Course.Status.OPEN and not (draw and draw.settled_at),
        "progress": drawing_lots.progress_of(course.pk) if drawn else None,
    }  # fmt: skip


@require_safe
@staff_page
def export(request: HttpRequest, user: User, course_id: int) -> HttpResponse:
    """The file of exactly what the list shows; a filter that makes no sense is explained on the list."""
    course, asked = _own(user, course_id), ApplicationFilter(request.GET).asked()
    if asked is None:
        return redirect(f"{reverse('desk:applications', args=[course_id])}?{_kept(request)}")
    return sent(book.workbook(course, asked, clock.now()), "夜校申请")


@require_POST
@staff_page
def draw(request: HttpRequest, user: User, course_id: int) -> HttpResponse:
    """Draw now, or go on; what the clock leaves over is done by pressing once more, or by the sweep."""
    course = _own(user, course_id)
    progress = drawing_lots.draw_now(course=course, by=user)
    if progress.done:
        messages.success(request, f"《{course.title}》抽签已办完，{progress.total}人都已告知结果。")
    else:
        messages.warning(
            request, f"已办{progress.settled}人，共{progress.total}人。请再按一次接着办，系统也会自动接着办。"
        )
    return redirect("desk:applications", course.pk)


@require_http_methods(FORMS)
@staff_page
def approve(request: HttpRequest, user: User, course_id: int) -> HttpResponse:
    """Who would be seated, who stays 待审核 because short of points and is told, seats left; by POST it is done one by one."""
    at, course = clock.now(), _own(user, course_id)
    ticked = book.chosen(course, (request.POST or request.GET).getlist("id"), at)
    if not ticked:
        messages.warning(request, "请先勾选要审核的申请。")
        return redirect("desk:applications", course.pk)
    if request.method == "POST":
        outcome = approving.approve_many(applications=ticked, by=user)
        _say(request, outcome)
        return redirect("desk:applications", course.pk)
    return page(request, "desk/nightschool/applications_approve.html", SECTION | _foreseen(course, ticked, user, at))


def _foreseen(course: Course, ticked: list[Application], user: User, at: Any) -> dict[str, Any]:
    seen = approving.forecast(ticked, user, at)
    may = [one for one in seen if one.refused is None]
    return {
        "course": course, "may": may, "short": [one for one in seen if one.short], "left": course.capacity - course.taken,
        "barred": [one for one in seen if one.refused and not one.short], "points": len(may) * course.price,
        "left_after": course.capacity - course.taken - len(may),
    }  # fmt: skip


@require_http_methods(FORMS)
@staff_page
def decline(request: HttpRequest, user: User, course_id: int) -> HttpResponse:
    course = _own(user, course_id)
    ticked = book.chosen(course, (request.POST or request.GET).getlist("id"), clock.now())
    if not ticked:
        messages.warning(request, "请先勾选不通过的申请。")
        return redirect("desk:applications", course.pk)
    template, form = "desk/nightschool/applications_decline.html", DeclineForm(request.POST or None)
    context = SECTION | {"course": course, "ticked": ticked}
    if not form.is_valid():
        return form_page(request, template, form, context)
    keep_form(request, template, form, context)
    outcome = approving.decline_many(applications=ticked, by=user, reason=form.cleaned_data["reason"])
    _say(request, outcome, declined=True)
    return redirect("desk:applications", course.pk)


def _own(user: User, course_id: int) -> Course:
    mine = Course.objects.for_staff(user).exclude(mode=Course.Mode.FIRST).select_related("community", "room", "term")
    return get_object_or_404(mine, pk=course_id)


def _kept(request: HttpRequest, **changed: str) -> str:
    """The filter in the address, without the place in the list."""
    kept = {name: value for name, value in request.GET.items() if name != "after" and value} | changed
    return urlencode({name: value for name, value in kept.items() if value})


def _narrowed(request: HttpRequest) -> Any:
    return lambda status: f"?{_kept(request, status=status)}"


def _say(request: HttpRequest, outcome: approving.Outcome, *, declined: bool = False) -> None:
    """What was done in one sentence each; each refusal once with the names it concerns."""
    if outcome.done:
        points = words.points(sum(one.course.price for one in outcome.done))
        said = "不通过，都已告知原因" if declined else f"通过并报上名额，共使用{points}积分"
        messages.success(request, f"{len(outcome.done)}人{said}。")
    if outcome.short:
        names = "、".join(one.resident.name for one in outcome.short)
        messages.warning(request, f"{names}：积分不够，仍为待审核，已告诉本人还差多少。")
    if outcome.left:
        messages.warning(request, f"还有{len(outcome.left)}人没有办，请再办一次。")
    concerned: dict[str, list[str]] = {}
    for one, refused in outcome.refused:
        concerned.setdefault(approving.said_to_staff(refused), []).append(one.resident.name)
    for sentence, people in concerned.items():
        messages.error(request, f"{'、'.join(people)}没有办理：{sentence}")
