"""The evenings, as people live them: a full course and its line, a draw, a class that is moved; in large letters and without script."""

from collections.abc import Callable, Iterator
from datetime import time, timedelta

import pytest
import time_machine
from playwright.sync_api import Page, expect

from communities.models import Resident
from core import clock
from nightschool.applications import drawing_lots
from nightschool.line import sweeps as line_sweeps, waitlist
from nightschool.models import Application, Channel, Enrolment, Waiting
from notifications import delivery
from points import statement
from tests import world as cast
from tests.books import breaches
from tests.browser.conftest import DESKTOP, PHONE
from tests.nightschool import applicants
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
MOBILE = {"viewport": PHONE, "is_mobile": True, "has_touch": True}
WAYS = pytest.mark.parametrize(
    ("script", "size"), [(True, "standard"), (True, "elder"), (False, "standard")], ids=["plain", "elder", "no-script"]
)


@pytest.fixture(autouse=True)
def afternoon() -> Iterator[time_machine.Traveller]:
    """By day: offers are announced at once."""
    with time_machine.travel(clock.at(clock.today(), time(15))) as traveller:
        yield traveller


def taps(page: Page, *steps: tuple[str, str]) -> None:
    """Each step is one tap: (role, name)."""
    for role, name in steps:
        page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]


@WAYS
def test_three_taps_from_home_to_a_seat(script: bool, size: str, opened: Callable[..., Page], world: World) -> None:
    course = cast.course(world.wenxing)
    phone = opened(world.wang.account, size, java_script_enabled=script, **MOBILE)
    phone.goto("/")
    first = (
        "夜校报名" if size == "elder" else course.title
    )  # in large letters the first page has four entries and no list
    taps(phone, ("link", first), ("link", "兑换名额"), ("button", "确认兑换"))
    expect(phone.get_by_role("heading", name="兑换成功")).to_be_visible()
    assert (Enrolment.objects.get().resident, statement.available(world.wang)) == (world.wang, 20)
    assert breaches() == []


@WAYS
def test_a_full_course_a_line_an_offer_and_the_seat(
    script: bool, size: str, opened: Callable[..., Page], world: World
) -> None:
    """王秀兰 waits; 张晓燕 takes somebody off at the desk; the offer is there, and is taken by one tap."""
    course = cast.course(world.wenxing, capacity=4, price=60)
    cast.award(world.li, 60)
    others = [cast.resident(world.wenxing, f"同学{n}", f"1391000000{n}") for n in range(2)]
    for one in others:
        cast.award(one, 60)
    cast.seated(course, world.zhao, world.li, *others)
    phone = opened(world.wang.account, size, java_script_enabled=script, **MOBILE)
    phone.goto(f"/night-school/{course.pk}/")
    expect(phone.get_by_text("名额已满").first).to_be_visible()
    taps(phone, ("link", "加入候补"), ("button", "加入候补"))
    expect(phone.get_by_text("第1位").first).to_be_visible()
    assert statement.available(world.wang) == 80

    desk = opened(world.zhang, viewport=DESKTOP, java_script_enabled=script)
    desk.goto(f"/desk/enrolments/?course={course.pk}")
    desk.get_by_role("row", name="赵玉珍").get_by_role("link", name="退课").click()
    desk.get_by_label("原因").fill("身体不适")
    desk.get_by_role("button", name="确认退课").click()
    expect(desk.get_by_text("已为1人退课，共退回60积分。")).to_be_visible()
    desk.goto(f"/desk/night-school/{course.pk}/line/")
    expect(desk.get_by_role("row", name="王秀兰")).to_contain_text("待确认")

    phone.goto("/")
    taps(phone, ("link", "去确认"))
    expect(phone.get_by_text("60积分").first).to_be_visible()
    phone.get_by_role("button", name="确认兑换").click()
    mine = Enrolment.objects.get(resident=world.wang)
    assert (mine.status, statement.available(world.wang), Waiting.objects.get().status) == ("seated", 20, "accepted")
    phone.goto("/tickets/")
    expect(phone.get_by_role("img", name="签到二维码")).to_be_visible()
    assert breaches() == []


def test_an_offer_that_nobody_answers_goes_on_to_the_next(
    opened: Callable[..., Page], world: World, afternoon: time_machine.Traveller
) -> None:
    course = cast.course(world.wenxing, capacity=10, price=0)
    people = [cast.resident(world.wenxing, f"同学{n}", f"139100000{n:02d}") for n in range(10)]
    seat, *_ = cast.seated(course, *people)
    for one in (world.li, world.wang):
        waitlist.join(course_id=course.pk, resident=one, by=world.zhang, channel=Channel.PHONE)
    phone = opened(world.wang.account, **MOBILE)
    desk = opened(world.zhang, viewport=DESKTOP)
    desk.goto(f"/desk/enrolments/cancel/?id={seat.pk}")
    desk.get_by_label("原因").fill("搬家")
    desk.get_by_role("button", name="确认退课").click()
    phone.goto(f"/night-school/{course.pk}/wait/")
    expect(phone.get_by_text("第1位").first).to_be_visible()  # the offer is 李建国's
    until = Waiting.objects.get(resident=world.li).offer_until
    assert until is not None
    afternoon.move_to(until + timedelta(minutes=1))
    line_sweeps.sweep(clock.now())
    phone = opened(world.wang.account, **MOBILE)
    phone.goto(f"/night-school/{course.pk}/wait/")
    phone.get_by_role("button", name="确认报名").click()
    assert Enrolment.objects.get(resident=world.wang).status == "seated"
    assert list(Waiting.objects.order_by("place").values_list("status", flat=True)) == ["lapsed", "accepted"]
    assert breaches() == []


@WAYS
def test_a_draw_is_entered_and_won_and_anyone_sees_why(
    script: bool, size: str, opened: Callable[..., Page], world: World, afternoon: time_machine.Traveller
) -> None:
    course = applicants.by_draw(world, capacity=2, price=60)
    applicants.applied(course, world.zhao)
    phone = opened(world.wang.account, size, java_script_enabled=script, **MOBILE)
    phone.goto(f"/night-school/{course.pk}/")
    taps(phone, ("link", "申请抽签"), ("button", "确认申请"))
    mine = Application.objects.get(resident=world.wang)
    assert (mine.status, statement.available(world.wang)) == ("applied", 80)

    afternoon.move_to(course.closes_at + timedelta(minutes=1))
    drawing_lots.sweep(clock.now())
    phone = opened(world.wang.account, size, java_script_enabled=script, **MOBILE)
    phone.goto(f"/applications/{mine.pk}/")
    expect(phone.get_by_text("抽中了").first).to_be_visible()
    taps(phone, ("link", "看签到码"))
    expect(phone.get_by_role("img", name="签到二维码")).to_be_visible()
    assert statement.available(world.wang) == 20
    phone.goto(f"/night-school/{course.pk}/draw/")
    expect(phone.get_by_text("随机数").first).to_be_visible()
    assert breaches() == []


@WAYS
def test_a_class_is_moved_and_whoever_has_a_seat_reads_it(
    script: bool, size: str, opened: Callable[..., Page], world: World
) -> None:
    course = cast.course(world.wenxing, price=0)
    cast.seated(course, world.wang)
    session = course.sessions.get(number=1)
    day = clock.local(session.starts_at).date() + timedelta(days=1)
    desk = opened(world.zhang, viewport=DESKTOP, java_script_enabled=script)
    desk.goto(f"/desk/night-school/{course.pk}/classes/1/move/")
    desk.get_by_label("日期").fill(day.isoformat())
    desk.get_by_label("开始").fill("18:30")
    desk.get_by_label("结束").fill("20:00")
    desk.get_by_label("原因").fill("老师临时有事")
    desk.get_by_role("button", name="确认调课").click()
    session.refresh_from_db()
    assert (session.status, clock.local(session.starts_at).date()) == ("moved", day)

    phone = opened(world.wang.account, size, java_script_enabled=script, **MOBILE)
    delivery.post()  # what the worker does with what the desk wrote
    phone.goto("/messages/")
    told = phone.get_by_role("listitem").filter(has_text="老师临时有事").first
    expect(told).to_be_visible()
    expect(told).to_contain_text(f"{day.month}月{day.day}日")
    phone.goto(f"/night-school/{course.pk}/")
    expect(phone.get_by_text("调课").first).to_be_visible()


def test_several_are_seated_at_the_counter_and_the_roster_of_tonight_is_one_tap_away(
    opened: Callable[..., Page], world: World
) -> None:
    course = cast.course(world.wenxing, capacity=1, price=60, starts_at=clock.now() + timedelta(hours=4))
    desk = opened(world.zhang, viewport=DESKTOP, java_script_enabled=False)
    desk.goto(f"/desk/night-school/{course.pk}/")
    taps(desk, ("link", "多人报名"))
    desk.get_by_label("居民名单").fill("李建国\n王秀兰6021\n赵玉珍")
    taps(desk, ("button", "下一步"))
    expect(desk.get_by_role("row", name="李建国")).to_contain_text("还差60积分")
    expect(desk.get_by_role("row", name="王秀兰")).to_contain_text("报上名额")
    expect(desk.get_by_role("row", name="赵玉珍")).to_contain_text("进入候补")
    assert not Enrolment.objects.exists()
    taps(desk, ("button", "确认办理"))
    expect(desk.get_by_text("已报上1人，1人进入候补")).to_be_visible()
    desk.goto("/desk/")
    taps(desk, ("link", "花名册"))
    expect(desk.get_by_role("cell", name="王秀兰")).to_be_visible()
    assert Resident.objects.filter(pk__in=Enrolment.objects.values("resident")).get() == world.wang
    assert breaches() == []
