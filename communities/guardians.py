"""监护: an adult with a file answers for a child: signs for it, acts for it, agrees to its volunteering and takes that back.

Registered at the counter with both present (domain guide, 3.6 and 13.1: guardian account, relation check, consent text).
Under 8 nobody has a file but for childcare; below 14 the guardian's phone speaks for the child, from 14 on the child with its consent.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import structlog
from django.db.models import Q

from communities import acting, changes, consents, duties
from communities.kin import OwnPhoneMissing, kin_of
from communities.models import Consent, Guardian, Resident, User
from communities.models.consents import ConsentQuerySet
from communities.models.guardians import ADULT
from communities.silencing import AtTheWindow, MayNotAnswer, silenced
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb

TINY, CHILD = 8, 14
GUARDIANS_PER_CHILD = 2
RELATIONS = ("母亲", "父亲", "祖父母", "外祖父母", "成年兄姐", "其他监护人")
Purpose, Way = Consent.Purpose, Consent.Way
# What one guardian agreed to outlasts them while another one answers for the child, who may want it still.
OUTLASTING = (Purpose.CARE_HEALTH, Purpose.CARE_PICKUP, Purpose.CARE_RELIEF)
Listener = Callable[[Guardian, list[Guardian], User], None]
_listeners: list[Listener] = []
log = structlog.get_logger(__name__)


class NotAChild(Refused):
    code = "not_a_child"
    message = (
        "监护人只为8到17周岁（托管的孩子可以更小）、登记了出生日期并已确认的孩子登记，没有登记。请先核对孩子的档案。"
    )


class NotAGuardian(Refused):
    code = "not_a_guardian"
    message = "监护人要是本社区已确认、登记了出生日期的成年居民，没有登记。请先为监护人建档或更正。"


class NeedsAccount(Refused):
    code = "guardian_needs_account"
    message = "未满14周岁的孩子由监护人的手机办理，监护人的档案还没有手机号，没有登记。请先绑定手机号。"


class AlreadyGuardian(Refused):
    code = "already_guardian"
    message = "这位居民已经登记为孩子的监护人，没有重复登记。"


class TooManyGuardians(Refused):
    code = "too_many_guardians"
    message = f"每个孩子最多登记{GUARDIANS_PER_CHILD}位监护人，没有登记。请先结束一位再登记。"


class OwnFamilyGuardian(Refused):
    code = "guardian_is_kin"
    message = "不能为自己或同户家人登记监护关系，没有改动。请由另一位同事办理。"
    status = 403


class GuardianEnded(Refused):
    code = "guardian_ended"
    message = "这条监护关系已经结束，没有再改动。"


class NotYourChild(Refused):
    code = "not_your_child"
    message = "没有登记您是这个孩子的监护人，什么都没有改动。请带户口簿等证明到社区窗口登记。"
    status = 403


class SharedPhone(Refused):
    code = "guardian_shared_phone"
    message = (
        "这部手机还为其他居民办理，认不出是不是监护人本人同意的，没有记录同意。请监护人到社区窗口办理。撤回不受影响。"
    )


REFUSALS: Refusals = {
    "guardian_once": lambda _: AlreadyGuardian(),
    "guardian_is_another": lambda _: NotAGuardian(),
}


@dataclass(frozen=True)
class Kinship:
    """What the colleague at the counter saw: `relation` in a word or two, `basis` the kind of paper; `agreed`: the guardian
    signed for volunteering too."""

    relation: str
    basis: Guardian.Basis
    agreed: bool = False


def on_end(listener: Listener) -> None:
    """`listener(ended, others, by)` is called in the transaction that ends a guardianship; `others` still speak for the child."""
    if listener not in _listeners:
        _listeners.append(listener)


@verb(REFUSALS)
def register(*, child: Resident, guardian: Resident, kinship: Kinship, by: User, care: bool = False) -> Guardian:
    """From now on `guardian` answers for `child`; `care`: for childcare, under 8 as well. Refuses what `refusal_for` says."""
    changes.by(by)
    for pk in sorted({child.pk, guardian.pk}):  # one order for everybody; whoever closes a file waits, or was first
        Resident.objects.held(pk)
    child, guardian = _read(child), _read(guardian)
    if refused := refusal_for(child, guardian, by, care=care):
        raise refused
    relation = kinship.relation.strip()
    if not 0 < len(relation) <= 20 or "\0" in relation or kinship.basis not in Guardian.Basis.values:
        raise BadInput
    made = Guardian.objects.create(child=child, guardian=guardian, relation=relation, basis=kinship.basis, by=by)
    if kinship.agreed and (child.age_on(clock.today()) or 0) >= TINY:
        consents.keep(child, Purpose.MINOR_VOLUNTEER, by=by, way=Way.SIGNATURE, guardian=guardian)
    log.info("guardian", guardian=made.pk, child=child.pk)
    return made


def refusal_for(child: Resident, guardian: Resident, by: User, *, care: bool = False) -> Refused | None:
    """Why `by` cannot register `guardian` for `child`; None when nothing stands against it. Under 8 only who is in childcare."""
    age, theirs, kin = child.age_on(clock.today()), guardian.age_on(clock.today()), kin_of(by)
    standing = Guardian.objects.current().filter(child=child)
    tiny = age is not None and age < TINY and not care and not consents.cared(child)
    reasons: list[tuple[bool, Refused]] = [
        (not duties.holds(by, child.community), duties.NotYourDuty()),
        (not by.own_phone, OwnPhoneMissing()),
        (kin.includes(child) or kin.includes(guardian), OwnFamilyGuardian()),
        (not child.confirmed or age is None or age >= ADULT or tiny, NotAChild()),
        (not guardian.confirmed or guardian.community_id != child.community_id, NotAGuardian()),
        (theirs is None or theirs < ADULT, NotAGuardian()),
        # Who is looked after needs nobody's phone: a guardian without one comes to the window.
        (age is not None and age < CHILD and guardian.account_id is None and not care, NeedsAccount()),
        (standing.filter(guardian=guardian).exists(), AlreadyGuardian()),
        (standing.count() >= GUARDIANS_PER_CHILD, TooManyGuardians()),
        (silenced(child, guardian), MayNotAnswer()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


@verb()
def end(*, guardian: Guardian, by: User) -> Guardian:
    """Staff: this adult answers for the child no more, and what they agreed to ends. Refuses `GuardianEnded`, own family."""
    changes.by(by)
    locked = Guardian.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "child__community", "guardian"
    )
    mine = locked.get(pk=guardian.pk)
    duties.require(by, mine.child.community)
    kin = kin_of(by)
    if kin.includes(mine.child) or kin.includes(mine.guardian):
        raise OwnFamilyGuardian
    if mine.ended_at is not None:
        raise GuardianEnded
    return _end(mine, by)


@verb()
def agree(*, child: Resident, by: User, purpose: Consent.Purpose = Purpose.MINOR_VOLUNTEER) -> Consent:
    """The guardian's own phone agrees to `purpose` for `child`. Refuses strangers and a phone that others share."""
    changes.by(by)
    locked = Resident.objects.held(child.pk)
    guardian = _speaker(locked, by, purpose)
    others = [one.pk for one in acting.own_residents(by) if one.pk != guardian.pk]
    if others:  # a child with the same number could have tapped, too
        raise SharedPhone
    return consents.keep(locked, purpose, by=by, way=Way.TAP, guardian=guardian)


@verb()
def sign(
    *, child: Resident, guardian: Guardian, by: User, purpose: Consent.Purpose = Purpose.MINOR_VOLUNTEER
) -> Consent:
    """Staff write down what the guardian signed at the counter. Refuses who may not register the two."""
    changes.by(by)
    locked = Resident.objects.held(child.pk)
    duties.require(by, child.community)
    kin, mine = kin_of(by), Guardian.objects.current().filter(pk=guardian.pk, child=locked).first()
    if mine is None:
        raise NotYourChild
    if purpose in consents.CARE and silenced(locked, mine.guardian):
        raise MayNotAnswer("这位监护人现在不能替孩子同意这一项，没有记录同意。请联系社区主任。")
    if kin.includes(locked) or kin.includes(mine.guardian):
        raise OwnFamilyGuardian
    return consents.keep(locked, purpose, by=by, way=Way.SIGNATURE, guardian=mine.guardian)


@verb()
def withdraw(*, child: Resident, by: User, purpose: Consent.Purpose = Purpose.MINOR_VOLUNTEER) -> bool:
    """A guardian takes it back: no reason is asked, and whoever listens ends the sign-ups. False when nothing stood."""
    changes.by(by)
    _speaker(child, by, purpose)
    return bool(consents.end(_standing(child).filter(purpose=purpose), by=by))


def guardians_by(child: Resident, account: User) -> list[Resident]:
    """The guardians of `child` who share this phone, the first file first."""
    mine = Guardian.objects.current().filter(child=child, guardian__account=account, guardian__status="confirmed")
    return [one.guardian for one in mine.select_related("guardian").order_by("pk")]


def guardian_by(child: Resident, account: User) -> Resident | None:
    """As which guardian of `child` the account speaks; None when as none."""
    return next(iter(guardians_by(child, account)), None)


def _speaker(child: Resident, by: User, purpose: Consent.Purpose) -> Resident:
    """As which guardian `by` speaks about `purpose`. Refuses strangers; in childcare whom a paper keeps away."""
    mine = guardians_by(child, by)
    if not mine:
        raise NotYourChild
    if purpose in consents.CARE and any(silenced(child, one) for one in mine):
        raise AtTheWindow
    return mine[0]


def answers_for(guardian: Resident, child: Resident) -> bool:
    """Whether this adult is the child's guardian today."""
    return Guardian.objects.current().filter(child=child, guardian=guardian).exists()


def consented(child: Resident, purpose: Consent.Purpose = Purpose.MINOR_VOLUNTEER) -> Consent | None:
    """The guardian's consent that stands for `purpose`, to the text as it is today."""
    return consents.standing(purpose).filter(resident=child).select_related("guardian").first()


def agreed_by(child: Resident, purpose: Consent.Purpose = Purpose.MINOR_VOLUNTEER) -> Resident | None:
    """The guardian who agreed to `purpose` and still answers for the child."""
    return agreed_by_each([child.pk], purpose).get(child.pk)


def agreed_by_each(children: Iterable[int], purpose: Consent.Purpose = Purpose.MINOR_VOLUNTEER) -> dict[int, Resident]:
    """`agreed_by` of each of `children` (their numbers); two queries for any number, one where nobody agreed."""
    given = consents.standing(purpose).filter(resident__in=list(children)).select_related("guardian")
    by_child = {consent.resident_id: consent.guardian for consent in given if consent.resident_id and consent.guardian}
    current = Guardian.objects.current().filter(child__in=by_child).values_list("child", "guardian")
    answering = set(current) if by_child else set()
    return {child: found for child, found in by_child.items() if (child, found.pk) in answering}


def children_of(account: User) -> list[Guardian]:
    """For whom this account answers, with or without an account of their own, the first file first."""
    mine = Guardian.objects.current().filter(guardian__account=account, child__status="confirmed")
    return list(mine.select_related("child__community", "guardian").order_by("child_id", "pk"))


@verb()
def end_all(*, resident: Resident, by: User) -> None:
    """Who leaves answers for nobody, and nobody for them; rights are the caller's."""
    changes.by(by)
    mine = Guardian.objects.filter(ended_at=None).select_related("child", "guardian")
    for one in mine.filter(guardian=resident):
        _end(one, by)
    for one in mine.filter(child=resident):
        _end(one, by, leaving=True)


def _end(mine: Guardian, by: User, *, leaving: bool = False) -> Guardian:
    """`leaving`: the child does, so nobody is left to want anything, or to be told."""
    mine.ended_at, mine.ended_by = clock.now(), by
    mine.save(update_fields=["ended_at", "ended_by"])
    others = [] if leaving else speaking_for(mine.child)
    given = _standing(mine.child).filter(guardian=mine.guardian_id)
    if others:
        given = given.exclude(purpose__in=OUTLASTING)
    else:  # what outlasted somebody before ends with the last one
        answering = Guardian.objects.current().filter(child=mine.child).values("guardian")
        given = given | _standing(mine.child).filter(~Q(guardian__in=answering), purpose__in=OUTLASTING)
    consents.end(given, by=by)
    log.info("guardian", guardian=mine.pk, child=mine.child_id, ended=True)
    for listener in () if leaving else _listeners:
        listener(mine, others, by)
    return mine


def speaking_for(child: Resident) -> list[Guardian]:
    """Who answers for `child` today and is kept away from it by no paper."""
    mine = Guardian.objects.current().filter(child=child).select_related("guardian").order_by("pk")
    return [one for one in mine if not silenced(child, one.guardian)]


def _standing(child: Resident) -> ConsentQuerySet:
    return Consent.objects.standing().filter(resident=child, purpose__in=consents.GUARDIANS)


def _read(resident: Resident) -> Resident:
    return Resident.objects.select_related("community").get(pk=resident.pk)
