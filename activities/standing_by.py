"""在场: who of an activity is there, as the screens on the spot show it."""

from typing import NamedTuple

from django.db.models.functions import Coalesce

from activities.models import Activity, Means, Participation
from communities.kin import Kin, kin_of
from communities.models import User

Status = Participation.Status
SHOWN = 30
LISTED = (Status.SIGNED_UP, Status.RECORDED, Status.CONFIRMED)


class There(NamedTuple):
    """How many signed up, have come, and have gone."""

    listed: int
    came: int
    went: int


class Line(NamedTuple):
    """One person of the list; `mine` when the reader may not tick it: the own file or family. `vouch`: whether the reader may
    say that the child's guardian is there (activities/minors.py)."""

    person: Participation
    mine: bool
    vouch: bool


def count(activity: Activity) -> There:
    """In one query."""
    rows = list(activity.participations.filter(status__in=LISTED).values_list("arrived_at", "left_at"))
    return There(len(rows), sum(came is not None for came, _ in rows), sum(went is not None for _, went in rows))


def lines(activity: Activity, by: User) -> list[Line]:
    """Everybody on the list by the sound of the name; two queries."""
    people = activity.participations.filter(status__in=LISTED).select_related("resident", "guardian")
    kin = kin_of(by)
    rows = list(people.order_by("resident__pinyin", "pk"))
    return [Line(one, kin.includes(one.resident), _to_vouch(one) and not _family(one, kin)) for one in rows]


def _to_vouch(one: Participation) -> bool:
    """Whether somebody has to say that the guardian of a child is there: the guardian's own phone said it by scanning."""
    return one.guardian is not None and one.status == Status.SIGNED_UP and one.arrived_how != Means.CODE


def _family(one: Participation, kin: Kin) -> bool:
    return kin.includes(one.resident) or (one.guardian is not None and kin.includes(one.guardian))


def numbers(activity: Activity) -> dict[int, int]:
    """By participation its number on the paper sheet: the order of signing up, for ever, also when others give back."""
    rows = activity.participations.order_by("pk").values_list("pk", flat=True)
    return {pk: number for number, pk in enumerate(rows, 1)}


def latest(activity: Activity) -> list[Participation]:
    """Who came or went last, the newest first: what the screen of quick entry shows below the field."""
    came = activity.participations.filter(status__in=LISTED, arrived_at__isnull=False).select_related("resident")
    return list(came.order_by(Coalesce("left_at", "arrived_at").desc(), "-pk")[:SHOWN])
