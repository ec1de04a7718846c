"""The rush for thirty seats: exactly thirty seated, online and counter together, held seats respected, the line in order.

`make rush` plays it large: RUSH_PEOPLE=2000, RUSH_HTTP=3 rounds over HTTP, RUSH_VERBS=20 rounds through the verbs.
"""

import os

import pytest
from django.db import connection

from nightschool.models import Channel, Course, Enrolment, Waiting
from points.models import Entry
from tests.books import breaches
from tests.races import rush
from tests.races.rush import ELDERS, HELD, SEATS
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = int(os.environ.get("RUSH_PEOPLE", "100"))
HTTP, VERBS = int(os.environ.get("RUSH_HTTP", "1")), int(os.environ.get("RUSH_VERBS", "1"))
ONLINE = [Channel.PHONE, Channel.API]
# What people who meet like this may hear; anything else is an error of ours.
POSSIBLE = {
    "seat", "seat: course_full", "seat: held_for_counter", "seat: people_wait", "counter", "counter: course_full",
    "offer", "line", "line: line_full",
}  # fmt: skip


def seated(course: Course, table: rush.Table) -> int:
    """How many sit who came by phone or program; exactly thirty sit, as the books say, and none of them waits."""
    course.refresh_from_db()
    here = Enrolment.objects.seated().filter(course=course)
    online = here.filter(channel__in=ONLINE).count()
    assert (course.taken, here.count(), course.online) == (SEATS, SEATS, online)
    assert online <= SEATS - HELD
    assert here.filter(resident=table.keen, waited__status=Waiting.Status.ACCEPTED).count() == 1
    charges = Entry.objects.filter(kind="charge", reversed_by=None, pk__in=here.values("entry"))
    assert charges.count() == SEATS and breaches() == []
    return online


def line_in_order(course: Course) -> int:
    """How long the line is: its places are those of its commits (a transaction has its number under the lock of the line)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT place, xmin::text::bigint FROM nightschool_waiting WHERE course_id = %s AND status = 'waiting' ORDER BY place",
            [course.pk],
        )
        found = cursor.fetchall()
    assert len({place for place, _ in found}) == len(found)
    assert [number for _, number in found] == sorted(number for _, number in found)
    return len(found)


@pytest.mark.heavy
def test_the_rush_over_http(world: World, web: rush.Address) -> None:
    table = rush.table(world, PEOPLE)
    sessions = {one.pk: rush.session_of(one) for one in (*table.people, table.keen)}
    staff, token = rush.session_of_staff(world.zhang), rush.token_of_client(world)
    for _ in range(HTTP):
        course = rush.opened(table)
        answers = rush.over_http(web, rush.acts_over_http(table, course, sessions, staff, token))
        print("rush over http", dict(answers), flush=True)
        assert {status for _, status in answers} <= {201, 302, 409}, answers
        assert sum(answers.values()) == PEOPLE + ELDERS + 1
        online = seated(course, table)
        assert answers["offer", 302] == 1
        assert answers["seat", 302] + answers["seat", 201] == online - 1
        assert answers["counter", 302] == SEATS - online >= HELD
        assert (
            line_in_order(course)
            == answers["line", 302]
            == min(SEATS // 2, sum(n for (k, _), n in answers.items() if k == "line"))
        )


@pytest.mark.heavy
def test_the_rush_through_the_verbs(world: World) -> None:
    table = rush.table(world, PEOPLE)
    for _ in range(VERBS):
        course = rush.opened(table)
        heard = rush.through_the_verbs(table, course)
        print("rush through the verbs", dict(heard), flush=True)
        assert set(heard) <= POSSIBLE, heard
        online = seated(course, table)
        assert (heard["offer"], heard["seat"], heard["counter"]) == (1, online - 1, SEATS - online)
        assert line_in_order(course) == heard["line"] == min(SEATS // 2, heard["line"] + heard["line: line_full"])
