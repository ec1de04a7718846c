"""导入: a sheet is handed in, looked over, written, and perhaps undone."""

from typing import Any, cast

from django.contrib import messages
from django.db.models import Count
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import duties
from communities.desk.imports_forms import ConfirmForm, SheetForm
from communities.estates import KEPT_BY
from communities.guards import staff_page
from communities.importing import batches, books
from communities.models import Batch, Community, Line, User
from communities.paging import SIZE, slice_of
from communities.workbook import sent
from core.pages import form_page, keep_form, page
from core.paging import place, turned

SECTION = {"section": "residents"}
KEPT = "kept"  # lines that could not be undone, a filter beside the fates
UNREGISTERED = "还没有登记"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def imports(request: HttpRequest, user: User) -> HttpResponse:
    """The batches so far, the newest first, and a form for another."""
    form = SheetForm(request.POST or None, request.FILES or None, communities=list(Community.objects.for_staff(user)))
    context = _list(request, user)
    if not form.is_valid():
        return form_page(request, "desk/communities/imports.html", form, context)
    keep_form(request, "desk/communities/imports.html", form, context)
    batch = batches.begin(by=user, **form.sheet())
    return redirect("desk:import", batch.pk)


@require_safe
@staff_page
def template(request: HttpRequest, user: User) -> HttpResponse:
    return cast(HttpResponse, FileResponse(books.template(), as_attachment=True, filename="居民导入模板.xlsx"))


@require_safe
@staff_page
def batch(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """How far it is, what every line would become, and what may be done. Asked again every second while a worker is at it."""
    mine = _mine(user, pk)
    return page(request, "desk/communities/import.html", _shown(request, user, mine))


@require_POST
@staff_page
def wrong(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The wrong lines as a workbook. A POST, because it is written down who took whole numbers away."""
    mine = _mine(user, pk)
    return sent(books.corrections(batch=mine, by=user), f"第{mine.pk}批需改正的行")


@require_POST
@staff_page
def confirm(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    form = ConfirmForm(request.POST)
    form.is_valid()
    batches.confirm(batch=_mine(user, pk), by=user, register=form.cleaned_data.get("register", False))
    return redirect("desk:import", pk)


@require_POST
@staff_page
def drop(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    dropped = batches.drop(batch=_mine(user, pk), by=user)
    messages.success(request, f"已放弃“{dropped.name}”，没有导入任何人，读取的内容已删除。")
    return redirect("desk:imports")


@require_POST
@staff_page
def undo(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    batches.undo(batch=_mine(user, pk), by=user)
    return redirect("desk:import", pk)


def _mine(user: User, pk: int) -> Batch:
    return get_object_or_404(Batch.objects.for_staff(user).select_related("community", "by", "undone_by"), pk=pk)


def _list(request: HttpRequest, user: User) -> dict[str, Any]:
    found = Batch.objects.for_staff(user).select_related("community", "by").defer("sheet").order_by("-pk")
    before = place(request)
    some = list((found.filter(pk__lt=before) if before else found)[: SIZE + 1])
    rows, following = turned(request, some, SIZE)
    return SECTION | {"rows": rows, "following": following}


def _shown(request: HttpRequest, user: User, batch: Batch) -> dict[str, Any]:
    counted = dict(batch.lines.values_list("fate").annotate(Count("pk")))
    kept = batch.lines.exclude(undone_at=None).exclude(resident=None)
    stays = kept.count() if batch.undone_at else 0
    fate = request.GET.get("fate", "")
    lines = batch.lines.all()
    if fate == KEPT:
        lines = kept
    elif fate in Line.Fate.values:
        lines = lines.filter(fate=fate)
    mine = batch.by_id == user.pk
    return SECTION | {
        "batch": batch, "working": batch.status in batches.WORKING, "kpis": _figures(batch, counted, stays, fate),
        "slice": slice_of(request, lines.select_related("resident").defer("document_sealed")), "wrong": counted.get("wrong", 0),
        "writable": sum(counted.get(fate, 0) for fate in ("new", "merge")), "mine": mine, "stays": stays,
        "keeps": duties.holds(user, batch.community, *KEPT_BY),
        "unknown": batch.status == "ready" and batch.lines.filter(fate__in=batches.WRITABLE, said__icontains=UNREGISTERED).exists(),
        "may_undo": batch.status == "done" and (mine or duties.holds(user, batch.community, duties.Role.HEAD))
        and batch.lines.exclude(written_at=None).exists(), "fate": fate,
    }  # fmt: skip


def _figures(batch: Batch, counted: dict[str, int], stays: int, fate: str) -> list[dict[str, Any]]:
    """How many lines have each fate, each a link to them."""
    here = reverse("desk:import", args=[batch.pk])
    figures = [("", "全部", sum(counted.values()))]
    figures += [(one.value, one.label, counted.get(one.value, 0)) for one in Line.Fate]
    figures += [(KEPT, "没有撤销", stays)] if stays else []
    return [
        {"value": count, "label": label, "url": f"{here}?fate={one}" if one else here, "current": fate == one}
        for one, label, count in figures
    ]
