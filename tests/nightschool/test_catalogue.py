"""The list of courses and the words about one."""

import re
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import Any

import pytest
import time_machine
from django.test import Client

from communities import settings
from communities.models import Community, Setting
from core import clock
from nightschool import catalogue
from nightschool.models import Course, Session
from tests import world as cast
from tests.pages import enter, leafed, links, queries, text
from tests.world import World

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 12, 1)


def starts(*days: int, hour: int = 19) -> list[datetime]:
    return [clock.at(TUESDAY + timedelta(days=day), time(hour)) for day in days]


def test_the_weekly_pattern_is_said_shortly() -> None:
    assert catalogue.pattern(starts(0, 2, 7, 9)) == "周二、周四19:00起"
    assert catalogue.pattern(starts(2, 7, hour=8)) == "周二、周四08:00起"
    assert catalogue.pattern([*starts(0), *starts(7, hour=18)]).endswith("12月1日（周二）起")
    assert catalogue.pattern(starts(0)).endswith("12月1日（周二）19:00")
    assert catalogue.pattern([]) == "时间待定"


def test_the_time_of_a_course_in_full() -> None:
    def session(start: datetime, minutes: int = 90) -> Session:
        return Session(starts_at=start, ends_at=start + timedelta(minutes=minutes))

    weekly = [session(start) for start in starts(0, 2, 7)]
    first, hours = catalogue.when(weekly)
    assert first.endswith("12月1日（周二）起，每周二、周四") and hours == "19:00—20:30，共3课"
    assert catalogue.when(weekly[:1])[1] == "19:00—20:30"
    assert catalogue.when([weekly[0], session(weekly[1].starts_at, 60)])[1] == "共2课，各课时间见课程安排"
    assert catalogue.when([]) == ["时间待定"]


def test_the_own_community_comes_first_then_what_closes_soonest(world: World, client: Client) -> None:
    now = clock.now()
    for place, title, days in (
        (world.yongan, "永安先截止", 1),
        (world.wenxing, "文兴后截止", 9),
        (world.wenxing, "文兴先截止", 3),
    ):
        cast.course(place, title=title, closes_at=now + timedelta(days=days))
    page = text(enter(client, world.wang), "/night-school/")
    assert page.index("文兴先截止") < page.index("文兴后截止") < page.index("永安先截止")


def test_residents_see_their_sub_district_visitors_what_can_be_joined(world: World, client: Client) -> None:
    cast.course(world.hualin, title="华林的课")
    cast.course(world.yongan, title="永安的课")
    world.yongan.open_to_residents = False
    world.yongan.save()
    visitor = text(client, "/night-school/")
    assert "华林的课" in visitor and "永安的课" not in visitor
    resident = text(enter(client, world.wang), "/night-school/")
    assert "永安的课" in resident and "华林的课" not in resident


def test_drafts_and_what_is_over_are_not_listed(world: World, client: Client) -> None:
    now, day = clock.now(), timedelta(days=1)
    cast.course(world.wenxing, title="草稿课", status="draft")
    cast.course(world.wenxing, title="停办课", status="cancelled")
    cast.course(world.wenxing, title="截止课", opens_at=now - 2 * day, closes_at=now - day)
    page = text(enter(client, world.wang), "/night-school/")
    assert "草稿课" not in page and "停办课" not in page and "截止课" not in page and "还没有课程" in page


def test_a_category_narrows_the_list_and_nonsense_does_not(world: World, client: Client) -> None:
    cast.course(world.wenxing, title="插花课", category="flowers")
    cast.course(world.wenxing, title="形体课", category="body")
    enter(client, world.wang)
    assert "插花课" in text(client, "/night-school/?category=flowers")
    assert "形体课" not in text(client, "/night-school/?category=flowers")
    assert "形体课" in text(client, "/night-school/?category=%00nonsense")


def test_each_card_says_how_it_stands(world: World, client: Client) -> None:
    now = clock.now()
    cast.seated(cast.course(world.wenxing, title="一", price=0), world.wang)
    cast.course(world.wenxing, title="二", capacity=0)
    cast.course(world.wenxing, title="三", opens_at=now + timedelta(days=1))
    cast.course(world.wenxing, title="四", capacity=5)
    cast.course(world.wenxing, title="五", max_age=20)
    cast.course(world.wenxing, title="六", capacity=60)
    found = catalogue.page_of(world.wang, now)
    states = [catalogue.card(course, world.wang, now).state_label for course in found]
    assert states == ["已报名", "已满", "未开始报名", "名额紧张", "年龄不符", ""]


@pytest.mark.parametrize("who", ["resident", "visitor"])
def test_a_long_list_is_read_page_by_page_without_gap_or_repetition(
    world: World, client: Client, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "PAGE", 3)
    same = clock.now() + timedelta(days=5)
    made = {cast.course(place, closes_at=same).pk for place in (world.yongan, world.wenxing) for _ in range(4)}
    if who == "resident":
        enter(client, world.wang)
    pages = leafed(client, "/night-school/?category=body", "after=")
    seen = [link for path in pages for link in links(client, path) if re.fullmatch(r"/night-school/\d+/", link)]
    assert len(pages) == 3 and sorted(seen) == sorted(f"/night-school/{pk}/" for pk in made)


@pytest.mark.parametrize("after", ["0", "-1", "x", "9" * 5000, "9223372036854775807", "１２", ""])
def test_nonsense_in_the_address_shows_the_list_from_its_beginning(world: World, client: Client, after: str) -> None:
    cast.course(world.wenxing)
    assert "形体塑形" in text(client, f"/night-school/?after={after}")


def test_the_list_costs_the_same_for_one_and_for_thirty(world: World, client: Client) -> None:
    enter(client, world.wang)
    cast.course(world.wenxing)
    one = queries(client, "/night-school/")
    for _ in range(29):
        cast.course(world.yongan)
    assert queries(client, "/night-school/") == one <= 6


def test_a_course_says_its_facts_and_the_deadline_of_the_setting(world: World, client: Client) -> None:
    first = clock.at(clock.today() + timedelta(days=9), time(19))
    mine = cast.course(world.wenxing, starts_at=first, max_age=70, bring="毛巾", safety="量力而行", summary="练形体")
    Setting.objects.create(
        sub_district=world.street, key=settings.CANCEL_HOURS.key, value=19, starts_on=clock.today(), by=world.he
    )
    page = text(client, f"/night-school/{mine.pk}/")
    for fact in (
        "文兴社区活动室2楼舞蹈厅",
        "水泊寺街道居民，18～70岁",
        "19:00—20:30，共3课",
        "第1课：内容1",
        "毛巾",
        "量力而行",
        "练形体",
    ):
        assert fact in page
    assert "00:00前可自行退课，积分全额退回" in page


def test_after_the_deadline_the_page_says_that_nothing_returns(world: World, client: Client) -> None:
    mine = cast.course(world.wenxing, starts_at=clock.now() + timedelta(hours=3))
    page = text(client, f"/night-school/{mine.pk}/")
    assert "现在报名后不能自行退课" in page and "全额退回" not in page


def test_a_course_page_costs_the_same_for_three_and_for_thirty_lessons(world: World, client: Client) -> None:
    mine = cast.course(world.wenxing)
    enter(client, world.wang)
    path = f"/night-school/{mine.pk}/"
    few = queries(client, path)
    Session.objects.bulk_create(
        Session(
            course=mine, room=mine.room, number=n, starts_at=clock.now() + timedelta(days=n),
            ends_at=clock.now() + timedelta(days=n + 1),
        )
        for n in range(4, 31)
    )  # fmt: skip
    assert queries(client, path) == few <= 6
    assert "查看全部30课" in text(client, path)


@pytest.mark.parametrize("number", ["0", "999999", "99999999999999999999"])
def test_an_unknown_course_is_answered_with_a_sentence(world: World, client: Client, number: str) -> None:
    enter(client, world.wang)
    for path in (f"/night-school/{number}/", f"/night-school/{number}/confirm/"):
        assert "没有找到这门课，您的积分没有扣" in text(client, path, 404)
    answer = client.post(f"/night-school/{number}/confirm/")
    assert answer.status_code == 404 and "没有找到这门课，您的积分没有扣" in answer.content.decode()


def test_a_draft_is_not_shown(world: World, client: Client) -> None:
    draft = cast.course(world.wenxing, status="draft")
    assert "没有找到这门课" in text(client, f"/night-school/{draft.pk}/", 404)


SAID = [
    ({}, ["先到先得，明天19:00截止报名。"]),
    ({"mode": "draw"}, ["11月30日（周一）10:00到明天19:00申请，截止后抽签，抽中才使用积分。"]),
    ({"opens_at": 2}, ["今天12:00开始报名，先到先得。"]),
    ({"held": 4, "held_until": 3}, ["先到先得，明天19:00截止报名。", "今天13:00前留4个名额给打电话和到窗口报名的居民。"]),
    (
        {"held": 4, "held_until": 3, "own_first": True, "head_start_until": 3, "one_each_until": 3},
        [
            "先到先得，明天19:00截止报名。",
            "今天13:00前留4个名额给打电话和到窗口报名的居民。",
            "今天13:00前只限文兴社区居民报名，每人限报一门。",
        ],
    ),
    (
        {"own_first": True, "head_start_until": 3, "one_each_until": 5},
        ["先到先得，明天19:00截止报名。", "今天13:00前只限文兴社区居民报名，今天15:00前每人限报一门。"],
    ),
    ({"held": 4, "held_until": -1, "own_first": True, "head_start_until": -1, "one_each_until": -1, "opens_at": -3}, ["先到先得，明天19:00截止报名。"]),
    ({"own_first": False, "head_start_until": 3}, ["先到先得，明天19:00截止报名。"]),
    ({"mode": "approval", "own_first": True, "head_start_until": 3}, ["11月30日（周一）10:00到明天19:00申请，社区审核通过后才使用积分。"]),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "said"), SAID, ids=[str(n) for n in range(len(SAID))])
def test_the_rules_of_sign_up_are_three_sentences_at_most(
    world: World, client: Client, fields: dict[str, Any], said: list[str]
) -> None:
    """Tuesday, ten o'clock; numbers are hours from now."""
    now = clock.at(TUESDAY, time(10))
    with time_machine.travel(now, tick=False):
        hours = {
            name: now + timedelta(hours=value) if name.endswith(("_at", "_until")) else value
            for name, value in fields.items()
        }
        course = cast.course(world.wenxing, **{"starts_at": now + timedelta(hours=33)} | hours)
        assert catalogue.sign_up(course, now) == said and len(said) <= 3
        page = text(enter(client, world.wang), f"/night-school/{course.pk}/")
        assert f"报名规则{''.join(said)}" in page


def test_a_card_says_what_keeps_its_reader_out(world: World, client: Client) -> None:
    soon = clock.now() + timedelta(hours=3)
    cast.course(world.wenxing, title="网上满", capacity=4, held=4, held_until=soon)
    cast.course(world.yongan, title="邻社区", own_first=True, head_start_until=soon)
    cast.course(world.wenxing, title="抽签课", mode="draw")
    cast.course(world.wenxing, title="审核课", mode="approval")
    page = text(enter(client, world.wang), "/night-school/")
    for title, label in (("网上满", "网上已满"), ("邻社区", "本社区优先"), ("抽签课", "抽签"), ("审核课", "需审核")):
        assert label in page[page.index(title) : page.index(title) + 40], title


def test_the_ages_say_when_a_guardian_must_agree(world: World, client: Client) -> None:
    for fields, said in (({}, "18岁以上"), ({"min_age": 14, "max_age": 60}, "14～60岁，未满18周岁须监护人同意")):
        page = text(client, f"/night-school/{cast.course(world.wenxing, **fields).pk}/")
        assert said in page and page.count("监护人") == ("min_age" in fields)


def test_whatever_is_switched_on_the_rules_are_three_sentences_at_most() -> None:
    """Every combination of mode, opening, held seats and options; each line is one sentence, and what still holds is said."""
    now, home = clock.at(TUESDAY, time(10)), Community(name="文兴社区")
    hours = [None, *(now + timedelta(hours=n) for n in (-1, 3, 5))]
    combined = product(Course.Mode.values, hours[1:3], hours, (True, False), hours, hours)
    for mode, opens, held, own, early, each in combined:
        course = Course(
            community=home, mode=mode, opens_at=opens, closes_at=now + timedelta(days=1), held=4 if held else 0, held_until=held,
            own_first=own, head_start_until=early, one_each_until=each,
        )  # fmt: skip
        said = catalogue.sign_up(course, now)
        assert 1 <= len(said) <= 3 and all(one.count("。") == 1 and one.endswith("。") for one in said), said
        text_of = "".join(said)
        assert ("留4个名额" in text_of) == (held is not None and held > now)
        first = mode == "first"
        assert ("居民报名，" in text_of.replace("居民报名。", "居民报名，")) or not (
            first and own and early and early > now
        )
        assert ("每人限报一门" in text_of) == (first and each is not None and each > now)
