"""The line over REST: the same verbs, the same refusals, answered once."""

import pytest

from nightschool.models import Enrolment, Waiting
from points import statement
from tests.api import Api, client_of
from tests.books import breaches
from tests.nightschool.lining import freed, full, join, offered, status
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(world: World) -> Api:
    return client_of(world.wenxing)


def wait(api: Api, course: int, resident: int, key: str = "join-1") -> object:
    return api.post("waitings/", {"course": course, "resident": resident}, key=key)


def test_somebody_is_put_into_the_line_once_however_often_it_is_sent(world: World, api: Api) -> None:
    course, _ = full(world)
    join(course, world.li, world)
    first, again = wait(api, course.pk, world.wang.pk), wait(api, course.pk, world.wang.pk)
    assert (first.status_code, again.status_code) == (201, 201)  # type: ignore[attr-defined]
    shown = first.json()  # type: ignore[attr-defined]
    assert shown == again.json()  # type: ignore[attr-defined]
    assert (shown["status"], shown["ahead"], shown["channel"]) == ("waiting", 1, "api")
    assert Waiting.objects.filter(resident=world.wang).count() == 1
    assert api.get(f"waitings/{shown['id']}/").json()["ahead"] == 1


def test_the_offer_is_taken_and_paid(world: World, api: Api) -> None:
    _course, mine = offered(world, price=60)
    answer = api.post(f"waitings/{mine.pk}/accept/", key="accept-1")
    seat = Enrolment.objects.get(resident=world.wang)
    assert answer.status_code == 200 and answer.json()["enrolment"] == seat.pk
    assert statement.available(world.wang) == 20
    again = api.post(f"waitings/{mine.pk}/accept/", key="accept-2")
    assert (again.status_code, again.json()["code"]) == (409, "no_offer")
    assert breaches() == []


def test_an_offer_is_given_up_and_the_next_has_it(world: World, api: Api) -> None:
    course, taken = full(world)
    first, second = join(course, world.wang, world), join(course, world.li, world)
    freed(taken[0], world)
    answer = api.post(f"waitings/{first.pk}/leave/", key="leave-1")
    assert answer.json()["status"] == "declined"
    assert status(second) == ["offered"]
    again = api.post(f"waitings/{first.pk}/leave/", key="leave-2")
    assert (again.status_code, again.json()["code"]) == (409, "not_waiting")


def test_refusals_are_those_of_the_page(world: World, api: Api) -> None:
    course, _ = full(world)
    join(course, world.li, world)
    join(course, world.zhao, world)
    answer = wait(api, course.pk, world.wang.pk)
    assert (answer.status_code, answer.json()["code"]) == (409, "line_full")  # type: ignore[attr-defined]


def test_others_have_no_line_here(world: World, api: Api) -> None:
    course, mine = offered(world)
    far = client_of(world.yongan)
    assert far.get(f"waitings/{mine.pk}/").status_code == 404
    assert far.post(f"waitings/{mine.pk}/accept/", key="a").status_code == 404
    assert far.post("waitings/", {"course": course.pk, "resident": world.zhou.pk}, key="b").status_code == 404
    blind = client_of(world.wenxing, "courses:read")
    assert blind.get(f"waitings/{mine.pk}/").status_code == 403
