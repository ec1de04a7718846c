"""Public pages: signing events, and whether a signed agreement on paper is what was signed."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from communities import limits
from communities.guards import open_page
from communities.models import Community, Resident
from core import clock
from core.pages import page
from partners.agreements import sheet, verifying
from partners.models import Agreement, Ceremony

CHECKS, WINDOW = 60, timedelta(minutes=10)


@require_safe
@open_page
def listing(request: HttpRequest, resident: Resident | None) -> HttpResponse:
    """Of the reader's sub-district; a visitor sees that of the first community that takes residents in."""
    community = resident.community if resident else Community.objects.joinable().first()
    held = Ceremony.objects.filter(sub_district=community.sub_district_id) if community else Ceremony.objects.none()
    return page(request, "partners/ceremonies.html", {"rows": held.order_by("-on", "-pk")[:50], "tab": "home"})


@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    held = get_object_or_404(Ceremony.objects.select_related("sub_district"), pk=pk)
    signed = held.agreements.select_related("partner", "community").order_by("pk")
    shown = [(one, one.partner.admitted_at is not None and one.ended_on is None) for one in signed]
    return page(request, "partners/ceremony.html", {"ceremony": held, "rows": shown, "tab": "home"})


@require_safe
def check(request: HttpRequest, mark: str) -> HttpResponse:
    """Open to everybody who holds the paper, and counted. Says the parties and the days, and nothing of the text."""
    limits.hit(f"agreement:{limits.address_of(request)}", limit=CHECKS, window=WINDOW)
    known = (
        Agreement.objects.filter(status=Agreement.Status.SIGNED)
        if len(mark) == sheet.MARK
        else Agreement.objects.none()
    )
    found = known.filter(sha256__startswith=mark).select_related("partner", "community").first()
    context: dict[str, Any] = {"agreement": found, "tab": "home"}
    if found:
        context |= {"verdict": verifying.verify(found), "state": found.state_on(clock.today(), 0)}
    answer = page(request, "partners/agreement_check.html", context, status=200 if found else 404)
    answer["Cache-Control"], answer["X-Robots-Tag"], answer["Referrer-Policy"] = "no-store", "noindex", "no-referrer"
    return answer
