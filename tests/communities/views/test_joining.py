import pytest
from django.test import Client

from communities import registration
from communities.models import Consent, Resident, SubDistrict, User
from core import clock
from tests.communities.steps import come_in, shows
from tests.world import World

NEW = "13800001111"
TICKED = {"name": "吴小丽", "adult": "on", "agreed": "on"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer(client: Client, world: World) -> Client:
    """A phone that serves nobody yet, signed in."""
    come_in(client, NEW)
    return client


def test_a_new_phone_chooses_community_and_estate_waits_and_may_browse(newcomer: Client, world: World) -> None:
    page = newcomer.get("/join/?next=/night-school/")
    shows(page, "水泊寺街道", "文兴社区", f"community={world.wenxing.pk}", "先看看")
    form = f"/join/?community={world.wenxing.pk}&next=/night-school/"
    shows(newcomer.get(form), "天和城", "我已年满18周岁", "个人信息处理规则")
    estate = world.wenxing.estates.get().pk
    joined = newcomer.post(form, TICKED | {"estate": estate, "birth_date": "1990-01-02"})
    assert joined.headers["Location"] == "/night-school/"
    mine = Resident.objects.get(name="吴小丽")
    assert (mine.status, mine.estate_id, mine.phone) == ("pending", estate, NEW)
    assert Consent.objects.get().account == mine.account
    shows(newcomer.get("/me/"), "待社区确认", "吴小丽")
    shows(newcomer.get("/night-school/"), "夜校")


def test_the_communitys_own_list_confirms_at_once(newcomer: Client, world: World) -> None:
    Resident.objects.create(
        community=world.wenxing, name="吴小丽", phone=NEW, status="confirmed", decided_at=clock.now()
    )
    answer = newcomer.post(f"/join/?community={world.wenxing.pk}", TICKED, follow=True)
    shows(answer, "登记已直接确认", "已确认")


def test_neither_box_is_ticked_beforehand_and_both_are_needed(newcomer: Client, world: World) -> None:
    form = f"/join/?community={world.wenxing.pk}"
    assert "checked" not in newcomer.get(form).content.decode()
    for left_out in ("adult", "agreed", "name"):
        typed = {key: value for key, value in TICKED.items() if key != left_out}
        shows(newcomer.post(form, typed), "field__error", status=400)
    assert not Resident.objects.filter(phone=NEW).exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": "\ufffd\ufffd"}, "真实的全名"),
        ({"birth_date": "2150-01-01"}, "出生日期"),
        ({"birth_date": "31.12.90"}, "日期"),
        ({"estate": "999999"}, "field__error"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(newcomer: Client, world: World, typed, sentence) -> None:
    answer = newcomer.post(f"/join/?community={world.wenxing.pk}", TICKED | typed)
    shows(answer, sentence, next(iter(typed.values())) if "estate" not in typed else "吴小丽", status=400)
    assert not Resident.objects.filter(phone=NEW).exists()


def test_a_minor_is_told_whom_to_ask(newcomer: Client, world: World) -> None:
    born = clock.today().replace(year=clock.today().year - 12).isoformat()
    answer = newcomer.post(f"/join/?community={world.wenxing.pk}", TICKED | {"birth_date": born})
    shows(answer, "未满18周岁", "吴小丽", status=409)


@pytest.mark.parametrize("community", ["", "x", "999999", "-1", "9" * 30, "%00"])
def test_an_unknown_community_leads_to_the_list(newcomer: Client, community: str) -> None:
    shows(newcomer.get(f"/join/?community={community}"), "您住在哪个社区")


def test_a_closed_community_is_not_offered(newcomer: Client, world: World) -> None:
    world.yongan.open_to_residents = False
    world.yongan.save()
    assert "永安社区" not in newcomer.get("/join/").content.decode()
    shows(newcomer.post(f"/join/?community={world.yongan.pk}", TICKED), "您住在哪个社区")
    assert not Resident.objects.filter(phone=NEW).exists()


def test_who_was_declined_reads_why_and_may_try_again(client: Client, world: World) -> None:
    registration.decline(resident=world.sun, by=world.zhang, reason="请带身份证到社区核对")
    client.force_login(world.sun.account)
    assert client.get("/me/").headers["Location"].startswith("/join/")
    shows(client.get("/join/"), "上次登记未通过", "请带身份证到社区核对")
    answer = client.post(f"/join/?community={world.wenxing.pk}", TICKED | {"name": "孙桂芳"})
    assert answer.headers["Location"] == "/me/"


def test_a_family_member_joins_on_the_same_phone_and_is_acted_for(client: Client, world: World) -> None:
    client.force_login(world.wang.account)
    client.post(f"/join/?community={world.wenxing.pk}", TICKED)
    shows(client.get("/me/"), "吴小丽", "换人办理")
    shows(client.post(f"/join/?community={world.wenxing.pk}", TICKED), "已经登记过了", status=409)


def test_the_names_to_choose_from_are_masked(client: Client, world: World) -> None:
    Resident.objects.filter(pk=world.zhao.pk).update(account=world.wang.account)
    client.force_login(world.wang.account)
    page = client.get("/choose/?next=/points/")
    shows(page, "王*兰", "赵*珍", "文兴社区")
    assert "王秀兰" not in page.content.decode()
    chosen = client.post("/choose/", {"resident": world.zhao.pk, "next": "/points/"})
    assert chosen.headers["Location"] == "/points/"
    assert client.session["acting"] == world.zhao.pk
    shows(client.get("/me/"), "赵玉珍")


@pytest.mark.parametrize("resident", ["", "x", "0"])
def test_one_chooses_only_whom_the_phone_serves(client: Client, world: World, resident: str) -> None:
    client.force_login(world.wang.account)
    assert client.post("/choose/", {"resident": resident or world.li.pk}).status_code == 404
    assert "acting" not in client.session


def test_staff_do_not_join(client: Client, world: World) -> None:
    client.force_login(world.zhang)
    shows(client.get("/join/"), "供居民使用", status=403)


def test_the_list_of_communities_costs_the_same_for_one_and_for_thirty(
    newcomer: Client, world: World, django_assert_num_queries
) -> None:
    newcomer.get("/join/")
    with django_assert_num_queries(6):
        newcomer.get("/join/")
    for number in range(27):
        street, _ = SubDistrict.objects.get_or_create(name=f"第{number % 5}街道", defaults={"district": "平城区"})
        street.communities.create(name=f"第{number}社区")
    with django_assert_num_queries(6):
        newcomer.get("/join/")


def test_whom_to_choose_costs_the_same_for_one_and_for_thirty(
    client: Client, world: World, django_assert_num_queries
) -> None:
    client.force_login(world.wang.account)
    client.get("/choose/")
    with django_assert_num_queries(5):
        client.get("/choose/")
    Resident.objects.bulk_create(
        Resident(community=world.wenxing, account=world.wang.account, name=f"王{number}") for number in range(29)
    )
    with django_assert_num_queries(5):
        client.get("/choose/")


def test_an_account_without_anybody_is_a_user_all_the_same(newcomer: Client) -> None:
    assert User.objects.get(phone=NEW).residents.count() == 0
