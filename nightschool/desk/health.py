"""Staff pages about how the courses do: the table, sorted by what one asks, and its file."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from communities.guards import staff_page
from communities.models import User
from communities.workbook import sent, workbook
from core import clock
from core.pages import page
from nightschool import health
from nightschool.desk.health_forms import HealthFilter


@require_safe
@staff_page
def listed(request: HttpRequest, user: User) -> HttpResponse:
    form = HealthFilter(request.GET, user=user)
    asked = form.asked()
    context = {
        "section": "courses", "form": form, "rows": health.found(user, clock.now(), **asked), "most": health.MOST,
        "sort": asked["sort"], "sorts": _sorts(request), "query": request.GET.urlencode(),
    }  # fmt: skip
    return page(request, "desk/nightschool/health.html", context)


@require_safe
@staff_page
def export(request: HttpRequest, user: User) -> HttpResponse:
    asked = HealthFilter(request.GET, user=user).asked()
    rows = health.found(user, clock.now(), most=None, **asked)
    return sent(workbook("办班情况", health.COLUMNS, [one.cells for one in rows]), "办班情况")


def _sorts(request: HttpRequest) -> dict[str, str]:
    """Each column's address, with the filter as it is."""
    kept = {name: value for name, value in request.GET.items() if name != "sort" and value}
    return {sort: f"?{urlencode(kept | {'sort': sort})}" for sort in health.SORTS}
