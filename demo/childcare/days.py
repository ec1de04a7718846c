"""A month of days at the centre, as the teachers' phones would have left them: who came, was called for, called on, taken home.

Rows in bulk, each of them asked by the triggers of the hand-over and of the day; a test compares one of each with the verbs'.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from random import Random

from childcare.models import (
    Alarm,
    Attendance,
    Call,
    Group,
    Handover,
    LateMark,
    LeaveNote,
    Pickup,
    Place,
    RollCall,
    Turn,
)
from childcare.places.groups import days_between
from communities.models import Guardian
from core import clock
from demo.asked import Asked
from demo.childcare.centre import centre
from demo.childcare.rolling import PATIENCE, Absence, Check, Told, Way, note, told

EVENING, LEAVING, ROLL = timedelta(hours=14), timedelta(minutes=40), timedelta(minutes=20)
MOTHER, CALLED, FORGOTTEN = "guardian-0", "监护人（母亲）", "家长忘了请假，孩子在家"


def running(first: date, last: date) -> list[date]:
    """The days on which any class meets."""
    here = Group.objects.filter(centre=centre())
    return sorted({day for group in here for day in days_between(group, first, last)})


def is_told(day: date) -> bool:
    return Attendance.objects.filter(day=day).exists()


def write(asked: Asked, day: date, at: datetime) -> None:
    """Everything of one day up to `at`, class after class."""
    dice, people = asked.dice(f"care day {day}"), People(day)
    for group in Group.objects.running_on(day).filter(centre=centre()).select_related("centre").order_by("pk"):
        if day in days_between(group, day, day):
            _class(group, day, at, dice, people)


class People:
    """Who is on duty on a day, and who may take which child."""

    def __init__(self, day: date) -> None:
        turns = Turn.objects.filter(day=day, staffer__account__isnull=False).select_related("staffer").order_by("pk")
        self.staff = [one.staffer for one in turns]
        self.guardians: dict[int, list[Guardian]] = defaultdict(list)
        self.pickups: dict[int, list[Pickup]] = defaultdict(list)
        here = Place.objects.held_on(day).values("child")
        for guardian in (
            Guardian.objects.filter(child__in=here, ended_at=None).select_related("guardian").order_by("pk")
        ):
            self.guardians[guardian.child_id].append(guardian)
        for pickup in Pickup.objects.good_on(day).filter(child__in=here, once=False).order_by("pk"):
            self.pickups[pickup.child_id].append(pickup)


def _class(group: Group, day: date, at: datetime, dice: Random, people: People) -> None:
    due = Place.objects.held_on(day).filter(group=group, plan__contains=[day.weekday()]).order_by("pk")
    story = [told(one, day, dice) for one in due.select_related("group", "payer")]
    watching = people.staff[dice.randrange(len(people.staff))]
    by = watching.account_id or 0
    LeaveNote.objects.bulk_create(note(one, day, hand(one), at - EVENING) for one in story if one.leave)
    _alarms(group, day, at, story, by, Alarm.Kind.NOT_ARRIVED)
    here = [one for one in story if one.arrived_at and one.arrived_at <= at]
    begun = clock.at(day, group.starts) + LEAVING <= at
    Attendance.objects.bulk_create([
        *(came(one, day, by) for one in here),
        *(absent(one, day, by, clock.at(day, group.starts) + LEAVING) for one in story if one.absence and begun),
    ])  # fmt: skip
    _roll(group, day, at, here, by)
    gone = [one for one in here if one.left_at and one.left_at <= at]
    _alarms(group, day, at, here, by, Alarm.Kind.NOT_COLLECTED)
    Handover.objects.bulk_create(left(one, group, day, people, dice) for one in gone)
    LateMark.objects.bulk_create(
        LateMark(place=one.place, child_id=one.place.child_id, day=day, minutes=minutes)
        for one in gone
        if (minutes := one.late(group, day))
    )


def hand(one: Told) -> int:
    """The account of who pays, which says that the child does not come."""
    return one.place.payer.account_id or one.place.by_id


def came(one: Told, day: date, by: int) -> Attendance:
    assert one.arrived_at
    return Attendance(place=one.place, day=day, arrived_at=one.arrived_at, by_id=by, at=one.arrived_at)


def absent(one: Told, day: date, by: int, at: datetime) -> Attendance:
    return Attendance(place=one.place, day=day, absence=one.absence, absent_at=at, by_id=by, at=at)


def _alarms(group: Group, day: date, at: datetime, story: Iterable[Told], by: int, kind: Alarm.Kind) -> None:
    """Opened a quarter of an hour after; arrival or hand-over ends them (trigger), else what the mother said."""
    arriving = kind == Alarm.Kind.NOT_ARRIVED
    opened = clock.at(day, group.starts if arriving else group.ends) + PATIENCE
    missed = [one for one in story if (one.missed(group, day) if arriving else one.late(group, day))]
    if opened > at or not missed:
        return
    made = Alarm.objects.bulk_create(
        Alarm(place=one.place, day=day, kind=kind, opened_at=opened, step=1) for one in missed
    )
    Call.objects.bulk_create(
        Call(alarm=one, key=MOTHER, whom=CALLED, result=Call.Result.REACHED, by_id=by, at=opened + timedelta(minutes=3))
        for one in made
    )
    forgot = [alarm.pk for alarm, one in zip(made, missed, strict=True) if one.absence == Absence.UNEXCUSED]
    Alarm.objects.filter(pk__in=forgot).update(closed_at=opened + timedelta(minutes=5), closed_by=by, outcome=FORGOTTEN)


def _roll(group: Group, day: date, at: datetime, came: list[Told], by: int) -> None:
    called = clock.at(day, group.starts) + ROLL
    present = sorted(one.place.pk for one in came if one.arrived_at and one.arrived_at <= called)
    if called <= at and present:
        RollCall.objects.create(
            group=group, day=day, at=called, occasion="到班后", present=present, missing=[], by_id=by
        )


def left(one: Told, group: Group, day: date, people: People, dice: Random) -> Handover:
    """By whom the dice say, as far as the child has such people; each is seen, or shows a document."""
    assert one.left_at
    tail, child, watching = "", one.place.child_id, people.staff[dice.randrange(len(people.staff))]
    pickups, guardians = people.pickups[child], people.guardians[child]
    made = Handover(
        place=one.place, child_id=child, day=day, at=one.left_at, way=one.way, check_used=one.check, staffer=watching,
        late_minutes=one.over(group, day), by_id=watching.account_id or 0, written_at=one.left_at,
    )  # fmt: skip
    if one.way == Way.PICKUP and pickups:
        made.pickup = pickups[one.which % len(pickups)]
        made.taken_by, tail = made.pickup.relation, made.pickup.id_tail
    elif one.way != Way.ALONE:
        made.way, made.guardian = Way.GUARDIAN, guardians[one.which % len(guardians)]
        made.taken_by, tail = made.guardian.relation, f"{one.which:04}"
    made.seen_tail = tail if made.check_used == Check.DOCUMENT else ""
    return made
