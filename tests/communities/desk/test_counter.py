"""The counter's three pages: find, choose, confirm; and nothing of the person stays behind."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities import cards
from communities.models import Resident, Slip, User
from core import clock
from nightschool.models import Course, Enrolment
from tests import world as cast
from tests.communities.steps import shows
from tests.pages import words
from tests.world import World, resident

pytestmark = pytest.mark.django_db
COUNTER = "/desk/counter/"


@pytest.fixture
def zhang(client: Client, world: World) -> Client:
    client.force_login(world.zhang)
    return client


@pytest.fixture
def course(world: World) -> Course:
    return cast.course(world.wenxing)


def offered(client: Client, who: Resident) -> str:
    """The keys that the page of `who` counts, as its form sends them."""
    page = client.get(f"{COUNTER}{who.pk}/").content.decode()
    found = re.search(r'name="offered" value="([^"]*)"', page)
    assert found, page
    return found[1]


def test_one_hit_goes_straight_on(zhang: Client, world: World) -> None:
    for typed in ("wxl", "6021", "王秀兰", "王6021"):
        answer = zhang.post(COUNTER, {"q": typed})
        assert (answer.status_code, answer["Location"]) == (302, f"{COUNTER}{world.wang.pk}/"), typed


def test_several_are_told_apart_without_a_whole_number(zhang: Client, world: World) -> None:
    resident(world.wenxing, "王秀兰", "13700001111")
    answer = zhang.post(COUNTER, {"q": "wxl"})
    shows(answer, "1968年生", "138****6021", "137****1111", "天和城", "是哪一位")
    assert "13812346021" not in answer.content.decode()


def test_nobody_is_a_sentence_with_a_way_on(zhang: Client, world: World) -> None:
    shows(zhang.post(COUNTER, {"q": "周海涛"}), "本社区没有找到", "周海涛")
    for typed in ("", "\0", "%", "😀" * 200):
        assert zhang.post(COUNTER, {"q": typed}).status_code == 200


def test_more_than_twenty_says_so(zhang: Client, world: World) -> None:
    for number in range(25):
        resident(world.wenxing, f"吴小{number}")
    shows(zhang.post(COUNTER, {"q": "吴"}), "还有更多，请多输入几个字。")


def test_the_person_is_known_by_what_is_shown_and_no_more(zhang: Client, world: World, course: Course) -> None:
    answer = zhang.get(f"{COUNTER}{world.wang.pk}/")
    shows(
        answer,
        "王秀兰",
        "1968年",
        "天和城",
        "138****6021",
        "夜校报名",
        "形体塑形",
        "60积分",
        "打印积分存折",
        "可用80积分",
    )
    page = answer.content.decode()
    assert "13812346021" not in page and "5月2日" not in page
    assert answer["Cache-Control"] == "no-store"


def test_a_place_leads_to_what_stood_there_when_the_page_was_drawn(zhang: Client, world: World, course: Course) -> None:
    keys = offered(zhang, world.wang)
    assert keys.startswith(f"night-school:{course.pk} points:1 points:2 ")  # what fewer people come for stands below
    cast.course(world.wenxing, title="早开的课", starts_at=clock.now() + timedelta(days=5))
    assert offered(zhang, world.wang) != keys
    page = f"{COUNTER}{world.wang.pk}/"
    for place, where in (
        ("1", f"{page}night-school/{course.pk}/"),
        (" 2 ", f"/desk/residents/{world.wang.pk}/passbook/"),
    ):
        assert zhang.post(page, {"place": place, "offered": keys})["Location"] == where
    Course.objects.filter(pk=course.pk).update(capacity=0)
    assert zhang.post(page, {"place": "1", "offered": keys})["Location"] == f"{page}night-school/{course.pk}/"
    shows(zhang.get(f"{page}night-school/{course.pk}/"), "最后一个名额刚被兑走了", "返回选事项")


@pytest.mark.parametrize("place", ["", "0", "40", "-1", "x", "9" * 30, "１"])
def test_a_place_that_is_none_is_explained(zhang: Client, world: World, course: Course, place: str) -> None:
    keys = offered(zhang, world.wang)
    answer = zhang.post(f"{COUNTER}{world.wang.pk}/", {"place": place, "offered": keys})
    shows(answer, "field__error", "形体塑形", status=400)


@pytest.mark.parametrize("keys", ["", "x", "//evil.example", "https://evil.example:1", "night-school:x", "\0:1"])
def test_a_forged_list_leads_nowhere_else(zhang: Client, world: World, keys: str) -> None:
    answer = zhang.post(f"{COUNTER}{world.wang.pk}/", {"place": "1", "offered": keys})
    assert answer.status_code == 400 or answer["Location"] == f"{COUNTER}{world.wang.pk}/"


def test_the_last_look_says_for_whom_what_and_by_whom_and_does_nothing(
    zhang: Client, world: World, course: Course
) -> None:
    page = f"{COUNTER}{world.wang.pk}/night-school/{course.pk}/"
    said = words(zhang.get(page).content.decode())
    for part in ("为谁办理王秀兰", "形体塑形", "使用积分60积分", "办理前80，办理后20", "经办人张晓燕", "前可自行退课"):
        assert part in said, part
    assert not Enrolment.objects.exists()
    shows(zhang.post(page, {"sure": ""}), "请先核对身份", status=400)
    assert not Enrolment.objects.exists()


def test_confirming_seats_and_shows_the_slip(zhang: Client, world: World, course: Course) -> None:
    before = dict(zhang.session.items())
    answer = zhang.post(f"{COUNTER}{world.zhao.pk}/night-school/{course.pk}/", {"sure": "on"})
    slip = Slip.objects.get()
    assert answer["Location"] == f"{COUNTER}slips/{slip.pk}/"
    seat = Enrolment.objects.get()
    assert (seat.resident, seat.by, seat.channel, slip.about) == (
        world.zhao,
        world.zhang,
        "desk",
        f"enrolment:{seat.pk}",
    )
    page = zhang.get(answer["Location"])
    shows(
        page,
        slip.number,
        "居民联",
        "社区联",
        "赵玉珍",
        "赵*珍",
        "办理前200，办理后140",
        "张晓燕",
        "居民签字",
        "0352-0000001",
        "结束办理",
    )
    assert (page["Cache-Control"], dict(zhang.session.items())) == ("no-store", before)


def test_a_second_click_is_told_so_and_takes_nothing(zhang: Client, world: World, course: Course) -> None:
    page = f"{COUNTER}{world.zhao.pk}/night-school/{course.pk}/"
    zhang.post(page, {"sure": "on"})
    shows(zhang.post(page, {"sure": "on"}), "已经报过这门课", status=409)
    assert (Enrolment.objects.count(), Slip.objects.count()) == (1, 1)


def test_the_pin_is_asked_of_whom_has_one(zhang: Client, world: World, course: Course) -> None:
    page = f"{COUNTER}{world.wang.pk}/night-school/{course.pk}/"
    cards.issue(resident=world.wang, by=world.chen)
    assert "卡密码" not in zhang.get(page).content.decode()
    cards.set_pin(resident=world.wang, pin="739151", by=world.chen)
    shows(zhang.get(page), "卡密码")
    shows(zhang.post(page, {"sure": "on", "pin": "1111"}), "卡密码不对", status=409)
    assert not Enrolment.objects.exists()
    shows(zhang.post(page, {"sure": "on", "pin": "739151"}, follow=True), "居民以卡密码确认")


def test_without_the_pin_the_resident_signs(zhang: Client, world: World, course: Course) -> None:
    cards.issue(resident=world.wang, by=world.chen)
    cards.set_pin(resident=world.wang, pin="739151", by=world.chen)
    page = f"{COUNTER}{world.wang.pk}/night-school/{course.pk}/"
    shows(zhang.post(page, {"sure": "on", "pin": ""}, follow=True), "居民签字")


def test_ones_own_file_offers_nothing(zhang: Client, world: World, course: Course) -> None:
    User.objects.filter(pk=world.zhang.pk).update(own_phone=world.wang.phone)
    page = f"{COUNTER}{world.wang.pk}/"
    answer = zhang.get(page)
    shows(answer, "不能在窗口为自己、家人", "请由另一位同事办理")
    assert "形体塑形" not in answer.content.decode()
    shows(zhang.post(f"{page}night-school/{course.pk}/", {"sure": "on"}), "请由另一位同事办理", status=403)
    assert not Enrolment.objects.exists() and not Slip.objects.exists()


def test_who_is_not_confirmed_is_led_to_the_file(zhang: Client, world: World, course: Course) -> None:
    shows(
        zhang.get(f"{COUNTER}{world.sun.pk}/"),
        "社区还没有确认这位居民",
        f"/desk/residents/{world.sun.pk}/",
        "待社区确认",
    )


@pytest.mark.parametrize("code", ["points", "nothing", "night-school-x"])
def test_an_act_that_is_none_is_not_there(zhang: Client, world: World, code: str) -> None:
    assert zhang.get(f"{COUNTER}{world.wang.pk}/{code}/1/").status_code == 404


def test_a_course_that_is_not_there_and_a_seat_of_somebody_else(zhang: Client, world: World, course: Course) -> None:
    (seat,) = cast.seated(course, world.wang)
    assert zhang.get(f"{COUNTER}{world.wang.pk}/night-school/{10**9}/").status_code == 404
    assert zhang.get(f"{COUNTER}{world.zhao.pk}/night-school-back/{seat.pk}/").status_code == 404
    assert zhang.post(f"{COUNTER}{world.zhao.pk}/night-school-back/{seat.pk}/", {"sure": "on"}).status_code == 404


def test_the_page_of_a_person_costs_the_same_for_one_course_and_for_thirty(zhang: Client, world: World) -> None:
    def cost() -> int:
        zhang.get(f"{COUNTER}{world.wang.pk}/")
        with CaptureQueriesContext(connection) as caught:
            assert zhang.get(f"{COUNTER}{world.wang.pk}/").status_code == 200
        return len(caught)

    cast.seated(cast.course(world.wenxing, price=1, title="已报"), world.wang)
    cast.course(world.wenxing, price=1)
    cast.course(world.wenxing, price=90)
    one = cost()
    for _ in range(10):
        cast.course(world.wenxing, price=1)
        cast.course(world.yongan, price=1000)
        cast.seated(cast.course(world.wenxing, price=1, title="已报"), world.wang)
    assert cost() == one
    assert one <= 60  # each act that is offered here asks its own question, once
