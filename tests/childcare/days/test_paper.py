"""A day on paper: typed in whole or not at all, each hand-over through the same check."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client

from childcare import speaking
from childcare.days import arriving, paper, who
from childcare.days.paper import Line
from childcare.handover import releasing
from childcare.handover.asking import Taking
from childcare.models import Attendance, BarredTry, Carer, Handover, Pickup, Turn
from communities.models import Guardian, Resident
from core import clock
from notifications.models import Message
from tests.books import breaches
from tests.childcare import cast
from tests.childcare.days.conftest import DAY, Afternoon
from tests.childcare.handover.people import CHECK, WAY, barred, guardian_row, raw
from tests.childcare.handover.test_raw import refused_with

pytestmark = pytest.mark.django_db


def mother_of(it: Afternoon) -> str:
    return f"guardian-{Guardian.objects.get(child=it.care.child, guardian=it.care.mother).pk}"


def good(it: Afternoon) -> Line:
    care = it.care
    return Line(care.place, time(15, 36), "", time(17, 20), mother_of(it), "known", "", care.teacher_post)


def test_a_sheet_is_typed_in_and_leaves_what_the_phone_would_leave(afternoon: Afternoon) -> None:
    care = afternoon.care
    afternoon.move(19)
    lines = [good(afternoon), Line(care.other_place, absence="sick")]
    assert paper.enter(group=care.group, day=DAY, lines=lines, by=care.teacher) == 2
    row = Attendance.objects.get(place=care.place)
    assert (row.arrived_at, row.left_at, row.on_paper) == (afternoon.at(15, 36), afternoon.at(17, 20), True)
    gone = Handover.objects.get()
    assert (gone.staffer, gone.on_paper, gone.way) == (care.teacher_post, True, "guardian")
    assert Attendance.objects.get(place=care.other_place).absence == "sick"
    assert breaches() == []


@pytest.mark.parametrize(
    "fault",
    ["another child's", "expired", "revoked", "wrong tail", "nobody", "no check", "not arrived", "future", "off duty"],
)
def test_one_wrong_line_and_nothing_of_the_sheet_is_kept(afternoon: Afternoon, fault: str) -> None:
    care = afternoon.care
    afternoon.move(19)
    good_one, bad = good(afternoon), faulty(afternoon, fault)
    with pytest.raises(paper.LineRefused, match="陆子墨这一行没有通过"):
        paper.enter(group=care.group, day=DAY, lines=[good_one, bad], by=care.teacher)
    assert not Attendance.objects.exists() and not Handover.objects.exists()


def faulty(it: Afternoon, fault: str) -> Line:
    care = it.care
    dated = {"expired": {"valid_from": DAY - timedelta(days=9), "valid_until": DAY - timedelta(days=1)}}
    pickup = cast.pickup(care.other_child, care.other_mother, by=it.world.zhang, **dated.get(fault, {}))
    if fault == "revoked":
        Pickup.objects.filter(pk=pickup.pk).update(revoked_at=it.at(15), revoked_by=it.world.zhang)
    if fault == "off duty":
        Turn.objects.filter(staffer=care.second_post).delete()
    whom = {"another child's": mother_of(it), "nobody": ""}.get(fault, f"pickup-{pickup.pk}")
    check = {"no check": "", "wrong tail": "document"}.get(fault, "known")
    staffer = care.second_post if fault == "off duty" else care.teacher_post
    arrived = None if fault == "not arrived" else time(15, 40)
    return Line(
        care.other_place, arrived, "", time(23) if fault == "future" else time(17, 20), whom, check, "9999", staffer
    )


def test_who_was_not_on_duty_types_nothing_in_and_old_days_are_closed(afternoon: Afternoon) -> None:
    care = afternoon.care
    with pytest.raises(paper.NotThatDay):
        paper.enter(group=care.group, day=DAY - timedelta(days=15), lines=[], by=care.lead)
    with pytest.raises(who.NotOnDuty):
        paper.enter(group=care.group, day=DAY - timedelta(days=1), lines=[good(afternoon)], by=care.teacher)


def test_the_form_takes_1542_and_says_which_child_was_wrong(client: Client, afternoon: Afternoon) -> None:
    care = afternoon.care
    afternoon.move(19)
    client.force_login(care.teacher)
    mine, theirs = care.place.pk, care.other_place.pk
    sent = {
        f"arrived-{mine}": "1536", f"left-{mine}": "17：20", f"whom-{mine}": mother_of(afternoon), f"check-{mine}": "known",
        f"staffer-{mine}": str(care.teacher_post.pk), f"left-{theirs}": "1720",
    }  # fmt: skip
    page = client.post(f"/care/groups/{care.group.pk}/paper/", sent)
    assert page.status_code == 409 and "陆子墨这一行没有通过" in page.content.decode()
    assert 'value="1536"' in page.content.decode() and not Attendance.objects.exists()
    del sent[f"left-{theirs}"]
    assert client.post(f"/care/groups/{care.group.pk}/paper/", sent).status_code == 302
    assert Attendance.objects.get().left_at == afternoon.at(17, 20)


def test_whom_a_bar_names_is_not_offered_and_is_reported_though_nothing_of_the_sheet_is_kept(
    afternoon: Afternoon,
) -> None:
    """The refusal says that the head was told: so it has to stay, whatever becomes of the sheet."""
    world, care = afternoon.world, afternoon.care
    sent = cast.pickup(care.child, care.mother, by=world.zhang)
    father = f"guardian-{guardian_row(care.child, care.father).pk}"
    rows = paper.rows_of(care.group, DAY)
    offered = {key for key, _ in paper.collectors(rows, DAY)[care.child.pk]}
    assert {father, f"pickup-{sent.pk}"} <= offered
    for name in (care.father.name, sent.name):
        barred(care.child, name, world.zhang)
    afternoon.move(19)
    tomorrow = DAY + timedelta(days=1)
    assert {key for key, _ in paper.collectors(rows, tomorrow)[care.child.pk]} == {mother_of(afternoon)}
    bad = Line(care.place, time(15, 36), "", time(17, 20), father, "known", "", care.teacher_post)
    with pytest.raises(paper.LineRefused, match="已通知中心负责人和社区主任"):
        paper.enter(group=care.group, day=DAY, lines=[bad], by=care.teacher)
    assert not Attendance.objects.exists() and BarredTry.objects.get().by == care.teacher
    told = Message.objects.filter(title="紧急：有人试图接走孩子")
    assert {one.staff_id for one in told} == {care.lead.pk, world.chen.pk}


@pytest.mark.parametrize("stopped", ["the father is barred", "the neighbour is barred", "the neighbour is revoked"])
def test_who_came_before_the_bar_or_the_revocation_stands_on_the_sheet_all_the_same(
    afternoon: Afternoon, stopped: str
) -> None:
    """The child left at 16:00, the paper came at 18:00, the sheet is typed in at 19:00."""
    world, care = afternoon.world, afternoon.care
    sent, father = cast.pickup(care.child, care.mother, by=world.zhang), guardian_row(care.child, care.father)
    afternoon.move(18)
    if "revoked" in stopped:
        Pickup.objects.filter(pk=sent.pk).update(revoked_at=afternoon.at(18), revoked_by=world.zhang)
    else:
        barred(care.child, care.father.name if "father" in stopped else sent.name, world.zhang)
    afternoon.move(19)
    whom = f"guardian-{father.pk}" if "father" in stopped else f"pickup-{sent.pk}"
    rows = paper.rows_of(care.group, DAY)
    assert whom in {key for key, _ in paper.collectors(rows, DAY)[care.child.pk]}
    after = Line(care.place, time(15, 36), "", time(18, 30), whom, "known", "", care.teacher_post)
    with pytest.raises(paper.LineRefused):
        paper.enter(group=care.group, day=DAY, lines=[after], by=care.teacher)
    assert BarredTry.objects.count() == ("barred" in stopped)
    before = replace(after, left=time(16))
    assert paper.enter(group=care.group, day=DAY, lines=[before], by=care.teacher) == 1
    assert Attendance.objects.get().left_at == afternoon.at(16)
    assert BarredTry.objects.count() == ("barred" in stopped) and breaches() == []


@pytest.mark.parametrize("role", ["guardian", "carer"])
def test_whose_role_ended_that_day_may_stand_on_the_sheet_with_an_hour_before(afternoon: Afternoon, role: str) -> None:
    world, care = afternoon.world, afternoon.care
    carer = Carer.objects.create(
        child=care.child, name="姨婆", relation="姨婆", phone="13700008888", entrusted_on=DAY, seen_by=world.zhang,
        name_key=speaking.name_key(care.child, "姨婆"),
    )  # fmt: skip
    father = guardian_row(care.child, care.father)
    row: Any = father if role == "guardian" else carer
    type(row).objects.filter(pk=row.pk).update(ended_at=afternoon.at(17), ended_by=world.zhang)
    afternoon.move(19)
    rows, whom = paper.rows_of(care.group, DAY), f"{role}-{row.pk}"
    offered = dict(paper.collectors(rows, DAY)[care.child.pk])
    assert "后来已结束" in offered[whom] and offered[mother_of(afternoon)] == "母亲"
    assert whom not in dict(paper.collectors(rows, DAY + timedelta(days=1))[care.child.pk])
    after = Line(care.place, time(15, 36), "", time(17, 20), whom, "known", "", care.teacher_post)
    with pytest.raises(paper.LineRefused):
        paper.enter(group=care.group, day=DAY, lines=[after], by=care.teacher)
    assert paper.enter(group=care.group, day=DAY, lines=[replace(after, left=time(16))], by=care.teacher) == 1
    assert breaches() == []


def test_who_came_of_age_since_had_a_guardian_that_day(afternoon: Afternoon) -> None:
    care, tomorrow = afternoon.care, DAY + timedelta(days=1)
    Resident.objects.filter(pk=care.child.pk).update(birth_date=tomorrow.replace(year=tomorrow.year - 18))
    rows = paper.rows_of(care.group, DAY)
    assert afternoon.now is not None
    afternoon.now.move_to(clock.at(tomorrow, time(12)))
    assert mother_of(afternoon) in dict(paper.collectors(rows, DAY)[care.child.pk])
    assert mother_of(afternoon) not in dict(paper.collectors(rows, tomorrow)[care.child.pk])


def test_the_database_asks_by_the_hour_on_the_paper_and_an_earlier_hour_is_no_attempt(afternoon: Afternoon) -> None:
    care, father = afternoon.care, guardian_row(afternoon.care.child, afternoon.care.father)
    arriving.arrive(place=care.place, by=care.teacher)
    afternoon.move(18)
    barred(care.child, care.father.name, afternoon.world.zhang)
    afternoon.move(19)

    def typed(hour: int) -> Handover:
        at = {"at": afternoon.at(hour), "on_paper": True}
        return raw(care, way=WAY.GUARDIAN, guardian=father, check_used=CHECK.KNOWN, **at)

    assert refused_with(lambda: typed(18)) == "CC055"
    assert refused_with(lambda: raw(care, way=WAY.GUARDIAN, guardian=father, check_used=CHECK.KNOWN)) == "CC055"
    said = Taking(WAY.GUARDIAN, CHECK.KNOWN, father)
    releasing.report(care.place, said, care.teacher, then=afternoon.at(17))
    assert not BarredTry.objects.exists() and typed(17).pk


def test_the_family_hears_of_a_day_on_paper_with_the_hour_of_the_paper(afternoon: Afternoon) -> None:
    care, yesterday = afternoon.care, DAY - timedelta(days=1)
    Turn.objects.create(centre=care.centre, staffer=care.teacher_post, day=yesterday, by=afternoon.world.chen)
    line = Line(care.place, time(15, 36), "", time(18, 20), mother_of(afternoon), "known", "", care.teacher_post)
    paper.enter(group=care.group, day=yesterday, lines=[line], by=care.teacher)
    left, late = (Message.objects.filter(title=title) for title in ("孩子已离开托管中心", "晚接提醒"))
    both = {care.mother.pk, care.father.pk}
    assert {one.resident_id for one in left} == {one.resident_id for one in late} == both
    assert all("12月1日（周二）18:20" in one.body and "纸质记录" in one.body for one in left)
    assert all("12月1日（周二）晚接50分钟" in one.body and "今天" not in one.body for one in late)


def test_the_printed_sheet_names_no_health(client: Client, afternoon: Afternoon) -> None:
    client.force_login(afternoon.care.teacher)
    page = client.get(f"/care/groups/{afternoon.care.group.pk}/sheet/").content.decode()
    assert "高雨桐" in page and "过敏" not in page
