"""核销 on a shop's phone: where a voucher's code leads, the number read aloud, the one button, and undoing."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from communities.acting import act_for, residents_of
from communities.guards import account_page
from communities.models import User
from core import clock
from core.pages import form_page, keep_form, on_refusal, page
from core.refusals import Refused
from partners.merchant.door import merchant_page, serve_for
from partners.merchant.voucher_forms import CheckForm
from partners.models import Clerk, Redemption, Voucher
from partners.vouchers import finding, redeeming, undoing
from partners.vouchers.clerks import NotAMerchant, of
from partners.vouchers.devices import device_of

SAID = "said_at"  # in the session: how which voucher was found, when it was not scanned, and at which moment
CHECKING = "checking"  # in the session: the printed voucher whose second check is still to be said
Way = Redemption.Way
FORMS = ["GET", "HEAD", "POST"]


@require_http_methods(FORMS)
def code(request: HttpRequest, token: str) -> HttpResponse:
    """Where a QR code leads: who you are decides what you see. Looking uses nothing, the button does."""
    user = request.user
    if isinstance(user, User) and user.is_desk_user:
        return _for_staff(request, user, token)
    return _for_phone(request, token=token)


def _for_staff(request: HttpRequest, user: User, token: str) -> HttpResponse:
    found = Voucher.objects.for_staff(user).filter(token=token).first()
    return (
        redirect("desk:voucher", found.pk)
        if found
        else page(request, "merchant/voucher_elsewhere.html", {"staff": True})
    )


@account_page
def _for_phone(request: HttpRequest, account: User, token: str) -> HttpResponse:
    rows = Voucher.objects.select_related("offer", "partner", "community__sub_district", "resident", "by")
    shown = get_object_or_404(rows, token=token)
    mine = of(account)
    clerk = next((one for one in mine if one.partner_id == shown.partner_id), mine[0] if mine else None)
    if request.method == "POST":
        return _use(request, shown, clerk)
    owners = [one for one in residents_of(account) if one.pk == shown.resident_id]
    if owners:  # their own, or of whom they act for: unused, however often it is looked at
        act_for(request, owners[0])
        return redirect("vouchers:detail", shown.pk)
    if clerk is None:
        return page(request, "merchant/voucher_elsewhere.html")
    refused = redeeming.refusal_to_redeem(shown, by=account, clerk=clerk, on=clock.today())
    if refused is None and shown.printed and _way(request, shown) != Way.PAPER:
        serve_for(request, clerk)
        return _checked_first(request, shown)
    return _scan_page(request, shown, clerk, refused, 200)


def _use(request: HttpRequest, shown: Voucher, clerk: Clerk | None) -> HttpResponse:
    if clerk is None:
        raise NotAMerchant
    on_refusal(request, lambda refused: _scan_page(request, shown, clerk, refused, refused.status))
    device = device_of(request, shown.by)
    redeeming.redeem(voucher=shown, by=clerk.account, clerk=clerk, way=_way(request, shown), device=device)
    request.session.pop(SAID, None)
    serve_for(request, clerk)
    messages.success(request, f"已核销“{shown.offer}”。")
    return redirect("merchant:today")


def _scan_page(
    request: HttpRequest, shown: Voucher, clerk: Clerk, refused: Refused | None, status: int
) -> HttpResponse:
    """A shop sees nothing of another shop's voucher but that it is none of its own."""
    own = shown.partner_id == clerk.partner_id
    context = {"clerk": clerk, "tab": "today", "voucher": shown if own else None, "refused": refused}
    return page(request, "merchant/voucher.html", context, status=status)


def found_by_number(request: HttpRequest, found: Voucher) -> HttpResponse:
    """On to its page; of a printed one the second check is said first, and nothing is shown before."""
    return _checked_first(request, found) if found.printed else _shown(request, found, Way.NUMBER)


def _checked_first(request: HttpRequest, found: Voucher) -> HttpResponse:
    request.session[CHECKING] = found.pk
    return redirect("merchant:check")


def _way(request: HttpRequest, shown: Voucher) -> str:
    """The second check is good for the customer who stands there, and not for who brings the paper later."""
    way, at = request.session.get(SAID, {}).get(shown.token, (Way.SCAN, 0))
    stale = clock.now().timestamp() - at > finding.WINDOW.total_seconds()
    return Way.SCAN if stale and way == Way.PAPER else str(way)


def _shown(request: HttpRequest, found: Voucher, way: Redemption.Way) -> HttpResponse:
    request.session[SAID] = {found.token: (way, clock.now().timestamp())}
    return redirect("voucher-code", found.token)


@require_http_methods(FORMS)
@merchant_page
def check(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """The second check of a voucher on paper."""
    rows = Voucher.objects.filter(partner=clerk.partner).select_related("resident")
    found = rows.filter(pk=request.session.get(CHECKING, 0)).first()
    if found is None:
        return redirect("merchant:today")
    form = CheckForm(request.POST if request.method == "POST" else None, birthday=finding.asks_for_birthday(found))
    context = {"clerk": clerk, "tab": "today"}
    if not form.is_valid():
        return form_page(request, "merchant/check.html", form, context)
    keep_form(request, "merchant/check.html", form, context)
    finding.second_check(voucher=found, said=form.cleaned_data["said"], who=clerk.account)
    request.session.pop(CHECKING, None)
    return _shown(request, found, Way.PAPER)


@require_POST
@merchant_page
def undo(request: HttpRequest, clerk: Clerk, pk: int) -> HttpResponse:
    mine = get_object_or_404(Redemption.objects.filter(partner=clerk.partner), pk=pk)
    undoing.undo(redemption=mine, by=cast(User, request.user), clerk=clerk)
    messages.success(request, "已撤销，券可以重新核销。")
    return redirect("merchant:today")
