"""花名册: who sits in a course, on paper, with room to sign in. The teacher sees it: no full phone, no price, no 优待."""

from dataclasses import dataclass

from core import clock, masks
from nightschool.models import Course, Session

COLUMNS = 10  # classes that fit beside the names on A4 landscape with room to sign


@dataclass(frozen=True)
class Person:
    """One line: the masked phone, or — for somebody without one."""

    name: str
    phone: str
    estate: str


@dataclass(frozen=True)
class Sheet:
    """The classes of one sheet as (number, date): (第1课, 12月2日)."""

    classes: list[tuple[str, str]]


def people(course: Course) -> list[Person]:
    """Everybody seated, by the sound of the name."""
    seated = course.enrolments.seated().order_by("resident__pinyin", "resident__name", "pk")
    columns = seated.values_list("resident__name", "resident__phone", "resident__estate__name")
    return [Person(name, masks.phone(phone) or "—", estate or "—") for name, phone, estate in columns]


def sheets(sessions: list[Session]) -> list[Sheet]:
    """A long course takes several sheets of equal width, each with all the names."""
    pages = -(-len(sessions) // COLUMNS) or 1
    wide = -(-len(sessions) // pages)
    return [Sheet([_class(one) for one in sessions[n * wide : (n + 1) * wide]]) for n in range(pages)]


def _class(session: Session) -> tuple[str, str]:
    local = clock.local(session.starts_at)
    return str(session), f"{local.month}月{local.day}日"
