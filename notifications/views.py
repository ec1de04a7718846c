"""The resident's inbox. Shown is read."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from communities.guards import resident_page
from communities.models import Resident
from communities.ownership import is_own
from core.pages import page
from core.paging import place, turned
from notifications import inbox


@require_safe
@resident_page
def my_inbox(request: HttpRequest, resident: Resident) -> HttpResponse:
    before = place(request)
    shown, following = turned(request, inbox.page_of(resident, before), inbox.PAGE)
    if is_own(request.user, resident):  # what a helper reads stays new to the resident
        inbox.mark_read(shown)
    context = {"inbox": shown, "following": following, "older": before}
    return page(request, "notifications/inbox.html", {"tab": "me", **context})
