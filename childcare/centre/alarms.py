"""呼叫: whom to call now, one tap to ring, one tap for what came of it; until the child is safe."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from childcare.centre.day_forms import CallForm, CloseForm
from childcare.centre.door import watch_page
from childcare.days import book, calling, calls, holding
from childcare.models import Alarm, Staffer
from communities.models import User
from core import clock
from core.pages import page
from core.refusals import BadInput

TAB: dict[str, Any] = {"tab": "alarms"}
NEWEST = 30


@require_safe
@watch_page
def alarms(request: HttpRequest, post: Staffer) -> HttpResponse:
    found = list(book.alarms_of(post.centre_id)[:NEWEST])
    opened = [one for one in found if one.closed_at is None]
    closed = [one for one in found if one.closed_at is not None]
    return page(request, "care/alarms.html", TAB | {"post": post, "opened": opened, "closed": closed})


@require_safe
@watch_page
def alarm(request: HttpRequest, post: Staffer, pk: int) -> HttpResponse:
    mine = _own(post, pk)
    context = {"post": post, "alarm": mine, "calling": calling.of(mine, _me(post)), "close": CloseForm(alarm=mine)}
    return page(request, "care/alarm.html", TAB | context)


@require_POST
@watch_page
def write(request: HttpRequest, post: Staffer, pk: int) -> HttpResponse:
    form = CallForm(request.POST)
    if not form.is_valid():
        raise BadInput
    made = calls.write(alarm=_own(post, pk), by=_me(post), **form.cleaned_data)
    messages.success(request, f"已登记：{made.whom}{made.get_result_display()}。")
    return redirect("care:alarm", pk)


@require_POST
@watch_page
def close(request: HttpRequest, post: Staffer, pk: int) -> HttpResponse:
    mine = _own(post, pk)
    form = CloseForm(request.POST, alarm=mine)
    if not form.is_valid():
        raise BadInput
    calls.close(alarm=mine, by=_me(post), **form.cleaned_data)
    messages.success(request, "已结束这次呼叫。")
    return redirect("care:alarms")


@require_POST
@watch_page
def hold(request: HttpRequest, post: Staffer, pk: int) -> HttpResponse:
    """家长在路上: the calls go on after a while."""
    mine = holding.hold(alarm=_own(post, pk), by=_me(post))
    messages.success(request, f"等到{clock.local(mine.held_until or clock.now()):%H:%M}，没有来就接着打电话。")
    return redirect("care:alarm", pk)


@require_POST
@watch_page
def reopen(request: HttpRequest, post: Staffer, pk: int) -> HttpResponse:
    holding.reopen(alarm=_own(post, pk), by=_me(post))
    messages.success(request, "已恢复呼叫，请接着打电话。")
    return redirect("care:alarm", pk)


def _me(post: Staffer) -> User:
    assert post.account is not None  # the door let this account in
    return post.account


def _own(post: Staffer, pk: int) -> Alarm:
    people = ("place__child__community", "place__group__centre__community__sub_district", "closed_by")
    mine = Alarm.objects.filter(place__group__centre=post.centre_id).select_related(*people)
    return get_object_or_404(mine, pk=pk)
