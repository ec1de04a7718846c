"""礼品 at the desk: what there is, stocking, who exchanged what, handing out and giving back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import duties
from communities.guards import staff_page
from communities.models import User
from communities.paging import kept
from communities.workbook import sent
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned
from partners import exchanging, giftbook, gifts
from partners.gift_forms import BackForm, ExchangeFilter, GiftForm, HandForm
from partners.models import Exchange, Gift
from partners.stock.keepers import place_of, refusal_to_keep

SECTION = {"section": "gifts"}
FORMS = ["GET", "HEAD", "POST"]
ONE, MOST_ON_PAPER = "desk/partners/exchange.html", 500
TICKET = ("gift", "community", "resident", "settled_by", "batch")


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    """The gifts themselves; `?closed=1` those that were taken off."""
    closed = request.GET.get("closed") == "1"
    context = {"gifts": giftbook.gifts(user, closed=closed)[:200], "closed": closed}
    return page(request, "desk/partners/gifts.html", SECTION | context)


@require_http_methods(FORMS)
@staff_page
def new(request: HttpRequest, user: User) -> HttpResponse:
    form = GiftForm(request.POST if request.method == "POST" else None, user=user)
    if not form.is_valid():
        return form_page(request, "desk/partners/gift_new.html", form, SECTION)
    keep_form(request, "desk/partners/gift_new.html", form, SECTION)
    made = gifts.offer(by=user, **form.offered())
    messages.success(request, f"已登记“{made.title}”。办入库并由另一位同事验收后，居民就能兑换。")
    return redirect("desk:stock-in", made.pk)


@require_safe
@staff_page
def gift(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """One gift: its batches, what came in and went, and the slips that wait for a second person."""
    own = Gift.objects.for_staff(user).select_related("community__sub_district", "sub_district", "made_by")
    mine = get_object_or_404(own, pk=pk)
    context = {
        "gift": mine, "lines": mine.stockings.select_related("by", "slip__settled_by").order_by("-pk")[:50],
        "batches": mine.slips.on_shelf(), "waiting": mine.slips.waiting().select_related("by").order_by("pk"), "today": clock.today(),
        "keeps": refusal_to_keep(place_of(mine), user) is None, "may": gifts.may_keep(mine, user),
    }  # fmt: skip
    return page(request, "desk/partners/gift.html", SECTION | context)


@require_POST
@staff_page
def close(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    done = gifts.close(gift=get_object_or_404(Gift.objects.for_staff(user), pk=pk), by=user)
    messages.success(request, f"“{done.title}”已下架，已兑换的仍可领取。")
    return redirect("desk:gifts")


@require_safe
@staff_page
def exchanges(request: HttpRequest, user: User) -> HttpResponse:
    form = ExchangeFilter(request.GET, user=user)
    rows, following = turned(request, giftbook.page_of(user, form.asked(), place(request)), giftbook.PAGE)
    context = {
        "form": form,
        "rows": rows,
        "following": following,
        "query": kept(request),
    }
    return page(request, "desk/partners/exchanges.html", SECTION | context)


@require_safe
@staff_page
def export(request: HttpRequest, user: User) -> HttpResponse:
    """The file of what the list shows."""
    return sent(giftbook.file_of(user, ExchangeFilter(request.GET, user=user).asked()), "礼品兑换")


@require_safe
@staff_page
def exchange(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """What the code or the number leads to; looking hands nothing out."""
    mine = _own(user, pk)
    return page(request, ONE, SECTION | _shown(mine, user) | {"form": HandForm()})


@require_POST
@staff_page
def hand_out(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine, form = _own(user, pk), HandForm(request.POST)
    context = SECTION | _shown(mine, user)
    if not form.is_valid():
        return form_page(request, ONE, form, context)
    keep_form(request, ONE, form, context)
    done = exchanging.hand_out(exchange=mine, by=user, **form.cleaned_data)
    messages.success(request, f"已把“{done.gift.title}”发给{done.taker or done.resident.name}，请打印出库单签字。")
    return redirect("desk:exchange", pk)


@require_safe
@staff_page
def slip(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """出库单 of what was handed out, for signing; two copies on one sheet."""
    mine = get_object_or_404(Exchange.objects.for_staff(user).select_related(*TICKET), pk=pk, status="handed")
    return page(request, "desk/partners/exchange_slip.html", {"exchange": mine})


@require_safe
@staff_page
def signing(request: HttpRequest, user: User) -> HttpResponse:
    """领取名单 on paper, with room for signatures: what the list shows."""
    rows = giftbook.asked(user, ExchangeFilter(request.GET, user=user).asked()).order_by("gift", "pk")[:MOST_ON_PAPER]
    context = {"rows": rows, "unit": duties.unit_of(user), "now": clock.now(), "by": user, "query": kept(request)}
    return page(request, "desk/partners/exchanges_print.html", context)


@require_http_methods(FORMS)
@staff_page
def give_back(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine, form = _own(user, pk), BackForm(request.POST if request.method == "POST" else None)
    context = SECTION | {"exchange": mine}
    if not form.is_valid():
        return form_page(request, "desk/partners/exchange_back.html", form, context)
    keep_form(request, "desk/partners/exchange_back.html", form, context)
    done = exchanging.give_back(exchange=mine, by=user, reason=form.cleaned_data["reason"])
    messages.success(request, f"“{done.gift.title}”已退回，{done.price}积分已退给{done.resident.name}。")
    return redirect("desk:exchange", pk)


def _shown(mine: Exchange, user: User) -> dict[str, Any]:
    return {
        "exchange": mine, "refused": exchanging.refusal_to_hand_out(mine, user, clock.now()),
        "back": exchanging.refusal_to_give_back(mine, user) is None,
    }  # fmt: skip


def _own(user: User, pk: int) -> Exchange:
    return get_object_or_404(Exchange.objects.for_staff(user).select_related(*TICKET), pk=pk)
