"""我参加了: where the code of a delivery leads. Looking confirms nothing, the button does."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from communities.guards import resident_page
from communities.models import Resident, User
from core import clock
from core.pages import form_page, keep_form
from partners.models import Delivery
from partners.obligation_forms import StarsForm
from partners.obligations import witnessing


@require_http_methods(["GET", "HEAD", "POST"])
@resident_page
def been(request: HttpRequest, resident: Resident, token: str) -> HttpResponse:
    """404 for a code of another sub-district: nobody there could have been at it."""
    near = Delivery.objects.filter(promise__agreement__partner__sub_district=resident.community.sub_district_id)
    shown = get_object_or_404(near.select_related("promise__agreement__partner", "by"), token=token)
    form = StarsForm(request.POST if request.method == "POST" else None)
    account = cast(User, request.user)
    context = {"delivery": shown, "refused": witnessing.refusal_for(shown, resident, account, clock.now()), "tab": "me"}
    if not form.is_valid():
        return form_page(request, "partners/been.html", form, context)
    keep_form(request, "partners/been.html", form, context)
    witnessing.witness(delivery=shown, resident=resident, by=account, **form.cleaned_data)
    messages.success(request, "已记下，谢谢您。")
    return redirect("partners:been", token)
