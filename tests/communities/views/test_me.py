import pytest
from django.test import Client

from communities import consents
from communities.models import Resident
from tests.communities.phonebox import last_code, other_than
from tests.communities.steps import shows
from tests.world import World

NEW = "13800001111"
pytestmark = pytest.mark.django_db


@pytest.fixture
def wang(client: Client, world: World) -> Client:
    client.force_login(world.wang.account)
    return client


def test_me_leads_everywhere_in_one_tap(wang: Client, world: World) -> None:
    shows(
        wang.get("/me/"), "王秀兰", "文兴社区", "天和城", "138****6021", "已确认", 'href="/points/"', 'href="/tickets/"',
        'href="/messages/"', 'href="/activities/mine/"', 'href="/partners/"', 'href="/notices/"', 'href="/me/phone/"', "长辈版",
        'href="tel:0352-0000001"', "退出登录",
    )  # fmt: skip


def test_who_waits_reads_what_that_means(client: Client, world: World) -> None:
    client.force_login(world.sun.account)
    shows(client.get("/me/"), "待社区确认", "暂时不能报名")


def test_another_family_member_may_be_chosen_only_if_there_is_one(wang: Client, world: World) -> None:
    assert "换人办理" not in wang.get("/me/").content.decode()
    Resident.objects.filter(pk=world.zhao.pk).update(account=world.wang.account)
    shows(wang.get("/me/"), "换人办理")


def test_the_number_is_changed_by_a_code_to_the_new_one(wang: Client, world: World, phones) -> None:
    shows(wang.get("/me/phone/"), "138****6021")
    assert wang.post("/me/phone/", {"phone": NEW}).headers["Location"] == "/me/phone/code/"
    assert [number for number, _ in phones] == [NEW]
    shows(wang.get("/me/phone/code/"), "138****1111")
    shows(wang.post("/me/phone/code/", {"code": other_than(last_code(NEW))}), "还可以再试4次", status=409)
    world.wang.refresh_from_db()
    assert world.wang.phone == "13812346021"
    answer = wang.post("/me/phone/code/", {"code": last_code(NEW)}, follow=True)
    shows(answer, "手机号已更换", "138****1111")


def test_a_number_that_serves_others_stays_theirs(wang: Client, world: World) -> None:
    wang.post("/me/phone/", {"phone": world.li.phone})
    shows(wang.post("/me/phone/code/", {"code": last_code(world.li.phone)}), "已经登记在别的账号上", status=409)
    world.li.refresh_from_db()
    assert world.li.account.phone == world.li.phone


def test_a_code_for_signing_in_does_not_change_a_number(wang: Client) -> None:
    assert wang.post("/me/phone/code/", {"code": "123456"}).headers["Location"] == "/me/phone/"


@pytest.mark.parametrize(
    ("asked", "kept"), [("elder", "elder"), ("standard", "standard"), ("<b>", "standard"), ("", "standard")]
)
def test_the_size_of_letters_is_kept_for_a_year(client: Client, world: World, asked: str, kept: str) -> None:
    answer = client.post("/size/", {"size": asked, "next": "/privacy/"})
    cookie = answer.cookies["size"]
    assert (answer.headers["Location"], cookie.value, cookie["max-age"]) == ("/privacy/", kept, 365 * 24 * 3600)
    assert (cookie["samesite"], cookie["httponly"]) == ("Lax", True)
    shows(client.get("/privacy/"), f'data-size="{kept}"')


def test_large_letters_lead_back_to_this_site_only(client: Client) -> None:
    evil = {"size": "elder", "next": "https://evil.example/"}
    assert client.post("/size/", evil, headers={"referer": "https://evil.example/"}).headers["Location"] == "/"


def test_everyone_may_read_the_rules(client: Client, world: World) -> None:
    shows(client.get("/privacy/"), "您的权利", f"版本{consents.PERSONAL_DATA_VERSION}")


def test_me_costs_no_more_with_thirty_in_the_family(wang: Client, world: World, django_assert_max_num_queries) -> None:
    wang.get("/me/")
    with django_assert_max_num_queries(7):
        wang.get("/me/")
    Resident.objects.bulk_create(
        Resident(community=world.wenxing, account=world.wang.account, name=f"王{number}") for number in range(29)
    )
    with django_assert_max_num_queries(7):
        wang.get("/me/")
