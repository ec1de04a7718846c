"""证明 at the desk: asking at the counter, issuing, the register, the paper, revoking."""

from io import BytesIO

import openpyxl
import pytest
from django.test import Client

from activities import certificates
from activities.models import Certificate, CertificateRequest
from communities import counter
from communities.documents import columns
from communities.identity import clean
from communities.models import Resident
from core import clock
from tests import world as cast
from tests.activities import serving
from tests.activities.desk.test_stars import desk_of
from tests.communities.steps import shows
from tests.pages import queries, text
from tests.world import World

pytestmark = pytest.mark.django_db
LIST = "/desk/certificates/"
NUMBER = "14020219680502002"


@pytest.fixture
def zhang(world: World) -> Client:
    return desk_of(world.zhang)


@pytest.fixture
def chen(world: World) -> Client:
    return desk_of(world.chen)


def test_asked_at_the_counter_issued_by_the_head_printed(zhang: Client, chen: Client, world: World) -> None:
    serving.served(world, world.wang, 2.5, title="楼道清理")
    ask = f"/desk/residents/{world.wang.pk}/certificate/"
    shows(zhang.get(f"/desk/residents/{world.wang.pk}/stars/"), ask)
    shows(zhang.get(ask), "服务期间开始", "还没有登记证件")
    given = {"community": world.wenxing.pk, "from_on": "2020-01-01", "to_on": str(clock.today())}
    shows(zhang.post(ask, given, follow=True), "2.5小时，1次", "楼道清理", "由记录服务的社区的主任出具")
    mine = CertificateRequest.objects.get()
    page = f"{LIST}asked/{mine.pk}/"
    shows(zhang.post(page, {"remarks": ""}), "主任出具和作废", status=403)
    shows(chen.get("/desk/"), "志愿服务记录证明待您出具", LIST)
    shows(chen.get(LIST), "王秀兰", "张晓燕在窗口代办", page)
    shows(chen.post(page, {"remarks": "用于社会实践"}, follow=True), "已出具，编号", "有效", "打印证明")
    made = Certificate.objects.get()
    shows(chen.post(page, {"remarks": ""}), "已经办理过", status=409)
    paper = text(chen, f"{LIST}{made.pk}/print/")
    for said in (
        "志愿服务记录证明", made.number, "王秀兰", "证件未登记", "2.5小时（1次）", "楼道清理", "水泊寺街道文兴社区（盖章）", "负责人陈志强",
        "经办人张晓燕", "0352-0000001", "用于社会实践", "扫码核对真伪",
    ):  # fmt: skip
        assert said in paper, said
    assert "<svg" in chen.get(f"{LIST}{made.pk}/print/").content.decode()


def test_the_paper_shows_kind_and_tail_of_the_document_and_never_the_number(chen: Client, world: World) -> None:
    whole = clean(f"{NUMBER}{cast_check()}")
    Resident.objects.filter(pk=world.wang.pk).update(**columns(whole, world.wenxing))
    made = serving.issued(world)
    paper = text(chen, f"{LIST}{made.pk}/print/")
    assert f"居民身份证，尾号{whole.tail}" in paper
    assert NUMBER not in paper and "19680502" not in paper and "6021" not in paper


def cast_check() -> str:
    from_17 = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(w * int(d) for w, d in zip(from_17, NUMBER, strict=True)) % 11]


def test_declined_with_a_reason(chen: Client, world: World) -> None:
    mine = serving.asked(world)
    page = f"{LIST}asked/{mine.pk}/"
    shows(chen.post(f"{page}decline/", {"reason": ""}), "请填写这一项", status=400)
    shows(chen.post(f"{page}decline/", {"reason": "本人说不要了"}, follow=True), "已登记为不出具")
    shows(chen.get(page), "本人说不要了", "未出具")


def test_revoked_with_a_reason_the_paper_says_so(chen: Client, zhang: Client, world: World) -> None:
    made = serving.issued(world)
    page = f"{LIST}{made.pk}/"
    assert "作废证明" not in zhang.get(page).content.decode()
    shows(zhang.post(f"{page}revoke/", {"reason": "不对"}), "主任出具和作废", status=403)
    shows(chen.post(f"{page}revoke/", {"reason": ""}), "请填写这一项", status=400)
    shows(chen.post(f"{page}revoke/", {"reason": "时长记错"}, follow=True), "已作废", "时长记错")
    assert "作废：时长记错" in text(chen, f"{page}print/")
    shows(zhang.get(LIST), "已作废")


def test_corrected_hours_are_said_in_the_register(chen: Client, world: World) -> None:
    made = serving.issued(world)
    serving.struck(world.wang.services.get(), world)
    shows(chen.get(LIST), "时长有更正")
    shows(chen.get(f"{LIST}{made.pk}/"), "请作废这一份")
    assert "出具以后服务时长有更正" in text(chen, f"{LIST}{made.pk}/print/")


def test_who_recorded_nothing_is_told_who_certifies(zhang: Client, world: World) -> None:
    serving.served(world, world.wang, 5, community=world.yongan)
    shows(zhang.get(f"/desk/residents/{world.wang.pk}/certificate/"), "谁记录服务，由谁出具")


def test_the_register_is_filtered_and_exported_with_masked_names(chen: Client, world: World) -> None:
    mine, theirs = serving.issued(world), serving.issued(world, world.li)
    assert theirs.number not in text(chen, f"{LIST}?q=秀兰")
    assert mine.number not in text(chen, f"{LIST}?q={theirs.number}")
    book = openpyxl.load_workbook(BytesIO(b"".join(chen.get(f"{LIST}export/?q=秀兰").streaming_content)))
    rows = list(book.active.iter_rows(values_only=True))
    assert len(rows) == 2
    assert (rows[1][0], rows[1][2], rows[1][5]) == (mine.number, "王*兰", "2.5")


def test_staff_of_another_community_find_nothing(world: World) -> None:
    made, qian = serving.issued(world), desk_of(world.qian)
    mine = serving.asked(world, world.li)
    assert made.number not in text(qian, LIST)
    for path in (
        f"{LIST}{made.pk}/",
        f"{LIST}{made.pk}/print/",
        f"{LIST}asked/{mine.pk}/",
        f"/desk/residents/{world.wang.pk}/certificate/",
    ):
        assert qian.get(path).status_code == 404
    for path in (f"{LIST}{made.pk}/revoke/", f"{LIST}asked/{mine.pk}/decline/"):
        assert qian.post(path, {"reason": "不对"}).status_code == 404


def test_the_counter_leads_to_the_page_of_who_has_hours(zhang: Client, world: World) -> None:
    assert counter.act_of("certificate") is None  # a page of its own, no slip
    page = f"/desk/counter/{world.zhao.pk}/"
    shows(zhang.get(page), "还没有可以证明的志愿服务")
    serving.served(world, world.zhao, 2)
    shows(zhang.get(page), "申请志愿服务记录证明", f"/desk/residents/{world.zhao.pk}/certificate/")


def test_a_register_costs_the_same_for_one_and_for_thirty(chen: Client, world: World) -> None:
    serving.issued(world)
    serving.asked(world)
    few = queries(chen, LIST)
    for n in range(30):
        one = cast.resident(world.wenxing, f"居民{n}")
        serving.issued(world, one, 0.5)
        certificates.ask(resident=one, community=world.wenxing, from_on=clock.today().replace(year=2020), to_on=clock.today(), by=world.zhang)  # fmt: skip
    assert queries(chen, LIST) == few
