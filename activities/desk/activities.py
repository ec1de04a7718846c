"""Staff pages: announce an activity, write down who came, confirm what a colleague wrote down."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities import board, planning, recording, reviewing, signup
from activities.forms import AddForm, FilterForm, PeopleForm, PlanForm, ReasonForm, RecordForm, SearchForm, asked
from activities.models import Activity, Participation
from activities.one_by_one import Outcome, one_by_one
from communities.guards import staff_page
from communities.models import Resident, User
from core import clock
from core.pages import form_page, keep_form, page
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
    context = {"form": form, "rows": shown, "kpis": tiles, "now": now, "following": following}
    return page(request, "desk/activities/list.html", SECTION | context)


def _tile(state: str, count: int, wanted: dict[str, Any]) -> dict[str, Any]:
    url = f"{reverse('desk:activities')}?state={state}"
    return {"value": count, "label": LABELS[state], "url": url, "current": wanted.get("state") == state}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def new(request: HttpRequest, user: User) -> HttpResponse:
    form = PlanForm(request.POST or None, user=user)
    if not form.is_valid():
        return form_page(request, "desk/activities/new.html", form, SECTION)
    keep_form(request, "desk/activities/new.html", form, SECTION)
    made = planning.plan(activity=form.activity(), by=user)
    messages.success(request, f"《{made.title}》已发布，居民现在可以报名。")
    return redirect("desk:activity", made.pk)


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
    form = RecordForm(request.POST, people=_unpaid(found, user), planned=found.minutes)
    if not form.is_valid():
        return _show(request, user, found, form)
    minutes = form.cleaned_data["minutes"]
    outcome = one_by_one(form.chosen(), lambda one: recording.record(participation=one, minutes=minutes, by=user))
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


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def call_off(request: HttpRequest, user: User, activity_id: int) -> HttpResponse:
    found = _own(user, activity_id)
    form = ReasonForm(request.POST or None)
    context = SECTION | {"activity": found}
    if not form.is_valid():
        return form_page(request, "desk/activities/call_off.html", form, context)
    keep_form(request, "desk/activities/call_off.html", form, context)
    told = planning.call_off(activity=found, reason=form.cleaned_data["reason"], by=user)
    messages.success(request, f"《{found.title}》已取消，已通知{told}位报名的居民。")
    return redirect("desk:activity", found.pk)


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
    return get_object_or_404(Activity.objects.for_staff(user).select_related("community"), pk=activity_id)


def _show(request: HttpRequest, user: User, found: Activity, form: forms.BaseForm | None = None) -> HttpResponse:
    people = board.board_of(found, user)
    words = asked(SearchForm(request.GET)).get("q", "")
    context = {
        "activity": found,
        "board": people,
        "over": found.ends_at <= clock.now(),
        "recording": form if isinstance(form, RecordForm) else RecordForm(people=[], planned=found.minutes),
        "ticked": request.POST.getlist("picked"),
        "wrong": [error for errors in form.errors.values() for error in errors] if form else [],
        "q": words,
        "found": board.candidates(found, user, words) if words else [],
    }
    return page(request, "desk/activities/activity.html", SECTION | context, status=400 if form else 200)
