"""Courses by draw and by approval, and who applies for them."""

from datetime import datetime, timedelta
from typing import Any

from communities.models import Resident, User
from core import clock
from nightschool.applications import applying, drawing_lots
from nightschool.models import Application, Channel, Course
from tests import world as cast
from tests.world import World

HOUR = timedelta(hours=1)


def by_draw(world: World, **fields: Any) -> Course:
    """An open course by draw whose window closes in a day; its salt is promised, as `courses.opened` does."""
    closes_at = fields.pop("closes_at", clock.now() + timedelta(days=1))
    where = fields.pop("community", world.wenxing)
    course = cast.course(where, **{"mode": "draw", "closes_at": closes_at, "title": "插花抽签"} | fields)
    drawing_lots.commit(course, at=clock.now() - HOUR)
    return course


def by_approval(world: World, **fields: Any) -> Course:
    closes_at = fields.pop("closes_at", clock.now() + timedelta(days=1))
    return cast.course(world.wenxing, **{"mode": "approval", "closes_at": closes_at, "title": "书法审核"} | fields)


def applied(course: Course, *people: Resident, channel: Channel = Channel.PHONE) -> list[Application]:
    system = User.objects.get(username="system")
    return [
        applying.apply(course_id=course.pk, resident=person, by=person.account or system, channel=channel)
        for person in people
    ]


def neighbours(world: World, many: int, points: int = 60) -> list[Resident]:
    people = [cast.resident(world.wenxing, f"邻居{n}", f"1390001{n:04d}") for n in range(many)]
    for person in people:
        if points:
            cast.award(person, points)
    return people


def after(course: Course) -> datetime:
    """The first moment at which the course may be drawn."""
    return course.closes_at


def laid(world: World) -> dict[str, object]:
    """For the scene of the browser: a course by draw, one that was drawn, and what 王秀兰 asked for by approval."""
    course, settled = by_approval(world), by_draw(world, title="水墨山水", capacity=1, price=0)
    applied(settled, *(cast.resident(world.wenxing, name) for name in ("周建军", "吴秀芳")), channel=Channel.DESK)
    drawing_lots.sweep(after(settled))
    (asked,) = applied(course, world.wang)
    return {"drawn": by_draw(world).pk, "settled": settled.pk, "approval": course.pk, "asked": asked.pk}
