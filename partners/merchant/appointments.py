"""预约 at the shop: what to answer, what to keep; the address of a visit at home by a click that is written down."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.pages import form_page, keep_form, page
from partners.merchant.door import merchant_page
from partners.models import Appointment, Clerk
from partners.offer_forms import DeclineForm
from partners.offers import book
from partners.vouchers import addresses, appointments

TAB, FORMS = {"tab": "offers"}, ["GET", "HEAD", "POST"]


@require_safe
@merchant_page
def listing(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    rows = list(book.visits_of(clerk.partner, clock.now())[:200])
    asked = [one for one in rows if one.status == Appointment.Status.ASKED]
    context = {"clerk": clerk, "asked": asked, "coming": [one for one in rows if one not in asked]}
    return page(request, "merchant/appointments.html", TAB | context)


@require_safe
@merchant_page
def appointment(request: HttpRequest, clerk: Clerk, pk: int) -> HttpResponse:
    return _page(request, clerk, _own(clerk, pk))


@require_POST
@merchant_page
def address(request: HttpRequest, clerk: Clerk, pk: int) -> HttpResponse:
    """Shows where to go, once; the look is written first."""
    mine = _own(clerk, pk)
    return _page(request, clerk, mine, addresses.opened(appointment=mine, by=clerk.account))


@require_POST
@merchant_page
def confirm(request: HttpRequest, clerk: Clerk, pk: int) -> HttpResponse:
    done = appointments.confirm(appointment=_own(clerk, pk), by=clerk.account)
    messages.success(request, f"已确认{done.voucher.offer.title}的预约，居民会收到消息。")
    return redirect("merchant:appointment", pk)


@require_http_methods(FORMS)
@merchant_page
def decline(request: HttpRequest, clerk: Clerk, pk: int) -> HttpResponse:
    mine, form = _own(clerk, pk), DeclineForm(request.POST if request.method == "POST" else None)
    context = TAB | {"clerk": clerk, "visit": mine}
    if not form.is_valid():
        return form_page(request, "merchant/appointment_decline.html", form, context)
    keep_form(request, "merchant/appointment_decline.html", form, context)
    appointments.decline(appointment=mine, by=clerk.account, reason=form.cleaned_data["reason"])
    messages.success(request, "已告诉居民，积分退回居民账户。")
    return redirect("merchant:appointments")


def _page(request: HttpRequest, clerk: Clerk, mine: Appointment, where: str = "") -> HttpResponse:
    at = clock.now()
    context = {
        "clerk": clerk, "visit": mine, "where": where, "answerable": appointments.refusal_to_answer(mine, clerk.account, at) is None,
        "shut": addresses.refusal_to_open(mine, clerk.account, at), "trouble": appointments.trouble_of(mine),
    }  # fmt: skip
    return page(request, "merchant/appointment.html", TAB | context)


def _own(clerk: Clerk, pk: int) -> Appointment:
    return get_object_or_404(book.visits().filter(voucher__partner=clerk.partner), pk=pk)
