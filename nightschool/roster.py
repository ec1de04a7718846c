"""花名册: who sits in a course, on paper, with room to sign in; what was written down already stands in its place (到, 迟, 假, 缺).

The teacher sees it: no full phone, no price, no 优待.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core import clock, masks
from nightschool.attending import classbook
from nightschool.models import Course, Session

COLUMNS = 10  # classes that fit beside the names on A4 landscape with room to sign


@dataclass(frozen=True)
class Person:
    """One line: the masked phone, or — for somebody without one."""

    name: str
    phone: str
    estate: str
    marks: dict[int, str] = field(default_factory=dict)  # by class


@dataclass(frozen=True)
class Sheet:
    """The classes of one sheet as (number, date, room): (第1课, 12月2日, 舞蹈室); and everybody with the marks of these classes."""

    classes: list[tuple[str, str, str]]
    lines: list[tuple[Person, list[str]]]


def sessions_of(course: Course) -> list[Session]:
    """The classes that take place, in the order of their days, with their rooms."""
    return list(course.sessions.held().select_related("room").order_by("starts_at", "number"))


def place_of(course: Course, sessions: Sequence[Session]) -> str:
    """The one room of all classes; nothing where they are held in several."""
    rooms = {str(one.room) for one in sessions} or {str(course.room)}
    return rooms.pop() if len(rooms) == 1 else ""


def people(course: Course) -> list[Person]:
    """Everybody seated, by the sound of the name."""
    seated = course.enrolments.seated().order_by("resident__pinyin", "resident__name", "pk")
    marks: dict[int, dict[int, str]] = {}
    for (seat, session), sign in classbook.marks_of(course).items():
        marks.setdefault(seat, {})[session] = sign
    columns = seated.values_list("pk", "resident__name", "resident__phone", "resident__estate__name")
    return [
        Person(name, masks.phone(phone) or "—", estate or "—", marks.get(pk, {})) for pk, name, phone, estate in columns
    ]


def sheets(sessions: list[Session], everybody: Sequence[Person] = ()) -> list[Sheet]:
    """A long course takes several sheets of equal width, each with all the names."""
    pages = -(-len(sessions) // COLUMNS) or 1
    wide = -(-len(sessions) // pages)
    parts = [sessions[n * wide : (n + 1) * wide] for n in range(pages)]
    return [Sheet([_class(one) for one in part], [_line(person, part) for person in everybody]) for part in parts]


def _line(person: Person, part: list[Session]) -> tuple[Person, list[str]]:
    return person, [person.marks.get(one.pk, "") for one in part]


def _class(session: Session) -> tuple[str, str, str]:
    local = clock.local(session.starts_at)
    return str(session), f"{local.month}月{local.day}日", session.room.name
