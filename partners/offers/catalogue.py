"""服务券 as residents find them: what is on show near them, why not, and a partner's own."""

from datetime import datetime
from typing import NamedTuple

from communities.models import Community, Resident
from core import clock
from core.refusals import Refused
from partners.models import Offer, OfferQuerySet, Partner
from partners.offers import reach

PAGE = 20


class Row(NamedTuple):
    """`refused` is None where it can be taken; `id` is the offer's, for the pager."""

    id: int
    offer: Offer
    refused: Refused | None


def near(resident: Resident, at: datetime) -> OfferQuerySet:
    """What is on show in the resident's sub-district; without what is not for their age."""
    today = clock.local(at).date()
    found = Offer.objects.on_show(today).within_reach_of(resident).select_related("partner", "community")
    age = resident.age_on(today)
    return found.exclude(partner__trade__in=reach.HEALTH) if age is not None and age < reach.ADULT else found


def page_of(
    resident: Resident, at: datetime, *, trade: str = "", community: Community | None = None, before: int | None = None,
    most: int = PAGE + 1,
) -> list[Row]:  # fmt: skip
    """The newest first, from behind `before` on; one more than a page unless `most` says otherwise."""
    found = near(resident, at)
    if trade:
        found = found.filter(partner__trade=trade)
    if community:
        found = found.filter(community=community)
    if before:
        found = found.filter(pk__lt=before)
    offers = list(found.order_by("-pk")[:most])
    facts, today = reach.facts_of(resident, at, offers), clock.local(at).date()
    return [Row(one.pk, one, reach.refusal_for(one, facts, today)) for one in offers]


def communities_of(resident: Resident) -> list[Community]:
    """Where the filter may lead."""
    return list(Community.objects.filter(sub_district=resident.community.sub_district_id).order_by("pk"))


def of_partner(partner: Partner, at: datetime, resident: Resident | None) -> list[Offer]:
    """What `partner` has on show, for its public page; health is no matter of minors."""
    today = clock.local(at).date()
    age = resident.age_on(today) if resident else None
    if age is not None and age < reach.ADULT and partner.trade in reach.HEALTH:
        return []
    return list(Offer.objects.on_show(today).of(partner).select_related("community").order_by("-pk")[:20])
