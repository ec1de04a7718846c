"""积分抵扣: points for a bill that is not frozen; the family's own points, and the subsidy beside them where evidence stands.

Locks: the wallet (inside the ledger), then the bill, which is looked at again; whatever changed, rolls all of it back. One entry
`care-offset:<pk>`; the subsidy is its own posting, so that it shows in the books.
"""

from dataclasses import dataclass
from datetime import datetime

from childcare.billing import lines, reducing
from childcare.billing.drawing import REFUSALS, BillChanged, BillFrozen
from childcare.billing.fees import named
from childcare.models import Bill, Offset
from communities import changes, closing, duties
from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.sql import call
from core.verbs import Refusals, verb
from points import ledger, statement

NUMBER = "SELECT nextval(pg_get_serial_sequence('childcare_offset', 'id'))"


class NotYourBill(Refused):
    code = "care_not_your_bill"
    message = "这张账单由另一位监护人付费，不能用您的积分抵扣，积分没有变动。请由付费的监护人办理。"
    status = 403


class OffsetStands(Refused):
    code = "care_offset_stands"
    message = "这张账单已经用积分抵扣过，没有重复抵扣，积分没有再扣。要改的，请先撤回，再重新抵扣。"


class NothingToOffset(Refused):
    code = "care_nothing_to_offset"
    message = "这张账单没有可以用积分抵扣的金额，积分没有变动。"


class OverCap(Refused):
    code = "care_over_cap"

    def __init__(self, most: str | int = 0) -> None:
        super().__init__(f"这张账单最多可以使用{int(most or 0):,}积分，没有抵扣，积分没有变动。请改小后再试。")


class BadPoints(BadInput):
    code = "care_bad_points"
    message = "请填写大于0的整数积分，没有抵扣，积分没有变动。"


OFFSET_REFUSALS: Refusals = {
    **REFUSALS,
    "care_offset_once": lambda _: OffsetStands(),
    "CL001": lambda _: closing.AlreadyClosed(),
}


@dataclass(frozen=True)
class Quote:
    """What the payer may use now. `most` points by the bill, `have` in the wallet; `points` is the default, worth `cents` fen
    with the `relief` that the subsidy adds."""

    most: int
    have: int
    points: int
    relief: int
    cents: int
    each: int  # fen that one own point pays, the subsidy's included

    @property
    def short(self) -> bool:
        """Whether the bill would take more points than there are."""
        return self.have < self.most


@dataclass(frozen=True)
class Shown:
    """What the last look before the tap said, in fen: what the points pay, and what is left to pay after them."""

    cents: int
    due: int


def quote(bill: Bill, *, at: datetime | None = None) -> Quote:
    """The most that can be used now; of a bill without a cap, nothing."""
    terms, relief = reducing.terms_of(bill.centre, bill.month), bill.relieved
    most = reducing.most_points(bill.cap_cents, relief, terms)
    have = statement.available(bill.payer, at=at)
    points = min(most, have)
    each = reducing.worth(1, relief, terms)
    return Quote(most, have, points, reducing.subsidy(points, relief, terms), points * each, each)


def refusal_for(bill: Bill, by: User | None = None) -> Refused | None:
    """Why no points can be used for `bill` now (by the account `by`); page, REST, counter and verb ask."""
    if by is not None and not may_act(bill, by):
        return NotYourBill()
    if bill.status != Bill.Status.DRAWN:
        return BillFrozen()
    if bill.offset_cents:
        return OffsetStands()
    return None if bill.cap_cents else NothingToOffset()


def may_act(bill: Bill, by: User) -> bool:
    """The payer's own account, staff at the counter, and clients; neither the other guardian nor who helps the payer."""
    if bill.payer.account_id == by.pk:
        return True
    return duties.holds(by, bill.payer.community, *duties.ENTERING)


@verb(OFFSET_REFUSALS)
def use(*, bill: Bill, points: int, by: User, shown: Shown | None = None, at: datetime | None = None) -> Offset:
    """Charge `points` of the payer and take their worth off the bill; `shown` is what the family was shown that they come to.

    Refuses what `refusal_for` says, `BadPoints`, `OverCap`, `ShortOfPoints`, and `BillChanged` when it was drawn anew meanwhile.
    """
    changes.by(by)
    at, seen = at or clock.now(), read(bill.pk)
    if refused := refusal_for(seen, by):
        raise refused
    if type(points) is not int or points <= 0:
        raise BadPoints
    terms, relief = reducing.terms_of(seen.centre, seen.month), seen.relieved
    if points > (most := reducing.most_points(seen.cap_cents, relief, terms)):
        raise OverCap(most)
    worth = reducing.worth(points, relief, terms)
    if shown is not None and shown != Shown(worth, seen.due_cents - worth):
        raise BillChanged
    made = Offset(
        pk=call(NUMBER)[0], bill=seen, points=points, relief=reducing.subsidy(points, relief, terms),
        cents=worth, by=by, at=at,
    )  # fmt: skip
    made.entry_id = ledger.charge(
        key=f"care-offset:{made.pk}", resident=seen.payer, amount=points, relief=made.relief, provider=seen.centre.community,
        by=by, reason=f"{named(seen.month)}托管费抵扣", at=at,
    )  # fmt: skip
    mine = locked(seen)
    made.save(force_insert=True)
    _taken_off(mine, made)
    return made


def read(pk: int) -> Bill:
    return Bill.objects.select_related("centre__community", "payer__community").get(pk=pk)


def locked(seen: Bill) -> Bill:
    """The bill, held, as it was seen without the lock. Refuses `BillFrozen`, `OffsetStands`, `BillChanged`."""
    mine = Bill.objects.select_for_update(no_key=True).get(pk=seen.pk)
    if mine.status != Bill.Status.DRAWN:
        raise BillFrozen
    if mine.offset_cents and not seen.offset_cents:
        raise OffsetStands
    if (mine.cap_cents, mine.relieved, mine.payer_id, mine.offset_cents, mine.due_cents) != (
        seen.cap_cents, seen.relieved, seen.payer_id, seen.offset_cents, seen.due_cents,
    ):  # fmt: skip
        raise BillChanged
    return mine


def _taken_off(mine: Bill, made: Offset) -> None:
    mine.points, mine.relief, mine.offset_cents = made.points, made.relief, made.cents
    mine.due_cents -= made.cents
    mine.save(update_fields=["points", "relief", "offset_cents", "due_cents"])
    for line in lines.of_points(made):
        line.bill, line.order = mine, mine.lines.count() + 1
        line.save(force_insert=True)
