"""The desk prepares, publishes, prints, takes down and keeps the record of notices, of its own communities."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from communities.models import Notice
from communities.notices import Line
from communities.objections import answer, file
from communities.publishing import publish, sweep
from core import clock
from tests import world as cast
from tests.communities.noticing import agree, crowd, drafted, items, shown
from tests.communities.steps import shows
from tests.pages import words
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhang(client: Client, world: World) -> Client:
    client.force_login(world.zhang)
    return client


@pytest.fixture
def chen(world: World) -> Client:
    browser = Client()
    browser.force_login(world.chen)
    return browser


def test_from_a_pasted_list_to_the_paper_on_the_board(zhang: Client, chen: Client, world: World) -> None:
    people = crowd(world, 10)
    typed = "\n".join(f"{one.name}\t志愿服务{n}小时" for n, one in enumerate([*people, world.wang], 1))
    given = {"community": world.wenxing.pk, "title": "优秀志愿者公示", "text": "按时长评出。", "people": typed}
    shows(zhang.get("/desk/notices/new/"), "名单", "从Excel复制")
    page = zhang.post("/desk/notices/new/", given, follow=True)
    shows(
        page,
        "请负责人发布",
        "何平安",
        "何*安",
        "只计人数：没有同意公示姓名",
        "社区主任或街道管理员核对后发布",
        "待发布",
    )
    made = Notice.objects.get()
    shows(chen.get("/desk/"), "公示待您发布", "/desk/notices/?status=draft")
    shows(chen.get(f"/desk/notices/{made.pk}/"), "核对无误，发布")
    shows(chen.post(f"/desk/notices/{made.pk}/publish/", follow=True), "已发布，公示到", "打印张贴", "公示中")
    paper = words(chen.get(f"/desk/notices/{made.pk}/print/").content.decode())
    for said in (
        "何*安",
        "另有1人，名单一共11人",
        "公示期：",
        "0352-0000001",
        "监督电话：0352-0000000",
        "意见箱",
        "水泊寺街道文兴社区",
    ):
        assert said in paper
    assert "何平安" not in paper and "王秀兰" not in paper


def test_what_was_typed_is_kept_when_it_is_refused(zhang: Client, world: World) -> None:
    given = {"community": world.wenxing.pk, "title": "公示", "people": "无此人 服务\n王秀兰 电话13812346021"}
    shows(zhang.post("/desk/notices/new/", given), "第1行没有找到已确认的居民", "王秀兰 电话13812346021", status=400)
    given["people"] = "王秀兰 电话13812346021"
    shows(zhang.post("/desk/notices/new/", given), "第1项的内容里有像手机号", "王秀兰 电话13812346021", status=400)
    assert not Notice.objects.exists()


def test_a_draft_is_filled_by_list_and_by_finding_somebody(zhang: Client, world: World) -> None:
    made, twin = drafted(world, []), cast.resident(world.wenxing, "王秀兰")
    page = f"/desk/notices/{made.pk}/"
    shows(zhang.get(page), "名单还是空的")
    shows(zhang.post(f"{page}lines/", {"people": "王秀兰 服务"}), "有2位", "王秀兰 服务", status=400)
    shows(zhang.get(f"{page}?q=wxl"), "王秀兰的内容", f'value="{twin.pk}"', "138****6021")
    shows(zhang.post(f"{page}lines/", {"resident": twin.pk, "said": "值守3次"}, follow=True), "已加入1项", "值守3次")
    shows(zhang.post(f"{page}lines/", {"resident": twin.pk, "said": "住3号楼"}), "像住址的内容", status=400)
    shows(zhang.post(f"{page}lines/", {"people": "李建国 服务\n赵玉珍 服务"}, follow=True), "已加入2项")
    for stranger in (world.zhou.pk, world.sun.pk, "x"):
        assert zhang.post(f"{page}lines/", {"resident": stranger, "said": "值守"}).status_code == 404
    line = items(made)[0]
    shows(zhang.post(f"{page}lines/{line.pk}/drop/", follow=True), "已移出")
    assert zhang.post(f"{page}lines/{line.pk}/drop/").status_code == 302
    assert [one.resident for one in items(made)] == [world.li, world.zhao]


def test_taking_down_needs_a_reason_and_says_it(chen: Client, world: World) -> None:
    made = shown(world)
    page = f"/desk/notices/{made.pk}/"
    shows(chen.post(f"{page}withdraw/", {"reason": ""}), "field__error", status=400)
    shows(chen.post(f"{page}withdraw/", {"reason": "漏列一人"}, follow=True), "已撤下", "漏列一人")
    assert "撤下这份公示" not in chen.get(page).content.decode()
    assert chen.get(f"{page}print/").status_code == 404


def test_a_worker_sees_no_button_that_is_the_heads(zhang: Client, world: World) -> None:
    made = shown(world)
    page = zhang.get(f"/desk/notices/{made.pk}/").content.decode()
    assert "撤下这份公示" not in page and "代录异议" in page
    assert zhang.post(f"/desk/notices/{made.pk}/withdraw/", {"reason": "错"}).status_code == 403
    draft = drafted(world)
    assert "核对无误，发布" not in zhang.get(f"/desk/notices/{draft.pk}/").content.decode()
    assert zhang.post(f"/desk/notices/{draft.pk}/publish/").status_code == 403
    assert zhang.get(f"/desk/notices/{draft.pk}/print/").status_code == 404


def test_staff_of_another_community_see_nothing(world: World) -> None:
    made, browser = shown(world, [Line("服务", world.wang)]), Client()
    browser.force_login(world.qian)
    for path in ("", "lines/", "publish/", "withdraw/", "print/", "object/", f"lines/{items(made)[0].pk}/drop/"):
        address = f"/desk/notices/{made.pk}/{path}"
        assert {browser.get(address).status_code, browser.post(address, {"reason": "x"}).status_code} <= {404, 405}
    for path in ("/desk/notices/", "/desk/objections/"):
        assert "优秀志愿者" not in browser.get(path).content.decode()
    assert Notice.objects.get().status == "open"


def test_the_list_is_filtered_and_the_record_holds_figures_and_no_name(zhang: Client, world: World) -> None:
    people = crowd(world, 10)
    made = shown(world, [Line("服务", one) for one in people])
    for upheld, item in ((True, items(made)[0]), (False, None)):
        mine = file(notice=made, item=item, text="何平安的时长不对", by=world.zhang)
        answer(objection=mine, upheld=upheld, text="核实", by=world.he)
    file(notice=made, text="再问", by=world.zhang)
    drafted(world, title="另一份草稿")
    shows(zhang.get("/desk/notices/"), "优秀志愿者名单公示", "另一份草稿", "3件，待答复1件，成立1件")
    for query, there, gone in (
        ("status=draft", "另一份草稿", "优秀"),
        ("q=优秀", "优秀志愿者", "另一份"),
        ("status=x", "另一份", "没有公示"),
    ):
        page = zhang.get(f"/desk/notices/?{query}").content.decode()
        assert there in page and gone not in page.replace("优秀志愿者服务", "").replace('value="优秀"', "")
    sheet = load_workbook(BytesIO(zhang.get("/desk/notices/export/").getvalue())).active
    assert sheet
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0][:4] == ["编号", "社区", "标题", "状态"] and len(rows) == 3
    assert rows[2][9:15] == [10, 10, 3, 1, 1, 1]
    assert not [cell for row in rows for cell in row if cell and "平安" in str(cell)]
    only = load_workbook(BytesIO(zhang.get("/desk/notices/export/?status=draft").getvalue())).active
    assert only and only.max_row == 2


def test_how_a_notice_ended_is_told(chen: Client, world: World) -> None:
    made = shown(world, at=clock.now() - timedelta(days=40))
    shows(chen.get("/desk/notices/"), "公示期满")
    sweep()
    shows(chen.get(f"/desk/notices/{made.pk}/"), "已结束", "打印张贴")
    assert "代录异议" not in chen.get(f"/desk/notices/{made.pk}/").content.decode()


@pytest.mark.parametrize(
    "path", ["/desk/notices/", "/desk/notices/export/", "/desk/notices/{pk}/", "/desk/notices/{pk}/print/"]
)
def test_thirty_cost_what_one_costs(chen: Client, world: World, path: str) -> None:
    def cost(notice: Notice) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert b"".join(chen.get(path.format(pk=notice.pk))) is not None
        return len(queries)

    small = shown(world, [Line("服务", world.wang)])
    agree(world.wang)
    cost(small)
    one = cost(small)
    people = [cast.resident(world.wenxing, f"甲乙{n:02d}") for n in range(30)]
    large = shown(world, [Line("服务", person) for person in people])
    for n in range(29):
        publish(notice=drafted(world, title=f"第{n}份公示"), by=world.chen)
    assert cost(large) <= one <= 25


def test_the_fifty_first_is_on_the_next_page(chen: Client, world: World) -> None:
    made = [drafted(world, title=f"第{n}份公示") for n in range(51)]
    shows(chen.get("/desk/notices/"), f"?before={made[1].pk}")
    second = chen.get(f"/desk/notices/?before={made[1].pk}").content.decode()
    assert "第0份公示" in second and "第1份公示" not in second
