"""Courses drafted, opened, closed and resized over REST: the same verbs, one's own communities only."""

from datetime import timedelta
from typing import Any

import pytest

from core import clock
from nightschool.models import Course
from points import statement
from tests import world as cast
from tests.api import Api, client_of
from tests.books import breaches
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(world: World) -> Api:
    return client_of(world.wenxing)


def plan(world: World, **more: Any) -> dict[str, Any]:
    first = clock.today() + timedelta(days=14)
    return {
        "title": "花艺美学", "category": "flowers", "teacher": "刘老师", "term": cast.term(world.wenxing).pk, "capacity": 20, "price": 60,
        "room": cast.room(world.wenxing).pk, "first": str(first), "weekdays": [first.weekday()], "starts": "19:00", "lessons": 3,
        "minutes": 90, "opens_at": f"{clock.today()}T00:00:00+08:00", "audience": "喜欢花草的居民",
    } | more  # fmt: skip


def test_a_client_drafts_a_course_and_opens_it(world: World, api: Api) -> None:
    said = api.post("courses/", plan(world), key="k-1")
    made = said.json()
    assert (said.status_code, made["status"], made["lessons"], made["audience"]) == (201, "draft", 3, "喜欢花草的居民")
    assert api.get(f"courses/{made['id']}/").status_code == 404  # a draft is shown to nobody
    assert api.post("courses/", plan(world), key="k-1").json() == made and Course.objects.count() == 1
    opened = api.post(f"courses/{made['id']}/open/", key="k-2")
    assert (opened.status_code, opened.json()["status"]) == (200, "open")
    course = Course.objects.get()
    assert all(one.booking for one in course.sessions.select_related("booking"))
    again = api.post(f"courses/{made['id']}/open/", key="k-3")
    assert (again.status_code, again.json()["code"]) == (409, "not_draft")


def test_what_does_not_fit_is_said_and_nothing_is_kept(world: World, api: Api) -> None:
    wrong = {"min_age": 6, "capacity": 41, "weekdays": [(clock.today() + timedelta(days=15)).weekday()]}
    for name, value in wrong.items():
        answer = api.post("courses/", plan(world, **{name: value}), key=name)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_course"), name
    bare = {name: value for name, value in plan(world).items() if name != "opens_at"}
    assert api.post("courses/", bare, key="bare").json()["code"] == "bad_course"
    for name in ("room", "term", "partner", "taught_by"):
        theirs = {"room": cast.room(world.yongan).pk, "term": cast.term(world.hualin).pk}.get(name, 10**9)
        assert api.post("courses/", plan(world, **{name: theirs}), key=f"x-{name}").status_code == 404, name
    assert not Course.objects.exists()


def test_a_client_closes_a_course_and_everything_returns(world: World, api: Api) -> None:
    course = cast.course(world.wenxing)
    cast.seated(course, world.wang)
    said = api.post(f"courses/{course.pk}/close/", {"reason": "老师生病"}, key="k-1").json()
    assert said["status"] == "cancelled" and statement.available(world.wang) == 80 and breaches() == []
    again = api.post(f"courses/{course.pk}/close/", {"reason": "老师生病"}, key="k-2")
    assert (again.status_code, again.json()["code"]) == (409, "already_called_off")


def test_more_seats_but_never_fewer_than_are_taken(world: World, api: Api) -> None:
    course = cast.course(world.wenxing, capacity=3)
    cast.seated(course, world.wang, world.zhao)
    assert api.post(f"courses/{course.pk}/seats/", {"capacity": 5}, key="k-1").json()["capacity"] == 5
    less = api.post(f"courses/{course.pk}/seats/", {"capacity": 1}, key="k-2")
    assert (less.status_code, less.json()["code"]) == (409, "fewer_than_taken")


def test_reading_is_not_enough(world: World) -> None:
    course, reader = cast.course(world.wenxing), client_of(world.wenxing, "courses:read")
    assert reader.post("courses/", plan(world), key="k-1").status_code == 403
    assert reader.post(f"courses/{course.pk}/close/", {"reason": "病"}, key="k-2").status_code == 403
