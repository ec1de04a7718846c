"""结算单 on the owner's phone: what the month came to, and a word on it. The shop's other phones do not see it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.workbook import sent
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned
from partners.merchant.door import owner_page
from partners.merchant.statements_forms import DisputeForm
from partners.models import Clerk, Statement
from partners.settling import book, signing

PAGE = 24


@require_safe
@owner_page
def listing(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    own = Statement.objects.filter(partner=clerk.partner).select_related("community").order_by("-pk")
    before = place(request)
    found = list((own.filter(pk__lt=before) if before else own)[: PAGE + 1])
    rows, following = turned(request, found, PAGE)
    return page(
        request, "merchant/statements.html", {"clerk": clerk, "rows": rows, "following": following, "tab": "more"}
    )


@require_safe
@owner_page
def statement(request: HttpRequest, clerk: Clerk, pk: int) -> HttpResponse:
    mine = _own(clerk, pk)
    refused = signing.refusal_to_agree(mine, clerk.account)
    context = {
        "clerk": clerk,
        "statement": mine,
        "lines": mine.lines.order_by("order"),
        "refused": refused,
        "tab": "more",
    }
    return page(request, "merchant/statement.html", context)


@require_POST
@owner_page
def agree(request: HttpRequest, clerk: Clerk, pk: int) -> HttpResponse:
    signing.agree(statement=_own(clerk, pk), by=clerk.account, seen=request.POST.get("seen", ""))
    messages.success(request, "已确认。社区审核后付款，不用再来办。")
    return redirect("merchant:statement", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@owner_page
def dispute(request: HttpRequest, clerk: Clerk, pk: int) -> HttpResponse:
    mine, form = _own(clerk, pk), DisputeForm(request.POST if request.method == "POST" else None)
    context = {"clerk": clerk, "statement": mine, "tab": "more"}
    if not form.is_valid():
        return form_page(request, "merchant/statement_dispute.html", form, context)
    keep_form(request, "merchant/statement_dispute.html", form, context)
    signing.dispute(statement=mine, text=form.cleaned_data["text"], by=clerk.account)
    messages.success(request, "已交给社区核对。答复以后，请再看一遍并确认。")
    return redirect("merchant:statement", pk)


@require_safe
@owner_page
def file(request: HttpRequest, clerk: Clerk, pk: int) -> HttpResponse:
    mine = _own(clerk, pk)
    return sent(book.file_of_one(mine), f"{mine.partner}{book.named(mine.month)}结算单-")


@require_safe
@owner_page
def paper(request: HttpRequest, clerk: Clerk, pk: int) -> HttpResponse:
    mine = _own(clerk, pk)
    context = {"statement": mine, "lines": mine.lines.order_by("order"), "printed_at": clock.now()}
    return page(request, "partners/statement_paper.html", context)


def _own(clerk: Clerk, pk: int) -> Statement:
    own = Statement.objects.filter(partner=clerk.partner)
    return get_object_or_404(own.select_related("partner", "community__sub_district", "frozen_by"), pk=pk)
