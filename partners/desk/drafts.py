"""拟协议 at the desk: begun, written, its papers, sent for signing, called back, dropped, followed by a new version."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import photos, settings
from communities.guards import staff_page
from communities.models import User
from core import clock
from core.pages import form_page, keep_form
from partners.agreements import drafting, signing
from partners.agreements.dates import months_after
from partners.desk.agreement_forms import PaperForm, VoidForm
from partners.desk.draft_forms import DraftForm, StartForm, asked, of_agreement
from partners.models import Agreement, Attachment

SECTION: dict[str, Any] = {"section": "partners"}
FORMS = ["GET", "HEAD", "POST"]
DRAFT, FORM = "desk/partners/draft.html", "desk/partners/agreement_form.html"
Status = Agreement.Status


@require_http_methods(FORMS)
@staff_page
def new(request: HttpRequest, user: User) -> HttpResponse:
    """First with whom (in the address), then the terms."""
    start = StartForm(request.GET, user=user)
    if not request.GET or not start.is_valid():
        return form_page(request, "desk/partners/draft_start.html", start, SECTION)
    chosen = start.cleaned_data
    form = _form(request, chosen)
    context = SECTION | {"start": chosen, "refused": drafting.refusal_to_draft(by=user, **chosen)}
    if not form.is_valid():
        return form_page(request, DRAFT, form, context)
    keep_form(request, DRAFT, form, context)
    made = drafting.draft(terms=form.terms(), template=form.cleaned_data["template"], by=user, **chosen)
    messages.success(request, f"已拟好草稿，编号{made.number}。核对后送签。")
    return redirect("desk:agreement", made.pk)


def _form(request: HttpRequest, chosen: dict[str, Any]) -> DraftForm:
    community, application = chosen["community"], chosen["application"]
    today = clock.today()
    months = settings.value_of(settings.AGREEMENT_MONTHS, community.sub_district_id)
    initial = {"title": "社区合伙人协议", "starts_on": today, "ends_on": months_after(today, months)}
    lines = asked(application.promises) if application else []
    return DraftForm(request.POST or None, community=community, initial=initial, lines=lines)


@require_http_methods(FORMS)
@staff_page
def edit(request: HttpRequest, user: User, agreement_id: int) -> HttpResponse:
    mine = own(user, agreement_id)
    form = DraftForm(request.POST or None, community=mine.community, draft=mine, **of_agreement(mine))
    context = SECTION | {"agreement": mine}
    if not form.is_valid():
        return form_page(request, DRAFT, form, context)
    keep_form(request, DRAFT, form, context)
    drafting.amend(agreement=mine, terms=form.terms(), text=form.cleaned_data["text"], by=user)
    messages.success(request, "草稿已保存。")
    return redirect("desk:agreement", mine.pk)


@require_POST
@staff_page
def retype(request: HttpRequest, user: User, agreement_id: int) -> HttpResponse:
    drafting.retype(agreement=own(user, agreement_id), by=user)
    messages.success(request, "正文已按范本重新生成。")
    return redirect("desk:agreement-edit", agreement_id)


@require_POST
@staff_page
def send(request: HttpRequest, user: User, agreement_id: int) -> HttpResponse:
    signing.send(agreement=own(user, agreement_id), by=user)
    messages.success(request, "已送签。请店主用手机登录“商户”页签署，社区主任在这里签署；也可以打印后在纸上签。")
    return redirect("desk:agreement", agreement_id)


@require_POST
@staff_page
def recall(request: HttpRequest, user: User, agreement_id: int) -> HttpResponse:
    signing.call_back(agreement=own(user, agreement_id), by=user)
    messages.success(request, "已撤回，可以修改后重新送签。")
    return redirect("desk:agreement", agreement_id)


@require_POST
@staff_page
def renew(request: HttpRequest, user: User, agreement_id: int) -> HttpResponse:
    made = drafting.renew(agreement=own(user, agreement_id), by=user)
    messages.success(
        request, f"已拟好第{made.version}版草稿，请核对期限和承诺。双方签署后，原协议在新协议开始那天终止。"
    )
    return redirect("desk:agreement-edit", made.pk)


@require_http_methods(FORMS)
@staff_page
def void(request: HttpRequest, user: User, agreement_id: int) -> HttpResponse:
    mine, form = own(user, agreement_id), VoidForm(request.POST or None)
    context = SECTION | {"agreement": mine, "heading": "作废协议", "go": "确认作废", "note": "还没有签好的协议可以作废，作废后不能恢复。"}  # fmt: skip
    if not form.is_valid():
        return form_page(request, FORM, form, context)
    keep_form(request, FORM, form, context)
    drafting.void(agreement=mine, reason=form.cleaned_data["reason"], by=user)
    messages.success(request, "协议已作废。")
    return redirect("desk:agreement", agreement_id)


@require_http_methods(FORMS)
@staff_page
def attach(request: HttpRequest, user: User, agreement_id: int) -> HttpResponse:
    """An annex of a draft; afterwards a page of the copy that was signed on paper."""
    mine = own(user, agreement_id)
    is_draft = mine.status == Status.DRAFT
    form = PaperForm(request.POST, request.FILES, by=user) if request.method == "POST" else PaperForm(by=user)
    context = SECTION | {"agreement": mine, "go": "上传图片", "files": True} | (
        {"heading": "添加附件", "note": "附件和正文一起签署，送签以后不能增减。"} if is_draft
        else {"heading": "上传签字扫描件", "note": "每页拍一张。上传后由另一位负责人确认双方已签字。"}
    )  # fmt: skip
    if not form.is_valid():
        return form_page(request, FORM, form, context)
    keep_form(request, FORM, form, context)
    (drafting.attach if is_draft else signing.scan)(agreement=mine, **form.said())
    messages.success(request, "图片已保存。")
    return redirect("desk:agreement", agreement_id)


@require_POST
@staff_page
def detach(request: HttpRequest, user: User, agreement_id: int, pk: int) -> HttpResponse:
    drafting.detach(attachment=_paper(user, agreement_id, pk), by=user)
    messages.success(request, "附件已移除。")
    return redirect("desk:agreement", agreement_id)


@require_safe
@staff_page
def picture(request: HttpRequest, user: User, agreement_id: int, pk: int) -> HttpResponse:
    return photos.shown(_paper(user, agreement_id, pk).paper)


def own(user: User, agreement_id: int) -> Agreement:
    """404 for agreements of other communities."""
    mine = Agreement.objects.for_staff(user).select_related(
        "partner", "community__sub_district", "recorded_by", "template"
    )
    return get_object_or_404(mine, pk=agreement_id)


def _paper(user: User, agreement_id: int, pk: int) -> Attachment:
    papers = Attachment.objects.select_related("paper", "agreement")
    return get_object_or_404(papers, pk=pk, agreement=own(user, agreement_id))
