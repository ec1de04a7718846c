"""短信模板 at the desk: every short message with an example, and the provider's number of it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from communities import duties
from communities.guards import staff_page
from communities.models import SubDistrict, User
from core.pages import form_page, keep_form, page
from notifications import registering, templates
from notifications.models import ProviderTemplate

SECTION = {"section": "settings"}


class NumberForm(forms.Form):
    provider_id = forms.CharField(
        label="服务商模板号", max_length=80, help_text="把模板原文提交服务商审核，审核通过后填服务商给的编号。"
    )


@require_safe
@staff_page
def overview(request: HttpRequest, user: User, street: int) -> HttpResponse:
    """All of them; those that cannot be sent yet first."""
    own = _own(user, street)
    known = {one.code: one for one in ProviderTemplate.objects.filter(channel=registering.SMS).select_related("by")}
    rows = [_row(one, own, known.get(one.code)) for one in templates.listed()]
    rows.sort(key=lambda row: row["registered"] is not None)
    missing = sum(row["registered"] is None for row in rows)
    context = SECTION | {"street": own, "rows": rows, "missing": missing}
    return page(request, "desk/notifications/templates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def register(request: HttpRequest, user: User, street: int, code: str) -> HttpResponse:
    """One of them, as the provider is to review it, and its number."""
    own = _own(user, street)
    found = next((one for one in templates.listed() if one.code == code), None)
    if found is None:
        raise Http404
    mine = ProviderTemplate.objects.filter(channel=registering.SMS, code=code).first()
    form = NumberForm(
        request.POST if request.method == "POST" else None, initial={"provider_id": mine.provider_id if mine else ""}
    )
    context = SECTION | {"street": own, "row": _row(found, own, mine)}
    if not form.is_valid():
        return form_page(request, "desk/notifications/template.html", form, context)
    keep_form(request, "desk/notifications/template.html", form, context)
    registering.register_template(code=code, by=user, **form.cleaned_data)
    messages.success(request, f"已登记：{found.name}（{code}）。")
    return redirect("desk:sms-templates", own.pk)


def _row(one: templates.Template, street: SubDistrict, registered: ProviderTemplate | None) -> dict[str, Any]:
    example = one.example(street)
    return {"template": one, "example": example, "length": len(example), "registered": registered}


def _own(user: User, street: int) -> SubDistrict:
    own = next((one for one in duties.administered_by(user) if one.pk == street), None)
    if own is None:
        raise Http404
    return own
