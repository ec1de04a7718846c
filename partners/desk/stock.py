"""出入库 at the desk: slips that wait for a second person, writing them down, accepting and sending back; what expires."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.guards import staff_page
from communities.models import User
from communities.paging import kept
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned
from partners.desk.stock_forms import IntakeForm, OutForm, RefuseForm, SlipFilter
from partners.models import Gift, StockSlip
from partners.stock import accepting, batches, intake

SECTION = {"section": "gifts"}
FORMS = ["GET", "HEAD", "POST"]
PAGE = 50


@require_safe
@staff_page
def slips(request: HttpRequest, user: User) -> HttpResponse:
    """Every slip of the reader's places, the newest first."""
    form, before = SlipFilter(request.GET), place(request)
    found = StockSlip.objects.for_staff(user).filter(**form.asked())
    found = found.select_related("gift__community", "gift__sub_district", "by", "settled_by").order_by("-pk")
    rows, following = turned(request, list((found.filter(pk__lt=before) if before else found)[: PAGE + 1]), PAGE)
    context = {"form": form, "rows": rows, "following": following, "query": kept(request)}
    return page(request, "desk/partners/stock.html", SECTION | context)


@require_http_methods(FORMS)
@staff_page
def bring_in(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine, form = _gift(user, pk), IntakeForm(request.POST if request.method == "POST" else None)
    context, template = SECTION | {"gift": mine}, "desk/partners/stock_in.html"
    if not form.is_valid():
        return form_page(request, template, form, context)
    keep_form(request, template, form, context)
    made = intake.bring_in(gift=mine, goods=form.goods(), by=user)
    messages.success(request, f"入库单{made.number}已保存，请另一位同事清点验收，验收后才计入库存。")
    return redirect("desk:stock-slip", made.pk)


@require_http_methods(FORMS)
@staff_page
def take_out(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """损耗 or 报废; `?batch=` names the batch."""
    mine = _gift(user, pk)
    data = request.POST if request.method == "POST" else None
    named = request.GET.get("batch", "")
    first = {"batch": named, "kind": intake.Kind.SCRAPPED if named else intake.Kind.LOST}
    form = OutForm(data, batches=mine.slips.on_shelf().select_related("gift"), initial=first)
    context, template = SECTION | {"gift": mine}, "desk/partners/stock_out.html"
    if not form.is_valid():
        return form_page(request, template, form, context)
    keep_form(request, template, form, context)
    made = intake.take_out(by=user, **form.cleaned_data)
    messages.success(request, f"出库单{made.number}已保存，请另一位同事核对，核对后才减库存。")
    return redirect("desk:stock-slip", made.pk)


@require_safe
@staff_page
def slip(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _slip(user, pk)
    context = {
        "slip": mine, "refused": accepting.refusal_to_accept(mine, user), "form": RefuseForm(),
        "back": accepting.refusal_to_refuse(mine, user) is None,
    }  # fmt: skip
    return page(request, "desk/partners/stock_slip.html", SECTION | context)


@require_POST
@staff_page
def accept(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    done = accepting.accept(slip=_slip(user, pk), by=user)
    messages.success(request, f"{done.number}已验收，“{done.gift.title}”的库存已更新。")
    return redirect("desk:stock-slip", pk)


@require_POST
@staff_page
def refuse(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine, form = _slip(user, pk), RefuseForm(request.POST)
    context, template = SECTION | {"slip": mine, "back": True}, "desk/partners/stock_slip.html"
    if not form.is_valid():
        return form_page(request, template, form, context)
    keep_form(request, template, form, context)
    accepting.refuse(slip=mine, by=user, reason=form.cleaned_data["reason"])
    messages.success(request, "没有通过，库存没有改动。经手人核对后可以重新填单。")
    return redirect("desk:stock-slip", pk)


@require_safe
@staff_page
def expiry(request: HttpRequest, user: User) -> HttpResponse:
    """What is past its date, and what soon will be."""
    today = clock.today()
    rows = batches.expiring(user, today).select_related("gift__community", "gift__sub_district")[:200]
    return page(request, "desk/partners/stock_expiry.html", SECTION | {"rows": rows, "today": today})


def _gift(user: User, pk: int) -> Gift:
    own = Gift.objects.for_staff(user).select_related("community__sub_district", "sub_district")
    return get_object_or_404(own, pk=pk)


def _slip(user: User, pk: int) -> StockSlip:
    own = StockSlip.objects.for_staff(user).select_related(
        "gift__community__sub_district", "gift__sub_district", "by", "settled_by", "batch"
    )
    return get_object_or_404(own, pk=pk)
