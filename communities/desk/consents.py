"""同意 at the desk, for who has no phone: given with the way it was given, withdrawn by one press."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from communities import consents as process
from communities.desk.rights_forms import ConsentForm
from communities.guards import staff_page
from communities.models import Consent, Resident, User
from core.pages import form_page, keep_form

SECTION = {"section": "residents"}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def consents(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Every purpose with its text; a POST names one and says how the resident agreed."""
    resident = _mine(user, pk)
    form = ConsentForm(request.POST if request.method == "POST" else None)
    context = SECTION | {"resident": resident, "boxes": process.boxes(resident)}
    if not form.is_valid():
        return form_page(request, "desk/communities/consents.html", form, context)
    keep_form(request, "desk/communities/consents.html", form, context)
    purpose = _purpose(request.POST.get("purpose", ""))
    way = Consent.Way(form.cleaned_data["way"])
    process.give(resident=resident, purpose=purpose, by=user, way=way)
    messages.success(request, f"已记录{resident.name}的同意：{purpose.label}，{way.label}。")
    return redirect("desk:resident-consents", pk)


@require_POST
@staff_page
def withdraw(request: HttpRequest, user: User, pk: int, purpose: str) -> HttpResponse:
    wanted = _purpose(purpose)
    process.withdraw(resident=_mine(user, pk), purpose=wanted, by=user)
    messages.success(request, f"已撤回：{wanted.label}。")
    return redirect("desk:resident-consents", pk)


def _mine(user: User, pk: int) -> Resident:
    return get_object_or_404(Resident.objects.for_staff(user).select_related("community"), pk=pk)


def _purpose(text: str) -> Consent.Purpose:
    if text not in Consent.Purpose.values:
        raise Http404
    return Consent.Purpose(text)
