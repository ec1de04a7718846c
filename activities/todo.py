"""What activities leave waiting for a staff member."""

from collections.abc import Iterator

from django.urls import reverse

from activities.confirming import waiting_for
from activities.models import Activity
from communities.models import User
from communities.todo import Row
from core import clock


def rows(user: User) -> Iterator[Row]:
    """Activities whose people nobody has written down, and services which this person (not the recorder) may confirm."""
    activities = reverse("desk:activities")
    over = Activity.objects.for_staff(user).to_record(clock.now()).count()
    yield Row("activities", "活动待记录到场和时长", over, f"{activities}?state=to_record")
    yield Row("activities", "服务记录待您确认入账", waiting_for(user).count(), f"{activities}?state=to_confirm")
