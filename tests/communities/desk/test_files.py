"""The file at the counter: opened, put right, its phone moved; each page says who is there already."""

import pytest
from django.test import Client

from communities.models import Consent, Resident
from tests.communities.steps import shows
from tests.world import World, resident

NUMBER, NEW = "11010519491231002X", "13800001111"
pytestmark = pytest.mark.django_db
PERSON = {"name": "吴玉兰", "document": "id_card", "signed": "on"}


@pytest.fixture
def zhang(client: Client, world: World) -> Client:
    client.force_login(world.zhang)
    return client


def correction(page: str, client: Client, **typed: object) -> dict[str, object]:
    form = client.get(page).context["form"]
    return {
        "seen": form["seen"].value(),
        "name": form["name"].value(),
        "document": "id_card",
        "reason": "asked",
    } | typed


def test_a_file_is_opened_in_one_step(zhang: Client, world: World) -> None:
    shows(zhang.get("/desk/residents/new/"), "文兴社区", "签字", "天和城")
    typed = PERSON | {"phone": "１３８ 0000-1111", "number": NUMBER.lower()}
    page = zhang.post("/desk/residents/new/", typed, follow=True)
    shows(page, "已为吴玉兰建档", "138****1111", "后四位", "002X", "1949年生")
    assert NUMBER not in page.content.decode() and NEW not in page.content.decode()
    assert Consent.objects.filter(resident__name="吴玉兰", way="signature").exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": "吴"}, "真实的全名"),
        ({"number": "110105194912310021"}, "校验位"),
        ({"number": "1.10105E+17"}, "Excel"),
        ({"birth_date": "20261340"}, "检查出生日期"),
        ({"signed": ""}, "请先请本人读过规则"),
        ({"phone": "12345"}, "不是手机号"),
        ({"birth_date": "20200101"}, "未满8周岁"),
        ({"number": NUMBER, "birth_date": "19491230"}, "对不上"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    zhang: Client, world: World, typed: dict[str, str], said: str
) -> None:
    page = zhang.post("/desk/residents/new/", PERSON | typed)
    assert page.status_code in (400, 409)
    assert said in page.content.decode() and not Resident.objects.filter(name="吴玉兰").exists()


def test_a_namesake_is_shown_and_then_decided_about(zhang: Client, world: World) -> None:
    page = zhang.post("/desk/residents/new/", PERSON | {"name": "赵玉珍"})
    shows(page, f"/desk/residents/{world.zhao.pk}/", "1944年生", "不是同一个人", status=409)
    zhang.post("/desk/residents/new/", PERSON | {"name": "赵玉珍", "another": "on"}, follow=True)
    assert Resident.objects.filter(name="赵玉珍").count() == 2


def test_the_same_person_is_shown_and_there_is_no_second_file(zhang: Client, world: World) -> None:
    page = zhang.post("/desk/residents/new/", PERSON | {"name": "王秀兰", "phone": world.wang.phone})
    shows(page, f"/desk/residents/{world.wang.pk}/", "同一手机号", status=409)
    assert (
        "不是同一个人" not in page.content.decode()
        and world.wang.phone not in page.content.decode().split("</form>")[1]
    )


def test_a_sister_communitys_file_is_not_shown(client: Client, world: World) -> None:
    client.force_login(world.qian)
    client.post("/desk/residents/new/", PERSON | {"name": "冯月英", "number": NUMBER}, follow=True)
    client.force_login(world.zhang)
    page = client.post("/desk/residents/new/", PERSON | {"number": NUMBER})
    shows(page, "迁移", status=409)
    assert "冯月英" not in page.content.decode() and "永安" not in page.content.decode()


def test_the_sub_district_chooses_the_community_first(client: Client, world: World) -> None:
    client.force_login(world.he)
    shows(client.get("/desk/residents/new/"), "先选社区", f"?community={world.yongan.pk}")
    client.post(f"/desk/residents/new/?community={world.yongan.pk}", PERSON)
    assert Resident.objects.get(name="吴玉兰").community == world.yongan
    strange = client.post(f"/desk/residents/new/?community={world.hualin.pk}", PERSON | {"name": "冯月英"})
    shows(strange, "先选社区")
    assert not Resident.objects.filter(name="冯月英").exists()


def test_a_minor_of_the_family(zhang: Client, world: World) -> None:
    page = f"/desk/residents/new/?guardian={world.wang.pk}"
    shows(zhang.get(page), "监护人王秀兰已在窗口读过")
    seen = {"relation": "母亲", "basis": "birth", "present": "on"}
    shows(zhang.post(page, PERSON | {"birth_date": "20110101"} | seen, follow=True), "已为吴玉兰建档", "王秀兰")
    assert zhang.get(f"/desk/residents/new/?guardian={world.zhou.pk}").status_code == 404


def test_a_file_is_put_right_without_showing_what_is_sealed(zhang: Client, world: World) -> None:
    zhang.post("/desk/residents/new/", PERSON | {"number": NUMBER})
    made = Resident.objects.get(name="吴玉兰")
    page = f"/desk/residents/{made.pk}/correct/"
    form = zhang.get(page)
    shows(form, "不改就留空", "后四位002X")
    assert NUMBER not in form.content.decode() and "1949" not in form.content.decode()
    shows(zhang.post(page, correction(page, zhang), follow=True), "没有改动", status=400)
    shows(
        zhang.post(page, correction(page, zhang, name="吴玉蓝"), follow=True),
        "已更正",
        "吴玉蓝",
        "姓名（本人要求更正）",
    )
    late = correction(page, zhang, name="吴玉栏")
    zhang.post(page, correction(page, zhang, name="吴玉岚"))
    shows(zhang.post(page, late), "被改动过", "吴玉栏", status=409)
    shows(zhang.post(page, correction(page, zhang, forget_number="on"), follow=True), "未登记")


def test_ones_own_file_is_for_a_colleague(zhang: Client, world: World) -> None:
    world.zhang.own_phone = world.wang.phone
    world.zhang.save()
    page = zhang.get(f"/desk/residents/{world.wang.pk}/correct/")
    shows(page, "由另一位同事办理")
    assert "保存更正" not in page.content.decode()


def test_a_number_in_use_asks_why_and_then_moves(zhang: Client, world: World) -> None:
    page = f"/desk/residents/{world.zhao.pk}/"
    shows(zhang.get(page), "登记号码")
    shows(zhang.post(f"{page}move/", {"phone": world.li.phone}), "李建国", "一家人共用", "号码换了主人", status=409)
    shows(zhang.post(f"{page}move/", {"phone": world.li.phone, "sharing": "shared"}, follow=True), "手机号已更换")
    shows(zhang.get(page), "同时为", "李建国")
    world.zhao.refresh_from_db()
    assert world.zhao.account == world.li.account


def test_the_others_of_a_number_come_along(zhang: Client, world: World) -> None:
    daughter = Resident.objects.create(
        community=world.wenxing, account=world.wang.account, phone=world.wang.phone, name="王小兰"
    )
    page = f"/desk/residents/{world.wang.pk}/"
    shows(zhang.get(page), "王小兰也一起换", "王小兰也一起解除")
    shows(zhang.post(f"{page}move/", {"phone": NEW, "everyone": "on"}, follow=True), "王小兰也一起换了")
    daughter.refresh_from_db()
    assert daughter.phone == NEW
    zhang.post(f"{page}release/", {"everyone": "on"})
    daughter.refresh_from_db()
    assert daughter.phone == ""


def test_a_file_costs_the_same_whoever_lives_there(zhang: Client, world: World, django_assert_max_num_queries) -> None:
    home = world.wang.household
    for number in range(8):
        one = resident(world.wenxing, f"家人{number}", f"138{number:08d}")
        Resident.objects.filter(pk=one.pk).update(household=home)
    with django_assert_max_num_queries(14):
        shows(zhang.get(f"/desk/residents/{world.wang.pk}/"), "家人7")
