"""登记待确认 on the to-do page: residents are told that the community confirms within a working day."""

from datetime import time

from django.urls import reverse

from communities import calendar
from communities.models import Resident, User
from communities.todo import Row
from core import clock

WORKING_DAYS = 1


def rows(user: User) -> list[Row]:
    """Those who wait to be confirmed, and until when the first of them is promised an answer."""
    waiting = Resident.objects.for_staff(user).waiting().select_related("community")
    first = waiting.first()
    if first is None:
        return []
    since, street = clock.local(first.registered_at).date(), first.community.sub_district_id
    deadline = clock.at(calendar.add_working_days(since, WORKING_DAYS, street), time(23, 59))
    return [Row("residents", "待确认的居民登记", waiting.count(), reverse("desk:residents"), deadline)]
