"""盘点 at the desk: the sheet to walk along the shelves with, what was counted, and a second person who confirms it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.guards import staff_page
from communities.models import User
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place as placed, turned
from partners.desk.stock_forms import CountForm, kept_by
from partners.models import StockCount
from partners.stock import counting
from partners.stock.keepers import Place, refusal_to_keep

SECTION = {"section": "gifts"}
PAGE = 50


@require_safe
@staff_page
def listing(request: HttpRequest, user: User) -> HttpResponse:
    """The counts so far, the newest first, and where the next one begins."""
    before = placed(request)
    found = StockCount.objects.for_staff(user).select_related("community", "sub_district", "by", "settled_by")
    found = found.order_by("-pk")
    rows, following = turned(request, list((found.filter(pk__lt=before) if before else found)[: PAGE + 1]), PAGE)
    context = {"rows": rows, "following": following, "places": kept_by(user)}
    return page(request, "desk/partners/counts.html", SECTION | context)


@require_safe
@staff_page
def sheet(request: HttpRequest, user: User, key: str) -> HttpResponse:
    """盘点表 on paper: what the book says, and room for what stands there."""
    place = _place(user, key)
    context = {"place": place, "key": key, "rows": counting.batches_of(place), "now": clock.now(), "by": user}
    return page(request, "desk/partners/count_sheet.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def new(request: HttpRequest, user: User, key: str) -> HttpResponse:
    place = _place(user, key)
    rows = list(counting.batches_of(place))
    form = CountForm(request.POST if request.method == "POST" else None, batches=rows)
    context: dict[str, Any] = {
        "place": place,
        "key": key,
        "rows": rows,
        "refused": refusal_to_keep(place, user),
    } | SECTION
    context["month"] = counting.month_due(place, clock.today())
    if not form.is_valid():
        return form_page(request, "desk/partners/count_new.html", form, context)
    keep_form(request, "desk/partners/count_new.html", form, context)
    made = counting.count(place=place, counted=form.counted(), by=user)
    messages.success(request, "盘点已保存，请另一位同事复核，复核后差异才记入台账。")
    return redirect("desk:count", made.pk)


@require_safe
@staff_page
def one(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _count(user, pk)
    lines = mine.lines.select_related("batch__gift", "slip").order_by("batch__gift__title", "pk")
    context = {"tally": mine, "lines": lines, "refused": counting.refusal_to_confirm(mine, user)}
    return page(request, "desk/partners/count.html", SECTION | context)


@require_POST
@staff_page
def confirm(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    done = counting.confirm(count=_count(user, pk), by=user)
    messages.success(request, f"{done}已复核，差异已记入台账。")
    return redirect("desk:count", pk)


@require_POST
@staff_page
def drop(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    counting.drop(count=_count(user, pk), by=user)
    messages.success(request, "这次盘点已作废，库存没有改动。")
    return redirect("desk:counts")


def _place(user: User, key: str) -> Place:
    found = kept_by(user).get(key)
    if found is None:
        raise Http404
    return found


def _count(user: User, pk: int) -> StockCount:
    own = StockCount.objects.for_staff(user).select_related(
        "community__sub_district", "sub_district", "by", "settled_by"
    )
    return get_object_or_404(own, pk=pk)
