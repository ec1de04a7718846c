"""What the search of the desk finds of the night school: courses by title, its sounds, or the teacher."""

from django.urls import reverse

from communities.models import User
from communities.searching import Hit, titled
from nightschool.models import Course


def courses(user: User, q: str, most: int) -> list[Hit]:
    """Courses of the communities where `user` works; those of a teacher behind those of the title."""
    mine = Course.objects.for_staff(user).select_related("community", "term")
    found = titled(mine, q, most)
    known = {one.pk for one in found}
    found += [one for one in titled(mine, q, most, "teacher") if one.pk not in known]
    return [_hit(one) for one in found[:most]]


def _hit(course: Course) -> Hit:
    sub = f"{course.term}，{course.community.name}，{course.teacher}，{course.get_status_display()}"
    return Hit(course.title, sub, reverse("desk:course", args=[course.pk]))
