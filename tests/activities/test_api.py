"""Activities, participations, hours and deeds over REST: the same verbs, one's own communities only, and no program confirms."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from activities.certificates import revoke
from activities.models import Activity, Deed, DutyMonth, Holding, Participation, Service
from activities.recording import record
from activities.reviewing import confirm
from core import clock
from tests import world as cast
from tests.activities.cast import recorded, signed
from tests.activities.posting import post
from tests.activities.serving import issued
from tests.api import client_of
from tests.world import World

pytestmark = pytest.mark.django_db
KEYS = (f"k{n}" for n in count())


def plan(world: World, **fields: Any) -> dict[str, Any]:
    starts = clock.now() + timedelta(days=3)
    return {
        "community": world.wenxing.pk, "kind": "ENV", "title": "清洁家园", "place": "门口", "content": "清理楼道",
        "risk": "小心台阶", "leader": "张晓燕", "capacity": 5, "min_age": 18, "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(hours=2)).isoformat(),
    } | fields  # fmt: skip


def test_a_client_announces_and_the_rules_of_the_desk_hold(world: World) -> None:
    api = client_of(world.wenxing)
    made = api.post("activities/", plan(world), key="a")
    assert (made.status_code, made.json()["status"], made.json()["volunteering"]) == (201, "open", True)
    assert Activity.objects.get(pk=made.json()["id"]).published_by == api.user
    danger = api.post("activities/", plan(world, dangerous=True), key="b")
    assert (danger.status_code, danger.json()["code"]) == (400, "insurance_missing")
    assert api.post("activities/", plan(world, risk=""), key="c").status_code == 400
    assert api.post("activities/", plan(world, community=world.yongan.pk), key="d").status_code == 404
    assert Activity.objects.count() == 1


def test_a_draft_is_published_later_and_called_off_with_a_reason(world: World) -> None:
    api = client_of(world.wenxing)
    pk = api.post("activities/", plan(world, draft=True), key="a").json()["id"]
    refused = api.post("participations/", {"activity": pk, "resident": world.li.pk}, key="p")
    assert refused.status_code == 404
    assert api.post(f"activities/{pk}/publish/", key=next(KEYS)).json()["status"] == "open"
    assert api.post(f"activities/{pk}/publish/", key=next(KEYS)).json()["code"] == "not_a_draft"
    assert api.post(f"activities/{pk}/finish/", key=next(KEYS)).json()["code"] == "activity_still_running"
    said = api.post(f"activities/{pk}/cancel/", {"reason": "下雨"}, key=next(KEYS)).json()
    assert (said["status"], said["cancel_reason"]) == ("cancelled", "下雨")


def test_a_resident_is_signed_up_waits_and_leaves(world: World) -> None:
    api, activity = client_of(world.wenxing), cast.activity(world.wenxing, capacity=1)

    def order(resident: int, key: str, **more: Any) -> Any:
        return api.post("participations/", {"activity": activity.pk, "resident": resident, **more}, key=key)

    first = order(world.li.pk, "a")
    assert (first.status_code, first.json()["status"]) == (201, "signed_up")
    assert order(world.wang.pk, "b").json()["code"] == "activity_full"
    waiting = order(world.wang.pk, "c", wait=True).json()
    assert waiting["status"] == "waiting"
    gone = api.post(f"participations/{first.json()['id']}/withdraw/", key="w")
    assert gone.json()["status"] == "cancelled"
    assert api.get(f"participations/{waiting['id']}/").json()["status"] == "signed_up"


def test_what_a_client_records_waits_for_a_person(world: World) -> None:
    api = client_of(world.wenxing)
    mine = signed(cast.activity(world.wenxing, ago=3), world.li, world)
    said = api.post(f"participations/{mine.pk}/record/", {"minutes": 90}, key=next(KEYS)).json()
    assert (said["status"], said["minutes"], said["confirmed_at"]) == ("recorded", 90, None)
    mine.refresh_from_db()
    assert mine.recorded_by == api.user and not Service.objects.exists()
    assert confirm(participation=mine, minutes=90, by=world.zhang).status == "confirmed"
    refused = api.post(f"participations/{mine.pk}/absent/", key=next(KEYS))
    assert (refused.status_code, refused.json()["code"]) == (409, "already_confirmed")


def test_no_address_confirms_anything(world: World) -> None:
    """The second of two people is a person: a program that recorded and another that confirms would be one back office."""
    paths = client_of(world.wenxing).get("schema/").json()["paths"]
    assert "/api/v1/participations/{id}/record/" in paths
    # A shop answers for its own slots (partners/api/appointments.py); what earns points is a person's to confirm.
    assert {path for path in paths if "confirm" in path or "approve" in path} == {"/api/v1/appointments/{id}/confirm/"}


def test_hours_are_read_as_they_stand_in_their_book(world: World) -> None:
    confirm(participation=recorded(world, minutes=100), minutes=100, by=world.chen)
    api = client_of(world.wenxing)
    (row,) = api.get("services/", resident=world.li.pk).json()["results"]
    assert (row["minutes"], row["credited"], row["unit"], row["voided_at"]) == (100, 90, "文兴社区", None)
    assert api.get(f"residents/{world.li.pk}/hours/").json() == {"credited": 90}
    assert api.get("services/", since=(clock.today() + timedelta(days=1)).isoformat()).json()["results"] == []
    assert client_of(world.yongan).get("services/").json()["results"] == []
    assert client_of(world.yongan).get(f"residents/{world.li.pk}/hours/").status_code == 404


def test_a_deed_is_sent_in_and_stays_with_its_community(world: World) -> None:
    api = client_of(world.wenxing)
    sent = {"resident": world.li.pk, "kind": "snapshot", "text": "井盖松动", "place": "3号楼东侧"}
    made = api.post("deeds/", sent, key="a")
    assert (made.status_code, made.json()["status"]) == (201, "sent")
    assert Deed.objects.get().by == api.user
    assert api.post("deeds/", sent, key="b").json()["code"] == "deed_already_sent"
    assert api.get(f"deeds/{made.json()['id']}/").json()["text"] == "井盖松动"
    for other in (client_of(world.yongan), client_of(world.wenxing)):
        assert other.get(f"deeds/{made.json()['id']}/").status_code == 404


def test_lists_cost_the_same_queries_for_one_row_and_for_thirty(world: World) -> None:
    api = client_of(world.wenxing)

    def lay(number: int) -> None:
        for _ in range(number):
            mine = signed(
                cast.activity(world.wenxing, starts_at=clock.now() - timedelta(days=1 + Participation.objects.count())),
                world.li, world,
            )  # fmt: skip
            record(participation=mine, minutes=30, by=world.zhang, late_reason="补录")
            confirm(participation=mine, minutes=30, by=world.chen)

    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert api.get(path).status_code == 200
        return len(seen)

    lay(1)
    one = [cost("activities/"), cost("services/")]
    lay(11)
    assert [cost("activities/"), cost("services/")] == one


def test_a_post_is_claimed_and_a_person_decides(world: World) -> None:
    api, made = client_of(world.wenxing), post(world)
    (row,) = api.get("posts/").json()["results"]
    asked = api.post("holdings/", {"post": row["id"], "resident": world.li.pk}, key="a")
    assert (row["id"], asked.status_code, asked.json()["status"]) == (made.pk, 201, "asked")
    mine = Holding.objects.get()
    assert mine.by == api.user and api.get(f"holdings/{mine.pk}/").json()["starts_on"] is None
    month = {"holding": mine.pk, "month": clock.today().replace(day=1).isoformat()}
    refused = api.post("duty-months/", month, key="b")
    assert refused.status_code == 409 and not DutyMonth.objects.exists()
    assert client_of(world.yongan).get(f"holdings/{mine.pk}/").status_code == 404


def test_a_certificate_says_over_rest_what_its_page_says(world: World) -> None:
    made, api = issued(world), client_of(world.hualin)
    said = api.post("certificates/check/", {"token": made.token}).json()
    assert (said["number"], said["who"], said["state"]) == (made.number, "王*兰", "valid")
    assert set(said) == {"number", "who", "hours", "unit", "issued_on", "valid_until", "revoked_on", "state"}
    revoke(certificate=made, reason="写错", by=world.chen)
    said = api.post("certificates/check/", {"token": made.token}).json()
    assert (said["who"], said["hours"], said["state"]) == ("", "", "revoked")
    assert api.post("certificates/check/", {"token": "nothing"}).status_code == 404
