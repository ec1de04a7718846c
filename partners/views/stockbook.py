"""物资公示: what the community bought, was given, gave away and has left, month by month. Totals alone (domain guide, 4.5)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from communities.guards import open_page
from communities.models import Community, Resident
from communities.paging import number
from core import clock
from core.pages import page
from partners.stock import book, counting
from points.period_form import PeriodForm


@require_safe
@open_page
def ledger(request: HttpRequest, resident: Resident | None) -> HttpResponse:
    """Of the community in the address, else the reader's, else the first one; and of its whole sub-district below."""
    shown = list(Community.objects.joinable().select_related("sub_district"))
    home = resident.community_id if resident else 0
    wanted = number(request.GET.get("community", "")) or home
    mine = next((one for one in shown if one.pk == wanted), shown[0] if shown else None)
    books = [counting.gifts_of(place) for place in (mine, mine.sub_district)] if mine else []
    today = clock.today()
    form = PeriodForm(request.GET, first=min((book.first_day(one, today) for one in books), default=today), today=today)
    lines = [book.lines(one, form.asked()) for one in books]
    context = {
        "communities": shown, "community": mine, "form": form, "period": form.asked(), "tab": "home",
        "own": lines[0] if lines else [], "street": lines[1] if lines else [],
    }  # fmt: skip
    return page(request, "partners/stockbook.html", context)
