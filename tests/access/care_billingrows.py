"""Rows of billing for the doors (tests/access/rows.py): beside the open bill of the common ground, a confirmed one."""

from dataclasses import dataclass
from datetime import timedelta

from childcare.models import Bill, BillAdjustment, BillLine, Payment
from core import clock
from tests.access.carerows import CareRows
from tests.world import World


@dataclass(frozen=True)
class BillingRows:
    frozen: Bill  # of last month, one yuan, half of it paid
    correction: BillAdjustment  # of it, proposed by 张晓燕
    payment: Payment  # written down by 陈志强


def lay_billing(world: World, care: CareRows) -> BillingRows:
    month = (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)
    made = Bill.objects.create(
        centre=care.centre, child=care.child, payer=world.wang, month=month, fee_cents=100, cap_cents=30, due_cents=100,
        drawn_by=world.zhang,
    )  # fmt: skip
    BillLine.objects.create(bill=made, order=1, kind="fee", words="金丝雀班", why="每周7天", amount_cents=100)
    Bill.objects.filter(pk=made.pk).update(status="frozen", frozen_at=clock.now(), frozen_by=world.chen)
    wrong = BillAdjustment.objects.create(bill=made, amount_cents=-5, reason="金丝雀更正", by=world.zhang)
    paid = Payment.objects.create(
        bill=made,
        centre=care.centre,
        amount_cents=50,
        receipt="JSQ001",
        way="cash",
        paid_on=clock.today(),
        by=world.chen,
    )
    return BillingRows(Bill.objects.get(pk=made.pk), wrong, paid)
