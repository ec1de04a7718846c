"""What a family puts right, and what ends when a consent is taken back."""

from datetime import timedelta
from typing import Any

import pytest

from childcare.enrolment import agreeing, carefiles, carers, contacts, health, todo
from childcare.enrolment.fields import BadField
from childcare.models import CareFile, Carer, Contact, Pickup, Place
from childcare.opening import NotYourChild
from communities import consents, files, guardians
from communities.access import NoPurpose
from communities.counter import OwnCounter
from communities.duties import NotYourDuty
from communities.guardians import Kinship
from communities.models import Consent, Guardian, Resident, User
from communities.registration import TooYoung
from core import clock
from tests import world as cast
from tests.childcare import cast as here
from tests.childcare.cast import Care
from tests.childcare.enrolment.families import ALLERGY
from tests.world import World

Purpose = Consent.Purpose


def account(resident: Resident) -> User:
    assert resident.account
    return resident.account


def kept(child: Resident, **words: Any) -> None:
    guardian = guardians.agreed_by(child, Purpose.CARE_HEALTH)
    assert guardian
    health.write(child=child, said={"allergies": ALLERGY} | words, by=account(guardian))


def test_a_guardian_puts_school_and_contacts_right_and_nobody_else_does(world: World, care: Care) -> None:
    by = account(care.mother)
    carefiles.change(
        child=care.child,
        said={"school": "新学校", "grade": "3", "sex": "f", "school_class": "", "workplace": ""},
        by=by,
    )
    assert CareFile.objects.get(child=care.child).grade == 3
    people = [
        {"name": "甲乙", "relation": "叔叔", "phone": "13700008881"},
        {"name": "丙丁", "relation": "姑姑", "phone": "13700008882"},
    ]
    contacts.replace(child=care.child, said=people, by=by)
    assert [one.name for one in Contact.objects.filter(child=care.child).order_by("order")] == ["甲乙", "丙丁"]
    for stranger, refusal in (
        (account(care.other_mother), carefiles.NotYourCareFile),
        (care.teacher, NotYourDuty),
        (world.qian, NotYourDuty),
    ):
        with pytest.raises(refusal):
            carefiles.change(child=care.child, said={}, by=stranger)
        with pytest.raises(refusal):
            contacts.replace(child=care.child, said=people, by=stranger)
        with pytest.raises(refusal):
            health.write(child=care.child, said={}, by=stranger)


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        [("甲乙", "13700008881")],
        [("甲乙", "13700008881"), ("丙丁", "13700008881")],
        [("甲乙", "13700008881"), ("丙丁", "abc")],
    ],
)
def test_two_contacts_with_two_numbers_are_the_least(wrong: list[tuple[str, str]], care: Care) -> None:
    with pytest.raises(BadField):
        contacts.replace(
            child=care.child,
            said=[{"name": name, "relation": "亲戚", "phone": phone} for name, phone in wrong],
            by=account(care.mother),
        )
    assert Contact.objects.filter(child=care.child).count() == 2


def test_health_is_read_by_the_teacher_on_duty_with_a_purpose_and_by_the_family_without(
    world: World, care: Care
) -> None:
    kept(care.child)
    assert health.read(child=care.child, by=account(care.father))["allergies"] == ALLERGY
    assert health.read(child=care.child, by=care.teacher, purpose="点名")["allergies"] == ALLERGY
    with pytest.raises(NoPurpose):
        health.read(child=care.child, by=care.teacher)
    care.teacher_post.turns.all().delete()
    for stranger in (care.teacher, world.zhang, world.chen, world.he, world.qian, account(care.other_mother)):
        with pytest.raises(NotYourChild):
            health.read(child=care.child, by=stranger, purpose="看看")
    assert health.allergies_of([care.child.pk, care.other_child.pk]) == {care.child.pk: ALLERGY}


def test_no_health_is_written_without_its_consent(care: Care) -> None:
    guardians.withdraw(child=care.child, by=account(care.mother), purpose=Purpose.CARE_HEALTH)
    with pytest.raises(health.HealthNotAgreed):
        health.write(child=care.child, said={"allergies": ALLERGY}, by=account(care.mother))


def test_health_withdrawn_is_gone_at_once_and_the_place_stays(care: Care) -> None:
    kept(care.child)
    guardians.withdraw(child=care.child, by=account(care.father), purpose=Purpose.CARE_HEALTH)
    assert CareFile.objects.get(child=care.child).health is None
    assert Place.objects.get(pk=care.place.pk).ends_on is None


def test_pickups_withdrawn_are_void_at_once(world: World, care: Care) -> None:
    here.pickup(care.child, care.mother, by=world.zhang)
    guardians.withdraw(child=care.child, by=account(care.mother), purpose=Purpose.CARE_PICKUP)
    assert not Pickup.objects.standing().filter(child=care.child).exists()


def test_going_alone_withdrawn_holds_from_this_moment(world: World, care: Care) -> None:
    CareFile.objects.filter(child=care.child).update(grade=4)
    consents.keep(care.child, Purpose.CARE_ALONE, by=world.zhang, way=Consent.Way.SIGNATURE, guardian=care.mother)
    Place.objects.filter(pk=care.place.pk).update(alone=True)
    guardians.withdraw(child=care.child, by=account(care.mother), purpose=Purpose.CARE_ALONE)
    assert Place.objects.get(pk=care.place.pk).alone is False


@pytest.mark.parametrize("purpose", agreeing.NEEDED)
def test_what_the_place_hangs_on_ends_it_today(purpose: Consent.Purpose, care: Care) -> None:
    guardians.withdraw(child=care.child, by=account(care.mother), purpose=purpose)
    place = Place.objects.get(pk=care.place.pk)
    assert place.ends_on == clock.today()
    assert Place.objects.get(pk=care.other_place.pk).ends_on is None


def test_a_guardianship_that_ends_throws_no_child_out_but_is_seen(world: World, care: Care) -> None:
    held = Place.objects.for_staff(world.zhang).held()
    assert not todo.unagreed(held).exists()
    guardians.end(guardian=Guardian.objects.get(child=care.child, guardian=care.mother), by=world.zhang)
    assert Place.objects.get(pk=care.place.pk).ends_on is None
    assert list(todo.unagreed(held)) == [care.place]
    guardians.agree(child=care.child, by=account(care.father), purpose=Purpose.CARE)
    assert list(todo.unagreed(held)) == [care.place]
    guardians.agree(child=care.child, by=account(care.father), purpose=Purpose.CHILD_DATA)
    assert not todo.unagreed(held).exists()


def test_a_carer_is_recorded_once_ended_and_recorded_anew(world: World, care: Care) -> None:
    said = carers.Entrusted("温玉兰", "祖母", "13700003012", clock.today(), seen=True, fit=True)
    for wrong, refusal in (
        ({"seen": False}, carers.CarerExcluded),
        ({"fit": False}, carers.CarerExcluded),
        ({"entrusted_on": clock.today() + timedelta(days=1)}, BadField),
    ):
        with pytest.raises(refusal):
            carers.entrust(child=care.child, said=carers.Entrusted(**{**said.__dict__, **wrong}), by=world.zhang)
    made = carers.entrust(child=care.child, said=said, by=world.zhang)
    with pytest.raises(carers.CarerOnFile):
        carers.entrust(child=care.child, said=said, by=world.zhang)
    with pytest.raises(NotYourDuty):
        carers.end(carer=made, by=world.qian)
    carers.end(carer=made, by=world.zhang)
    with pytest.raises(carers.CarerEnded):
        carers.end(carer=made, by=world.zhang)
    assert carers.entrust(child=care.child, said=said, by=world.zhang).ended_at is None and Carer.objects.count() == 2


def test_staff_write_in_no_file_of_their_own_family(world: World, care: Care) -> None:
    kin = cast.staff("hegongzuo", "何工作", "worker", own_phone="13700001001", community=world.wenxing)
    with pytest.raises(OwnCounter):
        carefiles.change(child=care.child, said={}, by=kin)


# Under eight


def opened(world: World, guardian: Resident, *, care: bool, age: int = 5) -> Resident:
    facts = files.Facts("小不点", clock.today().replace(year=clock.today().year - age, day=1))
    return files.open_file(
        community=world.wenxing, facts=facts, by=world.zhang, signed=True, guardian=guardian, care=care,
        kinship=Kinship("母亲", Guardian.Basis.BIRTH, agreed=True),
    )  # fmt: skip


def test_under_eight_there_is_a_file_for_childcare_alone(world: World, care: Care) -> None:
    with pytest.raises(TooYoung):
        opened(world, care.mother, care=False)
    child = opened(world, care.mother, care=True)
    assert child.confirmed and guardians.answers_for(care.mother, child)
    assert not Consent.objects.filter(resident=child, purpose=Purpose.MINOR_VOLUNTEER).exists()


def test_a_second_guardian_of_a_tiny_one_is_registered_when_it_is_in_childcare(world: World, care: Care) -> None:
    child = opened(world, care.mother, care=True)
    assert isinstance(guardians.refusal_for(child, care.father, world.zhang), guardians.NotAChild)
    consents.keep(child, Purpose.CARE, by=world.zhang, way=Consent.Way.SIGNATURE, guardian=care.mother)
    assert guardians.refusal_for(child, care.father, world.zhang) is None
