"""The centre as it is planned: four classes, nine who work there, and the days that the story is counted from."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from demo import cast
from demo.asked import Asked

CENTRE, OPERATOR = "幸福托管中心", "童乐托管服务部"
ADDRESS, PHONE, LICENSED = "文源巷2号院内（原文源小学旧址）", "0352-5550133", 130
CHILDREN, RESIDENTS = 126, 300
WORKDAYS, SATURDAY = (0, 1, 2, 3, 4), (5,)
BEGUN = 100  # days ago the operator's agreement was signed
LASTS = timedelta(days=160)  # a term; no more than 120 days are booked at once


@dataclass(frozen=True)
class Class:
    """A class of the term, full on its first day; `newly` wait for it from outside, `moving` already come on other days."""

    name: str
    kind: str
    room: str
    area: int
    held: int
    starts: time
    ends: time
    weekdays: tuple[int, ...]
    fees: dict[int, int]
    ages: tuple[int, int]
    grades: str
    newly: int = 0
    moving: int = 0


CLASSES = (
    Class("一二年级放学班", "after_school", "托管1室", 148, 36, time(15, 40), time(18, 30), WORKDAYS, {5: 60000, 3: 42000},
          (7, 8), "1、2年级", newly=9),
    Class("三四年级放学班", "after_school", "托管2室", 140, 34, time(16, 20), time(18, 40), WORKDAYS, {5: 56000, 3: 39000},
          (9, 10), "3、4年级", newly=6),
    Class("五六年级放学班", "after_school", "托管3室", 132, 32, time(16, 40), time(18, 50), WORKDAYS, {5: 52000, 3: 36000},
          (11, 12), "5、6年级", newly=3),
    Class("周六临时班", "drop_in", "托管4室", 100, 24, time(8, 30), time(17, 30), SATURDAY, {1: 4500}, (7, 11), "1至5年级", moving=12),
)  # fmt: skip


@dataclass(frozen=True)
class Worker:
    """Somebody of the operator's staff; whose record was asked for so many days ago (it counts twelve months)."""

    name: str
    checked: int
    login: cast.Colleague | None = None
    health: int = 200  # days until the health certificate ends
    contract: str = "labour"

    @property
    def is_lead(self) -> bool:
        return self.login is cast.CARE_LEAD


# The third one is due in twelve days: the lead and the head are reminded.
WORKERS = (
    Worker(cast.CARE_LEAD.name, 95, cast.CARE_LEAD), Worker(cast.TEACHER.name, 94, cast.TEACHER),
    Worker("史文静", 353, cast.SECOND_TEACHER), Worker("邓丽娟", 93), Worker("康瑞芳", 93), Worker("段秀梅", 92, health=20),
    Worker("武志芳", 92), Worker("贺永强", 91, contract="volunteer"), Worker("薛雅楠", 91, contract="volunteer"),
)  # fmt: skip


def sized(number: int, asked: Asked) -> int:
    """So many of the whole demo's; fewer in a smaller one, at least one of what there is at all."""
    if not number:
        return 0
    return max(1, round(number * min(asked.residents, RESIDENTS) / RESIDENTS))


@dataclass(frozen=True)
class Days:
    """The story's calendar, in days of Shanghai."""

    today: date

    @property
    def month(self) -> date:
        return self.today.replace(day=1)

    @property
    def before(self) -> date:
        """The first day of last month: the term begins, and so does its first bill."""
        return (self.month - timedelta(days=1)).replace(day=1)

    @property
    def coming(self) -> date:
        return (self.month + timedelta(days=31)).replace(day=1)

    @property
    def told_since(self) -> date:
        """From here on every day is told: a month of days."""
        return max(self.before, self.today - timedelta(days=31))

    def back(self, day: date) -> int:
        """As `Asked.at` counts: days from today, below zero in the past."""
        return (day - self.today).days
