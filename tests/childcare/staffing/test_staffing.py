"""员工: nobody is on duty without a clear check that still counts."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from childcare import opening
from childcare.models import Place, Staffer, Turn
from childcare.staffing import book, checks, reminding, roster, staff, turns
from communities import duties, todo as desk_todo
from communities.kin import SamePerson
from communities.models import Change, Community, Duty
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


def test_an_older_clear_check_written_later_does_not_count(world: World, care: Care) -> None:
    before = care.teacher_post.record_due
    checks.write(staffer=care.teacher_post, checked_on=clock.today() - timedelta(days=400), clear=True, by=world.zhang)
    care.teacher_post.refresh_from_db()
    assert (care.teacher_post.record_due, care.teacher_post.turns.count()) == (before, 1)


def test_an_answer_that_is_not_clear_stands_whatever_its_day_until_a_later_clear_one(world: World, care: Care) -> None:
    post, today = care.teacher_post, clock.today()
    old = today - timedelta(days=400)
    browser = Client()
    browser.force_login(world.zhang)
    answer = browser.post(f"/desk/care/staff/{post.pk}/check/", {"checked_on": old, "clear": "no"}, follow=True)
    assert "已全部取消" in answer.content.decode()
    post.refresh_from_db()
    assert (post.record_due, post.turns.count()) == (None, 0)
    for day, due in ((old - timedelta(days=1), None), (today, checks.months_after(today, 12))):
        checks.write(staffer=post, checked_on=day, clear=True, by=world.zhang)
        post.refresh_from_db()
        assert post.record_due == due


def test_a_wrong_entry_is_taken_back_by_the_head_with_a_reason_and_stays(world: World, care: Care) -> None:
    post, today = care.teacher_post, clock.today()
    before = post.record_due
    wrong = checks.write(staffer=post, checked_on=today, clear=False, by=world.zhang)
    with pytest.raises(duties.NotYourDuty):
        checks.void(check=wrong, reason="点错了", by=world.zhang)
    with pytest.raises(checks.NoReason):
        checks.void(check=wrong, reason=" ", by=world.chen)
    own = checks.write(staffer=care.second_post, checked_on=today, clear=True, by=world.chen)
    with pytest.raises(SamePerson):
        checks.void(check=own, reason="点错了", by=world.chen)
    browser = Client()
    browser.force_login(world.chen)
    assert "作废" in text(browser, f"/desk/care/staff/{post.pk}/")
    browser.post(f"/desk/care/staff/checks/{wrong.pk}/void/", {"reason": "点错了结果"})
    post.refresh_from_db()
    wrong.refresh_from_db()
    assert (post.record_due, wrong.voided_by, wrong.clear, wrong.void_reason) == (
        before,
        world.chen,
        False,
        "点错了结果",
    )
    assert "已作废" in text(browser, f"/desk/care/staff/{post.pk}/")
    with pytest.raises(checks.CheckVoided):
        checks.void(check=wrong, reason="再作废一次", by=world.chen)
    with pytest.raises(DatabaseError), transaction.atomic():
        post.checks.filter(pk=wrong.pk).update(voided_at=None, voided_by=None, void_reason="")
    # The same day is written again.
    right = checks.write(staffer=post, checked_on=today, clear=True, by=world.zhang)
    checks.void(check=right, reason="点错了结果", by=world.chen)
    post.refresh_from_db()
    assert post.record_due == before


def test_a_clear_entry_that_is_taken_back_takes_the_turns_with_it(world: World, care: Care) -> None:
    new, today = hired(world, care), clock.today()
    made = checks.write(staffer=new, checked_on=today, clear=True, by=world.zhang)
    turns.plan(centre=care.centre, staffer=new, days=[today, today + timedelta(days=3)], by=care.lead)
    checks.void(check=made, reason="看错了人", by=world.chen)
    new.refresh_from_db()
    assert (new.record_due, new.turns.count()) == (None, 0)
    assert Message.objects.filter(title="有员工不能继续当班").count() == 2


def test_whoever_is_overdue_reads_of_no_child_and_opens_no_page(world: World, care: Care) -> None:
    lead, child = Client(), care.child
    lead.force_login(care.lead)
    pages = ("/care/", "/care/roster/", "/care/bills/", "/care/turns/", f"/care/groups/{care.group.pk}/")
    assert {lead.get(page).status_code for page in pages} == {200}
    checks.write(staffer=care.lead_post, checked_on=clock.today() - timedelta(days=90), clear=False, by=world.zhang)
    assert {lead.get(page).status_code for page in pages} == {403}
    assert not opening.readers(care.lead, child)
    with pytest.raises(duties.NotYourDuty):
        turns.plan(centre=care.centre, staffer=care.teacher_post, days=[clock.today()], by=care.lead)


def test_too_few_on_duty_waits_for_the_desk_and_for_the_lead(world: World, care: Care) -> None:
    today = clock.today()
    Place.objects.filter(group=care.group).update(plan=list(range(7)))
    days = [today + timedelta(days=n) for n in range(4)]
    for post in (care.teacher_post, care.second_post):
        turns.plan(centre=care.centre, staffer=post, days=days, by=care.lead)

    def row() -> list[tuple[int, str]]:
        return [(one.count, one.url) for one in desk_todo.rows_for(world.zhang) if "当班老师不够" in one.label]

    assert row() == []
    turns.drop(staffer=care.second_post, days=days[1:], by=care.lead)
    page = f"/desk/care/centres/{care.centre.pk}/turns/"
    desk = Client()
    desk.force_login(world.zhang)
    home = desk.get("/desk/").content.decode()
    assert f"托管：{care.centre}" in home and "今天孩子2人，当班3位" in home and page in home
    assert row() == [(1, page)]
    lead, worker = Client(), Client()
    lead.force_login(care.lead)
    worker.force_login(world.zhang)
    assert "还缺1位当班老师" in text(lead, "/care/") and "缺人" in text(worker, page)
    assert book.short_in(Community.objects.all(), 15, 2, days).get().todo_day == days[1]
    Staffer.objects.filter(pk=care.teacher_post.pk).get().turns.filter(day__in=days[1:]).delete()
    Place.objects.filter(group=care.group).update(starts_on=today + timedelta(days=2))
    assert book.short_in(Community.objects.all(), 15, 2, days).get().todo_day == days[2]


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


def test_a_check_is_not_handed_to_another_person(world: World, care: Care) -> None:
    post = care.teacher_post
    other = world_cast.staff("other-li", "李老师", Duty.Role.CAREGIVER, community=world.wenxing)
    for account in (other, None):
        with pytest.raises(staff.OtherPerson):
            staff.change(staffer=post, facts=staff.Facts("李老师"), account=account, by=world.zhang)
        with pytest.raises(DatabaseError) as caught, transaction.atomic():
            Staffer.objects.filter(pk=post.pk).update(account=account)
        assert getattr(caught.value.__cause__, "sqlstate", "") == "CC044"
    staff.change(staffer=post, facts=staff.Facts("王老师"), account=post.account, by=world.zhang)
    # Nothing was answered yet: a slip is put right.
    new = hired(world, care)
    assert staff.change(staffer=new, facts=staff.Facts("李老师"), account=other, by=world.zhang).account == other


def test_a_file_with_a_check_gets_as_its_first_account_one_of_the_same_name_alone(world: World, care: Care) -> None:
    late = staff.hire(centre=care.centre, facts=staff.Facts("李老师"), by=world.zhang)
    checks.write(staffer=late, checked_on=clock.today(), clear=True, by=world.zhang)
    for name in ("别老师", ""):
        other = world_cast.staff(f"other-{name}", name, Duty.Role.CAREGIVER, community=world.wenxing)
        for said in ("李老师", name or "某"):  # neither does a new name in the same breath help
            with pytest.raises(turns.OtherPerson, match="姓名"):
                staff.change(staffer=late, facts=staff.Facts(said), account=other, by=world.zhang)
        with pytest.raises(DatabaseError) as caught, transaction.atomic():
            Staffer.objects.filter(pk=late.pk).update(account=other, name=name)
        assert getattr(caught.value.__cause__, "sqlstate", "") == "CC044"
        with pytest.raises(turns.OtherPerson, match="姓名"):  # nor first the name, and then the account
            staff.change(staffer=late, facts=staff.Facts(name or "某"), by=world.zhang)
        with pytest.raises(DatabaseError) as caught, transaction.atomic():
            Staffer.objects.filter(pk=late.pk).update(name=name)
        assert getattr(caught.value.__cause__, "sqlstate", "") == "CC044"
    own = world_cast.staff("own-li", "李老师", Duty.Role.CAREGIVER, community=world.wenxing)
    assert staff.change(staffer=late, facts=staff.Facts("李老师"), account=own, by=world.zhang).account == own


def test_an_answer_that_is_not_clear_counts_in_every_file_of_the_account(world: World, care: Care) -> None:
    post, today = care.teacher_post, clock.today()
    far = cast.centre(world.wenxing, world.chen, "另一中心")
    facts = staff.Facts("王老师")
    there = staff.hire(centre=far, facts=facts, account=post.account, by=world.zhang)
    checks.write(staffer=there, checked_on=today - timedelta(days=3), clear=True, by=world.zhang)
    turns.plan(centre=far, staffer=there, days=[today], by=world.zhang)
    bad = checks.write(staffer=post, checked_on=today - timedelta(days=1), clear=False, by=world.zhang)

    def due(one: Staffer) -> date | None:
        one.refresh_from_db()
        return one.record_due

    assert (due(post), due(there), post.turns.count(), there.turns.count()) == (None, None, 0, 0)
    told = Message.objects.filter(title="有员工不能继续当班", staff=world.chen).values_list("link", flat=True)
    assert {link.rstrip("/").rsplit("/", 1)[1] for link in told} == {str(post.pk), str(there.pk)}
    # Hired anew, and a file that gets the account later.
    staff.leave(staffer=there, last_day=today, by=world.zhang)
    again = staff.hire(centre=far, facts=facts, account=post.account, by=world.zhang)
    checks.write(staffer=again, checked_on=bad.checked_on, clear=True, by=world.zhang)
    assert due(again) is None
    staff.leave(staffer=again, last_day=today, by=world.zhang)
    facts = staff.Facts(care.teacher.name)
    late = staff.hire(centre=far, facts=facts, by=world.zhang)
    checks.write(staffer=late, checked_on=bad.checked_on, clear=True, by=world.zhang)
    turns.plan(centre=far, staffer=late, days=[today], by=world.zhang)
    staff.change(staffer=late, facts=facts, account=post.account, by=world.zhang)
    assert (due(late), late.turns.count()) == (None, 0)
    checks.write(staffer=late, checked_on=today, clear=True, by=world.zhang)
    assert (due(late), due(post)) == (checks.months_after(today, 12), None)
    checks.void(check=bad, reason="看错了人", by=world.chen)
    assert due(post) is not None


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
