"""待抵扣 as its resident reads it, and the way to object to it and to what two people decided."""

from datetime import timedelta

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities import appeals, publishing
from communities.models import Resident
from core import clock
from points import debts, ledger
from points.adjusting import approve, reject
from points.models import Adjustment, Debt
from tests import world as cast
from tests.api import client_of
from tests.communities.steps import shows
from tests.pages import enter
from tests.points.correcting import MISTAKE, REASON, first_award, proposed, take_back
from tests.points.shown import shown
from tests.world import World

pytestmark = pytest.mark.django_db


def spent(world: World, resident: Resident, amount: int) -> None:
    ledger.charge(
        key=f"spent:{resident.pk}:{amount}", resident=resident, amount=amount, provider=world.wenxing, by=world.system,
        reason="夜校",
    )  # fmt: skip


def owing(world: World) -> str:
    """王秀兰 had 80 points and spent 60; 80 are taken back. How that decision is named."""
    spent(world, world.wang, 60)
    return f"adjustment:{approve(adjustment=take_back(world), by=world.chen).pk}"


def reversed_without_proposal(world: World, resident: Resident) -> None:
    ledger.reverse(key=f"r:{resident.pk}", entry=first_award(resident), by=world.chen, reason="名单更正")


def test_each_debt_says_why_who_when_and_what_was_paid(world: World) -> None:
    about = owing(world)
    cast.award(world.wang, 25)
    found = debts.owed(world.wang)
    (line,) = found.lines
    assert (found.total, line.owed, line.remaining, line.paid) == (35, 60, 35, 25)
    assert (line.reason, line.first, line.community, line.about) == (MISTAKE, "志愿服务", "文兴社区", about)
    assert line.decided_on == line.first_on == clock.today()
    assert (line.appeal.may_file, line.appeal.appeal) == (True, None)
    assert debts.total(world.wang) == 35


def test_a_debt_that_is_paid_off_is_gone(world: World) -> None:
    owing(world)
    cast.award(world.wang, 60)
    assert debts.owed(world.wang) == debts.Owed(0, [])
    assert debts.total(world.wang) == 0


def test_nobody_sees_the_debts_of_another(world: World) -> None:
    about = owing(world)
    assert debts.owed(world.li) == debts.Owed(0, [])
    assert appeals.find(world.li, about) is None


def test_one_query_without_debts_and_the_same_for_one_and_for_five(world: World) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            debts.owed(world.wang)
        return len(queries)

    assert cost() == 1
    mistakes = [first_award(world.wang), *(cast.award(world.wang, 10) for _ in range(4))]
    spent(world, world.wang, 120)
    for number, entry in enumerate(mistakes, 1):
        ledger.reverse(key=f"r{number}", entry=entry, by=world.chen, reason="名单更正")
        assert (len(debts.owed(world.wang).lines), cost()) == (number, 4)


def test_a_decision_is_appealed_once_whether_or_not_it_made_a_debt(world: World) -> None:
    about = owing(world)
    assert appeals.find(world.wang, f"debt:{Debt.objects.get().pk}") is None
    decision = appeals.find(world.wang, about)
    assert decision is not None
    assert (decision.subject, decision.value) == (f"收回积分：{MISTAKE}", "收回80积分，其中60积分待抵扣")
    assert (decision.decided_by_id, decision.community, decision.link) == (world.chen.pk, world.wenxing, "/points/")
    filed = appeals.file(resident=world.wang, about=about, text="我到场了", by=world.wang.account)
    assert debts.owed(world.wang).lines[0].appeal.appeal == filed
    refused = appeals.refusal_to_answer(filed, world.chen)
    assert refused is not None and refused.code == "own_decision"


def test_a_debt_that_no_adjustment_explains_is_appealed_by_itself(world: World) -> None:
    spent(world, world.wang, 60)
    reversed_without_proposal(world, world.wang)
    (line,) = debts.owed(world.wang).lines
    assert (line.about, line.reason) == (f"debt:{Debt.objects.get().pk}", "名单更正")
    decision = appeals.find(world.wang, line.about)
    assert decision is not None
    assert (decision.subject, decision.value, decision.decided_by_id) == (
        "待抵扣：名单更正", "待抵扣60积分", world.chen.pk,
    )  # fmt: skip
    assert appeals.find(world.li, line.about) is None
    assert appeals.find(world.wang, "debt:999999") is None


def test_only_what_was_approved_is_a_decision(world: World) -> None:
    mine = proposed(world)
    declined = reject(adjustment=proposed(world, 5), reason="不对", by=world.chen)
    for one in (mine, declined):
        assert appeals.find(world.wang, f"adjustment:{one.pk}") is None
    approve(adjustment=mine, by=world.chen)
    assert appeals.find(world.wang, f"adjustment:{mine.pk}") is None  # shown first, and not booked yet
    publishing.end(notice=shown([Adjustment.objects.get(pk=mine.pk)], world.zhang, world.he))
    decision = appeals.find(world.wang, f"adjustment:{mine.pk}")
    assert decision is not None
    assert (decision.subject, decision.value) == (f"增加积分：{REASON}", "增加30积分")
    taken = approve(adjustment=proposed(world, -10), by=world.chen)
    decision = appeals.find(world.wang, f"adjustment:{taken.pk}")
    assert decision is not None and decision.value == "扣减10积分"


def test_the_card_explains_and_leads_to_the_appeal(world: World, client: Client) -> None:
    about = owing(world)
    cast.award(world.wang, 25)
    card = render_to_string("points/debts.html", {"owed": debts.owed(world.wang)})
    for said in ("35积分", "不用交钱", MISTAKE, "文兴社区", "已抵扣25", "还剩35", f"/appeals/{about}/", "我要申诉"):
        assert said in card, said
    page = enter(client, world.wang).get(f"/appeals/{about}/")
    shows(page, "收回80积分，其中60积分待抵扣", MISTAKE)
    late = debts.owed(world.wang, at=clock.now() + timedelta(days=60))
    assert "我要申诉" not in render_to_string("points/debts.html", {"owed": late})
    assert render_to_string("points/debts.html", {"owed": debts.owed(world.li)}).strip() == ""


def test_a_client_reads_what_is_owed(world: World) -> None:
    owing(world)
    assert client_of(world.wenxing).get(f"residents/{world.wang.pk}/balance/").json()["owed"] == 60
