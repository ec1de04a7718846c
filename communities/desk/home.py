"""工作概览: what waits."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from communities import today, todo
from communities.guards import staff_page
from communities.models import User
from core import clock, words
from core.pages import page


@require_safe
@staff_page
def home(request: HttpRequest, user: User) -> HttpResponse:
    """Everything that waits for this person, what has a deadline first."""
    rows = todo.rows_for(user)
    context = {
        "section": "home", "rows": rows, "todo": todo.by_section(rows), "today": words.day(clock.today()),
        "lines": today.lines_for(user),
    }  # fmt: skip
    return page(request, "desk/communities/home.html", context)
