"""我的服务记录: what the resident, a helper and the counter read of somebody's hours, and how the person objects."""

import pytest
from django.test import Client

from activities import service_record, trainings
from activities.correcting import approve, propose
from activities.models import Activity, Honour, Service
from activities.recording import absent
from communities import copying, helping
from communities.models import Appeal, Consent, Resident
from core import clock
from points import statement
from tests import world as cast
from tests.activities.cast import signed
from tests.activities.serving_hours import attend, nine, serve
from tests.pages import enter, leafed, queries, text
from tests.points.deeds import charged
from tests.world import World

pytestmark = pytest.mark.django_db
URL = "/activities/hours/"


def test_everything_that_the_order_names_is_there(client: Client, world: World) -> None:
    serve(world, minutes=100)
    page = text(enter(client, world.li), URL)
    for said in ("累计服务时长1.5小时", "共1次", "楼道清理", "09:00—10:40", "100分钟", "清理楼道杂物", "天和城东门", "文兴社区", "负责人张晓燕",
                 "工作人员录入", "记录张晓燕", "审核陈志强", "我要申诉"):  # fmt: skip
        assert said in page, said


def test_hours_do_not_fall_when_points_are_spent(client: Client, world: World) -> None:
    serve(world)
    charged(world, world.li, 20)
    assert statement.available(world.li) == 0
    assert "累计服务时长2.0小时" in text(enter(client, world.li), URL)


def test_trainings_honours_and_corrections_stand_beside_and_count_nothing(client: Client, world: World) -> None:
    mine = serve(world)
    approve(
        correction=propose(participation=mine.participation, minutes=60, reason="签退记错", by=world.zhang),
        by=world.chen,
    )
    day = clock.today()
    trainings.enter(
        community=world.wenxing,
        residents=[world.li],
        lesson=trainings.Lesson("急救培训", "心肺复苏", "红十字会", 90, day),
        by=world.zhang,
    )
    common = {
        "community": world.wenxing,
        "resident": world.li,
        "on": day,
        "granted_by": "街道",
        "evidence": "文件",
        "recorded_by": world.zhang,
    }
    Honour.objects.create(name="优秀志愿者", status="approved", decided_by=world.chen, decided_at=clock.now(), **common)
    Honour.objects.create(name="还没审核的", **common)
    page = text(enter(client, world.li), URL)
    for said in (
        "累计服务时长1.0小时",
        "原来120分钟、20积分，改为60分钟、10积分",
        "原因：签退记错",
        "急救培训",
        "培训不计服务时长",
        "优秀志愿者",
    ):
        assert said in page, said
    assert "还没审核的" not in page and page.count("楼道清理") == 2  # the record that stands, and the correction


def test_a_mark_of_absence_may_be_appealed_from_this_page(client: Client, world: World) -> None:
    part = absent(participation=signed(cast.activity(world.wenxing, ago=3), world.li, world), by=world.zhang)
    enter(client, world.li)
    html = client.get(URL).content.decode()
    assert "不计时长的" in html and f"/appeals/participation:{part.pk}/" in html
    shown = text(client, f"/appeals/participation:{part.pk}/")
    assert "标记为未到场" in shown and "未到场" in shown
    client.post(f"/appeals/participation:{part.pk}/", {"text": "我八点就到了，签到表上有名字"})
    assert Appeal.objects.get().decided_by == world.zhang
    assert "申诉待答复" in text(client, URL)


def test_after_a_correction_it_is_the_correction_that_one_appeals(client: Client, world: World) -> None:
    mine = serve(world)
    done = approve(
        correction=propose(participation=mine.participation, minutes=60, reason="记错", by=world.zhang), by=world.chen
    )
    enter(client, world.li)
    html = client.get(URL).content.decode()
    assert f"/appeals/correction:{done.pk}/" in html and "/appeals/participation:" not in html
    assert "服务时长120分钟改为60分钟，积分20改为10" in text(client, f"/appeals/correction:{done.pk}/")
    assert client.get(f"/appeals/participation:{mine.participation_id}/").status_code == 404


def test_what_is_counted_once_is_listed_with_its_points(client: Client, world: World) -> None:
    lecture = cast.activity(
        world.wenxing, kind=Activity.Kind.LECT, volunteering=False, starts_at=nine(1), title="防骗讲座"
    )
    from_desk = attend(world, lecture, world.li, 90)
    page = text(enter(client, world.li), URL)
    assert "防骗讲座" in page and f"{from_desk.points}积分" in page and "累计服务时长0.0小时" in page


def test_a_helper_reads_it_and_cannot_object(client: Client, world: World) -> None:
    serve(world, world.zhao)
    helping.appoint(
        resident=world.zhao,
        phone="13712340001",
        name="赵小妹",
        relation="子女",
        by=world.zhang,
        way=Consent.Way.SIGNATURE,
    )
    account = cast.resident(world.wenxing, "赵小妹", "13712340001").account
    client.force_login(account)
    session = client.session
    session["acting"] = world.zhao.pk
    session.save()
    page = text(client, URL)
    assert "累计服务时长2.0小时" in page and "我要申诉" not in page
    assert client.get(f"{URL}paper/").status_code == 200


def test_nobody_reads_somebody_elses(client: Client, world: World) -> None:
    serve(world)
    assert "楼道清理" not in text(enter(client, world.wang), URL)
    client.logout()
    assert client.get(URL).status_code == 302


def test_an_old_record_says_nothing_of_an_appeal_that_is_too_late(client: Client, world: World) -> None:
    mine = serve(world, days_ago=40, late_reason="签到表刚找到")
    line = service_record.lines(world.li, None, clock.now())[0]
    assert line.appeal is not None and line.service == mine  # decided today, whatever the day of service
    later = service_record.lines(world.li, None, clock.now() + (clock.now() - nine(60)))[0]
    assert later.appeal is None


def test_the_pages_follow_one_another(client: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_record, "PAGE", 2)
    for n in range(5):
        serve(world, days_ago=1 + n)
    enter(client, world.li)
    found = [one.service.pk for path in leafed(client, URL) for one in client.get(path).context["lines"]]
    assert found == list(Service.objects.order_by("-on").values_list("pk", flat=True))
    second = text(client, leafed(client, URL)[1])
    assert "累计服务时长" not in second


def test_as_many_queries_for_one_record_as_for_fifteen(client: Client, world: World) -> None:
    serve(world)
    few = queries(enter(client, world.li), URL)
    for n in range(14):
        serve(world, days_ago=2 + n % 7, starts_at=nine(2 + n % 7).replace(hour=3 + 3 * (n // 7)))
    assert queries(client, URL) == few


def test_the_paper_is_the_same_at_home_and_at_the_counter(client: Client, world: World) -> None:
    serve(world, world.zhao, minutes=100)
    client.force_login(world.zhang)
    html = client.get(f"/desk/residents/{world.zhao.pk}/").content.decode()
    assert f"/desk/residents/{world.zhao.pk}/service-record/" in html
    counter = client.get(f"/desk/counter/{world.zhao.pk}/").content.decode()
    assert "打印服务记录" in counter and "累计1.5小时" in counter
    paper = client.get(f"/desk/residents/{world.zhao.pk}/service-record/").content.decode()
    for said in ("赵玉珍", "服务1次", "清理楼道杂物", "负责人：张晓燕", "不作证明使用"):
        assert said in paper, said
    assert "证明编号" not in paper
    client.force_login(world.qian)
    assert client.get(f"/desk/residents/{world.zhao.pk}/service-record/").status_code == 404


def test_the_paper_of_some_days_and_of_days_that_make_no_sense(client: Client, world: World) -> None:
    serve(world, days_ago=1)
    serve(world, days_ago=9, title="扫雪")
    enter(client, world.li)
    day = nine(1).date()
    some = client.get(f"{URL}paper/?since={day}").content.decode()
    assert "楼道清理" in some and "扫雪" not in some
    wrong = client.get(f"{URL}paper/?since=2026-11-20&until=2026-11-01").content.decode()
    assert "开始日期在结束日期之后" in wrong and "请先选好日期" in wrong
    assert client.get(f"{URL}paper/?since=x").status_code == 200


def test_the_copy_of_ones_data_has_hours_corrections_and_trainings(world: World) -> None:
    mine = serve(world)
    approve(
        correction=propose(participation=mine.participation, minutes=60, reason="记错", by=world.zhang), by=world.chen
    )
    found = {table.key: table for table in copying.tables(Resident.objects.get(pk=world.li.pk))}
    assert len(found["hours"].lines) == 2 and "更正：记错" in found["hours"].lines[0]
    assert found["hours_corrections"].lines[0][1:5] == ["120", "60", "20", "10"]
    assert found["trainings"].lines == []
