"""签到表: a paper list of one activity is handed in, looked over, written, and perhaps undone."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities import recording
from activities.desk.sheets_forms import SheetForm, WriteForm
from activities.models import Activity, Sheet, SheetLine
from activities.sheets_in import books, handing
from communities import duties
from communities.guards import staff_page
from communities.models import User
from communities.paging import SIZE, slice_of
from communities.workbook import sent
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned

SECTION = {"section": "activities"}
LIST, ONE = "desk/activities/sheets.html", "desk/activities/sheet.html"
Status = Sheet.Status


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def sheets(request: HttpRequest, user: User, activity_id: int) -> HttpResponse:
    """The sheets of one activity, the newest first, and a form for another."""
    found = get_object_or_404(Activity.objects.for_staff(user).select_related("community"), pk=activity_id)
    form = SheetForm(request.POST if request.method == "POST" else None, request.FILES or None)
    context = _list(request, user, found)
    if not form.is_valid():
        return form_page(request, LIST, form, context)
    keep_form(request, LIST, form, context)
    sheet = handing.begin(activity=found, by=user, **form.sheet())
    return redirect("desk:sheet", sheet.pk)


@require_safe
@staff_page
def template(request: HttpRequest, user: User, activity_id: int) -> HttpResponse:
    """The columns, with everybody who signed up."""
    found = get_object_or_404(Activity.objects.for_staff(user), pk=activity_id)
    return sent(books.template(found), f"签到表{found.pk}号活动")


@require_safe
@staff_page
def sheet(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """What every row would become, or became, and what may be done."""
    return page(request, ONE, _shown(request, user, _mine(user, pk)) | {"form": WriteForm()})


@require_POST
@staff_page
def write(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine, form = _mine(user, pk), WriteForm(request.POST)
    context = _shown(request, user, mine)
    if not form.is_valid():
        return form_page(request, ONE, form, context)
    keep_form(request, ONE, form, context)
    done = handing.write(sheet=mine, by=user, late_reason=form.cleaned_data["late_reason"])
    count = done.lines.exclude(participation=None).count()
    messages.success(request, f"已记录{count}人。请另一位工作人员核对后确认入账。")
    return redirect("desk:sheet", pk)


@require_POST
@staff_page
def drop(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    dropped = handing.drop(sheet=_mine(user, pk), by=user)
    messages.success(request, f"已放弃“{dropped.name}”，没有记录任何人，读取的内容已删除。")
    return redirect("desk:sheets", dropped.activity_id)


@require_POST
@staff_page
def undo(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    done = handing.undo(sheet=_mine(user, pk), by=user)
    messages.success(request, f"已撤销“{done.name}”，名单恢复到写入以前。")
    return redirect("desk:sheet", pk)


@require_POST
@staff_page
def wrong(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The wrong rows as a workbook. A POST, because it is written down who took numbers away."""
    lines = handing.wrong_lines(sheet=_mine(user, pk), by=user)
    return sent(books.corrections(lines), f"第{pk}张签到表需改正的行")


def _mine(user: User, pk: int) -> Sheet:
    named = ("activity__community", "by", "ended_by")
    return get_object_or_404(Sheet.objects.for_staff(user).select_related(*named), pk=pk)


def _list(request: HttpRequest, user: User, found: Activity) -> dict[str, Any]:
    before = place(request)
    mine = found.sheets.select_related("by").annotate(rows=Count("lines")).order_by("-pk")
    shown, following = turned(request, list((mine.filter(pk__lt=before) if before else mine)[: SIZE + 1]), SIZE)
    refused = handing.refusal_for(found, user, clock.now())
    return SECTION | {"activity": found, "rows": shown, "following": following, "refused": refused}


def _shown(request: HttpRequest, user: User, mine: Sheet) -> dict[str, Any]:
    counted = dict(mine.lines.values_list("fate").annotate(Count("pk")))
    fate = request.GET.get("fate", "")
    lines = mine.lines.filter(fate=fate) if fate in SheetLine.Fate.values else mine.lines.all()
    own = mine.by_id == user.pk
    return SECTION | {
        "sheet": mine, "activity": mine.activity, "fate": fate, "mine": own, "kpis": _figures(mine, counted, fate),
        "slice": slice_of(request, lines.select_related("resident")), "wrong": counted.get("wrong", 0),
        "present": counted.get("present", 0), "late": recording.is_late(mine.activity, clock.now()),
        "may_undo": mine.status == Status.WRITTEN
        and (own or duties.holds(user, mine.activity.community, duties.Role.HEAD))
        and mine.lines.exclude(participation=None).exists(),
    }  # fmt: skip


def _figures(mine: Sheet, counted: dict[str, int], fate: str) -> list[dict[str, Any]]:
    """How many rows have each fate, each a link to them."""
    here = reverse("desk:sheet", args=[mine.pk])
    figures = [("", "全部", sum(counted.values()))]
    figures += [(one.value, one.label, counted.get(one.value, 0)) for one in SheetLine.Fate]
    return [
        {"value": count, "label": label, "url": f"{here}?fate={one}" if one else here, "current": fate == one}
        for one, label, count in figures
    ]
