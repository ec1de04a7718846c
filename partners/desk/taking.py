"""服务券 at the counter: booking for somebody without a phone, and the paper that they take along."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from communities import counter
from communities.drawing import drawn
from communities.finding import ACTIVE
from communities.guards import staff_page
from communities.models import Consent, Resident, User
from core import clock
from core.pages import form_page, keep_form, page
from partners.models import Offer, Voucher
from partners.offer_forms import TakeForm
from partners.vouchers import issuing, printing
from points import statement

SECTION, FORMS = {"section": "counter"}, ["GET", "HEAD", "POST"]
ASK = {
    "title": "打印服务券", "go": "打印",
    "says": "有了纸质券，使用时不论扫码还是报券码，商家都要再核对登记手机号的后4位（没有手机的核对生日），请告诉居民。",
}  # fmt: skip


@require_http_methods(FORMS)
@staff_page
def book(request: HttpRequest, user: User, pk: int, offer_id: int) -> HttpResponse:
    """Take a voucher that is booked with; the resident signs the paper that is printed next."""
    resident = get_object_or_404(
        Resident.objects.for_staff(user).filter(status__in=ACTIVE).select_related("community"), pk=pk
    )
    near = Offer.objects.within_reach_of(resident).select_related("partner", "community")
    offer, at = get_object_or_404(near.on_show(clock.today()), pk=offer_id), clock.now()
    sent = request.POST if request.method == "POST" else None
    form = TakeForm(sent, offer=offer, resident=resident, by=user, way=Consent.Way.SIGNATURE, at=at)
    refused = counter.refusal_for(resident, user) or issuing.refusal_to_take(offer, resident, at)
    context = SECTION | {
        "resident": resident,
        "offer": offer,
        "refused": refused,
        "have": statement.available(resident, at=at),
    }
    if not form.is_valid() or (sent is not None and refused):
        return form_page(request, "desk/partners/offers/book.html", form, context)
    keep_form(request, "desk/partners/offers/book.html", form, context)
    made = issuing.take(offer=offer, resident=resident, by=user, wanted=form.wanted(), printed=True)
    return redirect("desk:voucher-paper", made.pk)


@require_http_methods(FORMS)
@staff_page
def paper(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """A5: the code, the number, where and until when; the lower half is signed and stays. Shown once it counts as printed."""
    own = (
        Voucher.objects.for_staff(user)
        .issued()
        .select_related("offer", "partner", "community", "resident", "by", "appointment__slot")
    )
    mine = get_object_or_404(own, pk=pk)
    if request.method == "POST":
        printing.print_out(voucher=mine)
        return redirect("desk:voucher-paper", pk)
    if not mine.printed:
        return page(request, "desk/partners/voucher_act.html", SECTION | {"voucher": mine, "form": (), **ASK})
    qr = drawn(settings.SITE_URL + reverse("voucher-code", args=[mine.token]))
    visit = getattr(mine, "appointment", None)
    return page(
        request, "desk/partners/offers/paper.html", {"voucher": mine, "visit": visit, "qr": qr, "now": clock.now()}
    )
