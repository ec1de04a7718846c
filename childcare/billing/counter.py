"""托管账单 at the counter: points for a bill, and taking them back, for a guardian without a phone (communities/counter.py)."""

from datetime import datetime

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from childcare.billing import offsetting, undoing
from childcare.billing.fees import named
from childcare.models import Bill, Offset
from communities.counter import Act, Choice, Done, Plan, register
from communities.models import Resident, User
from partners.money import yuan
from points import statement


def register_acts() -> None:
    """The counter offers these, in this order."""
    register(Act("care-offset", "积分抵扣托管费", to_offset, offset_plan, offset, place=3))
    register(Act("care-offset-back", "撤回托管费抵扣", to_undo, undo_plan, undo, place=3))


def to_offset(resident: Resident, at: datetime) -> list[Choice]:
    """Open bills that this guardian pays, with what the points are worth now."""
    return [_choice(bill, at) for bill in _open(resident).filter(offset_cents=0, cap_cents__gt=0)]


def _choice(bill: Bill, at: datetime) -> Choice:
    said = offsetting.quote(bill, at=at)
    refused = "" if said.points else "可用积分不够，没有可以抵扣的。"
    return Choice(
        bill.pk,
        f"{named(bill.month)}托管账单",
        f"应付{yuan(bill.due_cents)}元，可抵{yuan(said.cents)}元",
        f"{said.points:,}积分",
        refused,
    )


def offset_plan(resident: Resident, number: int, at: datetime) -> Plan:
    """404 for a bill that somebody else pays."""
    bill = get_object_or_404(_open(resident), pk=number)
    said = offsetting.quote(bill, at=at)
    facts = [
        ("账单", f"{named(bill.month)}，{bill.centre}"), ("应付", f"{yuan(bill.due_cents)}元"),
        ("使用积分", f"{said.points:,}积分，抵{yuan(said.cents)}元"), ("抵扣以后应付", f"{yuan(bill.due_cents - said.cents)}元"),
        ("可用积分", f"办理前{said.have:,}，办理后{said.have - said.points:,}"),
    ]  # fmt: skip
    note = "按最多可抵的积分办理。账单确认以前可以撤回，积分原样退回。"
    refused = offsetting.refusal_for(bill) or (None if said.points else offsetting.NothingToOffset())
    return Plan("积分抵扣托管费", facts, "确认抵扣", note, refused)


def offset(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """Refuses whatever `offsetting.use` refuses."""
    bill = get_object_or_404(_open(resident), pk=number)
    made = offsetting.use(bill=bill, points=offsetting.quote(bill, at=at).points, by=by, at=at)
    after = statement.available(resident, at=at)
    due = bill.due_cents - made.cents
    return Done(
        f"careoffset:{made.pk}",
        [
            f"{named(bill.month)}托管账单已用{made.points:,}积分抵{yuan(made.cents)}元，应付{yuan(due)}元。",
            f"可用积分办理前{after + made.points:,}，办理后{after:,}。账单确认以前可以撤回。",
        ],
    )


def to_undo(resident: Resident, at: datetime) -> list[Choice]:
    return [
        Choice(one.pk, f"{named(one.bill.month)}托管账单", f"抵了{yuan(one.cents)}元", f"{one.points:,}积分")
        for one in _standing(resident)
    ]


def undo_plan(resident: Resident, number: int, at: datetime) -> Plan:
    """404 for what is none of the resident's."""
    mine = get_object_or_404(_standing(resident), pk=number)
    facts = [
        ("账单", f"{named(mine.bill.month)}，{mine.bill.centre}"), ("退回积分", f"{mine.points:,}积分"),
        ("撤回以后应付", f"{yuan(mine.bill.due_cents + mine.cents)}元"),
    ]  # fmt: skip
    return Plan("撤回托管费抵扣", facts, "确认撤回", "积分马上退回账户。", undoing.refusal_for(mine, mine.bill))


def undo(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """Refuses whatever `undoing.undo` refuses."""
    mine = get_object_or_404(_standing(resident), pk=number)
    done = undoing.undo(offset=mine, by=by, at=at)
    return Done(
        f"careoffset:{done.pk}", [f"{named(mine.bill.month)}托管账单的抵扣已撤回，{done.points:,}积分已退回账户。"]
    )


def _open(resident: Resident) -> QuerySet[Bill]:
    own = Bill.objects.open().filter(payer=resident).select_related("centre__community", "payer__community")
    return own.order_by("month", "pk")


def _standing(resident: Resident) -> QuerySet[Offset]:
    mine = Offset.objects.filter(undone_at=None, bill__payer=resident, bill__status=Bill.Status.DRAWN)
    return mine.select_related("bill__centre__community", "bill__payer__community").order_by("bill__month", "pk")
