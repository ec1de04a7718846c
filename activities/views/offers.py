"""Residents' pages: what can be joined, one activity, what I take part in."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from activities import finding, signup
from activities.forms import KindForm, asked
from activities.models import Participation
from activities.sheet import sheet_of
from communities.guards import open_page, resident_page
from communities.models import Community, Resident, User
from core import clock
from core.pages import page
from core.paging import place, turned


@require_safe
@open_page
def offers(request: HttpRequest, resident: Resident | None) -> HttpResponse:
    """Coming activities; a visitor sees those around the first community that takes residents in."""
    community = resident.community if resident else Community.objects.joinable().first()
    kind = asked(KindForm(request.GET)).get("kind", "")
    context = {"kind": kind, "kinds": [], "tab": "activities"}
    if community:
        found = finding.coming(community, clock.now(), kind=kind, after=place(request, "after"))
        shown, following = turned(request, found, finding.PAGE, "after")
        context |= {"offers": finding.offered(shown, community), "following": following}
        context["kinds"] = finding.kinds_of(community, clock.now())
    return page(request, "activities/list.html", context)


@require_safe
@open_page
def detail(request: HttpRequest, resident: Resident | None, activity_id: int) -> HttpResponse:
    found = signup.look(activity_id)
    return page(request, "activities/detail.html", sheet_of(found, resident, clock.now()) | {"tab": "activities"})


@require_POST
@resident_page
def sign_up(request: HttpRequest, resident: Resident, activity_id: int) -> HttpResponse:
    mine = signup.sign_up(activity_id=activity_id, resident=resident, by=cast(User, request.user))
    messages.success(request, f"报名成功。请按时到{mine.activity.place}集合。")
    return redirect("activities:detail", activity_id)


@require_POST
@resident_page
def join_line(request: HttpRequest, resident: Resident, activity_id: int) -> HttpResponse:
    mine = signup.join_line(activity_id=activity_id, resident=resident, by=cast(User, request.user))
    waits = mine.status == Participation.Status.WAITING
    messages.success(
        request,
        "已加入候补，补上时会通知您。" if waits else f"刚好有空位，报名成功。请按时到{mine.activity.place}集合。",
    )
    return redirect("activities:detail", activity_id)


@require_POST
@resident_page
def withdraw(request: HttpRequest, resident: Resident, activity_id: int) -> HttpResponse:
    signup.withdraw(activity_id=activity_id, resident=resident, by=cast(User, request.user))
    messages.success(request, "已取消报名，名额让给其他居民。")
    return redirect("activities:detail", activity_id)


@require_safe
@resident_page
def mine(request: HttpRequest, resident: Resident) -> HttpResponse:
    shown, following = turned(request, finding.settled(resident, place(request)), finding.PAGE)
    context = {
        "mine": finding.mine_of(resident, clock.now()),
        "settled": shown,
        "following": following,
        "now": clock.now(),
    }
    return page(request, "activities/mine.html", {"tab": "me", **context})
