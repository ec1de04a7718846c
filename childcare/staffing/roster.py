"""Turns as a whole: what of some days is ticked is on duty, what is not is off, in one transaction."""

from collections.abc import Iterable
from datetime import date

from childcare.models import Staffer
from childcare.staffing import turns
from communities import duties
from communities.models import User
from core.verbs import verb


@verb(turns.REFUSALS)
def put(*, staffer: Staffer, wanted: set[date], among: Iterable[date], by: User) -> None:
    """On duty on the `wanted` of `among`, and on no other of them. Refuses as `plan` and `drop`."""
    if not turns.may_plan(staffer.centre, by):
        raise duties.NotYourDuty
    there = set(staffer.turns.filter(day__in=list(among)).values_list("day", flat=True))
    if there - wanted:
        turns.drop(staffer=staffer, days=there - wanted, by=by)
    if wanted - there:
        turns.plan(centre=staffer.centre, staffer=staffer, days=wanted - there, by=by)
