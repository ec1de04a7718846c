"""Approval: staff seat who applied, one by one or many; who is short stays; a refusal has a reason and may be appealed."""

from datetime import timedelta

import pytest

from communities import appeals
from communities.duties import NotYourDuty
from communities.todo import rows_for
from core import clock
from core.refusals import Refused
from nightschool import enrolment, leaving, seating
from nightschool.applications import applying, approving, book, drawing_lots
from nightschool.applications.applied import standing
from nightschool.models import Application, Channel
from notifications.models import Message
from points import statement
from tests import world as cast
from tests.books import breaches
from tests.nightschool.applicants import applied, by_approval, by_draw, neighbours
from tests.world import World

pytestmark = pytest.mark.django_db
LABEL = "夜校申请待审核"


def test_who_is_approved_pays_and_has_the_seat(world: World) -> None:
    course = by_approval(world)
    (asked,) = applied(course, world.wang)
    mine = approving.approve(application=asked, by=world.zhang)
    course.refresh_from_db()
    assert (mine.status, mine.decided_by, course.taken, statement.available(world.wang)) == (
        "seated",
        world.zhang,
        1,
        20,
    )
    seat = mine.enrolment
    assert seat is not None and (seat.resident, seat.by, seat.channel) == (world.wang, world.zhang, "phone")
    told = Message.objects.get(occasion=f"application:{mine.pk}:result", channel="inbox")
    assert "审核通过" in told.body and "使用60积分" in told.body and told.link == f"/tickets/{seat.pk}/"
    sms = Message.objects.get(occasion=f"application:{mine.pk}:result", channel="sms")
    assert len(sms.body) <= 70
    with pytest.raises(applying.AlreadySettled):
        approving.approve(application=mine, by=world.chen)
    assert breaches() == []


def test_who_is_short_stays_and_is_told_what_is_missing_once_a_day(world: World) -> None:
    course = by_approval(world)
    (asked,) = applied(course, world.li)
    for _ in range(2):
        mine = approving.approve(application=asked, by=world.zhang)
    assert (mine.status, mine.reason, mine.decided_at) == ("applied", "还差60积分", None)
    told = Message.objects.get(resident=world.li, occasion__startswith=f"application:{asked.pk}:short")
    assert "还差60积分" in told.body and "待审核" in told.body and "没有扣" in told.body
    cast.award(world.li, 60)
    assert approving.approve(application=asked, by=world.zhang).reason == ""
    assert breaches() == []


def test_a_full_course_seats_nobody_and_the_application_stays(world: World) -> None:
    course = by_approval(world, capacity=1)
    first, second = applied(course, world.wang, world.zhao)
    approving.approve(application=first, by=world.zhang)
    with pytest.raises(enrolment.CourseFull):
        approving.approve(application=second, by=world.zhang)
    second.refresh_from_db()
    assert (second.status, statement.available(world.zhao)) == ("applied", 200)


def test_who_has_withdrawn_is_not_seated(world: World) -> None:
    (asked,) = applied(by_approval(world), world.wang)
    stale = Application.objects.select_related("course__community", "resident__community").get(pk=asked.pk)
    applying.withdraw(application=asked, by=world.wang.account)
    with pytest.raises(applying.NotApplied):
        approving.approve(application=stale, by=world.zhang)
    assert statement.available(world.wang) == 80 and not stale.course.enrolments.exists()
    assert breaches() == []


def test_nobody_decides_about_the_own_family(world: World) -> None:
    course = by_approval(world)
    me = cast.resident(world.wenxing, "张晓燕", "13900008888")
    type(me).objects.filter(pk=me.pk).update(phone=world.zhang.own_phone)
    mother = cast.resident(world.wenxing, "张妈妈", "13900008889")
    type(me).objects.filter(pk=mother.pk).update(household=me.household)
    for person in (me, mother):
        cast.award(person, 60)
    asked = [Application.objects.create(course=course, resident=person, number=n, channel="desk", by=world.chen) for n, person in enumerate((me, mother), 1)]  # fmt: skip
    rows = Application.objects.select_related("course__community", "resident__community")
    for one in rows.filter(pk__in=[one.pk for one in asked]):
        with pytest.raises(approving.OwnApplicant):
            approving.approve(application=one, by=world.zhang)
        with pytest.raises(approving.OwnApplicant):
            approving.decline(application=one, by=world.zhang, reason="不合适")
        assert approving.approve(application=one, by=world.chen).status == "seated"


def test_staff_without_a_duty_there_decide_nothing(world: World) -> None:
    (asked,) = applied(by_approval(world), world.wang)
    with pytest.raises(NotYourDuty):
        approving.approve(application=asked, by=world.qian)
    with pytest.raises(NotYourDuty):
        approving.decline(application=asked, by=world.qian, reason="满了")


def test_a_course_by_draw_is_not_given_by_staff(world: World) -> None:
    (asked,) = applied(by_draw(world), world.wang)
    with pytest.raises(approving.NotByApproval):
        approving.approve(application=asked, by=world.zhang)
    with pytest.raises(approving.NotByApproval):
        approving.decline(application=asked, by=world.zhang, reason="满了")


def test_declining_needs_a_reason_that_the_resident_reads(world: World) -> None:
    (asked,) = applied(by_approval(world), world.wang)
    for reason in ("", "  ", "x" * 101, "坏\0"):
        with pytest.raises(approving.NoReason):
            approving.decline(application=asked, by=world.zhang, reason=reason)
    mine = approving.decline(application=asked, by=world.zhang, reason="这期先照顾新学员")
    assert (mine.status, mine.reason) == ("declined", "这期先照顾新学员")
    told = Message.objects.get(resident=world.wang, occasion__startswith=f"application:{mine.pk}:declined")
    assert "这期先照顾新学员" in told.body and "没有扣" in told.body and "申诉" in told.body
    with pytest.raises(applying.AlreadySettled):
        approving.decline(application=mine, by=world.zhang, reason="再来一次")


def test_an_upheld_appeal_puts_the_application_back_among_what_waits(world: World) -> None:
    (asked,) = applied(by_approval(world), world.wang)
    approving.decline(application=asked, by=world.zhang, reason="年龄不合适")
    about = f"application:{asked.pk}"
    assert appeals.find(world.zhao, about) is None
    appeal = appeals.file(resident=world.wang, about=about, text="我符合年龄要求", by=world.wang.account)
    assert appeal.old_value == "未通过：年龄不合适"
    assert appeals.refusal_to_answer(appeal, world.zhang) is not None
    appeals.answer(appeal=appeal, upheld=True, text="核实属实", new_value="重新审核", by=world.chen)
    asked.refresh_from_db()
    assert (asked.status, asked.decided_at, asked.reason) == ("applied", None, "")
    assert approving.approve(application=asked, by=world.zhang).status == "seated"


def test_a_rejected_appeal_changes_nothing(world: World) -> None:
    (asked,) = applied(by_approval(world), world.wang)
    approving.decline(application=asked, by=world.zhang, reason="年龄不合适")
    appeal = appeals.file(resident=world.wang, about=f"application:{asked.pk}", text="再看看", by=world.wang.account)
    appeals.answer(appeal=appeal, upheld=False, text="已核实", by=world.chen)
    asked.refresh_from_db()
    assert asked.status == "declined"


# Many at once


def test_many_are_approved_in_the_order_of_time_and_each_hears_what_became_of_it(world: World) -> None:
    course = by_approval(world, capacity=2)
    rich = neighbours(world, 3)
    asked = applied(course, world.li, *rich)
    outcome = approving.approve_many(applications=list(reversed(asked)), by=world.zhang)
    assert [one.resident for one in outcome.done] == rich[:2]
    assert [one.resident for one in outcome.short] == [world.li]
    assert [(one.resident, refused.code) for one, refused in outcome.refused] == [(rich[2], "course_full")]
    assert breaches() == []


def test_the_forecast_is_what_happens(world: World) -> None:
    course = by_approval(world, capacity=2)
    rich = neighbours(world, 3)
    sits = rich[0]
    asked = applied(course, *rich, world.li)
    at = clock.now()
    enrolment.seat(
        course.pk, enrolment.facts_of(course.pk, sits, at, False), sits, world.zhang, Channel.DESK, at, False
    )
    rows = book.chosen(course, [str(one.pk) for one in asked], at)
    seen = approving.forecast(rows, world.zhang, at)
    course.refresh_from_db()
    said = [one.said if one.refused and not one.short else one.short for one in seen]
    assert said == ["已有名额", 0, "名额已满", "名额已满"]
    outcome = approving.approve_many(applications=rows, by=world.zhang)
    assert [one.resident for one in outcome.done] == [rich[1]]


def test_what_the_clock_leaves_over_is_for_the_next_press(world: World) -> None:
    asked = applied(by_approval(world), *neighbours(world, 3))
    outcome = approving.approve_many(applications=asked, by=world.zhang, seconds=0)
    assert (len(outcome.done), len(outcome.left)) == (1, 2)


def test_many_are_declined_with_one_reason(world: World) -> None:
    asked = applied(by_approval(world), *neighbours(world, 2))
    approving.approve(application=asked[0], by=world.zhang)
    outcome = approving.decline_many(applications=asked, by=world.zhang, reason="名额已满")
    assert (len(outcome.done), [refused.code for _, refused in outcome.refused]) == (1, ["application_settled"])
    with pytest.raises(approving.NoReason):
        approving.decline_many(applications=asked, by=world.zhang, reason=" ")


# On the first page of the desk


def test_applications_wait_at_the_desk_until_some_working_days_after_the_window(world: World) -> None:
    course = by_approval(world, closes_at=clock.now() + timedelta(days=1))
    applied(course, world.wang, world.zhao)
    (row,) = [one for one in rows_for(world.zhang) if one.label == LABEL]
    assert (row.count, row.url) == (2, f"/desk/night-school/{course.pk}/applications/")
    assert row.deadline is not None and row.deadline > course.closes_at
    assert [one for one in rows_for(world.qian) if one.label == LABEL] == []


def test_the_own_familys_applications_do_not_wait_for_a_colleague(world: World) -> None:
    course = by_approval(world)
    type(world.wang).objects.filter(pk=world.wang.pk).update(phone=world.zhang.own_phone)
    applied(course, world.wang)
    assert [one for one in rows_for(world.zhang) if one.label == LABEL] == []
    assert [one.count for one in rows_for(world.chen) if one.label == LABEL] == [1]


def test_nobody_pays_for_a_course_that_is_over_and_what_was_never_decided_ends(world: World) -> None:
    course = by_approval(world)
    (asked,) = applied(course, world.wang)
    last = course.sessions.order_by("-ends_at")[0].ends_at
    (foreseen,) = approving.forecast(book.of_course(course, last), world.zhang, last)
    assert foreseen.said == "课已上完"
    with pytest.raises(applying.ClassesOver, match="积分没有扣"):
        approving.approve(application=asked, by=world.zhang, at=last)
    drawing_lots.sweep(last - timedelta(minutes=1))
    asked.refresh_from_db()
    assert asked.status == "applied"
    drawing_lots.sweep(last)
    asked.refresh_from_db()
    told = Message.objects.get(occasion=f"application:{asked.pk}:result")
    assert (asked.status, asked.reason) == ("void", "课已上完，一直没有轮到") and "积分没有扣" in told.body
    assert statement.available(world.wang) == 80 and breaches() == []


def test_who_gave_the_seat_back_is_not_told_to_have_it(world: World) -> None:
    (asked,) = applied(by_approval(world), world.wang)
    mine = approving.approve(application=asked, by=world.zhang)
    assert mine.enrolment
    leaving.withdraw(enrolment=mine.enrolment, by=world.wang.account)
    mine.refresh_from_db()
    assert standing(mine) == ("已退课", "")
    assert book.page_of(mine.course, world.zhang, book.Filter(), clock.now())[0].label == "已退课"


def test_a_short_word_for_colleagues_stands_for_each_refusal_that_there_is() -> None:
    """A word for a code that nobody says would never be read."""
    codes, kinds = set(), [Refused]
    while kinds:
        kind = kinds.pop()
        if kind.__module__.split(".")[0] in ("nightschool", "points"):
            codes.add(kind.code)
        kinds += kind.__subclasses__()
    assert set(approving.IN_SHORT) | set(seating.IN_SHORT) <= codes
