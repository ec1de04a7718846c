"""A draft and a picture for the doors (tests/access/rows.py)."""

from nightschool.models import Course, CoursePhoto
from tests import world as cast
from tests.activities import pictures
from tests.world import World


def lay_draft(world: World, opened: Course) -> Course:
    """A course that nobody may see yet; the open one has a picture."""
    CoursePhoto.objects.create(course=opened, jpeg=pictures.jpeg(), by=world.zhang)
    return cast.course(world.wenxing, title="金丝雀课草稿", status="draft")
