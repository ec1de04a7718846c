"""The night school's desk: courses, who is enrolled, taking people off, roster; the neighbour sees nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.models import Community, Resident
from core import clock
from nightschool import coursebook, enrolment, register, roster
from nightschool.models import Course, Enrolment, Session
from points import statement
from tests import world as cast
from tests.books import breaches
from tests.world import World

pytestmark = pytest.mark.django_db
QUERIES_OF_A_LIST = 8


@pytest.fixture
def desk(world: World, client: Client) -> Client:
    """张晓燕 of 文兴 at her desk."""
    client.force_login(world.zhang)
    return client


def neighbours(community: Community, count: int, points: int = 60) -> list[Resident]:
    people = [cast.resident(community, f"邻居{n}", f"1370000{n:04d}") for n in range(count)]
    for person in people:
        cast.award(person, points)
    return people


def text(client: Client, name: str, *args: Any, status: int = 200, **query: Any) -> str:
    answer = client.get(reverse(f"desk:{name}", args=args), query)
    assert answer.status_code == status
    return answer.content.decode()


def queries(client: Client, name: str, *args: Any, **query: Any) -> int:
    client.get(reverse(f"desk:{name}", args=args), query)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        text(client, name, *args, **query)
    return len(seen)


# Courses


def test_courses_show_seats_state_and_the_next_class(world: World, desk: Client) -> None:
    course = cast.course(world.wenxing, capacity=6)
    cast.seated(course, world.wang)
    shown = text(desk, "courses")
    assert "形体塑形" in shown and "1/6" in shown and "名额紧张" in shown
    assert reverse("desk:roster", args=[course.pk]) in shown


def test_courses_of_the_neighbour_are_not_in_the_list(world: World, desk: Client) -> None:
    cast.course(world.yongan, title="永安书法")
    assert "永安书法" not in text(desk, "courses")


def test_the_sub_district_sees_all_and_filters_by_community(world: World, client: Client) -> None:
    cast.course(world.wenxing)
    cast.course(world.yongan, title="永安书法")
    client.force_login(world.he)
    assert "永安书法" in text(client, "courses") and "形体塑形" in text(client, "courses")
    assert "形体塑形" not in text(client, "courses", community=world.yongan.pk)


def test_another_sub_district_is_no_choice(world: World, client: Client) -> None:
    client.force_login(world.he)
    text(client, "courses", community=world.hualin.pk, status=404)


def test_courses_are_filtered_by_state_and_category(world: World, desk: Client) -> None:
    now = clock.now()
    cast.course(world.wenxing, title="在办的")
    cast.course(world.wenxing, title="结课的", starts_at=now - timedelta(days=60), opens_at=now - timedelta(days=90))
    cast.course(world.wenxing, title="停办的", status="cancelled", category="flowers")
    shown = {
        state: [title for title in ("在办的", "结课的", "停办的") if title in text(desk, "courses", state=state)]
        for state in ("", "running", "over", "cancelled", "draft")
    }
    assert shown == {
        "": ["在办的", "结课的", "停办的"],
        "running": ["在办的"],
        "over": ["结课的"],
        "cancelled": ["停办的"],
        "draft": [],
    }
    assert "停办的" in text(desk, "courses", category="flowers")
    assert "在办的" not in text(desk, "courses", category="flowers")


def test_each_standing_has_its_word(world: World) -> None:
    now, day = clock.now(), timedelta(days=1)

    def standing(**fields: Any) -> str:
        taken = fields.pop("taken", 0)
        made = cast.course(world.wenxing, **fields)
        cast.seated(made, *neighbours(world.wenxing, taken))
        found: Any = coursebook.with_times(Course.objects.filter(pk=made.pk), now).get()
        return coursebook.standing(found, now)[0]

    assert standing() == "报名中"
    assert standing(opens_at=now + day) == "未开始报名"
    assert standing(opens_at=now - 2 * day, closes_at=now - day) == "报名已截止"
    assert standing(capacity=4) == "名额紧张"
    assert standing(capacity=0) == "已满"
    assert standing(status="cancelled") == "已停办"
    assert standing(status="draft") == "草稿"
    assert standing(starts_at=now - 60 * day, opens_at=now - 90 * day) == "已结课"


def test_the_list_of_courses_asks_as_much_for_thirty_as_for_one(world: World, desk: Client) -> None:
    cast.course(world.wenxing)
    one = queries(desk, "courses")
    for n in range(29):
        cast.course(world.wenxing, title=f"课程{n}")
    assert queries(desk, "courses") == one <= QUERIES_OF_A_LIST


def test_a_second_page_of_courses_follows_the_first(
    world: World, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coursebook, "PAGE", 2)
    titles = [cast.course(world.wenxing, title=f"第{n}门").title for n in range(3)]
    answer = desk.get(reverse("desk:courses"))
    assert [line.title for line in answer.context["lines"]] == titles[:0:-1]
    following = desk.get(reverse("desk:courses") + answer.context["following"])
    assert [line.title for line in following.context["lines"]] == titles[:1]
    assert following.context["following"] == ""


# A new course


def form(world: World, **fields: Any) -> dict[str, Any]:
    first = clock.today() + timedelta(days=14)
    return {
        "title": "花艺美学", "category": "flowers", "term": "第1期", "teacher": "刘老师", "room": cast.room(world.wenxing).pk,
        "capacity": "20", "price": "80", "first": first.isoformat(), "weekdays": [str(first.weekday())], "starts": "19:00",
        "minutes": "90", "lessons": "4", "opens_at": f"{clock.today()}T10:00", "min_age": "18", "for_beginners": "on",
    } | fields  # fmt: skip


def test_staff_open_a_course_and_see_its_dates(world: World, desk: Client) -> None:
    answer = desk.post(reverse("desk:course-new"), form(world), follow=True)
    made = Course.objects.get()
    assert answer.redirect_chain == [(reverse("desk:course", args=[made.pk]), 302)]
    assert (made.community, made.status, made.sessions.count(), made.summary) == (world.wenxing, "open", 4, "")
    assert "请核对下面的上课日期" in answer.content.decode()
    assert clock.local(made.opens_at).hour == 10


def test_a_refused_course_keeps_what_was_typed_and_says_why(world: World, desk: Client) -> None:
    answer = desk.post(reverse("desk:course-new"), form(world, capacity="41"))
    assert answer.status_code == 400
    shown = answer.content.decode()
    assert "教室最多容纳这么多人。课程没有建立。" in shown and "花艺美学" in shown
    assert not Course.objects.exists()


@pytest.mark.parametrize("field", ["title", "first", "weekdays", "opens_at", "room", "price"])
def test_an_empty_field_is_named_and_opens_nothing(world: World, desk: Client, field: str) -> None:
    answer = desk.post(reverse("desk:course-new"), form(world, **{field: ""}))
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert not Course.objects.exists()


def test_a_room_of_the_neighbour_is_no_choice(world: World, desk: Client) -> None:
    answer = desk.post(reverse("desk:course-new"), form(world, room=cast.room(world.yongan).pk))
    assert answer.status_code == 400
    assert "room" in answer.context["form"].errors


# One course; calling it off


def test_a_course_shows_its_dates_and_its_seats(world: World, desk: Client) -> None:
    course = cast.course(world.wenxing)
    cast.seated(course, world.wang)
    shown = text(desk, "course", course.pk)
    assert "第3课" in shown and "1/30" in shown and reverse("desk:course-close", args=[course.pk]) in shown


def test_the_page_before_calling_off_says_what_it_costs(world: World, desk: Client) -> None:
    course = cast.course(world.wenxing)
    cast.seated(course, world.wang, world.zhao)
    shown = text(desk, "course-close", course.pk)
    assert "2人" in shown and "120积分" in shown
    course.refresh_from_db()
    assert course.status == "open"


def test_staff_call_a_course_off_with_a_reason(world: World, desk: Client) -> None:
    course = cast.course(world.wenxing)
    cast.seated(course, world.wang, world.zhao)
    answer = desk.post(reverse("desk:course-close", args=[course.pk]), {"reason": "教室漏水"}, follow=True)
    assert "《形体塑形》已停办。已为2人退课，共退回120积分。" in answer.content.decode()
    assert "教室漏水" in answer.content.decode()
    assert statement.available(world.wang) == 80


def test_calling_off_without_a_reason_is_asked_for_again(world: World, desk: Client) -> None:
    course = cast.course(world.wenxing)
    answer = desk.post(reverse("desk:course-close", args=[course.pk]), {"reason": " "})
    assert answer.status_code == 400
    assert "请写明原因" in answer.content.decode()
    course.refresh_from_db()
    assert course.status == "open"


def test_a_refusal_to_call_off_is_said_on_the_same_page(world: World, desk: Client) -> None:
    now = clock.now()
    over = cast.course(world.wenxing, starts_at=now - timedelta(days=60), opens_at=now - timedelta(days=90))
    answer = desk.post(reverse("desk:course-close", args=[over.pk]), {"reason": "停办"})
    assert answer.status_code == 409
    assert "已经上完了" in answer.content.decode()


def test_half_a_calling_off_is_taken_up_from_the_course(world: World, desk: Client) -> None:
    course = cast.course(world.wenxing)
    cast.seated(course, world.wang, world.zhao)
    Course.objects.filter(pk=course.pk).update(
        status="cancelled", cancelled_at=clock.now(), cancelled_by=world.zhang, cancel_reason="教室漏水"
    )
    shown = text(desk, "course", course.pk)
    assert "还有2人没有办完退课" in shown and "继续办理退课" in shown
    desk.post(reverse("desk:course-close", args=[course.pk]), {"reason": "教室漏水"})
    assert "2人已全部退课" in text(desk, "course", course.pk)
    assert breaches() == []


# Who is enrolled


def test_the_register_shows_masked_phones_and_no_reason_for_a_relief(world: World, desk: Client) -> None:
    course = cast.course(world.wenxing)
    cast.seated(course, world.wang, world.zhao)
    Course.objects.filter(pk=course.pk).update(price=90)
    shown = text(desk, "enrolments")
    assert "王秀兰" in shown and "138****6021" in shown and "天和城" in shown and "没有手机" in shown
    assert "优待</td>" in shown
    assert world.wang.phone not in shown


def names(client: Client, **query: Any) -> list[str]:
    answer = client.get(reverse("desk:enrolments"), query)
    assert answer.status_code == 200
    return sorted(row.name for row in answer.context["rows"])


def test_the_register_is_filtered(world: World, desk: Client) -> None:
    body, flowers = cast.course(world.wenxing), cast.course(world.wenxing, title="花艺插花", price=0)
    gone, _ = cast.seated(body, world.wang, world.zhao)
    by_phone = Enrolment.Channel.PHONE
    enrolment.enrol(course_id=flowers.pk, resident=world.li, by=world.zhang, channel=by_phone)
    enrolment.cancel(enrolment=gone, by=world.zhang, reason="搬家")
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
    enrolment.cancel(enrolment=gone, by=world.zhang, reason="搬家")

    def figures(**query: Any) -> list[str]:
        return [tile["value"] for tile in desk.get(reverse("desk:enrolments"), query).context["kpis"]]

    assert figures() == ["2", "1", "38"]
    assert figures(status="cancelled") == ["2", "1", "38"]
    assert figures(course=body.pk) == ["2", "1", "28"]
    assert figures(q="赵") == ["1", "0", "38"]


def test_a_filter_that_makes_no_sense_shows_nothing_and_says_so(world: World, desk: Client) -> None:
    cast.seated(cast.course(world.wenxing), world.wang)
    shown = text(desk, "enrolments", since="2026-13-40", status=400)
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
    enrolment.cancel(enrolment=gone, by=world.chen, reason="生病")
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


# The roster


def test_the_roster_has_a_column_for_each_class_and_no_price(world: World, desk: Client) -> None:
    course = cast.course(world.wenxing, price=61)
    cast.award(world.wang, 10)
    cast.seated(course, world.wang, world.zhao)
    shown = text(desk, "roster", course.pk)
    for word in (
        "水泊寺街道文兴社区夜校花名册",
        "王秀兰",
        "138****6021",
        "第3课",
        "制表人：张晓燕",
        "任课教师（签字）",
    ):
        assert word in shown
    assert ">61<" not in shown and "61积分" not in shown and "优待" not in shown
    assert world.wang.phone not in shown


def test_who_gave_the_seat_back_is_not_on_the_roster(world: World) -> None:
    course = cast.course(world.wenxing)
    gone, _ = cast.seated(course, world.wang, world.zhao)
    enrolment.cancel(enrolment=gone, by=world.zhang, reason="搬家")
    assert [person.name for person in roster.people(course)] == ["赵玉珍"]


def test_a_long_course_takes_several_sheets_of_equal_width() -> None:
    def widths(lessons: int) -> list[int]:
        start = clock.now()
        sessions = [Session(number=n, starts_at=start + timedelta(days=7 * n)) for n in range(lessons)]
        return [len(sheet.classes) for sheet in roster.sheets(sessions)]

    assert [widths(n) for n in (0, 1, 10, 11, 12, 24)] == [[0], [1], [10], [6, 5], [6, 6], [8, 8, 8]]


def test_the_roster_asks_as_much_for_thirty_as_for_one(world: World, desk: Client) -> None:
    course = cast.course(world.wenxing)
    cast.seated(course, world.wang)
    one = queries(desk, "roster", course.pk)
    cast.seated(course, *neighbours(world.wenxing, 29))
    assert queries(desk, "roster", course.pk) == one <= QUERIES_OF_A_LIST


# Who may come in

PAGES_OF_A_COURSE = ("course", "course-close", "roster")


@pytest.mark.parametrize("name", PAGES_OF_A_COURSE)
def test_staff_of_another_community_find_no_such_course(world: World, client: Client, name: str) -> None:
    course = cast.course(world.wenxing)
    cast.seated(course, world.wang)
    address = reverse(f"desk:{name}", args=[course.pk])
    client.force_login(world.zhang)
    assert client.get(address).status_code == 200
    client.force_login(world.qian)
    assert client.get(address).status_code == 404
    assert client.post(reverse("desk:course-close", args=[course.pk]), {"reason": "停办"}).status_code == 404
    course.refresh_from_db()
    assert course.status == "open"


@pytest.mark.parametrize("name", ["enrolments", "enrolments-export"])
def test_staff_of_another_community_find_no_enrolments_of_the_course(world: World, client: Client, name: str) -> None:
    course = cast.course(world.wenxing)
    cast.seated(course, world.wang)
    client.force_login(world.qian)
    text(client, name, course=course.pk, status=404)
    assert names(client) == []


@pytest.mark.parametrize("name", ["courses", "course-new", "enrolments", "enrolments-export", "enrolments-cancel"])
def test_residents_and_strangers_stay_outside(world: World, client: Client, name: str) -> None:
    address = reverse(f"desk:{name}")
    assert client.get(address).status_code == 302
    client.force_login(world.wang.account)
    assert client.get(address).status_code == 403
