"""小事 at the desk: the list of what waits, one after the other with what is alike beside it, closing, the photo, the export."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities import answering, deedbook, likeness, solving
from activities.desk.deeds_forms import CloseForm, DecideForm, FilterForm
from activities.models import Deed, Photo
from communities import photos
from communities.guards import staff_page
from communities.kin import kin_of
from communities.models import User
from communities.paging import kept, sorted_slice
from communities.workbook import sent
from core.pages import form_page, keep_form, page
from core.refusals import Refused

PAGE = 20
SECTION = {"section": deedbook.SECTION}
ONE = "desk/activities/deed.html"
LABELS = {"waiting": "待审核", "closing": "待办结"}
SAID = {
    "accept": "已办理，居民会收到消息。",
    "decline": "已答复，居民会收到消息。",
    "merge": "已合并，居民会收到消息。",
}


@dataclass(frozen=True)
class Line:
    """A row of the list: what it may be merged into, and why the reader cannot answer it."""

    deed: Deed
    similar: list[Deed]
    refused: Refused | None


@require_safe
@staff_page
def deeds(request: HttpRequest, user: User) -> HttpResponse:
    """What waits, the longest first, unless the filter asks for something else; `?file=1` sends it as Excel."""
    form = FilterForm(request.GET, user=user)
    asked = form.asked()
    if "file" in request.GET:
        return sent(deedbook.export(user, asked), "小事")
    found = deedbook.listed(user, asked).with_photo().select_related("community", "resident", "award", "solved_award")
    shown = sorted_slice(request, found, among=Deed.objects.for_staff(user), order=deedbook.order_of(asked), size=PAGE)
    context = {
        "form": form, "asked": asked, "slice": shown, "lines": _lines(shown.rows, user), "kpis": _figures(user, asked.state),
        "export": f"?{kept(request, file='1')}", "first": deedbook.next_for(user, 0),
    }  # fmt: skip
    return page(request, "desk/activities/deeds.html", SECTION | context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def deed(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """One of them, what is alike beside it, and the answer; then the next that waits."""
    mine = _mine(user, pk)
    similar = likeness.suggestions([mine])[mine.pk] if mine.status == Deed.Status.SENT else []
    form = DecideForm(request.POST if request.method == "POST" else None, deed=mine, similar=similar)
    context = _context(mine, user) | {"similar": similar}
    if not form.is_valid():
        return form_page(request, ONE, form, context)
    keep_form(request, ONE, form, context)
    messages.success(request, f"编号{mine.pk}{_decide(mine, user, form)}")
    following = deedbook.next_for(user, mine.pk)
    if "list" in request.POST or following is None:
        return redirect("desk:deeds")
    return redirect("desk:deed", following.pk)


@require_POST
@staff_page
def close(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """It is put right, or why not."""
    mine = _mine(user, pk)
    form = CloseForm(request.POST)
    context = _context(mine, user)
    if not form.is_valid():
        return form_page(request, ONE, form, context)
    keep_form(request, ONE, form, context)
    given = form.cleaned_data
    if given["result"] == "done":
        solving.solve(deed=mine, by=user, outcome=given["outcome"])
    else:
        until = given["until"] if given["result"] == "later" else None
        solving.explain(deed=mine, by=user, outcome=given["outcome"], until=until)
    messages.success(request, f"编号{mine.pk}已记下，居民会收到消息。")
    return redirect("desk:deed", mine.pk)


@require_safe
@staff_page
def photo(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    return photos.shown(get_object_or_404(Photo, pk=pk, deed__in=Deed.objects.for_staff(user)))


def _mine(user: User, pk: int) -> Deed:
    rows = Deed.objects.for_staff(user).with_photo().select_related(
        "community", "resident", "by", "grid", "answered_by", "solved_by", "merged_into", "award", "solved_award"
    )  # fmt: skip
    return get_object_or_404(rows, pk=pk)


def _context(mine: Deed, user: User) -> dict[str, Any]:
    waits = mine.status == Deed.Status.SENT
    refused = answering.refusal_for(mine, user) if waits else solving.refusal_for(mine, user)
    closing = mine.status == Deed.Status.ACCEPTED and mine.kind == Deed.Kind.SNAPSHOT
    return SECTION | {
        "deed": mine, "waits": waits, "closing": closing, "refused": refused if waits or closing else None,
        "merged": list(mine.merged.select_related("resident").order_by("pk")), "closer": CloseForm() if closing else None,
    }  # fmt: skip


def _decide(mine: Deed, user: User, form: DecideForm) -> str:
    """Do what was chosen; the sentence about it. What is no deed of one's own communities is 404."""
    text, target = form.cleaned_data["text"], form.target()
    if target:
        into = get_object_or_404(Deed.objects.for_staff(user), pk=target)
        answering.merge(deed=mine, into=into, by=user)
        return SAID["merge"]
    if form.cleaned_data["decision"] == "accept":
        answering.accept(deed=mine, by=user, answer=text)
        return SAID["accept"]
    answering.decline(deed=mine, by=user, reason=text)
    return SAID["decline"]


def _lines(rows: list[Deed], user: User) -> list[Line]:
    """Three queries for any number: the family of the reader, and what may be alike."""
    waiting = [one for one in rows if one.status == Deed.Status.SENT]
    similar, kin = likeness.suggestions(waiting), kin_of(user)
    return [Line(one, similar.get(one.pk, []), answering.refusal_for(one, user, kin)) for one in rows]


def _figures(user: User, state: str) -> list[dict[str, Any]]:
    counted = deedbook.figures(user)
    return [
        {"value": counted[one], "label": label, "url": f"?state={one}", "current": state == one}
        for one, label in LABELS.items()
    ]
