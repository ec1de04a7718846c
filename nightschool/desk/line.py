"""Staff pages of a course's line: who waits and who was offered a seat, the file of it, moving somebody, letting somebody in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from communities.guards import staff_page
from communities.models import User
from communities.workbook import sent
from core import clock
from core.pages import form_page, keep_form, page, wanted
from nightschool.desk.line_forms import DoorForm, MoveForm, ShownForm
from nightschool.line import book as linebook, moves as line_moves
from nightschool.line.offering import line_until
from nightschool.models import Course, Waiting

SECTION = {"section": "courses"}
FORMS = ["GET", "HEAD", "POST"]


@require_safe
@staff_page
def line(request: HttpRequest, user: User, course_id: int) -> HttpResponse:
    found, form, at = _course(user, course_id), ShownForm(request.GET), clock.now()
    shown = form.asked()
    context = {
        "course": found, "form": form, "shown": shown, "lines": linebook.lines_of(found, shown),
        "moves": linebook.moves_of(found), "until": line_until(found),
        "today": found.status == Course.Status.OPEN and found.sessions.of_the_day(at).exists(),
    }  # fmt: skip
    return page(request, "desk/nightschool/line.html", SECTION | context)


@require_safe
@staff_page
def line_export(request: HttpRequest, user: User, course_id: int) -> HttpResponse:
    found, shown = _course(user, course_id), ShownForm(request.GET).asked()
    lines = linebook.lines_of(found, shown, most=10_000)
    return sent(linebook.workbook(lines), "夜校候补")


@require_http_methods(FORMS)
@staff_page
def line_move(request: HttpRequest, user: User, number: int) -> HttpResponse:
    one, template, form = _waiting(user, number), "desk/nightschool/line_move.html", MoveForm(request.POST or None)
    context = SECTION | {"one": one, "course": one.course, "lines": linebook.lines_of(one.course, "waiting")}
    if not form.is_valid():
        return form_page(request, template, form, context)
    keep_form(request, template, form, context)
    moved = line_moves.move(waiting=one, by=user, **form.cleaned_data)
    messages.success(
        request, f"{one.resident.name}已从第{moved.before}位调到第{moved.after}位，次序有变的居民会收到消息。"
    )
    return redirect("desk:line", one.course_id)


@require_http_methods(FORMS)
@staff_page
def line_promote(request: HttpRequest, user: User, number: int) -> HttpResponse:
    one, template = _waiting(user, number), "desk/nightschool/line_promote.html"
    form = DoorForm(request.POST if request.method == "POST" else None, waiting=one)
    refused = line_moves.refusal_at_the_door(one, clock.now())
    back = wanted(request, reverse("desk:line", args=[one.course_id]))
    context = SECTION | {"one": one, "course": one.course, "refused": refused, "back": back}
    if not form.is_valid():
        return form_page(request, template, form, context)
    keep_form(request, template, form, context)
    seat = line_moves.promote(waiting=one, by=user, instead_of=form.cleaned_data["seat"])
    paid = f"使用{seat.price:,}积分" if seat.price else "不用积分"
    messages.success(request, f"{one.resident.name}已补上，报名码{seat.spoken_number}，{paid}。")
    return redirect(back)


def _course(user: User, course_id: int) -> Course:
    mine = Course.objects.for_staff(user).select_related("community", "term")
    return get_object_or_404(mine, pk=course_id)


def _waiting(user: User, number: int) -> Waiting:
    mine = Waiting.objects.for_staff(user).select_related("course__community", "course__term", "resident__community")
    return get_object_or_404(mine, pk=number)
