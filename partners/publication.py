"""What everybody may see of the partners: those with an agreement in force, and what they promised."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from communities.models import Community
from partners.models import Agreement, Partner

PAGE = 20


class Card(NamedTuple):
    """A partner and the communities where an agreement is in force; `paired` with one of them."""

    partner: Partner
    communities: list[Community]
    paired: bool = False


def page_of(community: Community, on: date, *, trade: str = "", after: int | None = None) -> list[Partner]:
    """Partners of the sub-district, oldest first, from behind `after` on; one more than a page."""
    shown = Partner.objects.shown(on).filter(sub_district=community.sub_district_id).order_by("pk")
    if trade:
        shown = shown.filter(trade=trade)
    return list((shown.filter(pk__gt=after) if after else shown)[: PAGE + 1])


def cards(partners: Iterable[Partner], on: date) -> list[Card]:
    """With the communities of each, in one query."""
    found = list(partners)
    where: dict[int, list[Community]] = {}
    paired: set[int] = set()
    for agreement in running(found, on):
        known = where.setdefault(agreement.partner_id, [])
        if agreement.community not in known:
            known.append(agreement.community)
        if agreement.pairing:
            paired.add(agreement.partner_id)
    return [Card(partner, where.get(partner.pk, []), partner.pk in paired) for partner in found]


def running(partners: Iterable[Partner], on: date) -> list[Agreement]:
    """The agreements in force, by the day they were signed."""
    held = Agreement.objects.in_force(on).filter(partner__in=list(partners))
    return list(held.select_related("community").order_by("signed_on", "pk"))
