"""Reading a resident's points over REST."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from points import statement
from tests import world as cast
from tests.api import client_of
from tests.world import World

pytestmark = pytest.mark.django_db


def test_the_balance_is_what_can_be_spent(world: World) -> None:
    cast.seated(cast.course(world.wenxing), world.wang)
    said = client_of(world.wenxing).get(f"residents/{world.wang.pk}/balance/").json()
    assert said == {"available": 20, "earned_this_month": 80, "expiring": 0, "expires_on": None, "owed": 0}


def test_somebody_without_points_has_none(world: World) -> None:
    api = client_of(world.wenxing)
    assert api.get(f"residents/{world.li.pk}/balance/").json()["available"] == 0
    assert api.get(f"residents/{world.li.pk}/statement/").json() == {"next": None, "results": []}


def test_the_statement_reads_from_new_to_old_with_the_balance_after_each_line(world: World) -> None:
    cast.seated(cast.course(world.wenxing), world.wang)
    said = client_of(world.wenxing).get(f"residents/{world.wang.pk}/statement/").json()
    assert [(line["kind"], line["amount"], line["balance"]) for line in said["results"]] == [
        ("charge", -60, 20),
        ("award", 80, 80),
    ]
    assert said["results"][0]["reason"] == "夜校《形体塑形》"
    assert said["next"] is None


def test_following_next_meets_every_line_once(world: World) -> None:
    for _ in range(6):
        cast.award(world.wang, 5)
    api = client_of(world.wenxing)
    answer, seen = api.get(f"residents/{world.wang.pk}/statement/", page_size=3).json(), []
    while True:
        seen += [line["id"] for line in answer["results"]]
        cast.award(world.wang, 1)
        if answer["next"] is None:
            break
        answer = api.http.get(answer["next"]).json()
    assert len(seen) == 7
    assert seen == sorted(set(seen), reverse=True)
    assert seen == [line.id for line in statement.page_of(world.wang, size=100).lines][3:]


def test_a_client_of_yongan_reads_nobody_of_wenxing(world: World) -> None:
    api = client_of(world.yongan)
    for page in ("balance", "statement"):
        answer = api.get(f"residents/{world.wang.pk}/{page}/")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert api.get(f"residents/{world.zhou.pk}/{page}/").status_code == 200


def queries(world: World) -> int:
    api = client_of(world.wenxing)
    with CaptureQueriesContext(connection) as caught:
        assert api.get(f"residents/{world.wang.pk}/statement/", page_size=50).status_code == 200
    return len(caught)


def test_the_statement_asks_as_often_for_thirty_lines_as_for_one(world: World) -> None:
    one = queries(world)
    for _ in range(29):
        cast.award(world.wang, 1)
    assert queries(world) == one
