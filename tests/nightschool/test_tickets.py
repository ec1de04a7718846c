"""我的码: one's own only, drawn only while it is valid; scanning shows each what is theirs and changes nothing."""

import re
from datetime import timedelta

import pytest
import segno
from django.test import Client

from core import clock
from nightschool import leaving, tickets
from nightschool.models import Course, Enrolment
from tests import world as cast
from tests.pages import enter, leafed, links, queries, text
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def over(course: Course) -> None:
    """Put all classes of `course` a year back."""
    for session in course.sessions.all():
        session.starts_at -= 365 * DAY
        session.ends_at -= 365 * DAY
        session.save()


def test_the_next_class_is_shown_first_and_large(world: World, client: Client) -> None:
    later = cast.course(world.wenxing, title="后开的课", starts_at=clock.now() + 9 * DAY, price=0)
    sooner = cast.course(world.wenxing, title="先开的课", starts_at=clock.now() + 2 * DAY, price=0)
    cast.seated(later, world.wang)
    first = cast.seated(sooner, world.wang)[0]
    page = text(enter(client, world.wang), "/tickets/")
    assert page.index("先开的课") < page.index(first.spoken_number.replace(" ", "")) < page.index("后开的课")
    assert client.get("/tickets/").content.decode().count('class="qr"') == 1


def test_what_is_over_or_given_back_stands_below_without_a_code(world: World, client: Client) -> None:
    ended, returned = cast.course(world.wenxing, title="已上完"), cast.course(world.wenxing, title="不上了", price=10)
    seat = cast.seated(ended, world.wang)[0]
    over(ended)
    leaving.withdraw(enrolment=cast.seated(returned, world.wang)[0], by=world.wang.account)
    page = text(enter(client, world.wang), "/tickets/")
    assert "已上完课程已结束" in page and "不上了已退课" in page and "8位数字" not in page
    assert "课程已结束" in text(client, f"/tickets/{seat.pk}/")


def test_without_a_seat_the_way_leads_to_the_courses(world: World, client: Client) -> None:
    assert "还没有码" in text(enter(client, world.wang), "/tickets/") and "/night-school/" in links(client, "/tickets/")


def test_a_ticket_of_somebody_else_does_not_exist(world: World, client: Client) -> None:
    theirs = cast.seated(cast.course(world.wenxing), world.zhou)[0]
    enter(client, world.wang)
    for path in (f"/tickets/{theirs.pk}/", f"/tickets/{theirs.pk}/cancel/", "/tickets/99999999999999999999/"):
        assert client.get(path).status_code == 404
    assert client.post(f"/tickets/{theirs.pk}/cancel/").status_code == 404
    assert Enrolment.objects.get().status == "seated"
    assert "还没有码" in text(client, "/tickets/")
    leaving.withdraw(enrolment=theirs, by=world.zhou.account)
    assert "还没有码" in text(client, "/tickets/")


def test_success_is_claimed_only_for_a_seat_that_stands(world: World, client: Client) -> None:
    mine = cast.seated(cast.course(world.wenxing), world.wang)[0]
    enter(client, world.wang)
    assert "兑换成功" in text(client, f"/tickets/{mine.pk}/?done=1")
    assert "兑换成功" not in text(client, f"/tickets/{mine.pk}/")
    leaving.withdraw(enrolment=mine, by=world.wang.account)
    page = text(client, f"/tickets/{mine.pk}/?done=1")
    assert "兑换成功" not in page and "已退课" in page and "60积分已退回" in page and "8位数字" not in page


def test_the_code_holds_our_address_and_the_token(world: World, settings: object) -> None:
    settings.SITE_URL = "https://hehuo.example.org"  # type: ignore[attr-defined]
    mine = cast.seated(cast.course(world.wenxing), world.wang)[0]
    expected = segno.make(f"https://hehuo.example.org/t/{mine.token}/", error="m", micro=False)
    drawn = tickets.qr(mine)
    assert drawn == expected.svg_inline(omitsize=True, svgclass=None, lineclass=None)
    assert "style" not in drawn and "<script" not in drawn


def scan(client: Client, mine: Enrolment) -> str:
    return f"/t/{mine.token}/"


def test_the_owner_is_led_to_the_own_ticket(world: World, client: Client) -> None:
    mine = cast.seated(cast.course(world.wenxing), world.wang)[0]
    assert enter(client, world.wang).get(scan(client, mine)).headers["Location"] == f"/tickets/{mine.pk}/"


def test_staff_of_the_courses_community_check_it(world: World, client: Client) -> None:
    mine = cast.seated(cast.course(world.wenxing), world.zhou)[0]
    client.force_login(world.zhang)
    page = text(client, scan(client, mine))
    assert "周海涛187****0936有效" in page and "第1课" in page
    leaving.cancel(enrolment=mine, by=world.zhang, reason="重复")
    assert "已退课" in text(client, scan(client, mine))


@pytest.mark.parametrize("who", ["visitor", "neighbour", "staff of another community"])
def test_everybody_else_learns_nothing(world: World, client: Client, who: str) -> None:
    mine = cast.seated(cast.course(world.wenxing), world.wang)[0]
    if who == "neighbour":
        enter(client, world.li)
    elif who != "visitor":
        client.force_login(world.qian)
    page = text(client, scan(client, mine))
    assert "这是一张夜校签到码" in page
    for secret in ("王秀兰", "形体塑形", "6021", mine.spoken_number.replace(" ", "")):
        assert secret not in page


def test_a_visitor_may_sign_in_and_come_back_to_the_code(world: World, client: Client) -> None:
    mine = cast.seated(cast.course(world.wenxing), world.wang)[0]
    ways = links(client, scan(client, mine))
    assert f"/sign-in/?next=/t/{mine.token}/" in ways and f"/desk/sign-in/?next=/t/{mine.token}/" in ways


def test_scanning_changes_nothing(world: World, client: Client) -> None:
    mine = cast.seated(cast.course(world.wenxing), world.wang)[0]
    before = Enrolment.objects.values().get()
    client.force_login(world.zhang)
    client.get(scan(client, mine))
    assert client.post(scan(client, mine)).status_code == 405
    assert Enrolment.objects.values().get() == before


@pytest.mark.parametrize("token", ["nobody", "%00", "a" * 300, "x'y"])
def test_an_unknown_code_is_not_found(world: World, client: Client, token: str) -> None:
    client.force_login(world.zhang)
    assert client.get(f"/t/{token}/").status_code == 404


def test_old_ones_are_read_page_by_page(world: World, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tickets, "PAGE", 3)
    course = cast.course(world.wenxing, price=0)
    made = []
    for _ in range(7):
        made.append(cast.seated(course, world.wang)[0])
        leaving.withdraw(enrolment=made[-1], by=world.wang.account)
    pages = leafed(enter(client, world.wang), "/tickets/")
    seen = [link for path in pages for link in links(client, path) if re.fullmatch(r"/tickets/\d+/", link)]
    assert seen == [f"/tickets/{mine.pk}/" for mine in reversed(made)]


def test_the_pages_cost_the_same_for_one_and_for_thirty(world: World, client: Client) -> None:
    enter(client, world.wang)
    mine = cast.seated(cast.course(world.wenxing, price=0), world.wang)[0]
    leaving.withdraw(enrolment=cast.seated(cast.course(world.wenxing, price=0), world.wang)[0], by=world.wang.account)
    one = queries(client, "/tickets/"), queries(client, f"/tickets/{mine.pk}/")
    for _ in range(15):
        cast.seated(cast.course(world.wenxing, price=0), world.wang)
        gone = cast.seated(cast.course(world.wenxing, price=0), world.wang)[0]
        leaving.withdraw(enrolment=gone, by=world.wang.account)
    assert (queries(client, "/tickets/"), queries(client, f"/tickets/{mine.pk}/")) == one
    assert max(one) <= 7
