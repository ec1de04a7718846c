"""Many awards at once are what a loop would have booked, in one statement for each rule and day."""

import random
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from communities import settings
from communities.models import Resident, Setting
from core import clock
from points import ledger, statement
from points.ledger import Award, Awarded
from points.models import Credit, Entry
from tests import world as cast
from tests.books import breaches, refuses
from tests.points.deeds import charged, first_award, priced, taken_back
from tests.world import World, build, exactly

pytestmark = pytest.mark.django_db


def many(world: World, awards: list[Award]) -> list[Awarded]:
    return ledger.award_many(awards=awards, by=world.system, reason="志愿服务")


def given(found: list[Awarded]) -> list[int]:
    return [one.given for one in found]


def test_many_are_what_one_after_the_other_would_have_been(world: World) -> None:
    """Mixed people, rules and days in any order, with somebody named often and keys that come again."""
    chance = random.Random(3)
    people = [world.wang, world.li, world.zhao, world.sun, world.zhou]
    days = [clock.today() - timedelta(days=number) for number in (0, 0, 1, 40)]
    codes = [
        ("ENV", 150),
        ("ELD", 240),
        ("PRO", 300),
        ("PHOTO", 1),
        ("MEET", 1),
        ("POST", 1),
        ("HONOR_CITY", 1),
        ("ENV", 20),
    ]

    def one(number: int) -> Award:
        person, on, (code, quantity) = chance.choice(people), chance.choice(days), chance.choice(codes)
        return Award(f"m{number}", person, priced(person, code, quantity, on))

    asked = [one(number) for number in range(80)]
    asked += chance.sample(asked, 10)
    with transaction.atomic():
        looped = [
            ledger.award(key=key, resident=person, price=price, by=world.system, reason="志愿服务")
            for key, person, price in asked
        ]
        balances = [statement.available(person) for person in people]
        transaction.set_rollback(True)
    together = many(world, asked)
    assert given(together) == given(looped)
    assert sum(price.asked for _, _, price in asked) - sum(given(together)) > 0
    assert [statement.available(person) for person in people] == balances
    assert [one.entry for one in together[-10:]] == [together[asked.index(one)].entry for one in asked[-10:]]
    assert breaches() == []


def test_forty_people_are_one_statement(world: World) -> None:
    people = [cast.resident(world.wenxing, f"居民{number}") for number in range(40)]
    price = exactly(5)
    with CaptureQueriesContext(connection) as asked:
        many(world, [Award(f"k{person.pk}", person, price) for person in people])
    assert len(asked) == 1
    assert sum(statement.available(person) for person in people) == 200


def test_who_is_named_twice_sees_the_cap_as_the_first_left_it(world: World) -> None:
    price = priced(world.li, "ENV", 180)
    assert given(
        many(world, [Award("a", world.li, price), Award("b", world.li, price), Award("c", world.wang, price)])
    ) == [30, 10, 30]
    assert breaches() == []


def test_a_persons_awards_keep_their_order_though_anothers_come_between(world: World) -> None:
    env, pro, lect = (priced(world.li, code, 300) for code in ("ENV", "PRO", "EMG"))
    asked = [
        Award("r1", world.wang, lect),
        Award("r2", world.wang, pro),
        Award("p1", world.li, env),
        Award("p2", world.li, pro),
    ]
    assert given(many(world, asked)) == [75, 5, 40, 40]


def test_each_is_cut_by_the_caps_of_the_own_sub_district(world: World) -> None:
    far = cast.resident(world.hualin, "远方")
    Setting.objects.create(
        sub_district=world.hualin.sub_district,
        key=settings.CAP_DAY.key,
        value=15,
        starts_on=date(2026, 1, 1),
        by=world.he,
    )
    asked = [Award(f"k{person.pk}", person, priced(person, "ENV", 120)) for person in (world.li, far, world.wang)]
    assert given(many(world, asked)) == [20, 15, 20]
    assert list(Credit.objects.filter(wallet__resident=far).values_list("cap_day", flat=True)) == [15]


def test_a_key_that_was_booked_gives_its_entry_and_the_others_are_booked(world: World) -> None:
    (old,) = many(world, [Award("a", world.li, exactly(5))])
    found = many(world, [Award("b", world.wang, exactly(7)), Award("a", world.li, exactly(5))])
    assert found[1] == old
    assert found[0].given == 7
    assert statement.available(world.li) == 5


def test_a_key_for_two_people_is_refused(world: World) -> None:
    with refuses(ledger.KeyReused):
        many(world, [Award("same", world.li, exactly(5)), Award("same", world.wang, exactly(5))])
    with refuses(ledger.KeyReused):
        many(world, [Award("same", world.li, exactly(5)), Award("same", world.li, exactly(6))])
    assert statement.available(world.li) == 0


def test_the_same_award_named_twice_is_booked_once(world: World) -> None:
    one, two = many(world, [Award("same", world.li, exactly(5))] * 2)
    assert one == two
    assert statement.available(world.li) == 5


def test_somebody_who_owes_pays_and_the_others_keep_all(world: World) -> None:
    charged(world, world.wang, 30)
    taken_back(world, first_award(world.wang))
    many(world, [Award(f"k{person.pk}", person, exactly(20)) for person in (world.wang, world.li)])
    assert (statement.available(world.wang), statement.available(world.li)) == (0, 20)
    assert breaches() == []


def test_nothing_to_award_is_nothing(world: World) -> None:
    before = Entry.objects.count()
    assert many(world, []) == []
    assert many(world, [Award("k", world.li, exactly(0))]) == [Awarded(None, 0)]
    assert Entry.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_all_or_nothing_though_nobody_opened_a_transaction() -> None:
    world = build()
    good, bad = Award("good", world.li, exactly(5)), Award("bad", Resident(pk=10**9), priced(world.wang, "ENV", 60))
    with pytest.raises(ledger.UnknownAccount):
        many(world, [good, bad])
    assert statement.available(world.li) == 0
    assert not Entry.objects.filter(key__in=["good", "bad"]).exists()
