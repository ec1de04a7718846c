"""Whether a colleague is family of a partner: the owner's phone is theirs, of their household, or of whom they help."""

from django.db.models import Q

from communities.kin import Kin, kin_of
from communities.models import Resident, User
from partners.models import Clerk, Partner


def is_family_of(by: User, partner: Partner, kin: Kin | None = None) -> bool:
    """Of the present owner, by account and by phone; a list passes `kin_of(by)`, read once."""
    owners = Clerk.objects.current().filter(partner=partner, slot=Clerk.OWNER).select_related("account")
    accounts = [one.account for one in owners]
    if not accounts:
        return False
    mine = kin or kin_of(by)
    phones = [one.phone for one in accounts if one.phone]
    if any(one.pk in mine.accounts for one in accounts) or by.own_phone in phones:
        return True
    files = Resident.objects.filter(Q(account__in=accounts) | Q(phone__in=phones))
    return any(mine.includes(one) for one in files)
