"""户: who lives together, as each adult among them agreed. What a household shares ends with leaving it."""

from collections.abc import Callable
from datetime import datetime

from communities import changes, consents, duties
from communities.closing import Gone
from communities.files import ChangedMeanwhile
from communities.kin import kin_of, refusal_between
from communities.models import Consent, Household, Parting, Resident, User
from communities.registration import NotYourOwn
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb

ADULT = 18
Purpose = Consent.Purpose
Listener = Callable[[Resident, User], None]
_listeners: list[Listener] = []


class NotConfirmed(Refused):
    code = "household_not_confirmed"
    message = "只有已确认的居民可以登记户，什么都没有改动。请先确认这份档案。"


class NeedsAdult(Refused):
    code = "household_needs_adult"
    message = "未成年人要跟随户里一位已同意的成年家人登记，什么都没有改动。请先登记家长。"


class SameHousehold(Refused):
    code = "same_household"
    message = "已经在这一户里，没有改动。"


class OtherCommunity(Refused):
    code = "household_elsewhere"
    message = "一户的人要在同一个社区，什么都没有改动。请先办理迁移。"


def on_leave(listener: Listener) -> None:
    """`listener(resident, by)` is called in the transaction, before any row is locked, while the household still stands."""
    if listener not in _listeners:
        _listeners.append(listener)


def members_of(household_id: int | None) -> list[Resident]:
    """Everybody of the household, the first file first; nobody for None."""
    return list(Resident.objects.filter(household=household_id).order_by("pk")) if household_id else []


def refusal_for(resident: Resident, by: User, household: Household | None = None) -> Refused | None:
    """Why `by` cannot change the household of `resident` (or add to `household`); None when nothing stands against it.

    Staff leave their own and their family's alone, in and out: who is kin is known by the household (communities/kin.py).
    """
    if by.pk == resident.account_id and household is None:
        return None
    if not duties.holds(by, resident.community):
        return duties.NotYourDuty()
    own, kin = NotYourOwn("不能改动自己和家人的户，请由另一位同事办理。什么都没有改动。"), kin_of(by)
    if household and household.pk in kin.households:
        return own
    return refusal_between(by=by, beneficiaries=[resident], kin=kin, family=own)


@verb()
def found(
    *, resident: Resident, by: User, way: Consent.Way = Consent.Way.SIGNATURE, at: datetime | None = None
) -> Household:
    """立户: a household of one adult, who agrees to it by `way`; others join it. Refuses minors and as `join` does."""
    home = Household.objects.create(community_id=resident.community_id)
    join(resident=resident, household=home, by=by, way=way, at=at)
    return home


@verb()
def join(
    *,
    resident: Resident,
    household: Household,
    by: User,
    way: Consent.Way = Consent.Way.SIGNATURE,
    at: datetime | None = None,
) -> Resident:
    """`resident` belongs to `household` from now on, and to no other: what was shared with the old one ends.

    An adult, and whoever's age nobody knows, agrees by `way`. For a minor the first adult who agreed does, in writing.
    Refuses what `refusal_for` says, files that are not confirmed, another community, `NeedsAdult`, `SameHousehold`.
    """
    at = at or clock.now()
    if refused := refusal_for(resident, by, household):
        raise refused
    changes.by(by)
    if resident.household_id and resident.household_id != household.pk:
        leave(resident=resident, by=by, at=at)
    home, locked = _locked(household.pk, resident.pk)
    reasons: list[tuple[bool, Refused]] = [
        (locked.household_id == home.pk, SameHousehold()),
        (locked.household_id is not None, ChangedMeanwhile()),
        (not locked.confirmed, NotConfirmed()),
        (home.community_id != locked.community_id, OtherCommunity()),
    ]
    if refused := next((refused for stands, refused in reasons if stands), None):
        raise refused
    _agree(locked, home, by, way, at)
    locked.household = home
    locked.save(update_fields=["household"])
    resident.household = home
    return locked


@verb()
def leave(*, resident: Resident, by: User, at: datetime | None = None) -> bool:
    """`resident` is of no household any more, consents to none, and shares nothing. False for who was of none.

    By the own account or by staff. Minors whom no adult is left with leave too. Refuses what `refusal_for` says.
    """
    at = at or clock.now()
    resident.refresh_from_db(fields=["household"])
    if resident.household_id is None:
        return False
    if refused := refusal_for(resident, by):
        raise refused
    changes.by(by)
    for listener in _listeners:
        listener(resident, by)
    home, locked = _locked(resident.household_id, resident.pk)
    if locked.household_id != home.pk:
        raise ChangedMeanwhile("这位居民的户刚刚被改动过，这次没有办理。请看看现在的内容。")
    _part(locked, home, by, at)
    left = members_of(home.pk)
    if not any(_speaks(one, at) for one in left):
        for one in left:
            _part(one, home, by, at)
    resident.household = None
    return True


def consent_ended(consent: Consent, by: User) -> None:
    """Whoever withdraws the consent to a household leaves it."""
    if consent.purpose == Purpose.HOUSEHOLD and consent.resident:
        leave(resident=consent.resident, by=by)


def file_closed(gone: Gone) -> None:
    """Whoever closes the file leaves the household while it still says who that was."""
    leave(resident=gone.resident, by=gone.by)


def _locked(household: int, resident: int) -> tuple[Household, Resident]:
    # The household first: a minor who joins and the only adult who leaves meet here.
    home = Household.objects.select_for_update(no_key=True).get(pk=household)
    return home, Resident.objects.held(resident)


def _agree(resident: Resident, home: Household, by: User, way: Consent.Way, at: datetime) -> None:
    if _speaks(resident, at):
        consents.give(resident=resident, purpose=Purpose.HOUSEHOLD, by=by, way=way)
        return
    family = [one for one in members_of(home.pk) if one.age_on(clock.local(at).date()) is not None and _speaks(one, at)]
    agreed = consents.held_by(family, Purpose.HOUSEHOLD)
    adult = next((one for one in family if one.pk in agreed), None)
    if adult is None:
        raise NeedsAdult
    if way != Consent.Way.SIGNATURE:
        raise BadInput("未成年人由家长签字登记，请选“纸质签字”。什么都没有改动。")
    consents.give(resident=resident, purpose=Purpose.HOUSEHOLD, by=by, way=way, guardian=adult)


def _speaks(resident: Resident, at: datetime) -> bool:
    """Whether this person agrees for oneself: of age, or nobody knows the age."""
    age = resident.age_on(clock.local(at).date())
    return age is None or age >= ADULT


def _part(resident: Resident, home: Household, by: User, at: datetime) -> None:
    resident.household = None
    resident.save(update_fields=["household"])
    Parting.objects.create(resident=resident, household=home, at=at, by=by)
    consents.end(Consent.objects.standing().filter(resident=resident, purpose=Purpose.HOUSEHOLD), by=by)
