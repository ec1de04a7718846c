"""在场: who of an activity is there, as the screens on the spot show it."""

from typing import NamedTuple

from django.db.models.functions import Coalesce

from activities.models import Activity, Participation
from communities.kin import kin_of
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
    """One person of the list; `mine` when the reader may not tick it: the own file or family."""

    person: Participation
    mine: bool


def count(activity: Activity) -> There:
    """In one query."""
    rows = list(activity.participations.filter(status__in=LISTED).values_list("arrived_at", "left_at"))
    return There(len(rows), sum(came is not None for came, _ in rows), sum(went is not None for _, went in rows))


def lines(activity: Activity, by: User) -> list[Line]:
    """Everybody on the list by the sound of the name; two queries."""
    people = activity.participations.filter(status__in=LISTED).select_related("resident")
    kin = kin_of(by)
    return [Line(one, kin.includes(one.resident)) for one in people.order_by("resident__pinyin", "pk")]


def numbers(activity: Activity) -> dict[int, int]:
    """By participation its number on the paper sheet: the order of signing up, for ever, also when others give back."""
    rows = activity.participations.order_by("pk").values_list("pk", flat=True)
    return {pk: number for number, pk in enumerate(rows, 1)}


def latest(activity: Activity) -> list[Participation]:
    """Who came or went last, the newest first: what the screen of quick entry shows below the field."""
    came = activity.participations.filter(status__in=LISTED, arrived_at__isnull=False).select_related("resident")
    return list(came.order_by(Coalesce("left_at", "arrived_at").desc(), "-pk")[:SHOWN])
