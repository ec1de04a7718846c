"""Who reads the logs: the auditor of the place, masked and in words; the head reads what was changed in one file."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities import access, accounts, appointing, auditing, changes, registration, settings
from communities.models import Change, Duty, Estate, Look, Resident, User
from core import clock, words
from tests.world import World, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(world: World) -> User:
    return staff("audit", "审计员", Duty.Role.AUDITOR, community=world.wenxing)


@pytest.fixture
def written(world: World) -> World:
    registration.confirm(resident=world.sun, by=world.zhang)
    for who, place, whom in ((world.zhang, world.wenxing, world.wang), (world.qian, world.yongan, world.zhou)):
        access.look(by=who, community=place, resident=whom, what="手机号", purpose=f"{who}要打电话")
    return world


def file_of(answer: object) -> list[list[object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active  # type: ignore[attr-defined]
    assert sheet
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_an_auditor_reads_the_own_place_and_no_other(written: World, auditor: User, client: Client) -> None:
    client.force_login(auditor)
    page = client.get("/desk/logs/looks/").content.decode()
    assert "张晓燕要打电话" in page and "王*兰" in page and "王秀兰" not in page
    assert "钱丽要打电话" not in page and "周*涛" not in page
    street = staff("audit2", "街道审计", Duty.Role.AUDITOR, sub_district=written.street)
    assert {one.purpose for one in auditing.looks_for(street)} == {"张晓燕要打电话", "钱丽要打电话"}


@pytest.mark.parametrize("who", ["zhang", "chen", "he", "qian"])
@pytest.mark.parametrize("log", ["changes", "looks"])
def test_nobody_else_finds_the_logs(written: World, client: Client, who: str, log: str) -> None:
    client.force_login(getattr(written, who))
    assert client.get(f"/desk/logs/{log}/").status_code == 404
    assert not auditing.looks_for(getattr(written, who)).exists()


def test_changes_are_told_in_words(written: World, auditor: User, client: Client) -> None:
    client.force_login(auditor)
    page = client.get("/desk/logs/changes/").content.decode()
    for word in ("修改居民档案", "状态", "待社区确认", "已确认", "张晓燕", "孙*芳"):
        assert word in page
    assert "pending" not in page.split("</form>")[-1] and "孙桂芳" not in page


def test_places_and_moments_are_told_as_people_call_them(world: World, auditor: User, client: Client) -> None:
    new, at = Estate.objects.create(community=world.wenxing, name="文兴苑"), clock.now()
    changes.by(world.zhang)
    Resident.objects.filter(pk=world.wang.pk).update(estate=new, registered_at=at)
    changed = Change.objects.filter(resident=world.wang).latest("pk")
    (line,) = auditing.spelt(auditing.narrowed(Change.objects.filter(pk=changed.pk), auditing.Filter()))
    assert ("小区", "天和城", "文兴苑") in line.fields
    assert any(new == words.dated(at) for _, _, new in line.fields)


def test_changes_without_a_community_reach_the_street_auditor_alone(written: World, auditor: User) -> None:
    settings.change(
        key="night.min_age",
        value=20,
        starts_on=clock.today().replace(year=clock.today().year + 1),
        sub_district=written.street,
        by=written.he,
    )
    User.objects.filter(pk=written.zhang.pk).update(name="张燕")
    street = staff("audit2", "街道审计", Duty.Role.AUDITOR, sub_district=written.street)
    far = staff("audit3", "远审计", Duty.Role.AUDITOR, sub_district=written.hualin.sub_district)
    assert {"setting", "user"} <= set(auditing.changes_for(street).values_list("what", flat=True))
    assert "setting" not in set(auditing.changes_for(auditor).values_list("what", flat=True))
    assert not auditing.changes_for(far).filter(Q(what="setting") | Q(what="user", row=written.zhang.pk)).exists()
    assert "user" in set(auditing.changes_for(auditor).values_list("what", flat=True))  # 张晓燕 works in 文兴


def test_filters_narrow_by_day_colleague_resident_and_kind(written: World, auditor: User) -> None:
    every = auditing.changes_for(auditor)
    sun = auditing.narrowed(
        every, auditing.Filter(by="张晓燕", resident=written.sun.pk, what="resident", since=clock.today())
    )
    assert [one.resident for one in sun] == [written.sun]
    assert not auditing.narrowed(every, auditing.Filter(by="李四")).exists()
    assert not auditing.narrowed(every, auditing.Filter(until=clock.today().replace(year=2020))).exists()


def test_the_file_says_what_the_page_says(written: World, auditor: User, client: Client) -> None:
    client.force_login(auditor)
    rows = file_of(client.get("/desk/logs/changes/?file=1&what=resident&resident=" + str(written.sun.pk)))
    assert rows[0][6] == "改了什么" and "状态：待社区确认→已确认" in str(rows[1][6])
    looks = file_of(client.get("/desk/logs/looks/?file=1"))
    assert [row[5] for row in looks[1:]] == ["张晓燕要打电话"] and looks[1][3] == f"王*兰（{written.wang.pk}）"


def test_strange_filters_are_left_out(auditor: User, client: Client) -> None:
    client.force_login(auditor)
    for query in ("since=x", "resident=abc", "resident=9999999999999999999999", "what=nope", "before=x", "by=%00"):
        assert client.get(f"/desk/logs/changes/?{query}").status_code == 200


def test_the_head_reads_what_was_changed_in_one_file(written: World, client: Client) -> None:
    address = f"/desk/residents/{written.sun.pk}/changes/"
    client.force_login(written.chen)
    assert "待社区确认" in client.get(address).content.decode()
    client.force_login(written.zhang)
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("log", ["changes", "looks"])
def test_one_row_costs_as_many_queries_as_thirty(world: World, auditor: User, client: Client, log: str) -> None:
    client.force_login(auditor)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"/desk/logs/{log}/").status_code == 200
        return len(seen)

    registration.confirm(resident=world.sun, by=world.zhang)
    access.look(by=world.zhang, community=world.wenxing, resident=world.wang, what="手机号", purpose="打电话")
    queries()
    first = queries()
    for number in range(30):
        world.wang.name = f"王{number}兰"
        world.wang.save()
        access.look(by=world.chen, community=world.wenxing, resident=world.li, what="手机号", purpose="打电话")
    assert queries() == first
    assert Change.objects.count() > 30 and Look.objects.count() > 30


def test_a_duty_that_was_taken_back_before_it_began_is_told_with_whose_it_was(world: World) -> None:
    street = staff("audit2", "街道审计", Duty.Role.AUDITOR, sub_district=world.street)
    far = staff("audit3", "远方审计", Duty.Role.AUDITOR, sub_district=world.hualin.sub_district)
    begins = clock.today() + timedelta(days=3)
    given = appointing.give(
        user=world.zhang, role=Duty.Role.STREET_ADMIN, place=world.street, starts_on=begins, by=world.he
    )
    appointing.end(duty=given, by=world.he)
    rows = auditing.changes_for(street).filter(what="duty", row=given.pk or 0) | auditing.changes_for(street).filter(
        what="duty", by=world.he
    )
    told = list(auditing.spelt(auditing.narrowed(rows, auditing.Filter())))
    assert [(one.action, one.who, one.whom) for one in told] == [("删除", "何静", "张晓燕"), ("新增", "何静", "张晓燕")]
    assert ("职责", "空", "街道管理员") in told[1].fields
    assert not auditing.changes_for(far).filter(by=world.he).exists()


def test_a_change_of_an_account_says_whose_it_is(world: World) -> None:
    street = staff("audit2", "街道审计", Duty.Role.AUDITOR, sub_district=world.street)
    accounts.register_phone(user=world.zhang, phone="13800002222", by=world.he)
    asked = auditing.Filter(what="user")
    (told,) = auditing.spelt(auditing.narrowed(auditing.changes_for(street).filter(by=world.he), asked))
    assert (told.who, told.whom) == ("何静", "张晓燕")
