"""托管中心公示: what everybody may read of a centre: where, by whom, which groups, for how much, how many places are free."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from childcare.models import Centre, Group, Place
from childcare.places import tiers
from communities.models import Community
from core import words


@dataclass(frozen=True)
class Shown:
    """One group: `free` places, `waits` children in line; never who."""

    group: Group
    days: str
    free: int
    waits: int
    fees: list[tuple[str, str]]

    @property
    def can_ask(self) -> bool:
        return self.group.status == Group.Status.OPEN


def of_community(community: Community, day: date) -> list[Centre]:
    """The centres of the sub-district that are open, the reader's own community's first."""
    street = Centre.objects.open_on(day).filter(community__sub_district=community.sub_district_id)
    found = street.select_related("community", "operator").order_by("name", "pk")
    return sorted(found, key=lambda one: one.community_id != community.pk)


def groups_of(centres: Iterable[Centre], day: date) -> dict[int, list[Shown]]:
    """The open groups of each centre that go on or are to come; one query."""
    rows = Group.objects.filter(centre__in=list(centres), status=Group.Status.OPEN, last_on__gte=day).select_related(
        "room"
    )
    waits = Count("places", filter=Q(places__status=Place.Status.WAITING))
    found: dict[int, list[Shown]] = {}
    for one in rows.annotate(waits=waits).order_by("starts", "name", "pk"):
        found.setdefault(one.centre_id, []).append(shown(one, vars(one)["waits"]))
    return found


def shown(group: Group, waits: int) -> Shown:
    return Shown(group, weekdays_of(group.weekdays), max(group.capacity - group.taken, 0), waits, fees_of(group))


def fees_of(group: Group) -> list[tuple[str, str]]:
    """每周5天 600元/月, the most days first; of 临时 按天 40元/天."""
    rows = sorted(group.fees.items(), key=lambda one: -int(one[0]))
    if group.kind == Group.Kind.DROP_IN:
        return [("按天", f"{money(fen)}元/天") for _, fen in rows]
    return [(f"每周{days}天", f"{money(fen)}元/月") for days, fen in rows]


def money(fen: int) -> str:
    """600 or 599.50: as it is said, with thousands apart."""
    return f"{fen // 100:,}" if fen % 100 == 0 else f"{fen / 100:,.2f}"


def weekdays_of(days: Iterable[int]) -> str:
    """周一至周五 for days in a row, else 周一、周三; 每天 for a whole week."""
    found = sorted(set(days))
    if len(found) == 7:
        return "每天"
    names = [f"周{words.WEEKDAYS[day]}" for day in found]
    in_a_row = len(found) > 2 and found[-1] - found[0] == len(found) - 1
    return f"{names[0]}至{names[-1]}" if in_a_row else "、".join(names)


def rules() -> tuple[str, ...]:
    """The published order of who has a place first."""
    return tiers.RULES
