"""服务时长台账: what the desk sees of the book of hours, its file and paper, and the marks of what was reported."""

from datetime import date, timedelta
from io import BytesIO

import pytest
import time_machine
from django.test import Client
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from activities import hourbook, reporting
from activities.correcting import approve, propose
from activities.hourbook import Asked, figures, hours_of
from activities.hours_forms import HourFilter
from activities.models import Service
from communities import documents, identity
from communities.access import NoPurpose
from communities.models import Change, Community, Look, Resident
from core import clock
from core.refusals import Refused
from tests import world as cast
from tests.activities.serving_hours import nine, serve
from tests.books import refuses
from tests.communities.steps import shows
from tests.pages import leafed, queries
from tests.world import World

pytestmark = pytest.mark.django_db
URL = "/desk/hours/"
NUMBER = "140202198001090011"


def desk_of(user: object) -> Client:
    client = Client()
    client.force_login(user)
    return client


def read(answer: object) -> Worksheet:
    return load_workbook(BytesIO(b"".join(answer.streaming_content))).active


def shown(client: Client, query: str = "") -> list[int]:
    return [one.pk for one in client.get(f"{URL}{query}").context["rows"]]


def test_the_ledger_shows_what_stands_with_its_sums(world: World) -> None:
    serve(world, minutes=100)
    serve(world, world.wang, minutes=60, days_ago=2)
    page = desk_of(world.zhang).get(URL)
    shows(
        page,
        "李建国",
        "139****1187",
        "楼道清理",
        "100分钟",
        "1.5",
        "张晓燕",
        "陈志强",
        "未上报",
        "共2条，2人，计入<b>2.5</b>小时",
    )
    assert world.li.phone not in page.content.decode()
    assert shown(desk_of(world.qian)) == [] and len(shown(desk_of(world.he))) == 2


def test_half_hours_are_shown_with_one_decimal() -> None:
    assert [str(hours_of(minutes)) for minutes in (0, 30, 60, 90, 6000)] == ["0.0", "0.5", "1.0", "1.5", "100.0"]


def test_the_list_is_filtered(world: World) -> None:
    chen = desk_of(world.chen)
    old = serve(world, minutes=120, days_ago=9)
    wang = serve(world, world.wang, kind="PAT", days_ago=2)
    late = serve(world, days_ago=30, late_reason="签到表刚找到")
    marked = serve(world, days_ago=3)
    reporting.mark(services=[marked.pk], by=world.zhang)
    approve(
        correction=propose(participation=old.participation, minutes=60, reason="记错", by=world.zhang), by=world.chen
    )
    new = Service.objects.latest("pk")
    days = f"since={clock.today() - timedelta(days=9)}&until={clock.today() - timedelta(days=2)}"
    assert shown(chen) == [wang.pk, marked.pk, new.pk, late.pk]
    assert shown(chen, f"?{days}") == [wang.pk, marked.pk, new.pk]
    assert shown(chen, "?kind=PAT") == [wang.pk] == shown(chen, "?q=6021")
    assert shown(chen, "?state=reported") == [marked.pk]
    assert shown(chen, "?state=unreported") == [wang.pk, new.pk, late.pk]
    assert shown(chen, "?state=voided") == [old.pk]
    assert shown(chen, "?state=late") == [late.pk]
    assert shown(chen, "?q=nobody") == []
    assert shown(desk_of(world.he), f"?community={world.yongan.pk}") == []


@pytest.mark.parametrize(
    "query", ["?state=x", "?since=x", "?before=x", "?kind=%00", "?q=%00", "?community=9", "?before=" + "9" * 30]
)
def test_a_strange_address_is_no_error(world: World, query: str) -> None:
    assert desk_of(world.he).get(f"{URL}{query}").status_code == 200
    assert desk_of(world.he).get(f"{URL}paper/{query}").status_code == 200


def test_fifty_to_a_page_and_as_many_queries_for_one_as_for_thirty(world: World) -> None:
    chen = desk_of(world.chen)
    serve(world)
    few = queries(chen, URL)
    for n in range(29):
        person = cast.resident(world.wenxing, f"居民{n}", f"137000000{n:02d}")
        serve(world, person, days_ago=1 + n % 3)
    assert queries(chen, URL) == few
    hourbook_pages = leafed(chen, URL)
    assert len(hourbook_pages) == 1


def test_the_pages_follow_one_another_without_a_gap(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hourbook, "PAGE", 2)
    for n in range(5):
        serve(world, days_ago=1 + n // 2, starts_at=nine(1 + n // 2) + timedelta(hours=3 * (n % 2)))
    chen = desk_of(world.chen)
    found = [pk for path in leafed(chen, URL) for pk in [one.pk for one in chen.get(path).context["rows"]]]
    assert found == [one.pk for one in Service.objects.order_by("-on", "-pk")]


def test_the_file_says_what_the_list_says_and_hides_the_numbers(world: World) -> None:
    _with_document(world.li)
    serve(world, minutes=100, title="=1+1")
    sheet = read(desk_of(world.zhang).get(f"{URL}export/"))
    head = [cell.value for cell in sheet[1]]
    line = dict(zip(head, [cell.value for cell in sheet[2]], strict=True))
    assert (line["姓名"], line["手机号"], line["服务时长（小时）"], line["服务分钟"]) == (
        "李建国",
        "139****1187",
        1.5,
        100,
    )
    assert (line["活动名称"], sheet["C2"].data_type, line["状态"]) == ("=1+1", "s", "未上报")
    assert line["服务日期"].date() == clock.today() - timedelta(days=1)
    assert NUMBER not in str([[cell.value for cell in row] for row in sheet]) and not Look.objects.exists()


def _with_document(resident: Resident) -> None:
    number = identity.clean(NUMBER, Resident.Document.ID_CARD)
    Resident.objects.filter(pk=resident.pk).update(**documents.columns(number, resident.community))


def test_the_head_makes_the_whole_file_which_is_written_down_and_marks(world: World) -> None:
    _with_document(world.li)
    mine = serve(world, minutes=100)
    done = serve(world, world.wang, days_ago=2)
    reporting.mark(services=[done.pk], by=world.zhang)
    sheet = read(desk_of(world.chen).post(f"{URL}whole/", {"purpose": "录入全国志愿服务信息系统", "marks": "on"}))
    assert sheet["A1"].value.startswith("含个人信息，仅限：录入全国志愿服务信息系统。陈志强")
    head = [cell.value for cell in sheet[2]]
    line = dict(zip(head, [cell.value for cell in sheet[3]], strict=True))
    assert (line["姓名"], line["证件号码"], line["联系方式"], line["活动负责人"]) == (
        "李建国",
        NUMBER,
        world.li.phone,
        "张晓燕",
    )
    assert (line["服务时长（小时）"], line["组织单位"], line["居住区域"]) == (1.5, "文兴社区", "文兴社区天和城")
    assert sheet.max_row == 3  # what was reported before is not in it
    mine.refresh_from_db()
    assert mine.reported_by == world.chen
    look = Look.objects.get()
    assert (look.by, look.purpose) == (world.chen, "录入全国志愿服务信息系统")
    assert "服务记录上报表：姓名、证件号、手机号，1条" in look.what


def test_a_whole_file_for_reference_marks_nothing(world: World) -> None:
    mine = serve(world)
    assert read(desk_of(world.chen).post(f"{URL}whole/", {"purpose": "备查"})).max_row == 3
    mine.refresh_from_db()
    assert mine.reported_at is None


def test_a_worker_makes_no_whole_file_and_nobody_without_a_purpose(world: World) -> None:
    serve(world)
    shows(desk_of(world.zhang).get(f"{URL}whole/"), "由社区主任或街道管理员导出")
    with refuses(reporting.HeadsOnly):
        reporting.whole(world.zhang, Asked(), purpose="录入系统")
    with refuses(NoPurpose):
        reporting.whole(world.chen, Asked(), purpose=" x ", marks=True)
    with refuses(reporting.NothingToReport):
        reporting.whole(world.chen, Asked(kind="PAT"), purpose="录入系统")
    assert not Look.objects.exists() and Service.objects.filter(reported_at=None).count() == 1
    shows(desk_of(world.chen).post(f"{URL}whole/", {"purpose": ""}), "导出原因", status=400)


def test_ticked_records_are_marked_once(world: World) -> None:
    first, second = serve(world), serve(world, world.wang)
    zhang = desk_of(world.zhang)
    shows(zhang.post(f"{URL}report/", {"service": [first.pk, second.pk]}, follow=True), "已标记2条为已上报", "已上报")
    first.refresh_from_db()
    assert first.reported_by == world.zhang
    with refuses(reporting.NothingToReport):
        reporting.mark(services=[first.pk], by=world.chen)
    with refuses(reporting.NothingToReport):
        reporting.mark(services=[first.pk], by=world.qian)
    with refuses(reporting.TooManyAtOnce):
        reporting.mark(services=range(501), by=world.zhang)


def test_what_was_voided_is_not_reported_any_more(world: World) -> None:
    mine = serve(world)
    approve(
        correction=propose(participation=mine.participation, minutes=0, reason="没来", by=world.zhang), by=world.chen
    )
    with refuses(reporting.NothingToReport):
        reporting.mark(services=[mine.pk], by=world.zhang)


def test_only_the_head_takes_a_mark_back_and_the_log_says_so(world: World) -> None:
    mine = serve(world)
    reporting.mark(services=[mine.pk], by=world.zhang)
    with refuses(reporting.HeadsOnly):
        reporting.unmark(services=[mine.pk], by=world.zhang)
    assert not Change.objects.filter(what="activities_service").exists()
    shows(desk_of(world.chen).post(f"{URL}unreport/", {"service": [mine.pk]}, follow=True), "已撤销1条的上报标记")
    log = Change.objects.get(what="activities_service")
    assert (log.by, log.row, log.community, log.resident) == (world.chen, mine.pk, world.wenxing, world.li)
    assert set(log.fields) == {"reported_at", "reported_by_id"}
    with refuses(reporting.NotReported):
        reporting.unmark(services=[mine.pk], by=world.chen)


def test_what_was_corrected_after_reporting_is_called_to_mind(world: World) -> None:
    mine = serve(world)
    reporting.mark(services=[mine.pk], by=world.zhang)
    approve(
        correction=propose(participation=mine.participation, minutes=60, reason="记错", by=world.zhang), by=world.chen
    )
    chen = desk_of(world.chen)
    shows(chen.get(f"{URL}?state=changed"), "请先到全国志愿服务信息系统改好", "上报过", "更正：记错")
    assert hourbook.counted(world.chen, "unreported", "changed") == {"unreported": 1, "changed": 1}
    chen.post(f"{URL}unreport/", {"service": [mine.pk]})
    assert shown(chen, "?state=changed") == []


def test_the_paper_has_its_lines_to_sign(world: World) -> None:
    serve(world, days_ago=2)
    serve(world, world.wang)
    page = desk_of(world.zhang).get(f"{URL}paper/?kind=ENV")
    shows(page, "文兴社区志愿服务时长台账", "环境整治", "2条，2人，4.0小时", "制表人：张晓燕", "审核人：", "日期：")
    assert page.content.decode().index("李建国") < page.content.decode().index("王秀兰")
    hourbook.ON_PAPER, kept = 1, hourbook.ON_PAPER
    try:
        with pytest.raises(Refused, match="缩短日期"):
            hourbook.on_paper(world.zhang, Asked())
    finally:
        hourbook.ON_PAPER = kept


@time_machine.travel("2026-11-20T02:00:00Z", tick=False)
def test_the_paper_says_its_days(world: World) -> None:
    form = HourFilter(
        {"since": "2026-11-01", "until": "2026-11-30", "state": "late"},
        communities=list(Community.objects.filter(pk=world.wenxing.pk)),
    )
    assert form.asked() == Asked(state="late", since=date(2026, 11, 1), until=date(2026, 11, 30))
    assert form.asked().said == "2026年11月1日起至2026年11月30日，补录"
    assert figures(world.zhang, Asked()).records == 0
