"""The organiser's pages on a phone: who is on the list, who has come, and the code for everybody else to scan."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities import finding, minors, presence, scanning, standing_by
from activities.models import Activity, Means, Participation
from activities.one_by_one import Outcome, one_by_one
from activities.presence_forms import ACTS, TickForm
from communities.models import Resident, User
from communities.ownership import own_page
from core import clock
from core.pages import page

VERBS = {"in": presence.arrive, "out": presence.leave, "back": presence.take_back}


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def lead(request: HttpRequest, resident: Resident, activity_id: int) -> HttpResponse:
    found, by = _led(resident, activity_id), cast(User, request.user)
    lines = standing_by.lines(found, by)
    form = TickForm(request.POST or None, people=[one.person.pk for one in lines])
    if form.is_valid():
        picked = [one.person for one in lines if one.person.pk in form.cleaned_data["picked"]]
        act = VERBS[form.cleaned_data["act"]]
        done = one_by_one(picked, lambda one: act(activity_id=found.pk, resident=one.resident, by=by, how=Means.LIST))
        _say(request, done, f"已{ACTS[form.cleaned_data['act']]}{{}}人。")
        return redirect("activities:lead", found.pk)
    for error in (error for errors in form.errors.values() for error in errors):
        messages.error(request, str(error))
    context = {"activity": found, "lines": lines, "there": standing_by.count(found), "opens": presence.opens_at(found)}
    return page(request, "activities/lead.html", context, status=400 if form.errors else 200)


@require_safe
@own_page
def code(request: HttpRequest, resident: Resident, activity_id: int) -> HttpResponse:
    context = scanning.screen(_led(resident, activity_id), request.GET.get("way", ""), clock.now())
    return page(request, "activities/lead_code.html", context)


@require_POST
@own_page
def guardian(request: HttpRequest, resident: Resident, activity_id: int, pk: int) -> HttpResponse:
    """监护人在场, as the desk ticks it (activities/desk/children.py)."""
    found, by = _led(resident, activity_id), cast(User, request.user)
    one = get_object_or_404(Participation, activity=found, pk=pk)
    done = minors.there(participation=one, by=by, present="gone" not in request.POST, how=Means.LIST)
    said = "监护人在场，可以签退" if done.guardian_there else "监护人不在场，还不能签退"
    messages.success(request, f"已登记{done.resident.name}：{said}。")
    return redirect("activities:lead", found.pk)


def _led(resident: Resident, activity_id: int) -> Activity:
    """Whose names one reads for as long as one leads: until the day after."""
    mine = Activity.objects.filter(organiser=resident, ends_at__gt=clock.now() - finding.LED_FOR)
    mine = mine.exclude(status=Activity.Status.DRAFT)
    return get_object_or_404(mine.select_related("community__sub_district", "organiser"), pk=activity_id)


def _say(request: HttpRequest, outcome: Outcome, done: str) -> None:
    if outcome.done:
        messages.success(request, done.format(len(outcome.done)))
    for one, refused in outcome.refused:
        messages.warning(request, f"{one.resident.name}：{refused.message}")
