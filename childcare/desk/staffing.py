"""托管员工 at the desk: the list, the file, record checks, turns, leaving."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from childcare.desk.staffing_forms import CheckForm, LeaveForm, StafferForm, TurnsForm, VoidForm, fortnight, initial_of
from childcare.models import Centre, RecordCheck, Staffer
from childcare.staffing import book, checks, roster, staff
from communities import duties
from communities.guards import staff_page
from communities.models import User
from core import clock, words
from core.pages import form_page, keep_form, page

SECTION: dict[str, Any] = {"section": "care_staff"}
FORMS = ["GET", "HEAD", "POST"]


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    rows = list(book.staff_of(user))
    return page(request, "desk/childcare/staff.html", SECTION | {"rows": rows, "today": clock.today()})


@require_http_methods(FORMS)
@staff_page
def new(request: HttpRequest, user: User) -> HttpResponse:
    form = StafferForm(request.POST if request.method == "POST" else None, user=user)
    if not form.is_valid():
        return form_page(request, "desk/childcare/staff_form.html", form, SECTION)
    keep_form(request, "desk/childcare/staff_form.html", form, SECTION)
    said = form.cleaned_data
    made = staff.hire(centre=said["centre"], facts=form.said(), account=said["account"], by=user)
    messages.success(request, f"已登记{made.name}。登记记录查询结果后才能当班。")
    return redirect("desk:care-staffer", made.pk)


@require_safe
@staff_page
def staffer(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _one(user, pk)
    turns = mine.turns.filter(day__gte=clock.today()).order_by("day")
    found = mine.checks.select_related("by", "voided_by", "staffer__centre__community").order_by("-checked_on", "-pk")
    heads = duties.holds(user, mine.centre.community, *checks.HEADS)
    shown = [(one, heads and checks.refusal_to_void(one, user) is None) for one in found]
    context = {"one": mine, "checks": shown, "turns": turns}
    return page(request, "desk/childcare/staffer.html", SECTION | context | {"today": clock.today()})


@require_http_methods(FORMS)
@staff_page
def change(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _one(user, pk)
    form = StafferForm(request.POST if request.method == "POST" else None, user=user, initial=initial_of(mine))
    context = SECTION | {"one": mine}
    if not form.is_valid():
        return form_page(request, "desk/childcare/staff_form.html", form, context)
    keep_form(request, "desk/childcare/staff_form.html", form, context)
    staff.change(staffer=mine, facts=form.said(), account=form.cleaned_data["account"], by=user)
    messages.success(request, "已保存。")
    return redirect("desk:care-staffer", mine.pk)


@require_http_methods(FORMS)
@staff_page
def check(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _one(user, pk)
    form = CheckForm(request.POST if request.method == "POST" else None)
    context = SECTION | {"one": mine, "title": "登记记录查询", "button": "登记"}
    if not form.is_valid():
        return form_page(request, "desk/childcare/staff_act.html", form, context)
    keep_form(request, "desk/childcare/staff_act.html", form, context)
    made = checks.write(staffer=mine, by=user, **form.cleaned_data)
    mine.refresh_from_db()
    good = mine.record_due and mine.record_due >= clock.today()
    done = (
        f"已登记，有效到{words.day(mine.record_due)}。"
        if mine.record_due and good
        else "已登记，现在没有合格的查询结果，今天起的当班已全部取消。"
    )
    messages.success(request, done)
    return redirect("desk:care-staffer", made.staffer_id)


@require_http_methods(FORMS)
@staff_page
def check_void(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The head says that somebody else's entry was a mistake."""
    whole = RecordCheck.objects.filter(staffer__in=Staffer.objects.for_staff(user))
    mine = get_object_or_404(whole.select_related("staffer__centre__community"), pk=pk)
    if refused := checks.refusal_to_void(mine, user):
        raise refused
    form = VoidForm(request.POST if request.method == "POST" else None)
    context = SECTION | {"one": mine.staffer, "title": f"作废{words.day(mine.checked_on)}的查询结果", "button": "作废"}
    if not form.is_valid():
        return form_page(request, "desk/childcare/staff_act.html", form, context)
    keep_form(request, "desk/childcare/staff_act.html", form, context)
    checks.void(check=mine, reason=form.cleaned_data["reason"], by=user)
    messages.success(request, "已作废，请按实际结果重新登记；已取消的当班不会恢复，请重新排班。")
    return redirect("desk:care-staffer", mine.staffer_id)


@require_safe
@staff_page
def centre_turns(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """排班 of a centre: a fortnight, who is on duty, on which days too few."""
    centre = get_object_or_404(Centre.objects.for_staff(user).select_related("community"), pk=pk)
    people = book.staff_of(user).filter(centre=centre, left_on=None)
    context = {"centre": centre, "rows": book.fortnight(centre, fortnight()), "people": people, "today": clock.today()}
    return page(request, "desk/childcare/turns.html", SECTION | context)


@require_http_methods(FORMS)
@staff_page
def turns(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _one(user, pk)
    there = mine.turns.filter(day__in=fortnight()).values_list("day", flat=True)
    form = TurnsForm(request.POST if request.method == "POST" else None, initial={"days": [str(day) for day in there]})
    context = SECTION | {"one": mine, "title": "排班", "button": "保存"}
    if not form.is_valid():
        return form_page(request, "desk/childcare/staff_act.html", form, context)
    keep_form(request, "desk/childcare/staff_act.html", form, context)
    wanted = {date.fromisoformat(said) for said in form.cleaned_data["days"]}
    roster.put(staffer=mine, wanted=wanted, among=fortnight(), by=user)
    messages.success(request, f"已保存，两周内当班{len(wanted)}天。")
    return redirect("desk:care-staffer", mine.pk)


@require_http_methods(FORMS)
@staff_page
def leave(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _one(user, pk)
    form = LeaveForm(request.POST if request.method == "POST" else None, initial={"last_day": clock.today()})
    context = SECTION | {"one": mine, "title": "登记离职", "button": "登记离职"}
    if not form.is_valid():
        return form_page(request, "desk/childcare/staff_act.html", form, context)
    keep_form(request, "desk/childcare/staff_act.html", form, context)
    staff.leave(staffer=mine, last_day=form.cleaned_data["last_day"], by=user)
    messages.success(request, f"{mine.name}已登记离职，之后的当班已取消。")
    return redirect("desk:care-staffer", mine.pk)


def _one(user: User, pk: int) -> Staffer:
    return get_object_or_404(book.staff_of(user), pk=pk)
