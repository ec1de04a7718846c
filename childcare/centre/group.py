"""一个班: the board with one big tap for 到班, leave and absence, the roll call, and the sheet of one child."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from childcare.centre.day_forms import AbsenceForm, ArrivalForm, LeaveForm, RollForm, SheetForm
from childcare.centre.door import watch_page
from childcare.days import absence, arriving, board, glance, leave, rollcall, sheet, who
from childcare.models import Group, Place, RollCall, Staffer
from communities.models import User
from core import clock
from core.pages import form_page, keep_form, page

FORMS = ["GET", "HEAD", "POST"]
TAB: dict[str, Any] = {"tab": "today"}


@require_safe
@watch_page
def group(request: HttpRequest, post: Staffer, pk: int) -> HttpResponse:
    mine, day = _group(post, pk), clock.today()
    rows = board.of(mine, day, watching=post)
    context = {
        "post": post,
        "group": mine,
        "rows": rows,
        "counts": board.counts(rows),
        "watches": who.watches(post, day),
    }
    return page(request, "care/group.html", TAB | context)


@require_POST
@watch_page
def arrive(request: HttpRequest, post: Staffer, pk: int) -> HttpResponse:
    """One tap."""
    mine = _place(post, pk)
    arriving.arrive(place=mine, by=_me(post))
    messages.success(request, f"{mine.child.name}已到班。")
    return redirect("care:group", mine.group_id)


@require_http_methods(FORMS)
@watch_page
def arrive_with(request: HttpRequest, post: Staffer, pk: int) -> HttpResponse:
    """With who brought the child and what the morning look said."""
    mine, form = _place(post, pk), ArrivalForm(request.POST if request.method == "POST" else None)
    context = TAB | {"post": post, "place": mine}
    if not form.is_valid():
        return form_page(request, "care/arrive.html", form, context)
    keep_form(request, "care/arrive.html", form, context)
    arriving.arrive(place=mine, by=_me(post), **form.said())
    messages.success(request, f"{mine.child.name}已到班。")
    return redirect("care:group", mine.group_id)


@require_POST
@watch_page
def undo(request: HttpRequest, post: Staffer, pk: int) -> HttpResponse:
    mine = _place(post, pk)
    arriving.undo(place=mine, day=clock.today(), by=_me(post))
    messages.success(request, f"已撤回{mine.child.name}的到班登记。")
    return redirect("care:group", mine.group_id)


@require_http_methods(FORMS)
@watch_page
def away(request: HttpRequest, post: Staffer, pk: int) -> HttpResponse:
    """缺勤 or, told by the family to the teacher, 请假."""
    mine, form = _place(post, pk), AbsenceForm(request.POST if request.method == "POST" else None)
    context = TAB | {"post": post, "place": mine}
    if not form.is_valid():
        return form_page(request, "care/away.html", form, context)
    keep_form(request, "care/away.html", form, context)
    absence.mark(place=mine, day=clock.today(), absence=form.cleaned_data["absence"], by=_me(post))
    messages.success(request, f"已登记{mine.child.name}今天缺勤。")
    return redirect("care:group", mine.group_id)


@require_POST
@watch_page
def not_away(request: HttpRequest, post: Staffer, pk: int) -> HttpResponse:
    """缺勤 was a wrong tap."""
    mine = _place(post, pk)
    absence.withdraw(place=mine, day=clock.today(), by=_me(post))
    messages.success(request, f"已撤回{mine.child.name}的缺勤登记，没有到班会接着找。")
    return redirect("care:group", mine.group_id)


@require_http_methods(FORMS)
@watch_page
def stay_away(request: HttpRequest, post: Staffer, pk: int) -> HttpResponse:
    """Leave of today that a guardian told on the telephone: who it was is asked first."""
    mine = _place(post, pk)
    form = LeaveForm(request.POST if request.method == "POST" else None, speakers=leave.speakers(mine))
    context = TAB | {"post": post, "place": mine}
    if not form.is_valid():
        return form_page(request, "care/leave.html", form, context)
    keep_form(request, "care/leave.html", form, context)
    leave.tell(place=mine, day=clock.today(), by=_me(post), **form.said())
    messages.success(request, f"{mine.child.name}今天请假，监护人会收到消息。")
    return redirect("care:group", mine.group_id)


@require_POST
@watch_page
def leave_back(request: HttpRequest, post: Staffer, pk: int) -> HttpResponse:
    """The child comes after all, or nobody had called."""
    mine = _place(post, pk)
    leave.withdraw(place=mine, day=clock.today(), by=_me(post))
    messages.success(request, f"已撤回{mine.child.name}今天的请假，没有到班会接着找。")
    return redirect("care:group", mine.group_id)


@require_http_methods(FORMS)
@watch_page
def roll(request: HttpRequest, post: Staffer, pk: int) -> HttpResponse:
    """Who is in the room; nobody is ticked beforehand."""
    mine, day = _group(post, pk), clock.today()
    rows = [row for row in board.of(mine, day, watching=post) if row.here]
    form = RollForm(request.POST if request.method == "POST" else None, rows=rows)
    context = TAB | {"post": post, "group": mine, "rows": rows, "ticked": form.ticked()}
    if not form.is_valid():
        return form_page(request, "care/roll.html", form, context)
    keep_form(request, "care/roll.html", form, context)
    made = rollcall.call(group=mine, by=_me(post), **form.said())
    return redirect("care:rolled", made.pk)


@require_safe
@watch_page
def rolled(request: HttpRequest, post: Staffer, pk: int) -> HttpResponse:
    """Who is missing, in red, with the numbers to call."""
    called = get_object_or_404(RollCall.objects.filter(group__centre=post.centre).select_related("group"), pk=pk)
    missing = sheet.missing_of(called, post)
    return page(request, "care/rolled.html", TAB | {"post": post, "roll": called, "missing": missing})


@require_http_methods(FORMS)
@watch_page
def child(request: HttpRequest, post: Staffer, pk: int) -> HttpResponse:
    """Whom to call, allergies, who may collect: after the purpose was said, and the look is written."""
    mine, form = _place(post, pk), SheetForm(request.POST if request.method == "POST" else None)
    context = TAB | {"post": post, "place": mine, "row": sheet.row_of(mine, clock.today()), "absences": leave.REASONS}
    if not form.is_valid():
        return form_page(request, "care/child.html", form, context)
    keep_form(request, "care/child.html", form, context)
    seen = sheet.of(place=mine, user=_me(post), purpose=form.cleaned_data["purpose"])
    return page(request, "care/child.html", context | {"form": form, "sheet": seen})


def _me(post: Staffer) -> User:
    assert post.account is not None  # the door let this account in
    return post.account


def _group(post: Staffer, pk: int) -> Group:
    found = glance.group_of(post, pk)
    if found is None:
        raise Http404
    return found


def _place(post: Staffer, pk: int, day: date | None = None) -> Place:
    people = ("child__community", "group__centre__community__sub_district")
    mine = Place.objects.held_on(day or clock.today()).filter(group__centre=post.centre_id)
    return get_object_or_404(mine.select_related(*people), pk=pk)
