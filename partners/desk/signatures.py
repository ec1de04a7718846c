"""签署 at the desk: the head signs after a code to the own phone, or says that both signed on paper; print and 核验."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.guards import staff_page
from communities.models import User
from core.pages import form_page, keep_form, page
from partners.agreements import codes, sheet, signing, verifying
from partners.desk.agreement_forms import OnPaperForm
from partners.desk.drafts import FORM, FORMS, SECTION, own
from partners.forms import HandForm
from partners.models import Agreement, Signature

SIGN = "desk/partners/sign.html"
Side, Status = Signature.Side, Agreement.Status


@require_http_methods(FORMS)
@staff_page
def sign(request: HttpRequest, user: User, agreement_id: int) -> HttpResponse:
    """The whole text, and below it the form."""
    mine = own(user, agreement_id)
    initial = {"seen": mine.sha256, "name": user.name}
    form = HandForm(request.POST if request.method == "POST" else None, initial=initial)
    context = _context(request, user, mine)
    if not form.is_valid():
        return form_page(request, SIGN, form, context)
    keep_form(request, SIGN, form, context)
    if refused := context["refused"]:  # before the code is used up
        raise refused
    hand = codes.prove(request, mine, user.own_phone, form.cleaned_data)
    done = signing.sign(agreement=mine, side=Side.COMMUNITY, hand=hand, seen=form.cleaned_data["seen"], by=user)
    messages.success(request, "双方都已签署，协议签好了。" if done.signed_on else "已代表社区签署，等乙方签署。")
    return redirect("desk:agreement", agreement_id)


@require_POST
@staff_page
def code(request: HttpRequest, user: User, agreement_id: int) -> HttpResponse:
    mine = own(user, agreement_id)
    if refused := signing.refusal_to_sign(mine, Side.COMMUNITY, user):
        raise refused
    codes.ask(request, mine, user.own_phone)
    return redirect("desk:agreement-sign", agreement_id)


def _context(request: HttpRequest, user: User, mine: Agreement) -> dict[str, Any]:
    refused = signing.refusal_to_sign(mine, Side.COMMUNITY, user)
    return SECTION | sheet.parts(mine) | {"refused": refused, "asked": codes.asked(request, mine)}


@require_http_methods(FORMS)
@staff_page
def on_paper(request: HttpRequest, user: User, agreement_id: int) -> HttpResponse:
    mine, form = own(user, agreement_id), OnPaperForm(request.POST or None)
    context = SECTION | {
        "agreement": mine, "heading": "确认纸质签字", "go": "确认已签", "refused": signing.refusal_to_confirm(mine, user),
        "note": "请先看过扫描件：双方已签字盖章，页数齐全，内容和送签的一致。",
    }  # fmt: skip
    if not form.is_valid():
        return form_page(request, FORM, form, context)
    keep_form(request, FORM, form, context)
    signing.confirm_paper(agreement=mine, by=user, **form.cleaned_data)
    messages.success(request, "已确认，协议签好了。")
    return redirect("desk:agreement", agreement_id)


@require_safe
@staff_page
def printed(request: HttpRequest, user: User, agreement_id: int) -> HttpResponse:
    return page(request, "desk/partners/agreement_print.html", SECTION | sheet.printed(own(user, agreement_id)))


@require_safe
@staff_page
def verify(request: HttpRequest, user: User, agreement_id: int) -> HttpResponse:
    """Everything computed anew from the rows, against what was signed."""
    mine = own(user, agreement_id)
    verdict = verifying.verify(mine) if mine.status in (Status.SIGNING, Status.SIGNED) else None
    return page(request, "desk/partners/agreement_verify.html", SECTION | sheet.parts(mine) | {"verdict": verdict})
