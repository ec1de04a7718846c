"""What is put right at the desk: corrections of confirmed bills, payments written down and voided."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from childcare import opening
from childcare.bill_forms import AdjustForm, PaymentForm, VoidForm
from childcare.billing import adjusting, paying
from childcare.desk.bills import FORMS, SECTION, one_of
from childcare.models import BillAdjustment, Payment
from childcare.opening import Part
from communities.guards import staff_page
from communities.models import Community, User
from core.pages import form_page, keep_form, page

ACT = "desk/childcare/bill_act.html"
LISTED = 200


@require_safe
@staff_page
def adjustments(request: HttpRequest, user: User) -> HttpResponse:
    """What waits to be approved; the reader's own proposals as well, which another decides."""
    whole = ("bill__centre__community", "bill__child", "bill__payer", "by")
    waiting = list(BillAdjustment.objects.for_staff(user).to_decide().select_related(*whole).order_by("pk")[:LISTED])
    people = [one.bill.child for one in waiting]
    opening.listed(user=user, children=people, parts={Part.BILLS}, where="待批更正", purpose="批准账单更正")
    rows = [(one, adjusting.refusal_for(one, user)) for one in waiting]
    return page(request, "desk/childcare/bill_adjustments.html", SECTION | {"rows": rows})


@require_http_methods(FORMS)
@staff_page
def adjust(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine, form = one_of(user, pk), AdjustForm(request.POST if request.method == "POST" else None)
    says = "这张账单不改。更正由另一位负责人批准后，列入下一张账单；比账单多的，余下的留到再下一张。"
    context = SECTION | {"bill": mine, "title": "登记账单更正", "says": says, "go": "提交更正"}
    if not form.is_valid():
        return form_page(request, ACT, form, context)
    keep_form(request, ACT, form, context)
    adjusting.propose(bill=mine, by=user, **form.said())
    messages.success(request, "已登记更正，批准后列入下一张账单。")
    return redirect("desk:care-bill", pk)


@require_POST
@staff_page
def approve(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    done = adjusting.approve(adjustment=_adjustment(user, pk), by=user)
    messages.success(request, "已批准，列入下一张账单，家长会收到消息。")
    return redirect("desk:care-bill", done.bill_id)


@require_POST
@staff_page
def decline(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    done = adjusting.decline(adjustment=_adjustment(user, pk), by=user)
    messages.success(request, "这笔更正不列入账单。")
    return redirect("desk:care-bill", done.bill_id)


@require_http_methods(FORMS)
@staff_page
def pay(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = one_of(user, pk)
    form = PaymentForm(request.POST if request.method == "POST" else None, left=mine.due_cents - mine.paid_cents)
    says = "款项由托管中心收取，这里只登记收据。可以分几次缴，缴清以后账单自动变为已缴清。"
    context = SECTION | {"bill": mine, "title": "登记缴费", "says": says, "go": "登记缴费"}
    if not form.is_valid():
        return form_page(request, ACT, form, context)
    keep_form(request, ACT, form, context)
    paying.record(bill=mine, paid=form.paid(), by=user)
    messages.success(request, "已登记缴费。")
    return redirect("desk:care-bill", pk)


@require_http_methods(FORMS)
@staff_page
def void(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    seen = Payment.objects.filter(bill__centre__community__in=Community.objects.for_staff(user))
    mine = get_object_or_404(seen, pk=pk)
    form = VoidForm(request.POST if request.method == "POST" else None)
    says = f"收据{mine.receipt}登记有误的才作废，由另一位同事办理。作废以后账单恢复为没有缴这一笔。"
    context: dict[str, Any] = SECTION | {
        "bill": one_of(user, mine.bill_id),
        "title": "作废缴费登记",
        "says": says,
        "go": "确认作废",
    }
    if not form.is_valid():
        return form_page(request, ACT, form, context)
    keep_form(request, ACT, form, context)
    paying.void(payment=mine, reason=form.cleaned_data["reason"], by=user)
    messages.success(request, "已作废这笔缴费登记。")
    return redirect("desk:care-bill", mine.bill_id)


def _adjustment(user: User, pk: int) -> BillAdjustment:
    return get_object_or_404(BillAdjustment.objects.for_staff(user), pk=pk)
