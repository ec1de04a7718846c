"""街道对账: the communities of a sub-district in their fixed order, and their sum. They are not compared and not ranked."""

from dataclasses import dataclass
from decimal import Decimal

from communities.models import Duty, SubDistrict
from points import reconciliation
from points.reconciliation import Flows, Period

READERS = (Duty.Role.STREET_ADMIN, Duty.Role.FINANCE)


@dataclass(frozen=True)
class Line:
    """One community, or the sum of all (`community_id` None); `budget` in yuan, None for whoever is not finance."""

    community_id: int | None
    name: str
    flows: Flows
    closing: int
    outstanding: int
    budget: Decimal | None


def lines(street: SubDistrict, period: Period, *, budgeted: bool) -> list[Line]:
    """Every community in the order of its number, the sum last."""
    communities = list(street.communities.order_by("pk"))
    rate = reconciliation.rate_of(street.pk) if budgeted else None
    found = {one.community_id: one for one in reconciliation.figures(communities, period)}
    rows = [
        Line(
            one.pk, one.name, (its := found[one.pk]).period, its.closing, its.outstanding,
            reconciliation.budget(its.outstanding, rate),
        )
        for one in communities
    ]  # fmt: skip
    outstanding = sum(one.outstanding for one in rows)
    flows, closing = Flows.total(one.flows for one in rows), sum(one.closing for one in rows)
    return [*rows, Line(None, "合计", flows, closing, outstanding, reconciliation.budget(outstanding, rate))]
