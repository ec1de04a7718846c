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


READ = (
    "wallet_id", "rule__code", "served_on", "quantity", "asked", "given", "cap_day", "cap_month",
    "rule__day_points", "rule__day_times", "rule__month_times",
)  # fmt: skip


@dataclass(frozen=True)
class Trial:
    """Points of one month. `given` and `would` are of the rule alone; `elsewhere` is what the other rules would have given
    more (below zero: less), because limits are shared. `cut` and `would_cut` count people whom a limit cut at this rule."""

    month: date
    times: int
    people: int
    given: int
    would: int
    elsewhere: int
    cut: int
    would_cut: int
    more: int  # people who would have got more in all
    fewer: int

    @property
    def difference(self) -> int:
        return self.would - self.given + self.elsewhere

    @property
    def elsewhere_size(self) -> int:
        """Without a sign: the sentence says which way."""
        return abs(self.elsewhere)


def try_out(proposed: Rule, on: date) -> Trial:
    """`proposed` (need not be saved) on the calendar month before `on`, in one query.

    Read are that month's awards of the rule's kind in its sub-district, because the rules of one kind share their limits;
    who never served under this rule is passed over. No award is booked before its service: an index bounds the search.
    """
    after = on.replace(day=1)
    first = (after - timedelta(days=1)).replace(day=1)
    month = Credit.objects.filter(
        served_on__gte=first, served_on__lt=after, rule__kind=proposed.kind,
        entry__at__gte=clock.at(first, time()), entry__community__sub_district=proposed.sub_district_id,
    )  # fmt: skip
    standing = month.exclude(Exists(Entry.objects.filter(reverses=OuterRef("entry"))))
    rows = standing.order_by("wallet", "entry").values_list(*READ).iterator(chunk_size=5000)
    return replay(map(Served._make, rows), proposed, first)


def replay(rows: Iterable[Served], proposed: Rule, month: date) -> Trial:
    """`rows` by wallet, of each in the order in which they were booked: that is how the limits were applied."""
    sums: Counter[str] = Counter()
    for _wallet, mine in groupby(rows, key=lambda row: row.wallet):
        sums.update(_of_one(list(mine), proposed))
    told = ("times", "people", "given", "would", "elsewhere", "cut", "would_cut", "more", "fewer")
    return Trial(month, **{name: sums[name] for name in told})


def _of_one(rows: list[Served], proposed: Rule) -> dict[str, int]:
    """The sums of one person. Counter.update adds them, and those below zero too."""
    replayed = [(row, asked, would) for row, asked, would in _replayed(rows, proposed)]
    own = [found for found in replayed if found[0].code == proposed.code]
    if not own:
        return {}
    given, would = sum(row.given for row, _, _ in own), sum(would for _, _, would in own)
    difference = sum(would - row.given for row, _, would in replayed)
    return {
        "times": len(own), "people": 1, "given": given, "would": would, "elsewhere": difference - would + given,
        "cut": int(any(row.given < row.asked for row, _, _ in own)),
        "would_cut": int(any(would < asked for _, asked, would in own)),
        "more": int(difference > 0), "fewer": int(difference < 0),
    }  # fmt: skip


def _replayed(rows: list[Served], proposed: Rule) -> Iterator[tuple[Served, int, int]]:
    """Each row with what it would have asked for and got; the same arithmetic as points/sql/0007_award.sql."""
    in_month, of_day, of_rule = 0, Counter[date](), Counter[tuple[str, date]]()
    days, months = Counter[tuple[str, date]](), Counter[str]()
    for row in rows:
        mine = row.code == proposed.code
        asked, limits = (worth(proposed, row.quantity), proposed) if mine else (row.asked, row)
        day = (row.code, row.served_on)
        full = _reached(limits.day_times, days[day]) or _reached(limits.month_times, months[row.code])
        room = (
            _left(limits.day_points, of_rule[day]),
            _left(row.cap_day, of_day[row.served_on]),
            _left(row.cap_month, in_month),
        )
        would = asked
        if proposed.kind != Rule.Kind.EXEMPT:
            would = 0 if full else max(0, min([asked, *(most for most in room if most is not None)]))
        if would:
            in_month += would
            of_day[row.served_on] += would
            of_rule[day] += would
            days[day] += 1
            months[row.code] += 1
        yield row, asked, would


def _reached(most: int | None, times: int) -> bool:
    return most is not None and times >= most


def _left(most: int | None, given: int) -> int | None:
    return None if most is None else most - given
