"""待审核: one queue, a page that says what will happen to whom, and one transaction for each."""

import re
from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activities import approving, attended, honours, queue, reviewing
from activities.models import Activity, Award, Honour, Participation
from activities.recording import record
from communities.models import Duty, Resident
from communities.todo import rows_for
from core import clock
from notifications.models import Message
from points import statement
from tests import world as cast
from tests.activities.cast import recorded, relative, signed
from tests.books import breaches
from tests.communities.steps import shows
from tests.points.deeds import rule
from tests.world import World

pytestmark = pytest.mark.django_db
URL = "/desk/review/"
KEYS = re.compile(r'name="picked" value="([^"]+)"')


def desk_of(user: object) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def chen(world: World) -> Client:
    return desk_of(world.chen)


def at_one_activity(world: World, people: list[Resident], minutes: int = 60) -> tuple[Activity, list[Participation]]:
    activity = cast.activity(world.wenxing, ago=3, capacity=60)
    parts = [signed(activity, person, world) for person in people]
    return activity, [record(participation=one, minutes=minutes, by=world.zhang) for one in parts]


def crowd(world: World, count: int) -> list[Resident]:
    return [cast.resident(world.wenxing, f"居民{number}", "") for number in range(count)]


def asked(client: Client, activity: Activity) -> tuple[str, list[str]]:
    html = client.get(f"{URL}activities/{activity.pk}/").content.decode()
    return html, KEYS.findall(html)


def test_the_whole_activity_is_approved_by_two_clicks(chen: Client, world: World) -> None:
    activity, parts = at_one_activity(world, [world.li, world.wang])
    shows(chen.get("/desk/"), "参加记录待您审核入账", f"{URL}?kind=participation")
    shows(chen.get(URL), activity.title, "2人", f"{URL}activities/{activity.pk}/")
    html, keys = asked(chen, activity)
    assert (
        len(keys) == 2 and "李建国" in html and "王秀兰" in html and "入账10积分" in html and "将要通过的，2项" in html
    )
    assert not Award.objects.exists()  # looking writes nothing
    shows(chen.post(f"{URL}approve/", {"picked": keys}, follow=True), "已审核通过2项，入账20积分", "没有等您审核的")
    assert {Participation.objects.get(pk=one.pk).status for one in parts} == {"confirmed"}
    assert breaches() == []


def test_who_recorded_sees_that_a_colleague_must_approve(world: World) -> None:
    activity, _ = at_one_activity(world, [world.li])
    zhang = desk_of(world.zhang)
    shows(zhang.get(URL), "没有等您审核的")
    assert activity.title not in zhang.get(URL).content.decode()
    shows(zhang.get(f"{URL}?whose=all"), activity.title)
    html, keys = asked(zhang, activity)
    assert keys == [] and "须由另一位工作人员确认" in html and "这次不会通过的，1项" in html


def test_who_forges_a_tick_is_refused_by_the_verb(world: World) -> None:
    _, (mine,) = at_one_activity(world, [world.li])
    done = desk_of(world.zhang).post(f"{URL}approve/", {"picked": [f"participation:{mine.pk}:60"]}, follow=True)
    shows(done, "李建国：您记录的服务，须由另一位工作人员确认")
    assert statement.available(world.li) == 0


def test_family_late_and_forgotten_are_named_with_their_reason(chen: Client, world: World) -> None:
    wife = relative(world, world.chen)
    activity, parts = at_one_activity(world, [world.li, wife, world.wang])
    Participation.objects.filter(pk=parts[2].pk).update(left_how="forgotten")
    html, keys = asked(chen, activity)
    assert [key.split(":")[1] for key in keys] == [str(parts[0].pk)]
    assert "不能确认自己或家人的积分" in html and "忘记签退" in html


def test_what_a_cap_will_cut_off_is_said_before(chen: Client, world: World) -> None:
    """Of 环境整治 40 points a day; somebody who was given 40 that day gets nothing more."""
    noon = clock.at(clock.today() - timedelta(days=1), time(12))
    first = recorded(world, minutes=150, starts_at=noon - timedelta(hours=6))
    reviewing.confirm(participation=first, minutes=150, by=world.chen)
    second = recorded(world, minutes=120, starts_at=noon)
    html, keys = asked(chen, second.activity)
    assert "已到封顶，入账15积分" in html and "1项因封顶少计" in html
    chen.post(f"{URL}approve/", {"picked": keys})
    assert Participation.objects.get(pk=second.pk).points == 15
    third = recorded(world, minutes=60, starts_at=noon + timedelta(hours=4))
    assert "已到封顶，不再加分" in asked(chen, third.activity)[0]


def test_several_of_one_person_are_counted_one_after_the_other(world: World) -> None:
    """Two activities of one day together meet the cap: the forecast knows that the first uses it up."""
    noon = clock.at(clock.today() - timedelta(days=1), time(12))
    parts = [recorded(world, minutes=150, starts_at=noon + timedelta(hours=step)) for step in (0, 4)]
    rows = approving.shown(
        world.chen, attended.KIND, list(reviewing.open_for(world.chen).filter(pk__in=[p.pk for p in parts]))
    )
    assert [one.gives for one in rows] == [25, 15]
    outcome = approving.approve(keys=[one.key for one in rows], by=world.chen)
    assert [Participation.objects.get(pk=one.row.pk).points for one in outcome.done] == [25, 15]


def test_too_long_a_day_is_said_before(chen: Client, world: World) -> None:
    begin = clock.at(clock.today() - timedelta(days=1), time(6))
    first = recorded(world, minutes=400, starts_at=begin)
    reviewing.confirm(participation=first, minutes=400, by=world.chen)
    second = recorded(world, minutes=60, starts_at=begin + timedelta(hours=8))
    # Written down before the cap was lowered, say: recording refuses it by now.
    longer = {"minutes": 120, "served_to": begin + timedelta(hours=10), "left_at": begin + timedelta(hours=10)}
    Participation.objects.filter(pk=second.pk).update(**longer)
    html, keys = asked(chen, second.activity)
    assert keys == [] and "当天的服务时长会超过上限" in html


def test_what_waits_for_the_notice_is_said_before_and_after(chen: Client, world: World) -> None:
    rule(world, "ENV", starts_on=clock.today() - timedelta(days=9), notice_from=5)
    activity, _ = at_one_activity(world, [world.li])
    html, keys = asked(chen, activity)
    assert "公示期满后入账" in html and "1项先公示" in html
    shows(chen.post(f"{URL}approve/", {"picked": keys}, follow=True), "入账0积分，1项公示期满后入账")
    assert statement.available(world.li) == 0 and Award.objects.get().status == "notice"


def test_what_changed_since_the_page_was_shown_is_not_approved(chen: Client, world: World) -> None:
    activity, (mine,) = at_one_activity(world, [world.li])
    _, keys = asked(chen, activity)
    record(participation=mine, minutes=100, by=world.zhang)
    shows(chen.post(f"{URL}approve/", {"picked": keys}, follow=True), "1项刚刚被同事办理或改动")
    assert statement.available(world.li) == 0


def test_one_refusal_does_not_hold_up_the_others(chen: Client, world: World) -> None:
    wife = relative(world, world.chen)
    _, parts = at_one_activity(world, [wife, world.li])
    keys = [f"participation:{one.pk}:60" for one in parts]
    shows(chen.post(f"{URL}approve/", {"picked": keys}, follow=True), "已审核通过1项", "陈家人：不能确认自己或家人")
    assert (statement.available(world.li), statement.available(wife)) == (10, 0)


def test_what_the_clock_left_over_is_done_by_pressing_again(world: World) -> None:
    _, parts = at_one_activity(world, [world.li, world.wang, world.zhao])
    keys = [f"participation:{one.pk}:60" for one in parts]
    first = approving.approve(keys=keys, by=world.chen, seconds=0)
    assert (len(first.done), len(first.left)) == (1, 2)
    again = approving.approve(keys=keys, by=world.chen)
    assert (len(again.done), again.gone, again.left) == (2, 1, [])
    assert Message.objects.filter(occasion__endswith=":confirmed").count() == 3
    assert breaches() == []


def test_a_break_down_in_the_middle_keeps_what_was_done_and_goes_on(world: World) -> None:
    """The third row is one that no verb knows: the two before it stay approved, and the same keys finish the rest."""
    _, parts = at_one_activity(world, [world.li, world.wang])
    rows = list(reviewing.open_for(world.chen))

    class Broken(Exception):
        pass

    def breaks(row: Participation, by: object) -> Participation:
        if row.pk == parts[1].pk:
            raise Broken
        return attended.approve(row, world.chen)

    kind = attended.KIND
    queue.register(
        queue.Kind(
            kind.code, kind.title, kind.community, kind.waiting_for, kind.open_for, kind.refusals, kind.lines, breaks
        )
    )
    keys = [f"participation:{row.pk}:60" for row in rows]
    try:
        with pytest.raises(Broken):
            approving.approve(keys=keys, by=world.chen)
    finally:
        queue.register(kind)
    assert [Participation.objects.get(pk=one.pk).status for one in parts] == ["confirmed", "recorded"]
    assert len(approving.approve(keys=keys, by=world.chen).done) == 1


def test_rows_of_other_kinds_are_ticked_and_shown_again(chen: Client, world: World) -> None:
    made = honours.record(
        resident=world.li, name="优秀志愿者", on=clock.today(), granted_by="平城区", level="HONOR_DISTRICT", evidence="证书12号",
        by=world.zhang,
    )  # fmt: skip
    listed = chen.get(URL)
    shows(listed, "区：优秀志愿者", "证书12号", f'value="honour:{made.pk}:HONOR_DISTRICT"')
    (key,) = KEYS.findall(listed.content.decode())
    asking = chen.post(f"{URL}preview/", {"picked": [key], "next": f"{URL}?kind=honour"})
    shows(asking, "李建国", "公示期满后入账", "50")
    assert Honour.objects.get().status == "recorded"
    done = chen.post(f"{URL}approve/", {"picked": [key], "next": f"{URL}?kind=honour"}, follow=True)
    assert done.redirect_chain[-1][0] == f"{URL}?kind=honour"
    shows(done, "已审核通过1项，入账0积分，1项公示期满后入账")


@pytest.mark.parametrize("path", ["preview/", "approve/"])
def test_nothing_ticked_is_said_plainly(chen: Client, world: World, path: str) -> None:
    shows(chen.post(f"{URL}{path}", {}, follow=True), "请先勾选")
    shows(
        chen.post(
            f"{URL}preview/", {"picked": ["x", "participation:1:2:3", "nothing:5:", "participation:--:"]}, follow=True
        ),
        "请先勾选",
    )


@pytest.mark.parametrize(
    "query", ["", "?kind=participation", "?kind=nonsense&community=x&whose=all&after=y", "?kind=honour&after=0"]
)
def test_the_filter_leaves_out_what_it_does_not_know(chen: Client, world: World, query: str) -> None:
    assert chen.get(URL + query).status_code == 200


def test_the_filter_by_community(world: World) -> None:
    activity, _ = at_one_activity(world, [world.li])
    he = desk_of(world.he)
    assert activity.title in he.get(f"{URL}?community={world.wenxing.pk}").content.decode()
    assert activity.title not in he.get(f"{URL}?community={world.yongan.pk}").content.decode()


def test_staff_of_another_community_see_and_approve_nothing(world: World) -> None:
    activity, (mine,) = at_one_activity(world, [world.li])
    qian = desk_of(world.qian)
    assert activity.title not in qian.get(f"{URL}?whose=all").content.decode()
    assert qian.get(f"{URL}activities/{activity.pk}/").status_code == 404
    shows(qian.post(f"{URL}approve/", {"picked": [f"participation:{mine.pk}:60"]}, follow=True), "1项刚刚")
    assert Participation.objects.get().status == "recorded"


def test_the_figures_are_what_one_may_approve(world: World) -> None:
    recorded(world)
    (row,) = [row for row in rows_for(world.chen) if row.label == "参加记录待您审核入账"]
    assert (row.count, row.section, row.url) == (1, "review", f"{URL}?kind=participation")
    assert not [row for row in rows_for(world.zhang) if row.section == "review"]
    world.chen.own_phone = ""
    world.chen.save()
    assert not [row for row in rows_for(world.chen) if row.section == "review"]
    shows(desk_of(world.chen).get(f"{URL}?whose=all"), "楼道清理")


def cost(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_thirty_cost_what_one_costs(chen: Client, world: World) -> None:
    activity, _ = at_one_activity(world, [world.li])
    _honoured(world, [world.li])
    paths = [URL, f"{URL}?kind=honour", f"{URL}activities/{activity.pk}/"]
    one = [cost(chen, path) for path in paths]
    people = crowd(world, 30)
    for person in people:
        record(participation=signed(activity, person, world), minutes=60, by=world.zhang)
        recorded(world, person, ago=30)
    _honoured(world, people)
    assert [cost(chen, path) for path in paths] == one


def _honoured(world: World, people: list[Resident]) -> None:
    for person in people:
        honours.record(
            resident=person, name="好人", on=clock.today(), granted_by="区里", level="HONOR_CITY", evidence="证书", by=world.zhang
        )  # fmt: skip


def test_the_fifty_first_is_on_the_next_page(chen: Client, world: World) -> None:
    _honoured(world, crowd(world, 51))
    few = chen.get(URL).content.decode()
    assert len(KEYS.findall(few)) == 10 and "查看全部表彰" in few
    first = chen.get(f"{URL}?kind=honour").content.decode()
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following and len(KEYS.findall(first)) == 50
    assert len(KEYS.findall(chen.get(URL + following.group(1).replace("&amp;", "&")).content.decode())) == 1


def test_a_duty_that_ended_approves_nothing(world: World) -> None:
    _, (mine,) = at_one_activity(world, [world.li])
    Duty.objects.filter(user=world.chen).update(ends_on=date(2000, 1, 1), starts_on=date(1999, 1, 1))
    answer = desk_of(world.chen).post(f"{URL}approve/", {"picked": [f"participation:{mine.pk}:60"]})
    assert answer.status_code in {302, 403} and Participation.objects.get().status == "recorded"
