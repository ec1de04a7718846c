"""REST: a client reaches the rows of its own community, with its own scopes, and nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from tests.access.doors import Route
from tests.access.ground import Ground, undone
from tests.access.routes import ROUTES
from tests.access.rows import Rows, picture
from tests.api import Api, client_of

pytestmark = pytest.mark.django_db
BY_ITS_CODE = {"api:certificate-check-list"}  # whoever holds the paper checks it, in any community
SENT_BY_ITSELF = {
    "api:care-offset-undo",  # the bill of the ground has none
    "api:deed-detail",
    "api:exchange-detail",
    "api:exchange-back",
    "api:voucher-detail",
    "api:voucher-back",
    "api:voucher-cancel",
}  # a client reads what it sent in itself, and the row is somebody else's


@pytest.fixture(autouse=True)
def _django_db_marker() -> None:
    """Not the plugin's own: see tests/access/test_routes.py."""


@pytest.fixture
def rows(ground: Ground) -> Iterator[Rows]:
    with undone():
        yield ground.rows["own"]


def call(api: Api, route: Route, name: str, rows: Rows) -> Any:
    path = reverse(name, kwargs=route.args(rows)).removeprefix("/api/v1/")
    return api.post(path, route.form(rows), key="k-1") if route.form else api.get(path)


@pytest.mark.parametrize("name", [name for name, route in ROUTES.items() if route.door in {"API", "CLIENT"}])
def test_a_client_reaches_its_own_community_only(name: str, rows: Rows) -> None:
    route, world = ROUTES[name], rows.world
    before = picture()
    for place in (world.yongan, world.hualin):
        response = call(client_of(place), route, name, rows)
        if route.door == "API":
            assert response.status_code == 404, place
        said = response.content.decode()
        assert "王秀兰" not in said and ("王*兰" not in said or name in BY_ITS_CODE)
    assert call(Api("no-such-token", client_of(world.wenxing).application), route, name, rows).status_code == 401
    of_courses = ("api:course", "api:term", "api:class", "api:draw")  # a draw is as public as its page
    other_scope = "points:read" if name.startswith(of_courses) else "courses:read"
    assert call(client_of(world.wenxing, other_scope), route, name, rows).status_code == 403
    written = {table for table, mark in picture().items() if before[table] != mark}
    assert written <= {
        "communities_user", "communities_duty", "oauth2_provider_application", "oauth2_provider_accesstoken",
        "integrations_allowedscope", "communities_change", "communities_look",
    }  # fmt: skip
    found = {404} if name in SENT_BY_ITSELF else {200, 201, 409}
    assert call(client_of(world.wenxing), route, name, rows).status_code in found
