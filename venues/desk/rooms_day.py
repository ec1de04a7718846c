"""All rooms of a community on one day: who has what when, and what is free; on the screen and on paper."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from communities.guards import staff_page
from communities.models import Community, User
from communities.paging import kept
from communities.workbook import sent
from core import clock
from core.pages import page
from venues import occupancy, use_rate
from venues.desk.rooms import SECTION, around
from venues.rooms_forms import DayFilter, RateFilter


@require_safe
@staff_page
def day(request: HttpRequest, user: User) -> HttpResponse:
    """The community asked for, else the first of the reader's; today without a day."""
    form = DayFilter({"on": str(clock.today())} | request.GET.dict(), user=user)
    asked = form.asked()
    on = asked.get("on") or clock.today()
    on = on if 2000 < on.year < 2100 else clock.today()
    community = asked.get("community") or Community.objects.for_staff(user).order_by("pk").first()
    rooms = occupancy.day_of(community, on) if community else []
    context = {"form": form, "site": community, "rooms": rooms, "on": on, "now": clock.now(), "by": user}
    return page(request, "desk/venues/rooms_day.html", SECTION | context | around(on, 1))


@require_safe
@staff_page
def rate(request: HttpRequest, user: User) -> HttpResponse:
    """使用率 of a month, room by room; those that nobody used are named first."""
    form = RateFilter({"month": f"{clock.today():%Y-%m}"} | request.GET.dict(), user=user)
    month = form.asked_month()
    rates = use_rate.rates(user, [month], form.asked().get("community"))
    context = {
        "form": form, "rates": rates, "month": month, "unused": [one for one in rates if one.idle],
        "definition": use_rate.DEFINITION, "query": kept(request),
    }  # fmt: skip
    return page(request, "desk/venues/rooms_rate.html", SECTION | context)


@require_safe
@staff_page
def rate_export(request: HttpRequest, user: User) -> HttpResponse:
    """The year up to that month."""
    form = RateFilter(request.GET, user=user)
    file = use_rate.file_of(user, form.asked_month(), form.asked().get("community"))
    return sent(file, "活动室使用率")
