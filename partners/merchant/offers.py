"""我的服务: what the shop offers, drafted by the owner on the phone, handed in, taken off; its slots."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned
from partners.merchant.door import merchant_page, owner_page
from partners.models import Agreement, Clerk, Offer, Slot
from partners.offer_forms import OfferForm, PlacedOfferForm, SlotForm
from partners.offers import adwords, book, drafting, reviewing, slots

TAB, FORMS = {"tab": "offers"}, ["GET", "HEAD", "POST"]


@require_safe
@merchant_page
def listing(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    before, mine = place(request), book.of_partner(clerk.partner)
    rows, following = turned(
        request, list((mine.filter(pk__lt=before) if before else mine)[: book.PAGE + 1]), book.PAGE
    )
    visits = book.visits_of(clerk.partner, clock.now()).count()
    return page(
        request,
        "merchant/offers/list.html",
        TAB | {"clerk": clerk, "rows": rows, "following": following, "visits": visits},
    )


@require_http_methods(FORMS)
@owner_page
def new(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    agreements = Agreement.objects.in_force(clock.today()).filter(partner=clerk.partner)
    form = PlacedOfferForm(request.POST if request.method == "POST" else None, agreements=agreements)
    context = TAB | {"clerk": clerk, "none": not agreements.exists()}
    if not form.is_valid():
        return form_page(request, "merchant/offers/edit.html", form, context)
    keep_form(request, "merchant/offers/edit.html", form, context)
    where = form.cleaned_data["agreement"].community
    made = drafting.draft(partner=clerk.partner, community=where, terms=form.terms(), by=clerk.account)
    messages.success(request, f"“{made.title}”已保存，还没有送审。")
    return redirect("merchant:offer", made.pk)


@require_safe
@merchant_page
def offer(request: HttpRequest, clerk: Clerk, pk: int) -> HttpResponse:
    mine = _own(clerk, pk)
    context = {
        "clerk": clerk, "offer": mine, "hits": adwords.hits(mine.title, mine.note), "writable": mine.status in drafting.WRITABLE,
        "slots": slots.coming(mine, clock.now()) if mine.booking != Offer.Booking.NONE else None,
    }  # fmt: skip
    return page(request, "merchant/offers/offer.html", TAB | context)


@require_http_methods(FORMS)
@owner_page
def edit(request: HttpRequest, clerk: Clerk, pk: int) -> HttpResponse:
    mine = _own(clerk, pk)
    form = OfferForm(request.POST if request.method == "POST" else None, offer=mine)
    context = TAB | {"clerk": clerk, "offer": mine}
    if not form.is_valid():
        return form_page(request, "merchant/offers/edit.html", form, context)
    keep_form(request, "merchant/offers/edit.html", form, context)
    drafting.edit(offer=mine, terms=form.terms(), by=clerk.account)
    messages.success(request, "已保存，还没有送审。")
    return redirect("merchant:offer", pk)


@require_POST
@owner_page
def submit(request: HttpRequest, clerk: Clerk, pk: int) -> HttpResponse:
    drafting.submit(offer=_own(clerk, pk), by=clerk.account)
    messages.success(request, "已送审，社区审核后上架。")
    return redirect("merchant:offer", pk)


@require_POST
@owner_page
def copy(request: HttpRequest, clerk: Clerk, pk: int) -> HttpResponse:
    made = drafting.copy(offer=_own(clerk, pk), by=clerk.account)
    messages.success(request, "已复制一份，改好以后送审。原来的还在上架的，新的上架后请把它下架。")
    return redirect("merchant:offer-edit", made.pk)


@require_POST
@owner_page
def close(request: HttpRequest, clerk: Clerk, pk: int) -> HttpResponse:
    done = reviewing.close(offer=_own(clerk, pk), by=clerk.account)
    messages.success(request, f"“{done.title}”已下架，居民手里的券照常使用。")
    return redirect("merchant:offers")


@require_http_methods(FORMS)
@owner_page
def slot_new(request: HttpRequest, clerk: Clerk, pk: int) -> HttpResponse:
    mine, form = _own(clerk, pk), SlotForm(request.POST if request.method == "POST" else None)
    context = TAB | {"clerk": clerk, "offer": mine}
    if not form.is_valid():
        return form_page(request, "merchant/offers/slot.html", form, context)
    keep_form(request, "merchant/offers/slot.html", form, context)
    made = slots.add(offer=mine, by=clerk.account, **form.cleaned_data)
    messages.success(request, f"已添加{len(made)}个时段。")
    return redirect("merchant:offer", pk)


@require_POST
@owner_page
def slot_remove(request: HttpRequest, clerk: Clerk, pk: int) -> HttpResponse:
    mine = get_object_or_404(Slot.objects.select_related("offer"), pk=pk, offer__partner=clerk.partner)
    slots.remove(slot=mine, by=clerk.account)
    messages.success(request, "已删除这个时段。")
    return redirect("merchant:offer", mine.offer_id)


def _own(clerk: Clerk, pk: int) -> Offer:
    return get_object_or_404(book.of_partner(clerk.partner), pk=pk)
