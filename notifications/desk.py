"""The staff member's inbox. Shown is read."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from communities.guards import staff_page
from communities.models import User
from core.pages import page
from core.paging import place, turned
from notifications import inbox


@require_safe
@staff_page
def messages(request: HttpRequest, user: User) -> HttpResponse:
    shown, following = turned(request, inbox.desk_page_of(user, place(request)), inbox.PAGE)
    inbox.mark_read(shown)
    return page(
        request, "desk/notifications/messages.html", {"section": "messages", "inbox": shown, "following": following}
    )
