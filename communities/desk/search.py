"""查找 over everything of one's desk: people, courses, activities, partners (communities/searching.py)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from communities import finding, searching
from communities.guards import staff_page
from communities.models import User
from core.pages import page


@require_safe
@staff_page
def search(request: HttpRequest, user: User) -> HttpResponse:
    q = finding.clean(request.GET.get("q", ""))
    groups = searching.search(user, q, request.GET.get("only", ""))
    return page(request, "desk/communities/search.html", {"q": q, "groups": groups, "more": finding.MORE})
