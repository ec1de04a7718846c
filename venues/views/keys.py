"""活动室钥匙: what the resident who keeps the keys looks at before and after use, on the own phone."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from communities.models import Resident, User
from communities.ownership import own_page
from core import clock
from core.pages import form_page, keep_form, page
from venues import checks
from venues.checks_forms import BeginForm, FinishForm, board
from venues.models import Booking

ONE = "venues/check.html"


@require_safe
@own_page
def keys(request: HttpRequest, resident: Resident) -> HttpResponse:
    context = {"tab": "me", "rooms": checks.kept_by(resident), "turns": checks.turns_of(resident, clock.now())}
    return page(request, "venues/keys.html", context | {"now": clock.now()})


@require_safe
@own_page
def check(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    return page(request, ONE, {"tab": "me"} | board(_use(resident, pk)))


@require_POST
@own_page
def begin(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    use, form = _use(resident, pk), BeginForm(request.POST)
    context = {"tab": "me"} | board(use) | {"begin": form}
    if not form.is_valid():
        return form_page(request, ONE, form, context)
    keep_form(request, ONE, form, context)
    checks.begin(booking=use, by=cast(User, request.user), **form.said())
    messages.success(request, "开始检查已保存。")
    return redirect("venues:check", pk)


@require_POST
@own_page
def finish(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    use, form = _use(resident, pk), FinishForm(request.POST)
    context = {"tab": "me"} | board(use) | {"finish": form}
    if not form.is_valid():
        return form_page(request, ONE, form, context)
    keep_form(request, ONE, form, context)
    checks.finish(booking=use, by=cast(User, request.user), **form.said())
    messages.success(request, "结束检查已保存，谢谢您。")
    return redirect("venues:keys")


def _use(resident: Resident, pk: int) -> Booking:
    """A use of a room whose keys `resident` keeps; else 404."""
    mine = checks.to_check(Booking.objects.filter(room__keyholder=resident)).select_related(
        "room__community", "room__keyholder", "room_check__began_by", "room_check__finished_by"
    )
    return get_object_or_404(mine, pk=pk)
