"""服务时长台账 at the desk: the list, the file, the paper, and the marks of what was entered in the national system."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities import hour_export, hourbook, reporting
from activities.hours_forms import HourFilter, WholeHoursForm
from communities import duties
from communities.guards import staff_page
from communities.models import Community, User
from communities.paging import kept, number
from communities.workbook import sent
from core import clock
from core.pages import came_from, form_page, keep_form, page
from core.paging import place, turned

SECTION = {"section": "hours", "tab": "hours"}
WHOLE = "desk/activities/hours_whole.html"
TILES = ("unreported", "reported", "changed")


@require_safe
@staff_page
def hours(request: HttpRequest, user: User) -> HttpResponse:
    """The book, filtered, fifty to a page, with its sums."""
    form = _filter(request, user)
    asked = form.asked()
    shown, following = turned(request, hourbook.page_of(user, asked, place(request)), hourbook.PAGE)
    context = {
        "form": form, "asked": asked, "rows": shown, "following": following, "figures": hourbook.figures(user, asked),
        "kpis": _tiles(user, asked.state), "query": kept(request), "heads": _heads(user),
    }  # fmt: skip
    return page(request, "desk/activities/hours.html", SECTION | context)


@require_safe
@staff_page
def export(request: HttpRequest, user: User) -> HttpResponse:
    """The file of exactly what the list shows, phones masked."""
    rows = hourbook.newest(hourbook.matching(user, _filter(request, user).asked()))
    return sent(hour_export.masked(rows), "服务时长台账")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def whole(request: HttpRequest, user: User) -> HttpResponse:
    """What for, and then the file for the national system: by the head or the sub-district."""
    asked = _filter(request, user).asked()
    form = WholeHoursForm(request.POST if request.method == "POST" else None)
    context = {"asked": asked, "may": reporting.may_see_all(user, asked), "query": kept(request), **SECTION}
    if not form.is_valid():
        return form_page(request, WHOLE, form, context)
    keep_form(request, WHOLE, form, context)
    return sent(reporting.whole(user, asked, **form.cleaned_data), "服务记录上报表（完整）")


@require_safe
@staff_page
def paper(request: HttpRequest, user: User) -> HttpResponse:
    """服务时长台账 on A4, by the filter of the list."""
    asked = _filter(request, user).asked()
    unit = asked.community or duties.unit_of(user)
    context = {
        "rows": hourbook.on_paper(user, asked), "asked": asked, "unit": unit, "maker": user.name,
        "made_on": clock.today(), "figures": hourbook.figures(user, asked), "query": kept(request),
    }  # fmt: skip
    return page(request, "desk/activities/hours_paper.html", SECTION | context)


@require_POST
@staff_page
def report(request: HttpRequest, user: User) -> HttpResponse:
    """Mark what was ticked as entered in the national system."""
    done = reporting.mark(services=_ticked(request), by=user)
    messages.success(request, f"已标记{done}条为已上报，上报日期是今天。")
    return redirect(came_from(request, reverse("desk:hours")))


@require_POST
@staff_page
def unreport(request: HttpRequest, user: User) -> HttpResponse:
    """Take the marks back; the log of changes says who did."""
    done = reporting.unmark(services=_ticked(request), by=user)
    messages.success(request, f"已撤销{done}条的上报标记，撤销会记入变更记录。")
    return redirect(came_from(request, reverse("desk:hours")))


def _ticked(request: HttpRequest) -> list[int]:
    return [number(text) for text in request.POST.getlist("service")]


def _filter(request: HttpRequest, user: User) -> HourFilter:
    return HourFilter(request.GET.dict(), communities=list(Community.objects.for_staff(user)))


def _heads(user: User) -> bool:
    return user.duties.current().filter(role__in=reporting.DECIDERS).exists()


def _tiles(user: User, state: str) -> list[dict[str, Any]]:
    return [
        {"value": count, "label": hourbook.STATES[name], "url": f"?state={name}", "current": state == name}
        for name, count in hourbook.counted(user, *TILES).items()
    ]
