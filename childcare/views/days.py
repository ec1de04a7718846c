"""今天 and 请假 of the own child: arrived, left with whom; leave in two taps."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from childcare.days import board, book, leave
from childcare.days.day_form import LeaveForm
from childcare.models import Place
from childcare.views.door import child_of, family_page
from communities.models import Resident, User
from core import clock, words
from core.pages import page
from core.paging import place, turned
from core.refusals import BadInput


@require_safe
@family_page
def child(request: HttpRequest, guardian: Resident, pk: int) -> HttpResponse:
    mine = child_of(request, pk).child
    rows = book.days_before(mine, place(request))
    shown, following = turned(request, [one for one, _ in rows], book.RECENT)
    handed = {one.pk: gone for one, gone in rows}
    context = {
        "child": mine, "today": book.today_of(mine, clock.now()), "reasons": leave.REASONS, "following": following,
        "rows": [(one, board.way_of(handed[one.pk])) for one in shown],
    }  # fmt: skip
    return page(request, "childcare/days.html", context)


@require_POST
@family_page
def stay_away(request: HttpRequest, guardian: Resident, pk: int) -> HttpResponse:
    mine, form = _place(request, pk), LeaveForm(request.POST)
    if not form.is_valid():
        raise BadInput
    leave.tell(place=mine, by=cast(User, request.user), **form.cleaned_data)
    messages.success(request, f"{words.day(form.cleaned_data['day'])}已请假，老师会看到。")
    return redirect("childcare:days", mine.child_id)


@require_POST
@family_page
def come_after_all(request: HttpRequest, guardian: Resident, pk: int) -> HttpResponse:
    mine, form = _place(request, pk), LeaveForm(request.POST)
    if not form.is_valid():
        raise BadInput
    leave.withdraw(place=mine, day=form.cleaned_data["day"], by=cast(User, request.user))
    messages.success(request, f"已撤回{words.day(form.cleaned_data['day'])}的请假，孩子照常来。")
    return redirect("childcare:days", mine.child_id)


def _place(request: HttpRequest, pk: int) -> Place:
    """404 for the children of others."""
    mine = get_object_or_404(Place.objects.select_related("child"), pk=pk)
    child_of(request, mine.child_id)
    return mine
