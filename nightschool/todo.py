"""What the night school leaves waiting for a staff member."""

from collections.abc import Iterator

from django.urls import reverse

from communities.models import User
from communities.todo import Row
from nightschool.models import Course


def rows(user: User) -> Iterator[Row]:
    """Courses that were called off while somebody still holds a seat: the refunds were cut off half-way."""
    unfinished = Course.objects.for_staff(user).filter(status=Course.Status.CANCELLED, taken__gt=0).count()
    yield Row("courses", "停办的课程还有人没有退完", unfinished, f"{reverse('desk:courses')}?state=cancelled")
