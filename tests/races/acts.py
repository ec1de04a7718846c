"""The acts of the race. To add one: write a function that takes a `Deal`, and name it in ACTS with its weight.

An act is a pure function of its number: whoever repeats the number asks for exactly the same, under the same key. It
returns the number of what it booked (None when it books under no key of its own), raises Refused, or Void when it
finds nothing to act upon. The books' functions are called inside a verb, as everywhere; a deadlock that the verb tries
again is counted by PostgreSQL all the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from random import Random
from typing import Any

from communities.models import Resident
from core import clock
from core.refusals import Refused
from core.verbs import verb
from integrations.models import IdempotentAnswer
from nightschool.leaving import withdraw
from nightschool.models import Course, Enrolment
from points import adjusting, folding, ledger, moving, purse, rules
from points.books import breaches
from points.ledger import Move
from points.models import Account, Entry, Rule
from points.pricing import tariff
from points.rulebook import Figures
from tests.api import Api
from tests.points.shown import booked as shown_and_booked
from tests.world import World, exactly

SEED, RECENT = 3, 120
HOUSEHOLD = 4  # so many of the people live together


class Void(Exception):
    """There is nothing to act upon."""


class Answered(Refused):
    """A refusal that came over REST."""

    def __init__(self, code: str) -> None:
        self.code = code  # type: ignore[misc]
        super().__init__(code)


@dataclass(frozen=True)
class Table:
    """What is played with: few wallets and few seats, so that the hands meet."""

    world: World
    people: list[Resident]
    courses: list[Course]
    api: Api
    began: datetime


@dataclass(frozen=True)
class Deal:
    """One act's number and its draw of the cards."""

    table: Table
    number: int

    @cached_property
    def dice(self) -> Random:
        return Random(f"{SEED}:{self.number}")

    @property
    def key(self) -> str:
        return key_of(self.number)

    @property
    def at(self) -> datetime:
        return self.table.began + timedelta(milliseconds=self.number)

    @property
    def day(self) -> date:
        return clock.local(self.at).date()

    def somebody(self) -> Resident:
        return self.dice.choice(self.table.people)

    def neighbour(self) -> Resident:
        """Somebody of 文兴."""
        return self.dice.choice([one for one in self.table.people if one.community == self.table.world.wenxing])

    def relative(self) -> Resident:
        """Somebody of the one household."""
        return self.dice.choice(self.table.people[-HOUSEHOLD:])

    def course(self) -> Course:
        return self.dice.choice(self.table.courses)

    def recent(self, *names: str) -> int:
        """The number of a recent act of that name."""
        past = [number for number in range(max(1, self.number - RECENT), self.number) if name_of(number) in names]
        if not past:
            raise Void
        return self.dice.choice(past)

    def result_of(self, *names: str) -> int:
        """What a recent act of that name booked, if it came to that."""
        found = booked(self.table, self.recent(*names))
        if found is None:
            raise Void
        return found


@verb()
def award(deal: Deal) -> int | None:
    price = exactly(deal.dice.randint(1, 20), deal.day)
    return ledger.award(
        key=deal.key, resident=deal.somebody(), price=price, by=deal.table.world.system, reason="表彰", at=deal.at
    ).entry


@verb()
def award_under_caps(deal: Deal) -> int | None:
    """Four weeks of service: the caps of a day and a month are met soon."""
    served, street = deal.day - timedelta(days=deal.dice.randint(0, 27)), deal.table.world.street.pk
    price = tariff(deal.dice.choice(("ENV", "ELD", "PHOTO")), street, on=served).price(deal.dice.randint(1, 4) * 30)
    return ledger.award(
        key=deal.key, resident=deal.somebody(), price=price, by=deal.table.world.system, reason="志愿服务", at=deal.at
    ).entry


@verb()
def award_long_ago(deal: Deal) -> int | None:
    """Booked late: its last day is past, and the sweep finds it."""
    at = deal.at - timedelta(days=900)
    price = exactly(deal.dice.randint(1, 9), clock.local(at).date())
    return ledger.award(
        key=deal.key, resident=deal.somebody(), price=price, by=deal.table.world.system, reason="补记", at=at
    ).entry


@verb()
def award_many(deal: Deal) -> int | None:
    """Several people at once, in any order."""
    people, price = deal.dice.sample(deal.table.people, 3), exactly(deal.dice.randint(1, 9), deal.day)
    awards = [
        ledger.Award(deal.key if n == 0 else f"also:{deal.number}:{n}", person, price)
        for n, person in enumerate(people)
    ]
    return ledger.award_many(awards=awards, by=deal.table.world.system, reason="表彰", at=deal.at)[0].entry


def adjust_by_two(deal: Deal) -> None:
    """One colleague proposes, another approves, what gives is shown; the key is the adjustment's own."""
    world, amount = deal.table.world, deal.dice.choice((-5, 3))
    asked = adjusting.propose(
        resident=deal.neighbour(), amount=amount, reason=f"更正记录：{deal.number}", by=world.zhang
    )
    shown_and_booked(world, asked)


def take_back_by_two(deal: Deal) -> None:
    """One proposes to take an award back, another approves, while a third may take it back without asking."""
    world, entry = deal.table.world, deal.result_of("award", "award_under_caps", "take_back_award")
    asked = adjusting.propose_take_back(entry=entry, reason="记错了", by=world.zhang)
    adjusting.approve(adjustment=asked, by=world.chen)


def change_rule(deal: Deal) -> None:
    """From a day to come on: what is booked in the race is priced by the versions before."""
    world, dice = deal.table.world, deal.dice
    figures = Figures("环境整治", Rule.Kind.TIMED, dice.randint(1, 30), day_points=dice.choice((None, 60)))
    rules.change(
        sub_district=world.street, code="ENV", figures=figures, starts_on=deal.day + timedelta(days=dice.randint(1, 3)),
        decision=rules.Decision(rules.Body.PANEL, deal.day, "调整分值"), by=world.he, at=deal.at,
    )  # fmt: skip


@verb()
def expire(deal: Deal) -> None:
    ledger.expire(by=deal.table.world.system, limit=deal.dice.choice((1, 5, 500)), at=deal.at)


def check_books(deal: Deal) -> None:
    """Whoever looks while others book sees every promise kept as well."""
    if found := breaches():
        raise AssertionError(found[:3])


def fold(deal: Deal) -> None:
    folding.fold(at=deal.at)


@verb()
def charge(deal: Deal) -> int:
    return ledger.charge(
        key=deal.key, resident=deal.somebody(), amount=deal.dice.randint(1, 40), relief=deal.dice.choice((0, 0, 5)),
        provider=deal.dice.choice((deal.table.world.wenxing, deal.table.world.yongan)), by=deal.table.world.system,
        reason="兑换", at=deal.at,
    )  # fmt: skip


@verb()
def charge_two(deal: Deal) -> int:
    """One entry on two wallets, named in any order."""
    one, two = deal.dice.sample(deal.table.people, 2)
    income = Account.objects.get(kind=Account.Kind.INCOME, community=deal.table.world.wenxing).pk
    moves = [Move(wallet_of(person), income, deal.dice.randint(1, 10)) for person in (one, two)]
    return ledger.post(
        key=deal.key, kind=Entry.Kind.CHARGE, community=deal.table.world.wenxing, moves=moves,
        by=deal.table.world.system, reason="合用", at=deal.at,
    )  # fmt: skip


def wallet_of(person: Resident) -> int:
    return Account.objects.get(resident=person).pk


def move(deal: Deal) -> None:
    """Somebody who does not live in the one household goes to the other community; the next act about them is theirs there."""
    world = deal.table.world
    place = deal.dice.choice((world.wenxing, world.yongan))
    moving.move(resident=deal.dice.choice(deal.table.people[:-HOUSEHOLD]), community=place, by=world.he, at=deal.at)


def share_or_leave(deal: Deal) -> None:
    """An adult of the household gives the consent, or takes it back."""
    person = deal.relative()
    by = person.account or deal.table.world.system
    if deal.dice.random() < 0.7:
        purse.join(resident=person, by=by, at=deal.at)
    else:
        purse.leave(resident=person, by=by, at=deal.at)


@verb()
def charge_purse(deal: Deal) -> int:
    return ledger.charge(
        key=deal.key, resident=deal.relative(), amount=deal.dice.randint(1, 60),
        provider=deal.table.world.wenxing, by=deal.table.world.system, reason="家庭兑换", purse=True, at=deal.at,
    )  # fmt: skip


@verb()
def reverse_charge(deal: Deal) -> int:
    return ledger.reverse(
        key=deal.key, entry=deal.result_of("charge", "charge_two", "charge_purse"), by=deal.table.world.system, reason="退回", at=deal.at
    )  # fmt: skip


@verb()
def take_back_award(deal: Deal) -> int:
    """Wallets are kept nearly empty by the charges: many of these awards were spent."""
    return ledger.reverse(
        key=deal.key, entry=deal.result_of("award", "award_under_caps", "award_many"), by=deal.table.world.system, reason="更正", at=deal.at
    )  # fmt: skip


@verb()
def reverse_reversal(deal: Deal) -> int:
    """Must be refused: a reversal is not reversed."""
    entry = deal.result_of("reverse_charge", "take_back_award")
    return ledger.reverse(key=deal.key, entry=entry, by=deal.table.world.system, reason="退回", at=deal.at)


def enrol_by_rest(deal: Deal) -> int:
    purse = deal.dice.random() < 0.3
    person = deal.relative() if purse else deal.somebody()
    asked = {"course": deal.course().pk, "resident": person.pk, "purse": purse}
    return heard(deal.table.api.post("enrolments/", asked, key=deal.key), 201)


def cancel_by_rest(deal: Deal) -> int:
    """A seat that was given by a recent act: taken still, or given back meanwhile."""
    return heard(
        deal.table.api.post(f"enrolments/{deal.result_of('enrol_by_rest')}/cancel/", {"reason": "停课"}, key=deal.key),
        200,
    )


def withdraw_oneself(deal: Deal) -> None:
    """Whatever seat this person has in this course now: the verb takes no key."""
    seats = Enrolment.objects.seated().filter(course=deal.course(), resident=deal.somebody())
    mine = seats.select_related("course__community", "resident__account").first()
    if mine is None:
        raise Void
    withdraw(enrolment=mine, by=mine.resident.account or deal.table.world.system)


def heard(answer: Any, status: int) -> int:
    """The number of the enrolment. A refusal is raised as one; anything else fails the race."""
    body = answer.json()
    if answer.status_code == 409:
        raise Answered(body["code"])
    assert answer.status_code == status, (answer.status_code, body)
    return int(body["id"])


ACTS: dict[Callable[[Deal], int | None], int] = {
    award: 14,
    award_under_caps: 8,
    award_long_ago: 4,
    award_many: 5,
    adjust_by_two: 6,
    take_back_by_two: 5,
    change_rule: 2,
    expire: 3,
    fold: 2,
    check_books: 2,
    charge: 22,
    charge_two: 6,
    charge_purse: 8,
    share_or_leave: 4,
    move: 6,
    reverse_charge: 12,
    take_back_award: 10,
    reverse_reversal: 2,
    enrol_by_rest: 8,
    cancel_by_rest: 6,
    withdraw_oneself: 10,
}
REST = {"enrol_by_rest", "cancel_by_rest"}


def key_of(number: int) -> str:
    return f"race:{number}"


@cache
def _drawn(number: int) -> Callable[[Deal], int | None]:
    return Random(f"{SEED}:{number}:act").choices(list(ACTS), list(ACTS.values()))[0]


def name_of(number: int) -> str:
    return _drawn(number).__name__


def act_number(table: Table, number: int) -> tuple[str, Callable[[], int | None]]:
    """The act of this number, ready to be done, and its name."""
    act = _drawn(number)
    return act.__name__, lambda: act(Deal(table, number))


def booked(table: Table, number: int) -> int | None:
    """What the act of this number has booked so far, in the books and not in anybody's memory."""
    if name_of(number) in REST:
        answers = IdempotentAnswer.objects.filter(key=key_of(number), client=table.api.application)
        body = answers.values_list("body", flat=True).first()
        return int(body["id"]) if body else None
    return Entry.objects.filter(key=key_of(number)).values_list("pk", flat=True).first()
