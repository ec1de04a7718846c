"""Public pages: who the partners are and what they promised."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from communities.guards import open_page
from communities.models import Community, Resident
from core import clock
from core.pages import page
from core.paging import place, turned
from partners import publication
from partners.forms import TradeForm
from partners.models import Partner
from partners.obligations import board
from partners.offers import catalogue


@require_safe
@open_page
def partners(request: HttpRequest, resident: Resident | None) -> HttpResponse:
    """Partners of the reader's sub-district; a visitor sees that of the first community that takes residents in."""
    community = resident.community if resident else Community.objects.joinable().first()
    trade, today = TradeForm.chosen(request.GET), clock.today()
    context: dict[str, Any] = {"trade": trade, "trades": Partner.Trade.choices, "tab": "home"}
    if community:
        found = publication.page_of(community, today, trade=trade, after=place(request, "after"))
        shown, following = turned(request, found, publication.PAGE, "after")
        context |= {"cards": publication.cards(shown, today), "following": following}
    return page(request, "partners/list.html", context)


@require_safe
@open_page
def partner(request: HttpRequest, resident: Resident | None, partner_id: int) -> HttpResponse:
    today = clock.today()
    found = get_object_or_404(Partner.objects.shown(today), pk=partner_id)
    agreements = publication.running([found], today)
    context = {"partner": found, "agreements": agreements, "board": board.of(found, agreements, today), "tab": "home"}
    context |= {"offers": catalogue.of_partner(found, clock.now(), resident)}
    return page(request, "partners/partner.html", context)
