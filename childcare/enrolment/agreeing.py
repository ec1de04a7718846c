"""同意 of a family in childcare: one row for each purpose, given and taken back by itself (communities/guardians.py)."""

from childcare.enrolment import hands
from childcare.enrolment.fields import Said
from communities import acting, changes, consents, guardians
from communities.models import Consent, Guardian, Resident, User
from communities.purposes import TEXTS, Text
from core.verbs import verb

Purpose, Way = Consent.Purpose, Consent.Way
# What must stand as long as a child has a place; each of the others may be refused.
NEEDED = (Purpose.CARE, Purpose.CHILD_DATA)
ASKED = (
    Purpose.CARE, Purpose.CHILD_DATA, Purpose.CARE_HEALTH, Purpose.CARE_PICKUP, Purpose.CARE_PHOTO, Purpose.CARE_ALONE,
    Purpose.CARE_RELIEF,
)  # fmt: skip


def chosen(said: Said) -> list[Consent.Purpose]:
    """The purposes to which a draft says yes."""
    agreed = said.get("consents", {})
    yes = {
        Purpose.CARE: agreed.get("care"), Purpose.CHILD_DATA: agreed.get("child_data"), Purpose.CARE_PHOTO: agreed.get("photo"),
        Purpose.CARE_HEALTH: said.get("health", {}).get("agreed"), Purpose.CARE_PICKUP: said.get("pickups", {}).get("agreed"),
        Purpose.CARE_ALONE: agreed.get("alone") and said.get("service", {}).get("alone"),
    }  # fmt: skip
    return [purpose for purpose, given in yes.items() if given is True]


def tapped(guardian: Resident, child: Resident | None, said: Said) -> bool:
    """Whether the guardian's own finger said yes: known as the child's guardian before, on a phone that serves nobody else."""
    if child is None or guardian.account is None or said.get("tapped") != guardian.account_id:
        return False
    return guardians.answers_for(guardian, child) and len(acting.own_residents(guardian.account)) == 1


def keep(*, child: Resident, guardian: Resident, purposes: list[Consent.Purpose], by: User, own: bool) -> None:
    """Write them down; part of `deciding.accept`. `own`: as the guardian's own tap, else as signed on paper before `by`."""
    account = guardian.account if own else None
    for purpose in purposes:
        consents.keep(child, purpose, by=account or by, way=Way.TAP if account else Way.SIGNATURE, guardian=guardian)


class Row:
    """One purpose on a page: its text, the consent that stands, whether the place hangs on it."""

    def __init__(self, purpose: Consent.Purpose, consent: Consent | None) -> None:
        self.purpose, self.consent = purpose, consent
        self.title, self.text, self.needed = purpose.label, TEXTS[purpose], purpose in NEEDED

    text: Text


def rows_of(child: Resident) -> list[Row]:
    """Every purpose of childcare with what stands today; one query."""
    found = Consent.objects.standing().filter(resident=child, purpose__in=ASKED).select_related("guardian")
    mine = {Purpose(one.purpose): one for one in found if one.version == TEXTS[Purpose(one.purpose)].version}
    return [Row(purpose, mine.get(purpose)) for purpose in ASKED]


def agreed_now(child: Resident) -> bool:
    """Whether what a place needs stands today, by somebody who still answers for the child."""
    return all(guardians.agreed_by(child, purpose) for purpose in NEEDED)


def guardians_of(child: Resident) -> list[Guardian]:
    """Who answers for the child today."""
    return list(Guardian.objects.current().filter(child=child).select_related("guardian").order_by("pk"))


@verb()
def take_back(*, child: Resident, purpose: Consent.Purpose, by: User) -> bool:
    """Written down for a guardian who said so elsewhere: by staff, or a program let in there. False when nothing stood.

    Refuses whoever has no duty in the child's community, and at the desk the own family.
    """
    changes.by(by)
    if refused := hands.refusal_for(child, by):
        raise refused
    standing = Consent.objects.standing().filter(resident=child, purpose=purpose)
    return bool(consents.end(standing, by=by))
