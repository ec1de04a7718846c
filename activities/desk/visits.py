"""走访: the list, a new one, and settling what it brought up."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities import visiting
from activities.desk.visits_forms import VisitFilter, VisitForm
from activities.forms import SearchForm, asked
from activities.models import Visit
from communities import finding
from communities.guards import staff_page
from communities.models import Resident, User
from core.pages import form_page, keep_form, page
from core.paging import place, turned

SECTION: dict[str, Any] = {"section": "visits"}


@require_safe
@staff_page
def visits(request: HttpRequest, user: User) -> HttpResponse:
    form = VisitFilter(request.GET, user=user)
    rows, following = turned(request, visiting.page_of(user, asked(form), place(request)), visiting.PAGE)
    return page(request, "desk/activities/visits.html", SECTION | {"form": form, "rows": rows, "following": following})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def new(request: HttpRequest, user: User) -> HttpResponse:
    """`?resident=42`: to somebody, who is looked for on the same page; else to a place."""
    number = place(request, "resident")
    resident = (
        get_object_or_404(Resident.objects.for_staff(user).select_related("community"), pk=number) if number else None
    )
    words = asked(SearchForm(request.GET)).get("q", "")
    form = VisitForm(request.POST or None, user=user, resident=resident)
    found = finding.people(user, words).people if words else []
    context = SECTION | {"resident": resident, "q": words, "found": found}
    if not form.is_valid():
        return form_page(request, "desk/activities/visit_new.html", form, context)
    keep_form(request, "desk/activities/visit_new.html", form, context)
    visiting.note(visit=form.visit(), by=user)
    messages.success(request, "走访已登记。")
    return redirect("desk:visits")


@require_POST
@staff_page
def settle(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    visiting.settle(visit=get_object_or_404(Visit.objects.for_staff(user), pk=pk), by=user)
    messages.success(request, "已办结。")
    return redirect("desk:visits")
