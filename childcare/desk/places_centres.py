"""托管中心 at the desk: the list, one centre with its groups, founding, changing and closing it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from childcare.models import Centre
from childcare.place_forms import CentreForm, LastDayForm
from childcare.places import book, capacity, centres
from communities import duties
from communities.guards import staff_page
from communities.models import User
from core import clock
from core.pages import form_page, keep_form, page

SECTION: dict[str, Any] = {"section": "care_centres"}
FORMS = ["GET", "HEAD", "POST"]


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    heads = any(duties.holds(user, one, *centres.HEADS) for one in duties.served_by(user))
    rows = book.centres_of(user, clock.today())
    return page(request, "desk/childcare/centres.html", SECTION | {"rows": rows, "heads": heads})


@require_http_methods(FORMS)
@staff_page
def new(request: HttpRequest, user: User) -> HttpResponse:
    form = CentreForm(request.POST if request.method == "POST" else None, user=user)
    context = SECTION | {"centre": None}
    if not form.is_valid() or (community := form.community_of()) is None:
        return form_page(request, "desk/childcare/centre_form.html", form, context)
    keep_form(request, "desk/childcare/centre_form.html", form, context)
    made = centres.found(community=community, operator=form.cleaned_data["operator"], facts=form.facts(), by=user)
    messages.success(request, "已登记托管中心。请安排班和老师。")
    return redirect("desk:care-centre", made.pk)


@require_safe
@staff_page
def centre(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    own, today = _own(user, pk), clock.today()
    context = {
        "centre": own, "groups": book.groups_of(own), "trouble": book.trouble_of(own, today), "peak": capacity.peak_of(own),
        "heads": duties.holds(user, own.community, *centres.HEADS), "serves": duties.holds(user, own.community), "close": LastDayForm(),
    }  # fmt: skip
    return page(request, "desk/childcare/centre.html", SECTION | context)


@require_http_methods(FORMS)
@staff_page
def change(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    own = _own(user, pk)
    form = CentreForm(request.POST if request.method == "POST" else None, user=user, centre=own)
    context = SECTION | {"centre": own}
    if not form.is_valid():
        return form_page(request, "desk/childcare/centre_form.html", form, context)
    keep_form(request, "desk/childcare/centre_form.html", form, context)
    centres.change(centre=own, facts=form.facts(), operator=form.cleaned_data["operator"], by=user)
    messages.success(request, "已保存。")
    return redirect("desk:care-centre", pk)


@require_http_methods(FORMS)
@staff_page
def close(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    own, form = (
        _own(user, pk),
        LastDayForm(request.POST if request.method == "POST" else None, initial={"last_day": clock.today()}),
    )
    context = SECTION | {"centre": own}
    if not form.is_valid():
        return form_page(request, "desk/childcare/centre_close.html", form, context)
    keep_form(request, "desk/childcare/centre_close.html", form, context)
    centres.close(centre=own, last_day=form.cleaned_data["last_day"], by=user)
    messages.success(request, "已登记停办日期。")
    return redirect("desk:care-centre", pk)


def _own(user: User, pk: int) -> Centre:
    return get_object_or_404(Centre.objects.for_staff(user).select_related("community", "operator"), pk=pk)
