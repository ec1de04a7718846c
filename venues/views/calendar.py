"""我的日历: the own address for a phone's calendar; and the calendars themselves, read by programs without signing in."""

from datetime import timedelta
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from communities import limits
from communities.models import Resident, User
from communities.ownership import own_page
from core import clock
from core.pages import page
from venues import addresses, checks, feeds

# Of one address by whoever knows it, or of dead ones by one computer; a program is asked to come every six hours.
TRIES, WINDOW = 60, timedelta(hours=1)


@require_safe
@own_page
def mine(request: HttpRequest, resident: Resident) -> HttpResponse:
    found = addresses.current(resident=resident)
    url = request.build_absolute_uri(reverse("calendar", args=[found.token])) if found else ""
    context = {"tab": "me", "url": url, "address": found, "keys": checks.kept_by(resident)}
    return page(request, "venues/calendar.html", context)


@require_POST
@own_page
def renew(request: HttpRequest, resident: Resident) -> HttpResponse:
    before = addresses.current(resident=resident)
    addresses.renew(resident=resident, by=cast(User, request.user))
    messages.success(request, "新的日历地址已生成，以前的地址不能再用。" if before else "日历地址已生成。")
    return redirect("my-calendar")


@require_POST
@own_page
def stop(request: HttpRequest, resident: Resident) -> HttpResponse:
    addresses.stop(resident=resident, by=cast(User, request.user))
    messages.success(request, "日历地址已停用，谁也不能再用它查看。")
    return redirect("my-calendar")


@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Open to whoever knows the address, as calendars ask without signing in, and counted; 404 for one that is dead."""
    found = addresses.found(token)
    limits.hit(f"calendar:{found.pk if found else limits.address_of(request)}", limit=TRIES, window=WINDOW)
    if found is None:
        raise Http404
    now = clock.now()
    body = feeds.of_room(found.room, now) if found.room else feeds.of_resident(cast(Resident, found.resident), now)
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"], answer["X-Robots-Tag"], answer["Referrer-Policy"] = (
        "private, no-store",
        "noindex",
        "no-referrer",
    )
    answer["Content-Disposition"] = 'inline; filename="calendar.ics"'
    return answer
