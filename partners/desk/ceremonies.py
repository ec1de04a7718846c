"""签约仪式 at the desk: those that were held, and writing one down."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from communities.guards import staff_page
from communities.models import User
from core.pages import form_page, keep_form
from partners.agreements import ceremonies
from partners.desk.agreement_forms import CeremonyForm
from partners.models import Ceremony

TEMPLATE = "desk/partners/ceremonies.html"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    held = Ceremony.objects.for_staff(user).prefetch_related("agreements__partner", "agreements__community")
    form = CeremonyForm(request.POST or None, user=user)
    context = {"section": "partners", "rows": held.order_by("-on", "-pk")[:50]}
    if not form.is_valid():
        return form_page(request, TEMPLATE, form, context)
    keep_form(request, TEMPLATE, form, context)
    made = ceremonies.hold(by=user, **form.said())
    messages.success(request, f"已登记“{made.title}”，居民可以看到。")
    return redirect("desk:ceremonies")
