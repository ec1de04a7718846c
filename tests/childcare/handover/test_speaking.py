"""谁替孩子说话: a barred guardian finds nothing of the child, and nobody passes by a bar under another row or as somebody else."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from childcare import speaking
from childcare.days import chain, leave
from childcare.enrolment import carers, contacts, deciding, drafting
from childcare.handover import barring, codes, options, releasing
from childcare.models import Alarm, Barred, Carer, Enrolment, Handover
from childcare.places import telling as places
from communities import guardians, ownership, silencing
from communities.copying import tables
from communities.guardians import Kinship
from communities.models import Consent, Duty, Guardian, Look, Resident, User
from core import clock
from core.refusals import Refused
from notifications.models import Message
from tests import world as world_cast
from tests.api import client_of
from tests.childcare.cast import Care
from tests.childcare.enrolment.families import papers, said, submitted
from tests.childcare.handover.people import (
    CHECK,
    WAY,
    arrived,
    authorised,
    barred,
    issued,
    raw,
    token,
)  # fmt: skip
from tests.pages import enter, text
from tests.world import World

pytestmark = pytest.mark.django_db
Purpose = Consent.Purpose
LIFTED = barring.Lifting(barring.LIFTING[0], "（2026）晋0213民初99号", clock.today() - timedelta(days=1))


def account(one: Resident) -> User:
    assert one.account
    return one.account


@pytest.fixture
def kept_away(world: World, care: Care) -> Care:
    """By a court's paper the father does not take the child."""
    barred(care.child, care.father.name, world.zhang)
    return care


def pages(care: Care) -> list[str]:
    child = (
        "child",
        "child-facts",
        "child-contacts",
        "child-health",
        "consents",
        "days",
        "pickups",
        "pickup-code",
        "looks",
    )
    return [
        *(reverse(f"childcare:{name}", args=[care.child.pk]) for name in child),
        reverse("childcare:place", args=[care.place.pk]),
        reverse("childcare:place-end", args=[care.place.pk]),
    ]


def test_a_barred_guardian_finds_no_page_of_the_child_and_the_other_one_all(kept_away: Care) -> None:
    father, mother = enter(Client(), kept_away.father), enter(Client(), kept_away.mother)
    for address in pages(kept_away):
        assert (mother.get(address).status_code, father.get(address).status_code) == (200, 404), address
    Enrolment.objects.create(
        centre=kept_away.centre,
        guardian=kept_away.father,
        child=kept_away.child,
        draft=b"x",
        by=account(kept_away.father),
    )
    home = reverse("childcare:home")
    assert kept_away.child.name in text(mother, home) and kept_away.child.name not in text(father, home)
    assert "托管服务协议和家长须知" not in text(father, "/me/children/")
    assert father.get("/me/data/").status_code == 200  # the own account and the own data stay


def test_a_barred_guardian_neither_agrees_nor_withdraws_nor_takes_the_copy(kept_away: Care) -> None:
    child, by = kept_away.child, account(kept_away.father)
    for act in (guardians.withdraw, guardians.agree):
        for purpose in (Purpose.CARE, Purpose.CARE_HEALTH, Purpose.CARE_PICKUP, Purpose.CARE_RELIEF):
            with pytest.raises(silencing.AtTheWindow):
                act(child=child, by=by, purpose=purpose)
    for sent in ("me/children/{}/withdraw/", "childcare/children/{}/consents/withdraw/"):
        enter(Client(), kept_away.father).post(f"/{sent.format(child.pk)}", {"purpose": "care", "sure": "1"})
    kept_away.place.refresh_from_db()
    assert kept_away.place.ends_on is None and kept_away.place.status == "held"
    assert ownership.is_own(account(kept_away.mother), child) and not ownership.is_own(by, child)
    guardians.agree(child=child, by=by)  # volunteering is none of childcare


def test_whose_place_it_is_stands_in_no_copy_of_who_paid_and_may_not_come_near(world: World, care: Care) -> None:
    mine = {one.key: one.lines for one in tables(care.mother)}
    assert len(mine["care-places"]) == 1
    barred(care.child, care.mother.name, world.zhang)
    assert {one.key: one.lines for one in tables(care.mother)}["care-places"] == []


def namesake(care: Care) -> Resident:
    return world_cast.resident(care.child.community, "高　志远", "13700001077", date(1986, 4, 1))


def as_guardian(care: Care, world: World) -> object:
    Guardian.objects.filter(child=care.child, guardian=care.father).update(ended_at=clock.now(), ended_by=world.chen)
    kinship = Kinship("父亲", Guardian.Basis.BIRTH)
    return guardians.register(child=care.child, guardian=namesake(care), kinship=kinship, by=world.zhang, care=True)


def as_carer(care: Care, world: World) -> object:
    named = carers.Entrusted("高志远", "亲戚", "13700001077", clock.today(), seen=True, fit=True)
    return carers.entrust(child=care.child, said=named, by=world.zhang)


def as_contact(care: Care, world: World) -> object:
    people = [
        {"name": name, "relation": "亲戚", "phone": phone}
        for name, phone in (("高志远", "13700001077"), ("某", "13700001078"))
    ]
    return contacts.replace(child=care.child, said=people, by=account(care.mother))


def as_stranger(care: Care, world: World) -> object:
    return codes.issue(
        child=care.child,
        guardian=care.mother,
        name="高·志远",
        relation="友",
        day=clock.today(),
        by=account(care.mother),
    )


def by_enrolment(care: Care, world: World) -> object:
    """Begun before the bar, or as a new child's; the papers say whose it is."""
    words = said(care.group)
    words["child"] |= {"name": care.child.name, "birth_date": str(care.child.birth_date)}
    mine = submitted(care.father, care, words)
    return deciding.accept(enrolment=mine, papers=papers(known=care.child), by=world.zhang)


WAYS: list[tuple[Callable[[Care, World], object], type[Refused]]] = [
    (as_guardian, silencing.MayNotAnswer), (as_carer, speaking.NotPossible), (as_contact, speaking.NotPossible),
    (lambda care, _: authorised(care, name="高志远"), speaking.NotPossible), (as_stranger, speaking.NotPossible),
    (by_enrolment, silencing.MayNotAnswer),
]  # fmt: skip


@pytest.mark.parametrize(("way", "refusal"), WAYS, ids=["guardian", "carer", "contact", "pickup", "code", "enrolment"])
def test_whom_a_bar_names_is_written_down_in_no_other_way(
    world: World, kept_away: Care, way: Callable[[Care, World], object], refusal: type[Refused]
) -> None:
    with pytest.raises(refusal) as caught:
        way(kept_away, world)
    assert "禁止" not in caught.value.message


def test_a_barred_guardian_begins_no_enrolment_of_the_child(kept_away: Care) -> None:
    father = kept_away.father
    assert drafting.children_to_enrol(father) == []
    with pytest.raises(drafting.NotYourEnrolment):
        drafting.begin(guardian=father, centre=kept_away.centre, child=kept_away.child, by=account(father))


def test_a_guardian_registered_anew_is_still_stopped(world: World, kept_away: Care) -> None:
    """By the file, in the database too; by the name where the bar knew no file."""
    arrived(kept_away.place, kept_away.teacher)
    Guardian.objects.filter(child=kept_away.child, guardian=kept_away.father).update(
        ended_at=clock.now(), ended_by=world.chen
    )
    anew = Guardian.objects.create(
        child=kept_away.child, guardian=kept_away.father, relation="父亲", basis="birth", by=world.zhang
    )
    Barred.objects.exclude(resident=kept_away.father).delete()
    with pytest.raises(Exception, match="barred"):
        raw(kept_away, way=WAY.GUARDIAN, guardian=anew)


def test_a_name_is_enough(world: World, kept_away: Care) -> None:
    arrived(kept_away.place, kept_away.teacher)
    Guardian.objects.filter(child=kept_away.child, guardian=kept_away.father).update(
        ended_at=clock.now(), ended_by=world.chen
    )
    again = Guardian.objects.create(
        child=kept_away.child, guardian=namesake(kept_away), relation="父亲", basis="birth", by=world.zhang
    )
    offered = options.options(kept_away.place, clock.now(), kept_away.teacher)
    assert [one.guardian for one in offered.guardians] == [kept_away.mother] and offered.barred
    with pytest.raises(barring.BarredPerson):
        releasing.release(
            place=kept_away.place, way=WAY.GUARDIAN, check=CHECK.KNOWN, guardian=again, by=kept_away.teacher
        )
    alarm = Alarm.objects.create(place=kept_away.place, day=clock.today(), kind="not_arrived", opened_at=clock.now())
    contact = kept_away.child.care_contacts.get(order=1)
    assert [one.name for one in chain.of(alarm)][:2] == [kept_away.mother.name, contact.name]
    barred(kept_away.child, contact.name, world.zhang)
    assert contact.name not in [one.name for one in chain.of(alarm)]


def test_a_carer_of_that_name_is_stopped_in_the_database(world: World, care: Care) -> None:
    named = {
        "name": "姨婆",
        "relation": "姨婆",
        "phone": "13700008888",
        "entrusted_on": clock.today(),
        "seen_by": world.zhang,
    }
    barred(care.child, "姨婆", world.zhang)
    with pytest.raises(Exception, match="barred"):
        Carer.objects.create(child=care.child, name_key=speaking.name_key(care.child, "姨婆"), **named)


def test_of_whom_it_is_the_family_a_teacher_reads_nothing_of_the_bar(world: World, kept_away: Care) -> None:
    arrived(kept_away.place, kept_away.teacher)
    User.objects.filter(pk=kept_away.teacher.pk).update(own_phone=kept_away.father.phone)
    teacher = User.objects.get(pk=kept_away.teacher.pk)
    shown = options.options(kept_away.place, clock.now(), teacher)
    assert not shown.barred and [one.guardian for one in shown.guardians] == [kept_away.mother]


def test_the_list_is_the_heads_and_writes_the_look(world: World, kept_away: Care) -> None:
    desk, head, address = Client(), Client(), "/desk/care/barred/"
    desk.force_login(world.zhang)
    head.force_login(world.chen)
    shown = text(desk, address)
    assert kept_away.child.name not in shown and "只有社区主任能看" in shown
    for pk in (kept_away.child.pk, kept_away.other_child.pk):  # no address tells which of them it is
        assert desk.get(f"{address}{pk}/").status_code == 200
        assert desk.post(f"{address}{pk}/", {"purpose": "核对名单"}).status_code == 403
    assert kept_away.child.name in text(head, address)
    assert Look.objects.filter(by=world.chen, resident=None, what__startswith="托管禁止接走名单").exists()
    User.objects.filter(pk=world.chen.pk).update(own_phone=kept_away.mother.phone)
    assert kept_away.child.name not in text(head, address)


def test_a_bar_is_written_about_somebody_of_the_file_or_by_another_name(world: World, care: Care) -> None:
    desk, page = Client(), "/desk/care/barred/new/"
    desk.force_login(world.zhang)
    assert care.father.name not in text(desk, page)
    assert care.father.name in text(desk, f"{page}?child={care.child.pk}")
    assert set(Look.objects.filter(by=world.zhang, resident=care.child).values_list("purpose", flat=True)) == {
        "接送核对"
    }
    facts = {
        "child": care.child.pk,
        "looks": "平头",
        "basis": barring.BASES[0],
        "number": "1号",
        "ruled_on": clock.today(),
    }
    assert desk.post(page, facts | {"known": care.father.name, "name": "另一个"}).status_code == 400
    assert desk.post(page, facts | {"known": care.father.name}).status_code == 302
    assert desk.post(page, facts | {"name": "生人"}).status_code == 302
    assert list(Barred.objects.order_by("pk").values_list("resident", flat=True)) == [care.father.pk, None]


def test_a_bar_is_lifted_by_the_head_with_a_paper_after_a_look(world: World, kept_away: Care) -> None:
    mine, desk, head = Barred.objects.get(), Client(), Client()
    address = f"/desk/care/barred/{mine.pk}/lift/"
    desk.force_login(world.zhang)
    head.force_login(world.chen)
    assert desk.get(address).status_code == 403
    with pytest.raises(barring.HeadLifts):
        barring.lift(barred=mine, lifting=LIFTED, by=world.zhang)
    assert kept_away.father.name not in text(head, address)
    shown = head.post(address, {"purpose": "法院撤销了裁定"})
    assert kept_away.father.name in shown.content.decode() and Barred.objects.standing().exists()
    assert (
        head.post(address, {"purpose": "法院撤销了裁定", "basis": barring.LIFTING[0], "number": ""}).status_code == 400
    )
    paper = {"purpose": "法院撤销了裁定", "basis": barring.LIFTING[0], "number": "9号", "ruled_on": clock.today()}
    assert head.post(address, paper).status_code == 302
    mine.refresh_from_db()
    assert mine.ended_by == world.chen and mine.lifted and "9号".encode() not in bytes(mine.lifted)
    told = Message.objects.filter(occasion=f"care-bar-lifted:{mine.pk}")
    assert {one.staff for one in told} == {kept_away.lead, world.chen}
    assert not any(kept_away.father.name in one.body for one in told)
    assert speaking.speaker_for(kept_away.child, account(kept_away.father)) == kept_away.father


def test_who_wrote_it_down_does_not_lift_it(world: World, care: Care) -> None:
    mine = barred(care.child, "某人", world.chen)
    with pytest.raises(barring.SamePersonLifts):
        barring.lift(barred=mine, lifting=LIFTED, by=world.chen)


def test_messages_of_a_place_go_to_everybody_who_speaks_for_the_child(world: World, care: Care) -> None:
    def told(what: str) -> set[Resident]:
        return {one.resident for one in Message.objects.filter(occasion__endswith=f":{what}") if one.resident}

    places.gave_up(care.place, clock.now())
    assert told("gone") == {care.mother, care.father}
    barred(care.child, care.father.name, world.zhang)
    places.waits(care.place, 1, clock.now())
    assert told("waits") == {care.mother}
    Guardian.objects.filter(child=care.child, guardian=care.mother).update(ended_at=clock.now(), ended_by=world.chen)
    places.got(care.place, clock.now())
    assert told("got") == set()


def test_the_counter_sees_who_is_sent_after_a_look_and_never_of_the_own_family(world: World, care: Care) -> None:
    authorised(care)
    desk, page = Client(), f"/desk/care/pickups/{care.child.pk}/"
    desk.force_login(world.zhang)
    assert "邻居" in text(desk, page)
    assert Look.objects.filter(by=world.zhang, resident=care.child, what__startswith="托管：接送人").count() == 1
    User.objects.filter(pk=world.zhang.pk).update(own_phone=care.mother.phone)
    assert "邻居" not in desk.get(page).content.decode()


def test_leave_is_said_by_who_speaks_or_who_is_there_and_by_no_kin(world: World, care: Care) -> None:
    User.objects.filter(pk=world.zhang.pk).update(own_phone=care.mother.phone)
    care.teacher_post.turns.all().delete()
    kin = User.objects.get(pk=world.zhang.pk)
    may = {
        by.name: leave.may_speak(care.place, by)
        for by in (kin, care.teacher, care.second, world.chen, account(care.mother))
    }
    assert may == {
        kin.name: False, care.teacher.name: False, care.second.name: True, world.chen.name: True, account(care.mother).name: True,
    }  # fmt: skip


def off_duty(care: Care) -> None:
    Duty.objects.filter(user=care.second).update(
        ends_on=clock.today() - timedelta(days=1), starts_on=clock.today() - timedelta(days=9)
    )


def inactive(care: Care) -> None:
    User.objects.filter(pk=care.second.pk).update(is_active=False)


def no_turn(care: Care) -> None:
    care.second_post.turns.all().delete()


NOT_THE_SECOND: list[tuple[Callable[[Care], object], dict[str, Any], str]] = [
    (off_duty, {}, "care_second_off_duty"), (inactive, {}, "care_second_off_duty"), (no_turn, {}, "care_second_off_duty"),
    (lambda _: None, {"proof": "000000"}, "care_second_wrong"), (lambda _: None, {"second": "first"}, "care_second_same"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("make", "changed", "code"), NOT_THE_SECOND, ids=["no duty", "no account", "no turn", "proof", "same"]
)
def test_the_second_person_is_asked_for_on_the_page_and_by_rest(
    world: World, care: Care, make: Callable[[Care], object], changed: dict[str, Any], code: str
) -> None:
    arrived(care.place, care.teacher)
    digits, proof = issued(care), token(care.second)
    make(care)
    chosen = care.teacher_post.pk if changed.get("second") else care.second_post.pk
    sent = {"code": digits, "id_tail": "4321", "second": chosen, "proof": changed.get("proof", proof)}
    asked = sent | {"place": care.place.pk, "way": "code", "check": "code", "staffer": care.teacher_post.pk}
    assert client_of(world.wenxing).post("care-handovers/", asked).json()["code"] == code
    browser = Client()
    browser.force_login(care.teacher)
    row = care.child.pickup_codes.get()
    answer = browser.post(f"/care/places/{care.place.pk}/handover/", sent | {"who": f"code:{row.pk}"})
    assert answer.status_code >= 400 and not Handover.objects.exists()


def test_by_rest_two_children_with_one_adult_and_a_wrong_code_are_refused(world: World, care: Care) -> None:
    for place in (care.place, care.other_place):
        arrived(place, care.teacher)
    api, sent, digits = client_of(world.wenxing), authorised(care), issued(care)
    asked = {"way": "pickup", "check": "known", "who": sent.pk, "staffer": care.teacher_post.pk}
    assert api.post("care-handovers/", asked | {"place": care.other_place.pk}).json()["code"] == "care_wrong_child"
    wrong = {
        "way": "code",
        "check": "code",
        "id_tail": "4321",
        "staffer": care.teacher_post.pk,
        "second": care.second_post.pk,
    }
    typed = {"code": f"{(int(digits) + 1) % 10**6:06d}", "proof": token(care.second), "place": care.place.pk}
    assert api.post("care-handovers/", wrong | typed).json()["code"] == "care_wrong_code"
    assert not Handover.objects.exists()
    proved = asked | {"place": care.place.pk, "check": "document", "id_tail": sent.id_tail}
    assert api.post("care-handovers/", proved).status_code == 201
