"""活动档案 as one page for paper."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from activities.folder import folder_of
from activities.models import Activity
from communities.guards import staff_page
from communities.models import User
from core import clock
from core.pages import page


@require_safe
@staff_page
def folder(request: HttpRequest, user: User, activity_id: int) -> HttpResponse:
    mine = Activity.objects.for_staff(user).select_related(
        "community__sub_district", "room", "series", "made_by", "published_by", "finished_by", "cancelled_by"
    )
    found = folder_of(get_object_or_404(mine, pk=activity_id))
    context = {"folder": found, "activity": found.activity, "maker": user.name, "made_on": clock.today()}
    return page(request, "desk/activities/folder.html", {"section": "activities", **context})
