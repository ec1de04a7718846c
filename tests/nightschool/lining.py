"""Full courses and people who wait for them."""

from datetime import datetime
from typing import Any

from communities.models import Resident
from core import clock
from nightschool import leaving
from nightschool.line import waitlist
from nightschool.models import Channel, Course, Enrolment, Waiting
from tests import world as cast
from tests.world import World

PHONE, DESK, CALL = Channel.PHONE, Channel.DESK, Channel.CALL


def full(world: World, seats: int = 4, **fields: Any) -> tuple[Course, list[Enrolment]]:
    """A course of four seats, all taken, that costs nothing; so two may wait. `price` is asked of those who come later."""
    price = fields.pop("price", 0)
    course = cast.course(world.wenxing, capacity=seats, price=0, **fields)
    taken = cast.seated(course, *people(world, seats, "同学"))
    if price:
        Course.objects.filter(pk=course.pk).update(price=price)
        course.refresh_from_db()
    return course, taken


def people(world: World, many: int, name: str = "居民") -> list[Resident]:
    start = Resident.objects.count()
    return [cast.resident(world.wenxing, f"{name}{start + n}", f"1350{start + n:07d}") for n in range(many)]


def join(
    course: Course, person: Resident, world: World, channel: Channel = PHONE, at: datetime | None = None
) -> Waiting:
    return waitlist.join(course_id=course.pk, resident=person, by=world.zhang, channel=channel, at=at)


def freed(seat: Enrolment, world: World, at: datetime | None = None) -> None:
    leaving.cancel(enrolment=seat, by=world.zhang, reason="生病", at=at)


def status(*waiting: Waiting) -> list[str]:
    for one in waiting:
        one.refresh_from_db()
    return [one.status for one in waiting]


def offered(world: World, who: Resident | None = None, **fields: Any) -> tuple[Course, Waiting]:
    """A seat is kept for `who` (王秀兰)."""
    course, taken = full(world, **fields)
    mine = join(course, who or world.wang, world)
    freed(taken[0], world, clock.now())
    mine.refresh_from_db()
    assert mine.status == "offered"
    return course, mine
