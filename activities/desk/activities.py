"""Staff pages: the list of activities and one of them; write down who came, confirm what a colleague wrote down."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from activities import board, export as exporting, recording, reviewing, sheet, signup, steps
from activities.forms import AddForm, FilterForm, PeopleForm, RecordForm, SearchForm, asked
from activities.models import Activity, Participation
from activities.one_by_one import Outcome, one_by_one
from communities.guards import staff_page
from communities.models import Resident, User
from communities.paging import kept
from communities.workbook import sent
from core import clock
from core.pages import page
from core.paging import place, turned

SECTION = {"section": "activities"}
LABELS = {"open": "报名中的活动", "to_record": "待记录的活动", "to_confirm": "待确认的活动"}


@require_safe
@staff_page
def activities(request: HttpRequest, user: User) -> HttpResponse:
    form = FilterForm(request.GET, user=user)
    wanted, now, own = asked(form), clock.now(), Activity.objects.for_staff(user)
    rows = board.page_of(board.narrowed(own, now, wanted), place(request))
    shown, following = turned(request, rows, board.PAGE)
    tiles = [_tile(state, count, wanted) for state, count in board.figures(own, now).items()]
    context = {
        "form": form,
        "rows": shown,
        "kpis": tiles,
        "now": now,
        "following": following,
        "query": kept(request),
    }
    return page(request, "desk/activities/list.html", SECTION | context)


def _tile(state: str, count: int, wanted: dict[str, Any]) -> dict[str, Any]:
    url = f"{reverse('desk:activities')}?state={state}"
    return {"value": count, "label": LABELS[state], "url": url, "current": wanted.get("state") == state}


@require_safe
@staff_page
def export(request: HttpRequest, user: User) -> HttpResponse:
    """The list with the filter on screen, as a file."""
    wanted = asked(FilterForm(request.GET, user=user))
    found = board.narrowed(Activity.objects.for_staff(user), clock.now(), wanted)
    return sent(exporting.workbook(found), "活动")


@require_safe
@staff_page
def activity(request: HttpRequest, user: User, activity_id: int) -> HttpResponse:
    return _show(request, user, _own(user, activity_id))


@require_POST
@staff_page
def add(request: HttpRequest, user: User, activity_id: int) -> HttpResponse:
    found = _own(user, activity_id)
    form = AddForm(request.POST)
    chosen = form.cleaned_data["resident"] if form.is_valid() else None
    resident = get_object_or_404(Resident.objects.for_staff(user), pk=chosen)
    signup.add(activity_id=found.pk, resident=resident, by=user)
    messages.success(request, f"已把{resident.name}加入名单。")
    return redirect("desk:activity", found.pk)


@require_POST
@staff_page
def record(request: HttpRequest, user: User, activity_id: int) -> HttpResponse:
    found = _own(user, activity_id)
    form = RecordForm(request.POST, people=_unpaid(found, user), activity=found)
    if not form.is_valid():
        return _show(request, user, found, form)
    said = {name: form.cleaned_data[name] for name in ("minutes", "late_reason", "over_reason")}
    outcome = one_by_one(form.chosen(), lambda one: recording.record(participation=one, by=user, **said))
    _say(request, outcome, "已记录{}人。请另一位工作人员确认后入账。")
    return redirect("desk:activity", found.pk)


@require_POST
@staff_page
def absent(request: HttpRequest, user: User, activity_id: int) -> HttpResponse:
    found = _own(user, activity_id)
    form = PeopleForm(request.POST, people=_unpaid(found, user))
    if not form.is_valid():
        return _show(request, user, found, form)
    outcome = one_by_one(form.chosen(), lambda one: recording.absent(participation=one, by=user))
    _say(request, outcome, "已标记{}人未到场。")
    return redirect("desk:activity", found.pk)


@require_POST
@staff_page
def confirm(request: HttpRequest, user: User, activity_id: int) -> HttpResponse:
    found = _own(user, activity_id)
    form = PeopleForm(request.POST, people=board.board_of(found, user).recorded)
    if not form.is_valid():
        return _show(request, user, found, form)
    outcome = one_by_one(form.chosen(), partial(_confirm, user))
    points = sum(done.points or 0 for done in outcome.done)
    _say(request, outcome, f"已确认{{}}人，入账{points}积分。")
    return redirect("desk:activity", found.pk)


def _confirm(user: User, seen: Participation) -> Participation:
    return reviewing.confirm(participation=seen, minutes=seen.minutes or 0, by=user)


def _say(request: HttpRequest, outcome: Outcome, done: str) -> None:
    """Tell the staff member: `done` with the number of people, and each refusal once, with the names it concerns."""
    if outcome.done:
        messages.success(request, done.format(len(outcome.done)))
    names: dict[str, list[str]] = {}
    for participation, refused in outcome.refused:
        names.setdefault(refused.message, []).append(participation.resident.name)
    for sentence, concerned in names.items():
        messages.warning(request, f"{'、'.join(concerned)}：{sentence}")


def _unpaid(found: Activity, user: User) -> list[Participation]:
    people = board.board_of(found, user)
    return people.recordable + people.recorded


def _own(user: User, activity_id: int) -> Activity:
    return get_object_or_404(
        Activity.objects.for_staff(user).select_related("community", "series", "room", "organiser"), pk=activity_id
    )


def _show(request: HttpRequest, user: User, found: Activity, form: forms.BaseForm | None = None) -> HttpResponse:
    people, now = board.board_of(found, user), clock.now()
    words = asked(SearchForm(request.GET)).get("q", "")
    context = {
        "activity": found,
        "board": people,
        "over": found.ends_at <= now,
        "steps": steps.steps_of(found, now),
        "recording": form if isinstance(form, RecordForm) else RecordForm(people=[], activity=found),
        "ticked": request.POST.getlist("picked"),
        "wrong": [error for errors in form.errors.values() for error in errors] if form else [],
        "q": words,
        "found": board.candidates(found, user, words) if words else [],
    }
    return page(
        request, "desk/activities/activity.html", SECTION | context | sheet.facts_of(found), status=400 if form else 200
    )
