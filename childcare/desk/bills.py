"""托管账单 at the desk: the list with its sums, the monthly run, one bill, confirming it. Finance reads sums without names."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from childcare import opening
from childcare.billing import adjusting, book, freezing, paying, refunding, running, splitting
from childcare.billing.totals import reduced_of, totals_of
from childcare.desk.bills_forms import BillFilter, RunForm, centres_of
from childcare.desk.taking import taken
from childcare.models import Bill
from childcare.opening import Part
from communities import duties
from communities.guards import staff_page
from communities.models import User
from communities.paging import kept
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned

SECTION: dict[str, Any] = {"section": "care_bills"}
FORMS = ["GET", "HEAD", "POST"]
AT_ONCE = 60  # children that one press of 出单 looks at
PURPOSE = "办理托管账单"


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    """With names for staff; for finance the sums alone."""
    form = _filter(request, user)
    said, seen = form.asked(), Bill.objects.for_staff(user)
    found = book.asked(seen, said)
    rows, following = turned(request, book.page_of(found, place(request), user), book.PAGE)
    serves = duties.served_by(user).exists()
    context = {
        "form": form, "rows": rows, "following": following, "query": kept(request), "serves_care": serves,
        "totals": totals_of(found), "sums": [] if serves else book.sums_by_centre(user, said),
    }  # fmt: skip
    return page(request, "desk/childcare/bills.html", SECTION | context)


@require_http_methods(FORMS)
@staff_page
def export(request: HttpRequest, user: User) -> HttpResponse:
    """The file of what the list shows, after its purpose was written down."""
    found = book.asked(Bill.objects.for_staff(user), _filter(request, user).asked())
    context = SECTION | {
        "title": "导出托管账单",
        "back": "desk:care-bills",
        "holds": "孩子和付费监护人的姓名、账单金额",
    }
    return taken(request, context, "托管账单", lambda purpose: book.file_of(found=found, by=user, purpose=purpose))


@require_safe
@staff_page
def paper(request: HttpRequest, user: User) -> HttpResponse:
    """台账 on A4, of what the list shows. Refuses `book.TooLong`."""
    found = book.asked(Bill.objects.for_staff(user), _filter(request, user).asked())
    context = {
        "rows": book.paper_of(found=found, by=user),
        "totals": totals_of(found),
        "printed_at": clock.now(),
        "maker": user,
    }
    return page(request, "desk/childcare/bills_paper.html", context)


@require_http_methods(FORMS)
@staff_page
def run(request: HttpRequest, user: User) -> HttpResponse:
    """So many children at a time; the page says how far it is and goes on."""
    form = RunForm(request.POST if request.method == "POST" else None, user=user)
    template = "desk/childcare/bills_run.html"
    if not form.is_valid():
        return form_page(request, template, form, SECTION)
    keep_form(request, template, form, SECTION)
    said = form.said()
    done = running.run(by=user, most=AT_ONCE, **said)
    sums = totals_of(Bill.objects.for_staff(user).filter(centre=said["centre"], month=said["month"]))
    off = reduced_of({(said["centre"].pk, said["month"])}).get((said["centre"].pk, said["month"]))
    return page(request, template, SECTION | {"form": form, "done": done, "said": said, "totals": sums, "off": off})


@require_safe
@staff_page
def bill(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """One family's bill: a look that is written down."""
    mine = one_of(user, pk)
    opening.look(user=user, child=mine.child, parts={Part.BILLS}, purpose=PURPOSE)
    paid = list(mine.payments.select_related("by", "voided_by").order_by("pk"))
    wrong = mine.adjustments.select_related(
        "by", "approved_by", "declined_by", "bill__centre__community", "bill__child", "bill__payer"
    )
    context = {
        "bill": mine, "lines": splitting.plain(mine.lines.order_by("order")), "refused": freezing.refusal_for(mine, user),
        "pays": paying.refusal_for(mine, user) is None, "serves_care": duties.holds(user, mine.centre.community),
        "payments": [(one, paying.refusal_to_void(one, user)) for one in paid],
        "adjustments": [(one, adjusting.refusal_for(one, user)) for one in wrong.order_by("pk")],
        "settled": mine.status != Bill.Status.DRAWN, "backs": refunding.of_bill(mine),
    }  # fmt: skip
    return page(request, "desk/childcare/bill.html", SECTION | context)


@require_safe
@staff_page
def bill_paper(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The family's statement, for whoever has no phone; how it is reduced stands on it when a reviewer prints it."""
    mine = one_of(user, pk)
    opening.look(user=user, child=mine.child, parts={Part.BILLS}, purpose="打印托管账单")
    split = splitting.reviewed(mine, user, "打印托管账单")
    lines = splitting.whole(mine, split)
    context = {"bill": mine, "lines": lines, "split": split, "printed_at": clock.now(), "desk": True}
    return page(request, "childcare/bill_paper.html", context)


@require_POST
@staff_page
def freeze(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    done = freezing.freeze(bill=one_of(user, pk), by=user)
    messages.success(
        request, "账单已确认，可以缴费；有差错的登记更正。" if done.due_cents else "账单已确认，不用缴费。"
    )
    return redirect("desk:care-bill", pk)


def one_of(user: User, pk: int) -> Bill:
    """404 for bills of others; finance has none."""
    people = (
        "centre__community__sub_district",
        "child__community",
        "payer__community",
        "drawn_by",
        "frozen_by",
        "evidence__resident__community",
    )
    return get_object_or_404(Bill.objects.for_staff(user).select_related(*people), pk=pk)


def _filter(request: HttpRequest, user: User) -> BillFilter:
    return BillFilter(request.GET, seen=Bill.objects.for_books(user), centres=centres_of(user))
