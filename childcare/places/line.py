"""登记托位: a free place is had at once, else the child waits in the published order. Nobody ever waits in front of a free place."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q

from childcare.models import CareFile, Group, Place
from childcare.places import fit, telling, tiers
from childcare.places.fit import Wish
from childcare.places.groups import REFUSALS as GROUPS
from childcare.places.offering import hold
from communities import changes
from communities.models import Resident, User
from core import clock
from core.verbs import Refusals, verb

REFUSALS: Refusals = {
    **GROUPS,
    "place_once": lambda _: fit.AlreadyAsked(),
    "place_payer_is_another": lambda _: fit.NotPayer(),
}
Status = Place.Status


@verb(REFUSALS)
def ask(
    *, group: Group, child: Resident, payer: Resident, plan: Iterable[int], by: User, lunch: bool = False, nap: bool = False,
    alone: bool = False, starts_on: date | None = None, first: bool = False, at: datetime | None = None,
) -> Place:  # fmt: skip
    """A place for `child`, paid by the guardian `payer`: HELD when one is free and nobody waits, else WAITING in its tier.

    `first`: a colleague saw that the family goes first by a published rule other than siblings and verified relief, which are
    looked up here. Refuses what `fit.refusal_for` says.
    """
    at = at or clock.now()
    changes.by(by)
    wish = Wish(tuple(sorted(plan)), lunch, nap, alone, starts_on)
    Resident.objects.held(child.pk)  # two askings for one child come one after the other, and before the line
    look = Group.objects.select_related("centre__community__sub_district")
    here, today = look.get(pk=group.pk), clock.local(at).date()
    if refused := fit.refusal_for(here, child, payer, wish, by, at):
        raise refused
    tier = tiers.tier_of(child, here.centre, first=first, day=today)
    hold(group.pk)  # late: whoever else asks waits for one look and one row alone
    here = look.get(pk=group.pk)
    free = here.taken < here.capacity and not Place.objects.waiting().filter(group=here).exists()
    starts = max(starts_on or today, here.first_on, today) if free else starts_on
    made = Place.objects.create(
        group=here, child=child, payer=payer, status=Status.HELD if free else Status.WAITING, plan=list(wish.plan),
        lunch=lunch, nap=nap, alone=alone, starts_on=starts, joined_at=at, by=by, tier=tier,
    )  # fmt: skip
    CareFile.objects.filter(child=child).update(left_on=None)  # who waits has not left: the file is kept for the place
    if free:
        telling.got(made, at)
    else:
        telling.waits(made, ahead_of(made) + 1, at)
    return made


def ahead_of(place: Place) -> int:
    """How many wait before this one; 0 for who does not wait."""
    if place.status != Status.WAITING:
        return 0
    later = Q(joined_at__lt=place.joined_at) | Q(joined_at=place.joined_at, pk__lt=place.pk)
    before = Q(tier__gt=place.tier) | Q(later, tier=place.tier)
    return Place.objects.waiting().filter(before, group=place.group_id).count()
