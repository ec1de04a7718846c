"""Who may take what: limits per person and household, groups, ages. One resident's facts, any number of offers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Q

from communities import couriers
from communities.models import Resident
from core import clock
from core.refusals import Refused
from core.sql import call
from partners.models import Offer, Partner, Voucher
from points import ledger, purse as common, statement

ADULT, ELDER = 18, 60
# No medical advertising to minors (广告法 40, domain guide 7.4).
HEALTH = (Partner.Trade.MEDICAL,)
ONE_BY_ONE = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
Group, Period = Offer.Group, Offer.Period
SPAN = {Period.EVER: "", Period.MONTH: "每月", Period.QUARTER: "每季度"}


class OfferOver(Refused):
    code = "offer_over"
    message = "这项服务现在不能兑换，您的积分没有扣。请看看其他服务。"


class OfferGone(Refused):
    code = "offer_gone"
    message = "这项服务刚被兑完，您的积分没有扣。请看看其他服务。"


class NotConfirmed(Refused):
    code = "resident_not_confirmed"
    message = "社区还没有确认居民登记，暂时不能兑换，您的积分没有扣。一般一个工作日内确认，急用可打社区电话。"


class OfferElsewhere(Refused):
    code = "offer_elsewhere"
    message = "这项服务只给本街道居民，您的积分没有扣。请看看您所在街道的服务。"


class CouriersOnly(Refused):
    code = "couriers_only"
    message = "这项服务只给已登记的小哥，您的积分没有扣。可在“小哥驿站”登记，或看看其他服务。"


class EldersOnly(Refused):
    code = "elders_only"
    message = f"这项服务只给{ELDER}周岁以上的居民，您的积分没有扣。社区没有登记出生日期的，请带身份证到社区登记。"


class AdultsOnly(Refused):
    code = "adults_only"
    message = "这项服务只给成年人，您的积分没有扣。请看看其他服务，或请家长兑换。"


class PersonFull(Refused):
    code = "offer_person_full"

    def __init__(self, most: int = 1, span: str = "每月") -> None:
        super().__init__(f"这项服务{span}每人限兑{most}张，您已经兑满，积分没有扣。请看看其他服务。")


class HouseholdFull(Refused):
    code = "offer_household_full"

    def __init__(self, most: int = 1, span: str = "每月") -> None:
        super().__init__(f"这项服务{span}每户限兑{most}张，您家已经兑满，积分没有扣。请看看其他服务。")


@dataclass(frozen=True)
class Facts:
    """What decides about one resident. `purse` is None for who does not share one; the counts are by offer and period."""

    resident: Resident
    rides: bool
    age: int | None
    spendable: int
    purse: int | None
    own: dict[tuple[int, str], int]
    family: dict[tuple[int, str], int]


def begins(period: str, day: date) -> datetime | None:
    """The first moment that counts for a limit of `period`; None for ever."""
    month = {Period.MONTH: day.month, Period.QUARTER: (day.month - 1) // 3 * 3 + 1}.get(Period(period))
    return clock.at(date(day.year, month, 1), time()) if month else None


def facts_of(resident: Resident, at: datetime, offers: Collection[Offer], *, purse: bool = False) -> Facts:
    """A few queries, for any number of `offers`. What the household has is read where it is asked for, or the own points are short."""
    today, have = clock.local(at).date(), statement.available(resident, at=at)
    short = purse or any(one.price > have for one in offers)
    return Facts(
        resident, couriers.rides(resident), resident.age_on(today), have, common.spendable(resident, at) if short else None,
        *counts(resident, today, offers),
    )  # fmt: skip


def counts(
    resident: Resident, day: date, offers: Collection[Offer]
) -> tuple[dict[tuple[int, str], int], dict[tuple[int, str], int]]:
    """How many of each limited offer this person, and the household, took in the present period and did not give back."""
    limited = [one for one in offers if one.per_person or one.per_household]
    own: dict[tuple[int, str], int] = {}
    family: dict[tuple[int, str], int] = {}
    if not limited:
        return own, family
    mine = Q(resident=resident)
    if resident.household_id:
        mine |= Q(resident__household=resident.household_id)
    taken = Voucher.objects.standing().filter(mine, offer__in=limited).values_list("offer", "resident", "at")
    periods = {one.pk: one.period for one in limited}
    for offer, who, at in taken:
        period = periods[offer]
        since = begins(period, day)
        if since is None or at >= since:
            key = (offer, period)
            family[key] = family.get(key, 0) + 1
            own[key] = own.get(key, 0) + (who == resident.pk)
    return own, family


def refusal_for(offer: Offer, facts: Facts, on: date, *, purse: bool = False) -> Refused | None:
    """Why this resident cannot take one; the partner's standing apart (`standing.refusal_for`). No query."""
    return (
        against_offer(offer, on)
        or against_person(offer, facts)
        or against_limits(offer, facts.own, facts.family)
        or against_wallet(offer, facts, purse=purse)
    )


def against_offer(offer: Offer, on: date) -> Refused | None:
    if offer.status != Offer.Status.OPEN or not offer.starts_on <= on <= offer.ends_on:
        return OfferOver()
    return OfferGone() if offer.left is not None and offer.left <= 0 else None


def against_person(offer: Offer, facts: Facts) -> Refused | None:
    who, age = facts.resident, facts.age
    reasons: list[tuple[bool, Refused]] = [
        (not who.confirmed, NotConfirmed()),
        (who.community.sub_district_id != offer.community.sub_district_id, OfferElsewhere()),
        (offer.group == Group.COURIERS and not facts.rides, CouriersOnly()),
        (offer.group == Group.ELDERS and (age is None or age < ELDER), EldersOnly()),
        (age is not None and age < ADULT and for_adults(offer), AdultsOnly()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


def for_adults(offer: Offer) -> bool:
    """Health, and strangers at the door, are no matter of minors."""
    return offer.partner.trade in HEALTH or offer.booking == Offer.Booking.HOME


def against_limits(
    offer: Offer, own: dict[tuple[int, str], int], family: dict[tuple[int, str], int]
) -> Refused | None:  # fmt: skip
    """What was taken already; asked again under the locks of wallet and household."""
    key, span = (offer.pk, offer.period), SPAN[Period(offer.period)]
    if offer.per_person and own.get(key, 0) >= offer.per_person:
        return PersonFull(offer.per_person, span)
    if offer.per_household and family.get(key, 0) >= offer.per_household:
        return HouseholdFull(offer.per_household, span)
    return None


def limits_again(offer: Offer, resident: Resident, at: datetime) -> Refused | None:
    """The limits once more, when nobody of the household can take one of `offer` meanwhile. The wallet is locked already."""
    if offer.per_household and resident.household_id:
        call(ONE_BY_ONE, f"voucher:{offer.pk}:{resident.household_id}")
    return against_limits(offer, *counts(resident, clock.local(at).date(), [offer]))


def against_wallet(offer: Offer, facts: Facts, *, purse: bool = False) -> Refused | None:
    if not purse:
        return ledger.ShortOfPoints(offer.price - facts.spendable) if facts.spendable < offer.price else None
    if facts.purse is None:
        return ledger.NoPurse()
    return common.ShortOfPurse(offer.price - facts.purse) if facts.purse < offer.price else None
