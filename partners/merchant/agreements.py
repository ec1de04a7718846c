"""我的协议 on the owner's phone: read whole, signed after a code to the phone that signed in, and printed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import photos
from core import clock
from core.pages import form_page, keep_form, page
from partners.agreements import codes, ending, sheet, signing
from partners.forms import HandForm
from partners.merchant.door import owner_page
from partners.models import Agreement, AgreementQuerySet, Attachment, Clerk, Signature

ONE = "merchant/agreement.html"
PARTNER = Signature.Side.PARTNER


@require_safe
@owner_page
def listing(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Everything but drafts, which are the community's own."""
    today = clock.today()
    rows = [(one, one.state_on(today, 30)) for one in _own(clerk).order_by("-pk")[:50]]
    return page(request, "merchant/agreements.html", {"clerk": clerk, "tab": "more", "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@owner_page
def one(request: HttpRequest, clerk: Clerk, agreement_id: int) -> HttpResponse:
    """The whole text, promises, rooms and papers; below them, while it waits, the form that signs."""
    mine = get_object_or_404(_own(clerk), pk=agreement_id)
    form = HandForm(request.POST if request.method == "POST" else None, initial={"seen": mine.sha256})
    context = _context(request, clerk, mine)
    if not form.is_valid():
        return form_page(request, ONE, form, context)
    keep_form(request, ONE, form, context)
    if refused := context["refused"]:  # before the code is used up
        raise refused
    hand = codes.prove(request, mine, clerk.account.phone or "", form.cleaned_data)
    done = signing.sign(agreement=mine, side=PARTNER, hand=hand, seen=form.cleaned_data["seen"], by=clerk.account)
    messages.success(request, "双方都已签署，协议签好了。" if done.signed_on else "您已签署，等社区签署。")
    return redirect("merchant:agreement", agreement_id)


@require_POST
@owner_page
def code(request: HttpRequest, clerk: Clerk, agreement_id: int) -> HttpResponse:
    mine = get_object_or_404(_own(clerk), pk=agreement_id)
    if refused := signing.refusal_to_sign(mine, PARTNER, clerk.account):
        raise refused
    codes.ask(request, mine, clerk.account.phone or "")
    return redirect("merchant:agreement", agreement_id)


ENDING = {
    "confirm": "您已同意，协议提前终止。",
    "drop": "您不同意提前终止，协议照常有效，登记的工作人员会收到消息。",
}


@require_POST
@owner_page
def end_agreed(request: HttpRequest, clerk: Clerk, agreement_id: int, act: str) -> HttpResponse:
    """The partner's own word about an end that the community wrote down as wanted by both."""
    mine = get_object_or_404(_own(clerk), pk=agreement_id)
    if act not in ENDING:
        raise Http404
    if act == "confirm":
        ending.confirm(agreement=mine, by=clerk.account, seen=request.POST.get("seen", ""))
    else:
        ending.drop(agreement=mine, by=clerk.account)
    messages.success(request, ENDING[act])
    return redirect("merchant:agreement", agreement_id)


@require_safe
@owner_page
def printed(request: HttpRequest, clerk: Clerk, agreement_id: int) -> HttpResponse:
    mine = get_object_or_404(_own(clerk), pk=agreement_id)
    return page(request, "merchant/agreement_print.html", sheet.printed(mine))


@require_safe
@owner_page
def picture(request: HttpRequest, clerk: Clerk, agreement_id: int, pk: int) -> HttpResponse:
    papers = Attachment.objects.filter(agreement__in=_own(clerk)).select_related("paper")
    return photos.shown(get_object_or_404(papers, pk=pk, agreement=agreement_id).paper)


def _own(clerk: Clerk) -> AgreementQuerySet:
    mine = Agreement.objects.filter(partner=clerk.partner).exclude(status=Agreement.Status.DRAFT)
    return mine.exclude(sha256="").select_related("partner", "community__sub_district")


def _context(request: HttpRequest, clerk: Clerk, mine: Agreement) -> dict[str, Any]:
    refused = signing.refusal_to_sign(mine, PARTNER, clerk.account)
    ends = bool(mine.ending_on) and not mine.ended_on and mine.ends_on >= clock.today()
    asked = codes.asked(request, mine)
    return sheet.parts(mine) | {"clerk": clerk, "tab": "more", "refused": refused, "asked": asked, "ends": ends}
