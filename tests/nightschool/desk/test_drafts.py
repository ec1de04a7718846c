"""The desk's pages of terms and courses: from the form to the draft to the open course, and what changes after."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from communities.models import Holiday, Setting
from core import clock, words
from nightschool import drafting
from nightschool.models import Course, CoursePhoto, Term
from tests import world as cast
from tests.activities import pictures
from tests.nightschool import plans
from tests.nightschool.desk.reading import queries, text
from tests.world import World

pytestmark = pytest.mark.django_db


def form(world: World, **fields: Any) -> dict[str, Any]:
    first = clock.today() + timedelta(days=14)
    return {
        "title": "花艺美学", "category": "flowers", "term": cast.term(world.wenxing, "第1期").pk, "teacher": "刘老师",
        "room": cast.room(world.wenxing).pk, "capacity": "20", "price": "80", "mode": "first", "first": first.isoformat(),
        "weekdays": [str(first.weekday())], "starts": "19:00", "minutes": "90", "lessons": "4",
        "opens_at": f"{clock.today()}T00:00", "min_age": "18", "for_beginners": "on",
    } | fields  # fmt: skip


def draft(world: World, desk: Client, **fields: Any) -> Course:
    answer = desk.post(reverse("desk:course-new"), form(world, **fields))
    assert answer.status_code == 302, answer.context["form"].errors
    return Course.objects.latest("pk")


def post(client: Client, page: str, /, *args: Any, **sent: Any) -> str:
    answer = client.post(reverse(f"desk:{page}", args=args), sent, follow=True)
    return answer.content.decode()


def test_from_the_form_to_the_draft_to_the_open_course(world: World, desk: Client) -> None:
    answer = desk.post(reverse("desk:course-new"), form(world, one_each="on", mode="draw", fee="花材30元"), follow=True)
    course = Course.objects.get()
    assert answer.redirect_chain == [(reverse("desk:course-draft", args=[course.pk]), 302)]
    shown = answer.content.decode()
    assert "第4课" in shown and "抽签" in shown and "不到3天" in shown and "花材30元" in shown
    assert (course.status, course.mode, course.one_each_until is not None) == ("draft", "draw", True)
    assert "已开放" in post(desk, "course-open", course.pk)
    course.refresh_from_db()
    assert course.status == "open" and not course.sessions.filter(booking=None).exists()


def test_the_page_of_a_draft_leads_to_looking_it_over(world: World, desk: Client) -> None:
    course = draft(world, desk)
    assert desk.get(reverse("desk:course", args=[course.pk])).headers["Location"] == reverse(
        "desk:course-draft", args=[course.pk]
    )
    post(desk, "course-open", course.pk)
    assert desk.get(reverse("desk:course-draft", args=[course.pk])).status_code == 302


def test_what_came_in_the_way_is_marked_and_gone_round(world: World, desk: Client) -> None:
    course = draft(world, desk)
    other = draft(world, desk, title="书法")
    post(desk, "course-open", other.pk)
    shown = text(desk, "course-draft", course.pk)
    assert "已有“书法”" in shown and "重新排课" in shown
    assert "已有“书法”" in post(desk, "course-open", course.pk)  # refused
    assert "重新排好" in post(desk, "course-replan", course.pk)
    assert "重新排课" not in text(desk, "course-draft", course.pk)


def test_a_draft_is_changed_with_what_was_typed_in_the_fields(world: World, desk: Client) -> None:
    course = draft(world, desk, taught_by="王秀兰", least="9")
    shown = text(desk, "course-edit", course.pk)
    assert 'value="王秀兰6021"' in shown and 'value="9"' in shown and 'value="4"' in shown
    answer = desk.post(
        reverse("desk:course-edit", args=[course.pk]),
        form(world, title="花艺进阶", taught_by="王秀兰6021", lessons="5"),
    )
    assert answer.status_code == 302
    course.refresh_from_db()
    assert (course.title, course.taught_by, course.sessions.count(), course.least) == ("花艺进阶", world.wang, 5, 0)


def test_a_draft_is_thrown_away(world: World, desk: Client) -> None:
    assert "已删除" in post(desk, "course-discard", draft(world, desk).pk)
    assert not Course.objects.exists()


def test_the_teacher_is_named_as_others_are_found(world: World, desk: Client) -> None:
    assert draft(world, desk, taught_by="wxl").taught_by == world.wang
    cast.resident(world.wenxing, "王秀兰", "13912349999")
    for typed, said in (
        ("王秀兰", "找到不止一位"),
        ("没有这人", "没有找到"),
        ("孙桂芳", "没有找到"),
        ("周海涛", "没有找到"),
    ):
        answer = desk.post(reverse("desk:course-new"), form(world, taught_by=typed))
        assert said in answer.context["form"].errors["taught_by"][0]
    answer = desk.post(reverse("desk:course-new"), form(world, taught_by="王秀兰"))
    assert "138****6021" in answer.content.decode() and "13812346021" not in answer.content.decode()


def test_without_a_term_the_form_says_where_to_make_one(world: World, desk: Client) -> None:
    Term.objects.all().delete()
    shown = text(desk, "course-new")
    assert "还没有期次" in shown and reverse("desk:terms") in shown


def test_hours_of_sign_up_left_empty_are_those_of_the_term(world: World, desk: Client) -> None:
    term = cast.term(world.wenxing, "第1期")
    answer = desk.post(reverse("desk:course-new"), form(world, opens_at=""))
    assert "没有统一的报名时间" in answer.context["form"].errors["opens_at"][0]
    term.opens_at, term.closes_at = clock.now() + timedelta(days=3), clock.now() + timedelta(days=9)
    term.save()
    course = draft(world, desk, opens_at="", closes_at="")
    assert (course.opens_at, course.closes_at) == (term.opens_at, term.closes_at)


def test_a_class_is_moved_and_called_off_from_its_row(world: World, desk: Client) -> None:
    course = draft(world, desk)
    post(desk, "course-open", course.pk)
    cast.seated(course, world.zhao)
    assert reverse("desk:class-move", args=[course.pk, 2]) in text(desk, "course", course.pk)
    second = plans.lesson(course, 2)
    day = second.day + timedelta(days=1)
    sent = {"day": day.isoformat(), "starts": "18:30", "ends": "20:00", "room": course.room_id}
    assert "请写明原因" in post(desk, "class-move", course.pk, 2, **sent)
    said = post(desk, "class-move", course.pk, 2, **sent, reason="老师出差")
    assert "第2课已调课" in said and "已通知1人" in said and "没有手机" in said and "赵玉珍" in said and "原定" in said
    assert "已停课" in post(desk, "class-off", course.pk, 3, reason="停电")
    half = {"reason": "停电", "day": (day + timedelta(days=20)).isoformat()}
    assert "补课几点开始" in post(desk, "class-off", course.pk, 4, **half)
    assert "这节课已经停课" in text(desk, "class-off", course.pk, 3, status=409)
    assert text(desk, "class-move", course.pk, 99, status=404) is not None


def test_room_and_seats_are_changed(world: World, desk: Client) -> None:
    course = draft(world, desk)
    post(desk, "course-open", course.pk)
    room = plans.other_room(world)
    assert "都改在活动室1楼书画室" in post(desk, "course-room", course.pk, room=room.pk, reason="装修")
    assert "名额改为30个" in post(desk, "course-seats", course.pk, capacity="30")
    assert "最多容纳40人" in post(desk, "course-seats", course.pk, capacity="41")
    course.refresh_from_db()
    assert (course.room, course.capacity) == (room, 30)


def test_a_class_that_is_too_small_is_merged_from_its_page(world: World, desk: Client) -> None:
    course = cast.course(world.wenxing, least=6)
    (seat, _) = cast.seated(course, world.wang, world.zhao)
    Course.objects.filter(pk=course.pk).update(closes_at=clock.now() - timedelta(hours=1))
    other = cast.course(world.wenxing, title="花艺美学", price=10)
    assert "人数不够开班" in text(desk, "course", course.pk)
    assert "形体塑形" in text(desk, "courses", state="few") and "花艺美学" not in text(desk, "courses", state="few")
    assert "王秀兰 138****6021" in text(desk, "course-merge", course.pk)
    said = post(desk, "course-merge", course.pk, into=other.pk, agreed=[seat.pk], reason="人数不足")
    assert "已有1人转入《花艺美学》，1人退课，退回60积分" in said
    stranger = cast.course(world.yongan)
    answer = desk.post(reverse("desk:course-merge", args=[other.pk]), {"into": stranger.pk, "reason": "并"})
    assert "into" in answer.context["form"].errors


def test_a_class_that_is_too_small_may_take_place(world: World, desk: Client) -> None:
    course = cast.course(world.wenxing, least=6)
    cast.seated(course, world.wang)
    Course.objects.filter(pk=course.pk).update(closes_at=clock.now() - timedelta(hours=1))
    assert "照常开班" in post(desk, "course-run", course.pk)
    assert "人数不够开班" not in text(desk, "course", course.pk)


def test_the_picture_is_drawn_small_and_shown_to_residents_once_the_course_is_open(world: World, desk: Client) -> None:
    course = draft(world, desk)
    photo = SimpleUploadedFile("a.jpg", pictures.noise(1200, 900), "image/jpeg")
    assert "图片已换上" in post(desk, "course-photo", course.pk, photo=photo)
    kept = CoursePhoto.objects.get()
    assert len(kept.jpeg) <= 40 * 1024
    shown = reverse("nightschool:photo", args=[course.pk])
    assert desk.get(reverse("desk:course-photo-shown", args=[course.pk])).content == bytes(kept.jpeg)
    assert Client().get(shown).status_code == 404
    drafting.open_draft(course=course, by=world.zhang)
    assert Client().get(shown).content == bytes(kept.jpeg)
    assert shown in Client().get(reverse("nightschool:course", args=[course.pk])).content.decode()
    bad = SimpleUploadedFile("a.gif", b"GIF89a" + b"\0" * 90, "image/gif")
    assert "JPG、PNG或WebP" in post(desk, "course-photo", course.pk, photo=bad)
    assert "已去掉" in post(desk, "course-photo-remove", course.pk) and not CoursePhoto.objects.exists()


def test_residents_read_what_changed(world: World, desk: Client) -> None:
    course = draft(world, desk)
    post(desk, "course-open", course.pk)
    second = plans.lesson(course, 2)
    day = second.day + timedelta(days=1)
    sent = {"day": day.isoformat(), "starts": "18:30", "ends": "20:00", "room": course.room_id, "reason": "老师出差"}
    page = reverse("nightschool:course", args=[course.pk])
    assert "有变动" not in Client().get(page).content.decode()
    post(desk, "class-move", course.pk, 2, **sent)
    post(desk, "class-off", course.pk, 3, reason="停电")
    shown = Client().get(page).content.decode()
    assert "课程安排有变动" in shown and "调课" in shown and "停课" in shown and "共3课" in shown
    assert "原定" in shown and "停电" in shown


# Terms


def test_the_administrator_makes_a_term_and_staff_copy_into_it(world: World, desk: Client, client: Client) -> None:
    course = draft(world, desk)
    post(desk, "course-open", course.pk)
    sent = {
        "name": "2099年春", "starts_on": clock.today() + timedelta(days=100),
        "ends_on": clock.today() + timedelta(days=250),
    }  # fmt: skip
    assert desk.post(reverse("desk:term-new", args=[world.street.pk]), sent).status_code == 404
    client.force_login(world.he)
    assert "2099年春" in post(client, "term-new", world.street.pk, **sent)
    made = Term.objects.get(name="2099年春")
    assert "2099年春天" in post(client, "term", made.pk, **(sent | {"name": "2099年春天"}))
    client.force_login(world.zhang)
    assert "期次由街道管理员登记" in text(desk, "terms") and reverse(
        "desk:term-new", args=[world.street.pk]
    ) not in text(desk, "terms")
    assert "花艺美学" in text(desk, "term-copy", course.term_id)
    assert "已沿用1门课" in post(desk, "term-copy", course.term_id, target=made.pk)
    assert Course.objects.get(term=made).copied_from == course
    assert "已经全部沿用过" in post(desk, "term-copy", course.term_id, target=made.pk)
    assert text(desk, "term", made.pk, status=404) is not None


def test_lists_and_drafts_ask_as_much_for_thirty_as_for_one(world: World, desk: Client) -> None:
    one = draft(world, desk, lessons="1")
    terms, looked = queries(desk, "terms"), queries(desk, "course-draft", one.pk)
    for n in range(29):
        cast.term(world.wenxing, f"期{n}")
    thirty = draft(world, desk, lessons="30", title="三十课", weekdays=[str(n) for n in range(7)])
    assert queries(desk, "terms") == terms <= 9
    assert queries(desk, "course-draft", thirty.pk) <= looked + 3  # the days left out are looked at once more
    cast.course(world.wenxing, term=one.term, title="第一门")
    copy = queries(desk, "term-copy", one.term_id)
    for n in range(29):
        cast.course(world.wenxing, term=one.term, title=f"课{n}")
    assert queries(desk, "term-copy", one.term_id) == copy


def test_a_new_course_begins_with_the_least_age_that_the_sub_district_set(world: World, desk: Client) -> None:
    Setting.objects.create(
        sub_district=world.street, key="night.min_age", value=16, starts_on="2020-01-01", by=world.he
    )
    assert desk.get(reverse("desk:course-new")).context["form"]["min_age"].value() == 16
    assert desk.get(reverse("desk:course-edit", args=[draft(world, desk).pk])).context["form"]["min_age"].value() == 18


def test_a_first_class_that_could_not_be_then_is_told_with_the_reason(world: World, desk: Client) -> None:
    first = clock.today() + timedelta(days=14)
    Holiday.objects.create(sub_district=world.street, day=first, is_working=False, name="校庆", by=world.he)
    url = reverse("desk:course-new")
    said = desk.post(url, form(world), follow=True).content.decode()
    later = words.day(first + timedelta(days=7))
    assert f"{words.day(first)}上不了（校庆放假），第一课排在{later}，请核对。" in said
    Holiday.objects.all().delete()
    assert "上不了" not in desk.post(url, form(world, title="另一门"), follow=True).content.decode()
