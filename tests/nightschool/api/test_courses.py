"""Courses and seats over REST: the same verbs, one's own communities only."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nightschool.models import Enrolment
from notifications.models import Message
from points import statement
from points.models import Entry
from tests import world as cast
from tests.api import client_of
from tests.books import breaches
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_client_takes_a_seat_and_the_books_name_it(world: World) -> None:
    course, api = cast.course(world.wenxing), client_of(world.wenxing)
    answer = api.enrol(course.pk, world.wang.pk)
    said = answer.json()
    assert (answer.status_code, said["status"], said["price"], said["cancelled_at"]) == (201, "seated", 60, None)
    mine = Enrolment.objects.get(pk=said["id"])
    assert (mine.by, mine.channel, mine.entry.by) == (api.user, "api", api.user)
    assert statement.available(world.wang) == 20
    assert Message.objects.filter(resident=world.wang).count() == 1
    assert api.get(f"enrolments/{mine.pk}/").json() == said
    assert breaches() == []


def test_a_client_gives_a_seat_back_with_a_reason(world: World) -> None:
    course, api = cast.course(world.wenxing), client_of(world.wenxing)
    pk = api.enrol(course.pk, world.wang.pk).json()["id"]
    said = api.post(f"enrolments/{pk}/cancel/", {"reason": "居民住院"}, key="c").json()
    assert (said["status"], said["cancel_reason"]) == ("cancelled", "居民住院")
    assert statement.available(world.wang) == 80
    assert Enrolment.objects.get(pk=pk).cancelled_by == api.user
    assert "居民住院" in Message.objects.get(occasion=f"enrolment:{pk}:cancelled").body
    again = api.post(f"enrolments/{pk}/cancel/", {"reason": "居民住院"}, key="d")
    assert (again.status_code, again.json()["code"]) == (409, "not_seated")
    assert breaches() == []


def test_refusals_of_the_verb_come_with_their_code_and_sentence(world: World) -> None:
    api = client_of(world.wenxing)
    for fields, code in (
        ({"price": 500}, "short_of_points"), ({"capacity": 0}, "course_full"), ({"max_age": 20}, "wrong_age"),
        ({"status": "cancelled"}, "course_cancelled"),
    ):  # fmt: skip
        answer = api.enrol(cast.course(world.wenxing, **fields).pk, world.wang.pk)
        assert (answer.status_code, answer.json()["code"]) == (409, code)
        assert "没有扣" in answer.json()["detail"]
    answer = api.enrol(cast.course(world.wenxing, status="draft").pk, world.wang.pk)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_course")
    assert not Enrolment.objects.exists()


def test_the_list_shows_what_a_client_needs(world: World) -> None:
    course = cast.course(world.wenxing)
    cast.course(world.wenxing, status="draft")
    cast.seated(course, world.wang)
    (row,) = client_of(world.wenxing).get("courses/").json()["results"]
    assert (row["id"], row["seats_left"], row["lessons"], row["room"]) == (course.pk, 29, 3, "活动室2楼舞蹈厅")
    assert row["starts_at"].endswith("+08:00")


def test_one_course_comes_with_all_its_sessions(world: World) -> None:
    course = cast.course(world.wenxing)
    said = client_of(world.wenxing).get(f"courses/{course.pk}/").json()
    assert [session["topic"] for session in said["sessions"]] == ["内容1", "内容2", "内容3"]


def test_filters_by_community_and_category(world: World) -> None:
    mine = cast.course(world.wenxing, category="flowers").pk
    theirs = cast.course(world.yongan, category="body").pk
    api = client_of(world.street)
    for query, expected in (
        ({}, [theirs, mine]), ({"community": world.yongan.pk}, [theirs]), ({"category": "flowers"}, [mine]),
        ({"community": world.hualin.pk}, []), ({"community": world.yongan.pk, "category": "flowers"}, []),
    ):  # fmt: skip
        assert [course["id"] for course in api.get("courses/", **query).json()["results"]] == expected


def test_a_client_of_yongan_finds_nothing_of_wenxing(world: World) -> None:
    course = cast.course(world.wenxing)
    (theirs,) = cast.seated(course, world.zhao)
    own = cast.course(world.yongan)
    entries = Entry.objects.count()
    api = client_of(world.yongan)
    assert [row["id"] for row in api.get("courses/").json()["results"]] == [own.pk]
    assert api.get("courses/", community=world.wenxing.pk).json()["results"] == []
    for answer in (
        api.get(f"courses/{course.pk}/"),
        api.get(f"enrolments/{theirs.pk}/"),
        api.post(f"enrolments/{theirs.pk}/cancel/", {"reason": "不是我的"}, key="1"),
        api.enrol(course.pk, world.zhou.pk),
        api.enrol(own.pk, world.wang.pk),
        api.enrol(course.pk, world.wang.pk),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    theirs.refresh_from_db()
    assert (theirs.status, Enrolment.objects.count(), Entry.objects.count()) == ("seated", 1, entries)


def test_a_client_of_the_sub_district_serves_all_of_its_communities(world: World) -> None:
    api = client_of(world.street)
    assert api.enrol(cast.course(world.yongan).pk, world.wang.pk).status_code == 201
    assert api.get(f"courses/{cast.course(world.hualin).pk}/").status_code == 404


def queries(world: World, path: str) -> int:
    api = client_of(world.wenxing)
    with CaptureQueriesContext(connection) as caught:
        assert api.get(path).status_code == 200
    return len(caught)


def test_the_list_asks_as_often_for_thirty_courses_as_for_one(world: World) -> None:
    cast.course(world.wenxing)
    one = queries(world, "courses/")
    for number in range(29):
        cast.course(world.wenxing, title=f"课{number}")
    assert queries(world, "courses/") == one == 2
