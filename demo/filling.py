"""The order of the story. Every step looks at the data to see whether it was done, so a killed run goes on."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from time import monotonic
from typing import NamedTuple, Protocol

from django.db import transaction
from django.db.models import Exists, Max
from oauth2_provider.models import Application
from oauth2_provider.settings import oauth2_settings

from activities.models import Activity
from communities.models import Duty, SubDistrict
from core import clock
from demo import (
    affairs,
    agreements,
    bookkeeping,
    cast,
    corrections,
    couriers,
    evenings,
    families,
    keys,
    meetings,
    partnering,
    people,
    places,
    recognition,
    riders,
    rules,
    school,
    small_deeds,
    stocking,
    volunteering,
)
from demo.asked import Asked
from demo.childcare import story as care
from integrations.clients import admit
from nightschool.models import Course, Enrolment, Session

Say = Callable[[str], None]
SPOKEN_EVERY = 20
STEPS: tuple[tuple[str, Callable[[], bool], Callable[[Asked], None]], ...] = (
    ("places and rooms", places.are_there, places.write),
    ("staff", people.staff_is_there, people.write_staff),
    ("points rules", rules.are_there, rules.write),
    ("residents", people.residents_are_there, people.write_residents),
    ("partners and agreements", agreements.are_there, agreements.write),
    ("couriers' files", riders.are_there, riders.write),
)


class Event(Protocol):
    """Something that happened at a moment of the past, written whole or not at all."""

    @property
    def at(self) -> datetime: ...
    def is_there(self) -> bool: ...
    def write(self) -> None: ...


class Standing(NamedTuple):
    """What a finished demo still offers: a course to sign up for, a class for the heroine today, the counter's affairs."""

    coming: bool
    tonight: bool
    settled: bool


def look_after(asked: Asked, say: Say, *, fixed: bool = False) -> None:
    """Fill what is not filled; then see that there is something to sign up for, and a class tonight.

    `fixed`: the day was named by somebody, so it holds for the rest of a killed run as well.
    """
    standing = standing_at(asked.now)
    if standing is None:
        fill(asked if fixed else as_begun(asked), say)
        standing = standing_at(asked.now) or Standing(False, False, True)
    if not standing.settled:  # a demo of before
        settle(asked, say)
    if not standing.coming:
        add_courses(asked, say)
    if not standing.tonight and clock.local(asked.now).hour < school.LATEST:
        evening = school.open_evening(asked)
        write_events(asked, [evening], say, "tonight's class")


def standing_at(now: datetime) -> Standing | None:
    """None when the demo is not filled yet. The one query of a start that has nothing to do."""
    upcoming = Course.objects.upcoming(now).filter(opens_at__lte=now, community__sub_district__name=places.STREET)
    seated = Enrolment.objects.seated().filter(resident__phone=cast.WANG.phone).values("course")
    today = Session.objects.of_the_day(now).filter(course__in=seated, course__status=Course.Status.OPEN)
    finished = Application.objects.filter(client_id=cast.CLIENT_ID)
    told = finished.annotate(
        coming=Exists(upcoming),
        tonight=Exists(today),
        settled=Exists(affairs.last()),
        riding=Exists(couriers.last()),
        seen=Exists(recognition.last()),
        served=Exists(partnering.last()),
        cared=Exists(care.last()),
    )
    row = told.values_list("coming", "tonight", "settled", "riding", "seen", "served", "cared").first()
    return None if row is None else Standing(row[0], row[1], all(row[2:]))


def fill(asked: Asked, say: Say) -> None:
    """An empty database, or one that a killed run left, becomes the demo sub-district."""
    for name, is_there, write in STEPS:
        began = monotonic()
        if not is_there():
            write(asked)
            say(f"{name} ({monotonic() - began:.1f} s)")
    write_events(
        asked,
        [
            *volunteering.past(asked),
            *meetings.past(asked),
            *school.past(asked),
            *school.coming(asked),
            *corrections.past(asked),
            *small_deeds.past(asked),
            *partnering.past(asked),
        ],
        say,
        "activities, courses and partners",
    )
    write_events(asked, volunteering.yesterday(asked), say, "yesterday's activities")
    announce(asked)
    settle(asked, say)
    bookkeeping.close(asked)
    street = SubDistrict.objects.get(name=places.STREET)
    admit(
        client_id=cast.CLIENT_ID, client_secret=cast.CLIENT_SECRET, name="演示接口", username=cast.SERVICE, place=street,
        scopes=oauth2_settings.SCOPES,
    )  # fmt: skip
    say("REST client")


def settle(asked: Asked, say: Say) -> None:
    """What the counter knows besides; a demo that was filled before there were such things gets them, and the new colleagues."""
    if not people.staff_is_there():
        people.write_staff(asked)
    write_events(asked, affairs.past(asked), say, "the counter's affairs")
    if not riders.are_there():
        riders.write(asked)
    write_events(asked, [*couriers.past(asked), *stocking.past(asked)], say, "couriers, posts and gifts")
    if not agreements.are_equipped():
        agreements.equip(asked)
    if not partnering.last().exists():  # a demo of before
        write_events(asked, partnering.past(asked), say, "partners")
    rest = [
        *meetings.coming(asked),
        *families.past(asked),
        *recognition.past(asked),
        *keys.past(asked),
        *evenings.past(asked),
    ]
    write_events(asked, rest, say, "lectures, families, honours and visits")
    write_events(asked, care.past(asked), say, "the childcare centre")


def add_courses(asked: Asked, say: Say) -> None:
    """Weeks later: what people did since, and new courses. The courses are written together: they are the mark."""
    newest = Activity.objects.filter(starts_at__lt=asked.now).aggregate(at=Max("starts_at"))["at"] or asked.now
    write_events(
        asked, volunteering.past(asked, clock.local(newest).date() + timedelta(days=1)), say, "activities since"
    )
    with transaction.atomic():
        announce(asked)
        write_events(asked, school.coming(asked), say, "coming courses")


def announce(asked: Asked) -> None:
    if not volunteering.announced(asked):
        with asked.back_then(asked.at(-1)):
            volunteering.announce_coming(asked)


def write_events(asked: Asked, events: Iterable[Event], say: Say, name: str) -> None:
    """In the order in which they happened, so that every statement reads as it would have grown."""
    began, story = monotonic(), sorted(events, key=lambda event: event.at)
    for number, event in enumerate(story, 1):
        if not event.is_there():
            with asked.back_then(event.at):
                event.write()
        if number % SPOKEN_EVERY == 0 and number < len(story):
            say(f"{name}: {number} of {len(story)}")
    say(f"{name}: {len(story)} ({monotonic() - began:.1f} s)")


def as_begun(asked: Asked) -> Asked:
    """The same, but in the day of an earlier run that was killed: a story is told on one day."""
    begun = Duty.objects.filter(user__username=cast.ADMIN.username).values_list("starts_on", flat=True).first()
    day = begun + people.SERVED_SINCE if begun else asked.day
    return asked if day == asked.day else replace(asked, now=noon(day))


def noon(day: date) -> datetime:
    return clock.at(day, time(12))
