"""What of the night school stands in a resident's calendar: the classes of the courses in which they have a seat."""

from collections.abc import Iterator
from datetime import datetime

from communities.models import Resident
from nightschool.models import Course, Enrolment, Session
from venues.feeds import Date


def classes(resident: Resident, since: datetime) -> Iterator[Date]:
    """Every class that takes place and ends after `since`, where and when it is now; one query."""
    seats = Enrolment.objects.seated().filter(resident=resident)
    mine = Session.objects.held().filter(
        course__in=seats.values("course"), course__status=Course.Status.OPEN, ends_at__gt=since
    )
    for one in mine.select_related("course", "room").order_by("starts_at"):
        moved = "时间或教室有调整。" if one.status == Session.Status.MOVED else ""
        bring = f"请自备：{one.course.bring}。" if one.course.bring else ""
        yield Date(
            f"session:{one.pk}", f"夜校：{one.course.title}（{one}）", one.starts_at, one.ends_at, str(one.room),
            moved + bring,
        )  # fmt: skip
