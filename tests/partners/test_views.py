"""The public pages of the partners."""

from datetime import timedelta

import pytest
from django.test import Client

from core import clock
from partners import publication
from partners.models import Agreement, Partner
from tests import world as cast
from tests.pages import enter, links, queries, text
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def bosch(world: World) -> Agreement:
    """博世邻里之家 × 永安社区."""
    made = cast.partner(world.street, world.yongan, world.qian, pairing=True)
    details = {"address": "永安社区综合楼", "hours": "周一至周六", "phone": "0352-5550201"}
    Partner.objects.filter(pk=made.partner_id).update(**details)
    return made


def other(world: World, name: str, community: object = None, **fields: object) -> Agreement:
    partner = Partner.objects.create(
        sub_district=world.street, name=name, kind="merchant", trade=fields.pop("trade", "housekeeping"), summary="保洁"
    )
    return cast.partner(world.street, community or world.wenxing, world.zhang, partner=partner, **fields)


def test_everybody_sees_the_partners_in_force_and_their_promises(client: Client, bosch: Agreement) -> None:
    assert "博世邻里之家" in text(client, "/partners/") and "永安社区" in text(client, "/partners/")
    shown = text(client, f"/partners/{bosch.partner_id}/")
    for part in (
        "与永安社区结对",
        "每月免费检修小家电2次",
        "家电检修",
        "永安社区综合楼",
        "周一至周六",
        "签约",
        "投诉电话0352-0000002",
        "12345",
    ):
        assert part in shown
    assert {"tel:0352-5550201", "tel:0352-0000002"} <= set(links(client, f"/partners/{bosch.partner_id}/"))


def test_the_text_of_the_agreement_and_its_number_stay_inside(client: Client, bosch: Agreement) -> None:
    shown = text(client, f"/partners/{bosch.partner_id}/")
    assert bosch.number not in shown and bosch.text not in shown


@pytest.mark.parametrize(
    "fields",
    [
        {"starts_on": clock.today() + DAY}, {"ends_on": clock.today() - DAY, "starts_on": clock.today() - 90 * DAY},
        {"ended_on": clock.today()},
    ],
)  # fmt: skip
def test_a_partner_without_an_agreement_in_force_is_not_shown(
    client: Client, world: World, fields: dict[str, object]
) -> None:
    made = other(world, "康乐家政", **fields)
    assert "康乐家政" not in text(client, "/partners/")
    assert client.get(f"/partners/{made.partner_id}/").status_code == 404


def test_partners_are_narrowed_by_trade_and_by_sub_district(client: Client, world: World, bosch: Agreement) -> None:
    other(world, "康乐家政")
    shown = text(client, "/partners/?trade=housekeeping")
    assert "康乐家政" in shown and "博世邻里之家" not in shown
    elsewhere = cast.resident(world.hualin, "冯立新", "13700000041")
    assert "博世邻里之家" not in text(enter(client, elsewhere), "/partners/")


def test_a_partner_of_two_communities_is_one_card_with_both(world: World, bosch: Agreement) -> None:
    cast.partner(world.street, world.wenxing, world.zhang)
    cast.partner(world.street, world.wenxing, world.zhang)
    today = clock.today()
    (card,) = publication.cards(publication.page_of(world.wenxing, today), today)
    assert card == (bosch.partner, [world.yongan, world.wenxing], True)


def test_the_list_turns_pages(client: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publication, "PAGE", 2)
    for number in range(3):
        other(world, f"商户{number}号")
    following = next(link for link in links(client, "/partners/") if "after=" in link)
    assert "商户2号" not in text(client, "/partners/") and "商户2号" in text(client, f"/partners/{following}")


@pytest.mark.parametrize("query", ["?trade=x", "?trade=%00", "?after=x", "?after=" + "9" * 40])
def test_a_strange_address_is_no_error(client: Client, world: World, query: str) -> None:
    assert client.get(f"/partners/{query}").status_code == 200
    assert client.get("/partners/99999999999999999999999/").status_code == 404


def test_before_the_first_community_there_is_an_empty_page(client: Client, db: None) -> None:
    assert "还没有这类合伙人" in text(client, "/partners/")


def test_thirty_partners_cost_no_more_queries_than_one(client: Client, world: World, bosch: Agreement) -> None:
    enter(client, world.wang)
    pages = ("/partners/", f"/partners/{bosch.partner_id}/")
    one = [queries(client, page) for page in pages]
    for number in range(15):
        other(world, f"商户{number}号")
        cast.partner(world.street, world.wenxing, world.zhang)
    assert [queries(client, page) for page in pages] == one
    assert max(one) <= 13  # its promises, ratings and offers on one page
