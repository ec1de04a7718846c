"""请假: two taps on the phone, taken back until the day is over; at the counter; by a teacher who asks who calls; by the REST client; never for another's child."""

from datetime import timedelta

import pytest
from django.test import Client

from childcare.days import arriving, counter, leave
from childcare.models import LeaveNote
from communities import guardians
from communities.counter import act_of
from core import clock
from notifications.models import Message
from tests.childcare.days.conftest import DAY, Afternoon
from tests.childcare.handover.people import barred, guardian_row
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


def test_leave_is_said_once_and_taken_back_until_the_day_is_over(afternoon: Afternoon) -> None:
    care = afternoon.care
    leave.tell(place=care.place, day=DAY, reason="leave", by=care.mother.account)  # type: ignore[arg-type]
    with pytest.raises(leave.AlreadyOnLeave):
        leave.tell(place=care.place, day=DAY, reason="sick", by=care.father.account)  # type: ignore[arg-type]
    afternoon.move(17)
    leave.withdraw(place=care.place, day=DAY, by=care.mother.account)  # type: ignore[arg-type]
    leave.tell(place=care.place, day=DAY, reason="leave", by=care.mother.account)  # type: ignore[arg-type]
    with pytest.raises(leave.LeaveDayOver):
        leave.withdraw(place=care.place, day=DAY, by=care.mother.account, at=clock.now() + timedelta(days=1))  # type: ignore[arg-type]


def told(title: str) -> set[int | None]:
    return set(Message.objects.filter(title=title).values_list("resident", flat=True))


def test_every_guardian_hears_of_leave_of_today_and_of_leave_that_staff_wrote(afternoon: Afternoon) -> None:
    """Leave that nobody of the family said would let nobody look for the child."""
    world, care = afternoon.world, afternoon.care
    both = {care.mother.pk, care.father.pk}
    leave.tell(place=care.place, day=TOMORROW, reason="leave", by=care.mother.account)  # type: ignore[arg-type]
    assert told("孩子托管请假") == set()
    leave.withdraw(place=care.place, day=TOMORROW, by=world.zhang)
    assert told("托管请假已撤回") == both
    with pytest.raises(leave.WhoSays):
        leave.tell(place=care.place, day=TOMORROW, reason="leave", by=world.zhang)
    with pytest.raises(leave.WhoSays):
        leave.tell(place=care.place, day=TOMORROW, reason="leave", guardian=care.other_mother, by=world.zhang)
    made = leave.tell(place=care.place, day=TOMORROW, reason="leave", guardian=care.father, by=world.zhang)
    assert made.said_by == care.father and told("孩子托管请假") == both
    leave.tell(place=care.other_place, day=DAY, reason="sick", by=care.other_mother.account)  # type: ignore[arg-type]
    assert care.other_mother.pk in told("孩子托管请假")
    for one in Message.objects.filter(title__contains="请假"):
        assert "您的孩子" in one.body and not any(word in one.body for word in ("雨桐", "子墨", "因病", "病"))


def test_the_teacher_asks_who_calls_and_takes_it_back_after_the_start(client: Client, afternoon: Afternoon) -> None:
    care = afternoon.care
    barred(care.child, care.father.name, afternoon.world.zhang)
    client.force_login(care.teacher)
    page = f"/care/places/{care.place.pk}/leave/"
    assert care.mother.name in text(client, page) and care.father.name not in text(client, page)
    assert client.post(page, {"reason": "leave"}).status_code == 400 and not LeaveNote.objects.exists()
    asked = {"guardian": guardian_row(care.child, care.mother).pk, "reason": "leave"}
    assert client.post(page, asked).status_code == 302
    note = LeaveNote.objects.get()
    assert (note.said_by, note.by, note.day) == (care.mother, care.teacher, DAY)
    client.post(f"/care/places/{care.place.pk}/leave/back/")
    note.refresh_from_db()
    assert note.withdrawn_at == clock.now()


def test_the_counter_takes_leave_back(afternoon: Afternoon) -> None:
    care, at, by = afternoon.care, clock.now(), afternoon.world.zhang
    number = next(one for one in counter.choices(care.mother, at) if "12月3日" in one.label).number
    counter.do(resident=care.mother, number=number, by=by, at=at)
    back = next(one for one in counter.choices(care.mother, at) if one.number == number)
    assert (back.code, "撤回请假" in back.label) == (counter.BACK, True)
    assert counter.back_plan(care.mother, number, at).refused is None
    assert "已撤回" in counter.back(resident=care.mother, number=number, by=by, at=at).lines[0]
    assert LeaveNote.objects.get().withdrawn_at == at and act_of(counter.BACK) is not None
    assert isinstance(counter.back_plan(care.mother, number, at).refused, leave.NoLeave)


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
