"""`@verb`: one transaction per act, retried when the database asks for it, constraints turned into refusals."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import DatabaseError, OperationalError, connection, transaction

from core.refusals import Busy, Refused

RETRIES = 3
RETRYABLE = frozenset({"40001", "40P01", "55P03"})  # serialisation, deadlock, lock timeout

P = ParamSpec("P")
R = TypeVar("R")

Refusals = Mapping[str, Callable[[str], Refused]]


@contextmanager
def refusing(refusals: Refusals) -> Iterator[None]:
    """Turn a violated constraint (by name) or an own SQLSTATE (by code) into its refusal.

    The refusal's factory receives the database's DETAIL text.
    """
    try:
        yield
    except DatabaseError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if diagnosis is None:
            raise
        make = refusals.get(diagnosis.constraint_name or "") or refusals.get(diagnosis.sqlstate or "")
        if make is None:
            raise
        raise make(diagnosis.message_detail or "") from error


def verb(refusals: Refusals | None = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Outermost: open the transaction, retry up to three times, then `Busy`. Nested: a savepoint without retry."""

    def decorate(act: Callable[P, R]) -> Callable[P, R]:
        @wraps(act)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            tries = 1 if connection.in_atomic_block else RETRIES
            for left in reversed(range(tries)):
                try:
                    with refusing(refusals or {}), transaction.atomic():
                        return act(*args, **kwargs)
                except OperationalError as error:
                    if getattr(error.__cause__, "sqlstate", None) not in RETRYABLE or tries == 1:
                        raise
                    if not left:
                        raise Busy from error
            raise Busy

        return run

    return decorate
