"""Applications over REST: the same verbs, one's own communities only; a program applies, a person approves."""

import pytest

from nightschool.applications import drawing_lots
from nightschool.models import Application
from tests.api import client_of
from tests.nightschool.applicants import after, applied, by_approval, by_draw
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_client_applies_and_takes_it_back(world: World) -> None:
    course, api = by_draw(world), client_of(world.wenxing)
    answer = api.post("applications/", {"course": course.pk, "resident": world.wang.pk}, key="a")
    said = answer.json()
    assert (answer.status_code, said["status"], said["number"], said["rank"]) == (201, "applied", 1, None)
    mine = Application.objects.get(pk=said["id"])
    assert (mine.by, mine.channel) == (api.user, "api")
    assert api.get(f"applications/{mine.pk}/").json() == said
    again = api.post("applications/", {"course": course.pk, "resident": world.wang.pk}, key="b")
    assert (again.status_code, again.json()["code"]) == (409, "already_applied")
    assert api.post(f"applications/{mine.pk}/withdraw/", key="c").json()["status"] == "withdrawn"
    gone = api.post(f"applications/{mine.pk}/withdraw/", key="d")
    assert (gone.status_code, gone.json()["code"]) == (409, "not_applied")


def test_other_communities_rows_are_not_there(world: World) -> None:
    course, api = by_approval(world), client_of(world.yongan)
    (mine,) = applied(course, world.wang)
    assert api.post("applications/", {"course": course.pk, "resident": world.zhou.pk}, key="a").status_code == 404
    assert api.get(f"applications/{mine.pk}/").status_code == 404
    assert api.post(f"applications/{mine.pk}/withdraw/", key="b").status_code == 404
    assert api.get(f"draws/{by_draw(world).pk}/").status_code == 404


def test_no_program_approves(world: World) -> None:
    (mine,) = applied(by_approval(world), world.wang)
    answer = client_of(world.wenxing).post(f"applications/{mine.pk}/approve/", key="a")
    assert answer.status_code == 404


def test_a_draw_is_read_as_everybody_may_download_it(world: World) -> None:
    course, api = by_draw(world, capacity=1), client_of(world.wenxing)
    applied(course, world.wang, world.zhao)
    before = api.get(f"draws/{course.pk}/").json()
    assert (before["salt"], before["entries"], before["commitment"]) == ("", [], course.draw.commitment)
    drawing_lots.sweep(after(course))
    said = api.get(f"draws/{course.pk}/").json()
    assert sorted(said["order"]) == [1, 2] and said["results"] == {"seated": 1, "waiting": 1}
    assert said["entries"] == [[1, 2], [2, 2]]
    assert api.get(f"draws/{by_approval(world).pk}/").status_code == 404


def test_refusals_come_with_their_code(world: World) -> None:
    api, course = client_of(world.street), by_draw(world, max_age=40)
    answer = api.post("applications/", {"course": course.pk, "resident": world.wang.pk}, key="a")
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_age")
    assert api.post("applications/", {"course": course.pk}, key="b").status_code == 400
