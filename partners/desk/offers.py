"""服务项目 at the desk: what partners offer, the review against the word list, taking off, more of it, slots."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.guards import staff_page
from communities.models import User
from communities.paging import kept
from communities.workbook import sent
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned
from partners import standing
from partners.models import Agreement, Offer, Slot
from partners.offer_forms import DeskOfferFilter, MoreForm, NoteForm, OfferForm, PlacedOfferForm, SlotForm
from partners.offers import adwords, book, drafting, reviewing, slots

SECTION, FORMS = {"section": "offers"}, ["GET", "HEAD", "POST"]


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    form = DeskOfferFilter(request.GET, user=user)
    rows, following = turned(request, book.page_of(user, form.asked(), place(request)), book.PAGE)
    context = {"form": form, "rows": rows, "following": following, "query": kept(request)}
    return page(request, "desk/partners/offers/list.html", SECTION | context)


@require_safe
@staff_page
def export(request: HttpRequest, user: User) -> HttpResponse:
    """The file of what the list shows."""
    return sent(book.file_of(user, DeskOfferFilter(request.GET, user=user).asked()), "服务项目")


@require_http_methods(FORMS)
@staff_page
def new(request: HttpRequest, user: User) -> HttpResponse:
    own = Agreement.objects.for_staff(user).in_force(clock.today())
    form = PlacedOfferForm(request.POST if request.method == "POST" else None, agreements=own)
    if not form.is_valid():
        return form_page(request, "desk/partners/offers/edit.html", form, SECTION)
    keep_form(request, "desk/partners/offers/edit.html", form, SECTION)
    agreement = form.cleaned_data["agreement"]
    made = drafting.draft(partner=agreement.partner, community=agreement.community, terms=form.terms(), by=user)
    messages.success(request, f"“{made.title}”已保存，还没有送审。")
    return redirect("desk:offer", made.pk)


@require_http_methods(FORMS)
@staff_page
def offer(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """One offer with what the word list found; a POST sends it back with a note."""
    mine, form = _own(user, pk), NoteForm(request.POST if request.method == "POST" else None)
    context = SECTION | {
        "offer": mine, "title": list(adwords.marked(mine.title)), "note": list(adwords.marked(mine.note)),
        "hits": adwords.hits(mine.title, mine.note), "blocked": bool(adwords.forbidden(mine.title, mine.note)),
        "refused": reviewing.refusal_to_review(mine, user),
        "writable": mine.status in drafting.WRITABLE, "may": drafting.may_write(user, mine.partner, mine.community),
        "slots": slots.coming(mine, clock.now()) if mine.booking != Offer.Booking.NONE else None,
        "trouble": standing.refusal_for(mine.partner, mine.community, clock.today()),
    }  # fmt: skip
    if not form.is_valid():
        return form_page(request, "desk/partners/offers/offer.html", form, context)
    keep_form(request, "desk/partners/offers/offer.html", form, context)
    reviewing.send_back(offer=mine, note=form.cleaned_data["note"], by=user)
    messages.success(request, "已退回商家修改。")
    return redirect("desk:offer", pk)


@require_POST
@staff_page
def approve(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    done = reviewing.approve(offer=_own(user, pk), by=user)
    messages.success(request, f"“{done.title}”已上架，居民现在可以兑换。")
    return redirect("desk:offer", pk)


@require_http_methods(FORMS)
@staff_page
def edit(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _own(user, pk)
    form = OfferForm(request.POST if request.method == "POST" else None, offer=mine)
    context = SECTION | {"offer": mine}
    if not form.is_valid():
        return form_page(request, "desk/partners/offers/edit.html", form, context)
    keep_form(request, "desk/partners/offers/edit.html", form, context)
    drafting.edit(offer=mine, terms=form.terms(), by=user)
    messages.success(request, "已保存，还没有送审。")
    return redirect("desk:offer", pk)


@require_POST
@staff_page
def submit(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    drafting.submit(offer=_own(user, pk), by=user)
    messages.success(request, "已送审，请由另一位同事审核。")
    return redirect("desk:offer", pk)


@require_POST
@staff_page
def copy(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    made = drafting.copy(offer=_own(user, pk), by=user)
    messages.success(request, "已复制一份草稿。新的上架后，请把原来的下架。")
    return redirect("desk:offer-edit", made.pk)


@require_POST
@staff_page
def close(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    done = reviewing.close(offer=_own(user, pk), by=user)
    messages.success(request, f"“{done.title}”已下架，居民手里的券照常使用。")
    return redirect("desk:offer", pk)


@require_http_methods(FORMS)
@staff_page
def restock(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine, form = _own(user, pk), MoreForm(request.POST if request.method == "POST" else None)
    context = SECTION | {"offer": mine, "heading": "增减数量", "button": "保存数量"}
    if not form.is_valid():
        return form_page(request, "desk/partners/offers/act.html", form, context)
    keep_form(request, "desk/partners/offers/act.html", form, context)
    done = reviewing.restock(offer=mine, change=form.cleaned_data["change"], by=user)
    messages.success(request, f"总数改为{done.stock}张。")
    return redirect("desk:offer", pk)


@require_http_methods(FORMS)
@staff_page
def slot_new(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine, form = _own(user, pk), SlotForm(request.POST if request.method == "POST" else None)
    context = SECTION | {"offer": mine, "heading": "添加预约时段", "button": "添加时段"}
    if not form.is_valid():
        return form_page(request, "desk/partners/offers/act.html", form, context)
    keep_form(request, "desk/partners/offers/act.html", form, context)
    made = slots.add(offer=mine, by=user, **form.cleaned_data)
    messages.success(request, f"已添加{len(made)}个时段。")
    return redirect("desk:offer", pk)


@require_POST
@staff_page
def slot_remove(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = get_object_or_404(Slot.objects.select_related("offer"), pk=pk, offer__in=Offer.objects.for_staff(user))
    slots.remove(slot=mine, by=user)
    messages.success(request, "已删除这个时段。")
    return redirect("desk:offer", mine.offer_id)


def _own(user: User, pk: int) -> Offer:
    own = Offer.objects.for_staff(user).select_related("partner", "community", "made_by", "reviewed_by", "closed_by")
    return get_object_or_404(own, pk=pk)
