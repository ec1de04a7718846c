"""服务券 at the desk: found by name or number, frozen, let go, given back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.guards import staff_page
from communities.models import User
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned
from partners.desk.voucher_forms import ReasonForm, VoucherFilter
from partners.models import Voucher
from partners.vouchers import freezing, redeeming, returning, usebook

SECTION, FORMS = {"section": "vouchers"}, ["GET", "HEAD", "POST"]
ACT = "desk/partners/voucher_act.html"


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    form, before = VoucherFilter(request.GET, user=user), place(request)
    found = usebook.vouchers(user, form.asked())
    rows, following = turned(
        request, list((found.filter(pk__lt=before) if before else found)[: usebook.PAGE + 1]), usebook.PAGE
    )
    context = {"form": form, "rows": rows, "following": following}
    return page(request, "desk/partners/vouchers.html", SECTION | context)


@require_safe
@staff_page
def voucher(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """One voucher with its uses, and what this reader may do with it; looking changes nothing."""
    mine = _own(user, pk)
    uses = mine.redemptions.select_related("clerk", "by", "undone_by").order_by("-pk")
    context = {
        "voucher": mine, "uses": uses, "refused": redeeming.refusal_to_redeem(mine, by=user, clerk=None, on=clock.today()),
        "may_back": returning.refusal_to_give_back(mine, user) is None,
        "may_freeze": freezing.refusal_to_turn(mine, user, was=Voucher.Status.ISSUED) is None,
        "may_unfreeze": freezing.refusal_to_turn(mine, user, was=Voucher.Status.FROZEN) is None,
    }  # fmt: skip
    return page(request, "desk/partners/voucher.html", SECTION | context)


@require_http_methods(FORMS)
@staff_page
def give_back(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine, form = _own(user, pk), ReasonForm(request.POST if request.method == "POST" else None)
    context = SECTION | {
        "voucher": mine,
        "title": "退回服务券",
        "says": f"{mine.price}积分马上退到原来付积分的账户。",
        "go": "确认退回",
    }
    if not form.is_valid():
        return form_page(request, ACT, form, context)
    keep_form(request, ACT, form, context)
    done = returning.give_back(voucher=mine, by=user, reason=form.cleaned_data["reason"])
    messages.success(request, f"“{done.offer}”已退回，{done.price}积分已退到原来付积分的账户。")
    return redirect("desk:voucher", pk)


@require_http_methods(FORMS)
@staff_page
def freeze(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine, form = _own(user, pk), ReasonForm(request.POST if request.method == "POST" else None)
    says = "冻结期间不能核销，也不能由本人退回，积分不变。查清后请解冻或退回。"
    context = SECTION | {"voucher": mine, "title": "冻结服务券", "says": says, "go": "确认冻结"}
    if not form.is_valid():
        return form_page(request, ACT, form, context)
    keep_form(request, ACT, form, context)
    freezing.freeze(voucher=mine, by=user, reason=form.cleaned_data["reason"])
    messages.success(request, "已冻结，本人会收到消息。")
    return redirect("desk:voucher", pk)


@require_POST
@staff_page
def unfreeze(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    done = freezing.unfreeze(voucher=_own(user, pk), by=user)
    over = freezing.over(done, clock.now())
    messages.success(request, "已解冻，有效期已过，今晚按过期办理。" if over else "已解冻，可以继续使用。")
    return redirect("desk:voucher", pk)


def _own(user: User, pk: int) -> Voucher:
    rows = Voucher.objects.for_staff(user).select_related("offer", "partner", "community", "resident", "settled_by")
    return get_object_or_404(rows, pk=pk)
