"""请假: two taps on the phone, taken back until the hours begin; at the counter; by the REST client; never for another's child."""

from datetime import timedelta

import pytest
from django.test import Client

from childcare.days import arriving, counter, leave
from childcare.models import LeaveNote
from communities import guardians
from core import clock
from tests.childcare.days.conftest import DAY, Afternoon
from tests.childcare.handover.people import barred
from tests.pages import enter, queries, text

pytestmark = pytest.mark.django_db
TOMORROW = DAY + timedelta(days=1)


def test_a_guardian_says_leave_on_the_phone_and_takes_it_back(client: Client, afternoon: Afternoon) -> None:
    care = afternoon.care
    enter(client, care.mother)
    page = f"/childcare/children/{care.child.pk}/days/"
    assert "12月3日（周四）" in text(client, page)
    sent = client.post(f"/childcare/places/{care.place.pk}/leave/", {"day": TOMORROW.isoformat()})
    assert sent.status_code == 302 and "已请假（家长请假）" in text(client, page)
    client.post(f"/childcare/places/{care.place.pk}/leave/back/", {"day": TOMORROW.isoformat()})
    assert LeaveNote.objects.get().withdrawn_at == clock.now()


def test_another_family_finds_nothing(client: Client, afternoon: Afternoon) -> None:
    care = afternoon.care
    enter(client, care.other_mother)
    assert client.get(f"/childcare/children/{care.child.pk}/days/").status_code == 404
    assert client.post(f"/childcare/places/{care.place.pk}/leave/", {"day": TOMORROW.isoformat()}).status_code == 404
    with pytest.raises(guardians.NotYourChild):
        leave.tell(place=care.place, day=TOMORROW, reason="leave", by=care.other_mother.account)  # type: ignore[arg-type]
    assert not LeaveNote.objects.exists()


@pytest.mark.parametrize(
    ("day", "refusal"),
    [
        (DAY - timedelta(days=1), leave.LeaveOver),
        (DAY + timedelta(days=61), leave.TooFarAhead),
        (DAY, arriving.AlreadyArrived),
    ],
)
def test_leave_is_for_days_to_come(afternoon: Afternoon, day: object, refusal: type[Exception]) -> None:
    care = afternoon.care
    arriving.arrive(place=care.place, by=care.teacher)
    with pytest.raises(refusal):
        leave.tell(place=care.place, day=day, reason="leave", by=care.mother.account)  # type: ignore[arg-type]


def test_once_the_hours_have_begun_leave_stays(afternoon: Afternoon) -> None:
    care = afternoon.care
    leave.tell(place=care.place, day=DAY, reason="leave", by=care.mother.account)  # type: ignore[arg-type]
    with pytest.raises(leave.AlreadyOnLeave):
        leave.tell(place=care.place, day=DAY, reason="sick", by=care.father.account)  # type: ignore[arg-type]
    with pytest.raises(leave.LeaveBegun):
        leave.withdraw(place=care.place, day=DAY, by=care.mother.account)  # type: ignore[arg-type]


def test_a_colleague_says_it_at_the_counter_for_a_guardian(afternoon: Afternoon) -> None:
    care, at = afternoon.care, clock.now()
    mine = counter.choices(care.mother, at)
    tomorrow = next(one for one in mine if "12月3日" in one.label)
    assert counter.plan(care.mother, tomorrow.number, at).refused is None
    done = counter.do(resident=care.mother, number=tomorrow.number, by=afternoon.world.zhang, at=at)
    assert done.about == f"careleave:{LeaveNote.objects.get(day=TOMORROW).pk}" and "高雨桐" not in "".join(done.lines)
    assert counter.choices(afternoon.world.wang, at) == []


def test_the_family_sees_when_the_child_came_and_with_whom_it_left(client: Client, afternoon: Afternoon) -> None:
    care = afternoon.care
    arriving.arrive(place=care.place, by=care.teacher)
    enter(client, care.mother)
    said = text(client, f"/childcare/children/{care.child.pk}/days/")
    assert "到班15:35" in said and "在班" in said
    assert queries(client, f"/childcare/children/{care.child.pk}/days/") < 40


def test_a_guardian_whom_a_bar_names_says_no_leave(afternoon: Afternoon) -> None:
    """Nobody would look for a child that is said to stay away."""
    care = afternoon.care
    barred(care.child, care.father.name, afternoon.world.zhang)
    with pytest.raises(guardians.NotYourChild):
        leave.tell(place=care.place, day=TOMORROW, reason="leave", by=care.father.account)  # type: ignore[arg-type]
    leave.tell(place=care.place, day=TOMORROW, reason="leave", by=care.mother.account)  # type: ignore[arg-type]
