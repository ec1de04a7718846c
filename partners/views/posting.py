"""积分季报: points of a community, quarter by quarter, for everybody to read and to print."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from communities.guards import open_page
from communities.models import Community, Resident
from communities.paging import number
from core import clock
from core.pages import page
from partners.settling import posting
from points import reconciliation


@require_safe
@open_page
def quarterly(request: HttpRequest, resident: Resident | None) -> HttpResponse:
    """Of the community in the address, else the reader's, else the first one; the last whole quarter, unless another is asked for."""
    shown = list(Community.objects.joinable().select_related("sub_district").order_by("pk"))
    home = resident.community_id if resident else 0
    wanted = number(request.GET.get("community", "")) or home
    mine = next((one for one in shown if one.pk == wanted), shown[0] if shown else None)
    today = clock.today()
    several = posting.quarters(reconciliation.first_day([mine] if mine else [], today), today)
    usual = several[1] if len(several) > 1 else several[0]
    quarter = next((one for one in several if one.value == request.GET.get("quarter")), usual)
    context = {
        "communities": shown, "community": mine, "quarters": several, "quarter": quarter, "at": clock.now(),
        "posting": posting.posting(mine, quarter) if mine else None, "running": quarter.last >= today,
    }  # fmt: skip
    return page(request, "partners/posting.html", context)
