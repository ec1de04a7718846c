"""考勤接送 at the desk: the month of a group, its hand-overs, the file of both; alarms, and late collections for the head."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from childcare import opening
from childcare.centre.day_forms import CallForm, CloseForm
from childcare.days import book, calling, calls, holding, lateness, seeing
from childcare.desk.days_forms import ExcuseForm, ExportForm, MonthFilter
from childcare.models import Alarm, LateMark
from childcare.opening import Part
from communities.guards import staff_page
from communities.models import Resident, User
from communities.paging import kept
from communities.workbook import sent
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned
from core.refusals import BadInput

SECTION: dict[str, Any] = {"section": "care_days"}
FORMS = ["GET", "HEAD", "POST"]


@require_safe
@staff_page
def month(request: HttpRequest, user: User) -> HttpResponse:
    form = MonthFilter(request.GET, user=user)
    group, first = form.asked()
    days, lines = seeing.month_of(group, first, user) if group else ([], [])
    context = {"form": form, "group": group, "month": first, "days": days, "lines": lines, "query": kept(request)}
    return page(request, "desk/childcare/days.html", SECTION | context)


@require_http_methods(FORMS)
@staff_page
def export(request: HttpRequest, user: User) -> HttpResponse:
    """The file, after its purpose was written down."""
    group, first = MonthFilter(request.GET, user=user).asked()
    if group is None:
        return redirect("desk:care-days")
    form = ExportForm(request.POST if request.method == "POST" else None)
    context = SECTION | {"group": group, "month": first, "query": kept(request)}
    if not form.is_valid():
        return form_page(request, "desk/childcare/days_export.html", form, context)
    keep_form(request, "desk/childcare/days_export.html", form, context)
    return sent(seeing.file_of(group, first, user, form.cleaned_data["purpose"]), "考勤接送")


@require_safe
@staff_page
def paper(request: HttpRequest, user: User) -> HttpResponse:
    """A4 across."""
    group, first = MonthFilter(request.GET, user=user).asked()
    if group is None:
        return redirect("desk:care-days")
    days, lines = seeing.month_of(group, first, user)
    context = {"group": group, "month": first, "days": days, "lines": lines, "printed_at": clock.now(), "maker": user}
    return page(request, "desk/childcare/days_paper.html", context)


@require_safe
@staff_page
def handovers(request: HttpRequest, user: User) -> HttpResponse:
    form = MonthFilter(request.GET, user=user)
    group, first = form.asked()
    rows = seeing.handed_over(group, first, user) if group else []
    context = {"form": form, "group": group, "month": first, "rows": rows, "query": kept(request)}
    return page(request, "desk/childcare/days_handovers.html", SECTION | context)


@require_safe
@staff_page
def alarms(request: HttpRequest, user: User) -> HttpResponse:
    people = ("place__child", "place__group__centre", "closed_by")
    seen = Alarm.objects.for_staff(user).select_related(*people)
    rows, following = turned(request, book.page_of(seen.filter(closed_at__isnull=False), place(request)), book.PAGE)
    opened = list(seen.open().order_by("opened_at", "pk"))
    _looked(user, [one.place.child for one in (*opened, *rows)], "呼叫列表", "联系家长找孩子")
    context = {"opened": opened, "rows": rows, "following": following}
    return page(request, "desk/childcare/alarms.html", SECTION | context)


@require_safe
@staff_page
def alarm(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _alarm(user, pk)
    context = {"alarm": mine, "calling": calling.of(mine, user), "close": CloseForm(alarm=mine)}
    return page(request, "desk/childcare/alarm.html", SECTION | context)


@require_POST
@staff_page
def write(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    form = CallForm(request.POST)
    if not form.is_valid():
        raise BadInput
    made = calls.write(alarm=_alarm(user, pk), by=user, **form.cleaned_data)
    messages.success(request, f"已登记：{made.whom}{made.get_result_display()}。")
    return redirect("desk:care-alarm", pk)


@require_POST
@staff_page
def close(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _alarm(user, pk)
    form = CloseForm(request.POST, alarm=mine)
    if not form.is_valid():
        raise BadInput
    calls.close(alarm=mine, by=user, **form.cleaned_data)
    messages.success(request, "已结束这次呼叫。")
    return redirect("desk:care-alarms")


@require_POST
@staff_page
def hold(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """家长在路上: the calls go on after a while."""
    mine = holding.hold(alarm=_alarm(user, pk), by=user)
    messages.success(request, f"等到{clock.local(mine.held_until or clock.now()):%H:%M}，没有来就接着打电话。")
    return redirect("desk:care-alarm", pk)


@require_POST
@staff_page
def reopen(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    holding.reopen(alarm=_alarm(user, pk), by=user)
    messages.success(request, "已恢复呼叫，请接着打电话。")
    return redirect("desk:care-alarm", pk)


@require_safe
@staff_page
def lates(request: HttpRequest, user: User) -> HttpResponse:
    """Who has reached the limit on top; every late collection below, the newest first."""
    found = LateMark.objects.filter(place__group__centre__community__in=seeing.communities(user))
    found = found.select_related("child", "place__group__centre", "excused_by")
    rows, following = turned(request, book.page_of(found, place(request)), book.PAGE)
    often = list(lateness.at_limit(user).select_related("child", "group__centre").order_by("pk"))
    _looked(user, [one.child for one in (*often, *rows)], "晚接列表", "处理晚接")
    return page(request, "desk/childcare/lates.html", SECTION | {"rows": rows, "following": following, "often": often})


@require_http_methods(FORMS)
@staff_page
def excuse(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    seen = LateMark.objects.filter(place__group__centre__community__in=seeing.communities(user))
    mine = get_object_or_404(seen.select_related("child", "place__group__centre__community"), pk=pk)
    if refused := lateness.refusal_to_excuse(mine, user):
        raise refused
    form, context = ExcuseForm(request.POST if request.method == "POST" else None), SECTION | {"mark": mine}
    if not form.is_valid():
        return form_page(request, "desk/childcare/late_excuse.html", form, context)
    keep_form(request, "desk/childcare/late_excuse.html", form, context)
    lateness.excuse(mark=mine, reason=form.cleaned_data["reason"], by=user)
    messages.success(request, "这一次晚接不计了。")
    return redirect("desk:care-lates")


def _looked(user: User, children: list[Resident], where: str, purpose: str) -> None:
    opening.listed(user=user, children=children, parts={Part.DAYS}, where=where, purpose=purpose)


def _alarm(user: User, pk: int) -> Alarm:
    people = ("place__child__community", "place__group__centre__community__sub_district", "closed_by")
    return get_object_or_404(Alarm.objects.for_staff(user).select_related(*people), pk=pk)
