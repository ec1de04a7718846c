"""居民确认: residents who were there say so, with one to five stars; enough of them confirm a delivery (domain guide, 7.5).

Locks: the delivery, so that two who say it at once are counted one after the other.
"""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from communities.kin import kin_of
from communities.models import Resident, User
from communities.settings import DELIVERY_WITNESSES, value_of
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from partners.models import Clerk, Delivery, Rating
from partners.obligations.reporting import OLDEST, locked

REMARK, STARS = 100, range(1, 6)
Status = Delivery.Status


class AlreadySaid(Refused):
    code = "already_said"
    message = "您已经为这次服务确认过，不用重复提交。谢谢。"


class HouseholdSaid(Refused):
    code = "household_said"
    message = "您的家人已经为这次服务确认过，一户算一次，没有重复记录。谢谢。"


class OwnDelivery(Refused):
    code = "own_delivery"
    message = "这次服务由您、您的家人或您所在的合伙人提供，不能自己确认，没有记录。请由参加的居民确认。"
    status = 403


class NotConfirmedYet(Refused):
    code = "resident_not_confirmed"
    message = "社区确认您的登记以后才能为合伙人确认服务，这次没有记录。"


class SaidTooLate(Refused):
    code = "delivery_over"
    message = "这次服务已经过了确认的时间，或社区没有认可，没有记录。"


class NotStars(BadInput):
    code = "stars"
    message = f"请选1到5颗星，意见不超过{REMARK}字，没有提交。"


REFUSALS: Refusals = {
    "rating_of_delivery_once": lambda _: AlreadySaid(),
    "CL001": lambda _: NotConfirmedYet("登记已经注销，不能为合伙人确认服务，这次没有记录。"),
}


def refusal_for(delivery: Delivery, resident: Resident, by: User, at: datetime) -> Refused | None:
    """Why `resident` cannot say that they were there; None when nothing stands against it. Page and verb ask."""
    if resident.status != Resident.Status.CONFIRMED:
        return NotConfirmedYet()
    last = delivery.on + timedelta(days=OLDEST)
    if delivery.status == Status.DECLINED or clock.local(at).date() > last:
        return SaidTooLate()
    said = delivery.ratings.filter(resident=resident)
    if said.exists():
        return AlreadySaid()
    if concerned(delivery, resident, by):
        return OwnDelivery()
    home = resident.household_id
    return HouseholdSaid() if home and delivery.ratings.filter(resident__household=home).exists() else None


def concerned(delivery: Delivery, resident: Resident, by: User) -> bool:
    """Whether the resident, somebody of the household, or a helper who says it (`by`) reported it or serves for the partner."""
    if of_the_shop(delivery.promise.agreement.partner_id, resident, by):
        return True
    theirs = kin_of(delivery.by)  # a colleague who reported it with the staff account has a file by the own phone
    return theirs.includes(resident) or _family_of(resident).filter(account=delivery.by_id).exists()


def of_the_shop(partner_id: int, resident: Resident, by: User) -> bool:
    """Whether the resident, the household, or `by` who helps them, serves for the partner: they praise nothing of their own."""
    own = Q(account=by) | Q(account__residents__in=_family_of(resident))
    return Clerk.objects.current().filter(own, partner=partner_id).exists()


def _family_of(resident: Resident) -> QuerySet[Resident]:
    home = Q(household=resident.household_id, household__isnull=False)
    return Resident.objects.filter(home | Q(pk=resident.pk))


@verb(REFUSALS)
def witness(
    *, delivery: Delivery, resident: Resident, stars: int, by: User, remark: str = "", at: datetime | None = None
) -> Rating:  # fmt: skip
    """`resident` was there. The setting says how many make it confirmed, one of each household.

    Who was there once saw it once: of several times a colleague confirms, whatever residents say.

    Refuses `NotStars` and what `refusal_for` says. `by` is the resident's account or a helper's.
    """
    at, remark = at or clock.now(), remark.strip()
    if stars not in STARS or len(remark) > REMARK or "\0" in remark:
        raise NotStars
    mine = locked(delivery)
    if refused := refusal_for(mine, resident, by, at):
        raise refused
    agreement = mine.promise.agreement
    said = Rating.objects.create(
        partner=agreement.partner, community=agreement.community, resident=resident, delivery=mine, stars=stars, remark=remark, at=at
    )  # fmt: skip
    enough = value_of(DELIVERY_WITNESSES, agreement.community.sub_district_id, on=clock.local(at).date())
    if mine.status == Status.REPORTED and mine.times == 1 and mine.ratings.count() >= enough:
        mine.status, mine.settled_at = Status.CONFIRMED, at
        mine.settled_note = f"{enough}户居民确认"
        mine.save(update_fields=["status", "settled_at", "settled_note"])
    return said
