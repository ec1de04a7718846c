"""表彰: one records, another sees the evidence, and the points wait for the notice."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from activities import announcing, awarding, honours
from activities.models import Award, Honour
from communities import appeals, guardians, publishing
from communities.models import Resident, User
from communities.todo import rows_for
from core import clock
from core.refusals import Refused
from notifications.models import Message
from points import statement
from tests.activities.cast import relative
from tests.books import breaches
from tests.communities.guarding import AGREED, child_of
from tests.communities.steps import shows
from tests.world import World

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=40)


def recorded(world: World, resident: Resident | None = None, level: str = "HONOR_DISTRICT", **fields: object) -> Honour:
    given = {
        "resident": resident or world.li, "name": "优秀志愿者", "on": clock.today() - timedelta(days=3), "granted_by": "平城区",
        "level": level, "evidence": "证书2026-12号", "by": world.zhang, **fields,
    }  # fmt: skip
    return honours.record(**given)  # type: ignore[arg-type]


def refused(act: object) -> str:
    with pytest.raises(Refused) as caught, transaction.atomic():
        act()  # type: ignore[operator]
    return caught.value.code


@pytest.mark.parametrize(("level", "points"), [("HONOR_STREET", 30), ("HONOR_DISTRICT", 50), ("HONOR_CITY", 80)])
def test_the_points_of_the_level_wait_for_the_notice(world: World, level: str, points: int) -> None:
    done = honours.approve(honour=recorded(world, level=level), by=world.chen)
    award = done.award
    assert award and (done.status, done.decided_by, award.status, award.asked) == (
        "approved",
        world.chen,
        "notice",
        points,
    )
    assert (award.about, award.recorded_by, award.approved_by) == (f"honour:{done.pk}", world.zhang, world.chen)
    assert statement.available(world.li) == 0
    said = Message.objects.get(occasion=f"honour:{done.pk}:approved").body
    assert "已记入您的表彰记录" in said and f"应得{points}积分，公示期满没有异议后入账" in said
    notice = announcing.prepare(awards=[award], title="表彰积分公示", by=world.zhang)
    assert notice.items.get().said == f"{ {30: '受街道表彰', 50: '受区表彰', 80: '受市表彰'}[points] }，{points}积分"
    publishing.publish(notice=notice, by=world.he, at=clock.now() - LONG_AGO)
    assert publishing.end(notice=notice)
    assert statement.available(world.li) == points
    assert breaches() == []


def test_a_childs_points_are_the_guardians_and_nobodys_without_one(world: World) -> None:
    child = child_of(world.wang, 12)
    alone = recorded(world, child)
    assert refused(lambda: honours.approve(honour=alone, by=world.chen)) == "honour_guardian_unknown"
    guardians.register(child=child, guardian=world.wang, kinship=AGREED, by=world.zhang)
    award = honours.approve(honour=alone, by=world.chen).award
    assert award is not None and award.resident == world.wang


def test_what_has_no_level_is_on_record_without_points(world: World) -> None:
    done = honours.approve(honour=recorded(world, level="none"), by=world.chen)
    assert (done.status, done.award) == ("approved", None) and not Award.objects.exists()


def test_two_people_and_no_family(world: World) -> None:
    mine = recorded(world)
    assert refused(lambda: honours.approve(honour=mine, by=world.zhang)) == "own_honour_record"
    assert refused(lambda: honours.decline(honour=mine, reason="x", by=world.zhang)) == "own_honour_record"
    assert refused(lambda: honours.approve(honour=mine, by=world.qian)) == "not_your_duty"
    kin = relative(world, world.chen)
    theirs = recorded(world, kin)
    assert refused(lambda: honours.approve(honour=theirs, by=world.chen)) == "own_honour"
    assert refused(lambda: recorded(world, kin, by=world.chen)) == "own_honour"
    world.he.own_phone = ""
    world.he.save()
    assert refused(lambda: honours.approve(honour=theirs, by=world.he)) == "own_phone_missing"


def test_the_database_wants_two_people(world: World) -> None:
    mine = recorded(world)
    fields = {"status": "approved", "decided_by": world.zhang, "decided_at": clock.now()}
    with pytest.raises(IntegrityError, match="honour_two_people"), transaction.atomic():
        Honour.objects.filter(pk=mine.pk).update(**fields)


@pytest.mark.parametrize(
    "half",
    [
        {"status": "approved"}, {"status": "declined", "decline_reason": "x"}, {"decline_reason": "x"}, {"when": True},
        {"status": "declined", "when": True, "whom": True},
        {"status": "approved", "when": True, "whom": True, "decline_reason": "x"},
    ],
    ids=str,
)  # fmt: skip
def test_the_database_takes_no_half_decision(world: World, half: dict[str, object]) -> None:
    mine = recorded(world)
    fields = {key: value for key, value in half.items() if key not in {"when", "whom"}}
    by = {"decided_by": world.chen} if "whom" in half else {}
    at = {"decided_at": clock.now()} if "when" in half else {}
    with pytest.raises(IntegrityError, match="honour_decided_when"), transaction.atomic():
        Honour.objects.filter(pk=mine.pk).update(**fields, **by, **at)


def test_the_database_gives_no_award_to_what_was_declined(world: World) -> None:
    given = honours.approve(honour=recorded(world), by=world.chen).award
    other = honours.decline(honour=recorded(world, world.wang), reason="不属实", by=world.chen)
    with pytest.raises(IntegrityError, match="honour_decided_when"), transaction.atomic():
        Honour.objects.filter(pk=other.pk).update(award=given)


def test_it_is_decided_once(world: World) -> None:
    mine = recorded(world)
    honours.approve(honour=mine, by=world.chen)
    assert refused(lambda: honours.approve(honour=mine, by=world.he)) == "honour_decided"
    assert refused(lambda: honours.decline(honour=mine, reason="x", by=world.he)) == "honour_decided"
    assert refused(lambda: recorded(world)) == "honour_recorded"


@pytest.mark.parametrize(
    "wrong",
    [
        {"evidence": " "}, {"name": ""}, {"granted_by": ""}, {"name": "长" * 61}, {"level": "HONOR_MOON"}, {"evidence": "一\0"},
        {"on": date(2999, 1, 1)},
    ],
)  # fmt: skip
def test_what_is_written_must_be_whole(world: World, wrong: dict[str, object]) -> None:
    assert refused(lambda: recorded(world, **wrong)) == "honour_text"  # type: ignore[arg-type]


def test_nobody_records_for_whom_they_do_not_serve(world: World) -> None:
    assert refused(lambda: recorded(world, by=world.qian)) == "not_your_duty"
    assert refused(lambda: recorded(world, world.sun)) == "resident_not_confirmed"


def test_who_was_declined_is_told_why_and_may_appeal(world: World) -> None:
    mine = honours.decline(honour=recorded(world), reason=" 证书上是另一个人 ", by=world.chen)
    assert (mine.status, mine.decline_reason, mine.award) == ("declined", "证书上是另一个人", None)
    said = Message.objects.get(occasion=f"honour:{mine.pk}:declined")
    assert "证书上是另一个人" in said.body and said.link == f"/appeals/honour:{mine.pk}/"
    decision = appeals.find(world.li, f"honour:{mine.pk}")
    assert decision and decision.prepared_by_id == world.zhang.pk and decision.decided_by_id == world.chen.pk
    assert appeals.find(world.wang, f"honour:{mine.pk}") is None
    assert appeals.find(world.li, f"honour:{recorded(world).pk}") is None  # recorded anew, and not decided
    filed = appeals.file(resident=world.li, about=f"honour:{mine.pk}", text="是我", by=world.li.account or world.zhang)
    for judge in (world.chen, world.zhang):
        answer = appeals.refusal_to_answer(filed, judge)
        assert answer and answer.code == "own_decision"


@pytest.mark.parametrize("reason", ["", " ", "长" * 101, "一\0"])
def test_declining_asks_why(world: World, reason: str) -> None:
    assert refused(lambda: honours.decline(honour=recorded(world), reason=reason, by=world.chen)) == "honour_reason"


def test_the_queue_and_the_refusal_agree_for_everybody(world: World) -> None:
    kin = relative(world, world.chen)
    rows = [recorded(world), recorded(world, kin), recorded(world, world.wang, by=world.chen)]
    rows.append(honours.approve(honour=recorded(world, world.zhao), by=world.chen))
    for user in (world.zhang, world.chen, world.he, world.qian):
        may = {one.pk for one in rows if honours.refusal_for(Honour.objects.get(pk=one.pk), user) is None}
        if user == world.qian:
            may = set()
        assert {one.pk for one in honours.waiting_for(user)} == may, user.username
    assert [row.count for row in rows_for(world.he) if row.label == "表彰待您审核"] == [3]


def desk_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_desk_records_approves_and_declines(world: World) -> None:
    zhang, chen = desk_of(world.zhang), desk_of(world.chen)
    shows(zhang.get("/desk/honours/?q=1187"), "李建国", f"/desk/honours/new/{world.li.pk}/")
    form = f"/desk/honours/new/{world.li.pk}/"
    typed = {
        "name": "好人",
        "level": "HONOR_CITY",
        "on": clock.today().isoformat(),
        "granted_by": "市里",
        "evidence": "文件3号",
    }
    shows(zhang.post(form, {**typed, "evidence": ""}), "field__error", "好人", status=400)
    shows(zhang.post(form, typed, follow=True), "已登记", "须由另一位工作人员审核", "文件3号", "80")
    shows(zhang.post(form, typed), "没有重复登记", "文件3号", status=409)
    mine = Honour.objects.get()
    shows(chen.get(f"/desk/honours/{mine.pk}/"), "80积分先公示", "不通过")
    shows(chen.post(f"/desk/honours/{mine.pk}/decline/", {"reason": ""}), "field__error", status=400)
    shows(chen.post(f"/desk/honours/{mine.pk}/approve/", follow=True), "已记入表彰记录", "去列入公示", "陈志强")
    shows(chen.get("/desk/honours/?status=approved"), "李建国", "待公示入账")
    shows(chen.post(f"/desk/honours/{mine.pk}/decline/", {"reason": "晚了"}), "已经审核过", status=409)
    other = recorded(world, world.wang)
    shows(chen.post(f"/desk/honours/{other.pk}/decline/", {"reason": "没有证书"}, follow=True), "代为申诉", "没有证书")


def test_staff_of_another_community_see_nothing(world: World) -> None:
    mine, qian = recorded(world), desk_of(world.qian)
    assert "李建国" not in qian.get("/desk/honours/").content.decode()
    for path in (f"{mine.pk}/", f"new/{world.li.pk}/"):
        assert qian.get(f"/desk/honours/{path}").status_code == 404
    for path in ("approve/", "decline/"):
        assert qian.post(f"/desk/honours/{mine.pk}/{path}", {"reason": "x"}).status_code == 404


def test_an_honour_of_years_ago_is_priced_by_the_rule_of_its_day(world: World) -> None:
    done = honours.approve(honour=recorded(world, on=clock.today() - timedelta(days=800)), by=world.chen)
    assert done.award
    awarding_refusal = None
    try:
        with transaction.atomic():
            awarding.settle(award=done.award, by=world.system)
    except Refused as refusal:
        awarding_refusal = refusal.code
    assert awarding_refusal == "notice_not_clear"


def test_the_resident_reads_it_on_the_phone(world: World) -> None:
    honours.decline(honour=recorded(world), reason="证书上是另一个人", by=world.chen)
    honours.approve(honour=recorded(world, name="好人"), by=world.chen)
    li = Client()
    li.force_login(world.li.account)  # type: ignore[arg-type]
    shows(
        li.get("/activities/awards/"), "优秀志愿者", "证书上是另一个人", "我要申诉", "好人", "表彰：好人", "等社区公示"
    )
