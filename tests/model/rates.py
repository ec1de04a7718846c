"""What service is worth and how much of it a person may be given: written from the domain guide, 4.2, not from the code."""

from dataclasses import dataclass
from datetime import date

HOUR = 60
# code: kind, points (by the hour when timed, else by the time), points a day, times a day, times a month
DEFAULTS: dict[str, tuple[str, int, int | None, int | None, int | None]] = {
    "ENV": ("timed", 10, 40, None, None),
    "CIV": ("timed", 10, 40, None, None),
    "ELD": ("timed", 12, 48, None, None),
    "KID": ("timed", 12, 48, None, None),
    "PAT": ("timed", 10, 40, None, None),
    "PRO": ("timed", 15, 60, None, None),
    "EMG": ("timed", 15, 80, None, None),
    "SORT": ("timed", 10, 40, None, None),
    "MEET": ("untimed", 5, None, None, 2),
    "IDEA": ("untimed", 20, None, None, 2),
    "LECT": ("untimed", 3, None, None, 4),
    "PHOTO": ("untimed", 3, None, 5, None),
    "PHOTO_SOLVED": ("untimed", 5, None, 5, None),
    "POST": ("untimed", 30, None, None, 1),
    "HONOR_STREET": ("exempt", 30, None, None, None),
    "HONOR_DISTRICT": ("exempt", 50, None, None, None),
    "HONOR_CITY": ("exempt", 80, None, None, None),
}


@dataclass(frozen=True)
class Figures:
    """What the sub-district has set (domain guide, 19)."""

    day: int = 80
    month: int = 400
    untimed_month: int = 60
    years: int = 1
    grace: int = 30


@dataclass(frozen=True)
class Version:
    """One version of one rule; `number` tells two of the same day apart."""

    number: int
    street: str | None
    code: str
    kind: str
    points: int
    day_points: int | None
    day_times: int | None
    month_times: int | None
    starts_on: date

    def worth(self, quantity: int) -> int:
        """Minutes count by whole half hours, and no half point is given; else each time counts."""
        if self.kind == "timed":
            return (quantity - quantity % (HOUR // 2)) * self.points // HOUR
        return quantity * self.points


@dataclass(frozen=True)
class Credit:
    """What one award was priced by. It counts towards caps as long as it stands and gave something."""

    version: Version
    served_on: date
    quantity: int
    asked: int
    given: int
    caps: tuple[int | None, int | None]


def defaults() -> list[Version]:
    return [
        Version(number, None, code, *rule, starts_on=date(2000, 1, 1))
        for number, (code, rule) in enumerate(DEFAULTS.items())
    ]


def in_force(versions: list[Version], street: str, code: str, day: date) -> Version:
    """The street's own newest version that has begun, or else the default."""
    begun = [v for v in versions if v.code == code and v.street in (street, None) and v.starts_on <= day]
    return max(begun, key=lambda v: (v.street is not None, v.starts_on, v.number))


def caps(version: Version, figures: Figures) -> tuple[int | None, int | None]:
    """The general caps of a day and of a month."""
    if version.kind == "exempt":
        return None, None
    return (figures.day, figures.month) if version.kind == "timed" else (None, figures.untimed_month)


def allowed(version: Version, served_on: date, asked: int, figures: Figures, standing: list[Credit]) -> int:
    """How much of `asked` is given to somebody to whom `standing` credits were given already."""
    if version.kind == "exempt":
        return asked
    counted = [c for c in standing if c.given and c.version.kind == version.kind]
    month = [c for c in counted if (c.served_on.year, c.served_on.month) == (served_on.year, served_on.month)]
    today = [c for c in month if c.served_on == served_on]
    of_rule_month = [c for c in month if c.version.code == version.code]
    of_rule_today = [c for c in of_rule_month if c.served_on == served_on]
    cap_day, cap_month = caps(version, figures)
    room = [asked, *_left(cap_day, today), *_left(cap_month, month), *_left(version.day_points, of_rule_today)]
    room += _times_left(version, version.day_times, of_rule_today)
    room += _times_left(version, version.month_times, of_rule_month)
    return max(0, min(room))


def _left(cap: int | None, credits: list[Credit]) -> list[int]:
    return [] if cap is None else [cap - sum(credit.given for credit in credits)]


def _times_left(version: Version, times: int | None, credits: list[Credit]) -> list[int]:
    """“2 a month” is two times, whether they come as one award or as two."""
    return [] if times is None else [(times - sum(credit.quantity for credit in credits)) * version.points]
