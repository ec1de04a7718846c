"""Residents' pages about a course that are not a page: its picture."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from communities.guards import open_page
from communities.models import Resident
from communities.photos import shown
from nightschool.models import Course, CoursePhoto


@require_safe
@open_page
def photo(request: HttpRequest, _resident: Resident | None, course_id: int) -> HttpResponse:
    """The picture of a course that residents see; 404 without one."""
    return shown(get_object_or_404(CoursePhoto, course__in=Course.objects.shown().filter(pk=course_id)))
