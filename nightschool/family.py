"""家人: for whom else one person signs up – adults of the household who agreed to it, own children of 14 to 17 – and with whose word.

The seat is theirs and so is the wallet that pays; each of them is told. Under 14 nobody takes a course (domain guide, 5.3).
"""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from communities import consents, guardians, helping
from communities.guardians import CHILD
from communities.models import Consent, Guardian, Resident, User
from communities.models.guardians import ADULT
from communities.ownership import is_own
from core import clock
from core.refusals import Refused
from points.ledger import ShortOfPoints

COURSES, MINOR_COURSES = Consent.Purpose.COURSES, Consent.Purpose.MINOR_COURSES


class NotAgreed(Refused):
    code = "family_not_agreed"
    message = "这位家人没有同意由您代报，或已经撤回，谁的积分都没有扣。请家人在“我的—同意事项”里同意，或自己报名、到窗口办理。"


def members(resident: Resident, by: User, at: datetime) -> list[Resident]:
    """For whom `resident` may sign up besides oneself, the first file first; nobody for a helper who acts for `resident`."""
    if not is_own(by, resident):
        return []
    wards = Guardian.objects.current().filter(guardian=resident, child=OuterRef("pk"))
    at_home = Q(household=resident.household_id, community=resident.community_id, household__isnull=False)
    near = Resident.objects.annotate(ward=Exists(wards)).filter(at_home | Q(ward=True))
    others = near.filter(status=Resident.Status.CONFIRMED).exclude(pk=resident.pk).order_by("pk")
    found = others.select_related("community__sub_district", "account")
    aged = [(one, age_at(one, at) or 0) for one in found]
    adults = [one for one, age in aged if age >= ADULT and one.household_id == resident.household_id]
    children = [one.pk for one, age in aged if CHILD <= age < ADULT and one.__dict__["ward"]]
    agreed = consents.held_by(adults, COURSES) if adults else set()
    agreed |= set(guardians.agreed_by_each(children, MINOR_COURSES)) if children else set()
    return [one for one, _ in aged if one.pk in agreed]


def member(resident: Resident, number: int, by: User, at: datetime) -> Resident:
    """The person of that number: oneself, or one of `members`. Refuses `NotAgreed` for everybody else, whoever it is."""
    if number == resident.pk:
        return resident
    found = next((one for one in members(resident, by, at) if one.pk == number), None)
    if found is None:
        raise NotAgreed
    return found


def guardian_of(resident: Resident | None, at: datetime) -> int | None:
    """The guardian (number) who agreed that somebody of 14 to 17 takes courses; None for whoever needs none, without a query."""
    if resident is None or (age := age_at(resident, at)) is None or not CHILD <= age < ADULT:
        return None
    agreed = guardians.agreed_by(resident, MINOR_COURSES)
    return agreed.pk if agreed else None


def age_at(resident: Resident, at: datetime) -> int | None:
    """Full years on `at`'s day in Shanghai, or None when nobody knows."""
    return resident.age_on(clock.local(at).date())


def addressed(refused: Refused | None, who: Resident, *, other: bool) -> str:
    """The refusal as the reader is told it; of an `other` of the family it speaks by name. Nothing for None."""
    if other and isinstance(refused, ShortOfPoints):  # how much is missing is not the reader's business
        return f"{who.name}的积分不够，没有扣。可以请本人自己看看还差多少。"
    told = refused.message if refused else ""
    return told.replace("您", who.name) if other else told


def said(resident: Resident, by: User) -> str:
    """由家人王秀兰代报。 or 由亲友李建国代办。, for the message that `resident` reads; nothing for the own account and for staff."""
    if by.kind != User.Kind.RESIDENT or by.pk == resident.account_id:
        return ""
    if helped := helping.said(resident, by):
        return helped
    name = by.residents.order_by("pk").values_list("name", flat=True).first()
    return f"由家人{name or by.name}代报。"
