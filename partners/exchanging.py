"""兑换: points are charged and a gift put aside in one transaction; collected at the desk, or given back with the points.

Locks: the wallet (inside the ledger), then the exchange, the gift's counters last (by trigger). The limits of month and quarter
are asked again under the wallet's lock, so that two taps at once are one.
"""

from datetime import datetime, timedelta

from communities import closing, duties, helping
from communities.kin import refusal_between
from communities.models import Resident, User
from communities.settings import GIFT_PICKUP_DAYS, value_of
from core import clock, words
from core.refusals import BadInput, Refused
from core.sql import call
from core.verbs import Refusals, verb
from notifications.outbox import Words, tell
from partners import gifts
from partners.gifts import REASON, GiftClosed, GiftGone, HouseholdFull
from partners.models import Exchange, Gift
from partners.stock import batches
from partners.stock.keepers import FinanceKeepsNoStock
from points import ledger

PREFIX = "gift"
TAKER, RELATION = 20, 10  # characters
Status = Exchange.Status
NUMBER = "SELECT nextval(pg_get_serial_sequence('partners_exchange', 'id'))"


class NotReserved(Refused):
    code = "exchange_settled"
    message = "这件礼品已经领取或退回，没有再改动，积分没有变动。请刷新后再看。"


class TooLateToCollect(Refused):
    code = "too_late_to_collect"
    message = "领取期限已过，积分会自动退回，不能再发。需要的请重新兑换。"


class OwnGift(Refused):
    code = "own_gift"
    message = "不能给自己或家人发放、退回礼品，请由其他同事办理，没有改动。"
    status = 403


class NothingGood(Refused):
    code = "past_its_date"
    message = "这件礼品的结存已经过保质期，不能发放，积分没有变动。请补货后再发，或为居民退回积分。"


class BadTaker(BadInput):
    code = "bad_taker"
    message = "代领的请写明代领人姓名（不超过20字）和与居民的关系（不超过10字），本人领取的两项都不填。还没有发放。"


class NoReason(BadInput):
    code = "no_reason"
    message = f"请写明退回原因（不超过{REASON}字），什么都没有改动。"


REFUSALS: Refusals = {
    **ledger.REFUSALS,
    "gift_stock": lambda _: GiftGone(),
    "PA001": lambda _: GiftClosed(),
    "PA030": lambda _: GiftGone(),
    "PA031": lambda _: NothingGood(),
    "exchange_household_once": lambda _: HouseholdFull(),
    "CL001": lambda _: closing.AlreadyClosed(),
}


@verb(REFUSALS)
def reserve(*, gift: Gift, resident: Resident, by: User, at: datetime | None = None) -> Exchange:
    """Charge `resident` and put one of `gift` aside until the last day of collecting (setting, 15 days).

    Refuses with everything that `gifts.refusal_to_reserve` says. `by` is the resident's account, a helper's, or staff's.
    """
    at = at or clock.now()
    seen = Gift.objects.select_related("community", "sub_district").get(pk=gift.pk)
    if refused := gifts.refusal_to_reserve(seen, resident, at):
        raise refused
    number, giver = call(NUMBER)[0], seen.community or resident.community
    entry = ledger.charge(
        key=f"{PREFIX}:{number}", resident=resident, amount=seen.price, provider=giver, by=by, reason=f"兑换礼品“{seen.title}”",
        at=at,
    )  # fmt: skip
    if refused := gifts.against_limits(seen, gifts.facts_of(resident, at)):
        raise refused
    today = clock.local(at).date()
    days = value_of(GIFT_PICKUP_DAYS, seen.sub_district_id, on=today)
    scarce = {"household_id": resident.household_id, "quarter": gifts.quarter_of(today)} if seen.per_household else {}
    made = Exchange.objects.create(
        pk=number, gift=seen, resident=resident, community=giver, price=seen.price, at=at, by=by, entry_id=entry,
        collect_by=today + timedelta(days=days), **scarce,
    )  # fmt: skip
    _tell_reserved(made, by)
    return made


def _tell_reserved(made: Exchange, by: User) -> None:
    body = f"已用{made.price}积分兑换“{made.gift.title}”。请在{words.day(made.collect_by)}前到{made.gift.where}领取，过期退回积分。{helping.said(made.resident, by)}"
    said = Words("礼品兑换成功", body, f"/gifts/mine/{made.pk}/")
    tell(resident=made.resident, occasion=f"gift:{made.pk}:reserved", words=said)


def refusal_to_hand_out(exchange: Exchange, by: User, at: datetime) -> Refused | None:
    """Why `by` cannot hand it out at `at`; None when nothing stands against it. Desk, counter and verb ask."""
    if not duties.holds(by, exchange.community):
        return duties.NotYourDuty()
    if duties.holds(by, exchange.community, duties.Role.FINANCE):
        return FinanceKeepsNoStock()
    if exchange.status != Status.RESERVED:
        return NotReserved()
    if clock.local(at).date() > exchange.collect_by:
        return TooLateToCollect()
    return refusal_between(by=by, beneficiaries=[exchange.resident], family=OwnGift())


@verb(REFUSALS)
def hand_out(
    *, exchange: Exchange, by: User, taker: str = "", relation: str = "", way: str = Exchange.Way.PAPER, at: datetime | None = None
) -> Exchange:  # fmt: skip
    """The resident stands there and takes it, or `taker`, who is their `relation` (女儿); `way` is the paper that they sign.

    It comes from the batch that expires first. Refuses what `refusal_to_hand_out` says, `BadTaker`, `NothingGood`.
    """
    at, taker, relation = at or clock.now(), taker.strip(), relation.strip()
    mine = _locked(exchange)
    if refused := refusal_to_hand_out(mine, by, at):
        raise refused
    if bool(taker) != bool(relation) or len(taker) > TAKER or len(relation) > RELATION or "\0" in taker + relation:
        raise BadTaker
    batch = batches.next_out(mine.gift, clock.local(at).date())
    if batch is None:
        raise NothingGood
    mine.status, mine.settled_at, mine.settled_by, mine.batch = Status.HANDED, at, by, batch
    mine.way, mine.taker, mine.relation = way, taker, relation
    mine.save(update_fields=["status", "settled_at", "settled_by", "batch", "way", "taker", "relation"])
    whom = f"由{relation}{taker}代领" if taker else "已领取"
    body = f"“{mine.gift.title}”{whom}。不是您本人或家人领取的，请马上打社区电话。"
    said = Words("礼品已领取", body, f"/gifts/mine/{mine.pk}/")
    tell(resident=mine.resident, occasion=f"gift:{mine.pk}:handed", words=said)
    return mine


@verb(REFUSALS)
def give_back(*, exchange: Exchange, by: User, reason: str, at: datetime | None = None) -> Exchange:
    """The points return and the gift is free again: the resident changed their mind, staff say why, or nobody came.

    Refuses `NoReason`, `NotReserved`; to staff a stranger, and the own file and family.
    """
    at, reason = at or clock.now(), reason.strip()
    if not 0 < len(reason) <= REASON or "\0" in reason:
        raise NoReason
    seen = Exchange.objects.select_related("gift", "community", "resident").get(pk=exchange.pk)
    if refused := refusal_to_give_back(seen, by):
        raise refused
    refund = ledger.reverse(
        key=f"{PREFIX}:{seen.pk}:back", entry=seen.entry_id, by=by, reason=f"退回礼品“{seen.gift.title}”", at=at
    )  # fmt: skip
    mine = _locked(seen)
    if mine.status != Status.RESERVED:
        raise NotReserved
    mine.status, mine.settled_at, mine.settled_by, mine.refund_id = Status.RETURNED, at, by, refund
    mine.return_reason = reason
    mine.save(update_fields=["status", "settled_at", "settled_by", "refund", "return_reason"])
    body = f"“{mine.gift.title}”已退回：{reason}。{mine.price}积分已退回您的账户。{helping.said(mine.resident, by)}"
    tell(resident=mine.resident, occasion=f"gift:{mine.pk}:back", words=Words("礼品已退回", body, "/points/"))
    return mine


def refusal_to_give_back(exchange: Exchange, by: User) -> Refused | None:
    """Why `by` cannot give it back; None when nothing stands against it."""
    if exchange.status != Status.RESERVED:
        return NotReserved()
    if not by.is_desk_user:
        return None
    if not duties.holds(by, exchange.community):
        return duties.NotYourDuty()
    return refusal_between(by=by, beneficiaries=[exchange.resident], family=OwnGift())


def _locked(exchange: Exchange) -> Exchange:
    locked = Exchange.objects.select_for_update(no_key=True, of=("self",))
    return locked.select_related("gift", "community", "resident").get(pk=exchange.pk)


def sweep(at: datetime) -> int:
    """Give back what nobody collected in time, each in a transaction of its own; how many that were. Run by beat."""
    over = Exchange.objects.reserved().filter(collect_by__lt=clock.local(at).date()).order_by("pk")
    by = User.objects.get(username="system")
    return sum(_returned(one, by, at) for one in over.iterator(chunk_size=200))


def _returned(one: Exchange, by: User, at: datetime) -> int:
    try:
        give_back(exchange=one, by=by, reason="过期没有领取", at=at)
    except Refused:  # collected or given back in this moment
        return 0
    return 1
