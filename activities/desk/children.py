"""孩子: who came with a guardian, and the tick that the guardian is there."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from activities import ages, minors
from activities.models import Activity, Participation
from communities.guards import staff_page
from communities.models import User
from core.pages import page


@require_safe
@staff_page
def children(request: HttpRequest, user: User, activity_id: int) -> HttpResponse:
    found = _own(user, activity_id)
    rows = [(one, ages.age_at(found, one.resident)) for one in minors.children_in(found)]
    return page(request, "desk/activities/children.html", {"section": "activities", "activity": found, "rows": rows})


@require_POST
@staff_page
def there(request: HttpRequest, user: User, activity_id: int, pk: int) -> HttpResponse:
    found = _own(user, activity_id)
    one = get_object_or_404(Participation, activity=found, pk=pk)
    done = minors.there(participation=one, by=user, present="gone" not in request.POST)
    said = "监护人在场，可以记录服务" if done.guardian_there else "监护人不在场，暂不能记录服务"
    messages.success(request, f"已登记{done.resident.name}：{said}。")
    return redirect("desk:activity-children", found.pk)


def _own(user: User, activity_id: int) -> Activity:
    return get_object_or_404(Activity.objects.for_staff(user).select_related("community"), pk=activity_id)
