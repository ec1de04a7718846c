"""Which partner the phone serves for; today, with the number read aloud; a day or a month; the way to everything else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from communities import paging
from communities.guards import account_page
from communities.models import User
from core import clock
from core.pages import form_page, keep_form, page, wanted
from core.paging import place, turned
from partners.merchant.door import merchant_page, serve_for
from partners.merchant.redeeming import found_by_number
from partners.merchant.voucher_forms import HistoryFilter, NumberForm, spans
from partners.models import Clerk
from partners.vouchers import finding, today as shop_today
from partners.vouchers.clerks import NotAMerchant, of

PAGE = 30


@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def choose(request: HttpRequest, account: User) -> HttpResponse:
    mine = of(account)
    if not mine:
        raise NotAMerchant
    if request.method != "POST":
        return page(request, "merchant/choose.html", {"mine": mine, "next": wanted(request, "/merchant/")})
    number = request.POST.get("clerk", "")
    serve_for(
        request,
        get_object_or_404(Clerk.objects.current().filter(account=account), pk=paging.number(number)),
    )
    return redirect(wanted(request, "/merchant/"))


@require_http_methods(["GET", "HEAD", "POST"])
@merchant_page
def today(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Today's uses; a POST looks for the number that was read aloud and uses nothing."""
    form, day = NumberForm(request.POST if request.method == "POST" else None), clock.today()
    context = {
        "clerk": clerk, "tab": "today", "used": shop_today.count_on(clerk.partner, day), "notes": shop_today.notes(clerk, day),
        "to_undo": shop_today.to_undo(clerk.partner, clock.now())[:PAGE],
    }  # fmt: skip
    if not form.is_valid():
        return form_page(request, "merchant/today.html", form, context)
    keep_form(request, "merchant/today.html", form, context)
    return found_by_number(request, finding.of_clerk(clerk=clerk, number=form.cleaned_data["number"]))


@require_safe
@merchant_page
def history(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Of one day or one month: when, what, whose by masked name, and what was undone."""
    form = HistoryFilter(request.GET)
    asked, before = form.asked(), place(request)
    found = shop_today.within(clerk.partner, **asked)
    rows, following = turned(
        request, list((found.filter(pk__lt=before) if before else found).order_by("-pk")[: PAGE + 1]), PAGE
    )
    context = {
        "clerk": clerk, "tab": "history", "form": form, "spans": spans(asked), "asked": asked, "rows": rows, "following": following,
        "count": found.standing().count(),
    }  # fmt: skip
    return page(request, "merchant/history.html", context)


@require_safe
@merchant_page
def more(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    return page(request, "merchant/more.html", {"clerk": clerk, "tab": "more", "several": len(of(clerk.account)) > 1})
