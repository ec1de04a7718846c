"""同意: one row per purpose and version (domain guide, 13.1), given and withdrawn with equal ease.

Refusing or withdrawing costs nothing that does not need it. Whoever must end something with a consent registers a listener.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from communities import changes, duties
from communities.kin import refusal_between
from communities.models import Consent, Resident, User
from communities.models.consents import ConsentQuerySet
from communities.ownership import OwnersOnly, is_own
from communities.purposes import PERSONAL_DATA_VERSION, TEXTS, Text
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb

__all__ = ["PERSONAL_DATA_VERSION", "agree", "give", "held_by", "on_give", "on_withdraw", "standing", "withdraw"]

GUARDIAN_BELOW = 14
Purpose, Way = Consent.Purpose, Consent.Way
# What the guardian agrees to for a child (communities/guardians.py).
CARE = (
    Purpose.CHILD_DATA, Purpose.CARE, Purpose.CARE_HEALTH, Purpose.CARE_PICKUP, Purpose.CARE_PHOTO, Purpose.CARE_ALONE,
    Purpose.CARE_RELIEF,
)  # fmt: skip
GUARDIANS = (Purpose.MINOR_VOLUNTEER, Purpose.MINOR_COURSES, *CARE)


class SharedPhone(Refused):
    code = "consent_shared_phone"
    message = "这部手机为不止一位居民服务，认不出是谁同意的，没有记录同意。请本人到社区窗口办理。撤回不受影响。"


class NeedsGuardian(Refused):
    code = "consent_needs_guardian"
    message = "未满14周岁，要由监护人到社区窗口签字同意，没有记录同意。"


class NoFile(Refused):
    code = "consent_no_file"
    message = "这份登记未通过或已注销，没有记录同意。"


class KeepsTheFile(Refused):
    code = "consent_keeps_file"
    message = "没有这项同意就不能保留档案。要撤回，请申请注销账号；现在什么都没有改动。"


class GuardiansWord(Refused):
    code = "guardians_word"
    message = "这项同意由监护人来给：请监护人在“我的—孩子”里办理，或一起到社区窗口。没有记录同意。"
    status = 403


class GuardianTakesBack(Refused):
    code = "guardian_takes_back"
    message = (
        "这项同意由监护人给，也由监护人撤回，没有改动。请监护人在“托管—孩子资料—同意事项”里撤回，或一起到社区窗口。"
    )
    status = 403


class HowUnknown(Refused):
    code = "consent_how"
    message = "窗口代录要写明方式：本人在纸上签字，或本人当面同意后代录。没有记录同意。"
    status = 400


REFUSALS: Refusals = {"consent_standing_once": lambda _: BadInput("这项同意刚刚已经记录过，不用重复提交。")}
Listener = Callable[[Consent, User], None]
_listeners: list[Listener] = []
_given: list[Listener] = []


@dataclass(frozen=True)
class Box:
    """One purpose as the person sees it: its text, and the consent that stands for it. `outdated`: it was to an older text."""

    purpose: Consent.Purpose
    text: Text
    consent: Consent | None
    outdated: bool

    @property
    def given(self) -> bool:
        return self.consent is not None and not self.outdated

    @property
    def care(self) -> bool:
        """Whether a guardian said it about childcare, and takes it back there."""
        return self.purpose in CARE


def on_withdraw(listener: Listener) -> None:
    """`listener(consent, by)` is called in the transaction that withdraws a resident's consent; `consent.resident` is read."""
    if listener not in _listeners:
        _listeners.append(listener)


def on_give(listener: Listener) -> None:
    """`listener(consent, by)` is called in the transaction that writes a resident's consent down; a refusal of it is the answer."""
    if listener not in _given:
        _given.append(listener)


@verb()
def agree(*, account: User, version: str) -> None:
    """Keep that `account` agreed to this version of the rules at its door; a second time changes nothing."""
    changes.by(account)
    Consent.objects.get_or_create(
        account=account, purpose=Purpose.PERSONAL_DATA, version=version, defaults={"given_at": clock.now()}
    )


def standing(purpose: Consent.Purpose) -> ConsentQuerySet:
    """Residents' consents that count today: not withdrawn, and to the text as it stands now."""
    return Consent.objects.standing().filter(
        resident__isnull=False, purpose=purpose, version=TEXTS[purpose].version
    )  # fmt: skip


def held_by(residents: Iterable[Resident], purpose: Consent.Purpose) -> set[int]:
    """Which of `residents` (by number) consent to `purpose` today; one query for any number."""
    return set(standing(purpose).filter(resident__in=list(residents)).values_list("resident", flat=True))


def cared(child: Resident) -> bool:
    """Whether a guardian ever agreed to childcare for `child`: a file of somebody under 8 has this one reason."""
    return Consent.objects.filter(resident=child, purpose__in=(Purpose.CARE, Purpose.CHILD_DATA)).exists()


def boxes(resident: Resident) -> list[Box]:
    """What is asked of `resident`, and whatever else stands; one query."""
    mine = {one.purpose: one for one in Consent.objects.standing().filter(resident=resident)}
    shown = [(Purpose(key), text) for key, text in TEXTS.items() if text.asked or key in mine]
    return [
        Box(key, text, mine.get(key), key in mine and mine[key].version != text.version) for key, text in shown
    ]  # fmt: skip


def agreed_version(account: User) -> str:
    """The newest version of the rules that `account` agreed to at its door; empty for none."""
    mine = Consent.objects.standing().filter(account=account, purpose=Purpose.PERSONAL_DATA)
    return mine.order_by("-given_at").values_list("version", flat=True).first() or ""


def asks_again(account: User) -> bool:
    """Whether the rules have changed since `account` agreed to them; who agreed on paper is asked at the counter."""
    return agreed_version(account) not in ("", PERSONAL_DATA_VERSION)


def refusal_to_give(resident: Resident, by: User, way: Consent.Way) -> Refused | None:
    """Why `by` cannot write down that `resident` consents; None when nothing stands against it."""
    own, age = is_own(by, resident), resident.age_on(clock.today())
    if not own and by.kind == User.Kind.RESIDENT:
        return OwnersOnly()
    shared = own and by.residents.filter(status__in=(Resident.Status.PENDING, Resident.Status.CONFIRMED)).count() > 1
    reasons: list[tuple[bool, Refused]] = [
        (not own and not duties.holds(by, resident.community), duties.NotYourDuty()),
        (own is not (way == Way.TAP), HowUnknown()),
        (resident.status not in {Resident.Status.PENDING, Resident.Status.CONFIRMED}, NoFile()),
        (shared, SharedPhone()),
        (way != Way.SIGNATURE and age is not None and age < GUARDIAN_BELOW, NeedsGuardian()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


@verb(REFUSALS)
def give(
    *, resident: Resident, purpose: Consent.Purpose, by: User, way: Consent.Way, guardian: Resident | None = None
) -> Consent:
    """`resident` consents to the text of `purpose` as it stands today; one that stands already is left as it is.

    By the own account (way TAP), or by staff who say how it was given (SIGNATURE, COUNTER). Refuses what
    `refusal_to_give` says. An older version that stood ends here without anybody being told: the new one takes its place.
    """
    changes.by(by)
    locked = Resident.objects.held(resident.pk)
    if purpose in GUARDIANS:
        raise GuardiansWord
    if refused := refusal_to_give(locked, by, way):
        raise refused
    return keep(locked, purpose, by=by, way=way, guardian=guardian)


@dataclass(frozen=True)
class Tap:
    """When somebody's own finger said yes, and to which version of the text: where it is written down later than that."""

    at: datetime
    version: str


def keep(
    locked: Resident, purpose: Consent.Purpose, *, by: User, way: Consent.Way, guardian: Resident | None = None,
    tap: Tap | None = None,
) -> Consent:  # fmt: skip
    """Write the consent down, of a locked file; part of `give`, and of the guardian's word (communities/guardians.py)."""
    tap = tap or Tap(clock.now(), TEXTS[purpose].version)
    mine = Consent.objects.standing().filter(resident=locked, purpose=purpose)
    stands = mine.filter(version=TEXTS[purpose].version).first()
    if stands:
        return stands
    mine.update(withdrawn_at=clock.now(), withdrawn_by=by)
    made = Consent.objects.create(
        resident=locked, purpose=purpose, version=tap.version, way=way, by=by, given_at=tap.at, guardian=guardian,
    )  # fmt: skip
    for listener in _given:
        listener(made, by)
    return made


@verb()
def withdraw(*, resident: Resident, purpose: Consent.Purpose, by: User) -> bool:
    """From now on `resident` does not consent to `purpose`; False when nothing stood. No reason is asked.

    By the own account, or by staff with a duty. Refuses `OwnersOnly`, `NotYourDuty`, PERSONAL_DATA: that is closing, and on a
    phone what the guardians say about childcare: their page asks once more, because a place ends with it.
    """
    if not is_own(by, resident):
        if by.kind == User.Kind.RESIDENT:
            raise OwnersOnly
        duties.require(by, resident.community)
        if purpose in CARE and (refused := refusal_between(by=by, beneficiaries=[resident])):
            raise refused
    if purpose == Purpose.PERSONAL_DATA:
        raise KeepsTheFile
    if purpose in CARE and by.kind == User.Kind.RESIDENT:
        raise GuardianTakesBack
    return bool(end(Consent.objects.standing().filter(resident=resident, purpose=purpose), by=by))


@verb()
def end(consents: ConsentQuerySet, *, by: User) -> int:
    """Write `consents` off as withdrawn and tell whoever listens; rights are the caller's. How many that were."""
    changes.by(by)
    found = list(
        consents.select_for_update(no_key=True, of=("self",)).select_related("resident__community").order_by("pk")
    )
    for consent in found:
        consent.withdrawn_at, consent.withdrawn_by = clock.now(), by
        consent.save(update_fields=["withdrawn_at", "withdrawn_by"])
        for listener in _listeners if consent.resident else ():
            listener(consent, by)
    return len(found)
