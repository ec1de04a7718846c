"""同意: what a tap keeps, what ends with one guardian and what outlasts them, going home alone, and what is asked once more."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from childcare.enrolment import deciding, drafting, health, withdrawing
from childcare.enrolment.steps import STEPS
from childcare.handover import asking
from childcare.models import CareFile, Pickup, Place
from communities import consents, guardians, purposes
from communities.models import Consent, Evidence, Resident, User
from core import clock
from notifications.models import Message
from tests import world as world_cast
from tests.childcare.cast import Care
from tests.childcare.enrolment.families import drafted, papers, said, submitted
from tests.childcare.handover.people import authorised, barred, guardian_row
from tests.communities.relieving import verified
from tests.pages import enter
from tests.world import World

pytestmark = pytest.mark.django_db
Purpose = Consent.Purpose
OUTLASTING = {"care_health", "care_pickup", "care_relief"}


def account(one: Resident) -> User:
    assert one.account
    return one.account


def standing(child: Resident) -> set[str]:
    return set(
        Consent.objects.standing().filter(resident=child, purpose__startswith="c").values_list("purpose", flat=True)
    )


@pytest.fixture
def full(world: World, care: Care) -> Care:
    """Everything agreed to by the mother: health on file, somebody sent, relief verified."""
    health.write(child=care.child, said={"allergies": "花生"}, by=account(care.mother))
    authorised(care)
    guardians.agree(child=care.child, by=account(care.mother), purpose=Purpose.CARE_RELIEF)
    verified(care.child, care.mother, by=world.zhang, reviewer=world.chen)
    return care


def kept(care: Care) -> tuple[bool, bool, bool]:
    """Health, somebody sent, relief."""
    return (
        CareFile.objects.get(child=care.child).health is not None,
        Pickup.objects.standing().filter(child=care.child).exists(),
        Evidence.objects.filter(resident=care.child, status=Evidence.Status.VALID).exists(),
    )


def test_what_the_other_guardian_still_wants_outlasts_one_and_ends_with_the_last(world: World, full: Care) -> None:
    mother, father = (guardian_row(full.child, one) for one in (full.mother, full.father))
    guardians.end(guardian=mother, by=world.zhang)
    assert kept(full) == (True, True, True) and standing(full.child) == OUTLASTING
    told = Message.objects.filter(occasion=f"care-guardian-ended:{mother.pk}")
    assert {one.resident or one.staff for one in told} == {full.father, full.lead, world.chen}
    guardians.end(guardian=father, by=world.zhang)
    assert kept(full) == (False, False, False) and standing(full.child) == set()
    assert not Message.objects.filter(occasion=f"care-guardian-ended:{father.pk}", resident__isnull=False).exists()
    assert Evidence.objects.get(resident=full.child).end_reason == "changed"  # nobody of the family took it back


def test_whom_a_bar_names_is_nobody_left_to_want_it(world: World, full: Care) -> None:
    barred(full.child, full.father.name, world.zhang)
    guardians.end(guardian=guardian_row(full.child, full.mother), by=world.zhang)
    assert kept(full) == (False, False, False)


def test_a_tap_in_the_form_keeps_its_moment_and_its_text(world: World, care: Care) -> None:
    care.place.delete()
    Consent.objects.filter(resident=care.child).delete()
    words = _of(care)
    before = clock.now()
    mine = submitted(care.mother, care, words, child=care.child)
    after = clock.now()
    deciding.accept(
        enrolment=mine, papers=papers(basis=None, signed=False), by=world.zhang, at=after + timedelta(hours=2)
    )
    given = Consent.objects.get(resident=care.child, purpose=Purpose.CARE)
    assert given.way == "tap" and before <= given.given_at <= after


def _of(care: Care) -> dict[str, Any]:
    Place.objects.filter(child=care.child).delete()
    words = said(care.group)
    words["child"] |= {"name": care.child.name, "birth_date": str(care.child.birth_date)}
    return words


def test_a_text_that_changed_since_the_tap_is_signed_at_the_window(world: World, care: Care) -> None:
    mine = drafted(care.mother, care, _of(care), child=care.child)
    kept_draft = drafting.said_in(mine)
    kept_draft["tapped"] = account(care.mother).pk
    assert deciding.agreeing.tapped(care.mother, care.child, kept_draft)
    kept_draft["taps"]["consents"]["versions"]["care"] = "older"
    assert not deciding.agreeing.tapped(care.mother, care.child, kept_draft)
    taps = deciding.agreeing.taps_in(kept_draft, [Purpose.CARE, Purpose.CHILD_DATA])
    assert taps[Purpose.CARE].version == "older"
    assert taps[Purpose.CHILD_DATA].version == purposes.TEXTS[Purpose.CHILD_DATA].version


def test_what_a_colleague_typed_in_is_no_tap(world: World, care: Care) -> None:
    mine = drafted(care.mother, care, _of(care), child=care.child)
    assert set(drafting.said_in(mine)["taps"]) == {one.key for one in STEPS}
    mine = drafting.save_step(enrolment=mine, step=STEPS[3], said={"agreed": False}, by=world.zhang)
    assert "health" not in drafting.said_in(mine)["taps"]


def test_going_home_alone_may_be_agreed_to_later_from_the_set_grade_on(care: Care) -> None:
    def agree() -> Consent:
        return guardians.agree(child=care.child, by=account(care.mother), purpose=Purpose.CARE_ALONE)

    CareFile.objects.filter(child=care.child).update(grade=3)
    with pytest.raises(withdrawing.TooYoung):
        agree()
    assert "care_alone" not in standing(care.child)
    CareFile.objects.filter(child=care.child).update(grade=4)
    agree()
    care.place.refresh_from_db()
    assert care.place.alone and not asking.alone_refused(care.place, clock.today())


def test_what_guardians_agreed_to_is_not_withdrawn_on_the_childs_own_phone(world: World, care: Care) -> None:
    today = clock.today()
    care.child.birth_date, care.child.account = (
        date(today.year - 15, 1, 1),
        world_cast.resident(world.wenxing, "手机", "13700001088").account,
    )
    care.child.save(update_fields=["birth_date", "account"])
    with pytest.raises(consents.GuardianTakesBack):
        consents.withdraw(resident=care.child, purpose=Purpose.CARE, by=account(care.child))
    care.place.refresh_from_db()
    assert care.place.ends_on is None


@pytest.mark.parametrize(
    ("purpose", "addresses"),
    [
        ("care", ("/me/children/{}/withdraw/", "/childcare/children/{}/consents/withdraw/")),
        (
            "care_relief",
            ("/me/children/{}/withdraw/", "/childcare/children/{}/consents/withdraw/", "/me/relief/{}/withdraw/"),
        ),
    ],
)
def test_what_ends_is_said_before_it_is_taken_back(full: Care, purpose: str, addresses: tuple[str, ...]) -> None:
    phone = enter(Client(), full.mother)
    for address in addresses:
        shown = phone.post(address.format(full.child.pk), {"purpose": purpose})
        assert shown.status_code == 200 and "确认撤回" in shown.content.decode()
        assert purpose in standing(full.child)
    assert phone.post(addresses[-1].format(full.child.pk), {"purpose": purpose, "sure": "1"}).status_code == 302
    assert purpose not in standing(full.child)
