"""结算单 at the desk: the list for staff and finance, one statement, and what each of them does with it."""

from typing import Any

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
from partners.desk.statements_forms import AnswerForm, BackForm, CorrectForm, DrawForm, PayForm, StatementFilter
from partners.models import Correction, Statement, StatementQuerySet
from partners.settling import book, correcting, drawing, paying, signing

SECTION: dict[str, Any] = {"section": "statements"}
FORMS = ["GET", "HEAD", "POST"]


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    form = StatementFilter(request.GET, user=user)
    said = form.asked()
    rows, following = turned(request, book.page_of(user, said, place(request)), book.PAGE)
    context = {
        "form": form,
        "rows": rows,
        "following": following,
        "totals": book.totals(user, said),
        "query": kept(request),
    }
    return page(request, "desk/partners/statements.html", SECTION | context)


@require_safe
@staff_page
def export(request: HttpRequest, user: User) -> HttpResponse:
    """The file of what the list shows."""
    return sent(book.file_of(user, StatementFilter(request.GET, user=user).asked()), "结算单")


@require_http_methods(FORMS)
@staff_page
def draw(request: HttpRequest, user: User) -> HttpResponse:
    """What the first of the month draws by itself, for a month or a partner that was left out."""
    form = DrawForm(request.POST if request.method == "POST" else None, user=user)
    if not form.is_valid():
        return form_page(request, "desk/partners/statement_draw.html", form, SECTION)
    keep_form(request, "desk/partners/statement_draw.html", form, SECTION)
    made = drawing.draw(by=user, **form.drawn())
    messages.success(request, "已出单，请合伙人在手机上确认。")
    return redirect("desk:statement", made.pk)


@require_safe
@staff_page
def statement(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _one(Statement.objects.for_books(user), pk)
    frozen = mine.status in (Statement.Status.FROZEN, Statement.Status.PAID)
    corrections = mine.corrections.select_related(
        "by", "approved_by", "line__statement", "statement__community"
    ).order_by("pk")
    context = {
        "statement": mine, "lines": mine.lines.select_related("agreement").order_by("order"), "frozen": frozen, "answer": AnswerForm(), "back": BackForm(),
        "staff": Statement.objects.for_staff(user).filter(pk=pk).exists(), "pays": Statement.objects.for_finance(user).to_pay().filter(pk=pk).exists(),
        "refused": signing.refusal_to_freeze(mine, user), "on_paper": signing.refusal_to_agree_on_paper(mine, user) is None,
        "corrections": [(one, correcting.refusal_to_approve(one, user)) for one in corrections],
    }  # fmt: skip
    return page(request, "desk/partners/statement.html", SECTION | context)


@require_safe
@staff_page
def file(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _one(Statement.objects.for_books(user), pk)
    return sent(book.file_of_one(mine), f"{mine.partner}{book.named(mine.month)}结算单-")


@require_safe
@staff_page
def paper(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """A4, with the lines to sign on."""
    mine = _one(Statement.objects.for_books(user), pk)
    context = {
        "statement": mine,
        "lines": mine.lines.order_by("order"),
        "printed_at": clock.now(),
        "maker": user,
        "desk": True,
    }
    return page(request, "partners/statement_paper.html", context)


@require_POST
@staff_page
def redraw(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _own(user, pk)
    drawing.draw(partner=mine.partner, community=mine.community, month=mine.month, by=user)
    messages.success(request, "已按积分账目重新出单。")
    return redirect("desk:statement", pk)


@require_POST
@staff_page
def signed_on_paper(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """For an owner without a phone: the printed statement is signed and kept."""
    signing.agree_on_paper(statement=_own(user, pk), by=user, seen=request.POST.get("seen", ""))
    messages.success(request, "已登记合伙人的纸质签字，请另一位负责人审核。签字的结算单请留存。")
    return redirect("desk:statement", pk)


@require_POST
@staff_page
def answer(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    signing.answer(statement=_own(user, pk), text=request.POST.get("text", ""), by=user)
    messages.success(request, "已答复并重新出单，等合伙人确认。")
    return redirect("desk:statement", pk)


@require_POST
@staff_page
def send_back(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    signing.send_back(statement=_own(user, pk), text=request.POST.get("text", ""), by=user)
    messages.success(request, "已退回并重新出单，等合伙人再确认。")
    return redirect("desk:statement", pk)


@require_POST
@staff_page
def freeze(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    signing.freeze(statement=_own(user, pk), by=user, seen=request.POST.get("seen", ""))
    messages.success(request, "双方都已确认，结算单不能再改；有差错的登记更正。")
    return redirect("desk:statement", pk)


@require_http_methods(FORMS)
@staff_page
def pay(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _one(Statement.objects.for_finance(user), pk)
    form = PayForm(request.POST if request.method == "POST" else None, initial={"paid_on": clock.today()})
    context = SECTION | {"statement": mine}
    if not form.is_valid():
        return form_page(request, "desk/partners/statement_pay.html", form, context)
    keep_form(request, "desk/partners/statement_pay.html", form, context)
    paying.pay(statement=mine, by=user, **form.paid())
    messages.success(request, "已登记支付。")
    return redirect("desk:statement", pk)


@require_http_methods(FORMS)
@staff_page
def correct(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine, form = _own(user, pk), CorrectForm(request.POST if request.method == "POST" else None)
    context = SECTION | {"statement": mine}
    if not form.is_valid():
        return form_page(request, "desk/partners/statement_correct.html", form, context)
    keep_form(request, "desk/partners/statement_correct.html", form, context)
    correcting.propose(statement=mine, by=user, **form.said())
    messages.success(request, "已登记更正，批准后列入下一期结算单。")
    return redirect("desk:statement", pk)


@require_POST
@staff_page
def approve(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    done = correcting.approve(correction=_correction(user, pk), by=user)
    messages.success(request, "已批准，列入下一期结算单。")
    return redirect("desk:statement", done.statement_id)


@require_POST
@staff_page
def drop(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _correction(user, pk)
    correcting.drop(correction=mine, by=user)
    messages.success(request, "已撤回这笔更正。")
    return redirect("desk:statement", mine.statement_id)


def _one(seen: StatementQuerySet, pk: int) -> Statement:
    people = ("agreed_by", "frozen_by", "paid_by", "drawn_by")
    return get_object_or_404(seen.select_related("partner", "community__sub_district", *people), pk=pk)


def _own(user: User, pk: int) -> Statement:
    return _one(Statement.objects.for_staff(user), pk)


def _correction(user: User, pk: int) -> Correction:
    seen = Statement.objects.for_staff(user)
    return get_object_or_404(Correction.objects.filter(statement__in=seen).select_related("statement__partner"), pk=pk)
