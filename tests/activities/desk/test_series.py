"""The desk's pages of series and of copying a scheme."""

from datetime import timedelta

import pytest
from django.test import Client

from activities.models import Activity, Post, Series
from core import clock
from tests import world as cast
from tests.pages import leafed, links, queries, text, words
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, world: World) -> Client:
    client.force_login(world.zhang)
    return client


def said(answer: object) -> str:
    return words(answer.content.decode())  # type: ignore[attr-defined]


def test_ticked_weeks_become_a_series(desk: Client, world: World) -> None:
    first = cast.activity(world.wenxing)
    path = f"/desk/activities/{first.pk}/repeat/"
    days = [(clock.local(first.starts_at).date() + timedelta(days=7 * n)).isoformat() for n in (1, 2)]
    html = desk.get(path).content.decode()
    assert all(f'value="{day}"' in html for day in days)
    assert desk.post(path, {"title": "周末清洁"}).status_code == 400
    strange = {"title": "周末清洁", "days": [clock.today().isoformat()]}
    assert desk.post(path, strange).status_code == 400
    answer = desk.post(path, {"title": "周末清洁", "days": days, "publish": "on"}, follow=True)
    found = Series.objects.get()
    assert answer.redirect_chain[-1][0] == f"/desk/activities/series/{found.pk}/"
    assert "已按周复制2次" in said(answer) and "文兴社区，3次" in said(answer)
    assert Activity.objects.filter(series=found, status="open").count() == 3
    html = desk.get(path).content.decode()
    assert not any(f'value="{day}"' in html for day in days) and "已经安排" in html


def test_a_series_is_looked_at_on_its_new_days_and_copied(desk: Client, world: World) -> None:
    found = Series.objects.create(community=world.wenxing, title="秋季", made_by=world.zhang)
    cast.activity(world.wenxing, series=found), cast.activity(world.wenxing, series=found, ago=-240)
    path, begins = f"/desk/activities/series/{found.pk}/copy/", clock.today() + timedelta(days=60)
    assert "新系列名称" not in text(desk, path)
    looked = text(desk, f"{path}?first={begins.isoformat()}")
    assert f"{begins.month}月{begins.day}日" in looked and "新系列名称" in looked
    assert desk.get(f"{path}?first=x").status_code == 200 and desk.get(f"{path}?first=9999-12-31").status_code == 200
    assert desk.post(path, {"first": begins, "title": "秋季"}).status_code == 409
    answer = desk.post(path, {"first": begins, "title": "春季"}, follow=True)
    assert "已复制2次活动" in said(answer) and Activity.objects.filter(status="draft").count() == 2


def test_the_series_of_others_are_not_listed(desk: Client, world: World) -> None:
    Series.objects.create(community=world.yongan, title="永安系列", made_by=world.qian)
    mine = Series.objects.create(community=world.wenxing, title="文兴系列", made_by=world.zhang)
    assert "永安系列" not in text(desk, "/desk/activities/series/")
    assert f"/desk/activities/series/{mine.pk}/" in links(desk, "/desk/activities/series/")


def test_the_list_of_series_costs_the_same_and_turns_pages(desk: Client, world: World) -> None:
    def more(n: int) -> None:
        for number in range(n):
            made = Series.objects.create(
                community=world.wenxing, title=f"系列{Series.objects.count()}", made_by=world.zhang
            )
            cast.activity(world.wenxing, series=made, title=f"活动{number}")

    more(1)
    once = queries(desk, "/desk/activities/series/")
    more(29)
    assert queries(desk, "/desk/activities/series/") == once
    more(21)
    assert len(leafed(desk, "/desk/activities/series/")) == 2


def test_one_series_costs_the_same_however_long(desk: Client, world: World) -> None:
    found = Series.objects.create(community=world.wenxing, title="秋季", made_by=world.zhang)
    cast.activity(world.wenxing, series=found)
    path = f"/desk/activities/series/{found.pk}/"
    once = queries(desk, path)
    for n in range(29):
        cast.activity(world.wenxing, series=found, ago=-24 * n)
    assert queries(desk, path) == once


def test_the_admin_copies_a_scheme_and_a_worker_of_one_community_is_told_who_can(client: Client, world: World) -> None:
    cast.activity(world.wenxing, kind="PAT", title="文兴巡逻")
    Post.objects.create(community=world.wenxing, title="楼道长", duty="巡查", made_by=world.zhang)
    client.force_login(world.zhang)
    assert "请街道管理员" in text(client, "/desk/activities/scheme/")
    client.force_login(world.he)
    path = f"/desk/activities/scheme/?community={world.wenxing.pk}"
    assert "治安巡逻" in text(client, path) and "环境整治" not in text(client, path)
    typed = {"target": world.yongan.pk, "first": clock.today() + timedelta(days=9), "kinds": ["PAT"], "posts": "on"}
    answer = client.post(path, typed, follow=True)
    assert "1个活动草稿，1个岗位" in said(answer)
    assert Activity.objects.get(community=world.yongan).title == "永安巡逻"
    assert client.post(path, typed | {"kinds": [], "posts": ""}).status_code == 400
    assert client.post(path, typed | {"target": world.hualin.pk}).status_code == 400
    assert client.get(f"/desk/activities/scheme/?community={world.hualin.pk}").status_code == 200


def test_the_drafts_of_a_series_are_published_by_one_button(desk: Client, world: World) -> None:
    found = Series.objects.create(community=world.wenxing, title="秋季", made_by=world.zhang)
    path = f"/desk/activities/series/{found.pk}/"
    for n in range(2):
        cast.activity(world.wenxing, series=found, status="draft", ago=-24 * (n + 2), min_age=18)
    assert "发布全部草稿" in text(desk, path)
    assert "已发布2次活动" in said(desk.post(f"{path}publish/", follow=True))
    assert "发布全部草稿" not in text(desk, path)
    assert "没有可以发布的草稿" in said(desk.post(f"{path}publish/", follow=True))
