"""门前五包 and 季度考核: nothing of it until it is switched on; the marks follow from the figures alone."""

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
import time_machine

from communities import duties, todo
from communities.models import Duty
from communities.settings import EVALUATIONS, SHOP_VISITS
from core import clock
from partners.models import Evaluation, Leaving, Rating, ShopVisit, Suspension
from partners.obligations import evaluating, figures, visiting, waiting
from partners.obligations.figures import Figures
from tests import world as cast
from tests.partners.promised import agreed, complained, confirmed, reported, switched_on
from tests.partners.shops import owner
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NOVEMBER = clock.at(date(2026, 11, 20), time(12))
SUMMER = date(2026, 7, 1)
FULL = Figures(
    promised=6,
    kept=6,
    ratings=5,
    stars=Decimal("5.0"),
    complaints=0,
    in_time=0,
    upheld=0,
    lapsed=False,
    suspended=False,
    visits=None,
)


@pytest.mark.parametrize(
    ("change", "marks", "band"),
    [
        ({}, "40 30 15 15", "excellent"),
        ({"kept": 3}, "20 30 15 15", "good"),
        ({"kept": 0, "stars": Decimal(4)}, "0 24 15 15", "leave"),
        ({"stars": Decimal("2.5"), "upheld": 2}, "40 15 5 15", "good"),
        ({"upheld": 9, "kept": 3}, "20 30 0 15", "mend"),
        ({"lapsed": True}, "40 30 15 7.5", "excellent"),
        ({"suspended": True}, "40 30 15 0", "good"),
        ({"visits": Decimal(80)}, "40 30 15 13.5", "excellent"),
        ({"stars": None, "ratings": 4}, "40 30 15 15", "excellent"),  # full elsewhere is full
        ({"stars": None, "kept": 3, "lapsed": True}, "20 18.2 15 7.5", "mend"),  # 30 × 42.5 ÷ 70
    ],
)
def test_marks_follow_from_the_figures(change: dict[str, object], marks: str, band: str) -> None:
    said = evaluating.marks(replace(FULL, **change))  # type: ignore[arg-type]
    got = [said.completion, said.satisfaction, said.complaints, said.safety]
    assert (got, said.band) == ([Decimal(one) for one in marks.split()], band)
    assert said.total == sum(got)


def test_the_bands_begin_where_the_rule_says() -> None:
    for total, band in ((90, "excellent"), (89, "good"), (75, "good"), (74, "mend"), (60, "mend"), (59, "leave")):
        assert evaluating.Marks(Decimal(total), Decimal(0), Decimal(0), Decimal(0)).band == band


def test_figures_of_a_quarter(world: World) -> None:
    Duty.objects.update(starts_on=date(2026, 1, 1))
    with time_machine.travel(NOVEMBER, tick=False) as clocks:
        agreement = agreed(world, times=2, starts_on=date(2026, 7, 20))
        clocks.move_to(clock.at(date(2026, 9, 10), time(12)))
        for day in (date(2026, 7, 25), date(2026, 8, 3), date(2026, 9, 4), date(2026, 9, 5), date(2026, 9, 6)):
            confirmed(agreement, world.zhang, world.chen, day)
        complained(agreement, world.wang)
        Suspension.objects.create(agreement=agreement, cause="other", reason="装修", by=world.chen)
        clocks.move_to(NOVEMBER)
        found = figures.figures_of(agreement, SUMMER)
    assert figures.last_quarter(NOVEMBER.date()) == SUMMER and figures.quarter_after(SUMMER) == date(2026, 10, 1)
    # August and September were whole months: four times promised; what was kept beyond that pays for nothing.
    assert (found.promised, found.kept, found.complaints, found.upheld) == (4, 4, 1, 0)
    assert (found.stars, found.suspended, found.visits) == (None, False, None)  # 装修 is no cause of the rule


def test_an_older_suspension_counts_and_stars_of_another_community_do_not(world: World) -> None:
    quarter = figures.last_quarter(clock.today())
    before, within = (clock.at(quarter + days * DAY, time(9)) for days in (-10, 1))
    older = agreed(world, starts_on=quarter - 100 * DAY, ends_on=quarter - DAY)
    renewed, elsewhere = (agreed(world, starts_on=quarter, community=one) for one in (world.wenxing, world.yongan))
    Suspension.objects.create(agreement=older, cause="harm", reason="推销", by=world.chen, at=before)
    seen = reported(elsewhere, world.qian)
    for number in range(5):
        somebody = cast.resident(world.yongan, f"居民{number}", f"1390000700{number}")
        Rating.objects.create(
            partner=renewed.partner, community=world.yongan, resident=somebody, delivery=seen, stars=1, at=within
        )
    there, here = (figures.figures_of(one, quarter) for one in (elsewhere, renewed))
    assert (there.stars, there.suspended, here.stars, here.suspended) == (Decimal("1.0"), False, None, True)


def test_frozen_by_the_head_once_and_only_when_switched_on(world: World) -> None:
    with time_machine.travel(NOVEMBER, tick=False):
        agreement = agreed(world, starts_on=date(2026, 6, 1))
        with pytest.raises(evaluating.EvaluationsOff):
            evaluating.freeze(agreement=agreement, quarter=SUMMER, by=world.chen)
        switched_on(world, EVALUATIONS)
        with pytest.raises(duties.NotYourDuty):
            evaluating.freeze(agreement=agreement, quarter=SUMMER, by=world.zhang)
        for quarter in (date(2026, 10, 1), date(2026, 8, 1), date(2026, 1, 1)):
            with pytest.raises(evaluating.QuarterRuns):
                evaluating.freeze(agreement=agreement, quarter=quarter, by=world.chen)
        made = evaluating.freeze(agreement=agreement, quarter=SUMMER, by=world.chen)
        assert (made.total, made.band) == (Decimal("42.9"), "leave")  # nothing kept: 0 + 12.9 + 15 + 15
        with pytest.raises(evaluating.EvaluatedBefore):
            evaluating.freeze(agreement=agreement, quarter=SUMMER, by=world.chen)


def test_below_sixty_or_mended_twice_in_a_year_asks_for_the_procedure(world: World) -> None:
    def labels() -> list[str]:
        return [row.label for row in todo.rows_of([waiting.rows], world.chen) if row.count]

    def evaluated(quarter: date, band: str) -> Evaluation:
        marks = dict.fromkeys(("completion", "satisfaction", "complaints", "safety"), Decimal(15))
        return Evaluation.objects.create(
            agreement=agreement, quarter=quarter, total=60, band=band, by=world.chen, **marks
        )

    agreement, today = agreed(world), clock.today()
    evaluated(date(today.year - 2, 1, 1), "mend")
    assert not evaluating.to_leave(evaluated(date(today.year - 1, 4, 1), "mend")) and labels() == []
    assert evaluating.to_leave(evaluated(date(today.year - 1, 7, 1), "mend"))
    assert labels() == ["考核不合格，进入退出程序"]
    Leaving.objects.create(agreement=agreement, reason="考核", by=world.chen, answer_by=today)
    assert labels() == []


def test_a_visit_is_five_scores_when_switched_on(world: World) -> None:
    agreement, today = agreed(world), clock.today()
    said = {"partner": agreement.partner, "community": world.wenxing, "on": today, "by": world.zhang}
    with pytest.raises(visiting.VisitsOff):
        visiting.visit(scores=[20] * 5, **said)  # type: ignore[arg-type]
    switched_on(world, SHOP_VISITS)
    for scores in ([20] * 4, [21, 0, 0, 0, 0], [-1, 0, 0, 0, 0]):
        with pytest.raises(visiting.VisitUnclear):
            visiting.visit(scores=scores, **said)  # type: ignore[arg-type]
    with pytest.raises(visiting.NoSuchShop):
        visiting.visit(scores=[20] * 5, **(said | {"community": world.yongan, "by": world.qian}))  # type: ignore[arg-type]
    owner(agreement)
    visiting.visit(scores=[20] * 5, **said)  # type: ignore[arg-type]
    visiting.visit(scores=[20, 20, 20, 10, 0], **said)  # type: ignore[arg-type]
    assert ShopVisit.objects.count() == 2
    first = today.replace(day=1)
    assert visiting.average(agreement.partner, world.wenxing, first, first + timedelta(days=31)) == Decimal(85)
