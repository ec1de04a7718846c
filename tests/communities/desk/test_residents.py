import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities import registration
from communities.models import Estate, Resident
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
    shows(page, "已确认2人", "王秀兰：这份登记已经有人处理过了")
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
@pytest.mark.parametrize("act", ["", "confirm/", "decline/", "move/", "release/"])
def test_staff_of_another_community_find_nothing(client: Client, world: World, who: str, act: str) -> None:
    foreigner = resident(world.hualin, "冯立新", "13700001111", confirmed=False)
    client.force_login(world.qian if who == "qian" else world.he)
    file = world.sun if who == "qian" else foreigner
    page, typed = f"/desk/residents/{file.pk}/{act}", {"reason": "不住这里", "phone": NEW}
    assert (client.post(page, typed) if act else client.get(page)).status_code == 404
    file.refresh_from_db()
    assert (file.status, file.phone != NEW, file.account is not None) == ("pending", True, True)


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
    assert len(one) == len(thirty) <= 8, [query["sql"] for query in thirty.captured_queries]
