from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from communities import registration
from communities.models import Estate, Look, Resident
from tests.communities.steps import shows
from tests.world import World, resident

NEW = "13800001111"
pytestmark = pytest.mark.django_db


@pytest.fixture
def zhang(client: Client, world: World) -> Client:
    client.force_login(world.zhang)
    return client


def names(client: Client, query: str = "") -> set[str]:
    found = client.get(f"/desk/residents/{query}")
    assert found.status_code == 200
    return {one.name for one in found.context["slice"].rows}


def test_who_waits_is_shown_first_with_a_masked_phone(zhang: Client, world: World) -> None:
    page = zhang.get("/desk/residents/")
    shows(page, "孙桂芳", "136****7755", "天和城", "待社区确认")
    assert "王秀兰" not in page.content.decode() and world.sun.phone not in page.content.decode()


def test_the_list_is_filtered(zhang: Client, world: World) -> None:
    other = Estate.objects.create(community=world.wenxing, name="恒大绿洲")
    Resident.objects.filter(pk=world.li.pk).update(estate=other)
    assert names(zhang, "?status=") == {"王秀兰", "李建国", "赵玉珍", "孙桂芳"}
    assert names(zhang, "?status=confirmed") == {"王秀兰", "李建国", "赵玉珍"}
    assert names(zhang, "?status=&q=建") == {"李建国"}
    assert names(zhang, "?status=&q=6021") == {"王秀兰"}
    assert names(zhang, f"?status=&estate={other.pk}") == {"李建国"}
    assert names(zhang, "?status=&q=周") == set()


@pytest.mark.parametrize(
    "query", ["?status=x", "?estate=x", "?after=x", "?q=%ff%fe", "?status=%00&q=%00", "?before=" + "9" * 40]
)
def test_a_strange_address_is_no_error(zhang: Client, query: str) -> None:
    assert zhang.get(f"/desk/residents/{query}").status_code == 200


def test_the_sub_district_sees_all_its_communities_and_no_other(client: Client, world: World) -> None:
    resident(world.hualin, "冯立新", "13700001111")
    client.force_login(world.he)
    assert names(client, "?status=") == {"王秀兰", "李建国", "赵玉珍", "孙桂芳", "周海涛"}
    assert names(client, f"?status=&community={world.yongan.pk}") == {"周海涛"}


def test_one_click_confirms_and_returns_to_the_same_list(zhang: Client, world: World) -> None:
    answer = zhang.post(
        f"/desk/residents/{world.sun.pk}/confirm/", {"next": "/desk/residents/?status=confirmed"}, follow=True
    )
    shows(answer, "已确认孙桂芳", "王秀兰")
    world.sun.refresh_from_db()
    assert world.sun.decided_by == world.zhang


def test_a_second_click_is_told_so(zhang: Client, world: World) -> None:
    registration.confirm(resident=world.sun, by=world.chen)
    shows(
        zhang.post(f"/desk/residents/{world.sun.pk}/confirm/", follow=True, headers={"referer": "/desk/residents/"}),
        "已经有人处理过了",
    )
    world.sun.refresh_from_db()
    assert world.sun.decided_by == world.chen


def test_many_are_confirmed_at_once_and_only_ones_own(zhang: Client, world: World) -> None:
    second = resident(world.wenxing, "吴小丽", NEW, confirmed=False)
    foreign = resident(world.yongan, "郑红梅", "13800002222", confirmed=False)
    ticked = {"resident": [world.sun.pk, second.pk, foreign.pk, world.wang.pk, "x"]}
    page = zhang.post("/desk/residents/confirm/", ticked, follow=True)
    shows(page, "已确认2人：孙桂芳、吴小丽。", "1人没有确认：王秀兰。这份登记已经有人处理过了")
    assert "郑红梅" not in page.content.decode()
    assert set(Resident.objects.filter(status="pending")) == {foreign}
    shows(zhang.post("/desk/residents/confirm/", {}, follow=True), "请先勾选")


def test_declining_needs_a_reason(zhang: Client, world: World) -> None:
    page = f"/desk/residents/{world.sun.pk}/decline/"
    shows(zhang.post(page, {"reason": " "}), "field__error", "孙桂芳", status=400)
    shows(zhang.post(page, {"reason": "请带身份证到社区核对"}, follow=True), "未通过")
    shows(zhang.get(f"/desk/residents/{world.sun.pk}/"), "请带身份证到社区核对", "张晓燕")
    shows(zhang.post(page, {"reason": "不住这里"}), "已经有人处理过了", status=409)


def test_a_file_shows_its_namesakes_and_no_full_phone(zhang: Client, world: World) -> None:
    resident(world.wenxing, "孙桂芳")
    page = zhang.get(f"/desk/residents/{world.sun.pk}/")
    shows(page, "同名的其他档案", "136****7755", "不通过", "换到新号码")
    assert world.sun.phone not in page.content.decode()


def test_a_number_is_moved_and_taken_off_in_one_step_each(zhang: Client, world: World) -> None:
    page = f"/desk/residents/{world.wang.pk}/"
    shows(zhang.post(f"{page}move/", {"phone": "123"}), "不是手机号", "123", status=400)
    shows(zhang.post(f"{page}move/", {"phone": world.wang.phone}), "没有改动", status=409)
    shows(zhang.post(f"{page}move/", {"phone": NEW}, follow=True), "手机号已更换", "138****1111")
    shows(zhang.post(f"{page}release/", follow=True), "已解除手机号", "无手机")
    world.wang.refresh_from_db()
    assert (world.wang.account, world.wang.status) == (None, "confirmed")


@pytest.mark.parametrize("who", ["qian", "foreigner"])
@pytest.mark.parametrize("act", ["", "confirm/", "decline/", "move/", "release/", "correct/"])
def test_staff_of_another_community_find_nothing(client: Client, world: World, who: str, act: str) -> None:
    foreigner = resident(world.hualin, "冯立新", "13700001111", confirmed=False)
    client.force_login(world.qian if who == "qian" else world.he)
    file = world.sun if who == "qian" else foreigner
    page, typed = f"/desk/residents/{file.pk}/{act}", {"reason": "不住这里", "phone": NEW}
    assert (client.post(page, typed) if act else client.get(page)).status_code == 404
    file.refresh_from_db()
    assert (file.status, file.phone != NEW, file.account is not None) == ("pending", True, True)


def test_thirty_are_confirmed_in_one_go_and_who_was_not_is_named(zhang: Client, world: World) -> None:
    thirty = [resident(world.wenxing, f"吴{n}", f"138{n:08d}", confirmed=False) for n in range(30)]
    mine = resident(world.wenxing, "张晓燕", confirmed=False)
    Resident.objects.filter(pk=mine.pk).update(phone=world.zhang.own_phone)
    for one in thirty[:2]:
        registration.confirm(resident=one, by=world.chen)
    page = zhang.post("/desk/residents/confirm/", {"resident": [one.pk for one in (*thirty, mine)]}, follow=True)
    shows(page, "已确认28人：吴2、", "2人没有确认：吴0、吴1。", "1人没有确认：张晓燕。不能确认自己和家人的登记")
    assert Resident.objects.filter(status="pending").count() == 2


def test_the_list_is_sorted_and_paged_by_sound(zhang: Client, world: World) -> None:
    for number in range(60):
        resident(world.wenxing, "吴丽" if number % 2 else "阿丽", confirmed=False)
    first = zhang.get("/desk/residents/?sort=pinyin")
    second = zhang.get(f"/desk/residents/{first.context['slice'].next}")
    rows = [*first.context["slice"].rows, *second.context["slice"].rows]
    assert [(one.pinyin, one.pk) for one in rows] == sorted((one.pinyin, one.pk) for one in rows)
    assert len({one.pk for one in rows}) == 61 and not second.context["slice"].next
    again = zhang.get(f"/desk/residents/{second.context['slice'].previous}")
    assert again.context["slice"].rows == first.context["slice"].rows
    newest = zhang.get("/desk/residents/?sort=newest").context["slice"].rows
    assert [one.pk for one in newest] == sorted((one.pk for one in newest), reverse=True)


def test_a_strangers_number_in_the_address_tells_nothing(zhang: Client, world: World) -> None:
    foreign = resident(world.yongan, "欧阳")
    both = [names(zhang, f"?status=&sort=pinyin&after={pk}") for pk in (foreign.pk, 10**9)]
    assert both[0] == both[1] == names(zhang, "?status=&sort=pinyin")


def test_the_file_and_the_paper_follow_the_filter(zhang: Client, world: World) -> None:
    shows(zhang.get("/desk/residents/?status=confirmed&q=wang"), "residents/export/?status=confirmed&amp;q=wang")
    file = zhang.get("/desk/residents/export/?status=confirmed&q=wang")
    rows = list(load_workbook(BytesIO(file.getvalue())).active.iter_rows(values_only=True))
    assert [row[:2] for row in rows[1:]] == [("王秀兰", "138****6021")]
    paper = zhang.get("/desk/residents/roster/?status=confirmed")
    shows(paper, "文兴社区居民花名册", "范围：已确认", "共3人", "制表人：张晓燕", "审核人：", "138****6021")
    assert world.wang.phone not in paper.content.decode() and "孙桂芳" not in paper.content.decode()


def test_the_whole_roll_is_for_the_head(zhang: Client, world: World) -> None:
    page = "/desk/residents/export/whole/?status=confirmed"
    shows(zhang.get(page), "由社区主任或街道管理员导出")
    assert "完整名册</a>" not in zhang.get("/desk/residents/").content.decode()
    assert zhang.post(page, {"purpose": "老年人摸底"}).status_code == 403
    assert not Look.objects.exists()
    zhang.force_login(world.chen)
    shows(zhang.get("/desk/residents/"), "完整名册")
    shows(zhang.get(page), "范围：已确认", "导出会被记录")
    shows(zhang.post(page, {"purpose": ""}), "field__error", status=400)
    file = zhang.post(page, {"purpose": "老年人摸底"})
    assert file.getvalue()[:2] == b"PK" and Look.objects.get().purpose == "老年人摸底"


@pytest.mark.parametrize("act", ["confirm/", "decline/", "move/", "release/"])
def test_reading_changes_nothing(zhang: Client, world: World, act: str) -> None:
    assert zhang.get(f"/desk/residents/{world.sun.pk}/{act}").status_code == 405


def test_fifty_to_a_page_forth_and_back(zhang: Client, world: World) -> None:
    for number in range(60):
        resident(world.wenxing, f"吴{number}", confirmed=False)
    first = zhang.get("/desk/residents/")
    assert len(first.context["slice"].rows) == 50
    second = zhang.get(f"/desk/residents/{first.context['slice'].next}")
    assert [one.name for one in second.context["slice"].rows][-1] == "吴59" and not second.context["slice"].next
    again = zhang.get(f"/desk/residents/{second.context['slice'].previous}")
    assert again.context["slice"].rows == first.context["slice"].rows


def test_thirty_cost_no_more_than_one(zhang: Client, world: World) -> None:
    with CaptureQueriesContext(connection) as one:
        zhang.get("/desk/residents/")
    for number in range(29):
        resident(world.wenxing, f"吴{number}", f"138{number:08d}", confirmed=False)
    with CaptureQueriesContext(connection) as thirty:
        zhang.get("/desk/residents/")
    assert len(one) == len(thirty) <= 12, [query["sql"] for query in thirty.captured_queries]
