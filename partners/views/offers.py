"""服务券 on the phone: what there is, and the last look before points are spent."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from communities.guards import resident_page
from communities.models import Consent, Resident, User
from core import clock
from core.pages import on_refusal, page
from core.paging import place, turned
from core.refusals import Refused
from partners.models import Offer, OfferQuerySet, Partner
from partners.offer_forms import OfferFilter, TakeForm
from partners.offers import catalogue, reach
from partners.vouchers import issuing
from partners.vouchers.devices import device_of
from points import purse as common, statement

TAP = Consent.Way.TAP


@require_safe
@resident_page
def listing(request: HttpRequest, resident: Resident) -> HttpResponse:
    at, asked = clock.now(), OfferFilter.asked(request.GET)
    rows, following = turned(request, catalogue.page_of(resident, at, **asked, before=place(request)), catalogue.PAGE)
    context = {
        "rows": rows, "following": following, "asked": asked, "spendable": statement.available(resident, at=at),
        "trades": Partner.Trade.choices, "communities": catalogue.communities_of(resident),
    }  # fmt: skip
    return page(request, "partners/offers/list.html", {"tab": "home", **context})


@require_http_methods(["GET", "HEAD", "POST"])
@resident_page
def offer(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    """One offer with the last look; the POST charges, and books where there is something to book."""
    at, by = clock.now(), cast(User, request.user)
    found = get_object_or_404(_seen(resident), pk=pk)
    sent = request.POST if request.method == "POST" else None
    form = TakeForm(sent, offer=found, resident=resident, by=by, way=TAP, at=at)
    if not form.is_valid():
        refused, purse = issuing.refusal_or_purse(found, resident, at)
        return _offer_page(request, resident, found, form, refused, 400 if form.errors else 200, purse=purse)
    purse = "purse" in request.POST
    on_refusal(request, lambda no: _offer_page(request, resident, found, form, no, no.status, purse=purse))
    made = issuing.take(
        offer=found, resident=resident, by=by, purse=purse, wanted=form.wanted(), device=device_of(request, by)
    )  # fmt: skip
    return redirect(f"{reverse('vouchers:detail', args=[made.pk])}?done=1")


def _seen(resident: Resident) -> OfferQuerySet:
    """Whatever is or was on show near the reader: a link that is passed on says why it cannot be taken any more.

    What was sent back, with a note, and closed was never on show.
    """
    known = Offer.objects.filter(
        status__in=(Offer.Status.OPEN, Offer.Status.CLOSED), reviewed_at__isnull=False, review_note=""
    )
    age = resident.age_on(clock.today())
    near = known.within_reach_of(resident).select_related("partner", "community")
    return near.exclude(partner__trade__in=reach.HEALTH) if age is not None and age < reach.ADULT else near


def _offer_page(
    request: HttpRequest, resident: Resident, found: Offer, form: TakeForm, refused: Refused | None, status: int, *, purse: bool
) -> HttpResponse:  # fmt: skip
    at = clock.now()
    have = statement.available(resident, at=at)
    context = {
        "offer": found, "form": form, "refused": refused, "have": have, "purse": purse,
        "left": ((common.spendable(resident, at) or 0) if purse else have) - found.price, "others": found.price - have,
        "retry": bool(refused and refused.code in RETRY), "home": found.booking == Offer.Booking.HOME,
    }  # fmt: skip
    return page(request, "partners/offers/offer.html", {"tab": "home", **context}, status=status)


# What the person can put right on this page.
RETRY = {"no_slot", "slot_gone", "no_address", "partner_consent_needed"}
