"""结算: last month's statements, drawn by the sweep; two signed by both sides, one that waits for its owner, one correction."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import partial

from django.db.models import QuerySet

from core import clock
from demo import cast
from demo.affairs import Affair, colleague
from demo.asked import Asked
from demo.shelf import BOSCH, KANGLE, account
from demo.vouchers import month_end
from partners.models import Correction, Statement
from partners.settling import correcting, drawing, signing

SIGNED = ((KANGLE, cast.KANGLE, cast.HEAD), (BOSCH, cast.BOSCH, cast.YONGAN_HEAD))
MISSED, CENTS = "一张擦玻璃券的纱窗另收费漏计", 2000


def past(asked: Asked) -> Iterator[Affair]:
    """On the first of this month; never later than now."""
    ended = month_end(asked)
    month, first = ended.replace(day=1), ended + timedelta(days=1)

    def on_the_first(hour: time) -> datetime:
        return min(clock.at(first, hour), asked.now)

    yield Affair(on_the_first(time(0, 30)), Statement.objects.filter(month=month).exists, drawing.sweep)
    for name, owner, head in SIGNED:
        mine = Statement.objects.filter(month=month, partner__name=name)
        agreed = mine.exclude(agreed_at=None)
        yield Affair(on_the_first(time(9)), agreed.exists, partial(_agree, mine, owner))
        yield Affair(on_the_first(time(15)), agreed.exclude(frozen_at=None).exists, partial(_freeze, mine, head))
    wrong = Statement.objects.filter(month=month, partner__name=KANGLE)
    yield Affair(on_the_first(time(16)), Correction.objects.filter(reason=MISSED).exists, partial(_correct, wrong))


def _agree(mine: QuerySet[Statement], owner: cast.Merchant, at: datetime) -> None:
    """Of a demo so small that nobody had points there is no statement."""
    if statement := mine.first():
        signing.agree(statement=statement, by=account(owner), at=at)


def _freeze(mine: QuerySet[Statement], head: cast.Colleague, at: datetime) -> None:
    if statement := mine.first():
        signing.freeze(statement=statement, by=colleague(head), at=at)


def _correct(mine: QuerySet[Statement], at: datetime) -> None:
    if statement := mine.first():
        by = colleague(cast.WORKER)
        correcting.propose(statement=statement, amount_cents=CENTS, reason=MISSED, by=by, at=at)
