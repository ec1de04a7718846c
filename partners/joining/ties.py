"""Who stands behind a candidate, and which colleague may therefore not decide about it."""

from communities.fields import mobile
from communities.kin import refusal_between
from communities.models import Resident, User
from core.refusals import Refused
from partners.models import Clerk, Partner


class OwnApplicant(Refused):
    code = "own_applicant"
    message = "报名的是您本人、家人或由您代办的居民，须由其他同事办理，没有改动。"
    status = 403


def phones_of(partner: Partner) -> set[str]:
    """The numbers that the candidate is reached by: its owner's, or last owner's (kinship.py), and its contact's."""
    owners = partner.clerks.filter(slot=Clerk.OWNER).order_by("-pk").values_list("account__phone", flat=True)
    return {phone for phone in (*owners[:1], mobile(partner.contact_phone)) if phone}


def people_behind(partner: Partner) -> list[Resident]:
    """The residents' files of those numbers."""
    phones = phones_of(partner)
    found = Resident.objects.filter(phone__in=phones) | Resident.objects.filter(account__phone__in=phones)
    return list(found.distinct())


def refusal_as_kin(partner: Partner, by: User, recorders: tuple[int | None, ...] = ()) -> Refused | None:
    """Why `by` may not decide about `partner`: its own, its family's, or what `recorders` did was done by `by`.

    A program has no family.
    """
    if by.own_phone and by.own_phone in phones_of(partner):
        return OwnApplicant()
    people = [] if by.kind == User.Kind.SERVICE else people_behind(partner)
    return refusal_between(by=by, recorders=recorders, beneficiaries=people, family=OwnApplicant())
