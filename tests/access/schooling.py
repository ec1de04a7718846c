"""Classes of the night school for the doors (tests/access/rows.py)."""

from dataclasses import dataclass
from datetime import timedelta

from core import clock
from nightschool.models import Attendance, Completion, Enrolment, Session
from tests import world as cast
from tests.world import World


@dataclass(frozen=True)
class SchoolRows:
    """A class that began a moment ago, taught by 王秀兰, who has a seat in another course, missed a class of it, and completed it."""

    taught: Session
    coming: Session
    seat: Enrolment
    row: Attendance
    completion: Completion


def lay_school(world: World) -> SchoolRows:
    now = clock.now()
    running = cast.course(
        world.wenxing, title="金丝雀夜课", taught_by=world.wang, price=0, starts_at=now - timedelta(minutes=5),
        closes_at=now + timedelta(hours=1),
    )  # fmt: skip
    cast.seated(running, world.zhao)
    course = cast.course(world.wenxing, title="金丝雀旧课", price=0)
    (seat,) = cast.seated(course, world.wang)
    first, coming, _ = course.sessions.order_by("number")
    row = Attendance.objects.create(session=first, enrolment=seat, status="absent", how="sweep", by=world.system)
    made = Completion.objects.create(
        enrolment=seat, number=f"JY{seat.pk}", attended=2, lessons=2, issued_by=world.system
    )
    return SchoolRows(running.sessions.order_by("number")[0], coming, seat, row, made)
