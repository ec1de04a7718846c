"""撤回抵扣: the points come back as they were, as long as the bill is not frozen."""

from datetime import datetime

from childcare.billing import telling
from childcare.billing.drawing import BillFrozen
from childcare.billing.offsetting import OFFSET_REFUSALS, NotYourBill, locked, may_act, read
from childcare.models import Bill, BillLine, Offset
from communities import changes
from communities.models import User
from core import clock
from core.refusals import Refused
from core.verbs import verb
from points import ledger


class OffsetUndone(Refused):
    code = "care_offset_undone"
    message = "这笔抵扣已经撤回，积分已经退回，没有再改动。"


@verb({**OFFSET_REFUSALS, "PB006": lambda _: OffsetUndone()})
def undo(*, offset: Offset, by: User, at: datetime | None = None) -> Offset:
    """Give the points back and take the line off the bill. Refuses what `refusal_for` says."""
    changes.by(by)
    at, seen = at or clock.now(), read(offset.bill_id)
    mine = Offset.objects.get(pk=offset.pk)
    if refused := refusal_for(mine, seen, by):
        raise refused
    mine.undo_entry_id = ledger.reverse(
        key=f"care-offset-undone:{mine.pk}", entry=mine.entry_id, by=by, reason="撤回托管费抵扣", at=at
    )
    bill = locked(seen)
    mine.undone_at, mine.undone_by = at, by
    mine.save(update_fields=["undone_at", "undone_by", "undo_entry"])
    bill.points = bill.relief = bill.offset_cents = 0
    bill.due_cents += mine.cents
    bill.save(update_fields=["points", "relief", "offset_cents", "due_cents"])
    bill.lines.filter(kind=BillLine.Kind.POINTS).delete()
    telling.undone(mine)
    return mine


def undo_of(*, bill: Bill, by: User) -> Offset:
    """`undo` of what stands for `bill`; a second tap is told that it was done."""
    standing = bill.offsets.order_by("-pk").first()
    if standing is None:
        raise OffsetUndone
    return undo(offset=standing, by=by)


def refusal_for(offset: Offset, bill: Bill, by: User | None = None) -> Refused | None:
    """Why it cannot be taken back; page, REST, counter and verb ask."""
    if by is not None and not may_act(bill, by):
        return NotYourBill()
    if offset.undone_at:
        return OffsetUndone()
    return None if bill.status == Bill.Status.DRAWN else BillFrozen()
