"""What the demo's counter knows: households, helpers, cards, notices, a request."""

import pytest
from django.test import Client

from communities.acting import residents_of
from communities.models import Card, Consent, Helper, Notice, Resident, RightsRequest, User
from demo import affairs, agreements, cast, filling
from demo.asked import Asked
from demo.roles import ROLES
from partners.agreements.verifying import verify
from partners.models import Agreement, Template
from tests.demo.story import NOON, SMALL, later, told

pytestmark = [pytest.mark.django_db, pytest.mark.heavy, pytest.mark.urls("tests.demo.urls")]


def test_two_phones_act_for_two_elders() -> None:
    assert {(one.resident.name, one.account.phone) for one in Helper.objects.current().select_related("resident", "account")} == {
        (cast.NO_PHONE.name, cast.SON.phone), (cast.ELDER.name, cast.DAUGHTER.phone)
    }  # fmt: skip
    son = User.objects.get(phone=cast.SON.phone)
    assert [one.name for one in residents_of(son)] == [cast.SON.name, cast.MOTHER.name, cast.NO_PHONE.name]


def test_some_households_agreed_and_elders_have_cards() -> None:
    agreed = Consent.objects.standing().filter(purpose=Consent.Purpose.HOUSEHOLD)
    assert agreed.filter(resident__name=cast.SON.name).exists() and agreed.count() >= 4
    assert Card.objects.filter(ended_at=None).count() == len(affairs.CARDS)


def test_one_notice_runs_and_one_ended_after_an_answer() -> None:
    over, running = (Notice.objects.get(title=title) for title in (affairs.OVER, affairs.RUNNING))
    assert (over.status, running.status) == (Notice.Status.ENDED, Notice.Status.OPEN)
    (objection,) = over.objections.all()
    assert objection.status == "rejected" and objection.answered_by.username == cast.ADMIN.username
    assert running.items.count() >= 10


def test_somebody_asks_to_have_the_own_data_corrected_and_people_wait() -> None:
    assert RightsRequest.objects.get().resident.name == cast.ELDER.name
    assert Resident.objects.waiting().count() >= SMALL // 10


def test_a_second_start_writes_nothing() -> None:
    before = [model.objects.count() for model in (Helper, Card, Notice, RightsRequest, Consent, User)]
    told()
    assert [model.objects.count() for model in (Helper, Card, Notice, RightsRequest, Consent, User)] == before


def test_a_killed_run_goes_on() -> None:
    Card.objects.all().delete()
    RightsRequest.objects.all().delete()
    filling.look_after(Asked(later(hours=1), 1, SMALL), [].append)
    assert (
        Card.objects.count() == len(affairs.CARDS)
        and Helper.objects.count() == 2
        and RightsRequest.objects.count() == 1
    )


def test_what_visitors_did_is_left_as_it_is() -> None:
    RightsRequest.objects.all().delete()
    Card.objects.exclude(resident__name=cast.NO_PHONE.name).delete()
    kept = Card.objects.get()
    told()
    assert Card.objects.get(pk=kept.pk) and Card.objects.count() == len(affairs.CARDS)
    RightsRequest.objects.all().delete()
    Resident.objects.filter(name=cast.MOTHER.name).update(phone="13800009998")
    told()
    assert not RightsRequest.objects.exists()


def test_a_demo_of_before_gets_them_and_the_new_colleagues() -> None:
    RightsRequest.objects.all().delete()
    User.objects.filter(username=cast.AUDITOR.username).update(own_phone="")
    told()
    assert User.objects.exclude(own_phone="").filter(username=cast.AUDITOR.username).exists() and NOON


@pytest.mark.parametrize("code", [role.code for role in ROLES])
def test_everybody_on_the_page_comes_in_and_sees_a_first_page(client: Client, code: str) -> None:
    answer = client.post(f"/demo/{code}/", follow=True)
    assert answer.status_code == 200
    if code == "helper":
        assert f"您在为<b>{cast.ELDER.name}</b>办理" in answer.content.decode()


@pytest.mark.parametrize("code", ["care-teacher", "care-lead"])
def test_whoever_works_at_the_centre_begins_there(client: Client, code: str) -> None:
    answer = client.post(f"/demo/{code}/")
    assert (answer.status_code, answer["Location"]) == (302, "/care/")
    assert client.get("/care/").status_code == 200


def test_one_click_makes_a_merchant_of_the_owner_who_sees_the_agreement(client: Client) -> None:
    answer = client.post("/demo/merchant/")
    assert (answer.status_code, answer["Location"]) == (302, "/merchant/")
    assert "康乐家政服务部" in client.get("/merchant/").content.decode()
    assert "社区合伙人协议" in client.get("/merchant/agreements/").content.decode()


def test_the_pair_of_the_reports_has_its_event_its_promises_and_its_room(client: Client) -> None:
    pair = Agreement.objects.get(pairing=True, status="signed")
    assert (str(pair), pair.ceremonies.get().title) == ("博世邻里之家 × 永安社区", agreements.CEREMONY)
    assert {(one.duty, one.focus) for one in pair.promises.all()} == {
        ("service", "old_and_young"), ("culture", "neighbours"), ("governance", "surroundings"),
    }  # fmt: skip
    assert pair.grants.get().room.name == "邻里课堂" and verify(pair).sound
    assert agreements.CEREMONY in client.get("/partners/ceremonies/").content.decode()
    assert Template.objects.current().get().approved_by_id != Template.objects.current().get().made_by_id
