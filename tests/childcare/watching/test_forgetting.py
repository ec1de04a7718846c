"""到期清除: what may not be kept for longer goes, what may stay stays, and a second run does nothing."""

from datetime import timedelta

import pytest

from childcare.models import Attendance, Bill, CareFile, Carer, Cleared, Contact, Enrolment, Pickup, PickupCode, Place
from childcare.watching import forgetting
from communities import sealing
from core import clock
from tests.childcare import cast
from tests.childcare.cast import Care
from tests.world import World

pytestmark = pytest.mark.django_db
KEY = "b" * 64


@pytest.fixture
def left(world: World, care: Care) -> Care:
    """Everything on file, and both children have left: the one long ago, the other today."""
    for child in (care.child, care.other_child):
        health = sealing.seal_facts({"allergies": "花生"})
        CareFile.objects.filter(child=child).update(health=health, left_on=clock.today())
        Pickup.objects.create(
            child=child, slot=0, name="孟桂芝", relation="邻居", phone="13700009999", id_tail="123X", name_key=KEY,
            valid_until=clock.today(), authorised_by=care.mother, by=world.zhang,
        )  # fmt: skip
        PickupCode.objects.create(
            child=child, name="孟桂芝", relation="邻居", name_key=KEY, day=clock.today(), code_hash=KEY,
            authorised_by=care.mother, by=world.zhang,
        )  # fmt: skip
        Carer.objects.create(
            child=child,
            name="孟桂芝",
            relation="姑姑",
            phone="13700009999",
            name_key=KEY,
            entrusted_on=clock.today(),
            seen_by=world.zhang,
        )
    return care


def gone(days: int, care: Care) -> dict[str, int]:
    CareFile.objects.filter(child=care.child).update(left_on=clock.today() - timedelta(days=days))
    return forgetting.forget()


@pytest.mark.parametrize(("days", "health", "people"), [(89, 2, 2), (90, 2, 2), (91, 1, 2), (366, 1, 2), (367, 1, 1)])
def test_health_goes_after_ninety_days_and_who_collects_after_a_year(
    left: Care, days: int, health: int, people: int
) -> None:
    gone(days, left)
    assert CareFile.objects.exclude(health=None).count() == health
    assert {model.objects.values("child").distinct().count() for model in (Pickup, PickupCode, Carer, Contact)} == {
        people
    }


def test_what_the_morning_look_said_is_health(left: Care) -> None:
    Attendance.objects.create(
        place=left.place, day=clock.today(), arrived_at=clock.now(), state_sealed=sealing.seal("咳嗽"), by=left.teacher
    )
    gone(91, left)
    assert Attendance.objects.get().state_sealed is None


def test_a_second_run_finds_nothing_and_the_first_is_written_down(left: Care, world: World) -> None:
    first = gone(400, left)
    assert first["health"] == 1 and first["pickups"] == 5  # a pick-up person, a code, a carer, two contacts
    assert set(forgetting.forget().values()) == {0}
    rows = {one.kind: (one.community, one.count) for one in Cleared.objects.all()}
    assert rows == {"health": (world.wenxing, 1), "pickups": (world.wenxing, 5)}


def test_days_are_kept_for_three_years(care: Care) -> None:
    Place.objects.filter(pk=care.place.pk).update(starts_on=clock.today() - timedelta(days=2000))
    care.group.first_on = clock.today() - timedelta(days=2000)
    care.group.save(update_fields=["first_on"])
    for days in (1, 1000, 1099):
        day = clock.today() - timedelta(days=days)
        Attendance.objects.create(place=care.place, day=day, arrived_at=cast.on(day, 8), by=care.teacher)
    forgetting.forget()
    assert Attendance.objects.count() == 2


def test_a_draft_that_nobody_saved_for_thirty_days_goes(care: Care, world: World) -> None:
    for days in (29, 30, 31):
        Enrolment.objects.create(
            centre=care.centre, guardian=care.mother, draft=sealing.seal_facts({"name": "某"}), by=world.zhang,
            saved_at=clock.now() - timedelta(days=days),
        )  # fmt: skip
    assert forgetting.forget()["drafts"] == 1
    assert Enrolment.objects.count() == 2


def test_what_was_declined_goes_after_half_a_year(care: Care, world: World) -> None:
    for days in (182, 185):
        at = clock.now() - timedelta(days=days)
        Enrolment.objects.create(
            centre=care.centre, guardian=care.mother, status="declined", decline="papers", submitted_at=at, saved_at=at,
            decided_at=at, decided_by=world.zhang, by=world.zhang,
        )  # fmt: skip
    assert forgetting.forget()["enrolments"] == 1


def test_bills_stay(care: Care, world: World) -> None:
    Bill.objects.create(
        centre=care.centre,
        child=care.child,
        payer=care.mother,
        month=clock.today().replace(year=2018, day=1),
        drawn_by=world.zhang,
    )
    gone(3000, care)
    assert Bill.objects.count() == 1
