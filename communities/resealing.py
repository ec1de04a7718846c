"""换钥: everything that stands sealed is sealed anew with the first of DATA_KEYS, so that the older keys may go (docs/keys.md).

Each app registers its sealed columns in its wiring. In batches under row locks: what is done shows by its key id, so whoever is
killed begins where it stopped, and two that run at once wait for each other. Nothing is written that does not open again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import BinaryField, F, Func, Model, Q, QuerySet, Value

from communities import changes, sealing
from communities.models import SearchKey, User
from core.refusals import Refused
from core.verbs import verb

BATCH = 200
SYSTEM = "system"


class NotTheSame(Refused):
    code = "reseal_not_the_same"
    message = "重新加密后读出的内容和原来不一致，这一批没有写入。请停止换钥并联系系统维护人员。"
    status = 500


@dataclass(frozen=True)
class Column:
    """A sealed column. `needed` says which rows still have to be opened some day; those of a `fixed` one cannot be written
    again (a trigger keeps them), so the old key stays until they are needed no more."""

    model: type[Model]
    field: str
    needed: Q
    fixed: bool

    @property
    def name(self) -> str:
        return f"{self.model._meta.db_table}.{self.field}"

    def old(self) -> QuerySet[Any]:
        """The rows that another key than the first sealed."""
        mark = sealing.mark()
        head = Func(F(self.field), Value(1), Value(len(mark)), function="SUBSTRING", output_field=BinaryField())
        rows = self.model._default_manager.filter(self.needed).exclude(**{self.field: None})
        found: QuerySet[Any] = rows.annotate(sealed_head=head).exclude(sealed_head=mark)
        return found

    def all(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model._default_manager.filter(self.needed).exclude(**{self.field: None})
        return rows


@dataclass(frozen=True)
class State:
    """How many rows of a column are sealed, and how many of them with an older key."""

    column: Column
    rows: int
    old: int


_columns: dict[str, Column] = {}
Progress = Callable[[Column, int], None]


def register(model: type[Model], field: str, *, needed: Q | None = None, fixed: bool = False) -> None:
    """From now on `reseal` sees to this column."""
    column = Column(model, field, Q() if needed is None else needed, fixed)
    _columns[column.name] = column


def columns() -> list[Column]:
    """All that are registered, by name; the key of the fingerprints first, since it must not be lost."""
    return sorted(_columns.values(), key=lambda one: (one.model is not SearchKey, one.name))


def states() -> Iterator[State]:
    """What `--check` shows. The key of the fingerprints still hangs on the last of DATA_KEYS until its row is written."""
    for column in columns():
        unwritten = column.model is SearchKey and not column.all().exists()
        yield State(column, column.all().count(), 1 if unwritten else column.old().count())


def reseal(*, progress: Progress | None = None) -> dict[str, int]:
    """Seal everything anew; how many rows of each column. Refuses `KeyMissing` when a row opens with none of our keys, and
    `NotTheSame`; what was done before stays done, and everything else as it was."""
    sealing.keep_search_key()  # written once, while the key it comes from is still here
    done: dict[str, int] = {}
    for column in columns():
        done[column.name], after = 0, 0
        while not column.fixed and (last := _batch(column=column, after=after)):
            count, after = last
            done[column.name] += count
            if progress:
                progress(column, done[column.name])
    return done


@verb()
def _batch(*, column: Column, after: int) -> tuple[int, int] | None:
    """One batch beyond the row `after`: how many, and the last; None when there is none left."""
    changes.by(User.objects.get(username=SYSTEM))
    rows = column.old().select_for_update(no_key=True, of=("self",)).filter(pk__gt=after).order_by("pk")
    found = list(rows.values_list("pk", column.field)[:BATCH])
    for pk, sealed in found:
        text = sealing.unseal(bytes(sealed))
        mine = column.model._default_manager.filter(pk=pk)
        mine.update(**{column.field: sealing.seal(text)})
        if sealing.unseal(bytes(mine.values_list(column.field, flat=True).get())) != text:
            raise NotTheSame
    return (len(found), found[-1][0]) if found else None
