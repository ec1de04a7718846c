"""课程图片: at most one, small enough for a slow phone; drawn anew before it is kept (communities/photos.py)."""

from communities import duties
from communities.models import User
from communities.photos import Picture
from core import clock
from core.verbs import verb
from nightschool.models import Course, CoursePhoto


@verb()
def put(*, course: Course, picture: Picture, by: User) -> None:
    """`picture` (drawn for `photos.ADORNING`) is the one of the course, instead of another."""
    duties.require(by, course.community)
    kept = {"jpeg": picture.jpeg, "by": by, "at": clock.now()}
    CoursePhoto.objects.update_or_create(course=course, defaults=kept)


@verb()
def remove(*, course: Course, by: User) -> None:
    """The course has no picture any more; nothing happens if it had none."""
    duties.require(by, course.community)
    CoursePhoto.objects.filter(course=course).delete()
