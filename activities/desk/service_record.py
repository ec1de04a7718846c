"""打印服务记录 at the counter, for somebody without a phone or without a printer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from activities.printed import paper_of
from communities.guards import staff_page
from communities.models import Resident, User
from core.pages import page


@require_safe
@staff_page
def paper(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """The same paper as the resident's own."""
    files = Resident.objects.for_staff(user).select_related("community__sub_district")
    mine = get_object_or_404(files, pk=pk)
    back = reverse("desk:resident", args=[mine.pk])
    return page(request, "activities/hours_paper.html", paper_of(request, mine, back))
