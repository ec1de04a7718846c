"""Residents' pages of single classes: what was, leave, the code on the door, the word at the end; and the completion."""

from datetime import timedelta
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import limits
from communities.acting import residents_of
from communities.guards import resident_page
from communities.models import Resident, User
from communities.ownership import own_page
from core import clock
from core.pages import form_page, keep_form, page
from nightschool.attending import attendance, class_code, completing, feedback, lessonbook
from nightschool.models import Attendance, Completion, Enrolment, Session
from nightschool.views.classes_forms import FeedbackForm

TAB = {"tab": "tickets"}
CHECKS, WINDOW = 60, timedelta(minutes=10)
THERE = (Attendance.Status.PRESENT, Attendance.Status.LATE)


@require_safe
@resident_page
def classes(request: HttpRequest, resident: Resident, number: int) -> HttpResponse:
    return page(request, "nightschool/classes.html", TAB | lessonbook.sheet(_seat(resident, number), clock.now()))


@require_POST
@resident_page
def leave(request: HttpRequest, resident: Resident, number: int, session_id: int) -> HttpResponse:
    session = _class(_seat(resident, number), session_id)
    attendance.ask_leave(session_id=session.pk, resident=resident, by=cast(User, request.user))
    messages.success(request, lessonbook.left(resident, session))
    return redirect("nightschool:classes", number)


@require_POST
@resident_page
def leave_back(request: HttpRequest, resident: Resident, number: int, session_id: int) -> HttpResponse:
    session = _class(_seat(resident, number), session_id)
    attendance.take_leave_back(session_id=session.pk, resident=resident, by=cast(User, request.user))
    messages.success(request, f"{session}的请假已撤回，请按时来上课。")
    return redirect("nightschool:classes", number)


@require_safe
def scan(request: HttpRequest, session_id: int, code: str) -> HttpResponse:
    """Anybody may scan; who it is is asked on the next page, and the scan holds meanwhile."""
    class_code.note(request, session_id, code, clock.now())
    return redirect("nightschool:class-here", session_id)


@require_http_methods(["GET", "HEAD", "POST"])
@resident_page
def here(request: HttpRequest, resident: Resident, session_id: int) -> HttpResponse:
    """What the code on the screen leads to: what will happen, a button, and what has happened."""
    at, user = clock.now(), cast(User, request.user)
    session = get_object_or_404(Session.objects.select_related("course__community", "room"), pk=session_id)
    seat = Enrolment.objects.of(resident).seated().filter(course=session.course_id).first()
    row = attendance.row_of(session, seat) if seat else None
    context = TAB | {"session": session, "seat": seat, "row": row, "several": len(residents_of(user)) > 1}
    if row and row.status in THERE and request.method != "POST":
        return page(request, "nightschool/here.html", context | {"done": True})
    seen = class_code.seen_at(request, session_id, at)
    if seen is None:
        raise class_code.ClassNotScanned
    if request.method == "POST":
        attendance.sign_in(session_id=session_id, resident=resident, by=user, seen_at=seen, at=at)
        return redirect("nightschool:class-here", session_id)
    refused = attendance.refusal_to_sign_in(session, seat, row, seen)
    return page(request, "nightschool/here.html", context | {"refused": refused, "seen": seen})


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def rate(request: HttpRequest, resident: Resident, number: int) -> HttpResponse:
    seat, template = _seat(resident, number), "nightschool/feedback.html"
    form = FeedbackForm(request.POST or None)
    context = TAB | {"seat": seat, "refused": feedback.refusal_for(seat, clock.now())}
    if not form.is_valid():
        return form_page(request, template, form, context)
    keep_form(request, template, form, context)
    feedback.rate(seat=seat, by=cast(User, request.user), **form.cleaned_data)
    messages.success(request, "谢谢您的评价，已经提交。")
    return redirect("nightschool:classes", number)


@require_safe
@resident_page
def completion(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    """A4, as it is printed."""
    rows = Completion.objects.select_related("enrolment__course__community__sub_district", "enrolment__course__term")
    one = get_object_or_404(rows.select_related("enrolment__resident"), pk=pk, enrolment__resident=resident)
    return page(request, "nightschool/completion_paper.html", completing.sheet(one))


@require_safe
def check(request: HttpRequest, token: str) -> HttpResponse:
    """Open to everybody who holds the paper, and counted."""
    limits.hit(f"completion:{limits.address_of(request)}", limit=CHECKS, window=WINDOW)
    if not Completion.objects.filter(token=token).exists():
        return page(request, "nightschool/completion_unknown.html", status=404)
    shown = completing.check(token)
    answer = page(request, "nightschool/completion_check.html", {"check": shown, "community": shown.issuer})
    answer["Cache-Control"], answer["X-Robots-Tag"], answer["Referrer-Policy"] = "no-store", "noindex", "no-referrer"
    return answer


def _seat(resident: Resident, number: int) -> Enrolment:
    """The resident's own, given back or not; that of somebody else does not exist (404)."""
    mine = Enrolment.objects.of(resident).select_related("course__community", "course__term", "resident__community")
    return get_object_or_404(mine, pk=number)


def _class(seat: Enrolment, session_id: int) -> Session:
    return get_object_or_404(Session, pk=session_id, course=seat.course_id)
