"""Everybody reads a notice; a confirmed resident of the community objects to it on the phone."""

from datetime import timedelta

import pytest
from django.test import Client

from communities import notices
from communities.models import Consent, Helper, Notice, Objection
from communities.notices import Line
from communities.objections import answer
from communities.publishing import sweep, withdraw
from core import clock
from tests import world as cast
from tests.communities.appealing import Decisions, decisions
from tests.communities.noticing import agree, crowd, drafted, items, shown
from tests.communities.steps import shows
from tests.pages import enter, leafed, queries, text
from tests.world import World

__all__ = ["decisions"]
pytestmark = pytest.mark.django_db


def of(people: list) -> list[Line]:
    return [Line(f"服务{n}小时", one) for n, one in enumerate(people, 1)]


def test_a_visitor_reads_masked_names_and_is_told_the_phone(client: Client, world: World) -> None:
    made = shown(world, of([*crowd(world, 10), world.wang]))
    listed = text(client, "/notices/")
    assert "优秀志愿者名单公示" in listed and "公示中" in listed and "文兴社区" in listed
    page = text(client, f"/notices/{made.pk}/")
    assert "何*安" in page and "另有1人，名单一共11人" in page and "登录后提异议" in page and "打电话提出" in page
    assert "监督电话：0352-0000000" in page and "何平安" not in page and "王*兰" not in page
    assert client.get(f"/notices/{made.pk}/object/").status_code == 302


def test_a_consent_withdrawn_takes_the_name_off_at_once(client: Client, world: World) -> None:
    people = crowd(world, 11)
    made = shown(world, of(people))
    assert "何*安" in text(client, f"/notices/{made.pk}/")
    Consent.objects.filter(resident=people[0]).update(withdrawn_at=clock.now(), withdrawn_by=world.zhang)
    assert "何*安" not in text(client, f"/notices/{made.pk}/")


def test_a_resident_objects_and_reads_the_answer(client: Client, world: World) -> None:
    made = shown(world, of([*crowd(world, 10), world.zhao]))
    enter(client, world.wang)
    shows(client.get(f"/notices/{made.pk}/"), "我要提异议", f"/notices/{made.pk}/object/")
    form = client.get(f"/notices/{made.pk}/object/")
    shows(form, "何*安：服务1小时", "不针对某一项")
    assert "赵" not in form.content.decode() and "何平安" not in form.content.decode()
    page = f"/notices/{made.pk}/object/"
    shows(client.post(page, {"text": ""}), "field__error", status=400)
    shows(client.post(page, {"text": "整份不对"}, follow=True), "异议已提交", "整份不对", "前答复")
    shows(client.post(page, {"text": "整份不对"}), "已经提过异议", status=409)
    line, hidden = items(made)[0], items(made)[10]
    shows(client.post(page, {"text": "不实", "item": hidden.pk}), "field__error", status=400)
    shows(client.post(page, {"text": "他没有参加", "item": line.pk}, follow=True), "他没有参加")
    answer(objection=Objection.objects.get(item=line), upheld=True, text="核实不符，已停止", by=world.he)
    shows(client.get(f"/notices/{made.pk}/"), "核实不符，已停止", "成立")
    client.logout()
    assert "他没有参加" not in text(client, f"/notices/{made.pk}/")
    enter(client, world.li)
    assert "整份不对" not in text(client, f"/notices/{made.pk}/")


@pytest.mark.parametrize("who", ["sun", "zhou"])
def test_who_may_not_object_is_told_where_to_go(client: Client, world: World, who: str) -> None:
    made = shown(world)
    enter(client, getattr(world, who))
    page = client.get(f"/notices/{made.pk}/")
    shows(page, "已确认的居民本人", "打电话提出")
    assert "我要提异议" not in page.content.decode()
    shows(client.post(f"/notices/{made.pk}/object/", {"text": "不对"}), "已确认的居民本人", status=403)
    assert not Objection.objects.exists()


def test_a_helper_does_not_object_for_somebody_else(client: Client, world: World) -> None:
    made = shown(world)
    assert world.li.account
    Helper.objects.create(
        resident=world.zhao, account=world.li.account, name="李建国", relation="邻居",
        consent=Consent.objects.create(resident=world.zhao, purpose="helper", version="2026-11"), by=world.zhang,
    )  # fmt: skip
    client.force_login(world.li.account)
    session = client.session
    session["acting"] = world.zhao.pk
    session.save()
    assert client.get(f"/notices/{made.pk}/").status_code == 200
    assert client.post(f"/notices/{made.pk}/object/", {"text": "不对"}).status_code == 403
    assert not Objection.objects.exists()


def test_ones_own_line_is_shown_to_oneself_with_the_way_to_appeal(
    client: Client, world: World, decisions: Decisions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "_homes", dict(notices._homes))
    notices.register("test")
    about = decisions.about(world.wang, by=world.chen)
    made = shown(world, [Line("服务120小时", world.wang, about=about), Line("服务3小时", world.wang)])
    enter(client, world.wang)
    shows(client.get(f"/notices/{made.pk}/"), "与您有关", "服务120小时", f"/appeals/{about}/", "服务3小时")
    assert client.get(f"/notices/{made.pk}/").content.decode().count("/appeals/") == 1
    enter(client, world.li)
    assert "与您有关" not in text(client, f"/notices/{made.pk}/")
    assert "服务120小时" not in text(client, f"/notices/{made.pk}/")


def test_what_is_over_names_nobody_and_is_gone_after_ninety_days(client: Client, world: World) -> None:
    made = shown(world, of(crowd(world, 10)), at=clock.now() - timedelta(days=40))
    over = text(client, f"/notices/{made.pk}/")
    assert "何*安" not in over and "名单共10人" in over and "公示期满" in over and "登录后提异议" not in over
    sweep(at=clock.now() - timedelta(days=89))
    Notice.objects.update(status="ended", ended_at=clock.now() - timedelta(days=89))
    assert "已结束" in text(client, "/notices/") and client.get(f"/notices/{made.pk}/").status_code == 200
    Notice.objects.update(ended_at=clock.now() - timedelta(days=91))
    assert "优秀志愿者" not in text(client, "/notices/") and client.get(f"/notices/{made.pk}/").status_code == 404


def test_a_draft_is_nobodys_business_and_what_was_taken_down_says_why(client: Client, world: World) -> None:
    draft, made = drafted(world), shown(world, of(crowd(world, 10)))
    withdrawn = withdraw(notice=drafted(world), reason="不办了", by=world.zhang)
    for gone in (draft, withdrawn):
        assert client.get(f"/notices/{gone.pk}/").status_code == 404
    withdraw(notice=made, reason="漏列一人", by=world.chen)
    page = text(client, f"/notices/{made.pk}/")
    assert "已撤下：漏列一人" in page and "何*安" not in page


def test_residents_see_those_of_their_community(client: Client, world: World) -> None:
    shown(world)
    enter(client, world.zhou)
    assert "优秀志愿者" not in text(client, "/notices/")
    enter(client, world.li)
    assert "优秀志愿者" in text(client, "/notices/")


@pytest.mark.parametrize("size", ["standard", "elder"])
def test_the_first_page_points_to_what_runs(client: Client, world: World, size: str) -> None:
    client.cookies["size"] = size
    enter(client, world.wang)
    bare = queries(client, "/")
    assert "/notices/" not in client.get("/").content.decode()
    made = shown(world)
    shows(client.get("/"), f"/notices/{made.pk}/", "正在公示")
    assert queries(client, "/") == bare <= 6
    enter(client, world.zhou)
    assert "正在公示" not in text(client, "/")
    withdraw(notice=made, reason="更正", by=world.chen)
    enter(client, world.wang)
    assert "正在公示" not in text(client, "/")


def test_thirty_cost_what_one_costs_and_the_pager_leads_through(client: Client, world: World) -> None:
    enter(client, world.wang)
    shown(world)
    one = queries(client, "/notices/")
    for n in range(45):
        shown(world, title=f"第{n}份公示")
    assert queries(client, "/notices/") == one <= 8
    assert len(leafed(client, "/notices/")) == 3


def test_a_list_of_forty_costs_what_one_costs(client: Client, world: World) -> None:
    enter(client, world.wang)
    small = shown(world, [Line("服务", world.li)])
    people = [cast.resident(world.wenxing, f"甲乙{n:02d}") for n in range(40)]
    agree(*people)
    large = shown(world, of(people))
    assert queries(client, f"/notices/{large.pk}/") == queries(client, f"/notices/{small.pk}/") <= 15
