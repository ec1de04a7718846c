"""到期清除: what may not be kept for longer goes, what may stay stays, and a second run does nothing."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction

from childcare.models import (
    Attendance,
    Barred,
    Bill,
    CareFile,
    Carer,
    Cleared,
    Contact,
    Enrolment,
    Pickup,
    PickupCode,
    Place,
)
from childcare.places import closing, ending, offering
from childcare.watching import forgetting
from communities import sealing, settings, todo
from communities.models import Consent, Resident
from communities.settings import CARE_DECIDE_DAYS
from core import clock
from notifications.models import Message
from tests import world as world_cast
from tests.childcare import cast
from tests.childcare.cast import Care
from tests.childcare.enrolment.families import healthy, said, submitted
from tests.childcare.handover.people import barred
from tests.childcare.places.lined import asked, family, small
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


def test_whoever_waited_and_gave_up_has_left(care: Care, world: World) -> None:
    """Turned down, taken out of the line, passed over, lapsed, the group ended: each is the beginning of the ninety days."""
    long_ago = clock.now() - timedelta(days=91)
    acts: list[Callable[[Place], object]] = [
        lambda one: offering.decline(place=one, by=world.zhang, at=long_ago),
        lambda one: ending.end(place=one, last_day=clock.today(), reason="guardian", by=world.zhang, at=long_ago),
        lambda one: closing.close(group=one.group, last_day=one.group.last_on, by=world.chen, at=long_ago),
        _unfit(long_ago, world),
    ]
    for number, act in enumerate(acts, 1):
        mother, child = family(world, number)
        health = sealing.seal_facts({"allergies": "花生"})
        CareFile.objects.filter(child=child).update(health=health, left_on=clock.today() - timedelta(days=200))
        here = small(care, 1, name=f"班{number}")
        asked(here, *family(world, 100 + number))
        waits = asked(here, mother, child)
        assert CareFile.objects.get(child=child).left_on is None and forgetting.forget()["health"] == 0
        act(waits)
        assert CareFile.objects.get(child=child).left_on == clock.local(long_ago).date()
        assert forgetting.forget()["health"] == 1 and CareFile.objects.get(child=child).health is None


def _unfit(at: datetime, world: World) -> Callable[[Place], object]:
    def act(one: Place) -> object:
        Consent.objects.filter(resident=one.child).update(withdrawn_at=clock.now(), withdrawn_by=world.zhang)
        first = Place.objects.held().get(group=one.group)
        return offering.withdraw(first, Place.EndReason.GUARDIAN, by=world.zhang, at=at)

    return act


def test_who_waits_elsewhere_has_not_left(care: Care, world: World) -> None:
    waits = [asked(small(care, 0, name=f"满{number}"), care.mother, care.child) for number in (1, 2)]
    offering.decline(place=waits[0], by=world.zhang)
    assert CareFile.objects.get(child=care.child).left_on is None
    ending.end(place=care.place, last_day=clock.today() - timedelta(days=1), reason="guardian", by=world.zhang)
    assert CareFile.objects.get(child=care.child).left_on is None
    offering.decline(place=waits[1], by=world.zhang)
    assert CareFile.objects.get(child=care.child).left_on == clock.today()


def test_one_kind_that_fails_stops_none_of_the_others_and_is_named(left: Care, world: World) -> None:
    Cleared.objects.create(
        community=world.wenxing, kind="health", on=clock.today(), count=2**31 - 1
    )  # one more is too many
    CareFile.objects.filter(child=left.child).update(left_on=clock.today() - timedelta(days=400))
    with pytest.raises(forgetting.NotCleared, match="health"):
        forgetting.forget()
    assert CareFile.objects.get(child=left.child).health and not Contact.objects.filter(child=left.child).exists()


def test_what_nobody_decides_goes_back_and_the_family_is_told(care: Care, world: World) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    settings.change(key=CARE_DECIDE_DAYS.key, value=40, starts_on=tomorrow, sub_district=world.street, by=world.he)
    fathers = [submitted(_guardian(world, number), care, healthy(said(care.group))) for number in (1, 2, 3)]
    for mine, days in zip(fathers, (13, 29, 31), strict=True):
        Enrolment.objects.filter(pk=mine.pk).update(submitted_at=clock.now() - timedelta(days=days))
    rows = {one.label[:8]: one for one in todo.rows_for(world.zhang) if one.section == "care_enrolment"}
    assert rows["托管报名待核对"].count == 1 and rows["托管报名快到期限"].count == 2
    assert forgetting.forget()["submitted"] == 1 and forgetting.forget()["submitted"] == 0
    gone = Enrolment.objects.get(pk=fathers[2].pk)
    assert (gone.status, gone.draft) == ("lapsed", None)
    assert Message.objects.get(resident=gone.guardian, title="托管报名已退回").body.startswith("您孩子的托管报名")
    assert Enrolment.objects.to_decide().count() == 2
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):  # forty days are set from tomorrow on
        assert forgetting.forget()["submitted"] == 0


def _guardian(world: World, number: int) -> Resident:
    return world_cast.resident(world.wenxing, f"邵父{number}", f"1370000309{number}", date(1987, 6, 1))


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


def test_a_bar_that_nobody_lifted_goes_with_the_file_of_a_child_that_left(left: Care, world: World) -> None:
    barred(left.child, "不许接", world.zhang)
    with pytest.raises(DatabaseError, match="lifted"), transaction.atomic():
        Barred.objects.filter(child=left.child).delete()
    Place.objects.filter(child=left.child).update(
        status="ended", ends_on=clock.today(), ended_at=clock.now(), ended_by=world.chen, end_reason="guardian"
    )
    gone(367, left)
    assert not Barred.objects.filter(child=left.child).exists()
