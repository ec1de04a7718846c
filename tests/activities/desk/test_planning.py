"""The desk's pages of planning: templates, drafts, changes, copies, ends."""

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from activities.kinds import TEMPLATES
from activities.models import Activity, FollowUp, Participation
from activities.planning import plan, publish
from core import clock
from notifications.models import Message
from tests import world as cast
from tests.activities.cast import recorded, signed
from tests.activities.plans import drafted, planned
from tests.pages import links, queries, text, words
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, world: World) -> Client:
    client.force_login(world.zhang)
    return client


def path_of(activity: Activity, act: str = "") -> str:
    return f"/desk/activities/{activity.pk}/{act}"


def form(world: World, **typed: object) -> dict[str, object]:
    day = clock.today() + timedelta(days=3)
    return {
        "community": world.wenxing.pk, "kind": "ENV", "title": "春季清扫", "day": day.isoformat(), "begins": "09:00",
        "ends": "11:00", "place": "东门", "leader": "张晓燕", "capacity": 20, "content": "清扫", "risk": "注意车辆",
    } | typed  # fmt: skip


def said(answer: object) -> str:
    return words(answer.content.decode())  # type: ignore[attr-defined]


def test_a_kind_fills_the_form_in(desk: Client, world: World) -> None:
    for kind in Activity.Kind:
        html = unescape(desk.get(f"/desk/activities/new/?kind={kind}").content.decode())
        template = TEMPLATES[kind]
        for part in (template.content, template.risk, template.place, f'value="{template.capacity}"', kind.label):
            assert part in html, (kind, part)
    assert TEMPLATES["ENV"].risk not in unescape(desk.get("/desk/activities/new/").content.decode())
    assert desk.get("/desk/activities/new/?kind=%00").status_code == 200


def test_staff_announce_an_activity_with_all_its_fields(desk: Client, world: World) -> None:
    partner, room = cast.partner(world.street, world.wenxing, world.zhang).partner, cast.room(world.wenxing)
    until = (clock.today() + timedelta(days=2)).isoformat()
    typed = form(
        world, kind="LECT", room=room.pk, providers=[partner.pk], audience="待业青年", skills="无", training="无",
        equipment="纸笔", min_age=16, max_age=60, leader_phone="0352-0000001", sign_up_until=f"{until}T18:00",
    )  # fmt: skip
    answer = desk.post("/desk/activities/new/", typed, follow=True)
    made = Activity.objects.get()
    assert "已发布" in said(answer) and "不计服务时长" in said(answer)
    assert (made.status, made.volunteering, list(made.providers.all()), made.room) == ("open", False, [partner], room)
    assert (made.min_age, made.max_age, made.audience, made.equipment) == (16, 60, "待业青年", "纸笔")
    assert made.sign_up_until and f"{clock.local(made.sign_up_until):%Y-%m-%d %H:%M}" == f"{until} 18:00"
    for part in ("博世邻里之家", "待业青年", "16～60岁", "舞蹈厅", "0352-0000001"):
        assert part in said(answer)


def test_without_an_age_that_of_the_kind_counts(desk: Client, world: World) -> None:
    desk.post("/desk/activities/new/", form(world))
    desk.post("/desk/activities/new/", form(world, kind="PAT", min_age=""))
    desk.post("/desk/activities/new/", form(world, kind="LECT", min_age=0))
    assert list(Activity.objects.order_by("pk").values_list("min_age", flat=True)) == [14, 18, 0]


def test_a_draft_is_kept_changed_and_published(desk: Client, world: World) -> None:
    answer = desk.post("/desk/activities/new/", form(world, dangerous="on", draft=1), follow=True)
    made = Activity.objects.get()
    assert made.status == "draft" and "须先为志愿者买保险" in said(answer) and "发布活动" not in said(answer)
    again = unescape(desk.get(path_of(made, "edit/")).content.decode())
    assert "春季清扫" in again and 'value="09:00"' in again
    change = form(world, title="春季大扫除", dangerous="on", insurance="PICC-1", min_age=18)
    answer = desk.post(path_of(made, "edit/"), change, follow=True)
    assert "草稿已保存" in said(answer) and "发布活动" in said(answer)
    answer = desk.post(path_of(made, "publish/"), follow=True)
    made.refresh_from_db()
    assert ("已发布" in said(answer), made.status, made.title) == (True, "open", "春季大扫除")


def test_a_refused_publication_shows_the_form_as_typed(desk: Client, world: World) -> None:
    answer = desk.post("/desk/activities/new/", form(world, dangerous="on", min_age=18))
    assert answer.status_code == 400 and "保险单号" in said(answer) and 'value="春季清扫"' in answer.content.decode()
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        {"room": "999"},
        {"providers": ["999"]},
        {"day": "0001-01-01"},
        {"sign_up_until": "9999-12-31T00:00"},
        {"min_age": -1},
    ],
    ids=str,
)
def test_what_cannot_be_is_said_at_the_field(desk: Client, world: World, typed: dict[str, object]) -> None:
    answer = desk.post("/desk/activities/new/", form(world, **typed))
    assert answer.status_code == 400 and "field__error" in answer.content.decode()
    assert not Activity.objects.exists()


def test_rooms_and_partners_of_others_are_not_offered(desk: Client, world: World) -> None:
    cast.room(world.yongan)
    html = desk.get("/desk/activities/new/").content.decode()
    assert "永安社区" not in html


def test_drafts_are_nobody_elses_business(client: Client, world: World) -> None:
    made = drafted(world)
    assert client.get(f"/activities/{made.pk}/").status_code == 404
    assert made.title not in text(client, "/activities/")


def test_a_change_after_the_announcement_is_told_on_the_page_and_to_people(desk: Client, world: World) -> None:
    nine = clock.local(clock.now() + timedelta(days=3)).replace(hour=9, minute=0)
    activity = cast.activity(world.wenxing, starts_at=nine)
    signed(activity, world.wang, world)
    page = text(desk, path_of(activity, "edit/"))
    assert "集合地点" in page and "名称、类别" in page
    assert 'name="title"' not in desk.get(path_of(activity, "edit/")).content.decode()
    typed = form(world, day=nine.date().isoformat(), begins="09:00", ends="10:00", place="西门")
    typed |= {"title": "改名", "min_age": 60, "kind": "MEET"}
    answer = desk.post(path_of(activity, "edit/"), typed, follow=True)
    activity.refresh_from_db()
    assert "并通知了1位" in said(answer)
    assert (activity.place, activity.title, activity.min_age, activity.kind) == ("西门", "楼道清理", 18, "ENV")
    assert Message.objects.filter(occasion__contains=":changed:").count() == 1
    assert desk.get(path_of(cast.activity(world.wenxing, ago=1), "edit/")).status_code == 409


def test_a_draft_is_thrown_away(desk: Client, world: World) -> None:
    answer = desk.post(path_of(drafted(world), "drop/"), follow=True)
    assert "已删除" in said(answer) and not Activity.objects.exists()


def test_a_copy_opens_as_a_draft_to_be_looked_at(desk: Client, world: World) -> None:
    activity = cast.activity(world.wenxing, ago=48)
    answer = desk.post(path_of(activity, "copy/"), {"day": clock.today() + timedelta(days=4)}, follow=True)
    made = Activity.objects.get(status="draft")
    assert answer.redirect_chain[-1][0] == path_of(made, "edit/") and "已复制为草稿" in said(answer)
    assert desk.post(path_of(activity, "copy/"), {"day": "9999-12-31"}).status_code == 400


def test_who_waits_is_told_of_the_end_too(desk: Client, world: World) -> None:
    activity = cast.activity(world.wenxing)
    signed(activity, world.wang, world)
    assert "不能恢复" in text(desk, path_of(activity, "call-off/"))
    assert desk.post(path_of(activity, "call-off/"), {"reason": ""}).status_code == 400
    answer = desk.post(path_of(activity, "call-off/"), {"reason": "大风"}, follow=True)
    assert "已通知1位报名或候补的居民" in said(answer) and "大风" in said(answer)


def test_an_activity_is_finished_when_everybody_is_settled(desk: Client, world: World) -> None:
    activity = recorded(world).activity
    open_still = cast.activity(world.wenxing, ago=50)
    signed(open_still, world.wang, world)
    assert "还有1位" in text(desk, path_of(open_still, "finish/"))
    assert desk.post(path_of(open_still, "finish/")).status_code == 409
    assert path_of(activity, "finish/") in links(desk, path_of(activity))
    answer = desk.post(path_of(activity, "finish/"), {"summary": "清理三个楼道"}, follow=True)
    assert "已办理结束" in said(answer) and "清理三个楼道" in said(answer)
    assert path_of(activity, "finish/") not in links(desk, path_of(activity))


def test_what_came_of_a_salon_stands_on_its_page(desk: Client, world: World) -> None:
    salon = cast.activity(world.wenxing, kind="SALON", volunteering=False, ago=3)
    assert "登记后续" in text(desk, path_of(salon))
    assert "登记后续" not in text(desk, path_of(cast.activity(world.wenxing, ago=3)))
    answer = desk.post(
        path_of(salon, "follow-up/"), {"kind": "job", "text": "1人就业", "on": clock.today()}, follow=True
    )
    assert "后续：就业1件" in said(answer) and FollowUp.objects.get().by == world.zhang
    late = {"kind": "job", "text": "就业", "on": clock.today() + timedelta(days=1)}
    assert desk.post(path_of(salon, "follow-up/"), late).status_code == 400


def test_one_page_costs_the_same_however_much_came_of_it(desk: Client, world: World) -> None:
    salon = cast.activity(world.wenxing, kind="SALON", volunteering=False, ago=3)

    def more(n: int) -> None:
        for _ in range(n):
            FollowUp.objects.create(activity=salon, kind="job", text="就业", on=clock.today(), by=world.zhang)

    more(1)
    once = queries(desk, path_of(salon))
    more(29)
    assert queries(desk, path_of(salon)) == once


def test_the_buttons_follow_the_state(desk: Client, world: World) -> None:
    made = drafted(world)
    assert {"修改草稿", "删除草稿", "发布活动"} <= {
        one for one in ("修改草稿", "删除草稿", "发布活动") if one in text(desk, path_of(made))
    }
    publish(activity=made, by=world.zhang)
    shown = text(desk, path_of(made))
    assert "取消活动" in shown and "修改活动" in shown and "发布活动" not in shown and "办理结束" not in shown
    over = text(desk, path_of(cast.activity(world.wenxing, ago=5)))
    assert "办理结束" in over and "取消活动" not in over and "修改活动" not in over


def test_a_plain_publication_is_refused_twice(desk: Client, world: World) -> None:
    made = plan(activity=planned(world), by=world.zhang)
    answer = desk.post(path_of(made, "publish/"), follow=True, headers={"referer": f"http://testserver{path_of(made)}"})
    assert "已经不是草稿" in said(answer)
    assert not Participation.objects.exists()


def test_who_leads_is_looked_for_and_chosen(desk: Client, world: World) -> None:
    activity = cast.activity(world.wenxing)
    path = path_of(activity, "organiser/")
    assert path in links(desk, path_of(activity)) and "还没有定" in text(desk, path)
    assert "王秀兰" in text(desk, f"{path}?q=wxl") and "没有找到" in text(desk, f"{path}?q=周海涛")
    assert "已请王秀兰" in said(desk.post(path, {"resident": world.wang.pk}, follow=True))
    for strange in (world.zhou.pk, "x", "9" * 40):
        assert desk.post(path, {"resident": strange}).status_code == 404
    assert "现在是王秀兰" in text(desk, path)
    assert "现在没有现场组织人" in said(desk.post(path, follow=True))
    activity.refresh_from_db()
    assert activity.organiser is None
