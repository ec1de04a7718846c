"""Calls and applications over REST: handed in, looked up, let stand; marks unseen until all are in; nobody else's."""

from datetime import date

import pytest

from core import clock
from partners.joining import scoring
from partners.models import Application
from tests.api import client_of
from tests.partners.joining import applicants
from tests.partners.joining.applicants import call, checked, scored, submitted
from tests.world import World

pytestmark = pytest.mark.django_db
SAID = {
    "name": "陈记理发", "kind": "merchant", "trade": "beauty", "credit_code": "92140213MA0AAAAA1M", "legal_person": "陈师傅",
    "registered_address": "水泊寺街1号", "contact": "陈师傅", "contact_phone": "13700001234", "services": "理发",
    "promises": [{"item": "免费理发", "times": 2}], "pledged": True, "kinship": False,
    "scope": "理发服务", "founded_on": "2020-05-01",
}  # fmt: skip
SERVICE = {"audience": "老人", "room_wanted": "大厅一角", "safety": "持证上岗", "insurance": "责任险50万元"}
SAID |= SERVICE


def test_a_client_hands_in_looks_up_and_lets_stand_but_no_program_chooses(world: World) -> None:
    api = client_of(world.wenxing)
    made = api.post("partner-applications/", SAID | {"community": world.wenxing.pk}, key="a")
    again = api.post("partner-applications/", SAID | {"community": world.wenxing.pk}, key="a")
    assert (made.status_code, made.json()["status"]) == (201, "submitted") and again.json() == made.json()
    kept = Application.objects.select_related("partner").get()
    assert {name: getattr(kept, name) for name in SERVICE} == SERVICE == {name: made.json()[name] for name in SERVICE}
    assert (kept.partner.scope, kept.partner.founded_on) == (SAID["scope"], date(2020, 5, 1))
    path = f"partner-applications/{made.json()['id']}/"
    refused = api.post(f"{path}check/", {"result": "pass"}, key="b")
    assert (refused.status_code, refused.json()["code"]) == (409, "lookups_missing")
    for n, register in enumerate(("entity", "abnormal", "serious", "defaulter")):
        body = {"register": register, "nothing_found": True, "looked_on": clock.today().isoformat(), "reference": "截1"}
        assert api.post(f"{path}lookups/", body, key=f"l{n}").status_code == 201
    done = api.post(f"{path}check/", {"result": "pass"}, key="c").json()
    assert (done["status"], len(done["lookups"])) == ("checked", 4)
    assert api.post(f"{path}check/", {"result": "decline"}, key="d").status_code == 400
    assert not Application.objects.exclude(proposed_by=None).exists()


def test_a_wrong_code_is_said_and_nothing_kept(world: World) -> None:
    body = SAID | {"community": world.wenxing.pk, "credit_code": "92140213MA0AAAAA1N"}
    refused = client_of(world.wenxing).post("partner-applications/", body, key="a")
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_credit_code")
    assert "校验位" in refused.json()["detail"] and not Application.objects.exists()


def test_others_see_none_of_it_and_drafts_are_nobodys(world: World) -> None:
    one, made = submitted(world), call(world)
    applicants.begun(world)
    ours, theirs = client_of(world.wenxing), client_of(world.yongan)
    assert [row["id"] for row in ours.get("partner-applications/", status="submitted").json()["results"]] == [one.pk]
    assert [row["id"] for row in ours.get("partner-calls/").json()["results"]] == [made.pk]
    assert len(ours.get(f"partner-calls/{made.pk}/").json()["criteria"]) == 6
    for path in ("partner-applications/", "partner-calls/"):
        assert theirs.get(path).json()["results"] == []
    for path in (f"partner-applications/{one.pk}/", f"partner-calls/{made.pk}/"):
        assert theirs.get(path).status_code == 404
    body = {"register": "entity", "nothing_found": True, "looked_on": clock.today().isoformat()}
    assert theirs.post(f"partner-applications/{one.pk}/lookups/", body, key="a").status_code == 404
    assert theirs.post("partner-applications/", SAID | {"community": world.wenxing.pk}, key="b").status_code == 404


def test_marks_are_not_told_before_all_are_in(world: World) -> None:
    _, (one,) = scored(world, rivals=1)
    api, path = client_of(world.wenxing), f"partner-applications/{one.pk}/"
    for who, told in ((world.zhang, 0), (world.chen, 0), (world.he, 3)):
        scoring.mark(application=one, marks=(20, 20, 15, 10, 5, 3), by=who)
        assert len(api.get(path).json()["reviews"]) == told
    assert api.get(path).json()["rank"] == 1 and checked(world).status == "checked"


def test_a_program_has_no_family_so_an_applicant_who_is_a_resident_is_handed_in_too(world: World) -> None:
    api, body = client_of(world.wenxing), SAID | {"community": world.wenxing.pk, "contact_phone": world.wang.phone}
    made = api.post("partner-applications/", body, key="a")
    assert made.status_code == 201, made.json()
    lookup = {"register": "entity", "nothing_found": True, "looked_on": clock.today().isoformat()}
    assert api.post(f"partner-applications/{made.json()['id']}/lookups/", lookup, key="b").status_code == 201
