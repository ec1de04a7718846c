"""招募公告: what everybody may read, and the way to apply."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from communities.guards import open_page
from communities.models import Community, Resident
from core import clock
from core.pages import page
from core.paging import place, turned
from partners.joining import calling
from partners.models import Call, Partner

PAGE = 20


@require_safe
@open_page
def calls(request: HttpRequest, resident: Resident | None) -> HttpResponse:
    """Those of the reader's sub-district, the newest first; a visitor sees that of the first community that takes people in."""
    community = resident.community if resident else Community.objects.joinable().first()
    here = Call.objects.published().filter(community__sub_district=community.sub_district_id if community else None)
    before, today = place(request), clock.today()
    found = (here.filter(pk__lt=before) if before else here).select_related("community").order_by("-pk")
    shown, following = turned(request, list(found[: PAGE + 1]), PAGE)
    rows = [(one, calling.open_on(one, today)) for one in shown]
    return page(request, "partners/calls.html", {"tab": "home", "rows": rows, "following": following})


@require_safe
@open_page
def call(request: HttpRequest, resident: Resident | None, pk: int) -> HttpResponse:
    """One of them with its scoring sheet."""
    found = get_object_or_404(Call.objects.published().select_related("community__sub_district"), pk=pk)
    context = {
        "call": found, "open": calling.open_on(found, clock.today()), "criteria": found.criteria.order_by("order"),
        "trades": [Partner.Trade(trade).label for trade in found.trades],
    }  # fmt: skip
    return page(request, "partners/call.html", {"tab": "home", **context})
