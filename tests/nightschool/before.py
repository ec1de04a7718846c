"""The night school of before there were terms, lines and bookings, for the test of an upgrade (tests/activities/test_upgrade.py)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg

from core import clock
from tests.old import Old

SOON = clock.now().replace(microsecond=0) + timedelta(days=3)  # the server's clock says what is to come
LONG_AGO, HOUR = SOON - timedelta(days=90), timedelta(hours=1)


class School:
    """Two communities of one sub-district and one of another; a room each."""

    def __init__(self, old: Old) -> None:
        self.old = old
        self.street, other = (old.plant("communities_subdistrict", name=name) for name in ("向阳里街道", "永定街道"))
        streets = {"文兴": self.street, "永安": self.street, "外": other}
        self.places = {
            name: old.plant("communities_community", name=f"{name}社区", sub_district_id=street)
            for name, street in streets.items()
        }
        self.rooms = {
            name: old.plant("venues_room", name="舞蹈厅", capacity=30, community_id=place)
            for name, place in self.places.items()
        }
        self.by = old.plant("communities_user", username="wu", kind="staff", is_active=True)

    def course(self, place: str, term: str, starts: list[datetime], **said: Any) -> tuple[int, list[int]]:
        row = {"status": "open", "capacity": 10, "opens_at": LONG_AGO, "closes_at": SOON, "title": "形体塑形"} | said
        community, room = self.places[place], self.rooms[place]
        made = self.old.plant("nightschool_course", community_id=community, room_id=room, term=term, **row)
        classes = [
            self.old.plant("nightschool_session", course_id=made, number=n, starts_at=one, ends_at=one + HOUR)
            for n, one in enumerate(starts, 1)
        ]
        return made, classes

    def seat(self, course: int, name: str, channel: str, status: str = "seated") -> None:
        decided = {"status": "confirmed", "decided_at": LONG_AGO}
        who = self.old.plant("communities_resident", community_id=self.places["文兴"], name=name, **decided)
        ended = {"cancelled_at": LONG_AGO} if status == "cancelled" else {}
        given = {"course_id": course, "resident_id": who, "by_id": self.by, "at": LONG_AGO, **ended}
        self.old.plant("nightschool_enrolment", token=name, channel=channel, status=status, **given)


@dataclass
class Laid:
    """The numbers of what was planted."""

    street: int
    full: int
    bare: int
    classes: list[tuple[int, bool]]  # and whether each holds its room afterwards


def lay(old: Old) -> Laid:
    """A course with people and a class that is over, two that want one room at once, others in other rooms and places."""
    school = School(old)
    mine, (past, coming) = school.course("文兴", "第1期", [LONG_AGO, SOON])
    for name, channel in (("王", "phone"), ("李", "api"), ("赵", "desk")):
        school.seat(mine, name, channel)
    school.seat(mine, "周", "phone", "cancelled")
    _, (clash,) = school.course("文兴", "第1期", [SOON + HOUR / 2], title="花艺插花")
    _, (close,) = school.course("文兴", "第1期", [SOON + HOUR], title="一个接一个")
    _, (elsewhere,) = school.course("永安", "第1期", [SOON + HOUR])
    _, (off,) = school.course("永安", "第1期", [SOON], status="cancelled", cancelled_at=LONG_AGO)
    bare, _ = school.course("外", "第1期", [])
    held = [(past, False), (coming, True), (clash, False), (close, True), (elsewhere, True), (off, False)]
    return Laid(school.street, mine, bare, held)


def check(connection: "psycopg.Connection[Any]", laid: Laid) -> None:
    """Each text of a term is one row of its sub-district, seats are counted, classes to come hold their rooms."""
    terms = connection.execute(
        "SELECT t.sub_district_id = %s, t.name, t.starts_on, t.ends_on, count(c.id) FROM nightschool_term t"
        " JOIN nightschool_course c ON c.term_id = t.id GROUP BY t.id ORDER BY t.sub_district_id DESC", [laid.street],
    )  # fmt: skip
    begins, ends, closes = (clock.local(moment).date() for moment in (LONG_AGO, SOON + 2 * HOUR, SOON))
    assert terms.fetchall() == [(False, "第1期", begins, closes, 1), (True, "第1期", begins, ends, 5)]
    counts = "SELECT taken, online, held, mode FROM nightschool_course WHERE id = %s"
    assert connection.execute(counts, [laid.full]).fetchone() == (3, 2, 0, "first")
    assert connection.execute(counts, [laid.bare]).fetchone() == (0, 0, 0, "first")
    rows = connection.execute(
        "SELECT s.id, coalesce(b.starts_at = s.starts_at AND b.room_id = s.room_id AND b.use = 'school', false)"
        " FROM nightschool_session s JOIN nightschool_course c ON c.id = s.course_id AND c.room_id = s.room_id"
        " LEFT JOIN venues_booking b ON b.id = s.booking_id ORDER BY s.id"
    )
    assert rows.fetchall() == laid.classes
    assert connection.execute("SELECT promise FROM nightschool_breach").fetchall() == []
