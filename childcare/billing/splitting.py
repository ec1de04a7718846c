"""减免明细: how a reduced bill was worked out. Sealed: fee beside reduction says the percentage, and so the category.

The family reads it, and who may review its evidence; everybody else has fee and reduction in one figure (domain guide, 6.4).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from childcare.models import Bill, BillLine
from communities import access, sealing
from communities.hardship.deciding import refusal_for
from communities.models import User
from core.refusals import Refused

WHAT = "托管：减免明细"


class DoesNotTie(Refused):
    code = "care_bill_does_not_tie"
    message = "账单和明细或积分账目对不上，没有办成，什么都没有改动。请联系系统维护人员查明。"


@dataclass(frozen=True)
class Row:
    """One line as it is shown: `label` is its kind."""

    label: str
    words: str
    why: str
    amount_cents: int


@dataclass(frozen=True)
class Split:
    """`percent` off the `standard` fee, in fen; `rows`: each fee, and the reduction last."""

    percent: int
    standard: int
    rows: tuple[Row, ...]

    @property
    def reduction(self) -> int:
        return -self.rows[-1].amount_cents


def sealed(bill: Bill, split: Split | None) -> bytes | None:
    """With which bill it is of, so that it opens for no other."""
    if split is None:
        return None
    rows = [[one.label, one.words, one.why, one.amount_cents] for one in split.rows]
    return sealing.seal_facts({"of": _name(bill), "percent": split.percent, "standard": split.standard, "rows": rows})


def opened(bill: Bill) -> Split | None:
    """None for a bill that is not reduced. Refuses `KeyMissing`, and `DoesNotTie` for what belongs to another bill."""
    if bill.split is None:
        return None
    facts = sealing.unseal_facts(bytes(bill.split))
    found = Split(int(facts["percent"]), int(facts["standard"]), tuple(Row(*row) for row in facts["rows"]))
    if facts["of"] != _name(bill) or found.standard - found.reduction != bill.fee_cents:
        raise DoesNotTie
    return found


def plain(lines: Iterable[BillLine]) -> list[Row]:
    """As everybody sees them who sees the bill."""
    return [Row(one.get_kind_display(), one.words, one.why, one.amount_cents) for one in lines]


def whole(bill: Bill, split: Split | None) -> list[Row]:
    """As the family sees them: each fee and the reduction for itself."""
    lines = bill.lines.order_by("order")
    if split is None:
        return plain(lines)
    return [*split.rows, *plain(lines.exclude(kind=BillLine.Kind.FEE))]


def reviewed(bill: Bill, by: User, purpose: str) -> Split | None:
    """The split for a colleague who may review the evidence behind it, after the look was written; None for all others."""
    if bill.evidence is None or refusal_for(bill.evidence, by):
        return None
    access.look(by=by, community=bill.child.community, resident=bill.child, what=WHAT, purpose=purpose)
    return opened(bill)


def _name(bill: Bill) -> str:
    return f"{bill.centre_id}:{bill.child_id}:{bill.month:%Y-%m}"
