"""Agreements over REST: state, dates, promises and the fingerprint; each client those of its own communities."""

import pytest

from tests.api import client_of
from tests.partners import agreeing
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_client_reads_the_agreements_of_its_communities(world: World) -> None:
    made, draft = agreeing.signed(world), agreeing.drafted(world)
    api = client_of(world.wenxing)
    listed = api.get("agreements/").json()["results"]
    assert [(row["number"], row["state"]) for row in listed] == [(draft.number, "draft"), (made.number, "running")]
    one = api.get(f"agreements/{made.pk}/").json()
    assert (one["sha256"], one["partner_name"], one["signed_on"]) == (
        made.sha256,
        "永利理发",
        made.starts_on.isoformat(),
    )
    assert [(line["item"], line["times"], line["focus"]) for line in one["promises"]] == [
        ("免费理发", 2, "old_and_young"), ("上门理发", 4, "neighbours"),
    ]  # fmt: skip
    assert "text" not in one and "document" not in one
    assert [row["id"] for row in api.get("agreements/", state="draft").json()["results"]] == [draft.pk]
    assert api.get("agreements/", state="x").status_code == 400
    other = client_of(world.yongan)
    assert other.get("agreements/").json()["results"] == [] and other.get(f"agreements/{made.pk}/").status_code == 404
    assert client_of(world.wenxing, "gifts:read").get("agreements/").status_code == 403
