"""验收: a second person counts the goods and accepts the slip, or says why not. Only then is there a line in the stock book."""

from datetime import datetime

from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from partners.models import Stocking, StockSlip
from partners.stock.intake import REASON, BatchShort, locked
from partners.stock.keepers import place_of, refusal_to_keep, refusal_to_second

Status = StockSlip.Status


class SlipSettled(Refused):
    code = "stock_slip_settled"
    message = "这张单子已经验收或退回，没有再改动。请刷新后再看。"


class NoWhy(BadInput):
    code = "no_refusing_reason"
    message = f"请写明没有通过的原因（不超过{REASON}字），什么都没有改动。"


class StockShort(Refused):
    code = "stock_short"
    message = "出库后会少于已经兑出的数量，库存没有改动。请先核对待领取的礼品。"


REFUSALS: Refusals = {"gift_stock": lambda _: StockShort(), "batch_remaining": lambda _: BatchShort()}


def refusal_to_accept(slip: StockSlip, by: User) -> Refused | None:
    """Why `by` may not accept `slip`; None when nothing stands against it. Page and verb ask."""
    if slip.status != Status.WAITING:
        return SlipSettled()
    return refusal_to_second(place_of(slip.gift), by, slip.by_id)


@verb(REFUSALS)
def accept(*, slip: StockSlip, by: User, at: datetime | None = None) -> StockSlip:
    """It counts from now on. Refuses what `refusal_to_accept` says, `StockShort`, `BatchShort`."""
    mine = _locked(slip)
    if refused := refusal_to_accept(mine, by):
        raise refused
    return enter(mine, by, at or clock.now())


def enter(slip: StockSlip, by: User, at: datetime) -> StockSlip:
    """Accept a slip that is held, and write its line; the triggers count."""
    slip.status, slip.settled_by, slip.settled_at = Status.ACCEPTED, by, at
    slip.save(update_fields=["status", "settled_by", "settled_at"])
    said = slip.reason or f"{slip.get_kind_display()}：{slip.supplier}"
    Stocking.objects.create(gift=slip.gift, change=slip.change, reason=said[:60], by=slip.by, at=at, slip=slip)
    return slip


@verb()
def refuse(*, slip: StockSlip, by: User, reason: str, at: datetime | None = None) -> StockSlip:
    """It never counts. A second person says why; who wrote it may take it back. Refuses `NoWhy`, `SlipSettled`, a stranger."""
    mine, reason = _locked(slip), reason.strip()
    if not 0 < len(reason) <= REASON or "\0" in reason:
        raise NoWhy
    if refused := refusal_to_refuse(mine, by):
        raise refused
    mine.status, mine.settled_by, mine.settled_at, mine.refused_why = Status.REFUSED, by, at or clock.now(), reason
    mine.save(update_fields=["status", "settled_by", "settled_at", "refused_why"])
    return mine


def refusal_to_refuse(slip: StockSlip, by: User) -> Refused | None:
    """Why `by` may not send `slip` back; None when nothing stands against it."""
    if slip.status != Status.WAITING:
        return SlipSettled()
    place = place_of(slip.gift)
    own = slip.by_id == by.pk
    return refusal_to_keep(place, by) if own else refusal_to_second(place, by, slip.by_id)


def _locked(slip: StockSlip) -> StockSlip:
    """The gift first: the slips of one gift are settled one after another."""
    locked(slip.gift)
    held = StockSlip.objects.select_for_update(no_key=True, of=("self",))
    return held.select_related("gift__community__sub_district", "gift__sub_district", "by").get(pk=slip.pk)
