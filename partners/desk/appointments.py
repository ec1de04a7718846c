"""预约 at the desk: which partner has not answered; colleagues answer for a partner that they reached by telephone."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.guards import staff_page
from communities.models import User
from core.pages import form_page, keep_form, page
from core.paging import place, turned
from partners.models import Appointment, Offer
from partners.offer_forms import DeclineForm, VisitFilter
from partners.offers import book
from partners.vouchers import appointments

SECTION, FORMS = {"section": "offers"}, ["GET", "HEAD", "POST"]


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    form = VisitFilter(request.GET, user=user)
    rows, following = turned(request, book.visits_for(user, form.asked(), place(request)), book.PAGE)
    return page(
        request, "desk/partners/offers/visits.html", SECTION | {"form": form, "rows": rows, "following": following}
    )


@require_POST
@staff_page
def confirm(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    appointments.confirm(appointment=_own(user, pk), by=user)
    messages.success(request, "已替商家确认预约，居民会收到消息。")
    return redirect("desk:appointments")


@require_http_methods(FORMS)
@staff_page
def decline(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine, form = _own(user, pk), DeclineForm(request.POST if request.method == "POST" else None)
    context = SECTION | {
        "visit": mine,
        "offer": mine.voucher.offer,
        "heading": "替商家答复：不能安排",
        "button": "确认不能安排",
    }
    if not form.is_valid():
        return form_page(request, "desk/partners/offers/act.html", form, context)
    keep_form(request, "desk/partners/offers/act.html", form, context)
    appointments.decline(appointment=mine, by=user, reason=form.cleaned_data["reason"])
    messages.success(request, "已告诉居民，积分退回居民账户。")
    return redirect("desk:appointments")


def _own(user: User, pk: int) -> Appointment:
    return get_object_or_404(book.visits().filter(voucher__offer__in=Offer.objects.for_staff(user)), pk=pk)
