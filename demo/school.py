"""Night school: a course that is over, one that meets tonight, and coming ones in every state that a course can be in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Sum

from communities.models import Community, Resident, User
from core import clock
from demo import cast, families
from demo.asked import Asked
from demo.offers import CLOSED, COMING, OPEN_EVENING, OVER, TONIGHT, Offer
from demo.places import STREET, WENXING, Place
from nightschool import courses
from nightschool.applications import applying
from nightschool.enrolment import enrol
from nightschool.leaving import cancel, withdraw
from nightschool.models import Channel, Course, Enrolment, Term
from nightschool.timetable import Timetable
from partners.models import Partner
from points.models import Lot
from venues import claiming
from venues.models import Room

EVENING, CLOSING, LATEST, MINUTES = time(19), time(18), 21, 90


@dataclass(frozen=True)
class Opened:
    """An offer on its day: the course is opened, and on the evening of that day the seats are taken. Written as one."""

    asked: Asked
    offer: Offer
    first: datetime

    @property
    def opens_at(self) -> datetime:
        return self.asked.at(self.offer.opens)

    @property
    def at(self) -> datetime:
        return min(self.opens_at + timedelta(hours=10), self.asked.now)

    def is_there(self) -> bool:
        return Course.objects.filter(title=self.offer.subject.title, opens_at=self.opens_at).exists()

    def write(self) -> None:
        people, first_come = self.people(), self.offer.mode == Course.Mode.FIRST
        course = self.opened(self.offer.left + (len(people) if first_come else 0))
        if not first_come:
            for number, one in enumerate(people):
                channel = Channel.PHONE if one.account else Channel.DESK
                applying.apply(
                    course_id=course.pk, resident=one, by=_hand(one), channel=channel, at=self.minute(number)
                )
            return
        seats = [self.seat(course, one, number) for number, one in enumerate(people)]
        if self.offer in COMING and len(seats) > 3 and self.offer.left:
            withdraw(enrolment=seats[-1], by=_hand(people[-1]), at=self.at)
            cancel(enrolment=seats[-2], by=_worker(self.offer.place), reason="本人来电，时间冲突", at=self.at)

    def seat(self, course: Course, one: Resident, number: int) -> Enrolment:
        """On the own phone; who finds the seats online gone calls, or goes to the desk without an account."""
        at, online = self.minute(number), number < course.capacity - course.held
        if one.account and online:
            return enrol(course_id=course.pk, resident=one, by=one.account, channel=Channel.PHONE, at=at)
        channel = Channel.CALL if one.account else Channel.DESK
        return enrol(course_id=course.pk, resident=one, by=_worker(self.offer.place), channel=channel, at=at)

    def minute(self, number: int) -> datetime:
        """One after the other from the opening on, in the order of their numbers."""
        return min(self.opens_at + timedelta(minutes=1 + 7 * number), self.asked.now)

    def people(self) -> list[Resident]:
        """Who wants a seat and can pay for it, the heroine first where she takes part."""
        if not self.offer.seated:
            return []
        able = list(_able(self.offer.price))
        heroine = [one for one in able if one.phone == cast.WANG.phone and self.offer.heroine]
        others = [one for one in able if one.phone != cast.WANG.phone]
        self.asked.dice(f"{self.offer.subject.title}:{self.offer.term}").shuffle(others)
        return (heroine + others)[: self.offer.seated]

    def opened(self, capacity: int) -> Course:
        """The course in the first room that is free; a week of later evenings is tried when none is."""
        room, first = _free(self.offer, self.first)
        subject, timetable = self.offer.subject, _timetable(first, self.offer.lessons)
        closes = None if self.offer.closes is None else self.asked.at(self.offer.closes, CLOSING)
        course = Course(
            community=room.community, room=room, partner=Partner.objects.filter(name=self.offer.partner).first(),
            title=subject.title, category=subject.category, term=_term(self.offer, room, timetable), teacher=subject.teacher,
            summary=subject.summary, audience=subject.audience, bring=subject.bring, safety=subject.safety, capacity=min(max(capacity, 1), room.capacity),
            price=self.offer.price, opens_at=self.opens_at, mode=self.offer.mode,
        )  # fmt: skip
        return courses.open_course(
            course=course, timetable=timetable, closes_at=closes, by=_worker(self.offer.place),
            at=self.opens_at - timedelta(days=3),
        )  # fmt: skip


def past(asked: Asked) -> Iterator[Opened]:
    """What had been opened before the demo's day, apart from what is still to come."""
    evening = next_evening(asked.now)
    for offer in (OVER, TONIGHT):
        yield Opened(asked, offer, evening + timedelta(days=offer.begins))
    yield Opened(asked, CLOSED, asked.at(CLOSED.begins, EVENING))


def coming(asked: Asked) -> Iterator[Opened]:
    for offer in COMING:
        yield Opened(asked, offer, asked.at(offer.begins, EVENING))


def open_evening(asked: Asked) -> Opened:
    """A single class tonight for everybody, when no course of the heroine's meets today."""
    return Opened(
        asked,
        Offer(OPEN_EVENING, f"{asked.day:%m%d}", 0, -1, 12, 8, 0, lessons=1, heroine=True),
        next_evening(asked.now),
    )


def next_evening(now: datetime) -> datetime:
    """When tonight's class begins: at 19:00, or at the next half hour when that is over; from 21:00 on it is tomorrow's."""
    here = clock.local(now)
    if here.hour >= LATEST:
        return clock.at(here.date() + timedelta(days=1), EVENING)
    half_hour = now.replace(minute=now.minute // 30 * 30, second=0, microsecond=0) + timedelta(minutes=30)
    return max(clock.at(here.date(), EVENING), half_hour)


def _able(price: int) -> Iterator[Resident]:
    """Confirmed residents who can pay `price`, in the order of their numbers."""
    here = Resident.objects.filter(community__sub_district__name=STREET, status=Resident.Status.CONFIRMED)
    confirmed = here.exclude(name=families.CHILD).filter(care_file=None).select_related("account").order_by("pk")
    if not price:
        return confirmed.iterator()
    lots = Lot.objects.filter(remaining__gt=0).values("wallet__resident").annotate(total=Sum("remaining"))
    return confirmed.filter(pk__in=lots.filter(total__gte=price).values("wallet__resident")).iterator()


def _free(offer: Offer, first: datetime) -> tuple[Room, datetime]:
    community = Community.objects.get(name=offer.place.name, sub_district__name=STREET)
    rooms = [Room.objects.select_related("community").get(community=community, name=name) for name in offer.rooms]
    for days in range(7):
        start = first + timedelta(days=days)
        for room in rooms:
            if not _taken(room, _timetable(start, offer.lessons)):
                return room, start
    return rooms[0], first  # open_course says why not


def _taken(room: Room, timetable: Timetable) -> bool:
    gap = claiming.gap_of(room)
    hours = [claiming.Hours(*one) for one in timetable.classes()]
    held = list(claiming.in_the_way(room, hours, gap=gap))
    return any(claiming.clash(held, one, gap) for one in hours)


def _term(offer: Offer, room: Room, timetable: Timetable) -> Term:
    """The term that the classes lie in, as long as its courses."""
    days = timetable.days()
    term, _ = Term.objects.get_or_create(
        sub_district=room.community.sub_district, name=offer.term, defaults={"starts_on": days[0], "ends_on": days[-1]}
    )
    term.starts_on, term.ends_on = min(term.starts_on, days[0]), max(term.ends_on, days[-1])
    term.save(update_fields=["starts_on", "ends_on"])
    return term


def _timetable(first: datetime, lessons: int) -> Timetable:
    here = clock.local(first)
    return Timetable(here.date(), frozenset({here.weekday()}), lessons, here.time(), MINUTES)


def _hand(resident: Resident) -> User:
    return resident.account or _worker(WENXING)


def _worker(place: Place) -> User:
    return User.objects.get(username=cast.recorder(place))
