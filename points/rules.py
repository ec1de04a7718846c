"""积分规则: a sub-district changes what service is worth, from a day to come on. What was booked keeps its version."""

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import TextChoices

from communities import duties
from communities.models import SubDistrict, User
from core import clock
from core.refusals import BadInput, Refused
from core.sql import call
from core.verbs import Refusals, verb
from points.models import Rule
from points.pricing import UnknownRule
from points.rulebook import Chapter, Figures, chapter, figures_of

CODE = re.compile("[A-Z_]{1,20}")
LONGEST_NAME, LONGEST_DECISION, MOST_POINTS, MOST = 40, 150, 1000, 10_000
AHEAD = timedelta(days=730)
# From the reading of the clock to the commit: the wait for a lock (three seconds, config/settings.py) and the writing.
WRITTEN_WITHIN = timedelta(minutes=1)
UNWRITABLE = re.compile("[\0\ud800-\udfff]")


class NotYourRule(Refused):
    code = "not_your_rule"
    message = "积分规则由街道管理员修改，这次没有改动。"
    status = 403


class NeverBackwards(Refused):
    code = "rule_never_backwards"
    message = "规则只能从明天或以后（两年以内）开始执行，已经记的积分不重算。这次没有改动，请改选日期。"


class TooLateToday(Refused):
    code = "rule_too_late_today"
    message = "马上就到零点，来不及改明天起执行的规则。这次没有改动，请另选日期，或过一分钟再办。"


class BadCode(BadInput):
    code = "bad_rule_code"
    message = "项目代码只能用大写字母和下划线，最多20个，例如FITNESS。这次没有改动。"


class CodeTaken(Refused):
    code = "rule_code_taken"
    message = "这个代码已经有了，这次没有改动。请换一个代码，或直接修改原来的项目。"


class KindSettled(Refused):
    code = "rule_kind_settled"
    message = "已有项目不能改类别，这次没有改动。请另设一个项目，把原来的停用。"


class BadFigures(BadInput):
    code = "bad_rule_figures"
    message = "请填写项目名称和整数：积分0到1000，封顶和次数从1起，不填为不限。这次没有改动。"


class NoCapsHere(BadInput):
    code = "rule_without_caps"
    message = "据实项目凭证明逐笔记分，不设封顶和次数。这次没有改动，请把这几项留空。"


class DecisionMissing(BadInput):
    code = "rule_decision_missing"
    message = "请写明哪天由谁决定、决定了什么；决定日期不能晚于今天。这次没有改动。"


class PricedByHand(Refused):
    code = "rule_priced_by_hand"
    message = "人工调整由两个人逐笔定，不按规则记分，这次没有改动。"


class NothingNew(Refused):
    code = "rule_nothing_new"
    message = "填写的内容和那一天原本执行的规则一样，不用改。"


class NothingToWithdraw(Refused):
    code = "rule_not_coming"
    message = "这项改动已经开始执行，或者已经撤回，这次没有改动。"


CHANGE = "SELECT points_change_rule(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
REFUSALS: Refusals = {
    "PB004": lambda _: UnknownRule(),
    "PB007": lambda _: NeverBackwards(),
    "PB012": lambda _: KindSettled(),
}


class Body(TextChoices):
    """Who may decide about rules (domain guide, 4.6)."""

    PANEL = "评议小组", "评议小组"
    RESIDENTS = "居民会议", "居民会议"
    DELEGATES = "居民代表会议", "居民代表会议"


class Decision(NamedTuple):
    """评议小组 or 居民会议, the day, and what was decided."""

    body: str
    on: date
    text: str

    @property
    def written(self) -> str:
        return f"{self.body}{dated(self.on)}：{self.text.strip()}"


def proposed(
    *, sub_district: SubDistrict, code: str, figures: Figures, starts_on: date, decision: Decision, by: User,
    at: datetime | None = None,
) -> Rule:  # fmt: skip
    """The version as `change` would write it, unsaved; or the refusal that `change` would give."""
    at = at or clock.now()
    _may_write(sub_district, starts_on, by, at)
    if not CODE.fullmatch(code):
        raise BadCode
    _check(figures)
    _check_decision(decision, at)
    _check_against(chapter(sub_district.pk, code, clock.local(at).date()), figures, starts_on)
    return _version(sub_district, code, figures, starts_on, decision.written, by, at)


@verb(REFUSALS)
def change(
    *, sub_district: SubDistrict, code: str, figures: Figures, starts_on: date, decision: Decision, by: User,
    at: datetime | None = None,
) -> Rule:  # fmt: skip
    """Write a version of `code` from `starts_on` on; a code that does not exist becomes a rule of the sub-district's own.

    By the sub-district's administrator, for a day to come, with the decision behind it. A later version of the same day
    replaces the earlier one, and both are kept. Points 0 switch the rule off. Refuses as above.
    """
    rule = proposed(
        sub_district=sub_district, code=code, figures=figures, starts_on=starts_on, decision=decision, by=by, at=at
    )
    return _write(rule)


@verb(REFUSALS)
def introduce(
    *, sub_district: SubDistrict, code: str, figures: Figures, starts_on: date, decision: Decision, by: User,
    at: datetime | None = None,
) -> Rule:  # fmt: skip
    """`change` for a code that must be new. Refuses `CodeTaken`."""
    refuse_taken(sub_district, code)
    return change(
        sub_district=sub_district, code=code, figures=figures, starts_on=starts_on, decision=decision, by=by, at=at
    )


def refuse_taken(sub_district: SubDistrict, code: str) -> None:
    if chapter(sub_district.pk, code, clock.today()):
        raise CodeTaken


@verb(REFUSALS)
def withdraw(*, sub_district: SubDistrict, code: str, starts_on: date, by: User, at: datetime | None = None) -> Rule:
    """Take back the change that would begin on `starts_on`: what is in force on its eve is written again for that day.

    A new code, which has no eve, is switched off. Refuses `NothingToWithdraw`, `NeverBackwards`, `TooLateToday`, `NotYourRule`.
    """
    at = at or clock.now()
    _may_write(sub_district, starts_on, by, at)
    found = chapter(sub_district.pk, code, clock.local(at).date())
    coming = next((one.rule for one in found.coming if one.rule.starts_on == starts_on), None) if found else None
    if found is None or coming is None:
        raise NothingToWithdraw
    eve = found.before(starts_on)
    figures = figures_of(eve) if eve else figures_of(coming)._replace(points=0)
    return _write(_version(sub_district, code, figures, starts_on, f"撤回原定{dated(starts_on)}起的改动", by, at))


def dated(on: date) -> str:
    """2026年12月1日: with the year, because it is read for years."""
    return f"{on.year}年{on.month}月{on.day}日"


def first_of_next_month(on: date) -> date:
    """When a new version usually begins (domain guide, 4.6)."""
    return (on.replace(day=1) + timedelta(days=32)).replace(day=1)


def _may_write(sub_district: SubDistrict, starts_on: date, by: User, at: datetime) -> None:
    today = clock.local(at).date()
    if sub_district not in duties.administered_by(by):
        raise NotYourRule
    if not today < starts_on <= today + AHEAD:
        raise NeverBackwards
    # Written after midnight it could begin on a day that somebody has served on.
    if starts_on <= clock.local(at + WRITTEN_WITHIN).date():
        raise TooLateToday


def _check(figures: Figures) -> None:
    caps = (figures.day_points, figures.day_times, figures.month_times)
    named = figures.name.strip() and len(figures.name) <= LONGEST_NAME and not UNWRITABLE.search(figures.name)
    known = figures.kind in Rule.Kind.values and 0 <= figures.points <= MOST_POINTS
    limited = all(1 <= most <= MOST for most in (*caps, figures.notice_from) if most is not None)
    if not (named and known and limited):
        raise BadFigures
    if figures.kind == Rule.Kind.EXEMPT and any(caps):
        raise NoCapsHere


def _check_decision(decision: Decision, at: datetime) -> None:
    said = decision.text.strip() and len(decision.text) <= LONGEST_DECISION and not UNWRITABLE.search(decision.text)
    if decision.body not in Body.values or not said or decision.on > clock.local(at).date():
        raise DecisionMissing


def _check_against(known: Chapter | None, figures: Figures, starts_on: date) -> None:
    """What the versions that stand allow."""
    if known is None:
        return
    if not known.priced:
        raise PricedByHand
    if known.kind != figures.kind:
        raise KindSettled
    replaced, eve = known.of(starts_on), known.before(starts_on)
    stands = replaced or eve
    if stands and figures_of(stands) == figures:
        raise NothingNew


def _version(
    sub_district: SubDistrict, code: str, figures: Figures, starts_on: date, decision: str, by: User, at: datetime
) -> Rule:  # fmt: skip
    basis = Rule.Basis.HOUR if figures.kind == Rule.Kind.TIMED else Rule.Basis.TIME
    return Rule(
        sub_district=sub_district, code=code, basis=basis, starts_on=starts_on, decision=decision, by=by, at=at,
        **figures._asdict(),
    )  # fmt: skip


def _write(rule: Rule) -> Rule:
    (number,) = call(
        CHANGE, rule.sub_district_id, rule.code, rule.name, rule.basis, rule.kind, rule.points, rule.day_points,
        rule.day_times, rule.month_times, rule.notice_from, rule.starts_on, rule.decision, rule.by_id, rule.at,
    )  # fmt: skip
    return Rule.objects.get(pk=number)
