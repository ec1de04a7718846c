"""A wrong tap silences no alarm: what was taken back lets it go on, who is on the way holds it for a while alone."""

from collections.abc import Callable

import pytest
from django.test import Client

from childcare.days import absence, arriving, calls, holding, leave
from childcare.models import Alarm, Attendance
from communities.models import Change, Guardian, Setting
from core import clock
from notifications.models import Message
from tests.books import breaches
from tests.childcare.days.conftest import DAY, Afternoon
from tests.childcare.days.test_arriving import refuses
from tests.childcare.days.test_calls import missed, mother_of, opened

pytestmark = pytest.mark.django_db
Kind = Alarm.Kind
SAFE = calls.SAFE[Kind.NOT_ARRIVED]
Act = Callable[[Afternoon], object]


def away(it: Afternoon) -> object:
    return absence.mark(place=it.care.place, day=DAY, absence="leave", by=it.care.teacher)


def not_away(it: Afternoon) -> object:
    return absence.withdraw(place=it.care.place, day=DAY, by=it.care.teacher)  # type: ignore[func-returns-value]


def on_leave(it: Afternoon) -> object:
    return leave.tell(place=it.care.place, day=DAY, reason="leave", guardian=it.care.mother, by=it.care.teacher)


def not_on_leave(it: Afternoon) -> object:
    return leave.withdraw(place=it.care.place, day=DAY, by=it.care.teacher)


def unexcused(it: Afternoon) -> object:
    return absence.mark(place=it.care.place, day=DAY, absence="unexcused", by=it.care.teacher)


@pytest.mark.parametrize("early", [True, False], ids=["before the alarm", "during the alarm"])
@pytest.mark.parametrize(
    ("tapped", "taken_back", "outcome"),
    [(away, not_away, "已登记缺勤"), (away, unexcused, "已登记缺勤"), (on_leave, not_on_leave, "家长已请假")],
)
def test_what_was_a_wrong_tap_lets_the_alarm_go_on(
    afternoon: Afternoon, tapped: Act, taken_back: Act, outcome: str, *, early: bool
) -> None:
    if early:
        tapped(afternoon)
    afternoon.move(15, 50)
    calls.sweep(clock.now())
    assert (("高雨桐", Kind.NOT_ARRIVED) in opened()) is not early
    if not early:
        tapped(afternoon)
        assert Alarm.objects.get(place=afternoon.care.place).outcome == outcome
    taken_back(afternoon)
    calls.sweep(clock.now())
    mine = Alarm.objects.get(place=afternoon.care.place)
    assert (mine.closed_at, mine.outcome) == (None, "") and breaches() == []


def test_what_still_says_that_the_child_is_away_keeps_the_alarm_ended(afternoon: Afternoon) -> None:
    """The family told leave as well: a teacher's line that goes opens nothing."""
    missed(afternoon)
    on_leave(afternoon)
    away(afternoon)
    not_away(afternoon)
    assert Alarm.objects.get(place=afternoon.care.place).closed_at is not None
    with pytest.raises(absence.NotAbsent):
        not_away(afternoon)


def test_who_is_on_the_way_holds_the_alarm_for_a_while_and_then_the_calls_go_on(afternoon: Afternoon) -> None:
    care, alarm = afternoon.care, missed(afternoon)
    for result in ("", "no_answer"):
        if result:
            calls.write(alarm=alarm, whom=mother_of(afternoon), result=result, by=care.teacher)
        with pytest.raises(holding.ReachFirst):
            holding.hold(alarm=alarm, by=care.teacher)
    calls.write(alarm=alarm, whom=mother_of(afternoon), result="reached", by=care.teacher)
    holding.hold(alarm=alarm, by=care.teacher)
    alarm.refresh_from_db()
    assert (alarm.held_until, alarm.closed_at) == (afternoon.at(16, 10), None)
    afternoon.move(16, 9)
    assert holding.sweep(clock.now()) == 0 and not holding.go_on(alarm=alarm.pk, by=care.lead, at=clock.now())
    afternoon.move(16, 10)
    assert [holding.sweep(clock.now()) for _ in range(2)] == [1, 0]
    told = Message.objects.filter(title="孩子还是未到班")
    assert {one.staff_id for one in told} == {care.lead.pk, care.teacher.pk, care.second.pk}
    whom = calls.next_whom(alarm)
    assert whom is not None and whom.name == care.father.name
    afternoon.move(16, 11)
    with pytest.raises(holding.ReachFirst):  # each time somebody has to answer
        holding.hold(alarm=alarm, by=care.teacher)


def test_the_street_says_how_long_one_waits(afternoon: Afternoon) -> None:
    care, alarm = afternoon.care, missed(afternoon)
    Setting.objects.create(
        sub_district=afternoon.world.street, key="care.hold_min", value=5, starts_on=DAY, by=afternoon.world.chen
    )  # fmt: skip
    calls.write(alarm=alarm, whom=mother_of(afternoon), result="reached", by=care.teacher)
    assert holding.hold(alarm=alarm, by=care.teacher).held_until == afternoon.at(15, 55)


def test_an_alarm_that_was_ended_by_mistake_is_open_again(afternoon: Afternoon) -> None:
    care, alarm = afternoon.care, missed(afternoon)
    with pytest.raises(holding.NotClosed):
        holding.reopen(alarm=alarm, by=care.teacher)
    calls.write(alarm=alarm, whom=mother_of(afternoon), result="reached", by=care.teacher)
    calls.close(alarm=alarm, outcome=SAFE[1], by=care.teacher)
    holding.reopen(alarm=alarm, by=care.second)
    alarm.refresh_from_db()
    assert (alarm.closed_at, alarm.outcome) == (None, "")
    log = Change.objects.filter(what__endswith="alarm", row=alarm.pk).latest("pk")
    assert (log.by, log.fields["outcome"][0] in (SAFE[1], "***")) == (care.second, True)
    arriving.arrive(place=care.place, by=care.teacher)
    with pytest.raises(holding.IsSafe):
        holding.reopen(alarm=alarm, by=care.teacher)
    held = {"held_until": clock.now()}
    assert refuses("CC034", lambda: Alarm.objects.filter(pk=alarm.pk).update(**held))


def test_the_teacher_does_it_all_on_the_phone_and_the_desk_too(client: Client, afternoon: Afternoon) -> None:
    world, care, alarm = afternoon.world, afternoon.care, missed(afternoon)
    mother = Guardian.objects.get(child=care.child, guardian=care.mother)
    client.force_login(care.teacher)
    sheet = f"/care/places/{care.place.pk}/"
    client.post(f"{sheet}away/", {"absence": "sick"})
    assert "撤回缺勤登记" in client.get(sheet).content.decode()
    client.post(f"{sheet}away/back/")
    assert not Attendance.objects.exists()
    for who, base in ((care.teacher, "/care/alarms/"), (world.zhang, "/desk/care/alarms/")):
        client.force_login(who)
        page = f"{base}{alarm.pk}/"
        client.post(f"{page}call/", {"whom": f"guardian-{mother.pk}", "result": "reached"})
        assert "在路上" in client.get(page).content.decode()
        client.post(f"{page}hold/")
        assert "等到16:10" in client.get(page).content.decode()
        client.post(f"{page}close/", {"outcome": SAFE[0]})
        assert "恢复呼叫" in client.get(page).content.decode()
        client.post(f"{page}reopen/")
        alarm.refresh_from_db()
        assert (alarm.closed_at, alarm.held_until) == (None, None)
