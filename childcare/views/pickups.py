"""接送人 on the guardian's phone: who is sent, adding, revoking by one tap, and a code for somebody else."""

from datetime import timedelta
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from childcare.handover import codes, pickups as sending
from childcare.handover.sheet import sheet
from childcare.models import Pickup, PickupCode
from childcare.views.door import child_of, family_page
from childcare.views.pickup_forms import CodeForm, PickupForm
from communities.models import Guardian, Resident, User
from core import clock
from core.pages import form_page, keep_form, page

FORMS = ["GET", "HEAD", "POST"]


@require_http_methods(FORMS)
@family_page
def pickups(request: HttpRequest, adult: Resident, pk: int) -> HttpResponse:
    mine, by = _mine(request, pk)
    form = PickupForm(request.POST if request.method == "POST" else None)
    context = _context(mine)
    if not form.is_valid():
        return form_page(request, "childcare/pickups.html", form, context)
    keep_form(request, "childcare/pickups.html", form, context)
    made = sending.authorise(child=mine.child, guardian=mine.guardian, said=form.said(), by=by)
    messages.success(request, f"已登记{made.name}，老师马上就能看到。")
    return redirect("childcare:pickups", mine.child_id)


@require_http_methods(FORMS)
@family_page
def revoke(request: HttpRequest, adult: Resident, pk: int, number: int) -> HttpResponse:
    """Asked once, then at once."""
    mine, by = _mine(request, pk)
    gone = get_object_or_404(Pickup.objects.standing().filter(child=mine.child), pk=number)
    if request.method != "POST":
        return page(request, "childcare/pickup_revoke.html", {"one": gone, "child": mine.child, "tab": "me"})
    sending.revoke(pickup=gone, by=by)
    messages.success(request, f"已撤销{gone.name}，从现在起不能再接孩子。")
    return redirect("childcare:pickups", mine.child_id)


@require_http_methods(FORMS)
@family_page
def code(request: HttpRequest, adult: Resident, pk: int) -> HttpResponse:
    """The digits stand on the answer alone, and on no other page."""
    mine, by = _mine(request, pk)
    form = CodeForm(request.POST if request.method == "POST" else None)
    context = _context(mine)
    if not form.is_valid():
        return form_page(request, "childcare/pickup_code.html", form, context)
    keep_form(request, "childcare/pickup_code.html", form, context)
    said = form.said()
    digits = codes.issue(child=mine.child, guardian=mine.guardian, by=by, **said)
    return page(request, "childcare/pickup_code_shown.html", context | said | {"digits": digits})


@require_POST
@family_page
def code_revoke(request: HttpRequest, adult: Resident, pk: int, number: int) -> HttpResponse:
    mine, by = _mine(request, pk)
    codes.revoke(code=get_object_or_404(PickupCode.objects.open().filter(child=mine.child), pk=number), by=by)
    messages.success(request, "接送码已撤销，不能再用。")
    return redirect("childcare:pickups", mine.child_id)


def _mine(request: HttpRequest, pk: int) -> tuple[Guardian, User]:
    """404 for other families' children; refuses a guardian whom a bar names."""
    mine, by = child_of(request, pk), cast(User, request.user)
    if refused := sending.refusal_to_manage(mine.child, by):
        raise refused
    return mine, by


def _context(mine: Guardian) -> dict[str, Any]:
    today = clock.today()
    return {"child": mine.child, "tab": "me", "sheet": sheet(mine.child, today), "tomorrow": today + timedelta(days=1)}
