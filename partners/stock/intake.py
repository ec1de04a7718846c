"""入库、出库: written down by one person; counts when a second one has accepted it (partners/stock/accepting.py)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb
from partners.gifts import GiftClosed
from partners.models import Gift, StockSlip
from partners.stock.keepers import place_of, refusal_to_keep

MOST, MOST_CENTS = 100_000, 10_000_000  # pieces at once; fen apiece
SUPPLIER, RECEIPT, REASON = 60, 40, 60  # characters
Kind = StockSlip.Kind
INWARD, OUTWARD = (Kind.BOUGHT, Kind.DONATED), (Kind.LOST, Kind.SCRAPPED)


class BadStocking(BadInput):
    code = "bad_stocking"
    message = f"数量须是1到{MOST:,}的整数；入库要写供应商或捐赠人（不超过{SUPPLIER}字），出库要写事由（不超过{REASON}字）。库存没有改动。"


class PastAlready(BadInput):
    code = "past_already"
    message = "这批物资的保质期已经过了，不能入库，库存没有改动。请核对日期；确实过期的退回供应商。"


class BatchShort(Refused):
    code = "batch_short"
    message = "这一批的结存没有这么多，库存没有改动。请刷新后核对结存。"


@dataclass(frozen=True)
class Goods:
    """What comes in. `unit_cents` in fen apiece, None where nobody knows (捐赠); good until the end of `best_before`."""

    kind: str
    quantity: int
    supplier: str
    receipt: str = ""
    unit_cents: int | None = None
    best_before: date | None = None

    @property
    def fit(self) -> bool:
        written = self.supplier + self.receipt
        return (
            self.kind in INWARD
            and 1 <= self.quantity <= MOST
            and 0 < len(self.supplier.strip()) <= SUPPLIER
            and len(self.receipt) <= RECEIPT
            and "\0" not in written
            and (self.unit_cents is None or 0 <= self.unit_cents <= MOST_CENTS)
        )


@verb()
def bring_in(*, gift: Gift, goods: Goods, by: User, at: datetime | None = None) -> StockSlip:
    """Write down what came in; it waits for a second person. The same again while it waits is a second tap.

    Refuses a stranger, the finance, `GiftClosed`, `BadStocking`, `PastAlready`.
    """
    at, mine = at or clock.now(), locked(gift)
    if refused := refusal_to_keep(place_of(mine), by):
        raise refused
    if mine.closed_at:
        raise GiftClosed
    if not goods.fit or mine.stock + goods.quantity > 10 * MOST:
        raise BadStocking
    if goods.best_before and goods.best_before < clock.local(at).date():
        raise PastAlready
    return _written(
        at, gift=mine, kind=goods.kind, change=goods.quantity, supplier=goods.supplier.strip(), receipt=goods.receipt.strip(),
        unit_cents=goods.unit_cents, best_before=goods.best_before, by=by,
    )  # fmt: skip


@verb()
def take_out(
    *, batch: StockSlip, kind: str, quantity: int, reason: str, by: User, at: datetime | None = None
) -> StockSlip:
    """损耗 or 报废 of one batch; it waits for a second person. Refuses a stranger, the finance, `BadStocking`, `BatchShort`."""
    mine, reason = locked(batch.gift), reason.strip()
    if refused := refusal_to_keep(place_of(mine), by):
        raise refused
    if kind not in OUTWARD or not 1 <= quantity <= MOST or not 0 < len(reason) <= REASON or "\0" in reason:
        raise BadStocking
    left = StockSlip.objects.on_shelf().filter(pk=batch.pk, gift=mine).values_list("remaining", flat=True).first() or 0
    if quantity > left:
        raise BatchShort
    return _written(at or clock.now(), gift=mine, kind=kind, change=-quantity, batch_id=batch.pk, reason=reason, by=by)


def _written(at: datetime, **said: Any) -> StockSlip:
    """The slip that says so and waits, or a new one. The gift is held: two taps come one after the other."""
    return StockSlip.objects.waiting().filter(**said).first() or StockSlip.objects.create(**said, at=at)


def locked(gift: Gift) -> Gift:
    """The gift, held until the end of the transaction: slips of one gift are written one after another."""
    held = Gift.objects.select_for_update(no_key=True, of=("self",))
    return held.select_related("community__sub_district", "sub_district").get(pk=gift.pk)
