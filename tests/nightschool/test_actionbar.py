"""One bar for each answer to “why not?”, as the reader sees it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from communities.models import Resident
from core import clock
from core.refusals import Refused
from core.words import moment
from nightschool import enrolment
from nightschool.actionbar import BARS, bar_for
from nightschool.models import Enrolment, PriorityLoss
from tests import world as cast
from tests.communities.guarding import born
from tests.pages import enter, words
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
STATES: list[tuple[str, str, dict[str, Any], str, str, str]] = [
    ("can be redeemed", "wang", {}, "60积分您有80分，兑换后剩20分", "兑换名额", "/night-school/{pk}/confirm/"),
    ("few seats", "wang", {"capacity": 5}, "60积分名额紧张，只剩5个，兑换后剩20分", "兑换名额", "/night-school/{pk}/confirm/"),
    ("free", "li", {"price": 0}, "免费这门课不用积分", "免费报名", "/night-school/{pk}/confirm/"),
    ("full", "wang", {"capacity": 0}, "名额已满候补不扣积分", "加入候补", "/night-school/{pk}/wait/"),
    ("too dear", "wang", {"price": 1302}, "还差1,222积分参加志愿活动可以获得积分", "去赚积分", "/activities/"),
    ("not yet", "wang", {"opens_at": clock.now() + DAY}, "报名未开始", "", ""),
    ("closed", "wang", {"opens_at": clock.now() - 2 * DAY, "closes_at": clock.now() - DAY}, "报名已截止", "其他课程", "/night-school/"),
    ("called off", "wang", {"status": "cancelled"}, "课程已停办", "其他课程", "/night-school/"),
    ("not confirmed", "sun", {}, "待社区确认社区确认您的登记后就能报名", "", ""),
    ("too old", "wang", {"max_age": 40}, "年龄不符这门课面向18～40岁", "其他课程", "/night-school/"),
    ("own community first", "zhou", {"own_first": True, "head_start_until": clock.now() + DAY}, "本社区优先", "", ""),
    ("the own, first", "wang", {"own_first": True, "head_start_until": clock.now() + DAY}, "60积分您有80分，兑换后剩20分", "兑换名额", "/night-school/{pk}/confirm/"),
    ("visitor", "", {}, "60积分登录后报名", "登录", "/night-school/{pk}/confirm/"),
    ("visitor, full", "", {"capacity": 0}, "名额已满", "加入候补", "/night-school/{pk}/wait/"),
    ("visitor, free", "", {"price": 0}, "免费登录后报名", "登录", "/night-school/{pk}/confirm/"),
]  # fmt: skip


def bar(client: Client, path: str) -> str:
    return client.get(path).content.decode().split('class="actbar"')[1].split("</section>")[0]


@pytest.mark.parametrize(
    ("who", "fields", "said", "label", "url"), [row[1:] for row in STATES], ids=[row[0] for row in STATES]
)
def test_each_state_has_its_bar(
    world: World, client: Client, who: str, fields: dict[str, Any], said: str, label: str, url: str
) -> None:  # fmt: skip
    course = cast.course(world.wenxing, **fields)
    if who:
        enter(client, getattr(world, who))
    shown = bar(client, f"/night-school/{course.pk}/")
    assert said in words(f"<body{shown}")
    assert shown.count('class="btn') == bool(label)
    if label:
        assert f'href="{url.format(pk=course.pk)}">{label}</a>' in shown


def test_who_has_a_seat_is_led_to_the_code(world: World, client: Client) -> None:
    course = cast.course(world.wenxing)
    seat = cast.seated(course, world.wang)[0]
    shown = bar(enter(client, world.wang), f"/night-school/{course.pk}/")
    assert "已报名" in shown and f'href="/tickets/{seat.pk}/">签到码</a>' in shown and "首课" in shown


def test_a_neighbour_of_another_sub_district_is_told_so(world: World, client: Client) -> None:
    course = cast.course(world.hualin)
    assert "只对本街道居民开放" in bar(enter(client, world.wang), f"/night-school/{course.pk}/")


def test_a_visitor_is_led_through_signing_in_to_the_last_look(world: World, client: Client) -> None:
    course = cast.course(world.wenxing)
    answer = client.get(f"/night-school/{course.pk}/confirm/")
    assert answer.headers["Location"] == f"/sign-in/?next=%2Fnight-school%2F{course.pk}%2Fconfirm%2F"


def test_every_refusal_of_the_verb_has_a_bar(world: World) -> None:
    said_by_the_verb = {
        kind.code for kind in vars(enrolment).values() if isinstance(kind, type) and issubclass(kind, Refused)
    } - {"refused", "unknown_course", "not_seated", "too_late_to_cancel"}  # fmt: skip
    assert said_by_the_verb | {"short_of_points"} == set(BARS)
    course = enrolment.look(cast.course(world.wenxing).pk, world.wang, clock.now())
    assert bar_for(course, Refused("别的原因")).sub == "别的原因"


def test_a_seat_taken_since_the_look_leads_to_all_codes(world: World) -> None:
    course = cast.course(world.wenxing)
    before = enrolment.look(course.pk, world.wang, clock.now())
    assert Enrolment.objects.count() == 0
    assert bar_for(before, enrolment.AlreadyEnrolled()).url == "/tickets/"


def test_who_lost_the_head_start_reads_until_when(world: World, client: Client) -> None:
    until = clock.now() + DAY
    course, today = cast.course(world.wenxing, head_start_until=until), clock.today()
    PriorityLoss.objects.create(
        resident=world.wang, term=course.term, begins=today, until=today + 90 * DAY, by=world.system
    )
    shown = words(f"<body{bar(enter(client, world.wang), f'/night-school/{course.pk}/')}")
    assert "暂不能优先报名" in shown and f"{moment(until)}后可以报名" in shown


def test_who_has_another_course_reads_that_it_is_one_each(world: World, client: Client) -> None:
    one, two = (
        cast.course(world.wenxing, title=name, price=0, one_each_until=clock.now() + DAY) for name in ("甲", "乙")
    )
    cast.seated(one, world.wang)
    shown = bar(enter(client, world.wang), f"/night-school/{two.pk}/")
    assert "每人限报一门" in shown and "其他课程" in shown


def test_what_is_held_is_no_button_online(world: World, client: Client) -> None:
    course = cast.course(world.wenxing, capacity=4, held=4, held_until=clock.now() + DAY)
    shown = bar(enter(client, world.wang), f"/night-school/{course.pk}/")
    assert "网上名额已满" in shown and "/confirm/" not in shown


def test_the_young_read_whose_word_is_missing(world: World, client: Client) -> None:
    Resident.objects.filter(pk=world.wang.pk).update(birth_date=born(15))
    shown = bar(enter(client, world.wang), f"/night-school/{cast.course(world.wenxing, min_age=14).pk}/")
    assert "要监护人同意" in shown and "我的—孩子" in shown and "/confirm/" not in shown
