"""REST: handed in whole, read, taken back; the roster with basic facts alone."""

import pytest

from childcare.models import CareFile, Enrolment
from communities import sealing
from communities.models import Consent
from tests.api import Api, client_of
from tests.childcare.cast import Care
from tests.childcare.enrolment.families import ALLERGY, father, healthy, said
from tests.world import World


@pytest.fixture
def api(world: World) -> Api:
    return client_of(world.wenxing)


def test_another_system_hands_in_once_and_reads_how_it_stands(world: World, care: Care, api: Api) -> None:
    shao = father(world)
    order = {"centre": care.centre.pk, "guardian": shao.pk, **healthy(said(care.group))}
    first, again = (api.post("care-enrolments/", order, key="one") for _ in range(2))
    assert first.status_code == 201, first.content
    assert first.json()["id"] == again.json()["id"] and Enrolment.objects.count() == 1
    shown = api.get(f"care-enrolments/{first.json()['id']}/")
    assert (
        shown.json()["status"] == "submitted"
        and ALLERGY not in shown.content.decode()
        and "小满" not in shown.content.decode()
    )
    assert api.post(f"care-enrolments/{first.json()['id']}/withdraw/", key="two").json()["status"] == "withdrawn"


def test_a_wrong_step_leaves_no_draft(world: World, care: Care, api: Api) -> None:
    words = said(care.group)
    words["contacts"] |= {"phone1": "abc"}
    answer = api.post("care-enrolments/", {"centre": care.centre.pk, "guardian": father(world).pk, **words}, key="one")
    assert answer.status_code == 400 and answer.json()["code"] == "care_bad_field" and not Enrolment.objects.exists()


def test_other_communities_and_other_scopes_are_shut_out(world: World, care: Care, api: Api) -> None:
    far = client_of(world.yongan)
    order = {"centre": care.centre.pk, "guardian": father(world).pk, **said(care.group)}
    assert far.post("care-enrolments/", order, key="one").status_code == 404
    assert far.get("care-children/").json()["results"] == []
    assert far.post(f"care-children/{care.child.pk}/withdraw/", {"purpose": "care"}, key="two").status_code == 404
    assert client_of(world.wenxing, "courses:read").get("care-children/").status_code == 403


def test_the_roster_has_basic_facts_and_leaves_a_look(world: World, care: Care, api: Api) -> None:
    CareFile.objects.filter(child=care.child).update(health=sealing.seal_facts({"allergies": ALLERGY}))
    rows = api.get("care-children/").json()["results"]
    assert {one["name"] for one in rows} == {care.child.name, care.other_child.name}
    assert set(rows[0]) == {
        "id",
        "child",
        "name",
        "school",
        "grade",
        "centre",
        "group",
        "plan",
        "lunch",
        "nap",
        "starts_on",
        "ends_on",
    }


def test_a_consent_is_taken_back_for_a_guardian(world: World, care: Care, api: Api) -> None:
    CareFile.objects.filter(child=care.child).update(health=sealing.seal_facts({"allergies": ALLERGY}))
    answer = api.post(f"care-children/{care.child.pk}/withdraw/", {"purpose": "care_health"}, key="one")
    assert answer.json() == {"withdrawn": True} and CareFile.objects.get(child=care.child).health is None
    assert not Consent.objects.standing().filter(resident=care.child, purpose="care_health").exists()
    assert (
        api.post(f"care-children/{care.child.pk}/withdraw/", {"purpose": "minor_volunteer"}, key="two").status_code
        == 400
    )
