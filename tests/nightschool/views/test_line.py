"""The line on a resident's phone: two taps in, the place in 我的码, one tap to take the seat, two to give it up."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import clock
from nightschool.models import Course, Enrolment, Waiting
from points import statement
from tests import world as cast
from tests.books import breaches
from tests.nightschool.lining import full, join, offered, status
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(world: World, client: Client) -> Client:
    """王秀兰's."""
    assert world.wang.account
    client.force_login(world.wang.account)
    return client


def shown(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def wait_of(course: Course) -> str:
    return f"/night-school/{course.pk}/wait/"


def test_two_taps_from_a_full_course_into_its_line(world: World, phone: Client) -> None:
    course, _ = full(world, price=60)
    join(course, world.li, world)
    bar = shown(phone, f"/night-school/{course.pk}/")
    assert "加入候补" in bar and wait_of(course) in bar
    page = shown(phone, wait_of(course))
    assert "第2位" in page and "不扣积分" in page and "确认时才使用60积分" in page
    answer = phone.post(wait_of(course), follow=True)
    page = answer.content.decode()
    assert "已加入候补，没有扣积分" in page and "前面还有1人" in page
    assert statement.available(world.wang) == 80
    assert "候补中" in shown(phone, f"/night-school/{course.pk}/")
    assert "我的候补" in shown(phone, "/tickets/") and "排第2位" in shown(phone, "/tickets/")


def test_a_visitor_is_led_to_sign_in(world: World, client: Client) -> None:
    course, _ = full(world)
    assert "加入候补" in shown(client, f"/night-school/{course.pk}/")
    assert client.get(wait_of(course))["Location"].startswith("/sign-in/?next=")


def test_an_offer_is_on_top_of_my_codes_and_taken_with_one_tap(world: World, phone: Client) -> None:
    course, _mine = offered(world, price=60)
    codes = shown(phone, "/tickets/")
    assert "轮到您了" in codes and "前确认" in codes
    assert "去确认" in shown(phone, f"/night-school/{course.pk}/")
    page = shown(phone, wait_of(course))
    assert "确认兑换" in page and "20积分" in page and "放弃" in page
    answer = phone.post(f"{wait_of(course)}accept/")
    seat = Enrolment.objects.get(resident=world.wang)
    assert answer["Location"] == f"/tickets/{seat.pk}/?done=1"
    assert statement.available(world.wang) == 20
    assert breaches() == []


def test_who_is_short_of_points_reads_it_beside_the_deadline(world: World, phone: Client) -> None:
    course, mine = offered(world, price=100)
    page = shown(phone, wait_of(course))
    assert "还差20" in page and "前确认" in page and "去赚积分" in page and "确认兑换" not in page
    answer = phone.post(f"{wait_of(course)}accept/")
    assert answer.status_code == 409 and "还差20" in answer.content.decode()
    assert status(mine) == ["offered"]


def test_an_offer_of_a_course_that_has_begun_says_what_is_left_and_that_it_is_kept(world: World, phone: Client) -> None:
    course, _mine = offered(world, price=60)
    at = clock.now()
    assert "首课" in shown(phone, wait_of(course)) and "前可自行退课" in shown(phone, wait_of(course))
    course.sessions.filter(number=1).update(starts_at=at - timedelta(days=7), ends_at=at - timedelta(days=7, hours=-1))
    page = shown(phone, wait_of(course))
    assert "首课" not in page and "第2课，还剩2课" in page and "现在报名后不能自行退课" in page


def test_giving_up_is_asked_once_more(world: World, phone: Client) -> None:
    course, mine = offered(world)
    page = shown(phone, f"{wait_of(course)}leave/")
    assert "确认放弃" in page
    answer = phone.post(f"{wait_of(course)}leave/", follow=True)
    assert "名额已让给下一位" in answer.content.decode()
    assert status(mine) == ["declined"]
    answer = phone.post(f"{wait_of(course)}leave/", follow=True)
    assert "您没有在候补这门课" in answer.content.decode()


def test_leaving_the_line_says_that_the_place_is_lost(world: World, phone: Client) -> None:
    course, _ = full(world)
    mine = join(course, world.wang, world)
    assert "要从最后一位排起" in shown(phone, f"{wait_of(course)}leave/")
    phone.post(f"{wait_of(course)}leave/")
    assert status(mine) == ["left"]


def test_a_refusal_shows_the_page_again(world: World, phone: Client) -> None:
    course = cast.course(world.wenxing, price=0)
    answer = phone.post(wait_of(course))
    assert (
        answer.status_code == 409 and "现在还有名额" in answer.content.decode() and "去报名" in answer.content.decode()
    )
    assert not Waiting.objects.exists()


def test_an_offer_that_is_gone_meanwhile_is_explained(world: World, phone: Client) -> None:
    course, mine = offered(world)
    Waiting.objects.filter(pk=mine.pk).update(offer_until=mine.offered_at)
    answer = phone.post(f"{wait_of(course)}accept/")
    assert answer.status_code == 409 and "不再为您保留" in answer.content.decode()


def test_the_line_stays_in_sight_after_the_sign_up_closed(world: World, phone: Client) -> None:
    course, _ = full(world)
    join(course, world.wang, world)
    Course.objects.filter(pk=course.pk).update(closes_at=course.opens_at + timedelta(seconds=1))
    assert "看候补" in shown(phone, f"/night-school/{course.pk}/")


def test_many_lines_cost_as_many_queries_as_one(world: World, phone: Client) -> None:
    counts = []
    shown(phone, "/tickets/")
    for many in (1, 9):
        for n in range(many):
            course, _ = full(world, seats=2, title=f"课{many}{n}")
            join(course, world.wang, world)
        with CaptureQueriesContext(connection) as seen:
            shown(phone, "/tickets/")
        counts.append(len(seen))
    assert counts[0] == counts[1]
