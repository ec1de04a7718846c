"""The desk's pages of a paper sign-in sheet: handed in, looked over, written, corrected, undone."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activities.models import Activity, Participation, Sheet, SheetLine
from tests import world as cast
from tests.activities.sheets_in.made import CAME, WENT, morning, signed, xlsx
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhang(client: Client, world: World) -> Client:
    client.force_login(world.zhang)
    return client


@pytest.fixture
def activity(world: World) -> Activity:
    found = morning(world)
    signed(found, world.li, world)
    return found


def upload(browser: Client, activity: Activity, *rows: list[str]) -> str:
    file = SimpleUploadedFile("周六清扫.xlsx", xlsx(rows))
    answer = browser.post(f"/desk/activities/{activity.pk}/sheets/", {"file": file}, follow=True)
    return answer.content.decode()


def test_a_sheet_goes_all_its_way(zhang: Client, activity: Activity, world: World) -> None:
    page = zhang.get(f"/desk/activities/{activity.pk}/").content.decode()
    assert f"/desk/activities/{activity.pk}/sheets/" in page
    page = upload(zhang, activity, ["李建国", "13912341187", CAME, WENT], ["查无此人", "13900007777", CAME, WENT])
    assert "已读取，还没有记录任何人" in page and "记录没有问题的1人" in page and "没有找到这位居民" in page
    assert "13912341187" not in page and "13900007777" not in page and "7777" in page
    sheet = Sheet.objects.get()
    here = f"/desk/activities/sheets/{sheet.pk}/"
    wrong = zhang.post(f"{here}wrong/")
    assert wrong["Content-Type"].startswith("application/vnd.openxmlformats")
    page = zhang.post(f"{here}write/", follow=True).content.decode()
    assert "已记录1人。请另一位工作人员核对后确认入账" in page and "撤销这张表" in page
    page = zhang.post(f"{here}undo/", follow=True).content.decode()
    assert "名单恢复到写入以前" in page and Participation.objects.get().status == "signed_up"
    assert "下载有误的" not in page


def test_what_is_refused_stands_on_the_page_where_it_was_asked(zhang: Client, activity: Activity, world: World) -> None:
    upload(zhang, activity, ["李建国", "1187", CAME, WENT])
    sheet = Sheet.objects.get()
    here = f"/desk/activities/sheets/{sheet.pk}/"
    assert "现在不能上传" in zhang.get(f"/desk/activities/{activity.pk}/sheets/").content.decode()
    Participation.objects.update(status="cancelled")
    Activity.objects.filter(pk=activity.pk).update(capacity=1)
    signed(activity, world.wang, world)
    answer = zhang.post(f"{here}write/")
    assert answer.status_code == 409 and "整张表都没有写入" in answer.content.decode()
    other = Client()
    other.force_login(world.chen)
    page = other.get(here).content.decode()
    assert "由上传的张晓燕确认" in page and "记录没有问题的" not in page and "下载有误的" not in page
    for act in ("write", "wrong"):
        assert other.post(f"{here}{act}/").status_code in (302, 409)
    assert not Participation.objects.filter(status="recorded").exists()


def test_a_late_sheet_asks_why(zhang: Client, world: World) -> None:
    late = morning(world, 40)
    page = upload(zhang, late, ["李建国", "1187", CAME, WENT])
    assert "补录原因" in page
    here = f"/desk/activities/sheets/{Sheet.objects.get().pk}/"
    answer = zhang.post(f"{here}write/")
    assert answer.status_code == 400 and "现在算补录" in answer.content.decode()
    page = zhang.post(f"{here}write/", {"late_reason": "表在活动室"}, follow=True).content.decode()
    assert "已记录1人" in page and "补录原因" not in page


def test_dropping_leaves_nothing(zhang: Client, activity: Activity) -> None:
    upload(zhang, activity, ["李建国", "1187", CAME, WENT])
    page = zhang.post(f"/desk/activities/sheets/{Sheet.objects.get().pk}/drop/", follow=True).content.decode()
    assert "已放弃“周六清扫.xlsx”" in page and not SheetLine.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0x", "旧版"),
        ("a.xlsx", b"PKx", "不是Excel"),
        ("a.xlsx", b"PK" + b"0" * (5 << 20), "超过5MB"),
    ],
)
def test_what_is_no_sheet_is_not_taken(zhang: Client, activity: Activity, name: str, content: bytes, word: str) -> None:
    answer = zhang.post(f"/desk/activities/{activity.pk}/sheets/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 400 and word in answer.content.decode()
    assert "请先选择文件" in zhang.post(f"/desk/activities/{activity.pk}/sheets/").content.decode()


def test_the_list_and_a_sheet_cost_the_same_for_one_and_for_thirty(
    zhang: Client, activity: Activity, world: World
) -> None:
    def queries(act: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as caught:
            act()
        return len(caught)

    def lay(count: int) -> Sheet:
        for n in range(count):
            made = Sheet.objects.create(
                activity=activity, name=f"{n}.xlsx", status="written", written_at=activity.ends_at, by=world.zhang
            )
        SheetLine.objects.bulk_create(
            SheetLine(sheet=made, number=n, name="王秀兰", fate="present", resident=world.wang, served_from=activity.starts_at, served_to=activity.ends_at)
            for n in range(count)
        )  # fmt: skip
        return made

    one = lay(1)
    few = [
        queries(lambda: zhang.get(f"/desk/activities/{activity.pk}/sheets/")),
        queries(lambda: zhang.get(f"/desk/activities/sheets/{one.pk}/")),
    ]
    many = lay(30)
    assert few == [
        queries(lambda: zhang.get(f"/desk/activities/{activity.pk}/sheets/")),
        queries(lambda: zhang.get(f"/desk/activities/sheets/{many.pk}/")),
    ]


def test_who_waits_for_a_decision_is_told_on_the_to_do_page(zhang: Client, activity: Activity) -> None:
    assert "待写入的签到表" not in zhang.get("/desk/").content.decode()
    upload(zhang, activity, ["李建国", "1187", CAME, WENT])
    page = zhang.get("/desk/").content.decode()
    assert "待写入的签到表" in page and f"/desk/activities/sheets/{Sheet.objects.get().pk}/" in page


def test_a_name_of_another_community_is_shown_without_a_way_to_the_file(
    zhang: Client, activity: Activity, world: World
) -> None:
    guest = cast.resident(world.yongan, "郑永安", "13900005555")
    signed(activity, guest, world)
    page = upload(zhang, activity, ["郑永安", "5555", CAME, WENT], ["李建国", "1187", CAME, WENT])
    assert f"/desk/residents/{guest.pk}/" not in page and f"/desk/residents/{world.li.pk}/" in page
