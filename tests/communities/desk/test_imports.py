"""At the desk: a sheet is handed in, looked over, written and undone, with and without JavaScript; nobody else sees it."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from communities.desk import imports_forms
from communities.importing import batches, work
from communities.models import Batch, Line, Look, Resident, User
from tests.communities.importing.made import HEAD, cells, imported, messy, person, undone, uploaded, xlsx
from tests.communities.steps import shows
from tests.world import World

pytestmark = pytest.mark.django_db
PAGE = "/desk/residents/import/"
ONE = xlsx([cells(person(1))])


def desk(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def handed(browser: Client, content: bytes = ONE, name: str = "名单.xlsx", **typed: object) -> object:
    return browser.post(PAGE, {"file": SimpleUploadedFile(name, content), **typed}, follow=True)


def test_the_whole_road_of_an_upload(world: World) -> None:
    zhang = desk(world.zhang)
    content, _ = messy(100)
    shows(
        handed(zhang, content, community=world.wenxing.pk), "名单.xlsx", "正在读取", "every 1s", 'http-equiv="refresh"'
    )
    batch = Batch.objects.get()
    here = f"{PAGE}{batch.pk}/"
    work.carry_on(batch.pk)
    ready = zhang.get(here, HTTP_HX_REQUEST="true")
    shows(ready, "还没有导入任何人", "导入没有问题的", "有误", "每一行")
    body = ready.content.decode()
    assert "every 1s" not in body and "<html" not in body
    shows(zhang.post(f"{here}confirm/", follow=True), "正在导入")
    work.carry_on(batch.pk)
    shows(zhang.get(here), "已导入", "撤销这一批", "下载有误的")
    shows(zhang.post(f"{here}undo/", follow=True), "正在撤销")
    work.carry_on(batch.pk)
    shows(zhang.get(here), "已撤销")
    shows(zhang.get(PAGE), "名单.xlsx", "已撤销")


def test_a_pasted_table_takes_the_same_road(world: World) -> None:
    zhang = desk(world.zhang)
    text = "\n".join("\t".join(row) for row in (HEAD, cells(person(1))))
    shows(zhang.post(PAGE, {"community": world.wenxing.pk, "pasted": text}, follow=True), "粘贴的表格", "正在读取")
    work.carry_on(Batch.objects.get().pk)
    assert Line.objects.get().name == person(1).name


UNTAKEN = {
    "nothing": ({}, "两样只要一样"),
    "blanks": ({"pasted": " \n "}, "两样只要一样"),
    "both": ({"pasted": "姓名\t手机号", "file": ("a.xlsx", ONE)}, "两样只要一样"),
    "the old form": ({"file": ("a.xls", b"\xd0\xcf\x11\xe0" + b"0" * 600)}, "另存为.xlsx"),
    "another form": ({"file": ("a.csv", "姓名,手机号".encode())}, "不是Excel表格"),
    "an empty file": ({"file": ("a.xlsx", b"")}, "id_file_error"),
    "too large": ({"file": ("a.xlsx", b"PK\x03\x04" + b"0" * batches.LARGEST)}, "超过5MB"),
    "too much to paste": ({"pasted": "王" * (imports_forms.PASTED + 1)}, "粘贴的内容太长"),
    "what no text holds": ({"pasted": "姓名\t手机号\x00"}, "id_pasted_error"),
}


@pytest.mark.parametrize("which", UNTAKEN)
def test_what_cannot_be_taken_is_said_and_nothing_begins(world: World, which: str) -> None:
    typed, sentence = UNTAKEN[which]
    if "file" in typed:
        typed = typed | {"file": SimpleUploadedFile(*typed["file"])}
    shows(desk(world.zhang).post(PAGE, {"community": world.wenxing.pk} | typed), sentence, status=400)
    assert not Batch.objects.exists()


def test_nobody_imports_into_a_community_of_others(world: World) -> None:
    assert handed(desk(world.zhang), community=world.yongan.pk).status_code == 400
    assert not Batch.objects.exists()
    shows(desk(world.he).get(PAGE), "文兴社区", "永安社区")
    assert "华林社区" not in desk(world.he).get(PAGE).content.decode()


@pytest.mark.parametrize("act", ["", "wrong/", "confirm/", "drop/", "undo/"])
def test_another_community_has_no_such_batch(world: World, act: str) -> None:
    batch = uploaded(ONE, world.wenxing, world.zhang)
    qian = desk(world.qian)
    answer = qian.post(f"{PAGE}{batch.pk}/{act}") if act else qian.get(f"{PAGE}{batch.pk}/")
    assert answer.status_code == 404
    assert "名单.xlsx" not in qian.get(PAGE).content.decode()
    batch.refresh_from_db()
    assert batch.status == Batch.Status.READY


def test_a_colleague_looks_but_the_uploader_decides(world: World) -> None:
    batch = uploaded(ONE, world.wenxing, world.zhang)
    chen = desk(world.chen)
    shows(chen.get(f"{PAGE}{batch.pk}/"), "由上传的张晓燕确认导入")
    shows(chen.post(f"{PAGE}{batch.pk}/confirm/", follow=True), "只能由上传的人办理")
    assert not Resident.objects.filter(name=person(1).name).exists()


def test_lines_are_filtered_by_fate_and_turned_by_key(world: World) -> None:
    batch = uploaded(messy(300)[0], world.wenxing, world.zhang)
    zhang, here = desk(world.zhang), f"{PAGE}{batch.pk}/"
    first = zhang.get(here)
    assert first.content.decode().count("<tr>") == 51 and "下一页" in first.content.decode()
    wrong = zhang.get(f"{here}?fate=wrong")
    shows(wrong, "身份证号", "下一页")
    assert "新建</span>" not in wrong.content.decode().split("<tbody>")[1]
    following = first.content.decode().split('rel="next" href="')[1].split('"')[0]
    shows(zhang.get(f"{here}{following}"), "上一页", ">54<")
    shows(zhang.get(f"{here}?fate=merge"), "没有这样的行")


def test_no_number_and_no_phone_stands_on_the_page_and_no_query_grows(world: World) -> None:
    counted = []
    for count, start in ((1, 0), (30, 100)):
        batch = uploaded(xlsx([cells(person(start + serial)) for serial in range(count)]), world.wenxing, world.zhang)
        zhang = desk(world.zhang)
        with CaptureQueriesContext(connection) as queries:
            body = zhang.get(f"{PAGE}{batch.pk}/").content.decode()
        counted.append(len(queries))
        assert person(start).name in body and f'<td class="num">{person(start).document[-4:]}</td>' in body
        assert (
            person(start).phone not in body
            and person(start).document not in body
            and str(person(start).born) not in body
        )
    assert counted[0] == counted[1]


def test_the_list_of_batches_asks_as_much_for_one_as_for_thirty(world: World) -> None:
    zhang, counted = desk(world.zhang), []
    for more in (1, 29):
        for _ in range(more):
            Batch.objects.create(community=world.wenxing, name="名单", by=world.zhang, sheet=b"x" * 1000)
        with CaptureQueriesContext(connection) as queries:
            zhang.get(PAGE)
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_new_places_are_offered(world: World) -> None:
    sheet = xlsx([[*cells(person(1))[:4], "新苑", ""]])
    told = desk(world.zhang).get(f"{PAGE}{uploaded(sheet, world.wenxing, world.zhang).pk}/")
    shows(told, "请先由社区主任", "“新苑”还没有登记")
    assert "一并登记表里" not in told.content.decode()
    chen, here = desk(world.chen), f"{PAGE}{uploaded(sheet, world.wenxing, world.chen).pk}/"
    shows(chen.get(here), "一并登记表里新出现的小区和网格")
    chen.post(f"{here}confirm/", {"register": "on"})
    assert world.wenxing.estates.filter(name="新苑").exists()


def test_what_was_not_undone_is_a_filter_of_its_own(world: World) -> None:
    batch = imported(xlsx([cells(person(1)), cells(person(2))]), world.wenxing, world.zhang)
    Resident.objects.filter(name=person(1).name).update(phone="13900001111")
    undone(batch, world.zhang)
    body = desk(world.zhang).get(f"{PAGE}{batch.pk}/?fate=kept").content.decode()
    assert "有一些没有撤销" in body and person(1).name in body and person(2).name not in body


def test_the_wrong_rows_are_taken_away_by_a_post_that_is_written_down(world: World) -> None:
    batch = uploaded(messy(50)[0], world.wenxing, world.zhang)
    zhang = desk(world.zhang)
    assert zhang.get(f"{PAGE}{batch.pk}/wrong/").status_code == 405
    answer = zhang.post(f"{PAGE}{batch.pk}/wrong/")
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    assert [cell.value for cell in sheet[1]][-2:] == ["原行号", "需要改正的地方"]
    assert sheet.max_row == 1 + batch.lines.filter(fate="wrong").count()
    assert {cell.number_format for cell in sheet[2]} == {"@"}
    assert Look.objects.get().by == world.zhang


def test_the_template_is_text_throughout(world: World) -> None:
    answer = desk(world.zhang).get(f"{PAGE}template/")
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    assert [cell.value for cell in sheet[1]] == ["姓名", "手机号", "证件类型", "证件号码", "出生日期", "小区", "网格"]
    assert {sheet.column_dimensions[letter].number_format for letter in "BD"} == {"@"}
