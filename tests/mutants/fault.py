"""One planted fault: the guard, what takes it away from a database, and the test that must notice."""

from dataclasses import dataclass
from typing import Any, Protocol


class Stale(Exception):
    """The text that a fault replaces is not there, or not once: the fault has to be written anew."""


class Change(Protocol):
    def plant(self, cursor: Any) -> None: ...


@dataclass(frozen=True)
class Sql:
    """A statement of the owner's. PostgreSQL itself complains of a constraint or trigger that does not exist."""

    statement: str

    def plant(self, cursor: Any) -> None:
        cursor.execute(self.statement)


@dataclass(frozen=True)
class Rewrite:
    """`old` becomes `new` in the function's own text, where it has to stand exactly once."""

    function: str
    old: str
    new: str

    def plant(self, cursor: Any) -> None:
        cursor.execute("SELECT pg_get_functiondef(%s::regproc)", [self.function])
        (text,) = cursor.fetchone()
        if text.count(self.old) != 1:
            raise Stale(f"{self.function} has {text.count(self.old)} times: {self.old}")
        cursor.execute(text.replace(self.old, self.new))


@dataclass(frozen=True)
class Fault:
    """`guard` is what is taken away, `fault` what is left of it; `test` is a pytest node id below tests/."""

    name: str
    guard: str
    fault: str
    test: str
    changes: tuple[Change, ...]

    @property
    def node(self) -> str:
        return f"tests/{self.test}"

    def plant(self, cursor: Any) -> None:
        for change in self.changes:
            change.plant(cursor)


def fault(name: str, guard: str, what: str, test: str, *changes: Change) -> Fault:
    return Fault(name, guard, what, test, changes)
