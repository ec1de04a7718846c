"""REST: the rules in force."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.models import Duty
from core import clock
from tests.api import client_of
from tests.points.ruling import changed, tomorrow
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_client_reads_the_rules_of_its_sub_district(world: World) -> None:
    changed(world, points=12)
    said = client_of(world.wenxing).get("rules/").json()
    (street,) = said["results"]
    assert (said["on"], street["sub_district"], street["name"]) == (str(clock.today()), world.street.pk, "水泊寺街道")
    by_code = {rule["code"]: rule for rule in street["rules"]}
    assert by_code["ENV"] == {
        "code": "ENV", "name": "环境整治、清洁", "kind": "timed", "basis": "hour", "points": 10, "day_points": 40,
        "day_times": None, "month_times": None, "cap_day": 80, "cap_month": 400, "notice_from": 100, "starts_on": "2000-01-01",
    }  # fmt: skip
    assert (by_code["MEET"]["month_times"], by_code["MEET"]["cap_day"], by_code["MEET"]["cap_month"]) == (2, None, 60)
    assert len(by_code) == 18 and "ADJ" not in by_code


def test_another_day_is_asked_for(world: World) -> None:
    changed(world, points=12)
    api = client_of(world.yongan)
    rules = api.get("rules/", on=str(tomorrow())).json()["results"][0]["rules"]
    assert {rule["code"]: rule["points"] for rule in rules}["ENV"] == 12
    assert client_of(world.hualin).get("rules/", on=str(tomorrow())).json()["results"][0]["name"] == "清远街道"
    assert api.get("rules/", on="2026-13-01").json()["code"] == "bad_input"
    assert api.get("rules/", day="2026-01-01").json()["code"] == "bad_input"
    assert client_of(world.wenxing, "courses:read").get("rules/").status_code == 403


def test_no_duty_no_rules_and_many_versions_cost_no_more(world: World) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert api.get("rules/").status_code == 200
        return len(queries)

    api = client_of(world.wenxing)
    changed(world, points=12)
    one = cost()
    for points in range(13, 43):
        changed(world, points=points)
    assert cost() == one
    past = clock.today() - timedelta(days=1)
    Duty.objects.filter(user=api.user).update(starts_on=past, ends_on=past)
    assert api.get("rules/").json()["results"] == []
