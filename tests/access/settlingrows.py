"""Rows of settling for the doors (tests/access/rows.py)."""

from dataclasses import dataclass

from core import clock
from partners.models import Agreement, Correction, Statement, StatementLine
from tests.partners.months import first_of
from tests.partners.shops import owner
from tests.world import World


@dataclass(frozen=True)
class SettlingRows:
    """Three months of the partner of `agreement`: open with an objection, agreed, frozen and to be paid."""

    open: Statement
    agreed: Statement
    frozen: Statement
    correction: Correction  # of the frozen one, proposed by 张晓燕


def lay_settling(world: World, agreement: Agreement) -> SettlingRows:
    now, by = clock.now(), agreement.partner.clerks.current().filter(slot=0).first() or owner(agreement)
    signed = {"agreed_at": now, "agreed_by": by.account}
    sealed = signed | {"status": "frozen", "frozen_at": now, "frozen_by": world.chen}
    made = [
        Statement.objects.create(
            partner=agreement.partner, community=agreement.community, month=first_of(back), payable_cents=100, net_cents=100,
            drawn_by=world.zhang, **fields,
        )
        for back, fields in ((1, {"disputed": "金丝雀异议"}), (2, signed | {"status": "agreed"}), (3, {}))
    ]  # fmt: skip
    StatementLine.objects.bulk_create(
        StatementLine(statement=one, order=1, kind="corrected", words="金丝雀更正", amount_cents=100) for one in made
    )
    Statement.objects.filter(pk=made[2].pk).update(**sealed)
    wrong = Correction.objects.create(statement=made[2], amount_cents=5, reason="金丝雀更正", by=world.zhang)
    return SettlingRows(made[0], made[1], made[2], wrong)
