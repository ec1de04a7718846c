"""志愿者登记 on the phone: the person's own word, never a helper's."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from activities import volunteers
from activities.volunteers_forms import VolunteerForm
from communities.models import Consent, Resident, User
from communities.ownership import own_page
from communities.purposes import TEXTS
from core.pages import form_page, keep_form

TEMPLATE = "activities/volunteer.html"


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def volunteer(request: HttpRequest, resident: Resident) -> HttpResponse:
    """Register, or change what is registered; ending it is withdrawing the consent on 同意事项."""
    mine, by = volunteers.of(resident), cast(User, request.user)
    form = VolunteerForm(request.POST if request.method == "POST" else None, volunteer=mine)
    refused = None if mine else volunteers.refusal_for(resident, by, Consent.Way.TAP)
    context = {"mine": mine, "text": TEXTS[Consent.Purpose.VOLUNTEER], "refused": refused, "tab": "me"}
    if not form.is_valid():
        return form_page(request, TEMPLATE, form, context)
    keep_form(request, TEMPLATE, form, context)
    if mine:
        volunteers.revise(resident=resident, facts=form.facts(), by=by)
    else:
        volunteers.register(resident=resident, facts=form.facts(), by=by, way=Consent.Way.TAP)
    messages.success(request, "已保存。" if mine else "登记成功，谢谢您。")
    return redirect("activities:volunteer")
