"""The road, as a resident walks it on a phone: sign in, three taps to a seat, the balance falls, the reminder comes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from core import clock
from nightschool import reminders
from nightschool.models import Course, Enrolment
from notifications.models import Message
from notifications.quiet import calm
from notifications.tasks import relay
from points import statement
from tests import world as cast
from tests.books import breaches
from tests.communities import phonebox
from tests.worker import Worker, wait_until
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def course(world: World, settings: object) -> Course:
    settings.SMS_DRIVER = "tests.communities.phonebox.PhoneBox"  # type: ignore[attr-defined]
    return cast.course(world.wenxing, starts_at=clock.now() + timedelta(hours=30))


def sign_in(page: Page, phone: str) -> None:
    page.get_by_label("手机号").fill(phone)
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_label("验证码")).to_be_visible()
    page.get_by_label("验证码").fill(phonebox.last_code(phone))
    page.get_by_role("button", name="确定").click()


def walk(page: Page, world: World, course: Course) -> None:
    page.goto("/")
    page.get_by_role("link", name="登录", exact=True).first.click()
    sign_in(page, world.wang.phone)
    expect(page.get_by_role("region", name="我的积分")).to_contain_text("80")

    page.get_by_role("link", name="形体塑形").click()  # 1
    page.get_by_role("link", name="兑换名额").click()  # 2
    page.get_by_role("button", name="确认兑换").click()  # 3
    expect(page.get_by_role("heading", name="兑换成功")).to_be_visible()
    expect(page.get_by_role("img", name="签到二维码")).to_be_visible()

    page.goto("/")
    expect(page.get_by_role("region", name="我的积分")).to_contain_text("20")
    mine = Enrolment.objects.get(resident=world.wang)
    assert (mine.course_id, mine.status, statement.available(world.wang)) == (course.pk, "seated", 20)


def remind(world: World, worker: Worker) -> None:
    """The two sweeps that beat runs; a real worker delivers what the first wrote and the second found."""
    daytime = clock.now() if calm(clock.now()) <= clock.now() else clock.now() - timedelta(hours=12)
    reminders.remind(daytime)  # what falls due at night waits for the morning
    relay.apply_async()
    told = Message.objects.filter(resident=world.wang, occasion__startswith="session:", state="sent")
    wait_until(lambda: "told" if told.exists() else "", worker.said)


def test_three_taps_from_home_to_the_code_and_the_reminder_after_the_sweep(
    phone: Page, world: World, course: Course, celery_worker: Worker
) -> None:
    walk(phone, world, course)
    remind(world, celery_worker)
    phone.goto("/messages/")
    expect(phone.get_by_text("上课提醒").first).to_be_visible()
    expect(phone.get_by_text("前退课").first).to_be_visible()
    assert breaches() == []


def test_the_same_road_without_javascript(
    phone_without_script: Page, world: World, course: Course, celery_worker: Worker
) -> None:
    walk(phone_without_script, world, course)
    remind(world, celery_worker)
    phone_without_script.goto("/messages/")
    expect(phone_without_script.get_by_text("上课提醒").first).to_be_visible()


def test_a_visitor_who_wanted_a_course_returns_to_it_after_signing_in(
    phone: Page, world: World, course: Course
) -> None:
    phone.goto(f"/night-school/{course.pk}/")
    phone.get_by_role("link", name="登录", exact=True).click()
    sign_in(phone, world.wang.phone)
    expect(phone.get_by_role("button", name="确认兑换")).to_be_visible()


def test_giving_the_seat_back_takes_three_taps(
    phone: Page, world: World, settings: object, new_context: Callable[..., object]
) -> None:
    settings.SMS_DRIVER = "tests.communities.phonebox.PhoneBox"  # type: ignore[attr-defined]
    cast.seated(cast.course(world.wenxing), world.wang)
    phone.goto("/sign-in/?next=/tickets/")
    sign_in(phone, world.wang.phone)
    phone.get_by_role("link", name="详情和退课").click()  # 1
    phone.get_by_role("link", name="我要退课").click()  # 2
    phone.get_by_role("button", name="确认退课").click()  # 3
    expect(phone.get_by_text("60积分").first).to_be_visible()
    assert statement.available(world.wang) == 80
