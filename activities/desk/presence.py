"""Staff pages on the spot and after it: the changing code, quick entry, the paper sheet and what was written on it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from activities import entering, paper, presence, scanning, standing_by
from activities.models import Activity
from activities.presence_forms import EntryForm, SheetForm
from communities.guards import staff_page
from communities.models import User
from core import clock
from core.pages import on_refusal, page
from core.refusals import Refused

SECTION = {"section": "activities"}
FORMS = ["GET", "HEAD", "POST"]
KEPT = ("way", "began", "ended", "late_reason")  # what stays typed from one person to the next


@require_safe
@staff_page
def code(request: HttpRequest, user: User, activity_id: int) -> HttpResponse:
    """The screen that everybody scans: nothing else on it, and drawn anew three times a minute."""
    context = scanning.screen(_own(user, activity_id), request.GET.get("way", ""), clock.now())
    return page(request, "desk/activities/code.html", context)


@require_http_methods(FORMS)
@staff_page
def entry(request: HttpRequest, user: User, activity_id: int) -> HttpResponse:
    """One person after the other by keyboard; Enter writes one down and asks for the next."""
    found = _own(user, activity_id)
    ways = entering.ways_at(found, clock.now())
    kept = {name: request.GET[name] for name in KEPT if name in request.GET}
    form = EntryForm(request.POST or None, ways=ways, activity=found, initial={"way": next(iter(ways), "")} | kept)
    if not form.is_valid():
        return _entry(request, found, form)
    on_refusal(request, lambda refused: _entry(request, found, form, refused))
    typed = form.cleaned_data
    resident = entering.one(found, user, typed["who"], typed["resident"])
    done = entering.act(way=typed["way"], activity=found, resident=resident, spell=form.spell, by=user)
    messages.success(request, f"{resident.name}：{entering.stood(done)}。")
    again = urlencode({name: request.POST[name] for name in KEPT if request.POST.get(name)})
    return redirect(f"{reverse('desk:activity-presence', args=[found.pk])}?{again}")


def _entry(request: HttpRequest, found: Activity, form: EntryForm, refused: Refused | None = None) -> HttpResponse:
    """With those whom the name may mean, to be chosen by a click or one more key."""
    several = refused.people if isinstance(refused, entering.SeveralMeant) else []
    if refused:
        form.add_error("who", refused.message)
    context = {
        "activity": found, "form": form, "several": several, "there": standing_by.count(found),
        "latest": standing_by.latest(found), "opens": presence.opens_at(found),
    }  # fmt: skip
    status = refused.status if refused else 400 if form.errors else 200
    return page(request, "desk/activities/entry.html", SECTION | context, status=status)


@require_safe
@staff_page
def sheet(request: HttpRequest, user: User, activity_id: int) -> HttpResponse:
    """签到表 on paper: everybody who signed up, rows to be filled in, room to sign."""
    found = _own(user, activity_id)
    context = {"activity": found, "maker": user.name, "made_on": clock.today(), **paper.sheet_of(found)}
    return page(request, "desk/activities/paper_sheet.html", SECTION | context)


@require_http_methods(FORMS)
@staff_page
def sheet_entry(request: HttpRequest, user: User, activity_id: int) -> HttpResponse:
    """What stands on the paper, typed line by line; lines that could not be written stay in the field with their reason."""
    found = _own(user, activity_id)
    form, over = SheetForm(request.POST or None, activity=found), clock.now() >= found.ends_at
    wrong: list[tuple[str, str]] = []
    if over and form.is_valid():
        outcome = entering.sheet(found, form.cleaned_data["typed"], usual=form.spell, by=user)
        if outcome.done:
            messages.success(request, f"已记录{len(outcome.done)}人，请另一位工作人员确认后入账。")
        if not outcome.wrong:
            return redirect("desk:activity", found.pk)
        wrong = outcome.wrong
        form = SheetForm({**request.POST.dict(), "typed": "\n".join(line for line, _ in wrong)}, activity=found)
    context: dict[str, Any] = {"activity": found, "form": form, "wrong": wrong, "over": over}
    return page(request, "desk/activities/paper_entry.html", SECTION | context, status=400 if form.errors else 200)


def _own(user: User, activity_id: int) -> Activity:
    mine = Activity.objects.for_staff(user).exclude(status=Activity.Status.DRAFT)
    return get_object_or_404(mine.select_related("community__sub_district"), pk=activity_id)
