"""封顶: what is above a cap is cut off and said so, by the day of service and not by the day of booking (domain guide, 4.2)."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine

from core import clock
from points import ledger, statement
from points.models import Credit, Entry, Posting
from tests.books import breaches, refuses
from tests.points.deeds import priced, rule, served, taken_back
from tests.world import World, award, exactly

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
HOUR = 60


@pytest.fixture(autouse=True)
def _a_day_in_november(db: None) -> Iterator[None]:
    with time_machine.travel(clock.midnight_after(TODAY).replace(hour=4), tick=False):
        yield
        assert breaches() == []


def given(world: World, code: str, *quantities: int, on: date = TODAY) -> list[int]:
    return [served(world.li, code, quantity, on).given for quantity in quantities]


def credits(world: World) -> list[tuple[str, int, int, int, int | None, int | None]]:
    """(rule, quantity, asked, given, day's cap, month's cap) of 李建国, the oldest first."""
    columns = ("rule__code", "quantity", "asked", "given", "cap_day", "cap_month")
    return list(Credit.objects.filter(wallet__resident=world.li).order_by("pk").values_list(*columns))


def test_a_rule_gives_no_more_than_its_day_holds(world: World) -> None:
    assert given(world, "ENV", 3 * HOUR, 2 * HOUR, HOUR) == [30, 10, 0]
    assert credits(world) == [
        ("ENV", 180, 30, 30, 80, 400), ("ENV", 120, 20, 10, 80, 400), ("ENV", 60, 10, 0, 80, 400),
    ]  # fmt: skip
    assert statement.available(world.li) == 40


def test_several_rules_of_timed_service_share_the_days_cap(world: World) -> None:
    assert given(world, "ENV", 4 * HOUR) + given(world, "ELD", 3 * HOUR) + given(world, "PRO", HOUR) == [40, 36, 4]


def test_several_days_share_the_months_cap_and_the_next_month_has_its_own(world: World) -> None:
    days = [given(world, "EMG", 8 * HOUR, on=date(2026, 11, number))[0] for number in range(1, 8)]
    assert days == [80, 80, 80, 80, 80, 0, 0]
    assert given(world, "EMG", 8 * HOUR, on=date(2026, 10, 31)) == [80]


def test_the_cap_is_of_the_day_of_service_whenever_it_is_booked(world: World) -> None:
    assert given(world, "ENV", 4 * HOUR, on=date(2026, 11, 19)) + given(world, "CIV", 240, on=date(2026, 11, 19)) == [
        40,
        40,
    ]
    with time_machine.travel(clock.now().replace(day=22)):
        assert given(world, "ENV", 4 * HOUR, 4 * HOUR, on=date(2026, 11, 19)) == [0, 0]
        assert given(world, "ENV", 4 * HOUR, on=date(2026, 11, 21)) == [40]


def test_untimed_services_have_a_months_cap_of_their_own(world: World) -> None:
    assert given(world, "ENV", 4 * HOUR) == [40]
    assert given(world, "POST", 1) + given(world, "IDEA", 1, 1) == [30, 20, 10]
    assert given(world, "LECT", 1) == [0]
    assert given(world, "CIV", 4 * HOUR) == [40]


def test_only_so_many_times_a_day_count(world: World) -> None:
    assert given(world, "PHOTO", *[1] * 7) == [3, 3, 3, 3, 3, 0, 0]
    assert given(world, "PHOTO", 1, on=date(2026, 11, 19)) == [3]


def test_several_times_in_one_award_count_as_several(world: World) -> None:
    assert given(world, "PHOTO", 3, 4) == [9, 6]
    assert given(world, "LECT", 5) == [12]


def test_only_so_many_times_a_month_count(world: World) -> None:
    days = [date(2026, 11, number) for number in (1, 8, 15)]
    assert [given(world, "MEET", 1, on=on)[0] for on in days] == [5, 5, 0]
    assert given(world, "MEET", 1, on=date(2026, 10, 31)) == [5]


def test_a_time_that_gave_nothing_does_not_count_as_one(world: World) -> None:
    rule(world, "LECT", month_times=3)
    assert given(world, "POST", 1) + given(world, "IDEA", 1, 1) == [30, 20, 10]
    cut = served(world.li, "LECT", 1)
    assert cut.given == 0
    taken_back(world, Entry.objects.get(credit__rule__code="POST").pk)
    assert given(world, "LECT", 1, 1, 1, 1) == [3, 3, 3, 0]


def test_honours_are_given_as_they_are_and_take_no_room(world: World) -> None:
    assert given(world, "HONOR_CITY", 1, 1, 1) == [80, 80, 80]
    assert served(world.li, "HONOR_CITY", 1, TODAY, cap_day=1, cap_month=1).given == 80
    assert given(world, "ENV", 5 * HOUR) == [40]
    assert given(world, "POST", 1) == [30]


def test_an_honour_is_given_though_every_cap_is_reached(world: World) -> None:
    assert given(world, "ENV", 5 * HOUR) + given(world, "CIV", 5 * HOUR) + given(world, "PAT", HOUR) == [40, 40, 0]
    assert given(world, "HONOR_STREET", 1) == [30]


def test_one_persons_service_takes_nothing_from_anothers_room(world: World) -> None:
    assert given(world, "ENV", 4 * HOUR) == [40]
    assert served(world.wang, "ENV", 4 * HOUR).given == 40


def test_what_is_taken_back_gives_its_room_back(world: World) -> None:
    first = served(world.li, "ENV", 4 * HOUR)
    assert given(world, "ENV", HOUR) == [0]
    taken_back(world, first.entry)
    assert given(world, "ENV", HOUR, 4 * HOUR) == [10, 30]


def test_what_is_cut_off_wholly_is_an_entry_without_points(world: World) -> None:
    given(world, "ENV", 4 * HOUR)
    wanted = {
        "key": "cut",
        "resident": world.li,
        "price": priced(world.li, "ENV", HOUR),
        "by": world.system,
        "reason": "试",
    }
    cut = ledger.award(**wanted)
    assert cut.given == 0
    assert not Posting.objects.filter(entry=cut.entry).exists()
    assert ledger.award(**wanted) == cut
    assert Credit.objects.get(entry=cut.entry).asked == 10
    with refuses(ledger.NothingToTakeBack) as refused:
        taken_back(world, cut.entry)
    assert refused.value.code == "nothing_to_take_back"


def test_the_key_of_a_cut_award_gives_the_same_answer_when_there_is_room_again(world: World) -> None:
    full = served(world.li, "ENV", 3 * HOUR + 30)
    wanted = {
        "key": "cut",
        "resident": world.li,
        "price": priced(world.li, "ENV", 4 * HOUR),
        "by": world.system,
        "reason": "试",
    }
    assert ledger.award(**wanted).given == 5
    taken_back(world, full.entry)
    assert ledger.award(**wanted).given == 5
    assert statement.available(world.li) == 5


def test_a_rule_of_the_sub_districts_own_brings_its_own_caps(world: World) -> None:
    own = rule(world, "ENV", points=20, day_points=None)
    assert given(world, "ENV", 3 * HOUR, 3 * HOUR) == [60, 20]
    assert set(Credit.objects.values_list("rule_id", flat=True).filter(wallet__resident=world.li)) == {own.pk}


def test_a_rule_that_is_switched_off_makes_no_entry(world: World) -> None:
    rule(world, "ENV", points=0)
    before = Entry.objects.count()
    assert served(world.li, "ENV", 4 * HOUR) == ledger.Awarded(None, 0)
    assert Entry.objects.count() == before


def test_a_rule_of_another_sub_district_prices_nobody_here(world: World) -> None:
    own = rule(world, "ENV", points=20)
    with refuses(ledger.RuleNotInForce):
        served(world.li, "ENV", HOUR, rule_id=own.pk, on=date(2026, 10, 31))
    world.wenxing.sub_district = world.hualin.sub_district
    world.wenxing.save()
    with refuses(ledger.RuleNotInForce):
        served(world.li, "ENV", HOUR, rule_id=own.pk)


@pytest.mark.parametrize("on", [date(1999, 12, 31), date(2026, 11, 21)], ids=["before the rule", "after the award"])
def test_service_is_not_before_its_rule_nor_after_its_award(world: World, on: date) -> None:
    with refuses(ledger.RuleNotInForce):
        ledger.award(key="k", resident=world.li, price=exactly(5, on), by=world.system, reason="试")


def test_points_of_before_the_rules_take_no_room(world: World) -> None:
    award(world.li, 1000)
    assert given(world, "ENV", 4 * HOUR) == [40]
