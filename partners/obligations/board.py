"""承诺公示: what everybody may read of a partner: promises and how far they are kept, licences, stars, whether it is suspended."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from partners.models import Agreement, Licence, Partner, Suspension
from partners.obligations import progress, rating
from partners.obligations.progress import Progress
from partners.obligations.rating import Stars


class Side(NamedTuple):
    """One agreement in force and its promises this month."""

    agreement: Agreement
    promises: list[Progress]
    suspended: bool


class Board(NamedTuple):
    sides: list[Side]
    stars: Stars
    licences: list[Licence]
    lapsed: bool


def of(partner: Partner, agreements: Iterable[Agreement], on: date) -> Board:
    """No resident's words or names are read for it. Six queries for any number of agreements."""
    held = list(agreements)
    promised = progress.of(held, on)
    stopped = Suspension.objects.standing().filter(agreement__partner=partner)
    halted = set(stopped.values_list("agreement__community", flat=True))
    sides = [Side(one, promised.get(one.pk, []), one.community_id in halted) for one in held]
    licences = list(Licence.objects.current().filter(partner=partner).exclude(checked_at=None).order_by("kind"))
    lapsed = Licence.objects.lapsed(on).filter(partner=partner).exists()
    valid = [one for one in licences if one.valid_until is None or one.valid_until >= on]
    return Board(sides, rating.stars_of(partner), valid, lapsed)
