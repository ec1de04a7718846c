"""员工: nobody is on duty without a clear check that still counts."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from childcare.models import Staffer, Turn
from childcare.staffing import book, checks, reminding, roster, staff, turns
from communities import duties
from communities.models import Change, Duty
from core import clock
from notifications.models import Message
from tests import world as world_cast
from tests.childcare import cast
from tests.childcare.cast import Care
from tests.childcare.handover.people import arrived, by_code, issued, token
from tests.pages import queries, text
from tests.world import World

pytestmark = pytest.mark.django_db


def hired(world: World, care: Care, name: str = "新老师") -> Staffer:
    account = world_cast.staff(f"new-{Staffer.objects.count()}", name, Duty.Role.CAREGIVER, community=world.wenxing)
    return staff.hire(centre=care.centre, facts=staff.Facts(name), account=account, by=world.zhang)


def test_a_new_colleague_is_on_duty_only_after_a_clear_check(world: World, care: Care) -> None:
    new, today = hired(world, care), clock.today()
    with pytest.raises(turns.CheckOverdue):
        turns.plan(centre=care.centre, staffer=new, days=[today], by=care.lead)
    made = checks.write(staffer=new, checked_on=today, clear=True, by=world.zhang)
    assert made.until == checks.months_after(today, 12)
    assert len(turns.plan(centre=care.centre, staffer=new, days=[today, today + timedelta(days=1)], by=care.lead)) == 2


def test_a_check_that_is_not_clear_takes_every_turn_away_and_is_told(world: World, care: Care) -> None:
    today = clock.today()
    turns.plan(centre=care.centre, staffer=care.teacher_post, days=[today + timedelta(days=1)], by=care.lead)
    checks.write(staffer=care.teacher_post, checked_on=today, clear=False, by=world.zhang)
    care.teacher_post.refresh_from_db()
    assert (care.teacher_post.record_due, care.teacher_post.turns.count()) == (None, 0)
    told = set(Message.objects.filter(title="有员工不能继续当班").values_list("staff", flat=True))
    assert told == {care.lead.pk, world.chen.pk}


def test_an_older_check_written_later_does_not_count(world: World, care: Care) -> None:
    before = care.teacher_post.record_due
    checks.write(staffer=care.teacher_post, checked_on=clock.today() - timedelta(days=400), clear=False, by=world.zhang)
    care.teacher_post.refresh_from_db()
    assert (care.teacher_post.record_due, care.teacher_post.turns.count()) == (before, 1)


def test_the_database_puts_nobody_overdue_on_duty(world: World, care: Care) -> None:
    def turn(staffer: Staffer, day: date) -> str:
        with pytest.raises(DatabaseError) as caught, transaction.atomic():
            Turn.objects.create(centre=care.centre, staffer=staffer, day=day, by=world.chen)
        return str(getattr(caught.value.__cause__, "sqlstate", ""))

    due = care.teacher_post.record_due
    assert due and turn(care.teacher_post, due + timedelta(days=1)) == "CC040"
    Staffer.objects.filter(pk=care.teacher_post.pk).update(record_due=due + timedelta(days=900))
    assert turn(care.teacher_post, due + timedelta(days=1)) == "CC040"
    Staffer.objects.filter(pk=care.second_post.pk).update(left_on=clock.today())
    assert turn(care.second_post, clock.today() + timedelta(days=1)) == "CC041"
    far = cast.centre(world.wenxing, world.chen, "另一中心")
    other = cast.caregiver(far, "caregiver_far", "远老师", by=world.chen, on_duty=False)[1]
    assert turn(other, clock.today()) == "CC042"
    with pytest.raises(DatabaseError), transaction.atomic():
        care.teacher_post.checks.update(clear=False)


def test_who_may_write_what(world: World, care: Care) -> None:
    with pytest.raises(duties.NotYourDuty):
        checks.write(staffer=care.teacher_post, checked_on=clock.today(), clear=True, by=care.lead)
    with pytest.raises(duties.NotYourDuty):
        turns.plan(centre=care.centre, staffer=care.teacher_post, days=[clock.today()], by=care.teacher)
    with pytest.raises(staff.NoCaregiver):
        staff.hire(centre=care.centre, facts=staff.Facts("甲"), account=world.qian, by=world.zhang)
    assert Turn.objects.filter(staffer=care.second_post).exists()
    staff.leave(staffer=care.second_post, last_day=clock.today(), by=world.zhang)
    assert not Turn.objects.filter(staffer=care.second_post, day__gt=clock.today()).exists()


def test_a_turn_in_which_a_child_was_handed_over_is_not_taken_off(world: World, care: Care) -> None:
    """Neither of who let it go nor of who stood by; what is taken off stands in the change log."""
    today = clock.today()
    arrived(care.place, care.teacher)
    by_code(care, issued(care), proof=token(care.second))
    for one in (care.teacher_post, care.second_post):
        with pytest.raises(turns.AlreadyHanded):
            turns.drop(staffer=one, days=[today], by=care.lead)
        with pytest.raises(turns.AlreadyHanded):
            roster.put(staffer=one, wanted=set(), among=[today], by=care.lead)
    mine = care.lead_post.turns.get()
    assert turns.drop(staffer=care.lead_post, days=[today], by=care.lead) == 1
    log = Change.objects.get(what__endswith="turn", row=mine.pk, action="D")
    assert log.by == care.lead


def test_leads_and_heads_are_reminded_once_per_threshold(world: World, care: Care) -> None:
    today = clock.today()
    Staffer.objects.exclude(pk=care.teacher_post.pk).update(left_on=today)
    Staffer.objects.filter(pk=care.lead_post.pk).update(left_on=None)
    care.teacher_post.checks.create(checked_on=today, clear=True, until=today + timedelta(days=7), by=world.chen)
    for _ in range(2):
        reminding.remind(at=clock.now())
    told = Message.objects.filter(title="托管员工的记录查询快到期").values_list("staff", flat=True)
    assert sorted(told) == sorted([care.lead.pk, world.chen.pk])


def test_the_lead_sees_whether_those_on_duty_are_enough(care: Care) -> None:
    today = clock.today()
    care.place.plan = care.other_place.plan = list(range(7))
    care.place.save(update_fields=["plan"])
    care.other_place.save(update_fields=["plan"])
    days = book.fortnight(care.centre, [today, today + timedelta(days=1)])
    assert [(one.children, len(one.turns), one.short) for one in days] == [(2, 3, 0), (2, 0, 2)]
    assert turns.enough(care.centre, today + timedelta(days=1)).short == 2
    browser = Client()
    browser.force_login(care.lead)
    assert "还缺当班老师" in text(browser, "/care/turns/")


def test_the_list_costs_the_same_for_three_and_for_thirty(world: World, care: Care) -> None:
    browser = Client()
    browser.force_login(world.zhang)
    few = queries(browser, "/desk/care/staff/")
    for n in range(30):
        Staffer.objects.create(centre=care.centre, name=f"员工{n}", contract="labour", by=world.chen)
    assert queries(browser, "/desk/care/staff/") == few
