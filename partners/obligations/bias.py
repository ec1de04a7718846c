"""Who may not decide about a partner: whoever said it themselves, serves there, or is family to somebody who does."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from communities.kin import Kin, OwnPhoneMissing, SamePerson, kin_of, refusal_between
from communities.models import Resident, User
from core.refusals import Refused
from partners.kinship import is_family_of, owners_in_family
from partners.models import Clerk, Partner


class OwnShop(Refused):
    code = "own_shop"
    message = "这家合伙人由您本人或家人经营、值守，须由其他同事办理，没有改动。"
    status = 403


def refusal_for(
    by: User, partner: Partner, *, recorders: Iterable[int | None] = (), beneficiaries: Iterable[Resident] = ()
) -> Refused | None:
    """Why `by` may not decide what `recorders` wrote down about `partner` or for `beneficiaries`; None if they may.

    As `kin.refusal_between`, and the phones that serve for the partner count as its people, with a resident's file or without;
    the last owner's as long as no other came in its place (kinship.py).
    """
    wrote = set(recorders)
    if by.pk in wrote:
        return SamePerson()
    if not by.own_phone:
        return OwnPhoneMissing()
    mine, clerks = kin_of(by), Clerk.objects.current().filter(partner=partner)
    if clerks.filter(account__in=mine.accounts).exists():
        return OwnShop()
    if any(mine.includes(one) for one in Resident.objects.filter(account__in=clerks.values("account"))):
        return OwnShop()
    if is_family_of(by, partner, mine):
        return OwnShop()
    if wrote & mine.accounts:
        return SamePerson()
    return refusal_between(by=by, beneficiaries=beneficiaries, kin=mine)


def own_shops(kin: Kin) -> QuerySet[Clerk]:
    """The phones that `kin`, or its family, serve with, or own a shop with (kinship.py)."""
    theirs = (
        Q(account__in=kin.accounts)
        | Q(account__residents__in=kin.residents)
        | Q(account__residents__household__in=kin.households)
    )
    serving = Clerk.objects.current().filter(theirs)
    return Clerk.objects.filter(Q(pk__in=serving.values("pk")) | Q(pk__in=owners_in_family(kin).values("pk")))
