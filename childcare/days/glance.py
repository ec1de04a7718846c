"""一眼看: the groups of a centre on one day with their counts, what is being called, and who is on the list."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from childcare.days import board, runs, who
from childcare.days.board import Row
from childcare.models import Alarm, Centre, Group, Place, Staffer
from core import clock


@dataclass(frozen=True)
class Glance:
    """`counts` as of board.counts; a group without anybody today has zeros."""

    group: Group
    counts: dict[str, int]


def of(centre: Centre, day: date) -> list[Glance]:
    """The groups that meet on `day`, by their hours; the number of queries grows with the groups alone."""
    running = _running(centre, day)
    places = board.places_of([one.pk for one in running], day)
    told, rows = board.facts_of(places, day), defaultdict(list)
    for place in places:
        rows[place.group_id].append(board.row_of(place, day, told))
    return [Glance(one, board.counts(rows[one.pk])) for one in running]


def alarms(centre: Centre) -> list[Alarm]:
    """What is open, the oldest first."""
    people = ("place__child", "place__group")
    return list(
        Alarm.objects.open().filter(place__group__centre=centre).select_related(*people).order_by("opened_at", "pk")
    )


def on_duty(post: Staffer, day: date) -> bool:
    """Whether this one is put on duty on `day`."""
    return who.watches(post, day) and (not post.is_lead or post.turns.filter(day=day).exists())


@dataclass(frozen=True)
class Listed:
    """A group and its children, with the state of today for those whose day it is."""

    group: Group
    rows: list[tuple[Place, Row | None]]


def roster(post: Staffer, day: date) -> list[Listed]:
    """Who comes today; for the lead everybody who has a place."""
    places = Place.objects.held_on(day).filter(group__centre=post.centre_id).select_related("child", "group__centre")
    found = list(places.order_by("group__starts", "group_id", "child__pinyin", "pk"))
    told, by_group = board.facts_of(found, day), defaultdict(list)
    meets = {one.pk for one in _running(post.centre, day)}
    for one in found:
        mine = one.group_id in meets and (day.weekday() in one.plan or one.pk in told.attendances)
        if mine or post.is_lead:
            by_group[one.group].append((one, board.row_of(one, day, told) if mine else None))
    return [Listed(group, rows) for group, rows in by_group.items()]


def _running(centre: Centre, day: date) -> list[Group]:
    groups = Group.objects.running_on(day).filter(centre=centre, weekdays__contains=[day.weekday()])
    found = groups.select_related("centre__community__sub_district", "room").order_by("starts", "pk")
    return [one for one in found if runs.runs_on(one, day)]


def group_of(post: Staffer, pk: int) -> Group | None:
    """A group of the own centre; None for others."""
    groups = Group.objects.filter(centre=post.centre_id).exclude(status=Group.Status.DRAFT)
    return groups.select_related("centre__community__sub_district", "room").filter(pk=pk).first()


def next_move(group: Group) -> str:
    """Whether the hours are over, so that the page says what to do now."""
    return "after" if clock.now() > runs.ends_at(group, clock.today()) else "during"
