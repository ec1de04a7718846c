"""The books in plain Python: what points/ledger.py promises (design, section 3; domain guide, 4.3), without a database.

An entry is called by its key. What is refused changes nothing: every verb looks first and books afterwards.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.model import rates
from tests.model.rates import Credit, Figures, Version
from tests.model.things import Debt, Entry, Line, Lot, Move, No, Pot, Wallet

SHANGHAI = ZoneInfo("Asia/Shanghai")
MOST = 10**9


class Books:
    def __init__(self, figures: dict[str, Figures], homes: dict[str, str]) -> None:
        self.figures, self.homes = figures, dict(homes)
        self.versions = rates.defaults()
        self.wallets: dict[str, Wallet] = {}
        self.entries: dict[str, Entry] = {}
        self.months: dict[tuple[str, str, date], Counter[str]] = defaultdict(Counter)
        self.flows: Counter[tuple[str, str, date, str, str, str]] = Counter()
        self.totals: dict[str, Counter[str]] = defaultdict(Counter)

    # --- verbs ---

    def award_many(self, awards: list[tuple[str, str, str, int, date]], at: datetime) -> list[tuple[str, int]]:
        """All or nothing, in the order given: so on a copy, which takes the place of these books when all went well."""
        trial = deepcopy(self)
        given = [trial.award(*award, at) for award in awards]
        self.__dict__ = trial.__dict__
        return given

    def award(self, key: str, person: str, code: str, quantity: int, served_on: date, at: datetime) -> tuple[str, int]:
        """The key and what was given; no key for service that is worth nothing."""
        wallet, day = self.wallets[person], _day(at)
        figures = self.figures[wallet.street]
        version = rates.in_force(self.versions, wallet.street, code, served_on)
        asked = version.worth(quantity)
        if not asked:
            return "", 0
        if asked > MOST:
            raise No("bad_amount")
        if served_on > day:
            raise No("rule_not_in_force")
        if known := self._known(key, ("credit", person, asked, version, served_on)):
            assert known.credit
            return key, known.credit.given
        given = rates.allowed(version, served_on, asked, figures, self._standing(person))
        entry = self._open(key, ("credit", person, asked, version, served_on), "award", wallet.community, day)
        entry.person = person
        entry.credit = Credit(version, served_on, quantity, asked, given, rates.caps(version, figures))
        if given:
            self._give(entry, wallet, given, date(day.year + figures.years, 12, 31))
        return key, given

    def adjust(self, key: str, person: str, amount: int, at: datetime) -> str:
        wallet, day = self.wallets[person], _day(at)
        _whole(abs(amount))
        digest = ("adjustment", person, amount)
        if self._known(key, digest):
            return key
        if amount > 0:
            entry = self._open(key, digest, "adjustment", wallet.community, day)
            self._give(entry, wallet, amount, date(day.year + self.figures[wallet.street].years, 12, 31))
            return key
        if -amount > wallet.available(day):
            raise No("too_little_left")
        entry = self._open(key, digest, "adjustment", wallet.community, day)
        self._take(entry, wallet, ("issuer", wallet.community), -amount, wallet.spendable(day))
        self._tally(entry, wallet, "earned", amount)
        return key

    def charge(
        self, key: str, person: str, amount: int, provider: str, relief: int, purse: bool, at: datetime
    ) -> str:  # fmt: skip
        wallet, day = self.wallets[person], _day(at)
        _whole(*[part for part in (amount, relief) if part] or [0])
        digest = ("purse" if purse else "charge", person, amount, relief, provider)
        if self._known(key, digest):
            return key
        payers = self.purse(person) if purse else [person]
        if not payers:
            raise No("no_purse")
        if (missing := amount - sum(self.wallets[payer].available(day) for payer in payers)) > 0:
            raise No("short_of_points", missing)
        entry = self._open(key, digest, "charge", wallet.community, day)
        for payer, part, lots in self._parts(person, payers, amount, day):
            self._take(entry, payer, ("income", provider), part, lots)
            self._tally(entry, payer, "spent", part)
        if relief:
            self._move(entry, ("relief", wallet.community), ("income", provider), relief, [])
        return key

    def reverse(self, key: str, of: str, at: datetime) -> str:
        first, day = self.entries[of], _day(at)
        if first.kind in ("reversal", "settlement"):
            raise No("unknown_account")
        if not first.moves:
            raise No("nothing_to_take_back")
        digest = ("reversal", of)
        if self._known(key, digest):
            return key
        if first.reversed_by or (first.kind == "expiry" and self._was_taken_back(first)):
            raise No("already_reversed")
        entry = self._open(key, digest, "reversal", first.community, day)
        first.reversed_by = key
        for move in first.moves:
            if move.destination[0] == "wallet":
                self._take_back(entry, first, move, day)
            elif move.source[0] == "wallet":
                self._give_back(entry, first, move, day)
            else:
                self._move(entry, move.destination, move.source, move.amount, [])
        self._carry(entry)
        return key

    def _was_taken_back(self, expiry: Entry) -> bool:
        """Whether some of what expired came from an award that stands no more: nothing of it returns."""
        gone = [id(lot) for move in expiry.moves for lot, _ in move.lots]
        opened = (
            lot for entry in self.entries.values() if entry.reversed_by
            for move in entry.moves if move.destination[0] == "wallet" for lot, _ in move.lots
        )  # fmt: skip
        return any(id(lot) in gone for lot in opened)

    def take_back(self, key: str, of: str, at: datetime) -> str:
        """What was given to one person; a correction that took is not taken back in this way."""
        first = self.entries[of]
        if first.kind not in ("award", "adjustment") or not any(m.destination[0] == "wallet" for m in first.moves):
            raise No("not_an_award")
        if first.reversed_by:
            raise No("taken_back_before")
        return self.reverse(key, of, at)

    def expire(self, limit: int, at: datetime) -> tuple[int, int]:
        """Of the next `limit` lots past their day, the wallets: everything in them that is past its day."""
        day = _day(at)
        numbered = list(enumerate(self.wallets.values()))
        due = sorted((lot.expires_on, number) for number, wallet in numbered for lot in _due(wallet.lots, day))
        chosen = {number for _, number in due[:limit]}
        return len(chosen), sum(self._expire(w, w.lots, day) for number, w in numbered if number in chosen)

    def change_rule(self, version: Version, at: datetime) -> None:
        if version.starts_on <= _day(at + timedelta(minutes=1)):
            raise No("rule_never_backwards" if version.starts_on <= _day(at) else "rule_too_late_today")
        stands = rates.in_force(self.versions, str(version.street), version.code, version.starts_on)
        if replace(stands, number=version.number, starts_on=version.starts_on) == version:
            raise No("rule_nothing_new")
        self.versions.append(version)

    def share(self, person: str) -> None:
        wallet = self.wallets[person]
        family = [w for w in self.wallets.values() if w is not wallet and w.household == wallet.household]
        if wallet.household is None or not family:
            raise No("no_family")
        wallet.shares_in = wallet.household

    def unshare(self, person: str) -> bool:
        wallet = self.wallets[person]
        was, wallet.shares_in = wallet.shares_in, None
        return was is not None

    def move_to(self, person: str, household: str | None) -> None:
        self.wallets[person].household = household

    def relocate(self, person: str, place: str, street: str, at: datetime) -> int:
        """To another community of the street: the points go over from book to book. Who lived alone takes the household along."""
        wallet, home = self.wallets[person], self.wallets[person].household
        if wallet.community == place:
            raise No("already_here")
        if wallet.street != street:
            raise No("move_other_street")
        alone = not [w for w in self.wallets.values() if w is not wallet and w.household == home]
        if home is not None and alone:
            self.homes[home] = place
        if wallet.shares_in and (self.homes[wallet.shares_in] != place or (home is not None and not alone)):
            wallet.shares_in = None
        if not alone:
            wallet.household = None
        self._transfer(wallet.community, place, wallet.balance, _day(at))
        wallet.community = place
        return wallet.balance

    def purse(self, person: str) -> list[str]:
        """Who shares in the household in which `person` lives and shares too."""
        home = self.wallets[person].household
        if home is None or self.wallets[person].shares_in != home:
            return []
        return [w.person for w in self.wallets.values() if w.shares_in == home == w.household]

    # --- how it is booked ---

    def _known(self, key: str, digest: tuple[object, ...]) -> Entry | None:
        found = self.entries.get(key)
        if found and found.digest != digest:
            raise No("key_reused")
        return found

    def _open(self, key: str, digest: tuple[object, ...], kind: str, community: str, day: date) -> Entry:
        self.entries[key] = entry = Entry(key, digest, kind, community, day)
        return entry

    def _standing(self, person: str) -> list[Credit]:
        mine = (e for e in self.entries.values() if e.person == person and not e.reversed_by)
        return [entry.credit for entry in mine if entry.credit]

    def _parts(
        self, person: str, payers: list[str], amount: int, day: date
    ) -> Iterable[tuple[Wallet, int, list[Lot]]]:  # fmt: skip
        """Own lots first, then those of the others by last day and wallet."""
        order = list(self.wallets)
        lots = [
            (payer != person, lot.expires_on, order.index(payer), number, lot)
            for payer in payers
            for number, lot in enumerate(self.wallets[payer].spendable(day))
        ]
        parts: dict[str, list[Lot]] = defaultdict(list)
        sums: Counter[str] = Counter()
        for _, _, payer, _, lot in sorted(lots, key=lambda found: found[:4]):
            take = min(lot.remaining, amount - sums.total())
            if take:
                parts[order[payer]].append(lot)
                sums[order[payer]] += take
        return [(self.wallets[payer], sums[payer], parts[payer]) for payer in parts]

    def _give(self, entry: Entry, wallet: Wallet, amount: int, expires_on: date) -> None:
        """Open a lot; what the wallet owes is paid from it at once, the oldest debt first."""
        lot = Lot(amount, amount, expires_on)
        wallet.lots.append(lot)
        self._move(entry, ("issuer", wallet.community), ("wallet", wallet.person), amount, [(lot, amount)])
        self._tally(entry, wallet, "earned", amount)
        for debt in wallet.debts:
            if part := min(debt.remaining, lot.remaining):
                key = f"settlement {len(self.entries)}"
                settlement = self._open(key, (key,), "settlement", self.entries[debt.entry].community, entry.day)
                self._take(settlement, wallet, ("issuer", settlement.community), part, [lot])
                self._carry(settlement)
                debt.remaining -= part

    def _take(self, entry: Entry, wallet: Wallet, to: Pot, amount: int, lots: list[Lot]) -> None:
        left, drawn = amount, []
        for lot in lots:
            if part := min(left, lot.remaining):
                lot.remaining -= part
                left -= part
                drawn.append((lot, part))
        assert left == 0
        self._move(entry, ("wallet", wallet.person), to, amount, drawn)

    def _take_back(self, entry: Entry, first: Entry, move: Move, day: date) -> None:
        """First what is left of the own lot, then what else can be spent; what expired is not owed, the rest is."""
        wallet, ((own, _),) = self.wallets[move.destination[1]], move.lots
        from_own = own.remaining
        missing = move.amount - from_own - own.lapsed
        others = [lot for lot in wallet.spendable(day) if lot is not own]
        from_others = min(missing, sum(lot.remaining for lot in others))
        owed = missing - from_others
        if from_own + from_others:
            self._take(entry, wallet, move.source, from_own + from_others, [own, *others])
        if owed or own.lapsed:
            wallet.debts.append(Debt(entry.key, owed, own.lapsed, owed))
        self._tally(first, wallet, "earned", -move.amount)

    def _give_back(self, entry: Entry, first: Entry, move: Move, day: date) -> None:
        """To the lots it came from. One past its day gets a grace, which is not for what was left in it unspent."""
        wallet = self.wallets[move.source[1]]
        while self._expire(wallet, [lot for lot, _ in move.lots], day):
            pass
        for lot, part in move.lots:
            lot.remaining += part
            if lot.expires_on < day:
                lot.expires_on = day + timedelta(days=self.figures[wallet.street].grace)
            if first.kind == "expiry":
                lot.lapsed -= part
        self._move(entry, move.destination, move.source, move.amount, [])
        field, sign = {"charge": ("spent", -1), "expiry": ("expired", -1), "adjustment": ("earned", 1)}[first.kind]
        self._tally(first, wallet, field, sign * move.amount)

    def _expire(self, wallet: Wallet, lots: list[Lot], day: date) -> int:
        """As much as one posting holds; the sweep and a late return come back for the rest."""
        due: list[Lot] = []
        of_wallet = [lot for lot in wallet.lots if lot in lots]
        for lot in sorted(_due(of_wallet, day), key=lambda lot: lot.expires_on):
            if sum(one.remaining for one in due) + lot.remaining <= MOST:
                due.append(lot)
            else:
                break
        total = sum(lot.remaining for lot in due)
        if due:
            key = f"expiry {len(self.entries)}"
            entry = self._open(key, (key,), "expiry", wallet.community, day)
            for lot in due:
                lot.lapsed += lot.remaining
            self._take(entry, wallet, ("expired", wallet.community), total, due)
            self._tally(entry, wallet, "expired", total)
        return total

    def _move(self, entry: Entry, source: Pot, destination: Pot, amount: int, lots: list[tuple[Lot, int]]) -> None:
        entry.moves.append(Move(source, destination, amount, lots))
        for (kind, owner), signed in ((source, -amount), (destination, amount)):
            if kind == "wallet":
                wallet = self.wallets[owner]
                wallet.lines.append(Line(entry.key, entry.kind, signed, wallet.balance + signed))
        (provider,) = [owner for kind, owner in (source, destination) if kind not in ("wallet", "relief")]
        self.flows[entry.community, provider, entry.day, entry.kind, source[0], destination[0]] += amount
        self._total(entry, source[0], destination[0], amount)

    def _carry(self, entry: Entry) -> None:
        """What an entry gave to or took from somebody who lives elsewhere by now goes over in the books."""
        changes: Counter[str] = Counter()
        for move in entry.moves:
            changes[move.destination[1]] += move.amount * (move.destination[0] == "wallet")
            changes[move.source[1]] -= move.amount * (move.source[0] == "wallet")
        for owner, change in changes.items():
            if change and self.wallets[owner].community != entry.community:
                there = self.wallets[owner].community
                pair = (entry.community, there) if change > 0 else (there, entry.community)
                self._transfer(*pair, abs(change), entry.day)

    def _transfer(self, left: str, came: str, amount: int, day: date) -> None:
        if amount:
            self.flows[left, came, day, "move_out", "transit", "transit"] += amount
            self.flows[came, left, day, "move_in", "transit", "transit"] += amount
            self.totals[left]["moved_out"] += amount
            self.totals[came]["moved_in"] += amount

    def _total(self, entry: Entry, source: str, destination: str, amount: int) -> None:
        """Into which of the community's figures an amount goes; relief is in none, because no wallet gave it."""
        if source == "wallet":
            word = {"issuer": "taken_back", "income": "spent", "expired": "expired"}[destination]
        elif destination == "wallet":
            word = "returned" if entry.kind == "reversal" else "issued"
        else:
            return
        self.totals[entry.community][word] += amount

    def _tally(self, entry: Entry, wallet: Wallet, word: str, amount: int) -> None:
        """Into the month of `entry`: what is reversed is taken off where it was booked."""
        self.months[wallet.person, entry.community, entry.day.replace(day=1)][word] += amount


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def _due(lots: list[Lot], day: date) -> list[Lot]:
    return [lot for lot in lots if lot.remaining and lot.expires_on < day]


def _whole(*amounts: int) -> None:
    if not all(1 <= amount <= MOST for amount in amounts):
        raise No("bad_amount")
