"""孩子的托位: what a guardian sees of a place: the own number in the line, the offer to answer, the last day."""

from dataclasses import dataclass
from datetime import datetime

from childcare.models import Place, PlaceQuerySet, speaking_guardians
from childcare.places import line, offering, showcase
from communities.models import User
from core import words
from core.refusals import Refused

Status = Place.Status


@dataclass(frozen=True)
class View:
    """One place as its family sees it. `ahead`: how many wait before; `refused`: why an open offer cannot be taken."""

    place: Place
    days: str
    ahead: int
    asks_by: str
    refused: Refused | None
    may_end: bool
    may_keep: bool


def of(account: User) -> PlaceQuerySet:
    """Places of the children for whom `account` speaks; another family's is 404."""
    mine = speaking_guardians().filter(guardian__account=account, guardian__status="confirmed")
    found = Place.objects.filter(child__in=mine.values("child"))
    return found.select_related("group__centre__community__sub_district", "group__room", "child__community", "payer")


def view_of(place: Place, account: User, at: datetime) -> View:
    offered = place.status == Status.OFFERED
    asks_by = f"请在{words.moment(place.offered_until)}前确认，过时托位就给下一位。" if place.offered_until else ""
    refused = offering.refusal_to_accept(place, account, at) if offered else None
    held = place.status == Status.HELD
    return View(
        place, showcase.weekdays_of(place.plan), line.ahead_of(place), asks_by, refused, held and place.ends_on is None,
        held and place.ends_on is not None and place.end_reason == Place.EndReason.GUARDIAN,
    )  # fmt: skip


def open_offers(account: User) -> list[Place]:
    """Offers that the account is to answer, the one that ends soonest first. One query."""
    return list(of(account).filter(status=Status.OFFERED).order_by("offered_until", "pk")[:5])
