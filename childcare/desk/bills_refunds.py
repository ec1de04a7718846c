"""退费 and 换付费监护人 at the desk. Finance gives back what a child that left paid too much, by the number of the bill, no name."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from childcare import opening
from childcare.bill_forms import PayerForm, RefundForm
from childcare.billing import handing, refunding
from childcare.billing.drawing import BillChanged
from childcare.desk.bills import FORMS, SECTION
from childcare.models import BillAdjustment, Place
from childcare.models.bills import BillAdjustmentQuerySet
from childcare.opening import Part
from communities import duties
from communities.guards import staff_page
from communities.models import User
from core.pages import form_page, keep_form, on_refusal, page
from core.refusals import Refused
from partners.money import yuan

LISTED = 200


@require_safe
@staff_page
def refunds(request: HttpRequest, user: User) -> HttpResponse:
    found = refunding.waiting().filter(pk__in=_seen(user).values("pk")).order_by("pk")
    rows = refunding.each(found.select_related("bill__centre")[:LISTED])
    return page(request, "desk/childcare/refunds.html", SECTION | {"rows": rows})


@require_http_methods(FORMS)
@staff_page
def refund(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The money was given; its receipt is written down. What points had paid comes back with the same press."""
    mine = get_object_or_404(_seen(user), pk=pk)
    back = refunding.back_of(mine)
    form = RefundForm(request.POST if request.method == "POST" else None, back=back)
    # What is not as it was shown is told before what is not filled in: other fields may be asked now.
    if not form.is_valid() and (not form.is_bound or form.shown() == back.shown):
        context = SECTION | {"one": mine, "back": back, "refused": refunding.refusal_for(mine, user)}
        return form_page(request, "desk/childcare/refund.html", form, context)
    on_refusal(request, partial(_refund_again, request, user, mine))
    made = refunding.give(adjustment=mine, given=form.given(), by=user, shown=form.shown())
    money, points = f"现金退{yuan(made.amount_cents)}元" if made.amount_cents else "", f"退回{made.points:,}积分"
    said = "，".join(filter(None, (money, points if made.points else "")))
    messages.success(request, f"已登记退费：{said}。家长会收到消息。")
    return redirect("desk:care-refunds")


def _refund_again(request: HttpRequest, user: User, mine: BillAdjustment, told: Refused) -> HttpResponse:
    """The form with what was typed, and what comes back as it is now: the next press is of what this page shows."""
    back, typed = refunding.back_of(mine), request.POST.copy()
    typed["cents"], typed["points"] = str(back.cents), str(back.points)
    form = RefundForm(typed, back=back)
    form.add_error(None, told.message)
    moved = isinstance(told, BillChanged)
    context = {"one": mine, "back": back, "refused": refunding.refusal_for(mine, user), "moved": moved, "form": form}
    return page(request, "desk/childcare/refund.html", SECTION | context, status=told.status)


@require_http_methods(FORMS)
@staff_page
def payer(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Both guardians signed for it, or come to the window together."""
    people = ("group__centre__community", "child__community", "payer")
    mine = get_object_or_404(Place.objects.for_staff(user).select_related(*people), pk=pk)
    opening.look(user=user, child=mine.child, parts={Part.BASIC, Part.GUARDIANS}, purpose="更换付费监护人")
    form = PayerForm(request.POST if request.method == "POST" else None, place=mine)
    context = SECTION | {"one": mine}
    if not form.is_valid():
        return form_page(request, "desk/childcare/place_payer.html", form, context)
    keep_form(request, "desk/childcare/place_payer.html", form, context)
    handing.change(place=mine, by=user, **form.cleaned_data)
    messages.success(request, "已更换付费监护人，两位监护人都会收到消息。")
    return redirect("desk:care-place", pk)


def _seen(user: User) -> BillAdjustmentQuerySet:
    """404 for those of others; supervisors read sums and give nothing."""
    here = BillAdjustment.objects.filter(bill__centre__community__in=duties.served_by(user, *refunding.GIVING))
    return here.select_related("bill__centre__community", "bill__child", "bill__payer")
