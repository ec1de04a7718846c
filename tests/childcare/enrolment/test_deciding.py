"""The papers are seen: file, guardians, contacts, health, pick-ups, consents and the place in one act; or a no that keeps nothing."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from childcare.enrolment import deciding, drafting, health
from childcare.enrolment.carers import CarerExcluded
from childcare.models import CareFile, Carer, Contact, Enrolment, Pickup, Place
from communities.duties import NotYourDuty
from communities.models import Consent, Guardian, Resident, User
from core import clock
from core.refusals import Refused
from notifications.models import Message
from points import books
from tests import world as cast
from tests.childcare.cast import Care
from tests.childcare.enrolment.families import ALLERGY, drafted, father, healthy, papers, said, submitted
from tests.world import World

Purpose = Consent.Purpose


@pytest.fixture
def shao(world: World) -> Resident:
    return father(world)


def agreed(child: Resident) -> dict[str, str]:
    return dict(
        Consent.objects.standing().filter(resident=child, purpose__startswith="c").values_list("purpose", "way")
    )


def over(world: World) -> None:
    """Nobody has a place any more."""
    how = {"ends_on": clock.today(), "ended_at": clock.now(), "ended_by": world.zhang, "end_reason": "guardian"}
    Place.objects.all().update(status="ended", **how)


def test_a_child_under_eight_gets_file_guardian_contacts_and_place_in_one_act(
    world: World, shao: Resident, care: Care
) -> None:
    until = clock.today() + timedelta(days=60)
    words = healthy(said(care.group)) | {
        "pickups": {"agreed": True, "people": [
            {"name": "孟桂芝", "relation": "邻居", "phone": "13700003099", "id_tail": "1234", "valid_until": until, "adult": True}]},
    }  # fmt: skip
    mine = submitted(shao, care, words)
    place = deciding.accept(enrolment=mine, papers=papers(), by=world.zhang)
    child = place.child
    assert (
        child.name == "邵小满" and (child.age_on(clock.today()) or 9) < 8 and child.confirmed and child.account is None
    )
    assert child.household_id == shao.household_id and place.status == Place.Status.HELD and place.payer == shao
    assert Guardian.objects.current().get(child=child).guardian == shao
    assert [one.name for one in Contact.objects.filter(child=child).order_by("order")] == ["邵建军", "温玉兰"]
    assert CareFile.objects.get(child=child).school == "平城区第三小学"
    assert health.opened(child)["allergies"] == ALLERGY and Pickup.objects.get(child=child).authorised_by == shao
    assert agreed(child) == dict.fromkeys(("child_data", "care", "care_health", "care_pickup"), "signature")
    kept = Enrolment.objects.get(pk=mine.pk)
    assert (kept.status, kept.draft, kept.child, kept.place, kept.decided_by) == (
        "accepted",
        None,
        child,
        place,
        world.zhang,
    )
    assert [breach for breach in books.breaches() if breach[0].startswith("childcare_enrolment")] == []


def test_the_message_names_no_child(world: World, shao: Resident, care: Care) -> None:
    deciding.accept(enrolment=submitted(shao, care), papers=papers(), by=world.zhang)
    told = Message.objects.filter(resident=shao)
    assert told.filter(occasion__startswith="care-enrolment:").exists()
    assert not any("小满" in one.title + one.body for one in told)


def test_if_one_thing_is_refused_nothing_of_it_is_left(world: World, shao: Resident, care: Care) -> None:
    care.group.status, care.group.closed_at = "closed", clock.now()
    mine = submitted(shao, care)
    care.group.save(update_fields=["status", "closed_at"])
    with pytest.raises(Refused):
        deciding.accept(enrolment=mine, papers=papers(), by=world.zhang)
    assert (
        not Resident.objects.filter(name="邵小满").exists() and Enrolment.objects.get(pk=mine.pk).status == "submitted"
    )


def test_without_papers_or_signature_nobody_is_accepted(world: World, shao: Resident, care: Care) -> None:
    mine = submitted(shao, care)
    with pytest.raises(deciding.PapersNotSeen):
        deciding.accept(enrolment=mine, papers=papers(seen=False), by=world.zhang)
    with pytest.raises(deciding.NotSignedHere):
        deciding.accept(enrolment=mine, papers=papers(signed=False), by=world.zhang)


def test_of_a_known_child_the_guardians_own_tap_is_the_consent(world: World, care: Care) -> None:
    over(world)
    Consent.objects.filter(resident=care.child).delete()
    words = said(care.group)
    mine = submitted(care.mother, care, words, child=care.child)
    place = deciding.accept(enrolment=mine, papers=papers(signed=False, basis=None), by=world.zhang)
    assert place.child == care.child and agreed(care.child) == {"child_data": "tap", "care": "tap"}
    assert Resident.objects.filter(name=care.child.name).count() == 1


def test_what_a_colleague_typed_is_no_tap_of_the_guardian(world: World, care: Care) -> None:
    over(world)
    mine = submitted(care.mother, care, child=care.child, by=world.zhang)
    with pytest.raises(deciding.NotSignedHere):
        deciding.accept(enrolment=mine, papers=papers(signed=False, basis=None), by=world.zhang)


def test_a_file_that_is_there_is_used_and_a_stranger_is_not(world: World, shao: Resident, care: Care) -> None:
    born = date(clock.today().year - 9, 1, 1)
    mine = submitted(shao, care, said(care.group, born=born))
    there = cast.resident(world.wenxing, "邵小满", "", born)
    review = deciding.review(enrolment=mine, by=world.zhang)
    assert review["known"] == [there] and "number" not in review["said"]["child"] and "health" not in review["said"]
    with pytest.raises(deciding.WhichChild):
        deciding.accept(enrolment=mine, papers=papers(known=care.child), by=world.zhang)
    assert deciding.accept(enrolment=mine, papers=papers(known=there), by=world.zhang).child == there


def test_the_other_guardian_with_a_file_is_registered_and_without_one_called_first(
    world: World, shao: Resident, care: Care
) -> None:
    words = said(care.group)
    words["guardians"] |= {"second_name": "温小玉", "second_relation": "母亲", "second_phone": "13700003002"}
    first = submitted(shao, care, words)
    place = deciding.accept(enrolment=first, papers=papers(), by=world.zhang)
    assert Contact.objects.get(child=place.child, order=1).name == "温小玉"
    mother = cast.resident(world.wenxing, "温小玉", "13700003002", date(1989, 1, 1))
    words["child"] |= {"name": "邵大满"}
    second = submitted(shao, care, words)
    place = deciding.accept(enrolment=second, papers=papers(second=Guardian.Basis.BIRTH), by=world.zhang)
    assert {one.guardian for one in Guardian.objects.current().filter(child=place.child)} == {shao, mother}
    assert Contact.objects.get(child=place.child, order=1).name == "邵建军"


def test_a_carer_is_recorded_when_the_paper_was_seen_and_the_question_asked(
    world: World, shao: Resident, care: Care
) -> None:
    words = said(care.group)
    words["guardians"] |= {
        "carer_name": "温玉兰",
        "carer_relation": "祖母",
        "carer_phone": "13700003012",
        "carer_on": "2026-01-05",
    }
    mine = submitted(shao, care, words)
    with pytest.raises(CarerExcluded):
        deciding.accept(enrolment=mine, papers=papers(), by=world.zhang)
    place = deciding.accept(enrolment=mine, papers=papers(carer_fit=True), by=world.zhang)
    assert Carer.objects.get(child=place.child).seen_by == world.zhang


def test_a_full_group_means_waiting(world: World, shao: Resident, care: Care) -> None:
    care.group.seats = care.group.capacity = 2
    care.group.save(update_fields=["seats", "capacity"])
    place = deciding.accept(enrolment=submitted(shao, care), papers=papers(), by=world.zhang)
    assert place.status == Place.Status.WAITING


def test_not_by_another_community_nor_for_the_own_family_nor_twice(world: World, shao: Resident, care: Care) -> None:
    mine = submitted(shao, care)
    with pytest.raises(NotYourDuty):
        deciding.accept(enrolment=mine, papers=papers(), by=world.qian)
    kin = cast.staff("shaogongzuo", "邵工作", "worker", own_phone="13700003001", community=world.wenxing)
    for act in (
        lambda: deciding.accept(enrolment=mine, papers=papers(), by=kin),
        lambda: deciding.decline(enrolment=mine, reason=Enrolment.Decline.OTHER, by=kin),
        lambda: deciding.review(enrolment=mine, by=kin),
    ):
        with pytest.raises(deciding.OwnEnrolment):
            act()
    deciding.accept(enrolment=mine, papers=papers(), by=world.zhang)
    with pytest.raises(deciding.NotWaiting):
        deciding.accept(enrolment=mine, papers=papers(), by=world.zhang)


def test_a_no_keeps_nothing_of_what_was_written(world: World, shao: Resident, care: Care) -> None:
    mine = deciding.decline(enrolment=submitted(shao, care), reason=Enrolment.Decline.PAPERS, by=world.zhang)
    assert (mine.status, mine.draft, mine.child) == ("declined", None, None)
    assert "证件没有核对上" in Message.objects.get(resident=shao, occasion=f"care-enrolment:{mine.pk}").body


def test_the_look_is_written_before_the_draft_is_shown(world: World, shao: Resident, care: Care) -> None:
    mine = submitted(shao, care)
    deciding.review(enrolment=mine, by=world.zhang)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT what, purpose FROM communities_look WHERE by_id = %s AND resident_id = %s",
            [world.zhang.pk, shao.pk],
        )
        assert cursor.fetchall() == [("托管报名", "核对托管报名")]


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE childcare_enrolment SET status = 'submitted', decided_at = NULL, decided_by_id = NULL, draft = 'x' WHERE status = 'accepted'", "CC011"),
        ("UPDATE childcare_enrolment SET place_id = NULL WHERE status = 'accepted'", "CC011"),
        ("UPDATE childcare_enrolment SET status = 'accepted', draft = NULL, decided_at = now(), decided_by_id = by_id, submitted_at = now(), child_id = (SELECT max(id) FROM communities_resident) WHERE status = 'draft'", "CC011"),
        ("UPDATE childcare_carefile SET health = 'x' WHERE child_id IN (SELECT child_id FROM childcare_enrolment)", "CC010"),
    ],
)  # fmt: skip
def test_no_path_of_the_database_goes_round_the_verbs(
    statement: str, code: str, world: World, shao: Resident, care: Care
) -> None:
    deciding.accept(enrolment=submitted(shao, care), papers=papers(), by=world.zhang)
    words = said(care.group)
    words["child"] |= {"name": "邵大满"}
    drafted(shao, care, words)
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert getattr(refused.value.__cause__, "sqlstate", "") == code


def test_a_submitted_one_is_not_opened_as_a_draft_at_the_window(world: World, shao: Resident, care: Care) -> None:
    mine = submitted(shao, care)
    assert not Enrolment.objects.at_counter(world.zhang).filter(pk=mine.pk).exists()
    assert Enrolment.objects.for_staff(world.zhang).filter(pk=mine.pk).exists()
    assert not Enrolment.objects.for_staff(world.qian).exists()
    with pytest.raises(drafting.NotInDraft):
        drafting.save_step(enrolment=mine, step=drafting.STEPS[0], said=said(care.group)["child"], by=_account(shao))


def _account(resident: Resident) -> User:
    assert resident.account
    return resident.account
