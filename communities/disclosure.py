"""Who is shown by name on a public notice: those who agreed to it themselves, and nobody on a short list.

Public page, paper and REST read `board_of`; the desk's reasons come from the same `Reading`. Publishing a name needs a separate
consent (个人信息保护法 25), those under 14 are never named (儿童个人信息网络保护规定), a short list tells who is meant (domain guide, 13).
"""

from dataclasses import dataclass
from datetime import date, datetime

from communities import consents, notices, settings
from communities.models import Consent, Notice, NoticeItem, Resident
from core import clock, masks

CHILD = 14
SHOWN = ""
NO_CONSENT = "没有同意公示姓名"
NOT_CONFIRMED = "登记未确认或已注销"
NO_BIRTH_DATE = "没有出生日期，不能确认已满14周岁"
UNDER_AGE = "不满14周岁"


@dataclass(frozen=True)
class Named:
    """What everybody reads of one line: `who` is a masked name, or what is no person."""

    item: int
    who: str
    said: str


@dataclass(frozen=True)
class Board:
    """The lines that everybody reads, and how many `others` are on the list; `people` counts persons, not lines.

    `running`: its window is open; on a list of fewer than `least` nobody is named.
    """

    lines: list[Named]
    people: int
    others: int
    least: int
    running: bool
    until: date | None


@dataclass(frozen=True)
class Reading:
    """The lines of one notice that still stand, each with why its person is only counted (`SHOWN`: is shown)."""

    rows: list[tuple[NoticeItem, str]]
    least: int

    @property
    def people(self) -> int:
        return len({item.resident_id for item, _ in self.rows if item.resident_id})

    @property
    def too_few(self) -> bool:
        return self.people < self.least

    @property
    def short(self) -> str:
        """Why nobody is named, if the list is too short."""
        return f"名单不满{self.least}人，一律不列姓名" if self.too_few else ""


def reading_of(notice: Notice) -> Reading:
    """Whom the notice would show by name while it runs; a draft as if it were published today. Four queries."""
    items = list(notice.items.filter(live=True).select_related("resident").order_by("pk"))
    agreed = consents.held_by([item.resident for item in items if item.resident], Consent.Purpose.NOTICE)
    opens = notice.opens_on or clock.today()
    least = settings.value_of(settings.NOTICE_PEOPLE, notice.community.sub_district_id, on=opens)
    return Reading([(item, _hidden(item.resident, agreed, opens)) for item in items], least)


def _hidden(resident: Resident | None, agreed: set[int], opens: date) -> str:
    if resident is None:
        return SHOWN
    age = resident.age_on(opens)
    reasons = [
        (not resident.confirmed, NOT_CONFIRMED),
        (resident.pk not in agreed, NO_CONSENT),
        (age is None, NO_BIRTH_DATE),
        (age is not None and age < CHILD, UNDER_AGE),
    ]
    return next((reason for stands, reason in reasons if stands), SHOWN)


def board_of(notice: Notice, *, at: datetime | None = None) -> Board:
    """What everybody may read of `notice` at `at`: names in its window alone, afterwards figures."""
    until = notices.last_days([notice]).get(notice.pk)
    today = clock.local(at or clock.now()).date()
    runs = notice.status == Notice.Status.OPEN and until is not None and today <= until
    reading = reading_of(notice)
    named = runs and not reading.too_few
    shown = [item for item, hidden in reading.rows if item.resident_id is None or (named and hidden == SHOWN)]
    met = {item.resident_id for item in shown if item.resident_id}
    lines = [
        Named(item.pk, masks.name(item.resident.name) if item.resident else item.subject, item.said) for item in shown
    ]
    return Board(lines, reading.people, reading.people - len(met), reading.least, runs, until)
