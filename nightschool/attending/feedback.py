"""课程评价: stars and a few words, once for each seat, from the middle of the course on.

The teacher and the staff read an average and words, three answers at a time: never whose, never when, and in an order that says
nothing about either. What one more answer adds is not to be seen, so that nobody finds out whose it was.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from communities.models import User
from communities.ownership import require_own
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from nightschool.attending import attendance
from nightschool.models import Course, Enrolment, Feedback

LONGEST, LEAST = 200, 3


class AlreadyRated(Refused):
    code = "already_rated"
    message = "您已经评价过这门课，没有重复提交。谢谢您。"


class TooEarlyToRate(Refused):
    code = "too_early_to_rate"
    message = "课程上到一半以后就可以评价，这次没有提交。"


class NeverThere(Refused):
    code = "never_there"
    message = "来上过课的学员才能评价，这次没有提交。"


class BadRating(BadInput):
    code = "bad_rating"
    message = f"请选1到5颗星，意见不超过{LONGEST}字。这次没有提交。"


REFUSALS: Refusals = {"nightschool_feedback_enrolment_id_key": lambda _: AlreadyRated()}


@dataclass(frozen=True)
class Summary:
    """What may be read: of as many threes of answers as there are; nothing but their number below one."""

    answers: int
    average: str
    words: list[str]


def refusal_for(seat: Enrolment, at: datetime) -> Refused | None:
    """Why this seat does not rate the course at `at`; None when nothing stands against it."""
    held = list(seat.course.sessions.held().order_by("starts_at").values_list("ends_at", flat=True))
    over = sum(end <= at for end in held)
    reasons: list[tuple[bool, Refused]] = [
        (seat.status == Enrolment.Status.CANCELLED, attendance.NoSeatHere()),
        (Feedback.objects.filter(enrolment=seat).exists(), AlreadyRated()),
        (not held or over * 2 < len(held), TooEarlyToRate()),
        (not seat.attendances.there().exists(), NeverThere()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


@verb(REFUSALS)
def rate(*, seat: Enrolment, stars: int, words: str, by: User, at: datetime | None = None) -> Feedback:
    """One's own word alone, no helper's. Refuses `BadRating` and what `refusal_for` says."""
    require_own(by, seat.resident)
    if refused := refusal_for(seat, at or clock.now()):
        raise refused
    words = words.strip()
    if not 1 <= stars <= 5 or len(words) > LONGEST or "\0" in words:
        raise BadRating
    return Feedback.objects.create(enrolment=seat, stars=stars, words=words, at=at or clock.now())


def summary(course: Course) -> Summary:
    """One query. The words stand in the order of a digest of themselves: neither of time nor of the list."""
    rows = list(Feedback.objects.filter(enrolment__course=course).order_by("pk").values_list("stars", "words"))
    shown = rows[: len(rows) - len(rows) % LEAST]
    if not shown:
        return Summary(len(rows), "", [])
    average = sum(stars for stars, _ in shown) / len(shown)
    said = sorted(
        (text for _, text in shown if text), key=lambda text: sha256(f"{course.pk}:{text}".encode()).hexdigest()
    )
    return Summary(len(shown), f"{average:.1f}", said)
