"""Who is enrolled, as the staff of the course's community see it, and taking people off."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from nightschool import enrolment, leaving, register
from nightschool.models import Channel, Course, Enrolment
from points import statement
from tests import world as cast
from tests.books import breaches
from tests.nightschool.desk.reading import QUERIES_OF_A_LIST, names, neighbours, queries, text
from tests.world import World

pytestmark = pytest.mark.django_db


def test_the_register_shows_masked_phones_and_no_reason_for_a_relief(world: World, desk: Client) -> None:
    course = cast.course(world.wenxing)
    cast.seated(course, world.wang, world.zhao)
    Course.objects.filter(pk=course.pk).update(price=90)
    shown = text(desk, "enrolments")
    assert "王秀兰" in shown and "138****6021" in shown and "天和城" in shown and "没有手机" in shown
    assert "优待</td>" in shown
    assert world.wang.phone not in shown


def test_the_register_is_filtered(world: World, desk: Client) -> None:
    body, flowers = cast.course(world.wenxing), cast.course(world.wenxing, title="花艺插花", price=0)
    gone, _ = cast.seated(body, world.wang, world.zhao)
    by_phone = Channel.PHONE
    enrolment.enrol(course_id=flowers.pk, resident=world.li, by=world.zhang, channel=by_phone)
    leaving.cancel(enrolment=gone, by=world.zhang, reason="搬家")
    today, tomorrow = clock.today(), clock.today() + timedelta(days=1)
    assert names(desk) == ["李建国", "王秀兰", "赵玉珍"]
    assert names(desk, course=flowers.pk) == ["李建国"]
    assert names(desk, status="cancelled") == ["王秀兰"]
    assert names(desk, status="seated") == ["李建国", "赵玉珍"]
    assert names(desk, channel="phone") == ["李建国"]
    assert names(desk, since=today, until=today) == ["李建国", "王秀兰", "赵玉珍"]
    assert names(desk, since=tomorrow) == []
    assert names(desk, q="玉") == ["赵玉珍"]
    assert names(desk, q="6021") == ["王秀兰"]
    assert names(desk, q="1381") == []
    assert names(desk, q="13812346021") == ["王秀兰"]
    assert names(desk, course=body.pk, q="李") == []


def test_the_figures_count_both_states_and_the_seats_left(world: World, desk: Client) -> None:
    body, _ = cast.course(world.wenxing), cast.course(world.wenxing, title="花艺插花", capacity=10)
    gone, *_ = cast.seated(body, world.wang, world.zhao, world.zhou)
    leaving.cancel(enrolment=gone, by=world.zhang, reason="搬家")

    def figures(**query: Any) -> list[str]:
        return [tile["value"] for tile in desk.get(reverse("desk:enrolments"), query).context["kpis"]]

    assert figures() == ["2", "1", "0", "0", "0", "38"]
    assert figures(status="cancelled") == ["2", "1", "0", "0", "0", "38"]
    assert figures(course=body.pk) == ["2", "1", "0", "0", "0", "28"]
    assert figures(q="赵") == ["1", "0", "0", "0", "0", "38"]


def test_a_filter_that_makes_no_sense_shows_nothing_and_says_so(world: World, desk: Client) -> None:
    cast.seated(cast.course(world.wenxing), world.wang)
    shown = text(desk, "enrolments", since="2026-13-40")
    assert "输入一个有效的日期" in shown and "王秀兰" not in shown


@pytest.mark.parametrize("nonsense", ["x", "-1", "9" * 30, "０", "1;DROP"])
def test_a_course_that_is_no_number_is_not_found(desk: Client, nonsense: str) -> None:
    text(desk, "enrolments", course=nonsense, status=404)


def test_htmx_gets_the_part_that_changes(world: World, desk: Client) -> None:
    cast.seated(cast.course(world.wenxing), world.wang)
    for name in ("enrolments", "courses"):
        answer = desk.get(reverse(f"desk:{name}"), {"q": "王"}, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        assert "<html" not in answer.content.decode() and "形体塑形" in answer.content.decode()
        assert "HX-Request" in answer["Vary"]


def test_the_register_asks_as_much_for_thirty_as_for_one(world: World, desk: Client) -> None:
    course = cast.course(world.wenxing)
    cast.seated(course, world.wang)
    one = queries(desk, "enrolments")
    cast.seated(course, *neighbours(world.wenxing, 29))
    assert queries(desk, "enrolments") == one <= QUERIES_OF_A_LIST


def test_pages_of_the_register_follow_each_other(world: World, desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "PAGE", 2)
    course = cast.course(world.wenxing)
    seats = cast.seated(course, *neighbours(world.wenxing, 5))
    address, pages = f"?course={course.pk}", []
    while address:
        answer = desk.get(reverse("desk:enrolments") + address)
        pages.append([row.id for row in answer.context["rows"]])
        address = answer.context["following"]
        assert not address or f"course={course.pk}" in address
    assert pages == [[seats[4].pk, seats[3].pk], [seats[2].pk, seats[1].pk], [seats[0].pk]]


# Taking people off


def test_the_page_before_names_everybody_and_the_points(world: World, desk: Client) -> None:
    seats = cast.seated(cast.course(world.wenxing), world.wang, world.zhao)
    shown = text(desk, "enrolments-cancel", id=[seat.pk for seat in seats])
    assert "为2人退课" in shown and "王秀兰" in shown and "赵玉珍" in shown and "120积分" in shown
    assert world.wang.phone not in shown
    assert Enrolment.objects.seated().count() == 2


def cancel(client: Client, seats: list[Enrolment], **fields: Any) -> Any:
    data = {"id": [seat.pk for seat in seats], "reason": "教室漏水"} | fields
    return client.post(reverse("desk:enrolments-cancel"), data, follow=True)


def test_staff_take_several_people_off_with_a_reason(world: World, desk: Client) -> None:
    seats = cast.seated(cast.course(world.wenxing), world.wang, world.zhao)
    back = reverse("desk:enrolments") + "?status=seated"
    answer = cancel(desk, seats, next=back)
    assert answer.redirect_chain == [(back, 302)]
    assert "已为2人退课，共退回120积分。" in answer.content.decode()
    assert {seat.cancel_reason for seat in Enrolment.objects.all()} == {"教室漏水"}
    assert {seat.cancelled_by for seat in Enrolment.objects.all()} == {world.zhang}
    assert (statement.available(world.wang), statement.available(world.zhao)) == (80, 200)
    assert breaches() == []


def test_who_was_taken_off_meanwhile_is_named_and_the_rest_is_done(world: World, desk: Client) -> None:
    gone, here = seats = cast.seated(cast.course(world.wenxing), world.wang, world.zhao)
    leaving.cancel(enrolment=gone, by=world.chen, reason="生病")
    assert "为1人退课" in text(desk, "enrolments-cancel", id=[seat.pk for seat in seats])
    shown = cancel(desk, seats).content.decode()
    assert "已为1人退课，共退回60积分。" in shown and "王秀兰：这个名额已经退过了" in shown
    here.refresh_from_db()
    assert here.status == "cancelled"


def test_taking_off_asks_for_a_reason(world: World, desk: Client) -> None:
    seats = cast.seated(cast.course(world.wenxing), world.wang)
    answer = cancel(desk, seats, reason="")
    assert answer.status_code == 400
    assert "请写明原因" in answer.content.decode()
    assert Enrolment.objects.seated().count() == 1


def test_without_a_tick_one_is_told_to_tick(desk: Client) -> None:
    answer = desk.get(reverse("desk:enrolments-cancel"), follow=True)
    assert "请先勾选要退课的人" in answer.content.decode()


def test_rows_of_the_neighbour_cannot_be_taken_off_not_even_among_own_ones(world: World, desk: Client) -> None:
    own = cast.seated(cast.course(world.wenxing), world.wang)
    theirs = cast.seated(cast.course(world.yongan), world.zhou)
    for ids in (theirs, own + theirs):
        text(desk, "enrolments-cancel", id=[seat.pk for seat in ids], status=404)
        assert cancel(desk, ids).status_code == 404
    assert Enrolment.objects.seated().count() == 2


@pytest.mark.parametrize("nonsense", ["", "x", "-1", "9" * 25, "٣"])
def test_a_tick_that_is_no_number_is_not_found(desk: Client, nonsense: str) -> None:
    text(desk, "enrolments-cancel", id=nonsense, status=404)


def test_the_way_back_stays_on_this_site(world: World, desk: Client) -> None:
    seats = cast.seated(cast.course(world.wenxing), world.wang)
    answer = cancel(desk, seats, next="https://evil.example/")
    assert answer.redirect_chain == [(reverse("desk:enrolments"), 302)]
