"""What activities leave waiting for a staff member."""

from collections.abc import Iterator
from functools import partial

from django.urls import reverse

from activities import deadlines
from activities.models import Activity, Participation
from activities.reviewing import waiting_for
from communities.handover import Holder
from communities.models import User
from communities.todo import Waiting
from core import clock

STREET = "activity__community__sub_district"


def rows(user: User) -> Iterator[Waiting]:
    """Activities whose people nobody has written down, and services which this person (not the recorder) may confirm.

    Service is to be entered within ten working days of the activity (domain guide, 3; 志愿服务记录与证明出具办法).
    """
    to_record = f"{reverse('desk:activities')}?state=to_record"
    over = Activity.objects.for_staff(user).to_record(clock.now())
    review = f"{reverse('desk:review')}?kind=participation"
    yield Waiting(
        "activities", "活动待记录到场和时长", to_record, lambda _: over, "ends_at", deadlines.until, "community__sub_district"
    )  # fmt: skip
    yield Waiting(
        "review",
        "参加记录待您审核入账",
        review,
        partial(waiting_for, user),
        "activity__ends_at",
        deadlines.until,
        STREET,
    )


held = Holder(
    "待确认的服务记录（记录）",
    lambda person, places: (
        Participation.objects.awaiting_points().filter(recorded_by=person, activity__community__in=places).count()
    ),
    stays="记录人不变，由记录人以外的同事确认，不用交接。",
)
