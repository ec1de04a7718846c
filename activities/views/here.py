"""What the code on the spot leads to: what will happen, a button, and what has happened."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from activities import awaited, presence, scanning, signup
from activities.models import Activity, Participation
from activities.scanning import Way, way_of
from communities.acting import residents_of
from communities.guards import resident_page
from communities.models import Resident, User
from core import clock
from core.pages import page


@require_safe
def scan(request: HttpRequest, activity_id: int, way: str, code: str) -> HttpResponse:
    """Anybody may scan; who it is is asked on the next page, and the scan holds meanwhile."""
    scanning.note(request, activity_id, way_of(way), code, clock.now())
    return redirect("activities:here", activity_id, way)


@require_http_methods(["GET", "HEAD", "POST"])
@resident_page
def here(request: HttpRequest, resident: Resident, activity_id: int, way: str) -> HttpResponse:
    direction, at = way_of(way), clock.now()
    activity = signup.look(activity_id)
    seen = scanning.seen_at(request, activity_id, direction, at)
    mine = signup.standing(activity, resident)
    if _is_done(mine, direction) and request.method != "POST":
        return page(request, "activities/here.html", _context(request, activity, direction, mine, done=True))
    if seen is None:
        raise scanning.NotScanned
    if request.method == "POST":
        act = presence.arrive if direction == Way.IN else presence.leave
        done = act(activity_id=activity.pk, resident=resident, by=cast(User, request.user), seen_at=seen, at=at)
        messages.success(request, _said(done, direction))
        return redirect("activities:here", activity.pk, way)
    if direction == Way.IN:
        refused = presence.refusal_to_arrive(activity, resident, mine, seen)
    else:
        refused = presence.refusal_to_leave(activity, mine, seen)
    context = _context(request, activity, direction, mine, refused=refused, seen=seen)
    return page(request, "activities/here.html", context)


def _is_done(mine: Participation | None, way: Way) -> bool:
    if mine is None or mine.status in (Participation.Status.WAITING, Participation.Status.ABSENT):
        return False
    return (mine.arrived_at if way == Way.IN else mine.left_at) is not None


def _said(done: Participation, way: Way) -> str:
    moment = done.arrived_at if way == Way.IN else done.left_at
    assert moment
    clocked = f"{clock.local(moment):%H:%M}"
    return f"已签到，{clocked}。走的时候请扫签退码。" if way == Way.IN else f"已签退，{clocked}。"


def _context(
    request: HttpRequest, activity: Activity, way: Way, mine: Participation | None, **more: Any
) -> dict[str, Any]:  # fmt: skip
    """With what counts once it is recorded, who confirms it and by when; and whether the phone acts for several people."""
    several = len(residents_of(cast(User, request.user))) > 1
    context = {"activity": activity, "way": way, "mine": mine, "several": several, "tab": "activities", **more}
    if mine and mine.minutes is not None and mine.status == Participation.Status.RECORDED:
        mine.activity = activity
        context |= {"waits": awaited.title_of(mine), "until": awaited.one_said(mine)}
    return context | {"joins": mine is None or mine.status == Participation.Status.WAITING}
