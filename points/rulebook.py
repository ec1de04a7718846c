"""Reading the rules of a sub-district: what is in force, what is to come, and every version there was."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from typing import NamedTuple

from django.db.models import Q, QuerySet

from communities.settings import CAP_DAY, CAP_MONTH, CAP_UNTIMED_MONTH, Value, values_of
from points.models import Rule

BY_HAND = "ADJ"  # two people say how much (points/adjusting.py): no rule prices it
TITLES = {Rule.Kind.TIMED: "计时服务", Rule.Kind.UNTIMED: "按次项目（不计时）", Rule.Kind.EXEMPT: "据实项目"}
CAPS: dict[str, tuple[Value, ...]] = {Rule.Kind.TIMED: (CAP_DAY, CAP_MONTH), Rule.Kind.UNTIMED: (CAP_UNTIMED_MONTH,)}


class Figures(NamedTuple):
    """What a version says. Points per hour of a timed rule, else per time; 0 is switched off, None is no limit."""

    name: str
    kind: str
    points: int
    day_points: int | None = None
    day_times: int | None = None
    month_times: int | None = None
    notice_from: int = 100

    @property
    def worth(self) -> str:
        """每小时10积分."""
        per = "每小时" if self.kind == Rule.Kind.TIMED else "每次"
        return f"{per}{self.points}积分" if self.points else "停用"

    @property
    def limits(self) -> str:
        """每天最多40积分，每月最多2次; empty where nothing limits this rule alone."""
        said = (
            ("每天最多{}积分", self.day_points),
            ("每天最多{}次", self.day_times),
            ("每月最多{}次", self.month_times),
        )
        return "，".join(words.format(most) for words, most in said if most is not None)


def figures_of(rule: Rule) -> Figures:
    return Figures(
        rule.name, rule.kind, rule.points, rule.day_points, rule.day_times, rule.month_times, rule.notice_from
    )


class Version(NamedTuple):
    """One row of the history. `state`: 现行, 将执行, 已结束, 撤回 (brings back what was before), 未执行 (replaced before its day)."""

    rule: Rule
    state: str

    @property
    def figures(self) -> Figures:
        return figures_of(self.rule)


@dataclass(frozen=True)
class Chapter:
    """One code on one day. `line`: the rows that count, one for each day of change, oldest first; `replaced`: the others."""

    code: str
    on: date
    line: list[Rule]
    replaced: list[Rule]

    @property
    def now(self) -> Version | None:
        """Nothing before the first day of a sub-district's own new code."""
        rule = self.before(self.on, including=True)
        return Version(rule, "现行") if rule else None

    @property
    def coming(self) -> list[Version]:
        """The changes to come, the nearest first; without those that were withdrawn."""
        return [Version(rule, "将执行") for rule in self.line if rule.starts_on > self.on and rule not in self._same]

    @property
    def history(self) -> list[Version]:
        """Every row, the latest day first."""
        rows = sorted(self.line + self.replaced, key=lambda rule: (rule.starts_on, rule.pk), reverse=True)
        return [Version(rule, self._state(rule)) for rule in rows]

    @property
    def kind(self) -> str:
        return self.line[0].kind

    @property
    def shown(self) -> Version:
        """What stands for this code: in force, else the first to come."""
        return self.now or Version(self.line[0], self._state(self.line[0]))

    @property
    def priced(self) -> bool:
        return self.code != BY_HAND

    @property
    def open(self) -> bool:
        """Whether somebody can earn by it, now or by a change to come."""
        return self.priced and any(one.rule.points for one in (self.now, *self.coming) if one)

    def before(self, day: date, *, including: bool = False) -> Rule | None:
        """What was in force on the eve of `day`, or on the day itself."""
        begun = [rule for rule in self.line if rule.starts_on < day or (including and rule.starts_on == day)]
        return begun[-1] if begun else None

    def of(self, day: date) -> Rule | None:
        """The row that begins on `day`."""
        return next((rule for rule in self.line if rule.starts_on == day), None)

    @property
    def _same(self) -> list[Rule]:
        """Rows that change nothing: what was planned for their day was withdrawn."""
        first = self.line[:1] if not self.line[0].points and self.line[0].sub_district_id else []
        return first + [row for last, row in pairwise(self.line) if figures_of(row) == figures_of(last)]

    def _state(self, rule: Rule) -> str:
        if rule in self.replaced:
            return "未执行"
        if rule.starts_on > self.on:
            return "撤回" if rule in self._same else "将执行"
        return "现行" if rule == self.before(self.on, including=True) else "已结束"


class Cap(NamedTuple):
    """A general limit and its value; it is changed among the settings."""

    declared: Value
    value: int


class Group(NamedTuple):
    """The rules of one kind, with the limits that they share."""

    kind: str
    title: str
    caps: list[Cap]
    chapters: list[Chapter]


def overview(sub_district_id: int | None, on: date) -> list[Group]:
    """All rules of a sub-district by kind, each with what is to come and its history, in two queries; of none: the defaults."""
    figures = values_of([CAP_DAY, CAP_MONTH, CAP_UNTIMED_MONTH], sub_district_id, on=on) if sub_district_id else {}
    rows = _rows(sub_district_id).order_by("code", "starts_on", "pk")
    chapters = [_chapter(code, on, list(mine)) for code, mine in groupby(rows, key=lambda rule: rule.code)]
    chapters.sort(key=lambda chapter: min(rule.pk for rule in chapter.line + chapter.replaced))
    return [
        Group(
            kind, title, [Cap(one, figures.get(one, one.default)) for one in CAPS.get(kind, ())],
            [chapter for chapter in chapters if chapter.kind == kind],
        )
        for kind, title in TITLES.items()
    ]  # fmt: skip


def earnable(sub_district_id: int | None, on: date) -> list[Group]:
    """The same for residents: only what somebody can earn by, now or soon."""
    groups = overview(sub_district_id, on)
    return [group._replace(chapters=[one for one in group.chapters if one.open]) for group in groups]


def chapter(sub_district_id: int, code: str, on: date) -> Chapter | None:
    """One code of a sub-district, in one query; None when it has no such code."""
    rows = list(_rows(sub_district_id).filter(code=code).order_by("starts_on", "pk"))
    return _chapter(code, on, rows) if rows else None


def _rows(sub_district_id: int | None) -> QuerySet[Rule]:
    return Rule.objects.filter(Q(sub_district=sub_district_id) | Q(sub_district=None)).select_related("by")


def _chapter(code: str, on: date, rows: Iterable[Rule]) -> Chapter:
    """`rows` by day and number. Own rows come before the defaults, the last row of a day before the others of that day."""
    every = list(rows)
    last: dict[tuple[bool, date], Rule] = {(rule.sub_district_id is None, rule.starts_on): rule for rule in every}
    own = [rule for (default, _), rule in last.items() if not default]
    line = [rule for (default, day), rule in last.items() if default and (not own or day < own[0].starts_on)] + own
    return Chapter(code, on, line, [rule for rule in every if rule not in line])
