"""What the evenings of the night school left behind: who came, who finished, what they thought, and who waits for a seat."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db.models import QuerySet

from communities import settings
from communities.models import Resident
from demo import cast
from demo.affairs import Affair, colleague
from demo.asked import Asked
from demo.offers import FULL, OVER, TONIGHT, Offer
from nightschool import leaving
from nightschool.attending import calling_roll, completing, feedback
from nightschool.line import waitlist
from nightschool.models import Attendance, Channel, Completion, Course, Enrolment, Session

Status, DESK = Attendance.Status, Attendance.How.DESK
CAME = 0.86
LATE = 0.06
WAITING = 3  # who stand behind the one to whom the seat is offered
SAID = (
    (5, "老师讲得细，学会了给餐桌插花，下期还来。"), (5, "花材新鲜，带回家家里人都夸。"), (4, "时间合适，就是教室有点挤。"),
    (5, ""), (3, "剪刀不太够用，希望多准备几把。"),
)  # fmt: skip


def past(asked: Asked) -> Iterator[Affair]:
    """Nothing where visitors have changed the courses."""
    for offer in (OVER, TONIGHT):
        for session in _over(offer, asked):
            yield Affair(session.ends_at, _called(session), lambda at, session=session: _call(asked, session, at))  # type: ignore[misc]
    last = _over(OVER, asked).last()
    if last is not None:
        yield Affair(last.ends_at + timedelta(hours=14), _finished(last.course), lambda at: _finish(last.course, at))
    if (full := _course(FULL)) and full.taken == full.capacity:
        yield Affair(asked.now - timedelta(hours=2), full.line.exists, lambda at: _line(asked, full, at))


def _course(offer: Offer) -> Course | None:
    named = Course.objects.filter(title=offer.subject.title, term__name=offer.term, status="open")
    return named.select_related("community").order_by("-pk").first()


def _over(offer: Offer, asked: Asked) -> QuerySet[Session]:
    held = Session.objects.held().filter(course__title=offer.subject.title, course__term__name=offer.term)
    return held.filter(ends_at__lt=asked.now).select_related("course__community").order_by("starts_at")


def _called(session: Session) -> Callable[[], bool]:
    return session.attendances.exists


def _call(asked: Asked, session: Session, at: datetime) -> None:
    """The list as a colleague keeps it; nobody stays away so often that it has a consequence."""
    dice, worker = asked.dice(f"roll:{session.course.title}:{session.starts_at}"), colleague(cast.WORKER)
    for seat in _seats(session.course):
        throw = dice.random()
        here = seat.resident.phone == cast.WANG.phone or throw < CAME or _missed(seat)
        status = Status.LATE if CAME - LATE < throw < CAME else Status.PRESENT
        calling_roll.tick(
            session=session, seat=seat, status=status if here else Status.ABSENT, by=worker, how=DESK, at=at
        )


def _missed(seat: Enrolment) -> bool:
    return seat.attendances.filter(status=Status.ABSENT).exists()


def _finished(course: Course) -> Callable[[], bool]:
    return Completion.objects.filter(enrolment__course=course).exists


def _finish(course: Course, at: datetime) -> None:
    worker, words = colleague(cast.WORKER), iter(SAID)
    for seat in _seats(course):
        completing.issue(seat=seat, by=worker, at=at)
        if seat.resident.account and (said := next(words, None)):
            feedback.rate(seat=seat, stars=said[0], words=said[1], by=seat.resident.account, at=at)


def _line(asked: Asked, course: Course, at: datetime) -> None:
    """The elder is the first in line; this morning somebody gives a seat back, and it is offered to her."""
    seated = course.enrolments.seated().values("resident")
    others = Resident.objects.filter(
        community=course.community, status=Resident.Status.CONFIRMED, account__isnull=False, birth_date__lt="2000-01-01"
    )
    known = others.exclude(pk__in=seated).exclude(phone=cast.WANG.phone).select_related("account", "community")
    first = [one for one in known if one.phone == cast.ELDER.phone]
    rest = [one for one in known.order_by("pk") if one not in first]
    seats = course.enrolments.seated().filter(channel=Channel.PHONE).exclude(resident__phone=cast.WANG.phone)
    seat = seats.order_by("pk").last()
    share = settings.value_of(settings.LINE_PERCENT, course.community.sub_district_id)
    longest = max(1, course.capacity * share // 100)
    for number, one in enumerate([*first, *rest][: min(WAITING + 1, longest)]):
        when, by = at - timedelta(hours=30 - 3 * number), one.account or colleague(cast.WORKER)
        waitlist.join(course_id=course.pk, resident=one, by=by, channel=Channel.PHONE, at=when)
    if seat is not None:
        leaving.withdraw(enrolment=seat, by=seat.by, at=at)


def _seats(course: Course) -> list[Enrolment]:
    return list(course.enrolments.seated().select_related("course__community", "resident__account").order_by("pk"))
