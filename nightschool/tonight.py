"""今天的课: the classes of one's communities that are still to come today, each a tap from its roster (communities/today.py)."""

from typing import TYPE_CHECKING, cast

from django.urls import reverse

from communities.models import Community, User
from communities.today import Line
from core import clock, words
from nightschool.attending.classbook import with_counts
from nightschool.models import Session

if TYPE_CHECKING:
    from nightschool.attending.classbook import Counted

MOST = 12


def classes(user: User) -> list[Line]:
    """The next first; the roster is the page to print."""
    today = Session.objects.of_the_day(clock.now()).filter(
        course__community__in=Community.objects.for_staff(user), course__status="open"
    )
    found = with_counts(today).select_related("course__community", "room").order_by("starts_at", "pk")[:MOST]
    return [_line(one) for one in cast("list[Counted]", list(found))]


def _line(one: "Counted") -> Line:
    course = one.course
    return Line(
        f"{course.title}{one}", f"{words.span(one.starts_at, one.ends_at)}，{one.room}，{one.seated}人",
        [("花名册", reverse("desk:roster", args=[course.pk])), ("点名", reverse("desk:class", args=[one.pk]))],
    )  # fmt: skip
