"""Each act done twice, by the verbs on the database and by the model; both must answer the same."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db import transaction

from communities import publishing
from communities.models import Resident, User
from core import clock
from core.refusals import Refused
from points import adjusting, folding, ledger, moving, pricing, purse, rules
from points.ledger import Award
from points.models import Adjustment
from points.rulebook import Figures
from points.rules import Decision
from tests.model.books import Books
from tests.model.cast import COMMUNITIES, Cast
from tests.model.rates import Version
from tests.model.things import No
from tests.points.shown import shown

# How often each act was done, and how often it was refused with which code; printed by `make model`.
TALLY: Counter[str] = Counter()


class Both:
    """`numbers` says which entry of the database is which of the model's, `keys` under which key where it is another."""

    def __init__(self, cast: Cast, books: Books, numbers: dict[str, int], keys: dict[str, str]) -> None:
        self.cast, self.books, self.numbers, self.keys = cast, books, numbers, keys

    # --- acts: `key` is the name of the entry in both ---

    def award(
        self, key: str, person: str, code: str, quantity: int, served_on: date, at: datetime | None = None
    ) -> bool:
        """Of a moment that has not come, or of a day of service after it, the award is refused."""
        at = at or clock.now()

        def model() -> object:
            if at > clock.now():
                raise No("in_the_future")
            return self.books.award(key, person, code, quantity, served_on, at)

        def real() -> object:
            award = self._award(key, person, code, quantity, served_on)
            return ledger.award(**award._asdict(), by=self.cast.by, reason="志愿服务", at=at)

        return self._agree("award", model, real)

    def award_many(self, awards: list[tuple[str, str, str, int, date]]) -> bool:
        def real() -> object:
            given = [self._award(*award) for award in awards]
            return ledger.award_many(awards=given, by=self.cast.by, reason="志愿服务")

        return self._agree("award_many", lambda: self.books.award_many(awards, clock.now()), real)

    def adjust(self, key: str, person: str, amount: int) -> bool:
        """By two people: one proposes, the other approves."""

        def real() -> object:
            resident, proposer = self.cast.people[person], self.cast.admin_of(person)
            return self._approved(
                key, adjusting.propose(resident=resident, amount=amount, reason=f"更正记录：{key}", by=proposer)
            )

        return self._agree("adjust", lambda: self.books.adjust(key, person, amount, clock.now()), real)

    def adjust_by_key(self, key: str, person: str, amount: int) -> bool:
        """What `adjust` calls in the end, with a key that is known already."""
        return self._agree(
            "adjust by key",
            lambda: self.books.adjust(key, person, amount, clock.now()),
            lambda: ledger.adjust(
                key=self.keys.get(key, key), resident=self.cast.people[person], amount=amount, by=self.cast.by,
                reason="更正",
            ),
        )  # fmt: skip

    def take_back(self, key: str, of: str, person: str) -> bool:
        """An award is taken back by two people as well."""

        def real() -> object:
            proposer = self.cast.admin_of(person)
            return self._approved(
                key, adjusting.propose_take_back(entry=self.numbers[of], reason="查实有误", by=proposer)
            )

        return self._agree("take_back", lambda: self.books.take_back(key, of, clock.now()), real)

    def charge(self, key: str, person: str, amount: int, provider: str, relief: int, *, purse: bool) -> bool:
        return self._agree(
            "charge_purse" if purse else "charge",
            lambda: self.books.charge(key, person, amount, provider, relief, purse, clock.now()),
            lambda: ledger.charge(
                key=self.keys.get(key, key), resident=self.cast.people[person], amount=amount, relief=relief, purse=purse,
                provider=self.cast.communities[provider], by=self.cast.by, reason="夜校",
            ),
        )  # fmt: skip

    def reverse(self, key: str, of: str) -> bool:
        return self._agree(
            f"reverse_{self.books.entries[of].kind}",
            lambda: self.books.reverse(key, of, clock.now()),
            lambda: ledger.reverse(key=self.keys.get(key, key), entry=self.numbers[of], by=self.cast.by, reason="有误"),
        )

    def expire(self, limit: int) -> bool:
        return self._agree(
            "expire",
            lambda: self.books.expire(limit, clock.now()),
            lambda: tuple(ledger.expire(by=self.cast.by, limit=limit)),
        )

    def change_rule(self, version: Version) -> bool:
        street = str(version.street)
        caps = version.day_points, version.day_times, version.month_times

        def real() -> None:
            rules.change(
                sub_district=self.cast.streets[street], code=version.code, starts_on=version.starts_on,
                figures=Figures(version.code, version.kind, version.points, *caps),
                decision=Decision("评议小组", clock.today(), "同意"), by=self.cast.admins[street],
            )  # fmt: skip

        return self._agree("change_rule", lambda: self.books.change_rule(version, clock.now()), real)

    def share(self, person: str) -> bool:
        return self._agree(
            "share",
            lambda: self.books.share(person),
            lambda: purse.join(resident=self._read(person), by=self._head_of(person)),
        )

    def unshare(self, person: str) -> bool:
        return self._agree(
            "unshare",
            lambda: self.books.unshare(person),
            lambda: purse.leave(resident=self._read(person), by=self._head_of(person)),
        )

    def move_to(self, person: str, home: str | None) -> bool:
        household = home and self.cast.homes[home]
        return self._agree(
            "move",
            lambda: self.books.move_to(person, home),
            lambda: Resident.objects.filter(pk=self.cast.people[person].pk).update(household=household),
        )

    def relocate(self, person: str, place: str) -> bool:
        """To another community, as its sub-district's administrator does it."""
        street = COMMUNITIES[place]
        return self._agree(
            "relocate",
            lambda: self.books.relocate(person, place, street, clock.now()),
            lambda: moving.move(
                resident=self._read(person), community=self.cast.communities[place], by=self.cast.admins[street]
            ),
        )

    def fold(self) -> bool:
        return self._agree("fold", lambda: None, lambda: folding.fold(at=clock.now()))

    # --- how two answers are compared ---

    def _agree(self, what: str, model: Callable[[], object], real: Callable[[], object]) -> bool:
        """Whether the act was done. Both answers are in words that do not depend on the database's numbers."""
        expected, found = self._said(model), self._done(real)
        TALLY[what if expected[0] == "done" else f"{what}: {expected[1]}"] += 1
        assert self._same(expected, found), f"the model says {expected}, the books say {found}"
        return bool(expected[0] == "done")

    def _said(self, act: Callable[[], object]) -> tuple[Any, ...]:
        try:
            return "done", act()
        except No as no:
            return "refused", no.code, no.missing

    def _done(self, act: Callable[[], object]) -> tuple[Any, ...]:
        try:
            with transaction.atomic():
                return "done", act()
        except Refused as refused:
            return "refused", refused.code, getattr(refused, "missing", None)

    def _same(self, expected: Any, found: Any) -> bool:
        """A key of the model stands for a number: the same one for ever, and of nobody else."""
        if isinstance(expected, list | tuple) and isinstance(found, list | tuple):
            return len(expected) == len(found) and all(map(self._same, expected, found))
        if isinstance(expected, str) and (found is None or isinstance(found, int)):
            return self.bind(expected, found) if expected and found else not expected and found is None
        return expected is None or bool(expected == found)

    def bind(self, key: str, number: int) -> bool:
        if key not in self.numbers and number not in self.numbers.values():
            self.numbers[key] = number
        return self.numbers.get(key) == number

    def _award(self, key: str, person: str, code: str, quantity: int, served_on: date) -> Award:
        resident = self.cast.people[person]
        tariff = pricing.tariff(code, resident.community.sub_district_id, on=served_on)
        return Award(self.keys.get(key, key), resident, tariff.price(quantity))

    def _approved(self, key: str, proposal: Adjustment) -> int | None:
        self.keys[key] = f"adjustment:{proposal.pk}"
        by = self._head_of(str(proposal.resident))
        done = adjusting.approve(adjustment=proposal, by=by)
        if done.status == Adjustment.Status.NOTICE:
            publishing.end(notice=shown([done], proposal.proposed_by, by))
        return Adjustment.objects.get(pk=done.pk).entry_id

    def _head_of(self, person: str) -> User:
        """Of where the person lives now."""
        return self.cast.heads[self.books.wallets[person].community]

    def _read(self, person: str) -> Resident:
        return Resident.objects.get(pk=self.cast.people[person].pk)
