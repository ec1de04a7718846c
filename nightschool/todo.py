"""What the night school leaves waiting for a staff member."""

from collections.abc import Iterator

from django.urls import reverse

from communities.models import User
from communities.todo import Waiting, day_end
from core import clock
from nightschool.models import Course


def rows(user: User) -> Iterator[Waiting]:
    """Courses that were called off while somebody still holds a seat: the refunds were cut off half-way."""
    unfinished = Course.objects.for_staff(user).filter(status=Course.Status.CANCELLED, taken__gt=0)
    url = f"{reverse('desk:courses')}?state=cancelled"
    yield Waiting("courses", "停办的课程还有人没有退完", url, lambda _: unfinished)
    few = Course.objects.for_staff(user).too_few(clock.now())
    url = f"{reverse('desk:courses')}?state=few"
    yield Waiting(
        "courses", "报名截止、人数不够开班的课程待决定", url, lambda _: few, since="closes_at", until=day_end,
        leads=("desk:course", "pk"),
    )  # fmt: skip
