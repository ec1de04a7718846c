"""获得和公示: what the resident earned and where each stands."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from activities import earned
from communities.guards import resident_page
from communities.models import Resident
from core.pages import page
from core.paging import onward, place


@require_safe
@resident_page
def awards(request: HttpRequest, resident: Resident) -> HttpResponse:
    before = place(request)
    rows = earned.lines_of(resident, before=before)
    following = onward(request, rows[earned.PAGE - 1].award.pk if len(rows) > earned.PAGE else None)
    honours = [] if before else earned.honours_of(resident)
    context = {"rows": rows[: earned.PAGE], "honours": honours, "following": following}
    return page(request, "activities/awards.html", context)
