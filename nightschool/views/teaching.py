"""The teacher's pages on the own phone: today's classes, the list to tick, the code to hold up, what people thought of it."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from communities.models import Resident, User
from communities.ownership import own_page
from core import clock
from core.pages import page
from nightschool.attending import attendance, calling_roll, class_code, feedback
from nightschool.models import Attendance, Course, Session
from nightschool.views.classes_forms import TickForm

TAB = {"tab": "tickets"}


@require_safe
@own_page
def teach(request: HttpRequest, resident: Resident) -> HttpResponse:
    mine = (
        Course.objects.shown().filter(taught_by=resident).with_timetable().select_related("term").order_by("-pk")[:20]
    )
    told = [(course, feedback.summary(course)) for course in mine]
    return page(
        request, "nightschool/teach.html", TAB | {"today": calling_roll.taught(resident, clock.now()), "told": told}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def teach_class(request: HttpRequest, resident: Resident, session_id: int) -> HttpResponse:
    session, by, at = _taught(resident, session_id), cast(User, request.user), clock.now()
    if refused := calling_roll.refusal_to_teacher(session, resident, at):
        raise refused
    lines = calling_roll.lines(session, by)
    form = TickForm(request.POST or None, people=[one.seat.pk for one in lines])
    if form.is_valid():
        status = Attendance.Status(form.cleaned_data["act"])
        picked = [(one.seat, status) for one in lines if one.seat.pk in form.cleaned_data["picked"]]
        outcome = calling_roll.call(session=session, marks=picked, by=by, how=Attendance.How.LIST)
        say(request, outcome, status.label)
        return redirect("nightschool:teach-class", session.pk)
    for error in (error for errors in form.errors.values() for error in errors):
        messages.error(request, str(error))
    there = sum(one.status in ("present", "late") for one in lines)
    context = {"session": session, "lines": lines, "there": there, "hours": attendance.hours_of(session), "at": at}
    return page(request, "nightschool/teach_class.html", TAB | context, status=400 if form.errors else 200)


@require_safe
@own_page
def teach_code(request: HttpRequest, resident: Resident, session_id: int) -> HttpResponse:
    return page(request, "nightschool/teach_code.html", class_code.screen(_taught(resident, session_id), clock.now()))


def say(request: HttpRequest, outcome: calling_roll.Outcome, label: str) -> None:
    """How many were written down, and who was refused with which sentence."""
    if outcome.done:
        messages.success(request, f"已登记{len(outcome.done)}人{label}。")
    for seat, refused in outcome.refused:
        messages.warning(request, f"{seat.resident.name}：{refused.message}")


def _taught(resident: Resident, session_id: int) -> Session:
    """404 for what somebody else teaches."""
    mine = Session.objects.filter(course__taught_by=resident, course__status=Course.Status.OPEN)
    rows = mine.select_related("course__community__sub_district", "course__taught_by", "room")
    return get_object_or_404(rows, pk=session_id)
