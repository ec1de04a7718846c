"""Following `next` meets every row once, whatever is added meanwhile."""

import pytest

from tests import world as cast
from tests.api import client_of
from tests.world import World

pytestmark = pytest.mark.django_db


def test_following_next_and_previous_meets_every_course_once(world: World) -> None:
    made = [cast.course(world.wenxing, title=f"课{n}").pk for n in range(7)]
    api = client_of(world.wenxing)
    answer, seen = api.get("courses/", page_size=3).json(), []
    assert answer["previous"] is None
    while True:
        seen += [course["id"] for course in answer["results"]]
        cast.course(world.wenxing, title="刚刚加上的课")
        if answer["next"] is None:
            break
        answer = api.http.get(answer["next"]).json()
    assert seen == sorted(made, reverse=True)
    back = api.http.get(answer["previous"]).json()
    assert [course["id"] for course in back["results"]] == seen[3:6]


def test_pages_keep_the_filter(world: World) -> None:
    flowers = [cast.course(world.wenxing, title=f"花{n}", category="flowers").pk for n in range(3)]
    cast.course(world.wenxing, category="body")
    api = client_of(world.wenxing)
    first = api.get("courses/", page_size=2, category="flowers").json()
    second = api.http.get(first["next"]).json()
    assert [course["id"] for course in first["results"] + second["results"]] == sorted(flowers, reverse=True)
    assert second["next"] is None
