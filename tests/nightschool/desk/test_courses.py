"""Courses at the desk: the list, a new one, calling one off; and who may come in."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from core import clock, words
from nightschool import coursebook
from nightschool.models import Course
from points import statement
from tests import world as cast
from tests.books import breaches
from tests.nightschool.desk.reading import QUERIES_OF_A_LIST, names, neighbours, queries, text
from tests.world import World

pytestmark = pytest.mark.django_db


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


def test_a_class_that_was_called_off_is_not_the_next_one(world: World, desk: Client) -> None:
    course = cast.course(world.wenxing)
    course.sessions.filter(number=1).update(status="cancelled", changed_at=clock.now(), changed_by=world.zhang)
    (line,) = desk.get(reverse("desk:courses")).context["lines"]
    assert (line.next_class, line.lessons) == (words.dated(course.sessions.get(number=2).starts_at), 2)


def test_the_list_of_courses_asks_as_much_for_thirty_as_for_one(world: World, desk: Client) -> None:
    cast.course(world.wenxing)
    one = queries(desk, "courses")
    for n in range(29):
        cast.course(world.wenxing, title=f"课程{n}")
    assert queries(desk, "courses") == one <= QUERIES_OF_A_LIST


def test_the_file_holds_what_was_filled_in_of_the_courses_of_one_term(world: World, desk: Client) -> None:
    course = cast.course(world.wenxing, audience="喜欢花草的居民", fee="花材30元", term="第1期")
    cast.course(world.wenxing, title="别的期")
    cast.course(world.yongan, title="永安书法", term="第1期")
    answer: Any = desk.get(reverse("desk:courses-export"), {"term": course.term_id})
    sheet: Any = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    heads, *rows = ([cell.value for cell in row] for row in sheet)
    assert heads == [name for name, _ in coursebook.COLUMNS] and len(rows) == 1
    said = dict(zip(heads, rows[0], strict=True))
    assert (said["课程"], said["适合人群"], said["材料费"], said["课次"]) == (
        "形体塑形",
        "喜欢花草的居民",
        "花材30元",
        3,
    )
    assert "别的期" not in text(desk, "courses", term=course.term_id)
    text(desk, "courses", term=cast.term(world.hualin).pk, status=404)


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
        "title": "花艺美学", "category": "flowers", "term": cast.term(world.wenxing, "第1期").pk, "teacher": "刘老师", "room": cast.room(world.wenxing).pk,
        "capacity": "20", "price": "80", "first": first.isoformat(), "weekdays": [str(first.weekday())], "starts": "19:00",
        "mode": "first", "minutes": "90", "lessons": "4", "opens_at": f"{clock.today()}T00:00", "min_age": "18", "for_beginners": "on",
    } | fields  # fmt: skip


def test_a_refused_course_keeps_what_was_typed_and_says_why(world: World, desk: Client) -> None:
    answer = desk.post(reverse("desk:course-new"), form(world, capacity="41"))
    assert answer.status_code == 400
    shown = answer.content.decode()
    assert "教室最多容纳这么多人。课程没有建立。" in shown and "花艺美学" in shown
    assert not Course.objects.exists()


@pytest.mark.parametrize("field", ["title", "first", "weekdays", "opens_at", "room", "price", "mode"])
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
