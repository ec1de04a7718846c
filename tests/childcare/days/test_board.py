"""The board says of each child where it is; allergies only to who is on duty; a fixed number of queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from childcare.days import absence, arriving, board, calls, glance, leave
from childcare.days.board import State
from childcare.models import Attendance, CareFile, Handover, Place, Turn
from communities.models import Look
from communities.sealing import seal_facts
from core import clock
from tests.childcare import cast
from tests.childcare.days.conftest import DAY, Afternoon
from tests.childcare.days.going import home_with

pytestmark = pytest.mark.django_db
ALLERGY = "花生金丝雀"


def states(it: Afternoon) -> dict[str, State]:
    return {row.place.child.name: row.state for row in board.of(it.care.group, DAY)}


def test_a_child_goes_from_expected_to_gone(afternoon: Afternoon) -> None:
    care = afternoon.care
    assert states(afternoon) == {"高雨桐": State.EXPECTED, "陆子墨": State.EXPECTED}
    arriving.arrive(place=care.place, by=care.teacher)
    leave.tell(place=care.other_place, day=DAY, reason="sick", by=care.other_mother.account)  # type: ignore[arg-type]
    assert states(afternoon) == {"高雨桐": State.ARRIVED, "陆子墨": State.LEAVE}
    afternoon.move(17, 20)
    home_with(care.place, care.mother, care.teacher)
    assert states(afternoon)["高雨桐"] == State.GONE
    row = next(one for one in board.of(care.group, DAY) if one.place == care.place)
    assert (row.way, row.left_at) == ("母亲", afternoon.at(17, 20))


def test_who_is_missed_and_who_is_left_behind_stand_on_top(afternoon: Afternoon) -> None:
    care = afternoon.care
    arriving.arrive(place=care.place, by=care.teacher)
    afternoon.move(15, 45)
    calls.sweep(clock.now())
    assert [(row.place.child.name, row.state) for row in board.of(care.group, DAY)] == [
        ("陆子墨", State.ALARM), ("高雨桐", State.ARRIVED)
    ]  # fmt: skip
    afternoon.move(17, 45)
    calls.sweep(clock.now())
    assert states(afternoon) == {"高雨桐": State.LEFT_BEHIND, "陆子墨": State.ALARM}
    assert board.counts(board.of(care.group, DAY)) == {
        "due": 2, "here": 1, "gone": 0, "leave": 0, "missing": 1, "waiting": 1, "late": 1
    }  # fmt: skip


def test_whose_plan_leaves_the_day_out_is_not_expected_and_may_come_nevertheless(afternoon: Afternoon) -> None:
    care = afternoon.care
    Place.objects.filter(pk=care.place.pk).update(plan=[(DAY.weekday() + 1) % 7])
    assert list(states(afternoon)) == ["陆子墨"]
    arriving.arrive(place=care.place, by=care.teacher)
    row = next(one for one in board.of(care.group, DAY) if one.place == care.place)
    assert (row.state, row.extra) == (State.ARRIVED, True)


def test_absence_is_excused_or_not(afternoon: Afternoon) -> None:
    care = afternoon.care
    absence.mark(place=care.place, day=DAY, absence="school", by=care.teacher)
    absence.mark(place=care.other_place, day=DAY, absence="unexcused", by=care.teacher)
    assert states(afternoon) == {"高雨桐": State.LEAVE, "陆子墨": State.ABSENT}


def test_allergies_are_in_sight_of_who_is_on_duty_and_the_sight_is_written_once(afternoon: Afternoon) -> None:
    care = afternoon.care
    CareFile.objects.filter(child=care.child).update(health=seal_facts({"allergies": ALLERGY, "chronic": "哮喘"}))
    for _ in range(3):
        rows = board.of(care.group, DAY, watching=care.teacher_post)
        assert [row.allergies for row in rows if row.place == care.place] == [ALLERGY]
        assert [row.allergies for row in rows if row.place == care.other_place] == [""]
    looks = Look.objects.filter(by=care.teacher).order_by("pk")
    assert [(one.resident_id, one.purpose) for one in looks] == [(None, "点名"), (care.child.pk, "点名")]


def test_who_is_not_on_duty_sees_no_allergy(afternoon: Afternoon) -> None:
    care = afternoon.care
    CareFile.objects.filter(child=care.child).update(health=seal_facts({"allergies": ALLERGY}))
    Turn.objects.filter(staffer=care.teacher_post).delete()
    rows = board.of(care.group, DAY, watching=care.teacher_post)
    assert {row.allergies for row in rows} == {""}
    assert not Look.objects.filter(by=care.teacher).exists()


def test_the_board_of_thirty_asks_as_often_as_that_of_two(afternoon: Afternoon) -> None:
    few, few_seen = asked(afternoon), seen(afternoon)
    more(afternoon, 30)
    assert (asked(afternoon), seen(afternoon)) == (few, few_seen)


def asked(it: Afternoon) -> int:
    with CaptureQueriesContext(connection) as caught:
        board.of(it.care.group, DAY)
    return len(caught)


def seen(it: Afternoon) -> int:
    board.of(it.care.group, DAY, watching=it.care.teacher_post)
    with CaptureQueriesContext(connection) as caught:
        board.of(it.care.group, DAY, watching=it.care.teacher_post)
        glance.of(it.care.centre, DAY)
    return len(caught)


def more(it: Afternoon, many: int) -> list[Place]:
    """`many` more children of other families, half of them there and one home."""
    care, made = it.care, []
    for number in range(many):
        mother = cast.cast.resident(it.world.wenxing, f"家长{number}", f"1370000{5000 + number}")
        child = cast.child(it.world.wenxing, f"孩子{number:02d}", 8, household=mother)
        cast.guard(child, mother, "母亲", it.world.zhang)
        CareFile.objects.filter(child=child).update(health=seal_facts({"allergies": f"花粉{number}"}))
        made.append(cast.place(care.group, child, mother, by=it.world.zhang, plan=list(range(7))))
    Attendance.objects.bulk_create(
        Attendance(place=one, day=DAY, arrived_at=clock.now() - timedelta(minutes=1), by=care.teacher)
        for one in made[::2]
    )
    if made:
        home_with(made[0], made[0].payer, care.teacher)
        assert Handover.objects.filter(place=made[0]).exists()
    return made


def test_that_a_child_is_ill_is_read_by_who_is_on_duty_alone(afternoon: Afternoon) -> None:
    care = afternoon.care
    leave.tell(place=care.place, day=DAY, reason="sick", by=care.mother.account)  # type: ignore[arg-type]

    def notes() -> list[str]:
        return [row.note for row in board.of(care.group, DAY, watching=care.teacher_post) if row.place == care.place]

    assert notes() == ["因病"]
    Turn.objects.filter(staffer=care.teacher_post).delete()
    assert notes() == [""]
