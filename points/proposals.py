"""What the desk sees of adjustments: the list, what waits for whom, and which lines of a statement can be taken back."""

from collections.abc import Iterable
from functools import partial
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from communities import finding, todo
from communities.handover import Holder
from communities.kin import Kin, kin_of
from communities.models import Community, Resident, User
from points.adjusting import DECIDERS, GIVING
from points.models import Account, Adjustment, Posting
from points.statement import Line

PAGE = 50
FOUND = 10
Status = Adjustment.Status


def for_staff(user: User) -> QuerySet[Adjustment]:
    """Those about residents of the communities where `user` works."""
    return Adjustment.objects.filter(resident__community__in=Community.objects.for_staff(user))


def with_people(rows: QuerySet[Adjustment]) -> QuerySet[Adjustment]:
    """Everything that a line of the list shows, in one query."""
    return rows.select_related("resident__community", "resident__estate", "proposed_by", "decided_by", "reverses")


def page_of(user: User, asked: dict[str, Any], before: int | None) -> list[Adjustment]:
    """One more than a page, the newest first: of one `status`, of one `community`."""
    named = {"status": "status", "community": "resident__community"}
    rows = with_people(for_staff(user)).filter(**{field: asked[name] for name, field in named.items() if name in asked})
    return list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[: PAGE + 1])


def figures(user: User) -> dict[str, int]:
    """How many there are in each status."""
    counted = dict(for_staff(user).values_list("status").annotate(Count("pk")))
    return {status: counted.get(status, 0) for status in Status.values}


def waiting_for(by: User, kin: Kin | None = None) -> QuerySet[Adjustment]:
    """What `by` may decide: the same answer as `adjusting.refusal_for`, as a query for the to-do page."""
    if not by.own_phone:
        return Adjustment.objects.none()
    kin, held = kin or kin_of(by), by.duties.current().filter(role__in=DECIDERS)
    here = Q(resident__community__in=held.values("community"))
    there = Q(resident__community__sub_district__in=held.values("sub_district"))
    others = Adjustment.objects.filter(here | there, status=Status.PROPOSED).exclude(proposed_by=by)
    return others.exclude(resident__in=kin.residents).exclude(resident__household__in=kin.households)


def rows(user: User) -> list[todo.Waiting]:
    """To-do: what this person, who did not propose it, may decide."""
    url = f"{reverse('desk:adjustments')}?status={Status.PROPOSED}"
    return [todo.Waiting("adjustments", "积分调整待您复核", url, partial(waiting_for, user))]


def candidates(user: User, words: str) -> list[Resident]:
    """Confirmed residents of own communities whom `words` may mean (communities/finding.py)."""
    meant = finding.residents(user, words).filter(status=Resident.Status.CONFIRMED)
    return list(meant.select_related("community", "estate")[:FOUND])


class Marked(NamedTuple):
    """A line of a statement; `entry` can be taken back, `proposal` already asks for that, or it `is_reversed`."""

    line: Line
    entry: int | None
    proposal: Adjustment | None
    is_reversed: bool


def marked(lines: Iterable[Line]) -> list[Marked]:
    """Which `lines` can be taken back, in two queries for any number."""
    shown = list(lines)
    given = Posting.objects.filter(
        pk__in=[line.id for line in shown if line.amount > 0], entry__kind__in=GIVING,
        destination__kind=Account.Kind.WALLET,
    )  # fmt: skip
    entries = {pk: (entry, back) for pk, entry, back in given.values_list("pk", "entry", "entry__reversed_by")}
    open_ones = Adjustment.objects.filter(reverses__in=[entry for entry, _ in entries.values()], status=Status.PROPOSED)
    proposals = {proposal.reverses_id: proposal for proposal in open_ones}
    return [_marked(line, entries.get(line.id, (None, None)), proposals) for line in shown]


def _marked(line: Line, given: tuple[int | None, int | None], proposals: dict[int | None, Adjustment]) -> Marked:
    entry, back = given
    proposal = proposals.get(entry) if entry and not back else None
    return Marked(line, None if proposal or back else entry, proposal, back is not None)


held = Holder(
    "待复核的积分调整（提出）",
    lambda person, places: Adjustment.objects.filter(
        proposed_by=person, status=Status.PROPOSED, resident__community__in=places
    ).count(),
    stays="提出人不变，由另一位主任或街道管理员复核；提出人没有职责以后不能再入账，请在离岗前请人复核。",
)
