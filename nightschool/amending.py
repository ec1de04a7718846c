"""改说明: what is said of an open course may be put right; who has a seat hears of another teacher."""

from datetime import datetime

from communities import duties
from communities.models import User
from core import clock
from core.verbs import verb
from nightschool import changed, courses
from nightschool.models import Course

FACTS = ("teacher", "taught_by", "summary", "audience", "bring", "safety", "fee", "for_beginners")


@verb()
def amend(*, course: Course, by: User, at: datetime | None = None) -> changed.Told:
    """Write down FACTS of `course` as filled in, and nothing else of it; who was told of another teacher.

    Refuses a course that is not open, and a teacher who is no confirmed resident of the sub-district.
    """
    at = at or clock.now()
    was = Course.objects.select_for_update(no_key=True, of=("self",)).select_related("community").get(pk=course.pk)
    duties.require(by, was.community)
    if was.status != Course.Status.OPEN:
        raise courses.CourseNotOpen
    if not courses.may_teach(course):
        raise courses.BadCourse("授课居民须是本街道已确认的居民，没有改动。")
    course.save(update_fields=FACTS)
    return changed.tell_teacher(course, at) if course.teacher != was.teacher else changed.Told(0, [])
