"""我的孩子: what a family sees of its children in childcare, each in a fixed number of queries."""

from collections.abc import Iterable
from typing import NamedTuple

from childcare import speaking
from childcare.days import board
from childcare.days.book import Today
from childcare.models import Carer, Contact, Enrolment, Place
from childcare.places import groups
from communities.models import Guardian, Resident, User
from core import clock

Status = Place.Status
NOW = (Status.WAITING, Status.OFFERED, Status.HELD)


class Mine(NamedTuple):
    """One child, with the places that stand."""

    guardian: Guardian
    places: list[Place]
    today: Today | None = None

    @property
    def child(self) -> Resident:
        return self.guardian.child


def children_of(account: User) -> list[Mine]:
    """For whom this account speaks, with what is known of today; more queries only with more groups."""
    mine = speaking.wards_of(account)
    found: dict[int, list[Place]] = {one.child_id: [] for one in mine}
    places = Place.objects.filter(child__in=found, status__in=NOW).select_related("group__centre")
    for place in places.order_by("pk"):
        found[place.child_id].append(place)
    today = _today([place for held in found.values() for place in held if place.status == Status.HELD])
    return [Mine(one, found[one.child_id], today.get(one.child_id)) for one in mine]


def _today(places: list[Place]) -> dict[int, Today]:
    """Of each child the place whose group meets today, as the centre sees it."""
    day = clock.today()
    meets = {group.pk for group in {one.group for one in places} if groups.days_between(group, day, day)}
    met = [
        one
        for one in places
        if one.group_id in meets and one.starts_on and one.starts_on <= day and day.weekday() in one.plan
    ]
    told = board.facts_of(met, day)
    return {one.child_id: Today(board.row_of(one, day, told), True, []) for one in met}


def open_enrolments(guardian: Resident) -> list[Enrolment]:
    """What this adult began and was not decided, and what was decided lately: the newest first."""
    return list(Enrolment.objects.of(guardian).select_related("centre", "child", "place").order_by("-pk")[:10])


def contacts_of(child: Resident) -> Iterable[Contact]:
    return Contact.objects.filter(child=child).order_by("order")


def carer_of(child: Resident) -> Carer | None:
    return Carer.objects.filter(child=child, ended_at=None).first()


def places_of(child: Resident) -> list[Place]:
    """The places that stand, the first asked first."""
    found = Place.objects.filter(child=child, status__in=NOW).select_related("group__centre", "payer")
    return list(found.order_by("pk"))
