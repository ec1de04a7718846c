"""我的服务记录: what a resident served, learnt and was honoured for, on the screen and on paper. A family helper may read it."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from activities import service_record, trainings
from activities.printed import paper_of
from communities.guards import resident_page
from communities.models import Resident
from communities.ownership import is_own
from core import clock
from core.pages import page
from core.paging import place, turned


@require_safe
@resident_page
def hours(request: HttpRequest, resident: Resident) -> HttpResponse:
    before, now = place(request), clock.now()
    shown, following = turned(request, service_record.lines(resident, before, now), service_record.PAGE)
    context = {
        "lines": shown,
        "following": following,
        "older": before is not None,
        "own": is_own(request.user, resident),
    }
    if not before:
        context |= {
            "total": service_record.total(service_record.standing(resident)),
            "others": service_record.others(resident, now), "trainings": trainings.of(resident),
            "honours": service_record.honours(resident), "corrections": service_record.corrections(resident),
        }  # fmt: skip
    return page(request, "activities/hours.html", {"tab": "me", **context})


@require_safe
@resident_page
def paper(request: HttpRequest, resident: Resident) -> HttpResponse:
    return page(request, "activities/hours_paper.html", paper_of(request, resident, reverse("activities:hours")))
