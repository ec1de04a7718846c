"""礼品: put on the list by staff, taken off. Who may take one: `refusal_to_reserve`; taking it: partners/exchanging.py.

How many there are is said by the stock book (partners/stock), which two people keep.
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, Q, Sum

from communities import couriers, duties
from communities.models import Community, Resident, SubDistrict, User
from communities.settings import GIFT_QUARTER_POINTS, GIFTS_A_MONTH, values_of
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from partners.models import Exchange, Gift
from partners.stock import batches
from points import ledger, statement

TITLE, NOTE, WHERE, REASON, SPEC, UNIT = 40, 200, 80, 60, 30, 6  # characters
PRICES = range(1, 100_001)
Group, Role = Gift.Group, duties.Role


class BadGift(BadInput):
    code = "bad_gift"
    message = f"请填写礼品名称（不超过{TITLE}字）、所需积分（1到100,000）、领取地点和时间（不超过{WHERE}字）、单位，说明不超过{NOTE}字，规格不超过{SPEC}字。这次没有保存。"


class GiftExists(Refused):
    code = "gift_exists"
    message = "已经有同名的礼品在兑换，没有重复登记。要加数量，请在那一项里办入库。"


class GiftClosed(Refused):
    code = "gift_closed"
    message = "这件礼品已经下架，您的积分没有扣。请看看其他礼品。"


class GiftGone(Refused):
    code = "gift_gone"
    message = "这件礼品刚被兑完，您的积分没有扣。请看看其他礼品，或等补货。"


class NotConfirmed(Refused):
    code = "resident_not_confirmed"
    message = "社区还没有确认居民登记，暂时不能兑换，您的积分没有扣。一般一个工作日内确认，急用可打社区电话。"


class GiftElsewhere(Refused):
    code = "gift_elsewhere"
    message = "这件礼品只给本社区居民，您的积分没有扣。请看看您所在社区的礼品。"


class CouriersOnly(Refused):
    code = "couriers_only"
    message = "这件礼品只给已登记的小哥，您的积分没有扣。可在“小哥驿站”登记，或看看其他礼品。"


class MonthFull(Refused):
    code = "gifts_this_month"

    def __init__(self, most: int = 2) -> None:
        super().__init__(f"每人每月最多兑换{most}件礼品，本月已经兑满，您的积分没有扣。请下个月再来。")


class SameGiftFull(Refused):
    code = "gift_this_month"

    def __init__(self, most: int = 1) -> None:
        super().__init__(f"这件礼品每人每月限兑{most}件，您的积分没有扣。请下个月再来，或看看其他礼品。")


class QuarterFull(Refused):
    code = "gifts_this_quarter"

    def __init__(self, most: int = 600, used: int = 0) -> None:
        super().__init__(f"每人每季度最多用{most}积分兑换礼品，本季度已用{used}积分，您的积分没有扣。请下个季度再来。")


class HouseholdFull(Refused):
    code = "gift_this_household"
    message = "这件礼品每户每季度限兑1件，您家本季度已经兑过，您的积分没有扣。请下个季度再来，或看看其他礼品。"


REFUSALS: Refusals = {"gift_title": lambda _: GiftExists()}


@dataclass(frozen=True)
class Facts:
    """What decides about one resident, whichever gift: the limits, and what was used of them since month and quarter began."""

    resident: Resident
    rides: bool
    spendable: int
    most: int
    quarter_most: int
    items: int
    quarter: int
    of_gift: dict[int, int]
    of_home: frozenset[int]


def facts_of(resident: Resident, at: datetime) -> Facts:
    """Six queries, for any number of gifts that are then asked about."""
    today = clock.local(at).date()
    month, since = today.replace(day=1), clock.at(quarter_of(today), time())
    mine = Exchange.objects.of(resident).standing().filter(at__gte=since)
    this_month = Q(at__gte=clock.at(month, time()))
    used = mine.aggregate(items=Count("pk", filter=this_month), points=Sum("price"))
    of_gift = mine.filter(this_month).values("gift").annotate(n=Count("pk")).values_list("gift", "n")
    home = Q(resident=resident) | Q(resident__household=resident.household_id, resident__household__isnull=False)
    scarce = Exchange.objects.standing().filter(home, gift__per_household=True, at__gte=since)
    limits = values_of((GIFTS_A_MONTH, GIFT_QUARTER_POINTS), resident.community.sub_district_id, on=today)
    return Facts(
        resident, couriers.rides(resident), statement.available(resident, at=at), limits[GIFTS_A_MONTH],
        limits[GIFT_QUARTER_POINTS], used["items"], used["points"] or 0, dict(of_gift),
        frozenset(scarce.values_list("gift", flat=True)),
    )  # fmt: skip


def quarter_of(day: date) -> date:
    """The first day of its quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def refusal_for(gift: Gift, facts: Facts) -> Refused | None:
    """Why this resident cannot take one of `gift`; None when nothing stands against it. No query."""
    return against_file(gift, facts) or against_limits(gift, facts) or against_wallet(gift, facts)


def against_file(gift: Gift, facts: Facts) -> Refused | None:
    """What stands against the gift or the person."""
    who = facts.resident
    here = (
        gift.community_id == who.community_id
        if gift.community_id
        else gift.sub_district_id == who.community.sub_district_id
    )
    reasons: list[tuple[bool, Refused]] = [
        (gift.closed_at is not None, GiftClosed()),
        (not who.confirmed, NotConfirmed()),
        (not here, GiftElsewhere()),
        (gift.group == Group.COURIERS and not facts.rides, CouriersOnly()),
        (gift.left <= 0, GiftGone()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


def against_limits(gift: Gift, facts: Facts) -> Refused | None:
    """What was taken already; asked again under the wallet's lock."""
    reasons: list[tuple[bool, Refused]] = [
        (facts.items >= facts.most, MonthFull(facts.most)),
        (gift.a_month is not None and facts.of_gift.get(gift.pk, 0) >= gift.a_month, SameGiftFull(gift.a_month or 1)),
        (gift.per_household and gift.pk in facts.of_home, HouseholdFull()),
        (facts.quarter + gift.price > facts.quarter_most, QuarterFull(facts.quarter_most, facts.quarter)),
    ]
    return next((refused for stands, refused in reasons if stands), None)


def against_wallet(gift: Gift, facts: Facts) -> Refused | None:
    missing = gift.price - facts.spendable
    return ledger.ShortOfPoints(missing) if missing > 0 else None


def refusal_to_reserve(gift: Gift, resident: Resident, at: datetime) -> Refused | None:
    """Why `resident` cannot take one of `gift` at `at`. Page, counter and verb ask."""
    return refusal_for(gift, facts_of(resident, at))


@verb(REFUSALS)
def offer(
    *, title: str, price: int, where: str, by: User, community: Community | None, sub_district: SubDistrict | None = None,
    group: str = Group.ALL, a_month: int | None = None, note: str = "", spec: str = "", unit: str = "件",
    per_household: bool = False, at: datetime | None = None,
) -> Gift:  # fmt: skip
    """Put a gift on the list, of `community` or of the whole `sub_district`; there is none of it until goods come in.

    Refuses `BadGift`, `GiftExists`, a stranger; what the whole sub-district gives is its admin's.
    """
    at = at or clock.now()
    title, where, note, spec, unit = title.strip(), where.strip(), note.strip(), spec.strip(), unit.strip()
    lengths = ((title, 1, TITLE), (where, 1, WHERE), (note, 0, NOTE), (spec, 0, SPEC), (unit, 1, UNIT))
    fits = all(least <= len(text) <= most and "\0" not in text for text, least, most in lengths)
    if not fits or price not in PRICES or group not in Group.values or (a_month is not None and not 1 <= a_month <= 31):
        raise BadGift
    street = _giver(community, sub_district, by)
    return Gift.objects.create(
        sub_district=street, community=community, title=title, note=note, where=where, price=price, group=group,
        a_month=a_month, spec=spec, unit=unit, per_household=per_household, made_by=by, made_at=at,
    )  # fmt: skip


def _giver(community: Community | None, sub_district: SubDistrict | None, by: User) -> SubDistrict:
    if community is not None:
        duties.require(by, community)
        return community.sub_district
    if sub_district is None or sub_district not in duties.streets_of(by, Role.STREET_ADMIN):
        raise duties.NotYourDuty
    return sub_district


def may_keep(gift: Gift, by: User) -> bool:
    """Whether `by` may close `gift`."""
    if gift.community is not None:
        return duties.holds(by, gift.community)
    return gift.sub_district_id in {one.pk for one in duties.streets_of(by, Role.STREET_ADMIN)}


@verb()
def close(*, gift: Gift, by: User, at: datetime | None = None) -> Gift:
    """Take it off the list; what is reserved can still be collected. Refuses a stranger, and one that is closed."""
    mine = _locked(gift, by)
    if mine.closed_at:
        raise GiftClosed
    mine.closed_at, mine.closed_by = at or clock.now(), by
    mine.save(update_fields=["closed_at", "closed_by"])
    return mine


def _locked(gift: Gift, by: User) -> Gift:
    mine = Gift.objects.select_for_update(no_key=True, of=("self",)).select_related("community").get(pk=gift.pk)
    if not may_keep(mine, by):
        raise duties.NotYourDuty
    return mine


def shown_to(resident: Resident, at: datetime) -> list[tuple[Gift, Refused | None]]:
    """Every gift within reach of `resident`, and why not; those of couriers first for who rides, else last."""
    facts = facts_of(resident, at)
    near = Gift.objects.within_reach_of(resident).select_related("community").order_by("price", "pk")
    found = batches.with_past(near, clock.local(at).date())
    rows = [(one, refusal_for(one, facts)) for one in found]
    return sorted(rows, key=lambda row: (row[0].group == Group.COURIERS) is not facts.rides)
