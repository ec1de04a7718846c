"""The resident's statement."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from communities.guards import resident_page
from communities.models import Resident
from core import clock
from core.pages import page
from core.paging import place, turned
from points import statement


@require_safe
@resident_page
def my_statement(request: HttpRequest, resident: Resident) -> HttpResponse:
    before = place(request)
    lines = statement.lines(resident, before=before, limit=statement.PAGE + 1)
    shown, following = turned(request, lines, statement.PAGE)
    remains = statement.remains(resident, on=clock.today())
    context = {"lines": shown, "following": following, "older": before, "remains": remains}
    return page(request, "points/statement.html", {"tab": "me", **context})
