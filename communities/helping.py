"""亲友代办: with the elder's consent a relative's or neighbour's phone may act for somebody (domain guide, 16).

The word is the elder's: at the desk, present and signing, or on the own phone. It ends with either's word, and with the consent.
"""

from collections.abc import Callable
from datetime import timedelta

import structlog

from communities import acting, changes, consents, duties, limits, registration, signin
from communities.kin import OwnPhoneMissing, kin_of
from communities.models import Consent, Helper, Resident, User
from communities.models.helping import HelperQuerySet
from communities.ownership import OwnersOnly
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb

HELPERS_PER_RESIDENT = 2
APPOINTED_A_DAY = 4
RELATIONS = ("子女", "孙辈", "配偶", "父母", "兄弟姐妹", "其他亲属", "邻居", "朋友")
log = structlog.get_logger(__name__)


class HelperNotConfirmed(Refused):
    code = "helper_not_confirmed"
    message = "社区确认登记以后才能登记代办人，这次没有办理。"


class HelperForMinor(Refused):
    code = "helper_for_minor"
    message = "亲友代办要成年人本人同意，未满18周岁不能登记代办人。这次没有办理。"


class OwnNumber(Refused):
    code = "helper_is_oneself"
    message = "这个手机号就是本人登录用的号码，不用登记代办人。这次没有办理。"


class AlreadyHelper(Refused):
    code = "already_helper"
    message = "这个手机号已经是代办人，没有重复登记。"


class TooManyHelpers(Refused):
    code = "too_many_helpers"
    message = f"每位居民最多登记{HELPERS_PER_RESIDENT}位代办人，这次没有办理。请先取消一位再登记。"


class TooManyPeople(Refused):
    code = "helper_serves_too_many"
    message = f"一个手机号最多为{registration.FILES_PER_ACCOUNT}位居民办理，这个号码已经满了。请换一位代办人。"


class StaffHelper(Refused):
    code = "helper_is_staff"
    message = "这个手机号是工作人员的。工作人员请在窗口代居民办理，不登记为亲友代办人。这次没有办理。"


class OwnFamilyHelper(Refused):
    code = "helper_is_kin"
    message = "不能为自己或同户家人登记代办，这次没有办理。请由另一位同事办理。"


class SharedPhoneHelper(Refused):
    code = "helper_shared_phone"
    message = "这部手机为不止一位居民服务，认不出是谁同意的。请本人到社区窗口登记代办人，这次没有办理。"


class HelperEnded(Refused):
    code = "helper_ended"
    message = "这位代办人已经取消过了，没有再改动。"


REFUSALS: Refusals = {"helper_once": lambda _: AlreadyHelper()}
Listener = Callable[[Helper], None]
_listeners: list[Listener] = []


def on_change(listener: Listener) -> None:
    """From now on `listener(helper)` is called within the act when a helper is appointed or ends."""
    if listener not in _listeners:
        _listeners.append(listener)


def hit(account: User) -> None:
    """Count one try of `account` to appoint on its own phone; refuses `TooMany`. Each could make an account of any number."""
    limits.hit(f"helper:{account.pk}", limit=APPOINTED_A_DAY, window=timedelta(days=1))


@verb(REFUSALS)
def appoint(*, resident: Resident, phone: str, name: str, relation: str, by: User, way: Consent.Way) -> Helper:
    """From now on the account of `phone` (made if it is new) may act for `resident`; the consent is written with it.

    By the resident's own account (way TAP), or at the desk with the resident present (SIGNATURE, COUNTER). Refuses with
    everything that `refusal_for` says, numbers of staff, and a number that serves too many.
    """
    changes.by(by)
    account = signin.account_of(phone=phone)
    User.objects.select_for_update(no_key=True).get(pk=account.pk)
    locked = Resident.objects.held(resident.pk)
    if refused := refusal_for(locked, by) or _against(account, locked, by):
        raise refused
    name, relation = name.strip(), relation.strip()
    if not (0 < len(name) <= 40 and 0 < len(relation) <= 20) or "\0" in name + relation:
        raise BadInput
    made = Helper.objects.create(
        resident=locked, account=account, name=name, relation=relation, by=by, consent=_consented(locked, by, way)
    )
    return _told(made)


def refusal_for(resident: Resident, by: User) -> Refused | None:
    """Why `by` cannot appoint a helper for `resident`, whoever it is; None when nothing stands against it."""
    own = _own(resident, by)
    age = resident.age_on(clock.today())
    if not own and by.kind == User.Kind.RESIDENT:
        return OwnersOnly()
    reasons: list[tuple[bool, Refused]] = [
        (not own and not duties.holds(by, resident.community), duties.NotYourDuty()),
        (not own and not by.own_phone, OwnPhoneMissing()),
        (not own and kin_of(by).includes(resident), OwnFamilyHelper()),
        (own and len(acting.own_residents(by)) > 1, SharedPhoneHelper()),
        (not resident.confirmed, HelperNotConfirmed()),
        (age is not None and age < registration.ADULT, HelperForMinor()),
        (resident.helpers.current().count() >= HELPERS_PER_RESIDENT, TooManyHelpers()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


def _against(account: User, resident: Resident, by: User) -> Refused | None:
    """What stands against this account as the helper."""
    staff = User.objects.filter(own_phone=account.phone, is_active=True)
    reasons: list[tuple[bool, Refused]] = [
        (account.pk == resident.account_id, OwnNumber()),
        (staff.filter(pk=by.pk).exists(), OwnFamilyHelper()),
        (staff.exists(), StaffHelper()),
        (by.is_desk_user and _is_kin(account, by), OwnFamilyHelper()),
        (resident.helpers.current().filter(account=account).exists(), AlreadyHelper()),
        (people_of(account) >= registration.FILES_PER_ACCOUNT, TooManyPeople()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


def people_of(account: User) -> int:
    """How many residents `account` serves and helps."""
    return account.residents.count() + account.helps.current().count()


@verb()
def end(*, helper: Helper, by: User) -> Helper:
    """The helper's phone acts no more: by the resident, by the helper, or by staff. With the last one the consent ends."""
    changes.by(by)
    mine = Helper.objects.select_for_update(no_key=True, of=("self",)).select_related("resident__community")
    locked = mine.get(pk=helper.pk)
    if by.pk not in {locked.account_id, locked.resident.account_id}:
        duties.require(by, locked.resident.community)
    if locked.ended_at is not None:
        raise HelperEnded
    _end(locked, by)
    if not locked.resident.helpers.filter(ended_at=None).exists():
        consents.end(Consent.objects.standing().filter(pk=locked.consent_id), by=by)
    return locked


def ends_with(consent: Consent, by: User) -> None:
    """Listens to consents: whoever withdraws this one is helped by nobody any more."""
    if consent.purpose == Consent.Purpose.HELPER and consent.resident:
        end_all(resident=consent.resident, by=by)


@verb()
def end_all(*, resident: Resident, by: User) -> int:
    """The consent was withdrawn, or the file is closed: nobody helps any more. How many that were; rights are the caller's."""
    changes.by(by)
    return _end_each(Helper.objects.filter(resident=resident), by)


@verb()
def leave_all(*, account: User, by: User) -> int:
    """`account` is given up, its number has a new owner: it helps nobody any more."""
    changes.by(by)
    return _end_each(Helper.objects.filter(account=account), by)


def helping(resident: Resident, by: User) -> Helper | None:
    """As whose helper `by` acts for `resident`; None for the own account, for staff and for clients (no query for them)."""
    if by.kind != User.Kind.RESIDENT or by.pk == resident.account_id:
        return None
    return resident.helpers.filter(account=by).order_by("-pk").first()


def said(resident: Resident, by: User) -> str:
    """由亲友李建国代办。 when a helper acts, for the message that the resident reads; else nothing."""
    helper = helping(resident, by)
    return f"由亲友{helper.name}代办。" if helper else ""


def _own(resident: Resident, by: User) -> bool:
    return resident.account_id is not None and by.pk == resident.account_id


def _is_kin(account: User, by: User) -> bool:
    kin = kin_of(by)
    return any(kin.includes(one) for one in account.residents.all()) or any(
        kin.includes(one) for one in Resident.objects.filter(phone=account.phone or "-")
    )


def _consented(resident: Resident, by: User, way: Consent.Way) -> Consent:
    """The consent that stands; who agreed to a newer text agreed to it for those who help already, too."""
    helping_already = list(resident.helpers.current().values_list("pk", flat=True))
    consent = consents.give(resident=resident, purpose=Consent.Purpose.HELPER, by=by, way=way)
    Helper.objects.filter(pk__in=helping_already).update(consent=consent)
    return consent


def _end_each(helpers: HelperQuerySet, by: User) -> int:
    found = list(helpers.filter(ended_at=None).select_for_update(no_key=True).order_by("pk"))
    for helper in found:
        _end(helper, by)
    return len(found)


def _end(helper: Helper, by: User) -> None:
    helper.ended_at, helper.ended_by = clock.now(), by
    helper.save(update_fields=["ended_at", "ended_by"])
    _told(helper)


def _told(helper: Helper) -> Helper:
    log.info("helper", helper=helper.pk, resident=helper.resident_id, ended=helper.ended_at is not None)
    for listener in _listeners:
        listener(helper)
    return helper
