"""我的信息 on the phone: seen, taken away, agreed to and asked by the person themselves, and by nobody for them."""

import json

import pytest
from django.test import Client

from communities import consents, helping
from communities.models import Consent, RightsRequest
from tests.pages import enter, text
from tests.world import World

pytestmark = pytest.mark.django_db
DATA = "/me/data/"


@pytest.fixture
def phone(world: World, client: Client) -> Client:
    return enter(client, world.wang)


def test_me_leads_to_everything_that_is_kept(phone: Client) -> None:
    assert DATA in phone.get("/me/").content.decode()
    page = text(phone, DATA)
    for word in ("王秀兰", "13812346021", "1968-05-02", "积分明细", "带走一份", "注销账号"):
        assert word in page


def test_it_can_be_taken_away_in_both_forms_and_on_paper(phone: Client) -> None:
    kept = phone.get(f"{DATA}copy.json")
    assert json.loads(kept.content)["file"][0] == {"项目": "姓名", "内容": "王秀兰"}
    assert kept["Cache-Control"] == "no-store" and "attachment" in kept["Content-Disposition"]
    assert phone.get(f"{DATA}copy.zip").content[:2] == b"PK"
    assert "社区保存的我的信息" in text(phone, f"{DATA}paper/")


@pytest.mark.django_db(transaction=True)
def test_taking_it_away_without_end_is_refused(world: World, client: Client) -> None:
    enter(client, world.wang)
    answers = [client.get(f"{DATA}copy.json").status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]


def test_consent_is_one_tap_either_way_and_nothing_is_ticked_beforehand(phone: Client, world: World) -> None:
    page = phone.get("/me/consents/").content.decode()
    assert "checked" not in page and "公示姓名" in page and "未同意" in page
    phone.post("/me/consents/notice/")
    assert Consent.objects.standing().get(resident=world.wang).way == "tap"
    assert "撤回同意" in text(phone, "/me/consents/")
    phone.post("/me/consents/notice/withdraw/")
    assert not Consent.objects.standing().filter(resident=world.wang).exists()
    assert phone.post("/me/consents/nonsense/").status_code == 404


def test_who_agreed_to_older_rules_is_told_of_the_new_ones_until_they_agree(phone: Client, world: World) -> None:
    account = world.wang.account
    assert account and "看看新规则" not in text(phone, "/me/")
    consents.agree(account=account, version="2020-01")
    assert "看看新规则" in text(phone, "/me/")
    phone.post("/me/consents/personal_data/")
    assert "看看新规则" not in text(phone, "/me/")


def test_new_rules_are_agreed_to_on_the_same_page(phone: Client, world: World) -> None:
    assert "同意新版本" in text(phone, "/me/consents/")
    phone.post("/me/consents/personal_data/")
    assert "同意新版本" not in text(phone, "/me/consents/")


@pytest.mark.parametrize("kind", ["correct", "delete", "explain"])
def test_a_request_needs_words_and_can_be_taken_back(phone: Client, world: World, kind: str) -> None:
    assert phone.post(f"{DATA}ask/{kind}/", {"text": ""}).status_code == 400
    assert phone.post(f"{DATA}ask/{kind}/", {"text": "出生日期写错了"}).status_code == 302
    asked = RightsRequest.objects.get(resident=world.wang, kind=kind)
    assert "前答复" in text(phone, DATA) and "出生日期写错了" in text(phone, DATA)
    assert "不用重复提交" in text(phone, f"{DATA}ask/{kind}/")
    phone.post(f"{DATA}requests/{asked.pk}/take-back/")
    assert "已撤回" in text(phone, DATA)
    assert phone.get(f"{DATA}ask/nonsense/").status_code == 404


def test_who_asks_to_leave_is_told_what_is_lost(phone: Client, world: World) -> None:
    page = text(phone, f"{DATA}ask/close/")
    assert "您还有80积分" in page and "不能恢复" in page
    assert phone.post(f"{DATA}ask/close/", {"text": ""}).status_code == 302
    world.wang.refresh_from_db()
    assert world.wang.confirmed  # nothing is closed before somebody has looked who it is


def test_a_helper_sees_and_asks_none_of_it(world: World, client: Client) -> None:
    helping.appoint(
        resident=world.zhao,
        phone=str(world.li.phone),
        name="李建国",
        relation="邻居",
        by=world.zhang,
        way=Consent.Way.SIGNATURE,
    )
    assert world.li.account
    client.force_login(world.li.account)
    session = client.session
    session["acting"] = world.zhao.pk
    session.save()
    for address in (DATA, f"{DATA}copy.json", f"{DATA}paper/", f"{DATA}ask/close/", "/me/consents/"):
        assert client.get(address).status_code == 403, address
    for address in ("/me/consents/notice/", "/me/consents/notice/withdraw/", f"{DATA}ask/close/"):
        assert client.post(address).status_code == 403, address
    assert not RightsRequest.objects.exists() and DATA not in client.get("/me/").content.decode()
