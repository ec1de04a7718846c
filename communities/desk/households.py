"""家庭（户）at the desk: who lives together, and each adult's consent to it."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from communities import finding, households
from communities.desk.files import SECTION, mine_of
from communities.desk.households_forms import AgreedForm, FindForm, JoinForm
from communities.guards import staff_page
from communities.models import Consent, Resident, User
from core import clock
from core.pages import came_from, form_page, keep_form

PAGE = "desk/communities/household.html"
MOST = 20


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def household(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The family, and `?q=` whom to add; somebody of no household founds one first."""
    mine = mine_of(user, pk)
    context = _home(request, user, mine)
    form = context["form"]
    if request.method != "POST" or not form.is_valid():
        return form_page(request, PAGE, form, context)
    keep_form(request, PAGE, form, context)
    way = Consent.Way(form.cleaned_data["way"])
    if mine.household is None:
        households.found(resident=mine, by=user, way=way)
        messages.success(request, f"已为{mine.name}立户，可以继续把家人登记进来。")
    else:
        other = mine_of(user, int(form.cleaned_data["resident"]))
        households.join(resident=other, household=mine.household, by=user, way=way)
        messages.success(request, f"{other.name}已登记到{mine.name}这一户。")
    return redirect("desk:household", pk)


@require_POST
@staff_page
def leave(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = mine_of(user, pk)
    if households.leave(resident=mine, by=user):
        messages.success(request, f"{mine.name}已离开这一户，家庭积分的共用也同时结束，各人的积分仍在各人账户里。")
    return redirect(came_from(request, reverse("desk:household", args=[pk])))


def _home(request: HttpRequest, user: User, mine: Resident) -> dict[str, Any]:
    data = request.POST if request.method == "POST" else None
    people = households.members_of(mine.household_id)
    asked = request.GET.get("q", "")
    found = _candidates(user, mine, asked) if mine.household_id and asked else []
    form = JoinForm(data, people=found) if mine.household_id else AgreedForm(data)
    return SECTION | {
        "resident": mine, "here": "household", "people": [(one, one.age_on(clock.today())) for one in people], "form": form,
        "refused": households.refusal_for(mine, user), "find": FindForm(initial={"q": asked}), "found": found, "asked": asked,
    }  # fmt: skip


def _candidates(user: User, mine: Resident, asked: str) -> list[Resident]:
    here = finding.residents(user, asked).filter(community=mine.community_id, status=Resident.Status.CONFIRMED)
    others = here.filter(Q(household=None) | ~Q(household=mine.household_id))
    return list(others.select_related("estate")[:MOST])
