"""What a family reads about its own evidence: of the children for whom an account answers, and of the own file."""

from collections.abc import Sequence
from typing import NamedTuple

from communities import guardians
from communities.hardship.kinds import Said
from communities.hardship.opening import read
from communities.hardship.recording import consent_of, is_child
from communities.models import Consent, Evidence, Resident, User
from communities.purposes import TEXTS, Text
from communities.silencing import silenced


class About(NamedTuple):
    """One file; `child`: the guardian speaks for it."""

    resident: Resident
    child: bool
    text: Text
    consent: Consent | None
    rows: Sequence[tuple[Evidence, Said | None]]


def about(account: User, pk: int) -> About | None:
    """The file `pk`, if it is the account's own or that of a child for whom it answers."""
    return next((one for one in files_of(account) if one.resident.pk == pk), None)


def files_of(account: User) -> list[About]:
    """The children first; a grown-up's own file where the account signs in with it."""
    wards = guardians.children_of(account)
    children = {one.child_id: one.child for one in wards if not silenced(one.child, one.guardian)}
    own = (
        Resident.objects.filter(account=account, status=Resident.Status.CONFIRMED)
        .select_related("community")
        .order_by("pk")
    )
    grown = {one.pk: one for one in own if not is_child(one)}
    return [_about(one, account) for one in (children | grown).values()]


def _about(resident: Resident, account: User) -> About:
    child = is_child(resident)
    purpose = Consent.Purpose.CARE_RELIEF if child else Consent.Purpose.HARDSHIP
    found = Evidence.objects.filter(resident=resident).select_related("resident").order_by("-pk")
    rows = [(one, read(evidence=one, by=account) if one.facts else None) for one in found]
    return About(resident, child, TEXTS[purpose], consent_of(resident), rows)
