"""更正 at the desk: proposed from the record or from an upheld appeal, decided by a colleague, in the queue of what waits."""

import pytest
from django.test import Client

from activities import correcting, corrections, hours_keeping, queue
from activities.correcting import approve, decline, propose
from activities.models import Correction, Service
from activities.reviewing import confirm
from communities import appeals, closing
from communities.kin import kin_of
from communities.todo import rows_for
from notifications.models import Message
from points import statement
from tests import world as cast
from tests.activities.cast import recorded, relative
from tests.activities.serving_hours import serve
from tests.communities.steps import shows
from tests.pages import queries
from tests.world import World

pytestmark = pytest.mark.django_db
URL = "/desk/corrections/"


def desk_of(user: object) -> Client:
    client = Client()
    client.force_login(user)
    return client


def form_of(service: Service) -> str:
    return f"/desk/participations/{service.participation_id}/correct/"


def asked(world: World, service: Service, minutes: int = 60) -> Correction:
    return propose(participation=service.participation, minutes=minutes, reason="签退时间记错", by=world.zhang)


def test_one_proposes_from_the_ledger_another_approves(world: World) -> None:
    mine = serve(world)
    zhang, chen = desk_of(world.zhang), desk_of(world.chen)
    shows(zhang.get("/desk/hours/"), form_of(mine))
    shows(zhang.get(form_of(mine)), "李建国", "120分钟，20积分", "张晓燕、陈志强", "提出更正")
    done = zhang.post(form_of(mine), {"minutes": "60", "reason": "签退时间记错"}, follow=True)
    one = Correction.objects.get()
    shows(done, "已提出更正", "120分钟", "60分钟", "按规则10积分", "须由另一位工作人员复核")
    assert "通过更正" not in done.content.decode() and statement.available(world.li) == 20
    shows(zhang.get(form_of(mine)), "以前的更正", f"{URL}{one.pk}/")
    shows(chen.get(f"{URL}{one.pk}/"), "通过更正", "不通过")
    shows(chen.post(f"{URL}{one.pk}/approve/", follow=True), "已更正", "李建国会收到消息", "已更正或作废", "代为申诉")
    assert statement.available(world.li) == 10
    shows(chen.get(URL), "李建国", "签退时间记错", "20积分", "10积分", "已更正")


def test_what_is_wrong_is_said_beside_what_was_typed(world: World) -> None:
    mine = serve(world)
    zhang = desk_of(world.zhang)
    shows(
        zhang.post(form_of(mine), {"minutes": "120", "reason": "签退时间记错"}),
        "和原来一样",
        "签退时间记错",
        status=400,
    )
    shows(zhang.post(form_of(mine), {"minutes": "", "reason": ""}), "更正原因", status=400)
    one = asked(world, mine)
    chen = desk_of(world.chen)
    shows(chen.post(f"{URL}{one.pk}/decline/", {"reason": ""}), "不通过的原因", status=400)
    shows(
        chen.post(f"{URL}{one.pk}/decline/", {"reason": "签到表没错"}, follow=True), "原来的记录没有变动", "签到表没错"
    )
    assert Message.objects.get(staff=world.zhang).title == "记录更正未通过"


def test_somebody_elses_rows_are_not_there(world: World) -> None:
    mine = serve(world)
    one, qian = asked(world, mine), desk_of(world.qian)
    assert qian.get(form_of(mine)).status_code == 404
    for way in ("", "approve/", "decline/"):
        answer = qian.get(f"{URL}{one.pk}/") if not way else qian.post(f"{URL}{one.pk}/{way}", {"reason": "x"})
        assert answer.status_code == 404
    assert "李建国" not in qian.get(URL).content.decode()


def test_the_proposer_and_the_family_are_told_why_not(world: World) -> None:
    wife = relative(world, world.chen)
    mine = serve_for_wife(world, wife)
    shows(desk_of(world.chen).get(form_of(mine)), "不能更正自己、家人")
    one = asked(world, mine)
    shows(desk_of(world.chen).get(f"{URL}{one.pk}/"), "不能更正自己、家人")
    shows(desk_of(world.zhang).get(f"{URL}{one.pk}/"), "须由另一位工作人员复核")


def serve_for_wife(world: World, wife: object) -> Service:
    return Service.objects.get(participation=confirm(participation=recorded(world, wife), minutes=120, by=world.he))


def test_an_upheld_appeal_leads_to_the_form_and_back(world: World) -> None:
    mine = serve(world)
    about = f"participation:{mine.participation_id}"
    filed = appeals.file(resident=world.li, about=about, text="我做了两个半小时", by=world.li.account)
    he = desk_of(world.he)
    assert "据此更正" not in he.get(f"/desk/appeals/{filed.pk}/").content.decode()
    upheld = appeals.answer(appeal=filed, upheld=True, text="属实", new_value="150分钟", by=world.he)
    label = "申诉得到支持，待更正记录"
    assert [row.count for row in rows_for(world.zhang) if row.label == label] == [1]
    assert [row for row in rows_for(world.qian) if row.label == label] == []
    way = f"{form_of(mine)}?appeal={upheld.pk}"
    shows(he.get(f"/desk/appeals/{filed.pk}/"), "据此更正记录", way)
    shows(he.get(way), "申诉成立：150分钟", "申诉成立")
    he.post(way, {"minutes": "150", "reason": "申诉成立：150分钟"})
    one = Correction.objects.get()
    assert one.appeal == upheld
    shows(he.get(f"/desk/appeals/{filed.pk}/"), "查看据此提出的更正", f"{URL}{one.pk}/")
    assert [row for row in rows_for(world.zhang) if row.label == label] == []
    decline(correction=one, reason="签到表没错", by=world.zhang)  # then somebody must act again
    assert [row.count for row in rows_for(world.zhang) if row.label == label] == [1]


def test_a_strange_appeal_in_the_address_is_left_out(world: World) -> None:
    mine = serve(world)
    for query in ("?appeal=x", "?appeal=99999999", "?appeal=" + "9" * 40):
        assert desk_of(world.zhang).get(f"{form_of(mine)}{query}").context["appeal"] is None


def test_the_queue_offers_it_to_who_may_approve_and_only_to_them(world: World) -> None:
    one = asked(world, serve(world))
    kind = queue.kind_of("correction")
    assert kind is not None
    for user in (world.zhang, world.chen, world.he, world.qian):
        rows, why = list(kind.open_for(user)), kind.refusals(user, list(kind.open_for(user)))
        mine = list(kind.waiting_for(user))
        assert mine == [row for row in rows if why(row) is None]
        assert [correcting.refusal_for(row, user, kin_of(user)) is None for row in rows] == [
            why(row) is None for row in rows
        ]
    assert list(kind.waiting_for(world.chen)) == [one] and list(kind.waiting_for(world.zhang)) == []
    (line,) = kind.lines([one])
    assert (line.who, line.minutes, line.detail, line.price.asked) == (
        "李建国",
        60,
        "120分钟改为60分钟：签退时间记错",
        10,
    )
    kind.approve(one, world.chen)
    assert statement.available(world.li) == 10 and not list(kind.open_for(world.chen))


def test_the_lists_cost_as_many_queries_for_one_as_for_thirty(world: World) -> None:
    chen, people = (
        desk_of(world.chen),
        [cast.resident(world.wenxing, f"居民{n}", f"137000000{n:02d}") for n in range(12)],
    )
    asked(world, serve(world))
    few, review = queries(chen, URL), queries(chen, "/desk/review/?kind=correction")
    for person in people:
        asked(world, serve(world, person))
    assert queries(chen, URL) == few
    assert queries(chen, "/desk/review/?kind=correction") == review


def test_the_list_is_filtered(world: World) -> None:
    first, second = serve(world), serve(world, world.wang)
    approve(correction=asked(world, first), by=world.chen)
    asked(world, second)
    chen = desk_of(world.chen)
    assert [row.participation.resident for row in chen.get(f"{URL}?status=proposed").context["rows"]] == [world.wang]
    assert corrections.figures(world.chen) == {"proposed": 1, "approved": 1, "declined": 0}
    assert chen.get(f"{URL}?status=x&before=x").status_code == 200


def test_an_open_correction_keeps_the_file_from_being_closed(world: World) -> None:
    asked(world, serve(world))
    assert list(corrections.obstacles(world.li)) == ["活动“楼道清理”的记录更正还没有复核"]
    assert corrections.held.count(world.zhang, [world.wenxing]) == 1


def test_a_reason_forgets_the_name_of_who_left(world: World) -> None:
    one = propose(participation=serve(world).participation, minutes=60, reason="李建国签退记错", by=world.zhang)
    decline(correction=one, reason="李建国做满了", by=world.chen)
    gone = closing.gone_of(world.li, world.chen)
    hours_keeping.emptied(gone)
    one.refresh_from_db()
    assert (one.reason, one.decline_reason) == (f"{closing.SOMEBODY}签退记错", f"{closing.SOMEBODY}做满了")
    assert one.old_minutes == 120
