"""What `make mutants` asks for and no other test says: guards that are missed by two sessions, and by two guards in a row."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from django.db import DatabaseError, transaction

from communities.models import Resident
from core import clock
from nightschool.models import Enrolment
from points import ledger, statement
from points.models import Account, Credit
from tests import world as cast
from tests.books import breaches
from tests.points.deeds import at_home, charged, ledger_share, priced, rule, served
from tests.races.together import in_background, until_somebody_waits_for_us
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def one_after_the_other(first: Callable[[], object], second: Callable[[], object]) -> object:
    """What became of `second`, begun while `first` is done and not committed, ended when it is."""
    with transaction.atomic():
        first()
        answer = in_background(second)
        until_somebody_waits_for_us()
    return answer()


def test_who_waits_at_a_wallet_sees_what_the_first_left(world: World) -> None:
    charged(world, world.zhao, 1)  # opens the pot
    answer = one_after_the_other(lambda: charged(world, world.wang, 50), lambda: charged(world, world.wang, 50))
    assert isinstance(answer, ledger.ShortOfPoints), answer
    assert (answer.missing, statement.available(world.wang)) == (20, 30)
    assert breaches() == []


def test_two_corrections_at_once_both_count(world: World) -> None:
    def give(key: str) -> int:
        return ledger.adjust(key=key, resident=world.wang, amount=5, by=world.system, reason="更正")

    assert isinstance(one_after_the_other(lambda: give("one"), lambda: give("two")), int)
    assert Account.objects.get(resident=world.wang).balance == 90


def test_two_services_booked_at_once_share_the_days_cap(world: World) -> None:
    def serve(key: str) -> ledger.Awarded:
        price = priced(world.li, "ENV", 4 * 60)
        return ledger.award(key=key, resident=world.li, price=price, by=world.system, reason="志愿服务")

    cast.award(world.li, 1)  # opens the wallet, whose first row would make the second wait by itself
    second = one_after_the_other(lambda: serve("one"), lambda: serve("two"))
    assert isinstance(second, ledger.Awarded) and second.given == 0, second
    assert set(Credit.objects.filter(rule__code="ENV").values_list("given", flat=True)) == {40, 0}
    assert breaches() == []


def test_the_last_seat_goes_to_one_of_two(world: World) -> None:
    """The row that the second counts is the first one's newest, and the constraint has the last word."""
    course = cast.course(world.wenxing, capacity=1, price=0)

    def sit(person: Resident) -> Enrolment:
        return Enrolment.objects.create(course=course, resident=person, by=world.zhang, price=0, channel="desk")

    answer = one_after_the_other(lambda: sit(world.wang), lambda: sit(world.zhao))
    assert "course_seats" in repr(answer)
    assert Enrolment.objects.seated().count() == 1
    assert breaches() == []


def test_of_the_others_the_last_day_decides_before_the_wallet(world: World) -> None:
    at_home(world.li, world.wang, world.zhao)
    cast.award(world.zhao, 30, at=clock.at(date(clock.today().year - 1, 6, 1), time(12)))
    charged(world, world.li, 30, purse=True)
    assert (statement.available(world.wang), statement.available(world.zhao)) == (80, 200)
    assert breaches() == []


def test_a_rule_paid_by_the_hour_may_count_so_many_times(world: World) -> None:
    rule(world, "ENV", day_times=1)
    assert [served(world.li, "ENV", 60).given for _ in range(2)] == [10, 0]
    assert breaches() == []


def test_a_version_that_was_replaced_prices_nothing(world: World) -> None:
    rule(world, "ENV", starts_on=clock.today() - timedelta(days=1), points=5)
    former = priced(world.li, "ENV", 60)
    rule(world, "ENV", starts_on=clock.today(), points=1)
    with pytest.raises(ledger.RuleNotInForce):
        ledger.award(key="k", resident=world.li, price=former, by=world.system, reason="志愿服务")
    assert served(world.li, "ENV", 60).given == 1


@pytest.mark.parametrize(
    ("code", "fields"),
    [("ENV", {"asked": 11}), ("MEET", {"asked": 6}), ("MEET", {"quantity": 0}), ("ENV", {"quantity": 29})],
    ids=str,
)
def test_no_more_is_asked_than_the_rule_gives(world: World, code: str, fields: dict[str, int]) -> None:
    price = replace(priced(world.li, code, 60 if code == "ENV" else 1), **fields)
    with pytest.raises(ledger.BadAmount):
        ledger.award(key="k", resident=world.li, price=price, by=world.system, reason="志愿服务")
    assert not Credit.objects.filter(rule__code=code).exists()


@pytest.mark.parametrize("born", [None, date(clock.today().year - 17, 1, 1)])
def test_a_child_shares_no_purse(world: World, born: date | None) -> None:
    young = cast.resident(world.wenxing, "孩子", born=born)
    with pytest.raises(DatabaseError, match="not of age"):
        ledger_share(young)


def test_a_purse_is_of_one_community(world: World) -> None:
    at_home(world.wang, world.zhou)  # who lives in another community by the register
    with pytest.raises(ledger.ShortOfPoints):
        charged(world, world.wang, 81, purse=True)


def test_who_is_not_a_resident_any_more_pays_for_nobody(world: World) -> None:
    at_home(world.wang, world.zhao)
    Resident.objects.filter(pk=world.zhao.pk).update(status="declined", decline_reason="不在本社区")
    with pytest.raises(ledger.ShortOfPoints):
        charged(world, world.wang, 81, purse=True)
