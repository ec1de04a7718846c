"""谁看过孩子的资料: the guardian's page, twenty looks at a time, and all of them as a file."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from childcare import speaking
from childcare.watching import looks
from communities.models import Resident, User
from communities.ownership import own_page
from communities.workbook import sent, workbook
from core.pages import page
from core.paging import place, turned


@require_safe
@own_page
def listing(request: HttpRequest, resident: Resident, pk: int) -> HttpResponse:
    """Who looked, as what, at what and why; `?file=1` sends it as Excel."""
    child = _child(request, pk)
    if "file" in request.GET:
        return sent(workbook("查看记录", looks.COLUMNS, looks.cells(child)), "孩子资料查看记录")
    before, found = place(request), looks.of_child(child)
    rows, following = turned(
        request, list((found.filter(pk__lt=before) if before else found)[: looks.PAGE + 1]), looks.PAGE
    )
    context = {"child": child, "rows": looks.told(rows), "following": following, "older": bool(before), "tab": "me"}
    return page(request, "childcare/looks.html", context)


def _child(request: HttpRequest, pk: int) -> Resident:
    """A child for whom this account speaks, else 404: whom a bar names would read of it here."""
    mine = speaking.wards_of(cast(User, request.user))
    found = next((one.child for one in mine if one.child_id == pk), None)
    if found is None:
        raise Http404
    return found
