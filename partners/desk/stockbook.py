"""物资进出台账 at the desk: on the screen, on paper, in Excel. Sums without names; the finance and supervisors read it as well."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from communities.guards import staff_page
from communities.models import User
from communities.paging import kept
from communities.workbook import sent
from core import clock
from core.pages import page
from partners.desk.stock_forms import LedgerForm, chosen, read_by
from partners.models import Gift
from partners.stock import book, counting

SECTION = {"section": "gifts"}


@require_safe
@staff_page
def ledger(request: HttpRequest, user: User) -> HttpResponse:
    return page(request, "desk/partners/ledger.html", SECTION | _asked(request, user))


@require_safe
@staff_page
def printed(request: HttpRequest, user: User) -> HttpResponse:
    """As inspections ask for it (domain guide, 18)."""
    return page(request, "desk/partners/ledger_print.html", _asked(request, user))


@require_safe
@staff_page
def export(request: HttpRequest, user: User) -> HttpResponse:
    asked = _asked(request, user)
    return sent(book.file_of(asked["lines"]), f"{asked['place'] or ''}物资进出台账{asked['period']}-")


def _asked(request: HttpRequest, user: User) -> dict[str, Any]:
    """What the address asks for; an empty book for whoever may read none."""
    places, today = read_by(user), clock.today()
    place = places.get(chosen(request.GET, places))
    gifts = counting.gifts_of(place) if place else Gift.objects.none()
    form = LedgerForm(request.GET, places=places, first=book.first_day(gifts, today), today=today)
    period = form.asked()
    lines = book.lines(gifts, period)
    return {
        "form": form, "place": place, "period": period, "lines": lines, "total": book.total(lines), "now": clock.now(), "by": user,
        "query": kept(request),
    }  # fmt: skip
