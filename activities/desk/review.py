"""待审核 at the desk: one queue of everything that waits for this person's yes, what would happen to whom, and doing it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from activities import approving, attended, queue, reviewing
from activities.approving import Outcome, Shown
from activities.desk.review_forms import QueueFilter
from activities.models import Activity
from communities.guards import staff_page
from communities.models import User
from core.pages import page, wanted
from core.paging import onward, place

SECTION = {"section": "review"}
PAGE, FEW = 50, 10


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    """Of one kind a page, of all kinds the first few each."""
    form = QueueFilter(request.GET, user=user)
    asked = form.asked()
    tiles = [_tile(kind, user, asked) for kind in queue.kinds()]
    context = {"form": form, "kpis": tiles, "sections": _sections(request, user, asked)}
    return page(request, "desk/activities/review.html", SECTION | context)


def _tile(kind: queue.Kind, user: User, asked: dict[str, Any]) -> dict[str, Any]:
    url, current = f"{reverse('desk:review')}?kind={kind.code}", asked.get("kind") == kind.code
    return {"value": kind.waiting_for(user).count(), "label": f"{kind.title}待审核", "url": url, "current": current}


def _sections(request: HttpRequest, user: User, asked: dict[str, Any]) -> list[dict[str, Any]]:
    one = queue.kind_of(asked.get("kind", ""))
    found = [_section(request, user, kind, asked, PAGE if one else FEW) for kind in ([one] if one else queue.kinds())]
    return [section for section in found if section["rows"]]


def _section(request: HttpRequest, user: User, kind: queue.Kind, asked: dict[str, Any], size: int) -> dict[str, Any]:
    mine, community, before = "whose" not in asked, asked.get("community"), place(request, "after") or 0
    if kind.code == attended.CODE:
        held = attended.by_activity(user, mine=mine, community=community and community.pk)
        return {"kind": kind, "rows": held[: attended.PAGE], "more": len(held) > attended.PAGE, "by_activity": True}
    numbers = kind.waiting_for(user).values("pk") if mine else None
    found = kind.open_for(user).filter(pk__gt=before if size == PAGE else 0)
    found = found.filter(pk__in=numbers) if numbers is not None else found
    found = found.filter(**{kind.community: community}) if community else found
    rows = list(found.order_by("pk")[: size + 1])
    following = onward(request, rows[size - 1].pk, "after") if len(rows) > size == PAGE else ""
    shown = approving.shown(user, kind, rows[:size])
    return {"kind": kind, "rows": shown, "more": len(rows) > size, "following": following}


@require_safe
@staff_page
def activity(request: HttpRequest, user: User, activity_id: int) -> HttpResponse:
    """Everybody at one activity who waits: what will happen to whom, and one button for all."""
    found = get_object_or_404(Activity.objects.for_staff(user).select_related("community"), pk=activity_id)
    rows = list(reviewing.open_for(user).filter(activity=found)[: approving.MOST])
    return _asking(request, approving.shown(user, attended.KIND, rows), {"activity": found})


@require_POST
@staff_page
def preview(request: HttpRequest, user: User) -> HttpResponse:
    """What will happen to whom, of what was ticked; nothing is written."""
    rows = approving.chosen(user, request.POST.getlist("picked"))
    if not rows:
        messages.warning(request, "请先勾选要审核的。刚刚被同事办理或改动过的，不会再列出。")
        return redirect(wanted(request, reverse("desk:review")))
    return _asking(request, rows, {})


@require_POST
@staff_page
def approve(request: HttpRequest, user: User) -> HttpResponse:
    """One transaction for each; what a break-down or the clock left over is shown again, for the same button."""
    keys = request.POST.getlist("picked")
    if not keys:
        messages.warning(request, "请先勾选要审核的，没有办理。")
        return redirect(wanted(request, reverse("desk:review")))
    outcome = approving.approve(keys=keys, by=user)
    _say(request, outcome)
    if outcome.left:
        return _asking(request, outcome.left, {})
    return redirect(wanted(request, reverse("desk:review")))


def _asking(request: HttpRequest, rows: list[Shown], more: dict[str, Any]) -> HttpResponse:
    may = [one for one in rows if one.refused is None]
    context = {
        "may": may, "barred": [one for one in rows if one.refused], "points": sum(one.gives for one in may if not one.waits),
        "minutes": any(one.line.minutes is not None for one in rows), "cut": [one for one in may if one.cut],
        "waits": [one for one in may if one.waits], "back": wanted(request, reverse("desk:review")),
    }  # fmt: skip
    return page(request, "desk/activities/review_ask.html", SECTION | context | more)


def _say(request: HttpRequest, outcome: Outcome) -> None:
    """What was done in one sentence, each refusal once with the names it concerns."""
    if outcome.done:
        waits = f"，{outcome.waiting}项公示期满后入账" if outcome.waiting else ""
        messages.success(request, f"已审核通过{len(outcome.done)}项，入账{outcome.points}积分{waits}。")
    if outcome.left:
        messages.warning(request, f"还有{len(outcome.left)}项没有办，请再按一次，接着办。")
    if outcome.gone:
        messages.warning(request, f"{outcome.gone}项刚刚被同事办理或改动，没有重复办理。")
    names: dict[str, list[str]] = {}
    for one, refused in outcome.refused:
        names.setdefault(refused.message, []).append(one.line.who)
    for sentence, concerned in names.items():
        messages.warning(request, f"{'、'.join(concerned)}：{sentence}")
