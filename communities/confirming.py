"""登记待确认 on the to-do page: residents are told that the community confirms within a working day."""

from django.urls import reverse

from communities import calendar
from communities.models import Resident, User
from communities.todo import Waiting

WORKING_DAYS = 1


def rows(user: User) -> list[Waiting]:
    """Those who wait to be confirmed, and until when the first of them is promised an answer."""
    found = Resident.objects.for_staff(user).waiting()
    return [
        Waiting(
            "residents", "待确认的居民登记", reverse("desk:residents"), lambda _: found, "registered_at",
            calendar.working(WORKING_DAYS), "community__sub_district",
        )
    ]  # fmt: skip
