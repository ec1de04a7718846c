"""交接记录 at the desk: the ledger of how rooms were used and given back, on paper too; and one use, written down by a colleague."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from communities.guards import staff_page
from communities.models import User
from communities.paging import kept, sorted_slice
from communities.workbook import sent
from core import clock
from core.pages import form_page, keep_form, page
from venues import checkbook, checks
from venues.checks_forms import BeginForm, FinishForm, board
from venues.desk.rooms import SECTION
from venues.models import Booking
from venues.rooms_forms import CheckFilter

ORDER = ("starts_at", "pk")
ONE = "desk/venues/check.html"


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    form, now = CheckFilter(request.GET, user=user), clock.now()
    found = checkbook.asked(user, _wanted(form), now)
    shown = sorted_slice(request, found, among=Booking.objects.for_staff(user), order=ORDER)
    context = {"form": form, "slice": shown, "query": kept(request), "month": _wanted(form).get("month")}
    return page(request, "desk/venues/checks.html", SECTION | context)


@require_safe
@staff_page
def export(request: HttpRequest, user: User) -> HttpResponse:
    """The file of what the list shows."""
    wanted = _wanted(CheckFilter(request.GET, user=user))
    return sent(checkbook.file_of(user, wanted, clock.now()), "场地使用台账")


@require_safe
@staff_page
def printed(request: HttpRequest, user: User) -> HttpResponse:
    """The ledger on paper, as inspections ask for it (domain guide, 18)."""
    wanted, now = _wanted(CheckFilter(request.GET, user=user)), clock.now()
    rows = checkbook.asked(user, wanted, now).order_by(*ORDER)[: checkbook.MOST_ON_PAPER]
    room, community = wanted.get("room"), wanted.get("community")
    unit = room.community if room else community or ""
    context = {"rows": rows, "month": wanted.get("month"), "room": room, "unit": unit, "now": now, "by": user}
    return page(request, "desk/venues/checks_print.html", context | {"query": kept(request)})


@require_safe
@staff_page
def check(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """One use, with what may be written down now; for a phone as well."""
    return page(request, ONE, SECTION | board(_use(user, pk)))


@require_POST
@staff_page
def begin(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    use, form = _use(user, pk), BeginForm(request.POST)
    context = SECTION | board(use) | {"begin": form}
    if not form.is_valid():
        return form_page(request, ONE, form, context)
    keep_form(request, ONE, form, context)
    checks.begin(booking=use, by=user, **form.said())
    messages.success(request, "开始检查已保存。")
    return redirect("desk:room-check", pk)


@require_POST
@staff_page
def finish(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    use, form = _use(user, pk), FinishForm(request.POST)
    context = SECTION | board(use) | {"finish": form}
    if not form.is_valid():
        return form_page(request, ONE, form, context)
    keep_form(request, ONE, form, context)
    checks.finish(booking=use, by=user, **form.said())
    messages.success(request, "结束检查已保存，交接完成。")
    return redirect("desk:room-check", pk)


@require_safe
@staff_page
def paper(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """One hand-over on A4, blank where nobody has written yet: it may be filled in by hand."""
    use = _use(user, pk)
    return page(request, "desk/venues/check_print.html", board(use) | {"now": clock.now(), "by": user})


def _wanted(form: CheckFilter) -> dict[str, Any]:
    """This month, unless something else was asked for; what is missing is not of one month."""
    asked = form.asked()
    if "month" not in asked and not asked.get("state"):
        asked["month"] = clock.today().replace(day=1)
    return asked


def _use(user: User, pk: int) -> Booking:
    mine = Booking.objects.for_staff(user).select_related(
        "room__community__sub_district",
        "room__keyholder",
        "resident",
        "room_check__began_by",
        "room_check__finished_by",
    )
    return get_object_or_404(mine, pk=pk)
