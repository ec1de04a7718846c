"""标准费: what one place costs in one month, by its plan (domain guide, 6.4). Nothing is read here but the place and its group."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from childcare.models import Group, Place
from core.refusals import Refused
from partners.money import yuan

Kind = Group.Kind


class NoFee(Refused):
    code = "care_no_fee"
    message = "这个班没有写明这种每周天数的收费，没有出单，积分没有变动。请先在班的资料里补上收费，再出单。"


@dataclass(frozen=True)
class Fee:
    """`planned` of the `whole` days of the month; `rate` in fen, a month's or, of 临时, a day's."""

    place: Place
    planned: int
    whole: int
    rate: int
    cents: int

    @property
    def words(self) -> str:
        if self.place.group.kind == Kind.DROP_IN:
            return f"{self.place.group.name}，{self.planned}天"
        return f"{self.place.group.name}，每周{len(self.place.plan)}天"

    @property
    def why(self) -> str:
        if self.place.group.kind == Kind.DROP_IN:
            return f"本月预订{self.planned}天，每天{yuan(self.rate)}元。"
        if self.planned == self.whole:
            return f"本月全部{self.whole}天在托，按月收费{yuan(self.rate)}元。"
        return f"每月{yuan(self.rate)}元，本月计划{self.whole}天、在托{self.planned}天，按天数比例计算，四舍五入到分。"


def of_place(place: Place, planned: Iterable[date]) -> Fee | None:
    """What the month costs for which the group was `planned`; None for a place without a day in it. Refuses `NoFee`."""
    whole = [day for day in planned if day.weekday() in place.plan]
    inside = [day for day in whole if covers(place, day)]
    if not inside:
        return None
    daily = place.group.kind == Kind.DROP_IN
    rate = place.group.fees.get("1" if daily else str(len(place.plan)))
    if rate is None:
        raise NoFee
    cents = rate * len(inside) if daily else half_up(rate * len(inside), len(whole))
    return Fee(place, len(inside), len(whole), rate, cents)


def covers(place: Place, day: date) -> bool:
    """Whether the child has the place on `day`, and the group goes on until then."""
    if day > place.group.last_on:
        return False
    return place.starts_on is not None and place.starts_on <= day and (place.ends_on is None or day <= place.ends_on)


def half_up(number: int, divisor: int) -> int:
    """`number` / `divisor` to the whole fen, half up; neither is below zero."""
    return (2 * number + divisor) // (2 * divisor)


def after(month: date) -> date:
    """The first day of the month after the one that begins on `month`."""
    return (month + timedelta(days=31)).replace(day=1)


def last_of(month: date) -> date:
    return after(month) - timedelta(days=1)


def ahead(month: date, today: date) -> int:
    """How many months after the current one `month` is; below zero for what is past."""
    return (month.year - today.year) * 12 + month.month - today.month


def named(month: date) -> str:
    return f"{month.year}年{month.month}月"
