"""The desk's side of 我的信息: answering, filing at the counter, consents, full numbers, closing."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities import rights
from communities.models import Consent, Look, Resident, RightsRequest
from tests.pages import text
from tests.world import World

Kind = RightsRequest.Kind


@pytest.fixture
def desk(world: World, client: Client) -> Client:
    client.force_login(world.zhang)
    return client


@pytest.mark.django_db
def test_a_request_is_taken_and_answered(desk: Client, world: World) -> None:
    assert world.wang.account
    asked = rights.file(resident=world.wang, kind=Kind.CORRECT, text="名字写错了", by=world.wang.account)
    assert "个人信息申请待办理" in text(desk, "/desk/")
    assert "更正信息" in text(desk, "/desk/rights/")
    assert "打开档案" in text(desk, f"/desk/rights/{asked.pk}/")
    desk.post(f"/desk/rights/{asked.pk}/take/")
    assert "张晓燕" in text(desk, "/desk/rights/")
    assert "由我承办" not in text(desk, f"/desk/rights/{asked.pk}/")
    assert desk.post(f"/desk/rights/{asked.pk}/", {"done": "yes"}).status_code == 400
    desk.post(f"/desk/rights/{asked.pk}/", {"done": "no", "text": "与身份证一致，不用改"})
    assert "没有待办理的申请" in text(desk, "/desk/rights/")
    assert "未同意" in text(desk, "/desk/rights/?answered=1")
    assert "与身份证一致" in text(desk, f"/desk/rights/{asked.pk}/")


@pytest.mark.django_db
def test_an_elder_at_the_counter_asks_through_staff(desk: Client, world: World) -> None:
    address = f"/desk/residents/{world.zhao.pk}/rights/"
    assert desk.post(address, {"kind": "explain", "text": ""}).status_code == 400
    desk.post(address, {"kind": "explain", "text": "谁看过我的信息"})
    asked = RightsRequest.objects.get(resident=world.zhao)
    assert asked.filed_by == world.zhang and "代为提交" in text(desk, f"/desk/rights/{asked.pk}/")


@pytest.mark.django_db
def test_consent_at_the_counter_says_how_in_one_click(desk: Client, world: World) -> None:
    address = f"/desk/residents/{world.zhao.pk}/consents/"
    assert "请念给本人听" in text(desk, address)
    desk.post(address, {"purpose": "notice", "way": "signature"})
    assert Consent.objects.standing().get(resident=world.zhao).way == "signature"
    assert desk.post(address, {"purpose": "notice", "way": "tap"}).status_code == 400
    assert desk.post(address, {"purpose": "nonsense", "way": "counter"}).status_code == 404
    desk.post(f"{address}notice/withdraw/")
    assert not Consent.objects.standing().filter(resident=world.zhao).exists()


@pytest.mark.django_db(transaction=True)
def test_a_full_number_is_shown_for_a_reason_and_never_kept(world: World, client: Client) -> None:
    client.force_login(world.zhang)
    address = f"/desk/residents/{world.wang.pk}/reveal/"
    assert "13812346021" not in client.get(f"/desk/residents/{world.wang.pk}/").content.decode()
    assert client.post(address, {"field": "phone"}).status_code == 400
    assert client.post(address, {"field": "phone", "why": "other", "other": ""}).status_code == 400
    assert not Look.objects.exists()
    shown = client.post(address, {"field": "phone", "why": "电话联系本人"})
    assert "13812346021" in shown.content.decode() and shown["Cache-Control"] == "no-store"
    assert Look.objects.get().purpose == "电话联系本人"
    fragment = client.post(
        address, {"field": "birth_date", "why": "other", "other": "生日探访"}, headers={"HX-Request": "true"}
    )
    assert "1968年5月2日" in fragment.content.decode() and "<html" not in fragment.content.decode()
    assert client.post(address, {"field": "document", "why": "电话联系本人"}).status_code == 400
    assert client.get(f"{address}?field=phone").status_code == 200 and Look.objects.count() == 2


@pytest.mark.django_db
def test_a_file_is_closed_from_its_request(desk: Client, world: World) -> None:
    address = f"/desk/residents/{world.zhao.pk}/close/"
    rights.file(resident=world.zhao, kind=Kind.CLOSE, text="", by=world.zhang)
    asked = RightsRequest.objects.get()
    assert address in desk.get(f"/desk/rights/{asked.pk}/").content.decode()
    assert "200积分" in text(desk, address)
    assert desk.post(address, {"reason": "核对了身份证"}).status_code == 400
    desk.post(address, {"reason": "本人到窗口，核对了身份证", "sure": "on"})
    world.zhao.refresh_from_db()
    assert world.zhao.status == Resident.Status.CLOSED
    assert "已办理" in text(desk, "/desk/rights/?answered=1")
    assert desk.get(address).status_code == 404
    assert desk.get(f"/desk/residents/{world.zhao.pk}/").status_code == 200
    assert desk.get(f"/desk/residents/{world.zhao.pk}/rights/").status_code == 200


@pytest.mark.django_db
def test_what_is_open_is_said_instead_of_a_button(desk: Client, world: World) -> None:
    rights.file(resident=world.zhao, kind=Kind.EXPLAIN, text="为什么", by=world.zhang)
    page = text(desk, f"/desk/residents/{world.zhao.pk}/close/")
    assert "说明解释”的申请还没有答复" in page and "确认注销" not in page


@pytest.mark.django_db
def test_one_request_costs_as_many_queries_as_thirty(desk: Client, world: World) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert desk.get("/desk/rights/").status_code == 200
        return len(seen)

    rights.file(resident=world.zhao, kind=Kind.EXPLAIN, text="为什么", by=world.zhang)
    queries()
    first = queries()
    for number in range(30):
        who = Resident.objects.create(
            community=world.wenxing, name=f"居民{number}", status="confirmed", decided_at=world.zhao.decided_at
        )
        rights.file(resident=who, kind=Kind.EXPLAIN, text="为什么", by=world.zhang)
    assert queries() == first
