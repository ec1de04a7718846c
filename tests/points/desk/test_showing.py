"""积分调整 that give, at the desk: approved, ticked for a notice, and booked by hand where its end could not."""

import pytest
from django.test import Client

from communities import publishing
from communities.models import Notice, User
from points import showing, statement
from points.adjusting import approve
from points.models import Adjustment
from tests.communities.steps import shows
from tests.points.correcting import REASON, proposed
from tests.points.shown import shown
from tests.world import World

pytestmark = pytest.mark.django_db
LIST = "/desk/adjustments/"


def desk_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_what_gives_is_approved_and_ticked_for_a_notice(world: World) -> None:
    chen, mine = desk_of(world.chen), proposed(world)
    shows(chen.get(f"{LIST}{mine.pk}/"), "通过并公示", "先公示，期满没有异议才入账")
    shows(chen.post(f"{LIST}{mine.pk}/approve/", follow=True), "已通过，请列入公示", "待公示入账", "还没有公示")
    assert statement.available(world.wang) == 80
    shows(chen.get("/desk/"), "积分调整待列入公示")
    shows(chen.get(f"{LIST}?status=notice"), f'name="picked" value="{mine.pk}"', "列入公示", REASON)
    done = chen.post(f"{LIST}show/", {"picked": [mine.pk], "title": "11月积分调整公示"}, follow=True)
    shows(done, "已拟公示，列入1项", "11月积分调整公示", "人工调整，增加30积分")
    listed = chen.get(f"{LIST}?status=notice").content.decode()
    assert 'name="picked"' not in listed and "王秀兰" in listed
    shows(chen.get(f"{LIST}{mine.pk}/"), "查看公示：11月积分调整公示", "还没有公示，现在不能办")


def test_nothing_ticked_no_title_or_somebody_elses_is_said(world: World) -> None:
    mine = approve(adjustment=proposed(world), by=world.chen)
    chen = desk_of(world.chen)
    shows(chen.post(f"{LIST}show/", {"title": "x", "next": LIST}, follow=True), "请先勾选待公示的积分调整")
    shows(chen.post(f"{LIST}show/", {"picked": [mine.pk]}, follow=True), "请写公示的标题")
    desk_of(world.qian).post(f"{LIST}show/", {"picked": [mine.pk], "title": "x"})
    assert not Notice.objects.exists()


def test_what_the_end_could_not_book_is_booked_by_hand(world: World) -> None:
    mine = approve(adjustment=proposed(world), by=world.chen)
    notice = shown([mine], world.zhang, world.he)
    Adjustment.objects.update(reason=" ")  # no entry takes it
    assert publishing.end(notice=notice)
    Adjustment.objects.update(reason=REASON)
    zhang = desk_of(world.zhang)
    shows(zhang.get("/desk/"), "积分调整公示期满待入账")
    shows(zhang.get(f"{LIST}{mine.pk}/"), "公示已期满", "没有异议，可以入账")
    assert desk_of(world.qian).post(f"{LIST}{mine.pk}/settle/").status_code == 404
    shows(zhang.post(f"{LIST}{mine.pk}/settle/", follow=True), "已入账，居民会收到消息", "代为申诉")
    assert statement.available(world.wang) == 110
    shows(zhang.post(f"{LIST}{mine.pk}/settle/", {"next": LIST}, follow=True), "已经复核过了")


def test_a_stopped_one_says_why_and_can_be_appealed_for_the_resident(world: World) -> None:

    mine = approve(adjustment=proposed(world), by=world.chen)
    showing.stop(adjustment=mine, reason="公示期间异议成立")
    shows(desk_of(world.chen).get(f"{LIST}{mine.pk}/"), "公示后未入账", "公示期间异议成立", "代为申诉")
    shows(desk_of(world.chen).get(f"{LIST}?status=stopped"), "公示后未入账：公示期间异议成立")
