"""合伙人档案: everything about one partner on one page, changing what residents read of it, and the roster."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from communities.guards import staff_page
from communities.models import User
from communities.workbook import sent
from core.pages import form_page, keep_form, page
from partners.agreements import details, dossier, ledger
from partners.desk.agreement_forms import PartnerForm
from partners.models import Partner

SECTION: dict[str, Any] = {"section": "partners"}
EDIT = "desk/partners/file_edit.html"


@require_safe
@staff_page
def one(request: HttpRequest, user: User, partner_id: int) -> HttpResponse:
    """What the reader's communities know of it."""
    mine = _own(user, partner_id)
    context = SECTION | {"partner": mine, "may": details.serves(mine, user)} | dossier.of(mine, user)
    return page(request, "desk/partners/file.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def edit(request: HttpRequest, user: User, partner_id: int) -> HttpResponse:
    mine = _own(user, partner_id)
    form, context = PartnerForm(request.POST or None, instance=mine), SECTION | {"partner": mine}
    if not form.is_valid():
        return form_page(request, EDIT, form, context)
    keep_form(request, EDIT, form, context)
    details.describe(partner=mine, by=user, **form.cleaned_data)
    messages.success(request, "已更新，居民现在看到新的内容。")
    return redirect("desk:partner-file", partner_id)


@require_safe
@staff_page
def roster(request: HttpRequest, user: User) -> HttpResponse:
    return sent(ledger.roster_file(user), "合伙人名册")


def _own(user: User, partner_id: int) -> Partner:
    return get_object_or_404(Partner.objects.for_staff(user).select_related("sub_district"), pk=partner_id)
