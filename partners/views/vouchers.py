"""我的服务券: what I hold, the code, calling off what was booked, giving back."""

from datetime import date
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.drawing import drawn
from communities.guards import resident_page
from communities.models import Resident, User
from core import clock
from core.pages import on_refusal, page
from core.paging import place, turned
from core.refusals import Refused
from partners import standing
from partners.models import Appointment, Voucher
from partners.vouchers import addresses, appointments, redeeming, returning

PAGE = 20


@require_safe
@resident_page
def mine(request: HttpRequest, resident: Resident) -> HttpResponse:
    """What can still be used first; older ones by page."""
    before = place(request)
    held = Voucher.objects.of(resident).select_related("offer", "partner", "appointment__slot")
    waiting = [] if before else list(held.issued().order_by("valid_until", "pk")[:100])
    over = held.exclude(status=Voucher.Status.ISSUED).order_by("-pk")
    rows, following = turned(request, list((over.filter(pk__lt=before) if before else over)[: PAGE + 1]), PAGE)
    return page(
        request, "partners/vouchers.html", {"tab": "me", "waiting": waiting, "rows": rows, "following": following}
    )


@require_safe
@resident_page
def detail(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    """The code, with where and until when; who scans their own comes here too."""
    found, at = _own(resident, pk), clock.now()
    usable = found.status == Voucher.Status.ISSUED and clock.local(at).date() <= found.valid_until
    visit = _visit(found)
    shown = usable and (visit is None or visit.status == Appointment.Status.CONFIRMED)
    address = settings.SITE_URL + reverse("voucher-code", args=[found.token])
    context = {
        "voucher": found, "visit": visit, "usable": usable, "done": usable and "done" in request.GET,
        "qr": drawn(address) if shown else "", "where": addresses.own(visit) if visit else "",
        "stands": visit is not None and appointments.refusal_to_cancel(visit, at) is None,
        "back": usable and returning.refusal_to_give_back_own(found) is None,
        "trouble": _trouble(found, clock.local(at).date()) if usable else None,
        "used": found.redemptions.standing().first() if found.status == Voucher.Status.USED else None,
    }  # fmt: skip
    return page(request, "partners/voucher.html", {"tab": "me", **context})


@require_POST
@resident_page
def give_back(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    done = returning.give_back_own(voucher=_own(resident, pk), by=cast(User, request.user))
    messages.success(request, f"“{done.offer}”已退回，{done.price}积分已退到原来付积分的账户。")
    return redirect("vouchers:list")


@require_http_methods(["GET", "HEAD", "POST"])
@resident_page
def cancel(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    """Says first whether the points return."""
    found = get_object_or_404(_visits().filter(voucher__resident=resident), voucher=pk)
    if request.method != "POST":
        return _cancel_page(request, found, appointments.refusal_to_cancel(found, clock.now()), 200)
    on_refusal(request, lambda refused: _cancel_page(request, found, refused, refused.status))
    appointments.cancel(appointment=found, by=cast(User, request.user))
    back = Voucher.objects.filter(pk=pk, refund__isnull=False).exists()
    messages.success(request, "预约已取消，积分已退到原来付积分的账户。" if back else "预约已取消，积分不退。")
    return redirect("vouchers:detail", pk)


def _cancel_page(request: HttpRequest, found: Appointment, refused: Refused | None, status: int) -> HttpResponse:
    context = {"visit": found, "refused": refused, "returns": appointments.returns_points(found, clock.now())}
    return page(request, "partners/voucher_cancel.html", {"tab": "me", **context}, status=status)


def _own(resident: Resident, pk: int) -> Voucher:
    held = Voucher.objects.of(resident).select_related("offer", "partner", "community", "appointment__slot")
    return get_object_or_404(held, pk=pk)


def _trouble(found: Voucher, today: date) -> Refused | None:
    """In the resident's words why the shop cannot serve now; one that left does, as long as its vouchers are good."""
    stands = redeeming.refusal_of_shop(found, today) is None
    return None if stands else standing.refusal_for(found.partner, found.community, today)


def _visits() -> QuerySet[Appointment]:
    return Appointment.objects.select_related("voucher__offer", "voucher__partner", "voucher__community", "slot")


def _visit(found: Voucher) -> Appointment | None:
    return getattr(found, "appointment", None)
