"""试算: what a change of a rule would have given last month."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import groupby
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from core import clock
from points.models import Credit, Entry, Rule
from points.pricing import worth


class Served(NamedTuple):
    """One award that stands: what it was for, what it gave, and the limits that it was given under."""

    wallet: int
    code: str
    served_on: date
    quantity: int  # minutes or times
    asked: int
    given: int
    cap_day: int | None
    cap_month: int | None
    day_points: int | None
    day_times: int | None
    month_times: int | None
    points: int


READ = (
    "wallet_id", "rule__code", "served_on", "quantity", "asked", "given", "cap_day", "cap_month",
    "rule__day_points", "rule__day_times", "rule__month_times", "rule__points",
)  # fmt: skip


@dataclass(frozen=True)
class Trial:
    """Points of one month, of the rule alone. `given` is what was given in fact; `was` and `would` are the month counted again
    by the version that stands and by the proposed one: other things than the change tell them from `given` (another version
    then, an award taken back later), so only those two are compared. `elsewhere` is what the other rules would have given more
    (below zero: less), because limits are shared. `cut` and `would_cut` count people whom a limit cuts at this rule."""

    month: date
    times: int
    people: int
    given: int
    was: int
    would: int
    elsewhere: int
    cut: int
    would_cut: int
    more: int  # people who would have got more in all
    fewer: int

    @property
    def difference(self) -> int:
        return self.would - self.was + self.elsewhere

    @property
    def elsewhere_size(self) -> int:
        """Without a sign: the sentence says which way."""
        return abs(self.elsewhere)


def try_out(proposed: Rule, stands: Rule | None, on: date) -> Trial:
    """`proposed` (need not be saved) against the version that it follows, on the calendar month before `on`, in one query.

    Read are that month's awards of the rule's kind in its sub-district, because the rules of one kind share their limits;
    who never served under this rule is passed over. No award is booked before its service: an index bounds the search.
    A rule that follows none is new: nobody has served under it.
    """
    after = on.replace(day=1)
    first = (after - timedelta(days=1)).replace(day=1)
    month = Credit.objects.filter(
        served_on__gte=first, served_on__lt=after, rule__kind=proposed.kind,
        entry__at__gte=clock.at(first, time()), entry__community__sub_district=proposed.sub_district_id,
    )  # fmt: skip
    standing = month.exclude(Exists(Entry.objects.filter(reverses=OuterRef("entry"))))
    rows = standing.order_by("wallet", "entry").values_list(*READ).iterator(chunk_size=5000)
    return replay(map(Served._make, rows), proposed, stands or proposed, first)


def replay(rows: Iterable[Served], proposed: Rule, stands: Rule, month: date) -> Trial:
    """`rows` by wallet, of each in the order in which they were booked: that is how the limits were applied."""
    sums: Counter[str] = Counter()
    for _wallet, mine in groupby(rows, key=lambda row: row.wallet):
        sums.update(_of_one(list(mine), proposed, stands))
    told = ("times", "people", "given", "was", "would", "elsewhere", "cut", "would_cut", "more", "fewer")
    return Trial(month, **{name: sums[name] for name in told})


class Tried(NamedTuple):
    """One award counted again: what it asks for and gets, and whether it is of the rule in question."""

    own: bool
    asked: int
    gets: int


def _of_one(rows: list[Served], proposed: Rule, stands: Rule) -> dict[str, int]:
    """The sums of one person. Counter.update adds them, and those below zero too."""
    own = [row for row in rows if row.code == proposed.code]
    if not own:
        return {}
    before, after = list(_replayed(rows, stands)), list(_replayed(rows, proposed))
    was, would = (sum(one.gets for one in tried if one.own) for tried in (before, after))
    difference = sum(one.gets for one in after) - sum(one.gets for one in before)
    return {
        "times": len(own), "people": 1, "given": sum(row.given for row in own), "was": was, "would": would,
        "elsewhere": difference - would + was,
        "cut": _is_cut(before), "would_cut": _is_cut(after),
        "more": int(difference > 0), "fewer": int(difference < 0),
    }  # fmt: skip


def _is_cut(tried: list[Tried]) -> int:
    return int(any(one.own and one.gets < one.asked for one in tried))


def _replayed(rows: list[Served], version: Rule) -> Iterator[Tried]:
    """Each row as `version` counts its own and as the others were counted; the same arithmetic as points/sql/0007_award.sql."""
    in_month, of_day, of_rule = 0, Counter[date](), Counter[tuple[str, date]]()
    days, months = Counter[tuple[str, date]](), Counter[str]()
    by_times = version.basis == Rule.Basis.TIME  # and so are the other rules of its kind
    for row in rows:
        own, day = row.code == version.code, (row.code, row.served_on)
        asked, limits = (worth(version, row.quantity), version) if own else (row.asked, row)
        times = [_left(limits.day_times, days[day]), _left(limits.month_times, months[row.code])]
        room = [
            _left(limits.day_points, of_rule[day]),
            _left(row.cap_day, of_day[row.served_on]),
            _left(row.cap_month, in_month),
            *(limits.points * left if by_times and left is not None else None for left in times),
        ]
        gets = asked
        if version.kind != Rule.Kind.EXEMPT:
            full = any(left is not None and left <= 0 for left in times)
            gets = 0 if full else max(0, min([asked, *(most for most in room if most is not None)]))
        if gets:
            in_month += gets
            of_day[row.served_on] += gets
            of_rule[day] += gets
            days[day] += row.quantity if by_times else 1
            months[row.code] += row.quantity if by_times else 1
        yield Tried(own, asked, gets)


def _left(most: int | None, given: int) -> int | None:
    return None if most is None else most - given
