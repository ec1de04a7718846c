"""履约 at the desk: what was reported, saying it for a partner, confirming or declining it; rooms against service."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities import photos
from communities.drawing import drawn
from communities.guards import staff_page
from communities.models import User
from communities.paging import kept, number
from communities.workbook import sent
from core import clock
from core.pages import form_page, keep_form, page
from core.paging import place, turned
from partners.models import Agreement, AgreementQuerySet, Delivery, RoomGrant
from partners.obligation_forms import DeliveryFilter, DeskDeliveryForm, NoteForm
from partners.obligations import balance, deliverybook, progress, reporting, rooming

SECTION = {"section": "duties", "duties_tab": "deliveries"}
PAGE = 50


@require_safe
@staff_page
def deliveries(request: HttpRequest, user: User) -> HttpResponse:
    form = DeliveryFilter(request.GET, user=user)
    rows, following = turned(request, deliverybook.page_of(user, form.asked(), place(request)), deliverybook.PAGE)
    context = {"form": form, "rows": rows, "following": following, "query": kept(request)}
    return page(request, "desk/partners/deliveries.html", SECTION | context)


@require_safe
@staff_page
def export(request: HttpRequest, user: User) -> HttpResponse:
    """The file of what the list shows."""
    return sent(deliverybook.file_of(user, DeliveryFilter(request.GET, user=user).asked()), "履约台账")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def report(request: HttpRequest, user: User, agreement_id: int) -> HttpResponse:
    """This month's progress of an agreement; a POST says that a promise was kept."""
    mine, wrote = get_object_or_404(_signed(user), pk=agreement_id), request.method == "POST"
    form = DeskDeliveryForm(request.POST if wrote else None, request.FILES if wrote else None, by=user, agreement=mine)
    context = SECTION | {"agreement": mine, "lines": progress.of([mine]).get(mine.pk, [])}
    if not form.is_valid():
        return form_page(request, "desk/partners/deliver.html", form, context)
    keep_form(request, "desk/partners/deliver.html", form, context)
    made = reporting.report(promise=form.cleaned_data["promise"], by=user, **form.said())
    messages.success(request, "已登记，请另一位同事或在场居民确认。")
    return redirect("desk:delivery", made.pk)


@require_safe
@staff_page
def delivery(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    mine = _own(user, pk)
    address = settings.SITE_URL + reverse("partners:been", args=[mine.token])
    context = {
        "delivery": mine, "who": deliverybook.who(mine.by), "confirmed_by": deliverybook.confirmed_by(mine), "form": NoteForm(),
        "refused": reporting.refusal_to_settle(mine, user), "qr": drawn(address), "said": mine.ratings.count(),
    }  # fmt: skip
    return page(request, "desk/partners/delivery.html", SECTION | context)


@require_POST
@staff_page
def settle(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """`said` is confirm or decline."""
    mine, note = _own(user, pk), request.POST.get("note", "")
    if request.POST.get("said") == "decline":
        reporting.decline(delivery=mine, by=user, note=note)
        messages.success(request, "已退回，合伙人会看到原因。")
    else:
        reporting.confirm(delivery=mine, by=user, note=note)
        messages.success(request, "已确认，计入本月承诺。")
    return redirect("desk:delivery", pk)


@require_safe
@staff_page
def photo(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    own = Delivery.objects.for_staff(user).exclude(paper=None).select_related("paper")
    mine = get_object_or_404(own, pk=pk)
    assert mine.paper
    return photos.shown(mine.paper)


@require_safe
@staff_page
def rooms(request: HttpRequest, user: User) -> HttpResponse:
    """场地换服务, each agreement in force: this month and since its beginning."""
    held, before = _signed(user).in_force(clock.today()).order_by("-pk"), place(request)
    rows, following = turned(request, list((held.filter(pk__lt=before) if before else held)[: PAGE + 1]), PAGE)
    context = {"balances": balance.of(rows), "following": following, "definition": balance.DEFINITION}
    return page(request, "desk/partners/balance.html", SECTION | {"duties_tab": "rooms"} | context)


@require_safe
@staff_page
def rooms_of(request: HttpRequest, user: User, agreement_id: int) -> HttpResponse:
    """One agreement, month by month."""
    (found,) = balance.of([get_object_or_404(_signed(user), pk=agreement_id)])
    grants = found.agreement.grants.select_related("agreement", "room", "series").order_by("pk")
    shown = [(one, rooming.choices(one)[:20]) for one in grants]
    context = {"balance": found, "definition": balance.DEFINITION, "grants": shown}
    return page(request, "desk/partners/balance_months.html", SECTION | {"duties_tab": "rooms"} | context)


@require_POST
@staff_page
def series_of(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Which series in the room's book an agreement gives."""
    own = RoomGrant.objects.filter(agreement__in=_signed(user)).select_related("agreement__community")
    mine = get_object_or_404(own, pk=pk)
    series = rooming.choices(mine).filter(pk=number(request.POST.get("series", ""))).first()
    rooming.link(grant=mine, series=series, by=user)
    messages.success(request, "已登记，提供的场地改按实际预订计算。")
    return redirect("desk:balance-months", mine.agreement_id)


@require_safe
@staff_page
def rooms_export(request: HttpRequest, user: User) -> HttpResponse:
    """Every agreement in force and each of its months."""
    held = _signed(user).in_force(clock.today()).order_by("-pk")
    return sent(balance.file_of(balance.of(held[:500])), "场地换服务")


def _signed(user: User) -> AgreementQuerySet:
    signed = Agreement.objects.for_staff(user).filter(status=Agreement.Status.SIGNED)
    return signed.select_related("partner", "community")


def _own(user: User, pk: int) -> Delivery:
    own = Delivery.objects.for_staff(user).select_related(
        "promise__agreement__partner", "promise__agreement__community", "by", "settled_by"
    )
    return get_object_or_404(own, pk=pk)
