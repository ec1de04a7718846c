"""同意 of a family in childcare: one row for each purpose, given and taken back by itself (communities/guardians.py)."""

from datetime import datetime

from childcare.enrolment import hands
from childcare.enrolment.fields import Said
from communities import acting, changes, consents, guardians
from communities.consents import Tap
from communities.models import Consent, Guardian, Resident, User
from communities.purposes import TEXTS, Text
from core import clock
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


# In which step of the form each is asked.
STEP_OF = {Purpose.CARE_HEALTH: "health", Purpose.CARE_PICKUP: "pickups"}
LAST_STEP = "consents"


def tap_now(step: str) -> Said:
    """What a draft keeps of a finger that said yes just now: when, and to which texts."""
    texts = {str(one): TEXTS[one].version for one in ASKED if STEP_OF.get(one, LAST_STEP) == step}
    return {"at": clock.now().isoformat(), "versions": texts}


def taps_in(said: Said, purposes: list[Consent.Purpose]) -> dict[Consent.Purpose, Tap]:
    """When the guardian said yes to each of `purposes`; what a colleague typed in between, with the last step."""
    taps = said.get("taps", {})
    found: dict[Consent.Purpose, Tap] = {}
    for one in purposes:
        tap = taps.get(STEP_OF.get(one, LAST_STEP)) or taps.get(LAST_STEP)
        if tap:
            version = tap["versions"].get(str(one), TEXTS[one].version)
            found[one] = Tap(datetime.fromisoformat(tap["at"]), version)
    return found


def tapped(guardian: Resident, child: Resident | None, said: Said) -> bool:
    """Whether the guardian's own finger said yes to the texts of today: known as the child's guardian before, on a phone that
    serves nobody else."""
    if child is None or guardian.account is None or said.get("tapped") != guardian.account_id:
        return False
    if any(tap.version != TEXTS[one].version for one, tap in taps_in(said, chosen(said)).items()):
        return False
    return guardians.answers_for(guardian, child) and len(acting.own_residents(guardian.account)) == 1


def keep(*, child: Resident, guardian: Resident, said: Said, by: User, own: bool) -> None:
    """Write down what the draft says yes to; part of `deciding.accept`. `own`: as the guardian's own tap, with its moment and its
    text, else as signed on paper before `by`."""
    account, purposes = guardian.account if own else None, chosen(said)
    taps = taps_in(said, purposes) if account else {}
    for purpose in purposes:
        way = Way.TAP if account else Way.SIGNATURE
        consents.keep(child, purpose, by=account or by, way=way, guardian=guardian, tap=taps.get(purpose))


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
