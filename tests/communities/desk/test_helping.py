"""亲友代办 at the desk."""

import pytest
from django.test import Client
from django.urls import reverse

from communities.models import Helper
from tests.communities.steps import shows
from tests.pages import queries
from tests.world import World

pytestmark = pytest.mark.django_db
FORM = {"name": "赵小梅", "phone": "13700001111", "relation": "子女", "way": "signature", "agreed": "on"}


@pytest.fixture
def desk(client: Client, world: World) -> Client:
    client.force_login(world.zhang)
    return client


@pytest.fixture
def page(world: World) -> str:
    return reverse("desk:resident-helpers", args=[world.zhao.pk])


def test_an_elder_at_the_counter_gets_a_helper_and_loses_it_again(desk: Client, world: World, page: str) -> None:
    shows(desk.get(page), "居民本人要在场", "代办人每办一件，本人都会收到消息")
    answer = desk.post(page, FORM, follow=True)
    shows(answer, "已登记，赵小梅可以用自己的手机号登录", "137****1111", "纸质签字，经办张晓燕", "可以代办")
    helper = Helper.objects.get()
    assert (helper.resident, helper.by, helper.consent.way) == (world.zhao, world.zhang, "signature")
    shows(
        desk.post(reverse("desk:resident-helper-end", args=[world.zhao.pk, helper.pk]), follow=True),
        "已取消，赵小梅不能再替赵玉珍办理",
        "已取消",
    )
    assert not Helper.objects.current().exists()


@pytest.mark.parametrize("left_out", ["way", "agreed", "phone", "name"])
def test_the_desk_says_how_the_resident_agreed(desk: Client, page: str, left_out: str) -> None:
    assert desk.post(page, {key: value for key, value in FORM.items() if key != left_out}).status_code == 400
    assert not Helper.objects.exists()


def test_a_refusal_shows_what_was_typed(desk: Client, world: World, page: str) -> None:
    answer = desk.post(page, FORM | {"phone": world.zhang.own_phone})
    shows(answer, "不能为自己或同户家人登记代办", "赵小梅", status=409)


def test_who_cannot_have_another_is_told_why(desk: Client, world: World) -> None:
    shows(desk.get(reverse("desk:resident-helpers", args=[world.sun.pk])), "现在不能登记", "社区确认登记以后")


def test_staff_of_another_community_find_nothing(client: Client, world: World, page: str) -> None:
    client.force_login(world.qian)
    assert client.get(page).status_code == 404 == client.post(page, FORM).status_code
    assert not Helper.objects.exists()


def test_a_helper_of_somebody_else_is_not_ended_here(desk: Client, world: World, page: str) -> None:
    desk.post(page, FORM)
    other = reverse("desk:resident-helper-end", args=[world.wang.pk, Helper.objects.get().pk])
    assert desk.post(other).status_code == 404 and Helper.objects.current().exists()


def test_many_former_helpers_cost_no_more_queries(desk: Client, page: str) -> None:
    def come_and_go(n: int) -> None:
        desk.post(page, FORM | {"phone": f"137000022{n:02}"})
        desk.post(f"{page}{Helper.objects.current().get().pk}/end/")

    come_and_go(0)
    one = queries(desk, page)
    for n in range(1, 12):
        come_and_go(n)
    assert queries(desk, page) == one
