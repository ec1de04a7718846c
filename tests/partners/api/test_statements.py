"""Statements over REST: read by clients of the community, written by none."""

from datetime import timedelta

import pytest

from partners.settling import drawing
from tests.api import client_of
from tests.partners.months import agreed, first_of, frozen, moment, offered, rich, use
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_client_reads_statements_of_its_communities_and_changes_none(world: World) -> None:
    offer = offered(agreed(world, "subsidy", 100))
    use(offer, rich(world), moment(first_of(1) + timedelta(days=1)))
    drawing.draw(partner=offer.partner, community=world.wenxing, month=first_of(1), by=world.zhang)
    mine = frozen(world, offer.partner, first_of(1))
    api, path = client_of(world.wenxing), f"statements/{mine.pk}/"
    (row,) = api.get("statements/", month=first_of(1).isoformat(), partner=offer.partner_id).json()["results"]
    whole = api.get(path).json()
    assert (row["id"], row["net_cents"], whole["lines"][0]["unit_cents"]) == (mine.pk, 1500, 1500)
    assert api.get("statements/", month=first_of(2).isoformat()).json()["results"] == []
    for method in ("put", "patch", "delete", "post"):
        answer = getattr(api.http, method)(f"/api/v1/{path}", {"net_cents": 1}, "application/json")
        assert answer.status_code == 405, method
    mine.refresh_from_db()
    assert mine.net_cents == 1500
    other = client_of(world.yongan)
    assert other.get(path).status_code == 404 and other.get("statements/").json()["results"] == []
    assert client_of(world.wenxing, "gifts:read").get(path).status_code == 403
