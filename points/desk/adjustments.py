"""积分调整: somebody's lines with the way to take one back, what was proposed, and the decision of the second colleague."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.guards import staff_page
from communities.models import Resident, User
from communities.paging import number
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned
from points import adjusting, debts, proposals, showing, statement
from points.forms import AdjustForm, AdjustmentFilter, NoticeTitle, PersonSearch, RejectForm, TakeBackForm
from points.models import Adjustment, Entry

SECTION = {"section": "adjustments"}


@require_safe
@staff_page
def adjustments(request: HttpRequest, user: User) -> HttpResponse:
    form = AdjustmentFilter(request.GET, user=user)
    asked = form.asked()
    shown, following = turned(request, proposals.page_of(user, asked, place(request)), proposals.PAGE)
    tiles = [_tile(status, count, asked) for status, count in proposals.figures(user).items()]
    waiting = showing.to_show(user).filter(pk__in=[row.pk for row in shown])
    context = {
        "form": form, "rows": shown, "kpis": tiles, "following": following, "titled": NoticeTitle(),
        "showable": set(waiting.values_list("pk", flat=True)),
    }  # fmt: skip
    return page(request, "desk/points/adjustments.html", SECTION | context)


@require_POST
@staff_page
def show(request: HttpRequest, user: User) -> HttpResponse:
    """A draft notice of what was ticked; whoever may publish does it from its own page."""
    form = NoticeTitle(request.POST)
    if not form.is_valid():
        messages.error(request, "请写公示的标题，不超过60字。没有拟公示。")
        return redirect("desk:adjustments")
    picked = [number(value) for value in request.POST.getlist("picked")]
    mine = list(proposals.for_staff(user).filter(pk__in=picked))
    made = showing.prepare(adjustments=mine, title=form.cleaned_data["title"], by=user)
    messages.success(request, f"已拟公示，列入{len(mine)}项。请核对名单，由另一位负责人发布。")
    return redirect("desk:notice", made.pk)


@require_POST
@staff_page
def settle(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """What the end of the notice could not book."""
    showing.settle(adjustment=_mine(user, pk), by=user)
    messages.success(request, "已入账，居民会收到消息。")
    return redirect("desk:adjustment", pk)


def _tile(status: str, count: int, asked: dict[str, Any]) -> dict[str, Any]:
    url = f"{reverse('desk:adjustments')}?status={status}"
    label = Adjustment.Status(status).label
    return {"value": count, "label": label, "url": url, "current": asked.get("status") == status}


@require_safe
@staff_page
def find(request: HttpRequest, user: User) -> HttpResponse:
    """Whose points are to be adjusted."""
    words = PersonSearch(request.GET).words()
    found = proposals.candidates(user, words) if words else []
    return page(request, "desk/points/adjust_find.html", SECTION | {"q": words, "found": found})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def adjust(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _resident(user, pk)
    form = AdjustForm(request.POST if request.method == "POST" else None)
    context = SECTION | _purse(mine) | {"refused": adjusting.refusal_to_propose(mine, user)}
    if not form.is_valid():
        return form_page(request, "desk/points/adjust.html", form, context)
    keep_form(request, "desk/points/adjust.html", form, context)
    made = adjusting.propose(resident=mine, amount=form.amount(), reason=form.said(), by=user)
    messages.success(request, "已提出，由社区主任或街道管理员中的另一位复核。增加的，复核后先公示。")
    return redirect("desk:adjustment", made.pk)


@require_safe
@staff_page
def lines(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Somebody's points: what is there, what is owed, what happened, the newest first."""
    mine, before = _resident(user, pk), place(request)
    found = statement.lines(mine, before=before, limit=proposals.PAGE + 1)
    shown, following = turned(request, found, proposals.PAGE)
    context = _purse(mine) | {"lines": proposals.marked(shown), "older": before is not None, "following": following}
    return page(request, "desk/points/lines.html", SECTION | context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def take_back(request: HttpRequest, user: User, pk: int, entry: int) -> HttpResponse:
    mine = _resident(user, pk)
    gifts = Entry.objects.filter(postings__destination__resident=mine, kind__in=adjusting.GIVING)
    found = get_object_or_404(gifts.distinct(), pk=entry)
    form = TakeBackForm(request.POST if request.method == "POST" else None)
    owner, given = adjusting.given_by(found.pk)
    context = SECTION | _purse(owner) | {"entry": found, "given": given}
    context["refused"] = adjusting.refusal_to_take_back(found.pk, owner, user)
    if not form.is_valid():
        return form_page(request, "desk/points/take_back.html", form, context)
    keep_form(request, "desk/points/take_back.html", form, context)
    made = adjusting.propose_take_back(entry=found.pk, reason=form.cleaned_data["reason"], by=user)
    messages.success(request, "已提出收回，由社区主任或街道管理员中的另一位复核后入账。")
    return redirect("desk:adjustment", made.pk)


@require_safe
@staff_page
def adjustment(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """What was proposed, and the decision, or who must make it."""
    return page(request, "desk/points/adjustment.html", _shown(user, pk) | {"form": RejectForm()})


@require_POST
@staff_page
def approve(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _mine(user, pk)
    done = adjusting.approve(adjustment=mine, by=user)
    told = "会收到消息" if mine.resident.account_id else "没有登录账号，请当面或打电话告诉本人"
    what = "已通过，请列入公示，期满没有异议才入账" if done.status == Adjustment.Status.NOTICE else "已入账"
    messages.success(request, f"{what}。{mine.resident.name}{told}。")
    return redirect("desk:adjustment", pk)


@require_POST
@staff_page
def reject(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    form, context = RejectForm(request.POST), _shown(user, pk)
    if not form.is_valid():
        return form_page(request, "desk/points/adjustment.html", form, context)
    keep_form(request, "desk/points/adjustment.html", form, context)
    adjusting.reject(adjustment=context["adjustment"], reason=form.cleaned_data["reason"], by=user)
    messages.success(request, "已登记为未通过，没有入账，提出的同事会收到消息。")
    return redirect("desk:adjustments")


def _resident(user: User, pk: int) -> Resident:
    return get_object_or_404(Resident.objects.for_staff(user).select_related("community", "estate"), pk=pk)


def _mine(user: User, pk: int) -> Adjustment:
    found = proposals.with_people(proposals.for_staff(user)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _purse(resident: Resident) -> dict[str, Any]:
    available = statement.available(resident, at=clock.now())
    return {"resident": resident, "available": available, "owed": debts.owed(resident)}


def _shown(user: User, pk: int) -> dict[str, Any]:
    mine, now = _mine(user, pk), clock.now()
    refused = adjusting.refusal_for(mine, user, approving=False)
    barred = None if refused else adjusting.refusal_for(mine, user, approving=True, at=now)
    said = {"adjustment": mine, "size": abs(mine.amount), "about": f"adjustment:{pk}"}
    waits = mine.status == Adjustment.Status.NOTICE
    shown = {"standing": showing.standing(mine), "held_up": showing.refusal_to_settle(mine, user)} if waits else {}
    return SECTION | _purse(mine.resident) | said | {"refused": refused, "barred": barred} | shown
