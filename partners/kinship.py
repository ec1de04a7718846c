"""Whether a colleague is family of a partner: the owner's phone is theirs, of their household, or of whom they help."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from communities.kin import Kin, kin_of
from communities.models import Resident, User
from partners.models import Clerk, Partner


def owners_in_family(kin: Kin) -> QuerySet[Clerk]:
    """The owners, of whatever partner, who are of that family, by account and by phone. A list leaves these out.

    Where the owner's phone was removed and none came in its place yet, it is still the last one.
    """
    family = Resident.objects.filter(Q(pk__in=kin.residents) | Q(household__in=kin.households))
    phones = family.exclude(phone="").values("phone")
    theirs = Q(account__in=kin.accounts) | Q(account__in=family.values("account")) | Q(account__phone__in=phones)
    owners = Clerk.objects.filter(slot=Clerk.OWNER)
    return owners.filter(theirs).exclude(Exists(owners.filter(partner=OuterRef("partner"), pk__gt=OuterRef("pk"))))


def is_family_of(by: User, partner: Partner, kin: Kin | None = None) -> bool:
    """Whether the present owner is; a list passes `kin_of(by)`, read once."""
    return owners_in_family(kin or kin_of(by)).filter(partner=partner).exists()
