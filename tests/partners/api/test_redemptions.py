"""Uses over REST: a till's system uses once, within its own community, and guesses no more than a shop may."""

from datetime import timedelta

import pytest

from core import clock
from partners.models import Agreement, Redemption, Suspension, Voucher
from partners.models.numbers import check_digit
from partners.vouchers import finding
from tests import world as cast
from tests.api import client_of
from tests.books import breaches
from tests.pages import enter
from tests.partners.shops import offer, rival, voucher
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreed(world: World) -> Agreement:
    return cast.partner(world.street, world.wenxing, world.zhang)


@pytest.fixture
def mine(agreed: Agreement, world: World) -> Voucher:
    return voucher(offer(agreed), world.wang, clock.now() - timedelta(hours=1))


def test_used_once_and_listed_without_names(world: World, agreed: Agreement, mine: Voucher) -> None:
    api, shop = client_of(world.wenxing), agreed.partner_id
    made = api.post("redemptions/", {"partner": shop, "number": mine.number}, key="a")
    assert (made.status_code, made.json()["points"], made.json()["way"]) == (201, 20, "desk")
    assert api.post("redemptions/", {"partner": shop, "number": mine.number}, key="a").json() == made.json()
    again = api.post("redemptions/", {"partner": shop, "token": mine.token}, key="b")
    assert (again.status_code, again.json()["code"]) == (409, "voucher_used")
    assert [row["voucher"] for row in api.get("redemptions/").json()["results"]] == [mine.pk]
    assert client_of(world.yongan).get("redemptions/").json()["results"] == []
    assert Redemption.objects.count() == 1 and breaches() == []


def test_each_refused_with_the_right_sentence(world: World, agreed: Agreement, mine: Voucher) -> None:
    api, shop, key = client_of(world.wenxing), agreed.partner_id, iter("abcdefghijklm")
    other = cast.partner(world.street, world.wenxing, world.zhang, partner=rival(world).partner)

    def said(client: object, **body: object) -> tuple[int, str]:
        answer = client.post("redemptions/", body, key=next(key))  # type: ignore[attr-defined]
        assert "没有变动" in answer.json()["detail"] or "没有改动" in answer.json()["detail"]
        return answer.status_code, answer.json()["code"]

    assert said(api, partner=other.partner_id, token=mine.token) == (409, "other_shop")
    assert said(api, partner=other.partner_id, number=mine.number) == (409, "number_unknown")
    assert said(client_of(world.yongan), partner=shop, token=mine.token) == (404, "not_found")
    cast.partner(world.street, world.yongan, world.qian, partner=agreed.partner)  # the shop serves there as well
    assert said(client_of(world.yongan), partner=shop, token=mine.token) == (404, "not_found")
    assert said(client_of(world.hualin), partner=shop, number=mine.number) == (404, "not_found")
    assert said(api, partner=shop) == (400, "number_or_token")
    Voucher.objects.update(printed=True)
    for named in ({"number": mine.number}, {"token": mine.token}):
        assert said(api, partner=shop, **named) == (409, "second_check_needed")
        assert said(api, partner=shop, **named, said="0000") == (409, "second_check_wrong")
    Voucher.objects.update(printed=False)
    held = Suspension.objects.create(agreement=agreed, cause="other", reason="查", by=world.chen)
    assert said(api, partner=shop, token=mine.token) == (409, "partner_suspended")
    Suspension.objects.filter(pk=held.pk).update(lifted_at=clock.now(), lifted_by=world.chen, lift_reason="好了")
    agreed.partner.licences.create(
        kind="food", number="1", issuer="局", valid_until=clock.today() - timedelta(days=1), by=world.zhang
    )
    assert said(api, partner=shop, token=mine.token) == (409, "licence_lapsed")
    assert not Redemption.objects.exists()


def test_a_residents_session_is_no_client(world: World, mine: Voucher, client: object) -> None:
    phone = enter(client, world.wang)  # type: ignore[arg-type]
    answer = phone.post("/api/v1/redemptions/", {"partner": mine.partner_id, "token": mine.token}, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_a_program_guesses_no_more_than_a_shop(world: World, agreed: Agreement, mine: Voucher) -> None:
    api = client_of(world.wenxing)
    body = f"{(int(mine.number[:7]) + 1) % 10**7:07d}"
    wrong = {"partner": agreed.partner_id, "number": body + check_digit(body)}
    codes = [api.post("redemptions/", wrong, key=f"k{n}").json()["code"] for n in range(8)]
    assert codes == ["number_unknown"] * finding.TRIES + ["too_many"] * 3
