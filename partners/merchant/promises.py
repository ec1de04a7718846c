"""我的承诺 on the merchant's phone: what was promised, what was done this month, saying so, and the code for residents."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from communities import photos
from communities.drawing import drawn
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned
from partners.merchant.door import merchant_page
from partners.models import Agreement, AgreementQuerySet, Clerk, Delivery, DeliveryQuerySet, Promise
from partners.obligation_forms import DeliveryForm
from partners.obligations import balance, progress, reporting

PAGE = 20


@require_safe
@merchant_page
def promises(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    held = _agreements(clerk).in_force(clock.today()).order_by("pk")
    counted = progress.of(held)
    own = _deliveries(clerk).order_by("-pk")
    before = place(request)
    rows, following = turned(request, list((own.filter(pk__lt=before) if before else own)[: PAGE + 1]), PAGE)
    shown = [(one, counted.get(one.pk, [])) for one in held]
    return page(
        request,
        "merchant/promises.html",
        {"clerk": clerk, "tab": "more", "shown": shown, "rows": rows, "following": following},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@merchant_page
def report(request: HttpRequest, clerk: Clerk, pk: int) -> HttpResponse:
    own = Promise.objects.filter(agreement__in=_agreements(clerk)).select_related("agreement__community")
    promise, sent = get_object_or_404(own, pk=pk), request.method == "POST"
    form = DeliveryForm(request.POST if sent else None, request.FILES if sent else None, by=clerk.account)
    context = {"clerk": clerk, "tab": "more", "promise": promise}
    if not form.is_valid():
        return form_page(request, "merchant/report.html", form, context)
    keep_form(request, "merchant/report.html", form, context)
    made = reporting.report(promise=promise, by=clerk.account, **form.said())
    messages.success(request, "已填报。请在场的居民扫码确认，或等社区确认。")
    return redirect("merchant:delivery", made.pk)


@require_safe
@merchant_page
def delivery(request: HttpRequest, clerk: Clerk, pk: int) -> HttpResponse:
    """The code that residents who were there open; nothing of who they are comes back."""
    mine = get_object_or_404(_deliveries(clerk).select_related("paper"), pk=pk)
    address = settings.SITE_URL + reverse("partners:been", args=[mine.token])
    context = {"delivery": mine, "qr": drawn(address), "address": address, "said": mine.ratings.count()}
    return page(request, "merchant/delivery.html", {"clerk": clerk, "tab": "more"} | context)


@require_safe
@merchant_page
def photo(request: HttpRequest, clerk: Clerk, pk: int) -> HttpResponse:
    mine = get_object_or_404(_deliveries(clerk).exclude(paper=None).select_related("paper"), pk=pk)
    assert mine.paper
    return photos.shown(mine.paper)


@require_safe
@merchant_page
def rooms(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """场地与服务: what the community gave and what came back, by agreement and month."""
    found = balance.of(_agreements(clerk).order_by("-pk")[:10])
    return page(request, "merchant/balance.html", {"clerk": clerk, "tab": "more", "balances": found})


def _agreements(clerk: Clerk) -> AgreementQuerySet:
    signed = Agreement.objects.filter(partner=clerk.partner, status=Agreement.Status.SIGNED)
    return signed.select_related("partner", "community")


def _deliveries(clerk: Clerk) -> DeliveryQuerySet:
    own = Delivery.objects.filter(promise__agreement__partner=clerk.partner)
    return own.select_related("promise__agreement__community")
