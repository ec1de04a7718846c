"""Any verb, of anybody, at any moment: after each step the books keep every promise and show what the model shows."""

from copy import deepcopy
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

import time_machine
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from core import clock
from tests.model import rates
from tests.model.both import TALLY, Both
from tests.model.cast import COMMUNITIES, PEOPLE, STREETS
from tests.model.past import BEGIN
from tests.model.rates import Version
from tests.model.sight import agree
from tests.model.things import Entry

person = st.sampled_from(list(PEOPLE))
place = st.sampled_from(list(COMMUNITIES))
# Those whose caps are met soonest come first: what fails is shrunk towards them.
code = st.sampled_from(
    ["ENV", "ELD", "PRO", "EMG", "MEET", "LECT", "IDEA", "POST", "PHOTO", "HONOR_STREET", "HONOR_CITY"]
)
minutes = st.sampled_from([60, 120, 150, 180, 240, 360, 75, 29, 0])
times = st.sampled_from([1, 1, 2, 3])
days_ago = st.sampled_from([0, 0, 0, 0, 1, 2, 31, -1])
booked_ago = st.sampled_from([0, 0, 0, 0, 0, 1, 40, 400, -1])
amount = st.integers(1, 120)
ALL = {"all": 0, "all but one": -1, "one too many": 1}
price = st.one_of(amount, st.sampled_from(["all", "all but one", "one too many", 0]))
relief = st.sampled_from([0, 0, 7])
# A few people on a few days, or two who meet the caps of one day and of one month.
meeting_caps = st.tuples(
    st.sampled_from(["an", "bo"]), st.sampled_from(["MEET", "ELD", "LECT", "EMG", "PRO"]), st.just(240),
    st.sampled_from([1, 2, 3]), st.just(0),
)  # fmt: skip
together = st.one_of(
    st.lists(st.tuples(person, code, minutes, times, days_ago), min_size=2, max_size=4),
    st.lists(meeting_caps, min_size=3, max_size=6),
)

Keys = str | MultipleResults[str]


class BooksMachine(RuleBasedStateMachine):
    """`past` is what every example begins with; its entries are committed, and all that follows is rolled back."""

    past: ClassVar[Both]
    entries: Bundle[str] = Bundle("entries")  # awards, adjustments and charges, by key
    reversals: Bundle[tuple[str, str]] = Bundle("reversals")

    def __init__(self) -> None:
        super().__init__()
        past = self.past
        self.both = Both(past.cast, deepcopy(past.books), dict(past.numbers), {})
        self.serial = 0
        self.travel = time_machine.travel(BEGIN, tick=False)
        self.time = self.travel.start()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)
        self.travel.stop()

    @initialize(target=entries)
    def past_entries(self) -> Keys:
        kinds = ("award", "charge")
        return multiple(*(key for key, entry in self.past.books.entries.items() if entry.kind in kinds))

    @invariant()
    def books_are_the_model(self) -> None:
        agree(self.both)

    # --- earning ---

    @rule(target=entries, who=person, code=code, minutes=minutes, times=times, ago=days_ago, booked=booked_ago)
    def earn(self, who: str, code: str, minutes: int, times: int, ago: int, booked: int) -> Keys:
        """Service of `ago` days before the entry, which is dated `booked` days back."""
        key, at = self.key(), clock.now() - timedelta(days=booked)
        served_on = clock.local(at).date() - timedelta(days=ago)
        return self.named(key, self.both.award(key, who, code, self.quantity(code, minutes, times), served_on, at))

    @rule(target=entries, who=together)
    def earn_together(self, who: list[tuple[str, str, int, int, int]]) -> Keys:
        awards = [
            (self.key(), name, code, self.quantity(code, minutes, times), self.day(ago))
            for name, code, minutes, times, ago in who
        ]
        done = self.both.award_many(awards)
        return multiple(*(key for key, *_ in awards if done and key in self.both.books.entries))

    @rule(entry=entries, who=person, amount=amount, other=st.sampled_from([None, None, "award", "adjustment", "purse"]))
    def use_key_again(self, entry: str, who: str, amount: int, other: str | None) -> None:
        """For the same act: nothing happens, and the first entry comes back. For an other one: refused."""
        digest, credit = self.entry(entry).digest, self.entry(entry).credit
        if other == "award":
            self.both.award(entry, who, "HONOR_STREET", 1, self.day(0))
        elif other:
            self.act(entry, (other, who, amount, 0, "文兴"))
        elif credit:
            self.both.award(entry, str(digest[1]), credit.version.code, credit.quantity, credit.served_on)
        else:
            self.act(entry, digest)

    @rule(target=entries, who=person, amount=st.one_of(amount, st.just(10**9)))
    def adjust_upwards(self, who: str, amount: int) -> Keys:
        key = self.key()
        return self.named(key, self.both.adjust(key, who, amount))

    @rule(target=entries, who=person, amount=amount, all_but=st.sampled_from([None, None, 0, 1]))
    def adjust_downwards(self, who: str, amount: int, all_but: int | None) -> Keys:
        """By a figure, or by all that can be spent but one."""
        key, available = self.key(), self.both.books.wallets[who].available(self.day(0))
        wanted = amount if all_but is None else min(max(available - all_but, 1), 10**9)
        return self.named(key, self.both.adjust(key, who, -wanted))

    # --- spending ---

    @rule(target=entries, who=person, price=price, provider=place, relief=relief, purse=st.booleans())
    def charge(self, who: str, price: int | str, provider: str, relief: int, purse: bool) -> Keys:
        key, books = self.key(), self.both.books
        amount = price if isinstance(price, int) else ALL[price]
        if isinstance(price, str):
            payers = books.purse(who) if purse else [who]
            amount += sum(books.wallets[payer].available(self.day(0)) for payer in payers)
            amount = min(max(amount, 1), 10**9)
        purse = purse and amount > 0  # what the relief pays alone needs no purse
        return self.named(key, self.both.charge(key, who, amount, provider, relief, purse=purse))

    # --- taking back ---

    @rule(target=reversals, entry=entries)
    def reverse(self, entry: str) -> tuple[str, str] | MultipleResults[tuple[str, str]]:
        key = self.key()
        return (key, entry) if self.both.reverse(key, entry) else multiple()

    @rule(target=entries, entry=entries)
    def correct(self, entry: str) -> Keys:
        """Take an award back and book it anew: what it had used of the caps is free again."""
        key, person, credit = self.key(), self.entry(entry).person, self.entry(entry).credit
        if not credit:
            return multiple()
        self.both.reverse(f"{key} first", entry)
        return self.named(key, self.both.award(key, person, credit.version.code, credit.quantity, credit.served_on))

    @rule(entry=entries)
    def take_back(self, entry: str) -> None:
        """By two people, as the desk does it."""
        touched = [owner for move in self.entry(entry).moves for kind, owner in move[:2] if kind == "wallet"]
        self.both.take_back(self.key(), entry, touched[0] if touched else "an")

    @rule(reversal=reversals)
    def reverse_again(self, reversal: tuple[str, str]) -> None:
        """The same request comes back with the same entry; a second one is refused, and so is turning it round."""
        key, entry = reversal
        assert self.both.reverse(key, entry)
        assert not self.both.reverse(self.key(), entry)
        assert not self.both.reverse(self.key(), key)

    @precondition(lambda self: self.of_kind("expiry", "settlement"))
    @rule(which=st.integers(0, 20))
    def reverse_what_the_books_booked(self, which: int) -> None:
        found = self.of_kind("expiry", "settlement")
        self.both.reverse(self.key(), found[which % len(found)])

    # --- time, rules, households ---

    @rule(limit=st.sampled_from([1, 2, 3, 100, 0]))
    def sweep_or_fold(self, limit: int) -> None:
        """The expiry of so many lots; at 0 the folding instead, which the model does not know: no figure may change by it."""
        if limit:
            self.both.expire(limit)
        else:
            self.both.fold()

    @rule(
        to=st.sampled_from(["hour", "day", "day", "week", "month", "month", "grace", "year"]),
        seconds=st.sampled_from([-1, 0]),
    )
    def time_passes(self, to: str, seconds: int) -> None:
        """By an hour, a week or a grace; or to the last second of day, month or year in Shanghai, or the first of the next."""
        TALLY[f"time passes, {to}"] += 1
        today, spans = self.day(0), {"hour": 1, "week": 24 * 7, "grace": 24 * 30}
        first = {
            "day": today + timedelta(days=1),
            "month": (today.replace(day=1) + timedelta(days=32)).replace(day=1),
            "year": date(today.year + 1, 1, 1),
        }
        if to in spans:
            self.time.shift(timedelta(hours=spans[to]))
        else:
            edge = datetime.combine(first[to], time(), clock.SHANGHAI) + timedelta(seconds=seconds)
            self.time.move_to(max(edge, clock.now()))

    @rule(
        street=st.sampled_from(list(STREETS)), code=code, points=st.sampled_from([0, 4, 25]),
        most=st.sampled_from([None, 1, 30]), ahead=st.sampled_from([1, 1, 20, 0]),
    )  # fmt: skip
    def change_rule(self, street: str, code: str, points: int, most: int | None, ahead: int) -> None:
        """From tomorrow or later; today is refused. `most` is of points a day, or of times a month."""
        self.serial += 1
        kind = rates.DEFAULTS[code][0]
        day_points, month_times = {"timed": (most, None), "untimed": (None, most), "exempt": (None, None)}[kind]
        starts_on = self.day(-ahead)
        number = 1000 + self.serial
        self.both.change_rule(Version(number, street, code, kind, points, day_points, None, month_times, starts_on))

    @rule(who=person, to=st.sampled_from(["永安", "文兴", "永安", "文兴", "华林"]))
    def relocate(self, who: str, to: str) -> None:
        """To another community, when it is one of the own sub-district."""
        self.both.relocate(who, to)

    @rule(who=person, what=st.sampled_from(["join", "leave", "一号", "二号", "三号", "四号", None]))
    def household(self, who: str, what: str | None) -> None:
        """Join or leave the purse, or move: within the own community, or out of every household."""
        if what == "join":
            self.both.share(who)
        elif what == "leave":
            self.both.unshare(who)
        elif what is None or self.both.books.homes[what] == self.both.books.wallets[who].community:
            self.both.move_to(who, what)

    # --- words of the steps ---

    def key(self) -> str:
        self.serial += 1
        return f"step {self.serial}"

    def named(self, key: str, done: bool) -> Keys:
        return key if done and key in self.both.books.entries else multiple()

    def entry(self, key: str) -> Entry:
        return self.both.books.entries[key]

    def of_kind(self, *kinds: str) -> list[str]:
        return [key for key, entry in self.both.books.entries.items() if entry.kind in kinds]

    def day(self, ago: int) -> date:
        return clock.today() - timedelta(days=ago)

    def quantity(self, code: str, minutes: int, times: int) -> int:
        return minutes if rates.DEFAULTS[code][0] == "timed" else times

    def act(self, key: str, digest: tuple[Any, ...]) -> None:
        kind, who, amount, *rest = digest
        if kind == "adjustment":
            self.both.adjust_by_key(key, who, amount)
        else:
            relief, provider = rest
            self.both.charge(key, who, amount, provider, relief, purse=kind == "purse")
