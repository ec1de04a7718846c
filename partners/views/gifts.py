"""兑礼品 on the phone: what there is, the last look before points are spent, my exchanges and their codes."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.drawing import drawn
from communities.guards import open_page, resident_page
from communities.models import Resident, User
from communities.settings import GIFT_PICKUP_DAYS, value_of
from core import clock
from core.pages import on_refusal, page
from core.paging import place, turned
from core.refusals import Refused
from partners import exchanging, gifts
from partners.models import Exchange, Gift, GiftQuerySet
from points import statement

PAGE = 20


@require_safe
@resident_page
def listing(request: HttpRequest, resident: Resident) -> HttpResponse:
    at = clock.now()
    waiting = Exchange.objects.of(resident).reserved().select_related("gift").order_by("collect_by", "pk")
    context = {
        "rows": gifts.shown_to(resident, at), "waiting": waiting, "spendable": statement.available(resident, at=at),
    }  # fmt: skip
    return page(request, "partners/gifts.html", {"tab": "me", **context})


@require_http_methods(["GET", "HEAD", "POST"])
@resident_page
def gift(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    """One gift with the last look; the POST charges and puts it aside."""
    found = get_object_or_404(_near(resident), pk=pk)
    if request.method != "POST":
        return _gift_page(request, resident, found, gifts.refusal_to_reserve(found, resident, clock.now()), 200)
    on_refusal(request, lambda refused: _gift_page(request, resident, found, refused, refused.status))
    made = exchanging.reserve(gift=found, resident=resident, by=cast(User, request.user))
    return redirect(f"{reverse('gifts:ticket', args=[made.pk])}?done=1")


def _near(resident: Resident) -> GiftQuerySet:
    return Gift.objects.within_reach_of(resident).select_related("community", "sub_district")


def _gift_page(
    request: HttpRequest, resident: Resident, found: Gift, refused: Refused | None, status: int
) -> HttpResponse:
    have = statement.available(resident, at=clock.now())
    context = {
        "gift": found, "refused": refused, "have": have, "left": have - found.price,
        "days": value_of(GIFT_PICKUP_DAYS, found.sub_district_id),
    }  # fmt: skip
    return page(request, "partners/gift.html", {"tab": "me", **context}, status=status)


@require_safe
@resident_page
def mine(request: HttpRequest, resident: Resident) -> HttpResponse:
    before = place(request)
    found = Exchange.objects.of(resident).select_related("gift").order_by("-pk")
    rows, following = turned(request, list((found.filter(pk__lt=before) if before else found)[: PAGE + 1]), PAGE)
    return page(request, "partners/exchanges.html", {"tab": "me", "rows": rows, "following": following})


@require_safe
@resident_page
def ticket(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    found = _own(resident, pk)
    waits = found.status == Exchange.Status.RESERVED
    address = settings.SITE_URL + reverse("gifts:check", args=[found.token])
    context = {"exchange": found, "done": waits and "done" in request.GET, "qr": drawn(address) if waits else ""}
    return page(request, "partners/exchange.html", {"tab": "me", **context})


@require_POST
@resident_page
def give_back(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    done = exchanging.give_back(exchange=_own(resident, pk), by=cast(User, request.user), reason="本人退回")
    messages.success(request, f"“{done.gift.title}”已退回，{done.price}积分已退到您的账户。")
    return redirect("gifts:list")


@require_safe
@open_page
def check(request: HttpRequest, resident: Resident | None, token: str) -> HttpResponse:
    """Where a QR code leads: who you are decides what you see, and looking hands nothing out."""
    shown = get_object_or_404(Exchange, token=token)
    if resident and resident.pk == shown.resident_id:
        return redirect("gifts:ticket", shown.pk)
    user = request.user
    if isinstance(user, User) and user.is_desk_user and Exchange.objects.for_staff(user).filter(pk=shown.pk).exists():
        return redirect("desk:exchange", shown.pk)
    return page(request, "partners/not_yours.html")


def _own(resident: Resident, pk: int) -> Exchange:
    return get_object_or_404(Exchange.objects.of(resident).select_related("gift", "community"), pk=pk)
