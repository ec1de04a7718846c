"""The administrator changes what service is worth, for days to come; every version stays."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from communities.models import Duty
from core import clock
from core.refusals import BadInput, Refused
from points import ledger, rules
from points.models import Credit, Rule
from points.pricing import UnknownRule, tariff
from points.rulebook import Figures, chapter
from points.rules import CHANGE, Decision
from tests import world as cast
from tests.books import breaches, refuses
from tests.points.ruling import asked, changed, decision, now, served_long, tomorrow
from tests.world import World

pytestmark = pytest.mark.django_db
FITNESS = Figures("健身打卡", "untimed", 4, None, 1, 8, 100)


def own() -> int:
    return Rule.objects.exclude(sub_district=None).count()


def test_a_change_counts_from_its_day_on_and_the_default_until_then(world: World) -> None:
    made = changed(world, points=12, day_points=60)
    assert (made.by, made.basis, made.sub_district) == (world.he, "hour", world.street)
    assert made.decision == f"评议小组{rules.dated(clock.today())}：全体同意"
    assert now(world.street, "ENV") == Figures("环境整治、清洁", "timed", 10, 40)
    assert now(world.street, "ENV", tomorrow()) == Figures("环境整治、清洁", "timed", 12, 60)


def test_another_sub_district_goes_by_its_own_rules(world: World) -> None:
    changed(world, points=12)
    assert now(world.hualin.sub_district, "ENV", tomorrow()).points == 10


def test_what_was_booked_keeps_the_version_that_priced_it(world: World) -> None:
    def serve(key: str) -> int:
        price = tariff("ENV", world.street.pk, on=clock.today()).price(60)
        entry = ledger.award(key=key, resident=world.li, price=price, by=world.chen, reason="清洁").entry
        return Credit.objects.values_list("rule__points", flat=True).get(entry=entry)

    first = serve("one")
    changed(world, points=12)
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        assert (first, serve("two")) == (10, 12)
    assert list(Credit.objects.filter(wallet__resident=world.li).order_by("pk").values_list("given", flat=True)) == [
        10,
        12,
    ]
    assert breaches() == []


def test_points_of_zero_switch_a_rule_off(world: World) -> None:
    changed(world, points=0)
    price = tariff("ENV", world.street.pk, on=tomorrow()).price(120)
    assert price.asked == 0
    assert chapter(world.street.pk, "ENV", tomorrow()).now.figures.worth == "停用"  # type: ignore[union-attr]


def test_a_sub_district_has_codes_of_its_own(world: World) -> None:
    rules.introduce(**asked(world, "FITNESS", figures=FITNESS))
    assert now(world.street, "FITNESS", tomorrow()) == FITNESS
    assert tariff("FITNESS", world.street.pk, on=tomorrow()).price(1).asked == 4
    with refuses(UnknownRule):
        tariff("FITNESS", world.hualin.sub_district.pk, on=tomorrow())


@pytest.mark.parametrize("days", [0, -1, -4000, 731])
def test_never_backwards_and_not_beyond_two_years(world: World, days: int) -> None:
    with refuses(rules.NeverBackwards):
        changed(world, points=12, starts_on=tomorrow(days))
    assert own() == 0


def test_the_day_is_that_of_shanghai(world: World) -> None:
    served_long(world)
    with time_machine.travel("2026-11-22 00:30+08:00", tick=False):  # still the 21st in UTC
        with refuses(rules.NeverBackwards):
            changed(world, points=12, starts_on=date(2026, 11, 22))
        assert changed(world, points=12, starts_on=date(2026, 11, 23)).points == 12


@pytest.mark.parametrize("second", [0, 59])
def test_in_the_last_minute_of_a_day_nothing_is_changed_for_tomorrow(world: World, second: int) -> None:
    """It could be written after midnight, for a day that somebody has already served on."""
    served_long(world)
    changes: tuple[Callable[[], Rule], ...] = (
        lambda: changed(world, points=12),
        lambda: rules.proposed(**asked(world, points=12)),
        lambda: rules.introduce(**asked(world, "FITNESS", figures=FITNESS)),
        lambda: rules.withdraw(sub_district=world.street, code="CIV", starts_on=tomorrow(), by=world.he),
    )
    with time_machine.travel("2026-11-21 23:58:59+08:00", tick=False) as now_is:
        changed(world, "CIV", points=12)
        now_is.move_to(f"2026-11-21 23:59:{second:02}+08:00")
        for change in changes:
            with refuses(rules.TooLateToday) as info:
                change()
            assert info.value.status == 409
        assert own() == 1
        assert changed(world, points=12, starts_on=tomorrow(2)).starts_on == date(2026, 11, 23)
        now_is.move_to("2026-11-22 00:00:00+08:00")
        assert changed(world, points=14).starts_on == date(2026, 11, 23)


def raw(world: World, **given: Any) -> int:
    """The SQL function as somebody with the application's login could call it."""
    row: dict[str, Any] = {
        "street": world.street.pk, "code": "ENV", "name": "清洁", "basis": "hour", "kind": "timed", "points": 12, "day_points": None,
        "day_times": None, "month_times": None, "notice_from": 100, "starts_on": tomorrow(), "decision": "", "by": world.he.pk,
        "at": clock.now(),
    } | given  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CHANGE, list(row.values()))
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("given", "sqlstate"),
    [
        ({"starts_on": lambda: clock.today()}, "PB007"),
        ({"starts_on": lambda: date(2000, 1, 1)}, "PB007"),
        ({"starts_on": lambda: date(2100, 1, 1)}, "PB007"),
        ({"starts_on": lambda: None}, "PB007"),
        ({"at": lambda: None}, "PB007"),
        ({"by": lambda: 10**9}, "PB004"),
        ({"street": lambda: 10**9}, "PB004"),
        ({"kind": lambda: "untimed", "basis": lambda: "time"}, "PB012"),
        ({"basis": lambda: "time"}, "23514"),
        ({"points": lambda: 1001}, "23514"),
        ({"points": lambda: -1}, "23514"),
        ({"name": lambda: ""}, "23514"),
        ({"code": lambda: ""}, "23514"),
    ],
)
def test_the_database_refuses_the_same_without_python(world: World, given: dict[str, Any], sqlstate: str) -> None:
    with pytest.raises(DatabaseError) as info:
        raw(world, **{name: make() for name, make in given.items()})
    assert getattr(info.value.__cause__, "sqlstate", None) == sqlstate
    assert own() == 0
    assert Rule.objects.get(pk=raw(world)).points == 12


def test_only_the_administrator_of_that_sub_district_changes(world: World) -> None:
    far = cast.staff("far", "远街道", Duty.Role.STREET_ADMIN, sub_district=world.hualin.sub_district)
    for who in (world.zhang, world.chen, world.qian, world.system, far):
        for act in (rules.change, rules.introduce, rules.proposed):
            with refuses(rules.NotYourRule):
                act(**asked(world, "FITNESS", figures=FITNESS, by=who))
        with refuses(rules.NotYourRule):
            rules.withdraw(sub_district=world.street, code="ENV", starts_on=tomorrow(), by=who)
    world.he.duties.update(ends_on=clock.today() - timedelta(days=1))
    with refuses(rules.NotYourRule):
        changed(world, points=12)
    assert own() == 0


WRONG: list[tuple[dict[str, Any], type[Refused]]] = [
    ({"points": -1}, rules.BadFigures),
    ({"points": 1001}, rules.BadFigures),
    ({"day_points": 0}, rules.BadFigures),
    ({"day_times": 10_001}, rules.BadFigures),
    ({"month_times": 0}, rules.BadFigures),
    ({"notice_from": 0}, rules.BadFigures),
    ({"name": " "}, rules.BadFigures),
    ({"name": "清" * 41}, rules.BadFigures),
    ({"name": "清\0洁"}, rules.BadFigures),
    ({"kind": "odd"}, rules.BadFigures),
    ({"kind": "untimed"}, rules.KindSettled),
    ({}, rules.NothingNew),
    ({"points": 12, "decision": Decision("评议小组", date(2026, 1, 1), " ")}, rules.DecisionMissing),
    ({"points": 12, "decision": Decision("评议小组", date(2026, 1, 1), "好" * 151)}, rules.DecisionMissing),
    ({"points": 12, "decision": Decision("我自己", date(2026, 1, 1), "同意")}, rules.DecisionMissing),
    ({"points": 12, "decision": Decision("评议小组", date(2099, 1, 1), "同意")}, rules.DecisionMissing),
    ({"code": "env", "figures": FITNESS}, rules.BadCode),
    ({"code": "A1", "figures": FITNESS}, rules.BadCode),
    ({"code": "", "figures": FITNESS}, rules.BadCode),
    ({"code": "A" * 21, "figures": FITNESS}, rules.BadCode),
    ({"code": "ADJ", "points": 5}, rules.PricedByHand),
    ({"code": "HONOR_CITY", "day_points": 5}, rules.NoCapsHere),
]


@pytest.mark.parametrize(("given", "kind"), WRONG)
def test_what_is_wrong_is_refused_and_writes_nothing(world: World, given: dict[str, Any], kind: type[Refused]) -> None:
    wanted = asked(world, **given)
    for act in (rules.proposed, rules.change):
        with refuses(kind) as info:
            act(**wanted)
        assert info.value.message and info.value.status == (400 if issubclass(kind, BadInput) else 409)
    assert own() == 0


def test_a_new_code_is_not_one_that_exists(world: World) -> None:
    with refuses(rules.CodeTaken):
        rules.introduce(**asked(world, "ENV", points=12))
    assert own() == 0


def test_the_later_version_of_one_day_counts_and_both_are_kept(world: World) -> None:
    changed(world, points=12)
    changed(world, points=14)
    assert now(world.street, "ENV", tomorrow()).points == 14
    assert own() == 2
    with refuses(rules.NothingNew):
        changed(world, points=14)
    changed(world, points=10)  # back to what it is: allowed, since something else was planned
    assert now(world.street, "ENV", tomorrow()).points == 10


def test_what_is_withdrawn_never_begins(world: World) -> None:
    changed(world, points=12)
    changed(world, points=20, starts_on=tomorrow(40))
    written = rules.withdraw(sub_district=world.street, code="ENV", starts_on=tomorrow(), by=world.he)
    assert written.decision == f"撤回原定{rules.dated(tomorrow())}起的改动"
    assert [now(world.street, "ENV", tomorrow(days)).points for days in (0, 1, 39, 40)] == [10, 10, 10, 20]
    assert own() == 3


def test_withdrawing_the_later_change_brings_back_the_earlier_one_and_not_the_present(world: World) -> None:
    changed(world, points=12)
    changed(world, points=20, starts_on=tomorrow(40))
    rules.withdraw(sub_district=world.street, code="ENV", starts_on=tomorrow(40), by=world.he)
    assert [now(world.street, "ENV", tomorrow(days)).points for days in (0, 1, 40)] == [10, 12, 12]


def test_a_new_code_that_is_withdrawn_is_switched_off(world: World) -> None:
    rules.introduce(**asked(world, "FITNESS", figures=FITNESS))
    rules.withdraw(sub_district=world.street, code="FITNESS", starts_on=tomorrow(), by=world.he)
    assert now(world.street, "FITNESS", tomorrow()).points == 0


def test_only_what_is_to_come_is_withdrawn_and_once(world: World) -> None:
    changed(world, points=12)
    for code, day in (("ENV", tomorrow(2)), ("CIV", tomorrow()), ("NONE", tomorrow())):
        with refuses(rules.NothingToWithdraw):
            rules.withdraw(sub_district=world.street, code=code, starts_on=day, by=world.he)
    rules.withdraw(sub_district=world.street, code="ENV", starts_on=tomorrow(), by=world.he)
    with refuses(rules.NothingToWithdraw):
        rules.withdraw(sub_district=world.street, code="ENV", starts_on=tomorrow(), by=world.he)
    changed(world, points=12)
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False), refuses(rules.NeverBackwards):
        rules.withdraw(sub_district=world.street, code="ENV", starts_on=clock.today(), by=world.he)


def test_a_version_cannot_be_changed_afterwards(world: World) -> None:
    made = changed(world, points=12)
    with pytest.raises(DatabaseError), transaction.atomic():
        Rule.objects.filter(pk=made.pk).update(points=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        made.delete()


@pytest.mark.parametrize(
    ("on", "first"), [(date(2026, 11, 22), date(2026, 12, 1)), (date(2026, 12, 31), date(2027, 1, 1)), (date(2027, 1, 31), date(2027, 2, 1))]
)  # fmt: skip
def test_a_version_usually_begins_on_the_first_of_the_next_month(on: date, first: date) -> None:
    assert rules.first_of_next_month(on) == first


def test_the_decision_is_of_the_day_it_was_taken(world: World) -> None:
    assert decision().written.endswith("全体同意") and str(clock.today().year) in decision().written
