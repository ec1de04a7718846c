"""谁还没到、谁还没接: who should have come or gone by now and did not; asked by the sweep, and again with the place held."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from childcare.days import runs
from childcare.models import Alarm, Attendance, Group, LeaveNote, Place
from childcare.models.places import PlaceQuerySet
from core import clock

Kind = Alarm.Kind


class Due(NamedTuple):
    place: int
    kind: str
    day: date


def at(moment: datetime) -> list[Due]:
    """Everything due at `moment`. A group's evening may end so late that the quarter of an hour belongs to the next day."""
    today = clock.local(moment).date()
    return [one for day in (today - timedelta(days=1), today) for one in _on(day, moment)]


def still(place: Place, kind: str, day: date, moment: datetime) -> bool:
    """Whether it is due now, with the place held, and nobody opened it before."""
    return _hour_has_come(place.group, Kind(kind), day, moment) and _missed(kind, day).filter(pk=place.pk).exists()


def lasts(place: Place, kind: str, day: date, moment: datetime) -> bool:
    """Whether the child of an alarm is still missed, opened or not."""
    return _hour_has_come(place.group, Kind(kind), day, moment) and _unsafe(kind, day).filter(pk=place.pk).exists()


def _on(day: date, moment: datetime) -> list[Due]:
    running = Group.objects.running_on(day).filter(weekdays__contains=[day.weekday()])
    groups = running.select_related("centre__community").order_by("pk")
    found: list[Due] = []
    for kind in Kind:
        for group in (one for one in groups if _clock_says(one, kind, day, moment)):
            missed = _missed(kind, day).filter(group=group).order_by("pk").values_list("pk", flat=True)
            found += [Due(pk, kind, day) for pk in missed]
    # Holidays and the setting are asked of those groups alone where somebody is missed.
    return [one for one in found if _hour_has_come(_group(one.place), Kind(one.kind), day, moment)] if found else []


def _missed(kind: str, day: date) -> PlaceQuerySet:
    """Those of `_unsafe` for whom nobody was called yet."""
    return _unsafe(kind, day).filter(~Exists(Alarm.objects.filter(place=OuterRef("pk"), day=day, kind=kind)))


def _unsafe(kind: str, day: date) -> PlaceQuerySet:
    """By what is written down of `day`; the hour is not asked."""
    written = Attendance.objects.filter(place=OuterRef("pk"), day=day)
    places = Place.objects.held_on(day)
    if kind == Kind.NOT_COLLECTED:
        return places.filter(Exists(written.filter(arrived_at__isnull=False, left_at=None)))
    here_or_excused = written.exclude(absence=Attendance.Absence.UNEXCUSED)
    on_leave = LeaveNote.objects.filter(place=OuterRef("pk"), day=day, withdrawn_at=None)
    return places.filter(~Exists(here_or_excused), ~Exists(on_leave), plan__contains=[day.weekday()])


def _clock_says(group: Group, kind: Kind, day: date, moment: datetime) -> bool:
    """Without the setting: after the start or the end. A child of yesterday is not missed as one that did not come."""
    if kind == Kind.NOT_COLLECTED:
        return moment > runs.ends_at(group, day)
    return runs.starts_at(group, day) < moment and clock.local(moment).date() == day


def _hour_has_come(group: Group, kind: Kind, day: date, moment: datetime) -> bool:
    since = runs.ends_at(group, day) if kind == Kind.NOT_COLLECTED else runs.starts_at(group, day)
    # Who is there is to be collected, also on a day that turned out to be none.
    runs_then = kind == Kind.NOT_COLLECTED or runs.runs_on(group, day)
    return runs_then and _clock_says(group, kind, day, moment) and moment >= since + runs.patience(group)


def _group(place: int) -> Group:
    return Group.objects.select_related("centre__community").get(places=place)
