"""缴费 on the centre's phone, for its lead: what each family owes, and the receipt. Neither fee nor reduction stands here."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from childcare.bill_forms import PaymentForm, VoidForm
from childcare.billing import book, paying
from childcare.centre.door import lead_page
from childcare.models import Bill, Payment, Staffer
from communities.models import User
from core.pages import form_page, keep_form, page
from core.paging import place, turned

FORMS = ["GET", "HEAD", "POST"]
TAB = {"tab": "more"}
STATES = (Bill.Status.FROZEN, Bill.Status.PAID)


@require_safe
@lead_page
def listing(request: HttpRequest, post: Staffer) -> HttpResponse:
    """Those to be paid first; `?all=1` shows the paid ones as well."""
    shown = STATES if request.GET.get("all") else STATES[:1]
    # Not those of nothing: there is nothing to take, and they would tell who is relieved of all.
    found = book.asked(Bill.objects.filter(centre=post.centre, status__in=shown, due_cents__gt=0), {})
    rows, following = turned(request, book.page_of(found, place(request), _account(post)), book.PAGE)
    return page(
        request, "care/bills.html", TAB | {"post": post, "rows": rows, "following": following, "all": len(shown) > 1}
    )


@require_http_methods(FORMS)
@lead_page
def bill(request: HttpRequest, post: Staffer, pk: int) -> HttpResponse:
    """What is left to pay, the receipts so far, and the form for the next one."""
    mine = _one(post, pk)
    user = _account(post)
    paying.look(mine, user, "登记托管缴费")
    form = PaymentForm(request.POST if request.method == "POST" else None, left=mine.due_cents - mine.paid_cents)
    context = TAB | {
        "post": post,
        "bill": mine,
        "payments": mine.payments.select_related("by").order_by("pk"),
        "left": mine.due_cents - mine.paid_cents,
    }
    if not form.is_valid():
        return form_page(request, "care/bill.html", form, context)
    keep_form(request, "care/bill.html", form, context)
    paying.record(bill=mine, paid=form.paid(), by=user)
    messages.success(request, "已登记缴费。")
    return redirect("care:bill", pk)


@require_http_methods(FORMS)
@lead_page
def void(request: HttpRequest, post: Staffer, pk: int) -> HttpResponse:
    mine = get_object_or_404(Payment.objects.filter(bill__centre=post.centre).select_related("bill"), pk=pk)
    form = VoidForm(request.POST if request.method == "POST" else None)
    context = TAB | {"post": post, "payment": mine}
    if not form.is_valid():
        return form_page(request, "care/bill_void.html", form, context)
    keep_form(request, "care/bill_void.html", form, context)
    paying.void(payment=mine, reason=form.cleaned_data["reason"], by=_account(post))
    messages.success(request, "已作废这笔缴费登记。")
    return redirect("care:bill", mine.bill_id)


def _one(post: Staffer, pk: int) -> Bill:
    found = Bill.objects.filter(centre=post.centre, status__in=STATES, due_cents__gt=0)
    return get_object_or_404(found.select_related("centre__community", "child__community", "payer"), pk=pk)


def _account(post: Staffer) -> User:
    assert post.account is not None  # the door lets in accounts alone
    return post.account
