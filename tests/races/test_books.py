"""Many hands on the same wallet, key or entry: each event is booked once, and nobody spends what is not there."""

from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from communities.models import Resident
from core import clock
from core.refusals import Refused
from core.verbs import verb
from nightschool.enrolment import enrol
from nightschool.models import Channel, Course, Enrolment
from points import ledger, statement
from points.ledger import Award, Move
from points.models import Account, Debt, Entry, Posting
from points.pricing import tariff
from tests import world as cast
from tests.books import breaches
from tests.races.together import at_once, crowd, in_background, let_in_together, until_somebody_waits_for_us
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[], object]


def charging(world: World, person: Resident, amount: int, key: str) -> Act:
    return lambda: ledger.charge(
        key=key, resident=person, amount=amount, provider=world.wenxing, by=world.system, reason="夜校"
    )


def reversing(world: World, entry: int, key: str) -> Act:
    return lambda: ledger.reverse(key=key, entry=entry, by=world.system, reason="退回")


def codes(answers: list[object]) -> Counter[str]:
    """How often each refusal came; "done" for a number. Anything else fails the test."""
    for answer in answers:
        if not isinstance(answer, int | Refused):
            raise AssertionError(repr(answer))
    return Counter(getattr(answer, "code", "done") for answer in answers)


def test_a_wallet_is_spent_once_however_many_spend(world: World) -> None:
    (person,) = crowd(world, 1, points=30)
    for _ in range(5):
        cast.award(person, 10)  # several lots: each charge takes from more than one
    charging(world, world.wang, 1, "opens the pot")()
    answers = let_in_together([charging(world, person, 16, f"c{n}") for n in range(20)], "points_entry")
    assert codes(answers) == {"done": 5, "short_of_points": 15}
    assert statement.available(person) == 0
    assert breaches() == []


def test_one_key_books_once_however_many_ask(world: World) -> None:
    (person,) = crowd(world, 1)
    charging(world, world.wang, 1, "opens the pot")()
    answers = let_in_together([charging(world, person, 60, "same") for _ in range(16)], "points_entry")
    assert codes(answers) == {"done": 16}
    assert len(set(answers)) == 1
    assert breaches() == []


def test_one_reversal_however_many_reverse(world: World) -> None:
    """The key and the reversed entry are both unique: whichever of the two stops the second, it gets the first one's number."""
    entries = [int(str(charging(world, world.wang, 4, f"c{n}")())) for n in range(20)]
    for entry in entries:
        answers = let_in_together([reversing(world, entry, f"r{entry}") for _ in range(8)], "points_entry")
        assert codes(answers) == {"done": 8}
        assert len(set(answers)) == 1
    assert statement.available(world.wang) == 80
    assert breaches() == []


def test_two_reasons_to_reverse_one_entry_return_the_points_once(world: World) -> None:
    entry = int(str(charging(world, world.wang, 40, "c")()))
    answers = let_in_together([reversing(world, entry, f"r{n}") for n in range(8)], "points_entry")
    assert codes(answers) == {"done": 1, "already_reversed": 7}
    assert statement.available(world.wang) == 80
    assert breaches() == []


def test_what_was_spent_while_an_award_is_taken_back_is_owed_to_the_point(world: World) -> None:
    charging(world, world.wang, 1, "opens the pot")()
    for n, person in enumerate(crowd(world, 12)):
        award = Posting.objects.get(destination__resident=person).entry_id
        spend = [charging(world, person, 20, f"c{n}:{m}") for m in range(5)]
        answers = let_in_together([reversing(world, award, f"r{n}"), *spend], "points_entry")
        taken, spent = codes(answers[:1]), codes(answers[1:])
        assert taken == {"done": 1}
        assert spent["done"] + spent["short_of_points"] == 5
        owed = list(Debt.objects.filter(wallet__resident=person).values_list("owed", flat=True))
        assert owed == ([20 * spent["done"]] if spent["done"] else [])
        assert statement.available(person) == 0
    assert breaches() == []


def test_spending_and_returning_cross_without_a_scratch(world: World) -> None:
    (person,) = crowd(world, 1, points=100)
    before = [int(str(charging(world, person, 10, f"b{n}")())) for n in range(10)]
    acts = [reversing(world, entry, f"r{entry}") for entry in before]
    acts += [charging(world, person, 10, f"c{n}") for n in range(10)]
    answers = codes(let_in_together(acts, "points_entry"))
    assert answers["done"] + answers["short_of_points"] == 20
    assert answers["done"] >= 10
    assert statement.available(person) == 100 - 10 * (answers["done"] - 10)
    assert breaches() == []


def test_two_purses_named_in_opposite_order_do_not_block_each_other(world: World) -> None:
    one, two = crowd(world, 2, points=100)
    charging(world, one, 1, "opens the pot")()
    income = Account.objects.get(kind="income").pk
    wallets = [account.pk for account in Account.objects.filter(resident__in=[one, two])]

    def pay(number: int) -> int:
        moves = [Move(wallet, income, 1) for wallet in wallets[:: 1 if number % 2 else -1]]
        kind, by = Entry.Kind.CHARGE, world.system
        return ledger.post(key=f"p{number}", kind=kind, community=world.wenxing, moves=moves, by=by, reason="家庭积分")

    for wave in range(4):
        acts = [lambda n=n: pay(n) for n in range(wave * 16, wave * 16 + 16)]
        assert codes(at_once(acts)) == {"done": 16}
    assert breaches() == []


def test_the_first_who_pays_a_community_opens_its_pot_and_the_others_find_it(world: World) -> None:
    people = crowd(world, 12)
    answers = at_once([charging(world, person, 5, f"c{person.pk}") for person in people])
    assert codes(answers) == {"done": 12}
    assert Account.objects.filter(kind="income").count() == 1
    assert breaches() == []


def test_who_waits_too_long_hears_that_it_is_busy_and_not_that_points_are_missing(world: World) -> None:
    impatient = verb()(charging(world, world.wang, 5, "late"))

    def act() -> object:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        return impatient()

    with transaction.atomic():
        charging(world, world.wang, 80, "holds the wallet")()
        answer = in_background(act)()
        transaction.set_rollback(True)
    assert isinstance(answer, Refused)
    assert (answer.code, answer.status) == ("busy", 503)
    assert statement.available(world.wang) == 80


def test_a_course_called_off_while_somebody_pays_takes_neither_points_nor_a_seat(world: World) -> None:
    course, channel = cast.course(world.wenxing), Channel.PHONE
    with transaction.atomic():
        Course.objects.filter(pk=course.pk).update(status=Course.Status.CANCELLED, cancelled_at=course.opens_at)
        answer = in_background(
            lambda: enrol(course_id=course.pk, resident=world.wang, by=world.system, channel=channel)
        )
        until_somebody_waits_for_us()
    refused = answer()
    assert getattr(refused, "code", refused) == "course_cancelled"
    assert statement.available(world.wang) == 80
    assert not Enrolment.objects.exists()
    assert breaches() == []


def test_a_seat_given_back_goes_to_the_one_who_waits_at_the_counter(world: World) -> None:
    """Whoever reaches the course row after the seat is free again gets it, though an older look said that it was taken."""
    (person,) = crowd(world, 1)
    course, channel = cast.course(world.wenxing, capacity=1), Channel.PHONE
    (held,) = cast.seated(course, world.wang)
    with transaction.atomic():
        Enrolment.objects.filter(pk=held.pk).update(
            status="cancelled", cancelled_at=course.opens_at, refund_id=reversing(world, held.entry_id or 0, "r")()
        )
        refused = in_background(lambda: enrol(course_id=course.pk, resident=person, by=world.system, channel=channel))()
    assert getattr(refused, "code", refused) == "course_full"
    assert enrol(course_id=course.pk, resident=person, by=world.system, channel=channel).status == "seated"
    assert breaches() == []


def test_two_bulk_awards_that_name_the_same_people_in_opposite_order_both_end(world: World) -> None:
    """Each takes two rules, so two statements: whoever meets the other the wrong way round is tried again."""
    people = crowd(world, 20, points=1)
    street = world.street.pk
    prices = [tariff(code, street, on=clock.today()).price(1) for code in ("HONOR_STREET", "HONOR_CITY")]

    def giving(tag: str, halves: list[list[Resident]]) -> Act:
        named = [(half, price) for half, price in zip(halves, prices, strict=True)]
        return lambda: sum(
            len(ledger.award_many(
                awards=[Award(f"{tag}:{turn}:{one.pk}", one, price) for half, price in named for one in half],
                by=world.system, reason="表彰",
            ))
            for turn in range(20)
        )  # fmt: skip

    answers = at_once([giving("one", [people[:10], people[10:]]), giving("other", [people[10:], people[:10]])])
    assert answers == [400, 400], answers
    assert breaches() == []
