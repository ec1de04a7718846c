"""A child that did not come or was not collected is looked for: once, at any hour, in the right order, and until it is safe."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta

import pytest
from django.db import connections
from django.test import Client

from childcare.days import absence, arriving, calling, calls, chain, leave, who
from childcare.handover import barring
from childcare.models import Alarm, Contact, Group, Turn
from communities.models import Duty, Guardian, Look
from core import clock
from notifications.models import Message
from tests import world as world_cast
from tests.books import breaches
from tests.childcare.days.conftest import DAY, Afternoon, laid
from tests.childcare.days.going import home_with
from tests.childcare.days.test_arriving import refuses

pytestmark = pytest.mark.django_db
Kind = Alarm.Kind


def opened() -> list[tuple[str, str]]:
    rows = Alarm.objects.order_by("place_id", "kind").values_list("place__child__name", "kind")
    return list(rows)


def test_who_has_not_come_a_quarter_of_an_hour_after_the_start_is_missed(afternoon: Afternoon) -> None:
    care = afternoon.care
    arriving.arrive(place=care.place, by=care.teacher)
    afternoon.move(15, 44)
    assert calls.sweep(clock.now()) == 0
    afternoon.move(15, 45)
    assert calls.sweep(clock.now()) == 1
    assert opened() == [("陆子墨", Kind.NOT_ARRIVED)]
    assert calls.sweep(clock.now()) == 0


def test_who_was_not_collected_a_quarter_of_an_hour_after_the_end_is_left_behind(afternoon: Afternoon) -> None:
    care = afternoon.care
    for one in (care.place, care.other_place):
        arriving.arrive(place=one, by=care.teacher)
    home_with(care.other_place, care.other_mother, care.teacher)
    afternoon.move(17, 44)
    assert calls.sweep(clock.now()) == 0
    afternoon.move(17, 45)
    assert calls.sweep(clock.now()) == 1
    assert opened() == [("高雨桐", Kind.NOT_COLLECTED)]
    home_with(care.place, care.mother, care.teacher)
    alarm = Alarm.objects.get()
    assert (alarm.outcome, alarm.closed_by, alarm.closed_at) == ("已接走", care.teacher, clock.now())
    assert breaches() == []


def test_an_evening_that_ends_before_midnight_is_missed_the_next_day(afternoon: Afternoon) -> None:
    care = afternoon.care
    arriving.arrive(place=care.place, by=care.teacher)
    Group.objects.filter(pk=care.group.pk).update(ends="23:50")
    assert calls.sweep(afternoon.at(23, 59)) == 1  # the other one did not come
    assert calls.sweep(afternoon.at(23, 59) + timedelta(minutes=6)) == 1
    assert Alarm.objects.get(kind=Kind.NOT_COLLECTED).day == DAY


def test_leave_is_never_an_alarm_whoever_told_it(afternoon: Afternoon) -> None:
    care = afternoon.care
    assert care.mother.account
    leave.tell(place=care.place, day=DAY, reason="sick", by=care.mother.account)
    absence.mark(place=care.other_place, day=DAY, absence="school", by=care.teacher)
    afternoon.move(17, 59)
    assert calls.sweep(clock.now()) == 0


def test_absence_without_a_word_is_missed_all_the_same(afternoon: Afternoon) -> None:
    care = afternoon.care
    absence.mark(place=care.place, day=DAY, absence="unexcused", by=care.teacher)
    afternoon.move(15, 50)
    calls.sweep(clock.now())
    assert ("高雨桐", Kind.NOT_ARRIVED) in opened()


def test_leave_that_comes_late_ends_the_alarm(afternoon: Afternoon) -> None:
    care = afternoon.care
    afternoon.move(15, 50)
    calls.sweep(clock.now())
    leave.tell(place=care.place, day=DAY, reason="leave", by=care.mother.account)  # type: ignore[arg-type]
    assert Alarm.objects.get(place=care.place).outcome == "家长已请假"


@pytest.mark.parametrize("change", [{"weekdays": [6]}, {"status": "closed", "closed_at": clock.now()}])
def test_on_a_day_without_the_group_nobody_is_missed(afternoon: Afternoon, change: dict[str, object]) -> None:
    Group.objects.filter(pk=afternoon.care.group.pk).update(**change)
    assert calls.sweep(afternoon.at(16)) == 0


def test_messages_go_out_at_once_and_name_no_child_and_no_health(afternoon: Afternoon) -> None:
    care = afternoon.care
    Group.objects.filter(pk=care.group.pk).update(starts="20:00", ends="21:30")
    afternoon.move(20, 50)  # short messages rest from 20:30 on; these do not
    calls.sweep(clock.now())
    told = Message.objects.filter(occasion__startswith="care-alarm:")
    family = told.filter(resident__isnull=False)
    assert set(family.filter(resident__in=[care.mother, care.father]).values_list("resident", "channel")) == {
        (one.pk, channel) for one in (care.mother, care.father) for channel in ("inbox", "sms")
    }
    assert {one.due_at for one in told} == {clock.now()}
    assert set(told.filter(staff__isnull=False).values_list("staff", flat=True)) == {
        care.lead.pk, care.teacher.pk, care.second.pk
    }  # fmt: skip
    for one in told:
        for name in ("高雨桐", "陆子墨", "雨桐", "过敏"):
            assert name not in one.title + one.body
    assert all("您的孩子" in one.body for one in family.filter(channel="inbox"))
    assert all(len(one.body) <= 70 for one in family.filter(channel="sms"))


def test_the_chain_goes_from_guardians_to_contacts_to_the_lead_and_the_head(afternoon: Afternoon) -> None:
    world, care = afternoon.world, afternoon.care
    alarm = missed(afternoon)
    heads = Duty.objects.filter(role="head", community=world.wenxing).count()
    labels = ["监护人（母亲）", "监护人（父亲）", "紧急联系人1（祖母）", "紧急联系人2（祖父）", "中心负责人"]
    labels += ["社区主任"] * heads
    for number, label in enumerate(labels):
        whom = calls.next_whom(alarm)
        assert whom is not None and whom.label == label
        calls.write(alarm=alarm, whom=whom.key, result="no_answer", by=care.teacher)
        alarm.refresh_from_db()
        assert alarm.step == (0 if number < 2 else 1 if number < 4 else 2)
    first = calls.next_whom(alarm)
    assert first is not None and first.label == labels[0]  # and again from the beginning


def test_a_guardian_whom_a_court_keeps_away_is_neither_called_nor_told(afternoon: Afternoon) -> None:
    world, care = afternoon.world, afternoon.care
    facts = barring.Facts("高志远", "1米75", barring.BASES[0], "（2026）晋0213民初12号", DAY - timedelta(days=9))
    barring.bar(child=care.child, facts=facts, by=world.chen)
    alarm = missed(afternoon)
    assert "监护人（父亲）" not in [one.label for one in chain.of(alarm)]
    assert not Message.objects.filter(resident=care.father, occasion__startswith="care-alarm").exists()


def test_two_of_the_same_label_are_two_people(afternoon: Afternoon) -> None:
    """Two grandmothers: whoever was called was called, and the other one was not."""
    care = afternoon.care
    Guardian.objects.filter(child=care.child).update(relation="母亲")
    alarm = missed(afternoon)
    first = calls.next_whom(alarm)
    assert first is not None and (first.label, first.name) == ("监护人（母亲）", care.mother.name)
    made = calls.write(alarm=alarm, whom=first.key, result="no_answer", by=care.teacher)
    second = calls.next_whom(alarm)
    assert second is not None and (second.label, second.name) == ("监护人（母亲）", care.father.name)
    assert (made.key, made.whom) == (first.key, first.label)


def test_nobody_ends_an_alarm_before_somebody_was_reached(afternoon: Afternoon) -> None:
    care, outcome = afternoon.care, calls.SAFE[Kind.NOT_ARRIVED][0]
    alarm, mother = missed(afternoon), mother_of(afternoon)
    for result in ("", "no_answer", "wrong"):
        if result:
            calls.write(alarm=alarm, whom=mother, result=result, by=care.teacher)
        for by in (care.teacher, care.lead):
            with pytest.raises(calls.CallFirst):
                calls.close(alarm=alarm, outcome=outcome, words="想必在家", by=by)
    calls.write(alarm=alarm, whom=mother, result="reached", by=care.teacher)
    with pytest.raises(calls.SayWhy):
        calls.close(alarm=alarm, outcome=calls.OTHER, by=care.teacher)
    calls.close(alarm=alarm, outcome=outcome, by=care.teacher)
    with pytest.raises(calls.AlarmClosed):
        calls.write(alarm=alarm, whom=mother, result="reached", by=care.teacher)
    mine = Alarm.objects.filter(pk=alarm.pk)
    for change in ({"outcome": "别的"}, {"day": DAY - timedelta(days=1)}):
        assert refuses("CC034", lambda change=change: mine.update(**change))  # type: ignore[misc]
    assert refuses("CC034", lambda: alarm.calls.update(result="wrong"))


def test_where_nobody_answers_the_lead_or_the_head_ends_it_in_words(afternoon: Afternoon) -> None:
    world, care = afternoon.world, afternoon.care
    alarm, outcome = missed(afternoon), calls.SAFE[Kind.NOT_ARRIVED][2]
    for one in chain.of(alarm):
        calls.write(alarm=alarm, whom=one.key, result="no_answer", by=care.teacher)
    for by in (care.teacher, world.zhang):
        with pytest.raises(calls.CallFirst):
            calls.close(alarm=alarm, outcome=outcome, words="民警已经到家", by=by)
    for by in (care.lead, world.chen):
        with pytest.raises(calls.SayWhy):
            calls.close(alarm=alarm, outcome=outcome, by=by)
    assert (
        calls.close(alarm=alarm, outcome=outcome, words="民警已经到家", by=world.chen).outcome
        == f"{outcome}：民警已经到家"
    )


def test_who_is_not_on_duty_calls_nobody_but_the_community_does(afternoon: Afternoon) -> None:
    world, care = afternoon.world, afternoon.care
    alarm, mother = missed(afternoon), mother_of(afternoon)
    Turn.objects.filter(day=DAY, staffer=care.teacher_post).delete()
    for by in (care.teacher, world.qian, care.mother.account):
        with pytest.raises(who.NotOnDuty):
            calls.write(alarm=alarm, whom=mother, result="reached", by=by)  # type: ignore[arg-type]
    assert calls.write(alarm=alarm, whom=mother, result="reached", by=world.zhang).by == world.zhang


def test_the_numbers_of_an_alarm_are_shown_after_a_look_that_is_written_once(
    client: Client, afternoon: Afternoon
) -> None:
    care = afternoon.care
    alarm = missed(afternoon)
    client.force_login(care.teacher)
    for _ in range(2):
        page = client.get(f"/care/alarms/{alarm.pk}/").content.decode()
        assert "tel:13700001001" in page
    assert Look.objects.filter(by=care.teacher, resident=care.child).count() == 1
    contact = Contact.objects.filter(child=care.child).first()
    assert contact is not None and f"tel:{contact.phone}" in page


def test_the_street_sees_no_contact_of_the_family(afternoon: Afternoon) -> None:
    """It may call; whom it may not see at all (opening.SEES), it is not shown, the second time no more than the first."""
    street = world_cast.staff("street-calls", "街道值班", Duty.Role.STREET_ADMIN, sub_district=afternoon.world.street)
    alarm = missed(afternoon)
    for _ in range(2):
        seen = calling.of(alarm, street)
        assert seen.next is not None and {one.step for one in [seen.next, *seen.others]} == {
            chain.GUARDIANS,
            chain.HEADS,
        }


def mother_of(it: Afternoon) -> str:
    return f"guardian-{Guardian.objects.get(child=it.care.child, guardian=it.care.mother).pk}"


def missed(it: Afternoon) -> Alarm:
    it.move(15, 50)
    calls.sweep(clock.now())
    return Alarm.objects.get(place=it.care.place)


@pytest.mark.django_db(transaction=True)
def test_five_sweeps_at_once_open_each_alarm_once_and_tell_once() -> None:
    care = laid(None).care
    Group.objects.filter(pk=care.group.pk).update(starts="00:00", ends="23:59")
    noon = clock.at(clock.today(), time(12))
    with ThreadPoolExecutor(5) as pool:
        done = sum(pool.map(lambda _: swept(noon), range(5)))
    assert done == Alarm.objects.count() == 2
    told = Message.objects.filter(resident=care.mother, occasion__startswith="care-alarm", channel="inbox")
    assert told.count() == 1


def swept(at: datetime) -> int:
    try:
        return calls.sweep(at)
    finally:
        connections.close_all()
