"""What activities leave waiting for a staff member."""

from collections.abc import Iterator
from datetime import time

from django.urls import reverse

from activities.models import Activity, Participation
from activities.reviewing import waiting_for
from communities import calendar
from communities.handover import Holder
from communities.models import User
from communities.todo import Row
from core import clock

ENTERED_WITHIN = 10  # working days


def rows(user: User) -> Iterator[Row]:
    """Activities whose people nobody has written down, and services which this person (not the recorder) may confirm."""
    activities = reverse("desk:activities")
    over = Activity.objects.for_staff(user).to_record(clock.now()).order_by("ends_at").select_related("community")
    yield _row("活动待记录到场和时长", over.count(), f"{activities}?state=to_record", over.first())
    waiting = waiting_for(user).order_by("activity__ends_at").select_related("activity__community")
    first = waiting.first()
    yield _row(
        "服务记录待您确认入账", waiting.count(), f"{activities}?state=to_confirm", first.activity if first else None
    )


def _row(label: str, count: int, url: str, first: Activity | None) -> Row:
    """Service is to be entered within ten working days of the activity (domain guide, 3; 志愿服务记录与证明出具办法)."""
    if first is None:
        return Row("activities", label, 0, url)
    last = calendar.add_working_days(
        clock.local(first.ends_at).date(), ENTERED_WITHIN, first.community.sub_district_id
    )  # fmt: skip
    return Row("activities", label, count, url, clock.at(last, time(23, 59)))


held = Holder(
    "待确认的服务记录（记录）",
    lambda person, places: (
        Participation.objects.awaiting_points().filter(recorded_by=person, activity__community__in=places).count()
    ),
    stays="记录人不变，由记录人以外的同事确认，不用交接。",
)
