"""Filling in for somebody at the desk: a whole application, what is completed of it, and a licence that was handed over."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from communities.guards import staff_page
from communities.models import User
from core.pages import form_page, keep_form, page
from partners.agreements import licences
from partners.desk.applications import FORMS, SECTION, own
from partners.joining import applying, handing_in
from partners.joining.handing_in import Whole
from partners.joining_forms import OpenCallForm, PledgeForm, ServiceForm, SubjectForm, WhereForm
from partners.licence_form import LicenceForm

NEW = "desk/partners/joining_new.html"


@require_http_methods(FORMS)
@staff_page
def new(request: HttpRequest, user: User) -> HttpResponse:
    """Handed in at once; a mobile number as contact becomes the owner's."""
    given, call = request.POST if request.method == "POST" else None, OpenCallForm(request.GET).chosen()
    where = WhereForm({"community": call.community_id} if call else given, user=user)
    form, what, pledge = SubjectForm(given), ServiceForm(given), PledgeForm(given)
    context: dict[str, Any] = SECTION | {"where": where, "what": what, "pledge": pledge, "call": call}
    if not all(one.is_valid() for one in (where, form, what, pledge)):
        return page(request, NEW, context | {"form": form}, status=200 if given is None else 400)
    keep_form(request, NEW, form, context)
    whole = Whole(form.said(), what.said(), pledge.said())
    made = handing_in.hand_in(community=where.cleaned_data["community"], call=call, whole=whole, by=user)
    messages.success(request, f"已替{made.partner}报名。")
    return redirect("desk:joining-one", made.pk)


@require_http_methods(FORMS)
@staff_page
def edit(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """What was given back is completed and handed in again, of those that were filled in here."""
    found, given = own(user, pk), request.POST if request.method == "POST" else None
    form = SubjectForm(given, instance=found.partner, fixed=applying.settled(found.partner))
    what, pledge = ServiceForm(given, application=found), PledgeForm(given, application=found)
    context: dict[str, Any] = SECTION | {"what": what, "pledge": pledge, "application": found}
    if not all(one.is_valid() for one in (form, what, pledge)):
        return page(request, NEW, context | {"form": form}, status=200 if given is None else 400)
    keep_form(request, NEW, form, context)
    applying.say_who(application=found, subject=form.said(), by=user)
    applying.say_what(application=found, service=what.said(), by=user)
    handing_in.submit(application=found, pledge=pledge.said(), by=user)
    messages.success(request, "已补正并重新提交。")
    return redirect("desk:joining-one", pk)


@require_http_methods(FORMS)
@staff_page
def licence(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """A licence that somebody handed over; it is checked on the list like any other."""
    found = own(user, pk)
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = LicenceForm(*given, partner=found.partner, by=user)
    context = SECTION | {"application": found}
    if not form.is_valid():
        return form_page(request, "desk/partners/joining_licence.html", form, context)
    keep_form(request, "desk/partners/joining_licence.html", form, context)
    made = licences.send(partner=found.partner, sent=form.sent(), by=user)
    messages.success(request, f"{made}已登记，请对照原件核对。")
    return redirect("desk:joining-one", pk)
