"""名额增减: more seats go to those who wait, in the same transaction; never fewer than are taken."""

from datetime import datetime

from communities import duties
from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from nightschool.courses import CourseNotOpen
from nightschool.line import offering
from nightschool.models import Course
from nightschool.moving import NothingNew, RoomTooSmall


class FewerThanTaken(Refused):
    code = "fewer_than_taken"

    def __init__(self, taken: int = 0) -> None:
        said = f"已有{taken}个名额报出或留给候补" if taken else "名额已经报出"
        super().__init__(f"{said}，名额不能少于这个数，没有改动。")


class BadCapacity(BadInput):
    code = "bad_capacity"
    message = "名额须是大于0的整数，没有改动。"


REFUSALS: Refusals = {"course_seats": lambda _: FewerThanTaken()}


@verb(REFUSALS)
def resize(*, course: Course, capacity: int, by: User, at: datetime | None = None) -> int:
    """The course has `capacity` seats; how many were offered to those who wait.

    What is held for a call or the counter stays, as far as it is not taken. Refuses a course that is not open, fewer seats than
    are taken, and more than a room of its classes to come may hold.
    """
    at = at or clock.now()
    offering.hold(course.pk)
    mine = (
        Course.objects.select_for_update(no_key=True, of=("self",))
        .select_related("community", "room")
        .get(pk=course.pk)
    )
    duties.require(by, mine.community, *duties.ENTERING)
    if mine.status != Course.Status.OPEN:
        raise CourseNotOpen
    if capacity < 1:
        raise BadCapacity
    if capacity == mine.capacity:
        raise NothingNew("名额没有变化，没有改动。")
    if capacity < mine.taken:
        raise FewerThanTaken(mine.taken)
    ahead = mine.sessions.held().filter(starts_at__gt=at).select_related("room")
    smallest = min([mine.room, *(one.room for one in ahead)], key=lambda room: room.capacity)
    if capacity > smallest.capacity:
        raise RoomTooSmall(smallest, capacity)
    mine.capacity, mine.least = capacity, min(mine.least, capacity)
    mine.held = min(mine.held, capacity - mine.online)
    mine.save(update_fields=["capacity", "least", "held"])
    return len(offering.offer_next(mine.pk, at=at))
