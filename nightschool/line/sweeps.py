"""What falls due in the lines: seats no longer held, offers whose time is over, lines that are over. Beat asks every minute."""

from datetime import datetime

from communities.models import User
from core.verbs import verb
from nightschool.line import waitlist
from nightschool.line.offering import hold, let_go, line_until, offer_next
from nightschool.models import Course, Waiting

AT_ONCE = 500


def sweep(at: datetime) -> int:
    """Everything that is due at `at`, one transaction each; how much that was. Called twice, even at once, it is done once."""
    system = User.objects.get(username="system")
    due = Course.objects.filter(status=Course.Status.OPEN, held__gt=0, held_until__lte=at).order_by("pk")
    done = sum(release_held(course_id=pk, by=system, at=at) for pk in due.values_list("pk", flat=True)[:AT_ONCE])
    late = Waiting.objects.lapsed(at)[:AT_ONCE]
    done += sum(waitlist.lapse(offer=one, by=system, at=at) for one in late)
    lines = Course.objects.filter(line__in=Waiting.objects.standing()).distinct().order_by("pk")
    over = [one for one in lines.select_related("community")[:AT_ONCE] if _is_over(one, at)]
    return done + sum(let_line_go(course_id=one.pk, by=system, at=at) for one in over)


@verb(waitlist.REFUSALS)
def release_held(*, course_id: int, by: User, at: datetime) -> bool:
    """What nobody took by call or at the counter is for everybody, those who wait first. False when somebody was faster."""
    hold(course_id)
    held = Course.objects.filter(pk=course_id, status=Course.Status.OPEN, held__gt=0, held_until__lte=at)
    if not held.update(held=0):
        return False
    offer_next(course_id, at=at)
    return True


@verb(waitlist.REFUSALS)
def let_line_go(*, course_id: int, by: User, at: datetime) -> int:
    """Nobody waits any more for a course that is called off, or has had its first classes; how many waited."""
    hold(course_id)
    course = Course.objects.select_related("community").get(pk=course_id)
    return len(let_go(course, at=at)) if _is_over(course, at) else 0


def _is_over(course: Course, at: datetime) -> bool:
    return course.status != Course.Status.OPEN or at >= line_until(course)
