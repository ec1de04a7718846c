"""办理单: one to print, and a day's list."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from communities import slips
from communities.desk.counter_forms import SlipFilter
from communities.guards import staff_page
from communities.models import Slip, User
from communities.workbook import sent
from core.pages import page
from core.paging import place, turned

SECTION = {"section": "counter"}


@require_safe
@staff_page
def slip(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Two halves of one sheet: the resident's with the whole name, the community's with the masked one."""
    mine = Slip.objects.for_staff(user).select_related("community__sub_district", "resident", "by")
    return page(request, "desk/communities/slip.html", {"slip": get_object_or_404(mine, pk=pk)})


@require_safe
@staff_page
def listed(request: HttpRequest, user: User) -> HttpResponse:
    form = SlipFilter(request.GET)
    day = form.asked()
    found = slips.page_of(user, day, place(request)) if day else []
    rows, following = turned(request, found, slips.PAGE)
    context = {"form": form, "day": day, "rows": rows, "following": following}
    return page(request, "desk/communities/slips.html", SECTION | context)


@require_safe
@staff_page
def export(request: HttpRequest, user: User) -> HttpResponse:
    """The file of what the list shows; a day that is none is explained there."""
    day = SlipFilter(request.GET).asked()
    if day is None:
        return redirect("desk:slips")
    return sent(slips.file_of(user, day), "办理单")
