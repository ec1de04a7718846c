"""What the model's books are made of: wallets with their lots, debts and lines; entries with their moves."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from tests.model.rates import Credit

Pot = tuple[str, str]  # kind and owner: a community, or the person whose wallet it is


class No(Exception):
    """What is refused, with the code and, when points are short, how many."""

    def __init__(self, code: str, missing: int | None = None) -> None:
        super().__init__(code, missing)
        self.code, self.missing = code, missing


@dataclass(eq=False)
class Lot:
    earned: int
    remaining: int
    expires_on: date
    lapsed: int = 0  # what expired unspent and did not come back


@dataclass
class Debt:
    entry: str
    owed: int
    lapsed: int
    remaining: int


class Line(NamedTuple):
    """One line of a statement; `amount` is signed."""

    entry: str
    kind: str
    amount: int
    balance: int


@dataclass
class Wallet:
    person: str
    community: str
    street: str
    household: str | None
    shares_in: str | None = None
    lots: list[Lot] = field(default_factory=list)
    debts: list[Debt] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def balance(self) -> int:
        return self.lines[-1].balance if self.lines else 0

    def spendable(self, day: date) -> list[Lot]:
        """First to expire first, of the same day the older first."""
        return sorted(
            (lot for lot in self.lots if lot.remaining and lot.expires_on >= day), key=lambda lot: lot.expires_on
        )

    def available(self, day: date) -> int:
        return sum(lot.remaining for lot in self.spendable(day))


class Move(NamedTuple):
    source: Pot
    destination: Pot
    amount: int
    lots: list[tuple[Lot, int]]  # those that gave, or the one that was opened


@dataclass
class Entry:
    key: str
    digest: tuple[object, ...]
    kind: str
    community: str
    day: date
    moves: list[Move] = field(default_factory=list)
    person: str = ""
    credit: Credit | None = None
    reversed_by: str = ""
