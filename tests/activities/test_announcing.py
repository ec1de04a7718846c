"""待公示的积分: put on a notice, posted at its end, stopped by an objection; who closes or moves meanwhile."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activities import announcing, approving, awarding, honours, queue
from activities.models import Award
from activities.reviewing import confirm
from communities import appeals, closing, notices, objections, publishing
from communities.models import Duty, Notice, Resident, User
from communities.todo import rows_for
from core import clock
from core.refusals import Refused
from notifications.models import Message
from points import statement
from points.models import Rule
from tests import world as cast
from tests.activities.cast import recorded, relative
from tests.books import breaches
from tests.communities.steps import shows
from tests.points.deeds import moved, rule
from tests.world import World

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=40)
URL = "/desk/awards/"


def refused(act: object) -> str:
    with pytest.raises(Refused) as caught:
        act()  # type: ignore[operator]
    return caught.value.code


def desk_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def waiting(world: World, resident: Resident | None = None) -> Award:
    """20 points of 环境整治, where 5 and more are shown."""
    if not Rule.objects.filter(sub_district=world.street, code="ENV").exists():
        rule(world, "ENV", starts_on=clock.today() - timedelta(days=60), notice_from=5)
    done = confirm(participation=recorded(world, resident), minutes=120, by=world.chen)
    assert done.award
    return done.award


def shown(world: World, *awards: Award) -> Notice:
    notice = announcing.prepare(awards=awards, title="公示", by=world.zhang)
    return publishing.publish(notice=notice, by=world.he, at=clock.now() - LONG_AGO)


def status(award: Award) -> str:
    return Award.objects.get(pk=award.pk).status


def test_the_hours_do_not_wait_and_the_points_do(world: World) -> None:
    mine = waiting(world)
    assert (mine.status, statement.available(world.li)) == ("notice", 0)
    assert world.li.services.get().minutes == 120  # type: ignore[attr-defined]
    said = Message.objects.get(resident=world.li).body
    assert "应得20积分，公示期满没有异议后入账" in said
    assert refused(lambda: awarding.settle(award=mine, by=world.zhang)) == "notice_not_clear"


def test_the_end_of_the_notice_posts_it_once_and_says_so(world: World) -> None:
    mine = waiting(world)
    notice = shown(world, mine)
    assert publishing.end(notice=notice) and not publishing.end(notice=notice)
    assert (status(mine), statement.available(world.li)) == ("posted", 20)
    assert Message.objects.filter(occasion=f"award:{mine.pk}:posted").count() == 1
    assert refused(lambda: awarding.settle(award=mine, by=world.zhang)) == "award_settled"
    assert breaches() == []


def test_the_line_names_the_kind_and_the_points_alone(world: World) -> None:
    item = shown(world, waiting(world)).items.get()
    assert re.fullmatch(r".+，20积分", item.said) and "楼道" not in item.said and item.resident == world.li


def test_an_upheld_objection_stops_it_and_the_resident_may_appeal(world: World) -> None:
    mine = waiting(world)
    notice = publishing.publish(notice=announcing.prepare(awards=[mine], title="公示", by=world.zhang), by=world.he)
    objection = objections.file(notice=notice, item=notice.items.get(), text="他没来", by=world.zhang)
    judge = cast.staff("head2", "另一主任", Duty.Role.HEAD, community=world.wenxing)
    objections.answer(objection=objection, upheld=True, text="核实没有到场", by=judge)
    assert (status(mine), statement.available(world.li)) == ("stopped", 0)
    decision = appeals.find(world.li, f"award:{mine.pk}")
    assert decision and "20积分没有入账" in decision.value and appeals.find(world.wang, f"award:{mine.pk}") is None
    li = Client()
    li.force_login(world.li.account)  # type: ignore[arg-type]
    shows(li.get("/activities/awards/"), "没有入账：公示期间异议成立", "我要申诉", f"award:{mine.pk}")
    assert breaches() == []


def test_the_resident_sees_until_which_day_it_is_shown(world: World) -> None:
    mine = waiting(world)
    li = Client()
    li.force_login(world.li.account)  # type: ignore[arg-type]
    shows(li.get("/activities/awards/"), "等社区公示", "待公示")
    publishing.publish(notice=announcing.prepare(awards=[mine], title="公示", by=world.zhang), by=world.he)
    until = notices.standing(f"award:{mine.pk}").until
    assert until
    shows(li.get("/activities/awards/"), "公示中", f"到{until.month}月{until.day}日")
    assert f"award:{mine.pk}" not in li.get("/activities/awards/").content.decode()  # nothing to appeal yet


def test_a_withdrawn_notice_leaves_it_to_be_shown_anew(world: World) -> None:
    mine = waiting(world)
    notice = publishing.publish(notice=announcing.prepare(awards=[mine], title="公示", by=world.zhang), by=world.he)
    assert not announcing.to_show(world.zhang).exists()
    publishing.withdraw(notice=notice, reason="写错了", by=world.he)
    (row,) = announcing.waiting(world.zhang)
    assert row.can_be_shown and list(announcing.to_show(world.zhang)) == [mine]
    publishing.end(notice=shown(world, mine))
    assert status(mine) == "posted"


def test_the_file_is_not_closed_while_points_are_shown(world: World) -> None:
    waiting(world)
    assert any("公示" in said for said in closing.obstacles_of(world.li))


def test_nobody_posts_the_points_of_the_own_family(world: World) -> None:
    """Of what the end of the notice could not post; neither by the list nor by a request made by hand."""
    wife = relative(world, world.zhang)
    mine = waiting(world, wife)
    Award.objects.filter(pk=mine.pk).update(title=" ")
    assert publishing.end(notice=shown(world, mine))
    Award.objects.filter(pk=mine.pk).update(title="志愿服务")
    kind = queue.kind_of("award")
    assert kind and not kind.waiting_for(world.zhang).exists() and list(kind.waiting_for(world.chen)) == [mine]
    assert refused(lambda: announcing.approve(mine, world.zhang)) == "own_interest"
    (key,) = [one.key for one in approving.shown(world.zhang, kind, [mine])]
    desk_of(world.zhang).post("/desk/review/approve/", {"picked": [key]})
    assert (status(mine), statement.available(wife)) == ("notice", 0)
    world.he.own_phone = ""
    assert refused(lambda: announcing.approve(mine, world.he)) == "own_phone_missing"
    assert not kind.waiting_for(world.he).exists()
    announcing.approve(mine, world.chen)
    assert (status(mine), statement.available(wife)) == ("posted", 20)


def test_whoever_moves_meanwhile_gets_them_where_they_live(world: World) -> None:
    mine = waiting(world)
    notice = shown(world, mine)
    moved(world.li, world.yongan)
    assert publishing.end(notice=notice)
    entry = Award.objects.get(pk=mine.pk).entry
    assert entry and entry.community == world.yongan and statement.available(world.li) == 20
    assert breaches() == []


def test_what_the_books_refuse_does_not_hold_up_the_others_and_waits_for_a_colleague(world: World) -> None:
    first, second = waiting(world), waiting(world, world.wang)
    notice = shown(world, first, second)
    Award.objects.filter(pk=first.pk).update(title=" ")  # no entry takes an empty reason
    assert publishing.end(notice=notice)
    assert (status(first), status(second)) == ("notice", "posted")
    Award.objects.filter(pk=first.pk).update(title="志愿服务")
    kin = relative(world, world.zhang)
    Award.objects.filter(pk=first.pk).update(title="志愿服务")
    kind = queue.kind_of("award")
    assert kind and list(kind.waiting_for(world.zhang)) == [first] and not kind.waiting_for(world.qian).exists()
    assert [row.count for row in rows_for(world.zhang) if row.label == "公示期满待您审核"] == [1]
    announcing.approve(first, world.zhang)
    assert (status(first), statement.available(world.li), statement.available(kin)) == ("posted", 20, 0)


def test_what_cannot_be_listed_says_so(world: World) -> None:
    mine = waiting(world)
    assert refused(lambda: announcing.prepare(awards=[], title="公示", by=world.zhang)) == "no_awards_picked"
    assert refused(lambda: announcing.prepare(awards=[mine], title="公示", by=world.qian)) == "not_your_duty"
    assert refused(lambda: announcing.prepare(awards=[mine], title=" ", by=world.zhang)) == "bad_notice"
    announcing.prepare(awards=[mine], title="公示", by=world.zhang)
    assert refused(lambda: announcing.prepare(awards=[mine], title="公示二", by=world.zhang)) == "already_shown"
    theirs = honours.record(
        resident=world.zhou, name="好人", on=clock.today(), granted_by="区", level="HONOR_CITY", evidence="x", by=world.qian
    )  # fmt: skip
    award = honours.approve(honour=theirs, by=world.he).award
    assert (
        award
        and refused(lambda: announcing.prepare(awards=[mine, award], title="公示", by=world.he))
        == "awards_of_two_places"
    )


def test_the_desk_lists_ticks_and_prepares(world: World) -> None:
    mine, zhang = waiting(world), desk_of(world.zhang)
    shows(zhang.get("/desk/"), "积分待列入公示", URL)
    shows(zhang.get(URL), "李建国", "20积分", "未公示", f'name="picked" value="{mine.pk}"')
    shows(zhang.post(f"{URL}prepare/", {"title": "11月积分公示", "next": URL}, follow=True), "请先勾选要公示")
    shows(zhang.post(f"{URL}prepare/", {"picked": [mine.pk]}, follow=True), "请写公示的标题")
    shows(
        zhang.post(f"{URL}prepare/", {"picked": [mine.pk], "title": "11月积分公示"}, follow=True),
        "已拟公示，列入1项",
        "11月积分公示",
    )
    listed = zhang.get(URL)
    shows(listed, "已拟，待发布")
    assert 'name="picked"' not in listed.content.decode()
    assert "李建国" not in desk_of(world.qian).get(URL).content.decode()
    qian = desk_of(world.qian).post(f"{URL}prepare/", {"picked": [mine.pk], "title": "x"})
    assert qian.status_code == 302 and Notice.objects.count() == 1


def test_thirty_cost_what_one_costs(world: World) -> None:
    zhang, li = desk_of(world.zhang), Client()
    li.force_login(world.li.account)  # type: ignore[arg-type]
    publishing.publish(notice=announcing.prepare(awards=[waiting(world)], title="公示", by=world.zhang), by=world.he)
    one = [cost(zhang, URL), cost(li, "/activities/awards/")]
    for _ in range(8):
        waiting(world)
    assert [cost(zhang, URL), cost(li, "/activities/awards/")] == one


def cost(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)
