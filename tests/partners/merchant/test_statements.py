"""The owner reads the month on the phone, objects or confirms; nobody else of the shop, and nobody of another one."""

from datetime import timedelta

import pytest
from django.test import Client

from partners.models import Statement
from partners.settling import drawing
from tests.pages import queries, text
from tests.partners import shops
from tests.partners.months import agreed, first_of, moment, offered, owner_of, rich, use
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def mine(world: World) -> Statement:
    offer = offered(agreed(world, "mixed", 40))
    use(offer, rich(world), moment(first_of(1) + DAY))
    return drawing.draw(partner=offer.partner, community=world.wenxing, month=first_of(1), by=world.zhang)


@pytest.fixture
def phone(client: Client, mine: Statement) -> Client:
    client.force_login(owner_of(mine.partner).account)
    return client


def test_the_owner_objects_then_confirms_what_was_read(phone: Client, mine: Statement, world: World) -> None:
    page = f"/merchant/statements/{mine.pk}/"
    assert "6.00元" in text(phone, "/merchant/statements/") and "王" not in text(phone, page)
    assert phone.post(f"{page}dispute/", {"text": ""}).status_code == 400
    phone.post(f"{page}dispute/", {"text": "少算一张"})
    assert "少算一张" in text(phone, page) and "社区正在核对" in text(phone, page)
    mine.refresh_from_db()
    seen = mine.drawing
    drawing.draw(partner=mine.partner, community=world.wenxing, month=mine.month, by=world.zhang)
    stale = phone.post(f"{page}agree/", {"seen": seen}, follow=True)
    assert "刚才重新出过" in stale.content.decode()
    mine.refresh_from_db()
    phone.post(f"{page}agree/", {"seen": mine.drawing})
    assert "待社区审核" in text(phone, page) and "确认无误" not in text(phone, page)
    assert "审核人" in text(phone, f"{page}paper/")
    assert phone.get(f"{page}file/").status_code == 200


def test_a_shops_phone_and_another_shop_see_nothing(mine: Statement, world: World) -> None:
    for clerk, status in ((shops.clerk(mine.partner.agreements.get()), 403), (shops.rival(world), 404)):
        other = Client()
        other.force_login(clerk.account)
        for path in ("", "paper/", "file/"):
            assert other.get(f"/merchant/statements/{mine.pk}/{path}").status_code == status
        for path in ("agree/", "dispute/"):
            assert other.post(f"/merchant/statements/{mine.pk}/{path}", {"text": "x"}).status_code == status
    mine.refresh_from_db()
    assert (mine.status, mine.disputed) == ("drawn", "")


def test_a_year_of_statements_costs_what_one_does(phone: Client, mine: Statement, world: World) -> None:
    one = queries(phone, "/merchant/statements/")
    Statement.objects.bulk_create(
        Statement(partner=mine.partner, community=mine.community, month=mine.month.replace(year=1990 + n), drawn_by=world.zhang)
        for n in range(30)
    )  # fmt: skip
    assert queries(phone, "/merchant/statements/") == one
