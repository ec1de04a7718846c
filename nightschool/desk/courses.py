"""Staff pages of the night school: courses, who is enrolled, taking people off, the file and the roster."""

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from communities.guards import staff_page
from communities.models import Community, User
from communities.workbook import sent
from core import clock, words
from core.pages import form_page, keep_form, page, wanted
from core.paging import place, turned
from nightschool import coursebook, courses, export, hoping, leaving, register, roster
from nightschool.desk.forms import CourseFilter, EnrolmentFilter, ReasonForm
from nightschool.models import Course

COURSES, ENROLMENTS = {"section": "courses"}, {"section": "enrolments"}
FORMS = ["GET", "HEAD", "POST"]


@require_safe
@staff_page
def course_list(request: HttpRequest, user: User) -> HttpResponse:
    at, communities = clock.now(), list(Community.objects.for_staff(user).order_by("pk"))
    form = CourseFilter(request.GET, communities=communities)
    found = coursebook.page_of(user, at, before=place(request), **form.asked())
    lines, following = turned(request, found, coursebook.PAGE)
    context = {
        "form": form,
        "lines": lines,
        "following": following,
        "several": len(communities) > 1,
        "query": _kept(request),
    }
    return page(request, "desk/nightschool/courses.html", COURSES | context)


@require_safe
@staff_page
def courses_export(request: HttpRequest, user: User) -> HttpResponse:
    """The file of what the list shows, all pages of it."""
    communities = list(Community.objects.for_staff(user).order_by("pk"))
    asked = CourseFilter(request.GET, communities=communities).asked()
    return sent(coursebook.exported(user, clock.now(), **asked), "夜校课程")


@require_safe
@staff_page
def course(request: HttpRequest, user: User, course_id: int) -> HttpResponse:
    at = clock.now()
    mine = coursebook.with_times(Course.objects.for_staff(user), at)
    named = mine.select_related("community", "room", "partner", "term", "cancelled_by", "merged_into", "taught_by")
    found = cast("coursebook.Timed", get_object_or_404(named, pk=course_id))
    if found.status == Course.Status.DRAFT:
        return redirect("desk:course-draft", found.pk)
    label, tone = coursebook.standing(found, at)
    context = {
        "course": found, "seats": coursebook.seats_of(found), "sessions": found.sessions.order_by("starts_at", "number"), "at": at,
        "standing": label, "tone": tone, "running": found.last_end is not None and found.last_end > at, "few": courses.too_few(found, at),
    }  # fmt: skip
    return page(request, "desk/nightschool/course.html", COURSES | context)


@require_http_methods(FORMS)
@staff_page
def course_close(request: HttpRequest, user: User, course_id: int) -> HttpResponse:
    found = _own(user, course_id)
    template, context = "desk/nightschool/course_close.html", {"course": found, "seats": coursebook.seats_of(found)}
    form = ReasonForm(request.POST or None, initial={"reason": found.cancel_reason})
    if not form.is_valid():
        return form_page(request, template, form, COURSES | context)
    keep_form(request, template, form, COURSES | context)
    outcome = courses.close_course(course=found, by=user, reason=form.cleaned_data["reason"])
    _say(request, outcome, f"《{found.title}》已停办。")
    return redirect("desk:course", found.pk)


@require_safe
@staff_page
def course_roster(request: HttpRequest, user: User, course_id: int) -> HttpResponse:
    found = _own(user, course_id)
    sessions, people = roster.sessions_of(found), roster.people(found)
    context = {
        "course": found, "people": people, "sheets": roster.sheets(sessions, people), "maker": user.name,
        "where": roster.place_of(found, sessions),
        "made_on": clock.today(),
    }  # fmt: skip
    return page(request, "desk/nightschool/roster.html", COURSES | context)


@require_safe
@staff_page
def enrolments(request: HttpRequest, user: User) -> HttpResponse:
    classes = register.classes_of(user, clock.now(), asked=place(request, "course"))
    form = EnrolmentFilter(request.GET, classes=classes)
    asked = form.asked()
    found = register.page_of(user, asked, place(request)) if asked else []
    rows, following = turned(request, found, register.PAGE)
    running = [one for one in classes if one.running]
    beside = asked is not None and (asked.status in dict(hoping.STATES) or (asked.course and not asked.status))
    context = {
        "hopes": hoping.found(user, asked, asked.status) if asked and beside else [], "hoping": asked and asked.status in dict(hoping.STATES),
        "course": Course.objects.filter(pk=asked.course).only("title", "mode").first() if asked and asked.course else None,
        "form": form, "rows": rows, "following": following, "kpis": _figures(request, user, asked, running),
        "running": running[:12], "course_id": asked and asked.course, "query": _kept(request),
    }  # fmt: skip
    return page(request, "desk/nightschool/enrolments.html", ENROLMENTS | context)


@require_safe
@staff_page
def enrolments_export(request: HttpRequest, user: User) -> HttpResponse:
    """The file of exactly what the list shows; a filter that makes no sense is explained on the list."""
    classes = register.classes_of(user, clock.now(), asked=place(request, "course"))
    asked = EnrolmentFilter(request.GET, classes=classes).asked()
    if asked is None:
        return redirect(f"{reverse('desk:enrolments')}?{_kept(request)}")
    if asked.status in dict(hoping.STATES):
        return sent(hoping.exported(user, asked), "夜校候补和申请")
    return sent(export.workbook(register.all_of(user, asked)), "夜校报名")


@require_http_methods(FORMS)
@staff_page
def enrolments_cancel(request: HttpRequest, user: User) -> HttpResponse:
    """Who would be taken off and what returns; the reason; then, by POST, it is done one by one."""
    back = wanted(request, reverse("desk:enrolments"))
    ticked = register.chosen(user, (request.POST or request.GET).getlist("id"))
    if not ticked:
        messages.warning(request, "请先勾选要退课的人。")
        return redirect(back)
    seated = [one for one in ticked if one.status == one.Status.SEATED]
    template, form = "desk/nightschool/enrolments_cancel.html", ReasonForm(request.POST or None)
    context = {"ticked": ticked, "seated": seated, "points": sum(one.price for one in seated), "back": back}
    if not form.is_valid():
        return form_page(request, template, form, ENROLMENTS | context)
    keep_form(request, template, form, ENROLMENTS | context)
    reason = form.cleaned_data["reason"]
    _say(request, courses.cancel_many(enrolments=ticked, by=user, reason=reason, act=leaving.take_off))
    return redirect(back)


def _own(user: User, course_id: int) -> Course:
    mine = Course.objects.for_staff(user).select_related("community__sub_district", "room", "partner", "term")
    return get_object_or_404(mine, pk=course_id)


def _kept(request: HttpRequest, **changed: str) -> str:
    """The filter in the address, without the place in the list."""
    kept = {name: value for name, value in request.GET.items() if name != "before" and value} | changed
    return urlencode({name: value for name, value in kept.items() if value})


def _figures(
    request: HttpRequest, user: User, asked: register.Filter | None, running: list[register.Class]
) -> list[dict[str, Any]]:
    """已报名, 已退课 (each narrows the list, or undoes it) and the seats of the courses that run."""
    if asked is None:
        return []
    counted = register.figures(user, asked) | hoping.figures(user, asked)
    tiles: list[dict[str, Any]] = []
    labels = (
        ("seated", "已报名"),
        ("cancelled", "已退课"),
        ("freed", "缺课让位"),
        ("waiting", "候补、待确认"),
        ("applied", "申请待定"),
    )
    for status, label in labels:
        current = asked.status == status
        url = f"?{_kept(request, status='' if current else status)}"
        tiles.append({"value": words.points(counted[status]), "label": label, "url": url, "current": current})
    shown = [one for one in running if asked.course in {None, one.id}]
    taken, capacity = sum(one.taken for one in shown), sum(one.capacity for one in shown)
    left = {"value": words.points(capacity - taken), "label": f"在办课程剩余名额，共{words.points(capacity)}个"}
    return [*tiles, left]


def _say(request: HttpRequest, outcome: courses.Outcome, first: str = "") -> None:
    """Tell what became of everybody: those taken off together, the others by name."""
    back = f"，共退回{words.points(outcome.refunded)}积分" if outcome.refunded else ""
    done = f"已为{len(outcome.done)}人退课{back}。" if outcome.done else ""
    if first or done:
        messages.success(request, f"{first}{done}")
    if outcome.by_hand:
        names = "、".join(one.name for one in outcome.by_hand)
        messages.warning(request, f"{len(outcome.by_hand)}人没有手机，收不到消息，请打电话或上门告知：{names}。")
    for one, refused in outcome.refused:
        messages.error(request, f"{one.resident.name}：{refused.message}")
