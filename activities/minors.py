"""未成年人: children on the list of an activity, whether their guardian is there, and what ends with the guardian's consent."""

from datetime import datetime

from django.db.models import Q

from activities import presence, signup
from activities.models import Activity, Means, Participation
from communities import duties
from communities.kin import kin_of, refusal_between
from communities.models import Consent, User
from core import clock
from core.refusals import Refused
from core.verbs import verb

Status = Participation.Status


class OwnChild(Refused):
    code = "own_child"
    message = "不能给自己的孩子或家人登记，没有改动。请由另一位同事办理。"
    status = 403


class NoGuardianNeeded(Refused):
    code = "no_guardian_needed"
    message = "这个人已经入账、没有报名，或者不用监护人到场，没有改动。"


@verb()
def there(
    *, participation: Participation, by: User, present: bool = True, how: Means = Means.DESK
) -> Participation:  # fmt: skip
    """Staff, or by LIST the organiser, saw the guardian of this child on the spot; `present` False takes a wrong tick back, until
    it is recorded. Refuses `OwnChild`, `NoGuardianNeeded`, and who may not say so."""
    locked = Participation.objects.select_for_update(no_key=True, of=("self",))
    people = locked.select_related("activity__community", "activity__organiser", "resident", "guardian")
    mine = people.get(pk=participation.pk)
    if refused := _refusal_to_vouch(mine, by, how):
        raise refused
    mine.guardian_there = present
    mine.save(update_fields=["guardian_there"])
    return mine


def _refusal_to_vouch(mine: Participation, by: User, how: Means) -> Refused | None:
    if how != Means.LIST:
        duties.require(by, mine.activity.community)
    elif not presence.leads(mine.activity, by):
        return presence.NotTheOrganiser()
    if mine.guardian is None or mine.status != Status.SIGNED_UP:
        return NoGuardianNeeded()
    family = (mine.resident, mine.guardian)
    if how == Means.LIST:  # a resident, whose file the account itself names
        kin = kin_of(by)
        return OwnChild() if any(kin.includes(one) for one in family) else None
    return refusal_between(by=by, beneficiaries=family, family=OwnChild())


def children_in(activity: Activity) -> list[Participation]:
    """Who came, or comes, with a guardian; by name."""
    mine = activity.participations.standing().exclude(guardian=None)
    return list(mine.select_related("resident", "guardian").order_by("resident__pinyin", "pk"))


def consent_ended(consent: Consent, by: User) -> None:
    """Listens to consents: what has not begun yet is cancelled; the places go to who waits. Hours that are booked stay."""
    if consent.purpose == Consent.Purpose.MINOR_VOLUNTEER and consent.resident:
        cancel_coming(consent, by, clock.now())


def cancel_coming(consent: Consent, by: User, at: datetime) -> None:
    resident = consent.resident
    assert resident is not None
    mine = Participation.objects.of(resident).filter(status__in=[Status.SIGNED_UP, Status.WAITING], arrived_at=None)
    coming = mine.filter(activity__starts_at__gt=at).filter(Q(activity__volunteering=True) | ~Q(guardian=None))
    for number in coming.order_by("pk").values_list("activity", flat=True):
        signup.withdraw(activity_id=number, resident=resident, by=by, at=at)
