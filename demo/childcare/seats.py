"""托位: 126 children have one, thirty wait in the order that the published rules give."""

from collections.abc import Iterator
from datetime import datetime

from childcare.models import Group, Place
from childcare.places import line, tiers
from communities.models import Resident, User
from demo.asked import Asked
from demo.childcare.centre import centre
from demo.childcare.classes import SATURDAY
from demo.childcare.homes import files, worker
from demo.childcare.invented import Child, families

BOTH_WORK = 0.5  # who goes first by a published rule


def are_held() -> bool:
    return Place.objects.held().exists()


def hold(asked: Asked, at: datetime) -> None:
    """Everybody of the first day, asked for at the counter: rows in bulk as `line.ask` leaves them (a test compares one)."""
    Place.objects.bulk_create(
        Place(
            group=group, child=child, payer=payer, status=Place.Status.HELD, plan=list(one.plan), joined_at=at, by=by,
            lunch=saturday, nap=saturday, alone=one.alone and not saturday, starts_on=group.first_on,
            tier=tiers.FIRST if first else tiers.PLAIN,
        )
        for one, group, child, payer, first, by in _wanted(asked, waiting=False)
        for saturday in (one.place is not None and one.place.weekdays == SATURDAY,)
    )  # fmt: skip


def are_waiting() -> bool:
    return Place.objects.waiting().exists()


def wait(asked: Asked, at: datetime) -> None:
    """After the first day, one after the other: the classes are full."""
    for one, group, child, payer, first, by in _wanted(asked, waiting=True):
        plan = [day for day in one.plan if day in group.weekdays] or group.weekdays
        line.ask(group=group, child=child, payer=payer, plan=plan, first=first, by=by, at=at)


def _wanted(asked: Asked, *, waiting: bool) -> Iterator[tuple[Child, Group, Resident, Resident, bool, User]]:
    """Child by child: into which class, who pays, whether a published rule puts it first, and who wrote it down."""
    here = {one.name: one for one in Group.objects.filter(centre=centre()).select_related("centre__community")}
    known, dice, by = files(asked), asked.dice(f"care seats {waiting}"), worker()
    for family in families(asked):
        for child in family.children:
            wanted, works = child.waits if waiting else child.place, dice.random() < BOTH_WORK
            first = works or len(family.children) > 1 or (child.relief is not None and waiting)
            if wanted:
                yield child, here[wanted.name], known[child.name], known[family.parents[0].name], first, by
