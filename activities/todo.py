"""What activities leave waiting for a staff member."""

from collections.abc import Iterator
from datetime import time

from django.urls import reverse

from activities import deadlines
from activities.models import Activity, Participation
from activities.reviewing import waiting_for
from communities.handover import Holder
from communities.models import User
from communities.todo import Row
from core import clock


def rows(user: User) -> Iterator[Row]:
    """Activities whose people nobody has written down, and services which this person (not the recorder) may confirm."""
    activities = reverse("desk:activities")
    over = Activity.objects.for_staff(user).to_record(clock.now()).order_by("ends_at").select_related("community")
    yield _row("活动待记录到场和时长", over.count(), f"{activities}?state=to_record", over.first())
    waiting = waiting_for(user).order_by("activity__ends_at").select_related("activity__community")
    first = waiting.first()
    review = f"{reverse('desk:review')}?kind=participation"
    yield _row("参加记录待您审核入账", waiting.count(), review, first.activity if first else None, section="review")


def _row(label: str, count: int, url: str, first: Activity | None, section: str = "activities") -> Row:
    """Service is to be entered within ten working days of the activity (domain guide, 3; 志愿服务记录与证明出具办法)."""
    if first is None:
        return Row(section, label, 0, url)
    return Row(section, label, count, url, clock.at(deadlines.last_day(first), time(23, 59)))


held = Holder(
    "待确认的服务记录（记录）",
    lambda person, places: (
        Participation.objects.awaiting_points().filter(recorded_by=person, activity__community__in=places).count()
    ),
    stays="记录人不变，由记录人以外的同事确认，不用交接。",
)
