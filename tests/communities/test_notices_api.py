"""Other systems read notices as everybody does, of the communities where they hold a duty."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.models import Notice
from communities.notices import Line
from communities.tasks import notices as end_notices
from core import clock
from tests.api import Api, client_of
from tests.communities.noticing import crowd, drafted, moment, shown
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(world: World) -> Api:
    return client_of(world.wenxing)


def test_a_notice_as_everybody_reads_it(api: Api, world: World) -> None:
    made = shown(world, [Line("服务1小时", one) for one in [*crowd(world, 10), world.wang]])
    (row,) = api.get("notices/").json()["results"]
    assert row == {
        "id": made.pk, "community": world.wenxing.pk, "title": made.title, "status": "open",
        "opens_on": clock.today().isoformat(), "until": made.closes_on and made.closes_on.isoformat(),
    }  # fmt: skip
    body = api.get(f"notices/{made.pk}/").json()
    assert (body["people"], body["others"], body["lines"][0]) == (11, 1, {"who": "何*安", "said": "服务1小时"})
    assert body["until"] == row["until"] and "王*兰" not in str(body)


def test_what_is_not_shown_or_not_theirs_is_not_found(api: Api, world: World) -> None:
    draft, made = drafted(world), shown(world)
    assert api.get(f"notices/{draft.pk}/").status_code == 404
    assert client_of(world.yongan).get(f"notices/{made.pk}/").status_code == 404
    assert client_of(world.yongan).get("notices/").json()["results"] == []
    assert client_of(world.street).get(f"notices/?community={world.yongan.pk}").json()["results"] == []
    assert len(client_of(world.street).get(f"notices/?community={world.wenxing.pk}").json()["results"]) == 1
    assert client_of(world.wenxing, "points:read").get("notices/").status_code == 403
    assert api.get("notices/?colour=red").json()["code"] == "bad_input"


def test_thirty_cost_what_one_costs(api: Api, world: World) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert api.get("notices/").status_code == 200
        return len(caught)

    shown(world)
    cost()
    one = cost()
    for _ in range(29):
        shown(world)
    assert cost() == one
    assert len(api.get("notices/?page_size=7").json()["results"]) == 7


def test_beat_ends_what_is_over(api: Api, world: World) -> None:
    made = shown(world, at=moment("2026-09-18 15:00"))
    end_notices()
    assert Notice.objects.get(pk=made.pk).status == "ended"
    assert api.get(f"notices/{made.pk}/").json()["status"] == "ended"
