"""我的星级: what is granted, how far it is to the next star, and one's own hours by month."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from activities import starbook
from activities.models import Star
from communities.guards import resident_page
from communities.models import Resident
from communities.ownership import is_own
from core import clock
from core.pages import page


@require_safe
@resident_page
def stars(request: HttpRequest, resident: Resident) -> HttpResponse:
    at, months = clock.now(), starbook.trend_of(resident, clock.now())
    context = {
        "ways": starbook.ways_of(resident, at), "months": months, "most": max(one.minutes for one in months),
        "bar": starbook.bar_of(resident), "own": is_own(request.user, resident),
        "settled": Star.objects.of(resident).exclude(settled_at=None).order_by("-pk")[:20],
    }  # fmt: skip
    return page(request, "activities/stars.html", {"tab": "me", **context})
