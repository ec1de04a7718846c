"""年度审计: counts without names, taken by who may with a look, noted once, asked for in January."""

from datetime import date

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from childcare.models import AuditReport, Incident
from childcare.watching import incidents, pack, reporting, todo
from communities import access, consents, todo as desk_todo
from communities.duties import NotYourDuty
from communities.models import Consent, Look
from core import clock
from core.refusals import BadInput
from notifications.models import Message
from tests.api import client_of
from tests.childcare import cast
from tests.childcare.cast import Care
from tests.childcare.watching.filed import browser_of as as_, sent, shows
from tests.world import World

pytestmark = pytest.mark.django_db
JANUARY = "2027-01-05T02:00:00Z"


def rows(world: World, key: str, year: int | None = None) -> list[tuple[str | int, ...]]:
    found = pack.tables([world.wenxing], year or clock.today().year)
    return next(one.rows for one in found if one.key == key)


def test_children_and_teenagers_are_counted_apart(world: World, care: Care) -> None:
    cast.child(world.wenxing, "大孩子", 15)
    cast.child(world.yongan, "别的社区", 9)
    assert rows(world, "ages")[:2] == [("有档案的未成年人", 2, 1), ("其中在托管中心的", 2, 0)]
    fields = {line[0]: line[2:] for line in rows(world, "fields")}
    assert (fields["紧急联系人"], fields["监护人和关系"], fields["健康情况（加密）"]) == ((2, 1), (2, 0), (0, 0))


def test_consents_withdrawn_in_the_year_are_counted(world: World, care: Care) -> None:
    found = Consent.objects.filter(resident=care.child, purpose="care_health", withdrawn_at=None)
    consents.end(found, by=world.zhang)
    assert ("孩子的健康告知", 2, 1, 1) in rows(world, "consents")


def test_looks_are_counted_by_part_role_and_purpose_and_a_rare_purpose_is_not_shown(world: World, care: Care) -> None:
    third = cast.child(world.wenxing, "第三个", 9)
    for child in (care.child, care.other_child, third):
        access.look(by=world.zhang, community=world.wenxing, resident=child, what="托管：监护人", purpose="电话联系")
    access.look(by=world.zhang, community=world.wenxing, resident=care.child, what="托管：监护人", purpose="高雨桐的事")
    access.look(
        by=care.teacher, community=world.wenxing, resident=care.child, what="托管未显示：账单", purpose="查一查"
    )
    access.look(by=world.chen, community=world.wenxing, what="居民花名册", purpose="上报")
    assert rows(world, "looks") == [
        ("托管：监护人", "社区工作者", "其他（各写各的原因）", 1, 1), ("托管：监护人", "社区工作者", "电话联系", 3, 3),
    ]  # fmt: skip
    assert rows(world, "refused") == [("账单", "托管老师", 1)]
    assert rows(world, "exports") == [("居民花名册", "社区主任", 1)]


def test_the_pack_names_no_child_and_asks_as_much_for_many(world: World, care: Care) -> None:
    for one in (care.child, care.mother):
        access.look(by=world.zhang, community=world.wenxing, resident=one, what="手机号", purpose=f"找{one.name}")
    with CaptureQueriesContext(
        connection,
    ) as few:
        pack.tables([world.wenxing], clock.today().year)
    for number in range(30):
        cast.child(world.wenxing, f"雀孩{number}", 8)
    with CaptureQueriesContext(connection) as many:
        said = str(pack.tables([world.wenxing], clock.today().year))
    assert len(many) <= len(few)
    assert not [name for name in ("高雨桐", "陆子墨", "雀孩", "何小燕", "姜桂香") if name in said]
    assert "秦老师" in said and "幸福托管中心老师" in said  # whose duty opens files


def test_the_head_takes_the_file_and_leaves_a_look(world: World, care: Care) -> None:
    year = clock.today().year - 1
    page = f"/desk/care/audit/{world.wenxing.pk}/"
    shows(as_(world.chen).get(page), "审计包", "人数")
    answer = as_(world.chen).post(f"{page}file/", {"year": year})
    said = sent(answer)
    assert "未成年人信息年度审计包" in said and "有档案的未成年人" in said and "高雨桐" not in said
    look = Look.objects.get(by=world.chen, what="未成年人信息年度审计包")
    assert look.purpose == f"{year}年度未成年人信息合规审计"
    assert as_(world.zhang).get(page).status_code == 403
    assert as_(world.zhang).post(f"{page}file/", {"year": year}).status_code == 403
    assert as_(world.qian).get(page).status_code == 404
    with pytest.raises(NotYourDuty):
        reporting.take(place=world.wenxing, year=year, by=world.zhang)
    with pytest.raises(BadInput):
        reporting.take(place=world.wenxing, year=1999, by=world.chen)


def test_a_report_is_noted_once_by_the_street_and_stays(world: World) -> None:
    with time_machine.travel(JANUARY, tick=False):
        with pytest.raises(NotYourDuty):
            reporting.report(street=world.street, year=2026, reported_on=date(2027, 1, 5), number="WX-1", by=world.chen)
        with pytest.raises(BadInput):
            reporting.report(street=world.street, year=2026, reported_on=date(2027, 1, 6), number="WX-1", by=world.he)
        with pytest.raises(reporting.NotYet):
            reporting.report(street=world.street, year=2027, reported_on=date(2027, 1, 5), number="WX-1", by=world.he)
        reporting.report(street=world.street, year=2026, reported_on=date(2027, 1, 5), number="WX-1", by=world.he)
        with pytest.raises(reporting.AlreadyReported):
            reporting.report(street=world.street, year=2026, reported_on=date(2027, 1, 5), number="WX-2", by=world.he)
    for change in (lambda: AuditReport.objects.update(number="X"), lambda: AuditReport.objects.all().delete()):
        with pytest.raises(DatabaseError, match="stays as it was written"), transaction.atomic():
            change()


def test_the_street_is_asked_until_it_has_reported(world: World, care: Care) -> None:
    with time_machine.travel(JANUARY, tick=False):
        (row,) = [one for one in desk_todo.rows_of([todo.rows], world.he) if one.count]
        assert (row.label, clock.local(row.deadline).date()) == ("2026年未成年人信息审计待报送", date(2027, 1, 31))  # type: ignore[arg-type]
        assert not [one for one in desk_todo.rows_of([todo.rows], world.chen) if one.count]
        for _ in range(2):
            todo.remind(at=clock.now())
        assert Message.objects.filter(staff=world.he, title="未成年人信息审计待报送").count() == 1
        reporting.report(street=world.street, year=2026, reported_on=date(2027, 1, 5), number="WX-1", by=world.he)
        assert not [one for one in desk_todo.rows_of([todo.rows], world.he) if one.count]


def test_nobody_is_reminded_outside_january_nor_without_minors(world: World) -> None:
    for at in ("2027-01-05T02:00:00Z", "2027-02-01T02:00:00Z"):
        with time_machine.travel(at, tick=False):
            todo.remind(at=clock.now())
    assert not Message.objects.filter(title="未成年人信息审计待报送").exists()


def test_an_incident_is_told_and_reported_once_each(world: World, care: Care) -> None:
    with pytest.raises(NotYourDuty):
        incidents.record(
            community=world.wenxing, what=Incident.What.LOST, found_on=clock.today(), children=2, by=world.zhang
        )
    made = incidents.record(
        community=world.wenxing, what=Incident.What.LOST, found_on=clock.today(), children=2, by=world.chen
    )
    labels = [one.label for one in desk_todo.rows_of([todo.rows], world.chen) if one.count]
    assert labels == ["信息安全事件待告知或报告"]
    shows(as_(world.chen).get("/desk/care/incidents/"), "信息丢失", "已告知", "已报告")
    as_(world.chen).post(f"/desk/care/incidents/{made.pk}/note/", {"step": "told_on", "on": clock.today()})
    incidents.note(incident=made, step="reported_on", on=clock.today(), by=world.chen)
    with pytest.raises(incidents.AlreadyNoted):
        incidents.note(incident=made, step="told_on", on=clock.today(), by=world.chen)
    with pytest.raises(DatabaseError, match="stays as it was written"), transaction.atomic():
        Incident.objects.update(children=1)
    assert rows(world, "incidents") == [("信息丢失", f"{clock.today()}", 2, f"{clock.today()}", f"{clock.today()}")]


def test_a_client_reads_the_counts_of_its_own_communities(world: World, care: Care) -> None:
    said = client_of(world.wenxing).get("care-audits/", year=clock.today().year).json()
    assert said["communities"] == [world.wenxing.pk]
    assert {one["key"] for one in said["tables"]} == {one.key for one in pack.SHEETS} - {"staff"}
    elsewhere = client_of(world.yongan).get("care-audits/", year=clock.today().year).json()
    assert elsewhere["tables"][0]["rows"][0] == ["有档案的未成年人", 0, 0]
    assert client_of(world.wenxing, "points:read").get("care-audits/").status_code == 403
    assert client_of(world.wenxing).get("care-audits/", year=1999).status_code == 400
