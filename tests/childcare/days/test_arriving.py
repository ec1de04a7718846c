"""Who may mark that a child came, when, and how it is put right; the database refuses what a verb would."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from childcare.days import absence, arriving, calls, who
from childcare.models import Alarm, Attendance, Group, Place, Turn
from communities.models import Change
from communities.sealing import unseal
from core import clock
from tests.books import breaches
from tests.childcare import cast
from tests.childcare.days.conftest import DAY, Afternoon
from tests.childcare.days.going import home_with

pytestmark = pytest.mark.django_db


def test_a_teacher_on_duty_marks_that_a_child_came_and_the_morning_look_is_sealed(afternoon: Afternoon) -> None:
    care = afternoon.care
    made = arriving.arrive(place=care.place, by=care.teacher, brought_by="外婆", state="37.8，有点咳")
    assert (made.day, made.arrived_at, made.brought_by) == (DAY, afternoon.at(15, 35), "外婆")
    assert made.state_sealed is not None and "咳".encode() not in bytes(made.state_sealed)
    assert unseal(bytes(made.state_sealed)) == "37.8，有点咳"
    with pytest.raises(arriving.AlreadyArrived):
        arriving.arrive(place=care.place, by=care.second)


def test_who_is_not_on_duty_marks_nothing_but_the_lead_may(afternoon: Afternoon) -> None:
    care = afternoon.care
    Turn.objects.filter(day=DAY).delete()
    for by in (care.teacher, afternoon.world.zhang, afternoon.world.qian, care.mother.account):
        with pytest.raises(who.NotOnDuty):
            arriving.arrive(place=care.place, by=by)  # type: ignore[arg-type]
    assert arriving.arrive(place=care.place, by=care.lead).by == care.lead


def test_a_teacher_of_another_centre_marks_nothing(afternoon: Afternoon) -> None:
    world, care = afternoon.world, afternoon.care
    elsewhere = cast.centre(world.yongan, world.chen, "永安托管中心")
    theirs, _ = cast.caregiver(elsewhere, "caregiver_far", "别的老师", by=world.chen)
    with pytest.raises(who.NotOnDuty):
        arriving.arrive(place=care.place, by=theirs)


@pytest.mark.parametrize("change", [{"starts_on": DAY + timedelta(days=1)}, {"ends_on": DAY - timedelta(days=1)}])
def test_without_a_place_on_that_day_nobody_arrives(afternoon: Afternoon, change: dict[str, object]) -> None:
    care = afternoon.care
    Place.objects.filter(pk=care.place.pk).update(**change)
    with pytest.raises(arriving.NoPlaceThatDay):
        arriving.arrive(place=care.place, by=care.teacher)
    assert refused_by_database("CC030", place_id=care.place.pk, day=DAY, arrived_at=clock.now())


def test_on_a_day_when_the_group_does_not_meet_nobody_arrives(afternoon: Afternoon) -> None:
    care = afternoon.care
    Group.objects.filter(pk=care.group.pk).update(weekdays=[(DAY.weekday() + 1) % 7])
    with pytest.raises(arriving.NoPlaceThatDay):
        arriving.arrive(place=care.place, by=care.teacher)


def test_nobody_arrives_tomorrow_nor_on_another_day(afternoon: Afternoon) -> None:
    care = afternoon.care
    for at in (afternoon.at(16), afternoon.at(15) - timedelta(days=1)):
        with pytest.raises(arriving.WrongDay):
            arriving.arrive(place=care.place, by=care.teacher, at=at, day=DAY)
    assert refused_by_database("CC032", place_id=care.place.pk, day=DAY, arrived_at=clock.now() - timedelta(days=1))


def test_a_wrong_tap_is_taken_back_within_ten_minutes_and_the_log_keeps_it(afternoon: Afternoon) -> None:
    care = afternoon.care
    made = arriving.arrive(place=care.place, by=care.teacher)
    arriving.undo(place=care.place, day=DAY, by=care.teacher)
    assert not Attendance.objects.filter(pk=made.pk).exists()
    log = Change.objects.get(what__endswith="attendance", row=made.pk, action="D")
    assert log.by == care.teacher
    arriving.arrive(place=care.place, by=care.teacher)
    afternoon.move(15, 46)
    with pytest.raises(arriving.TooLate):
        arriving.undo(place=care.place, day=DAY, by=care.teacher)


def test_later_the_lead_puts_it_right_and_the_log_keeps_the_arrival(afternoon: Afternoon) -> None:
    care = afternoon.care
    made = arriving.arrive(place=care.place, by=care.teacher)
    afternoon.move(16)
    with pytest.raises(absence.LeadPutsRight):
        absence.mark(place=care.place, day=DAY, absence="sick", by=care.teacher)
    absence.mark(place=care.place, day=DAY, absence="sick", by=care.lead)
    log = Change.objects.get(what__endswith="attendance", row=made.pk, action="U")
    assert log.fields["arrived_at"][0].startswith("2026-12-02T") and log.fields["absence"] == ["", "***"]


def test_an_arrival_that_was_none_lets_the_alarm_go_on(afternoon: Afternoon) -> None:
    care = afternoon.care
    afternoon.move(15, 45)
    calls.sweep(clock.now())
    alarm = Alarm.objects.get(place=care.place)
    arriving.arrive(place=care.place, by=care.teacher)
    alarm.refresh_from_db()
    assert (alarm.outcome, alarm.closed_by) == ("已到班", care.teacher)
    arriving.undo(place=care.place, day=DAY, by=care.teacher)
    alarm.refresh_from_db()
    assert (alarm.closed_at, alarm.outcome) == (None, "")


def test_who_was_handed_over_stays_as_it_is_written(afternoon: Afternoon) -> None:
    care = afternoon.care
    arriving.arrive(place=care.place, by=care.teacher)
    home_with(care.place, care.mother, care.teacher)
    assert Attendance.objects.get(place=care.place).left_at == clock.now()
    with pytest.raises(arriving.AlreadyLeft):
        arriving.undo(place=care.place, day=DAY, by=care.teacher)
    with pytest.raises(arriving.AlreadyLeft):
        absence.mark(place=care.place, day=DAY, absence="leave", by=care.lead)
    mine = Attendance.objects.filter(place=care.place)
    for change in (
        {"left_at": None},
        {"arrived_at": clock.now() - timedelta(minutes=5)},
        {"day": DAY - timedelta(days=1)},
    ):
        assert refuses("CC031", lambda change=change: mine.update(**change)), change  # type: ignore[misc]
    assert refuses("CC031", mine.delete)
    assert breaches() == []


def test_nobody_leaves_without_a_hand_over(afternoon: Afternoon) -> None:
    care = afternoon.care
    arriving.arrive(place=care.place, by=care.teacher)
    mine = Attendance.objects.filter(place=care.place)
    assert refuses("CC031", lambda: mine.update(left_at=clock.now()))
    assert refused_by_database(
        "CC031", place_id=care.other_place.pk, day=DAY, arrived_at=clock.now(), left_at=clock.now()
    )


def refused_by_database(code: str, **row: object) -> bool:
    """Whether a row written past the verbs is refused with `code`."""
    by = Place.objects.get(pk=row["place_id"]).by
    return refuses(code, lambda: Attendance.objects.create(**{"by": by, **row}))


def refuses(code: str, act: object) -> bool:
    try:
        with transaction.atomic():
            act()  # type: ignore[operator]
    except DatabaseError as error:
        return getattr(error.__cause__, "sqlstate", "") == code
    return False
