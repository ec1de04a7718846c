"""Staff pages: what changes of a course that is open: a class moved or called off, the room, the seats, a merger."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from communities.guards import staff_page
from communities.models import User
from core import clock, words
from core.pages import form_page, keep_form
from core.refusals import Busy
from nightschool import amending, coursebook, merging, moving, resizing
from nightschool.changed import Told
from nightschool.desk.changes_forms import CallOffForm, CapacityForm, FactsForm, MergeForm, MoveForm, RoomForm
from nightschool.desk.drafts import COURSES, FORMS, own
from nightschool.models import Course, Session

MOVE, OFF, ROOM = (
    "desk/nightschool/class_move.html",
    "desk/nightschool/class_off.html",
    "desk/nightschool/course_room.html",
)
SEATS, MERGE = "desk/nightschool/course_seats.html", "desk/nightschool/course_merge.html"
FACTS = "desk/nightschool/course_facts.html"


@require_http_methods(FORMS)
@staff_page
def class_move(request: HttpRequest, user: User, course_id: int, number: int) -> HttpResponse:
    session = _class(user, course_id, number)
    form = MoveForm(request.POST or None, session=session)
    context = _facts(session)
    hours = form.hours() if form.is_valid() else None
    if hours is None:
        return form_page(request, MOVE, form, context)
    keep_form(request, MOVE, form, context)
    filled = form.cleaned_data
    told = moving.move(session=session, hours=hours, room=filled["room"], reason=filled["reason"], by=user)
    _say(request, f"{session}已调课，教室已占好。", told)
    return redirect("desk:course", course_id)


@require_http_methods(FORMS)
@staff_page
def class_off(request: HttpRequest, user: User, course_id: int, number: int) -> HttpResponse:
    session = _class(user, course_id, number)
    form = CallOffForm(request.POST or None, session=session)
    context = _facts(session)
    if not form.is_valid():
        return form_page(request, OFF, form, context)
    keep_form(request, OFF, form, context)
    told = moving.call_off(session=session, instead=form.hours(), reason=form.cleaned_data["reason"], by=user)
    _say(request, f"{session}已停课，教室已空出。", told)
    return redirect("desk:course", course_id)


@require_http_methods(FORMS)
@staff_page
def course_room(request: HttpRequest, user: User, course_id: int) -> HttpResponse:
    found = own(user, course_id)
    form = RoomForm(request.POST or None, course=found)
    context = COURSES | {"course": found}
    if not form.is_valid():
        return form_page(request, ROOM, form, context)
    keep_form(request, ROOM, form, context)
    told = moving.change_room(course=found, room=form.cleaned_data["room"], reason=form.cleaned_data["reason"], by=user)
    _say(request, f"以后的课都改在{form.cleaned_data['room']}。", told)
    return redirect("desk:course", course_id)


@require_http_methods(FORMS)
@staff_page
def course_facts(request: HttpRequest, user: User, course_id: int) -> HttpResponse:
    found = own(user, course_id)
    form = FactsForm(request.POST or None, course=found, user=user)
    context = COURSES | {"course": found, "people": found.enrolments.seated().count()}
    if not form.is_valid():
        return form_page(request, FACTS, form, context)
    keep_form(request, FACTS, form, context)
    told = amending.amend(course=form.course(), by=user)
    _say(request, "说明已改好。", told)
    return redirect("desk:course", course_id)


@require_http_methods(FORMS)
@staff_page
def course_seats(request: HttpRequest, user: User, course_id: int) -> HttpResponse:
    found = own(user, course_id)
    form = CapacityForm(request.POST or None, initial={"capacity": found.capacity})
    context = COURSES | {"course": found, "waiting": found.line.in_line().count()}
    if not form.is_valid():
        return form_page(request, SEATS, form, context)
    keep_form(request, SEATS, form, context)
    offered = resizing.resize(course=found, capacity=form.cleaned_data["capacity"], by=user)
    more = f"，已通知候补的{offered}人确认" if offered else ""
    messages.success(request, f"名额改为{form.cleaned_data['capacity']}个{more}。")
    return redirect("desk:course", course_id)


@require_http_methods(FORMS)
@staff_page
def course_merge(request: HttpRequest, user: User, course_id: int) -> HttpResponse:
    """Who is in the course, to be asked and ticked; then, by POST, it is done one by one."""
    found, at = own(user, course_id), clock.now()
    seats = list(found.enrolments.seated().select_related("resident").order_by("pk"))
    form = MergeForm(request.POST or None, course=found, among=merging.others(found, user, at), seats=seats)
    context = COURSES | {"course": found, "seats": coursebook.seats_of(found)}
    if not form.is_valid():
        return form_page(request, MERGE, form, context)
    keep_form(request, MERGE, form, context)
    into = form.cleaned_data["into"]
    done = merging.merge(course=found, into=into, agreed=form.numbers(), reason=form.cleaned_data["reason"], by=user)
    _say_merged(request, into, done)
    return redirect("desk:course", course_id)


@require_POST
@staff_page
def course_run(request: HttpRequest, user: User, course_id: int) -> HttpResponse:
    merging.run_anyway(course=own(user, course_id), by=user)
    messages.success(request, "照常开班，待办里不再提醒。")
    return redirect("desk:course", course_id)


def _class(user: User, course_id: int, number: int) -> Session:
    """A class by its number; refuses (on the page of the course) what can be changed no more."""
    found = get_object_or_404(
        Session.objects.select_related("room__community"), course=own(user, course_id), number=number
    )
    found.course = own(user, course_id)
    if refused := moving.refusal_for(found, clock.now()):
        raise refused
    return found


def _facts(session: Session) -> dict[str, object]:
    course: Course = session.course
    return COURSES | {
        "course": course,
        "session": session,
        "when": words.dated(session.starts_at),
        "people": course.enrolments.seated().count(),
    }


def _say(request: HttpRequest, done: str, told: Told) -> None:
    messages.success(request, f"{done}已通知{told.people}人。" if told.people else done)
    if told.by_hand:
        names = "、".join(one.name for one in told.by_hand)
        messages.warning(request, f"{len(told.by_hand)}人没有手机，收不到消息，请打电话或上门告知：{names}。")


def _say_merged(request: HttpRequest, into: Course, done: merging.Merged) -> None:
    back = f"，{len(done.back.done)}人退课，退回{words.points(done.back.refunded)}积分" if done.back.done else ""
    messages.success(request, f"已有{len(done.moved)}人转入《{into.title}》{back}。")
    alone = [*[one.resident for one in done.moved if not one.resident.phone], *done.back.by_hand]
    if alone:
        names = "、".join(one.name for one in alone)
        messages.warning(request, f"{len(alone)}人没有手机，收不到消息，请打电话或上门告知：{names}。")
    for one, refused in done.stayed:
        now = "" if isinstance(refused, Busy) else "，已改为退课、退回积分"
        messages.error(request, f"{one.resident.name}没有转成{now}：{refused.message}")
    for one, refused in done.back.refused:
        messages.error(request, f"{one.resident.name}没有退成：{refused.message}")
