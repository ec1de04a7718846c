"""积分卡 at the desk, and where its code leads."""

import pytest
from django.test import Client
from django.urls import reverse

from communities import cards, helping
from communities.models import Card, Consent
from tests.communities.steps import shows
from tests.pages import queries, text
from tests.world import World, resident

pytestmark = pytest.mark.django_db
PLAIN = "这是社区积分卡，请到社区窗口使用"


@pytest.fixture
def desk(client: Client, world: World) -> Client:
    client.force_login(world.zhang)
    return client


def at(world: World, what: str = "") -> str:
    return (
        reverse("desk:card-act", args=[world.zhao.pk, what])
        if what
        else reverse("desk:resident-card", args=[world.zhao.pk])
    )


def test_a_card_is_issued_printed_lost_and_ended(desk: Client, world: World) -> None:
    shows(desk.get(at(world)), "还没有卡", "发卡")
    shows(desk.post(at(world, "issue"), follow=True), "已发卡，请打印", "没有设，办理时签字")
    first = Card.objects.get()
    shows(desk.post(at(world, "replace"), follow=True), "旧卡已作废，新卡已发", "以前的卡", first.number[:4])
    shows(desk.post(at(world, "end"), follow=True), "卡已作废", "还没有卡")
    assert not Card.objects.filter(ended_at=None).exists()


def test_the_resident_types_a_pin_twice(desk: Client, world: World) -> None:
    cards.issue(resident=world.zhao, by=world.zhang)
    shows(desk.post(at(world), {"pin": "730591", "again": "730691"}), "两次输入的密码不一样", status=400)
    answer = desk.post(at(world), {"pin": "1234", "again": "1234"})
    shows(answer, "太容易猜到", status=400)
    assert "1234" not in answer.content.decode().replace("1111、1234", "")
    shows(desk.post(at(world), {"pin": "730591", "again": "730591"}, follow=True), "密码已保存", "已设，可以代替签字")


def test_eight_to_a_sheet_with_masked_names_and_nothing_else(desk: Client, world: World) -> None:
    people = [resident(world.wenxing, f"李老{n}", born=world.zhao.birth_date) for n in "一二三四五六七八九"]
    answer = desk.post(
        reverse("desk:cards-issue"), {"resident": [one.pk for one in [*people, world.zhou, world.sun]]}, follow=True
    )
    page = answer.content.decode()
    shows(answer, "共9张卡，2张A4纸", "李*三", "文兴社区", "0352-0000001")
    assert page.count('class="pass"') == 9 and page.count("<svg") >= 9 and page.count('class="sheet"') == 2
    assert "李老三" not in page and "1944" not in page and "天和城" not in page and "周" not in page
    assert not [one.token for one in Card.objects.all() if one.token in page]
    assert Card.objects.count() == 9


def test_who_was_not_chosen_rightly_is_told(desk: Client, world: World) -> None:
    answer = desk.post(reverse("desk:cards-issue"), {"resident": [world.sun.pk, "x", world.zhou.pk]}, follow=True)
    shows(answer, "社区确认登记以后才能发卡", "没有可以打印的卡")
    assert not Card.objects.exists()


def test_printing_costs_the_same_for_one_and_for_thirty(desk: Client, world: World) -> None:
    people = [resident(world.wenxing, f"老人{n}") for n in range(30)]
    cards.issue_many(residents=people, by=world.zhang)
    page = reverse("desk:cards-print")
    one = queries(desk, f"{page}?resident={people[0].pk}")
    assert queries(desk, page + "?" + "&".join(f"resident={person.pk}" for person in people)) == one


def test_staff_of_another_community_find_nothing(client: Client, world: World) -> None:
    cards.issue(resident=world.zhao, by=world.zhang)
    client.force_login(world.qian)
    assert client.get(at(world)).status_code == 404 == client.post(at(world, "end")).status_code
    shows(client.get(f"{reverse('desk:cards-print')}?resident={world.zhao.pk}"), "选中的居民还没有卡")


def test_there_are_three_acts_and_no_other(desk: Client, world: World) -> None:
    assert desk.post(at(world, "give")).status_code == 404


def test_a_scan_at_the_counter_leads_to_the_person(desk: Client, world: World) -> None:
    card = cards.issue(resident=world.zhao, by=world.zhang)
    assert desk.get(f"/c/{card.token}/").headers["Location"] == reverse("desk:counter-person", args=[world.zhao.pk])
    cards.end(resident=world.zhao, by=world.zhang)
    shows(desk.get(f"/c/{card.token}/"), "这张卡已作废")


@pytest.mark.parametrize("who", ["visitor", "resident", "the resident", "helper", "neighbour staff", "nobody's code"])
def test_everybody_else_sees_what_it_is_and_not_whose(client: Client, world: World, who: str) -> None:
    card = cards.issue(resident=world.zhao, by=world.zhang)
    world.zhao.account = world.li.account
    world.zhao.save()
    helper = helping.appoint(resident=world.zhao, phone=world.wang.phone, name="王秀兰", relation="邻居", by=world.zhang, way=Consent.Way.COUNTER)  # fmt: skip
    someone = {
        "resident": world.sun.account,
        "the resident": world.li.account,
        "helper": helper.account,
        "neighbour staff": world.qian,
    }
    if who in someone:
        client.force_login(someone[who])
    if who == "nobody's code":
        client.force_login(world.zhang)
    token = "A" * 22 if who == "nobody's code" else card.token
    page = text(client, f"/c/{token}/")
    assert PLAIN in page and "赵玉珍" not in page.replace("您在为赵玉珍办理", "") and card.number not in page


def test_opening_a_code_changes_nothing_and_posting_is_not_possible(desk: Client, world: World) -> None:
    card = cards.issue(resident=world.zhao, by=world.zhang)
    assert desk.post(f"/c/{card.token}/").status_code == 405
    assert client_is_told_to_sign_in(Client(), card.token)
    card.refresh_from_db()
    assert card.ended_at is None


def client_is_told_to_sign_in(client: Client, token: str) -> bool:
    page = client.get(f"/c/{token}/").content.decode()
    return f"/desk/sign-in/?next=/c/{token}/" in page
