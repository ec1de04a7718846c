"""代居民提交小事: what somebody at the counter says, written down; the slip follows."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from activities import deeds, deeds_counter
from activities.deeds_counter import Told
from activities.desk.deeds_forms import CounterForm
from communities import counter
from communities.finding import ACTIVE
from communities.guards import staff_page
from communities.models import Resident, User
from core import clock
from core.pages import form_page, keep_form

FILE = "desk/activities/deed_file.html"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def file(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    files = Resident.objects.for_staff(user).filter(status__in=ACTIVE).select_related("community__sub_district")
    resident, sent = get_object_or_404(files, pk=pk), request.method == "POST"
    refused = counter.refusal_for(resident, user) or deeds.refusal_for(resident, clock.now())
    form = CounterForm(request.POST if sent else None, request.FILES if sent else None, by=user)
    context = {"section": "counter", "resident": resident, "refused": refused}
    if refused or not form.is_valid():
        return form_page(request, FILE, form, context)
    keep_form(request, FILE, form, context)
    given = form.cleaned_data
    told = Told(kind=given["kind"], text=given["text"], place=given["place"], photo=form.picture)
    return redirect("desk:slip", deeds_counter.file(resident=resident, told=told, by=user).pk)
