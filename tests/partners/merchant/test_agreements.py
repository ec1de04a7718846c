"""The owner reads the agreement on the phone and signs it with a code; the shop's other phones do not."""

import re
from datetime import time, timedelta

import pytest
import time_machine
from django.test import Client, override_settings

from core import clock
from partners.agreements import ending
from partners.models import Signature
from tests import world as cast
from tests.pages import links, queries, text, words
from tests.partners import agreeing, shops
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def phone(client: Client, world: World) -> Client:
    made = agreeing.drafted(world)
    client.force_login(agreeing.owner(made).account)
    return client


def test_the_owner_reads_the_whole_and_signs_with_a_code(phone: Client, world: World) -> None:
    made = agreeing.sent(world)
    page = f"/merchant/agreements/{made.pk}/"
    assert [one for one in links(phone, "/merchant/agreements/") if "/agreements/" in one] == [page]
    shown = text(phone, page)
    assert "不得：（一）借社区名义推销" in shown and "免费理发" in shown and "舞蹈厅" in shown and "营业执照" in shown
    paper = made.attachments.get()
    assert phone.get(f"{page}papers/{paper.pk}/")["Content-Type"] == "image/jpeg"
    signed = {"name": "王小店", "code": "123456", "seen": made.sha256}
    assert "请先获取" in words(phone.post(page, signed).content.decode())
    with override_settings(DEMO=True):
        phone.post(f"{page}code/")
    code = re.search(r"验证码：(\d{6})", text(phone, page))
    assert code
    stale = phone.post(page, signed | {"name": "王"})
    assert stale.status_code == 400 and not Signature.objects.exists()
    done = phone.post(page, signed | {"code": code[1]}, follow=True)
    assert "您已签署，等社区签署" in words(done.content.decode())
    kept = Signature.objects.get()
    assert (kept.way, kept.phone, kept.address, kept.sha256) == ("typed", kept.by.phone[-4:] if kept.by.phone else "", "127.0.0.1", made.sha256)  # fmt: skip
    again = phone.post(page, signed | {"code": code[1]})  # a second tap
    assert again.status_code == 409 and "已经签过字" in words(again.content.decode()) and Signature.objects.count() == 1
    agreeing.by_head(made, world)
    assert "生效" in text(phone, "/merchant/agreements/") and made.sha256 in text(phone, f"{page}print/")


def test_a_code_for_one_agreement_signs_no_other(phone: Client, world: World) -> None:
    first, second = agreeing.sent(world), agreeing.sent(world)
    with override_settings(DEMO=True):
        phone.post(f"/merchant/agreements/{first.pk}/code/")
    code = re.search(r"验证码：(\d{6})", text(phone, f"/merchant/agreements/{first.pk}/"))
    assert code
    said = {"name": "王小店", "code": code[1], "seen": second.sha256}
    assert phone.post(f"/merchant/agreements/{second.pk}/", said).status_code == 409 and not Signature.objects.exists()


def test_the_owner_answers_what_both_are_said_to_want(phone: Client, world: World) -> None:
    made = agreeing.signed(world)
    page = f"/merchant/agreements/{made.pk}/"
    for act, left in (("drop", "您不同意提前终止"), ("confirm", "您已同意，协议提前终止")):
        ending.end(agreement=made, on=clock.today(), by=world.zhang, agreed=True, reason="搬迁")
        assert "社区登记双方同意提前终止协议" in text(phone, "/merchant/") and "原因：搬迁" in text(phone, page)
        seen = {"seen": str(clock.today())}
        assert left in words(phone.post(f"{page}end/{act}/", seen, follow=True).content.decode())
    assert phone.post(f"{page}end/x/").status_code == 404
    made.refresh_from_db()
    assert made.ended_on == clock.today() and "提前终止协议" not in text(phone, "/merchant/")


def test_an_end_that_waits_is_told_before_the_term_and_not_after_it(phone: Client, world: World) -> None:
    partner = agreeing.signed(world).partner
    coming = cast.partner(world.street, world.wenxing, world.zhang, partner=partner, starts_on=clock.today() + DAY)
    ending.end(agreement=coming, on=coming.starts_on, by=world.zhang, agreed=True, reason="搬迁")
    page = f"/merchant/agreements/{coming.pk}/"
    assert "提前终止协议" in text(phone, "/merchant/") and "确认终止" in text(phone, page)
    with time_machine.travel(clock.at(coming.ends_on + DAY, time(9)), tick=False):
        phone.force_login(agreeing.owner(coming).account)
        assert "确认终止" not in text(phone, page)


def test_drafts_and_other_peoples_agreements_are_not_there(phone: Client, world: World) -> None:
    draft, made = agreeing.drafted(world), agreeing.sent(world)
    assert phone.get(f"/merchant/agreements/{draft.pk}/").status_code == 404
    for account, status in (
        (shops.clerk(made).account, 403),
        (shops.rival(world).account, 404),
        (world.wang.account, 403),
    ):
        phone.force_login(account)  # type: ignore[arg-type]
        assert phone.get(f"/merchant/agreements/{made.pk}/").status_code == status


def test_thirty_agreements_cost_no_more_queries_than_one(phone: Client, world: World) -> None:
    agreeing.sent(world)
    one = queries(phone, "/merchant/agreements/")
    for _ in range(4):
        agreeing.sent(world)
    assert queries(phone, "/merchant/agreements/") == one
