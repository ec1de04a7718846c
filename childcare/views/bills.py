"""托管账单 on the phone of a guardian: this month's bill, points for it with a last look, taking them back, the statement."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from childcare.bill_forms import PointsForm
from childcare.billing import family, handing, offsetting, splitting, undoing
from childcare.models import Bill
from childcare.views.door import family_page
from communities.models import Resident, User
from core import clock
from core.pages import on_refusal, page
from core.paging import place, turned
from core.refusals import Refused

TAB = {"tab": "me"}


@require_safe
@family_page
def listing(request: HttpRequest, resident: Resident) -> HttpResponse:
    mine, before = family.bills_of(_account(request)), place(request)
    found = mine.order_by("-pk").filter(pk__lt=before) if before else mine.order_by("-pk")
    rows, following = turned(request, list(found[: family.PAGE + 1]), family.PAGE)
    return page(request, "childcare/bills.html", TAB | {"rows": rows, "following": following})


@require_safe
@family_page
def bill(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    """One bill, every line with its reason."""
    view = family.view_of(_own(request, pk), _account(request))
    takes = handing.offered(view.bill, _account(request)) is not None
    return page(
        request,
        "childcare/bill.html",
        TAB | {"view": view, "bill": view.bill, "done": "done" in request.GET, "takes": takes},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@family_page
def offset(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    """The last look before points are used; with another number of points in the address, what that one comes to."""
    mine = _own(request, pk)
    if request.method != "POST":
        refused = offsetting.refusal_for(mine, _account(request))
        return _offset_page(request, mine, PointsForm(request.GET or None), refused, 200)
    form = PointsForm(request.POST)
    on_refusal(request, lambda refused: _offset_page(request, mine, form, refused, refused.status))
    offsetting.use(bill=mine, points=form.wanted(), shown=form.shown(), by=_account(request))
    return redirect(f"{reverse('childcare:bill', args=[pk])}?done=1")


def _offset_page(
    request: HttpRequest, mine: Bill, form: PointsForm, refused: Refused | None, status: int
) -> HttpResponse:
    quote = offsetting.quote(mine)
    chosen = form.chosen(quote.points)
    context = {
        "bill": mine, "quote": quote, "form": form, "refused": refused, "chosen": chosen, "cents": chosen * quote.each,
        "due": mine.due_cents - chosen * quote.each, "shut": refused is not None and status == 200,
    }  # fmt: skip
    return page(request, "childcare/bill_offset.html", TAB | context, status=status)


@require_POST
@family_page
def undo(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    done = undoing.undo_of(bill=_own(request, pk), by=_account(request))
    messages.success(request, f"已撤回抵扣，{done.points:,}积分已退回您的账户。")
    return redirect("childcare:bill", pk)


@require_POST
@family_page
def take(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    """The other guardian pays from now on."""
    handing.take_over(bill=_own(request, pk), by=_account(request))
    messages.success(request, "已改由您付费，还没有确认的账单转给您了。")
    return redirect("childcare:bill", pk)


@require_safe
@family_page
def paper(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    """A4."""
    mine = _own(request, pk)
    split = family.opened(mine, _account(request))
    lines = splitting.whole(mine, split)
    context = {"bill": mine, "lines": lines, "split": split, "printed_at": clock.now(), "desk": False}
    return page(request, "childcare/bill_paper.html", context)


def _own(request: HttpRequest, pk: int) -> Bill:
    """404 for a child for whom the account does not answer; a helper of a guardian is no guardian."""
    return get_object_or_404(family.bills_of(_account(request)), pk=pk)


def _account(request: HttpRequest) -> User:
    return cast(User, request.user)
