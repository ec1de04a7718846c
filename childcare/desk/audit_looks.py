"""谁看过这个孩子的资料, for the head of the child's community: with the colleague's name, so that somebody can be asked."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from childcare.watching import looks
from communities import auditing, duties
from communities.auditing import Filter
from communities.guards import staff_page
from communities.models import Duty, Resident, User
from core.pages import page
from core.paging import place, turned


@require_safe
@staff_page
def listing(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Refuses `NotYourDuty` but to the head and the street's administrator."""
    seen = Resident.objects.for_staff(user).filter(care_file__isnull=False)
    child = get_object_or_404(seen.select_related("community"), pk=pk)
    duties.require(user, child.community, Duty.Role.HEAD, Duty.Role.STREET_ADMIN)
    before, found = place(request), auditing.narrowed(looks.of_child(child), Filter())
    rows, following = turned(
        request, list((found.filter(pk__lt=before) if before else found)[: looks.PAGE + 1]), looks.PAGE
    )
    context = {"child": child, "lines": list(auditing.spelt(rows)), "following": following, "section": "care_children"}
    return page(request, "desk/childcare/looks.html", context)
