"""Staff pages of single classes: which there are, the roll, the code on the screen, a course's attendance and what came of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.guards import staff_page
from communities.models import Community, User
from communities.workbook import sent
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned
from nightschool import leaving
from nightschool.attending import absence, attendance, calling_roll, class_code, classbook, completing, feedback
from nightschool.line import book as linebook
from nightschool.models import Attendance, Completion, Course, Enrolment, Session
from nightschool.views.classes_forms import ClassFilter, ExcuseForm, LateForm, RevokeForm, RollForm

SECTION, FORMS = {"section": "courses"}, ["GET", "HEAD", "POST"]


@require_safe
@staff_page
def classes(request: HttpRequest, user: User) -> HttpResponse:
    mine = Community.objects.for_staff(user).order_by("pk")
    form = ClassFilter(request.GET, communities=mine)
    asked = form.cleaned_data if form.is_valid() else {}
    community, state = asked.get("community"), asked.get("state", "")
    found = classbook.page_of(
        user, clock.now(), state=state, community=community.pk if community else None, beyond=place(request)
    )
    shown, following = turned(request, found, classbook.PAGE)
    context = {"form": form, "rows": shown, "following": following, "at": clock.now()}
    return page(request, "desk/nightschool/classes.html", SECTION | context)


@require_http_methods(FORMS)
@staff_page
def roll(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """点名: the whole list at once; who is family is ticked by a colleague."""
    session, at = _class(user, pk), clock.now()
    lines = calling_roll.lines(session, user)
    form, refused = RollForm(request.POST or None, lines=lines), calling_roll.refusal_to_desk(session, user, at)
    if request.method == "POST" and form.is_valid():
        outcome = calling_roll.call(
            session=session, marks=form.marks(rest=request.POST.get("rest", "")), by=user, how=Attendance.How.DESK
        )
        if outcome.done:
            messages.success(request, f"已登记{len(outcome.done)}人。")
        for seat, why in outcome.refused:
            messages.error(request, f"{seat.resident.name}：{why.message}")
        return redirect("desk:class", session.pk)
    shown = [(line, form[name] if (name := f"seat-{line.seat.pk}") in form.fields else None) for line in lines]
    context = {
        "session": session, "course": session.course, "lines": shown, "refused": refused, "form": form,
        "hours": attendance.hours_of(session), "at": at, "door": linebook.door_of(session, at),
    }  # fmt: skip
    return page(request, "desk/nightschool/roll.html", SECTION | context, status=400 if form.errors else 200)


@require_safe
@staff_page
def code(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The screen that everybody scans: nothing else on it, and drawn anew three times a minute."""
    return page(request, "desk/nightschool/class_code.html", class_code.screen(_class(user, pk), clock.now()))


@require_safe
@staff_page
def course_attendance(request: HttpRequest, user: User, course_id: int) -> HttpResponse:
    """Who came when; what people thought of it; who completed it."""
    course = _course(user, course_id)
    sessions = classbook.sessions_of(course)
    context = {
        "course": course, "sessions": sessions, "people": classbook.people(course, sessions), "signs": classbook.SIGNS,
        "told": feedback.summary(course), "completions": list(completing.of(course)),
    }  # fmt: skip
    return page(request, "desk/nightschool/attendance.html", SECTION | context)


@require_safe
@staff_page
def attendance_export(request: HttpRequest, user: User, course_id: int) -> HttpResponse:
    return sent(classbook.file_of(_course(user, course_id)), "夜校到课表")


@require_http_methods(FORMS)
@staff_page
def excuse(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    rows = Attendance.objects.filter(session__course__in=Course.objects.for_staff(user))
    row = get_object_or_404(rows.select_related("session__course__community", "enrolment__resident"), pk=pk)
    context = {"row": row, "course": row.session.course, "refused": absence.refusal_to_excuse(row, user)}
    return _asked(
        request, "excuse", ExcuseForm(request.POST or None), context, row.session.course_id,
        lambda reason: absence.excuse(row=row, reason=reason, by=user), f"{row.enrolment.resident.name}：{row.session}不计缺课。",
    )  # fmt: skip


@require_http_methods(FORMS)
@staff_page
def leave_late(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    rows = Enrolment.objects.for_staff(user).select_related("course__community", "course__term", "resident")
    seat = get_object_or_404(rows, pk=pk)
    context = {"seat": seat, "course": seat.course, "refused": leaving.refusal_to_leave_late(seat, user, clock.now())}
    back = f"{seat.price}积分已全额退回" if seat.price else "这门课没有使用积分"
    return _asked(
        request, "leave_late", LateForm(request.POST or None), context, seat.course_id,
        lambda reason: leaving.leave_late(enrolment=seat, reason=reason, by=user), f"{seat.resident.name}已退课，{back}。",
    )  # fmt: skip


@require_safe
@staff_page
def completion(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    return form_page(request, "desk/nightschool/completion.html", RevokeForm(), SECTION | _completion(user, pk))


@require_POST
@staff_page
def completion_revoke(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    context = _completion(user, pk)
    one = context["one"]
    return _asked(
        request, "completion", RevokeForm(request.POST), context, one.enrolment.course_id,
        lambda reason: completing.revoke(completion=one, reason=reason, by=user), f"{one.number}已作废。",
    )  # fmt: skip


@require_safe
@staff_page
def completion_print(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    return page(
        request, "nightschool/completion_paper.html", completing.sheet(_completion(user, pk)["one"]) | {"desk": True}
    )


def _completion(user: User, pk: int) -> dict[str, Any]:
    rows = Completion.objects.filter(enrolment__course__in=Course.objects.for_staff(user))
    people = rows.select_related("enrolment__course__community__sub_district", "enrolment__resident", "revoked_by")
    one = get_object_or_404(people.select_related("enrolment__course__term"), pk=pk)
    return {"one": one, "course": one.enrolment.course, "refused": completing.refusal_to_revoke(one, user)}


def _asked(
    request: HttpRequest, name: str, form: Any, context: dict[str, Any], course_id: int, act: Any, said: str
) -> HttpResponse:  # fmt: skip
    """A page that asks for a reason and does `act` with it; then back to the course's attendance."""
    template, context = f"desk/nightschool/{name}.html", SECTION | context
    if not form.is_valid():
        return form_page(request, template, form, context)
    keep_form(request, template, form, context)
    act(form.cleaned_data["reason"])
    messages.success(request, said)
    return redirect("desk:attendance", course_id)


def _class(user: User, pk: int) -> Session:
    rows = Session.objects.filter(course__in=Course.objects.for_staff(user))
    return get_object_or_404(rows.select_related("course__community__sub_district", "course__term", "room"), pk=pk)


def _course(user: User, course_id: int) -> Course:
    rows = Course.objects.for_staff(user).select_related("community__sub_district", "term", "room")
    return get_object_or_404(rows, pk=course_id)
