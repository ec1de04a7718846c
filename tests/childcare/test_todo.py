"""待办 and messages of childcare: each row and each message leads to a page that opens for whom it is shown."""

from datetime import time, timedelta

import pytest
import time_machine
from django.test import Client

from childcare.billing import adjusting, freezing, paying, todo as billing
from childcare.days import todo as days
from childcare.enrolment import lapsing, todo as enrolment
from childcare.handover import barring
from childcare.models import (
    Alarm,
    Barred,
    Bill,
    BillAdjustment,
    BillLine,
    Enrolment,
    Group,
    Incident,
    LateMark,
    Place,
    Staffer,
)
from childcare.places import todo as places
from childcare.staffing import checks, reminding, todo as staffing
from childcare.watching import todo as watching
from communities import todo as desk_todo
from communities.models import Consent
from core import clock
from notifications.models import Message
from partners.models import Partner
from tests.childcare import cast
from tests.childcare.watching.filed import Filed, filed
from tests.world import World

pytestmark = pytest.mark.django_db
PROVIDERS = [room.rows for room in (enrolment, places, days, billing, staffing, watching)]


def everything_waits(file: Filed, world: World) -> None:
    """One thing behind every row."""
    care, today = file.care, clock.today()
    Consent.objects.filter(resident=care.other_child, purpose=Consent.Purpose.CARE).delete()
    for kind in Alarm.Kind:
        Alarm.objects.create(place=care.other_place, day=today, kind=kind, opened_at=clock.now())
    for number in range(3):
        LateMark.objects.create(place=care.place, child=care.child, day=today - timedelta(days=number), minutes=30)
    unserved = cast.centre(world.wenxing, world.chen, name="没有协议的中心")
    unserved.operator = Partner.objects.create(
        sub_district=world.street, name="没有协议的服务部", kind=Partner.Kind.ORGANISATION, trade=Partner.Trade.CHILDCARE,
        summary="放学后托管", admitted_at=clock.now(),
    )  # fmt: skip
    unserved.save(update_fields=["operator"])
    # Of somebody who is no guardian any more.
    cast.place(cast.group(unserved, world.chen), care.other_child, care.mother, by=world.zhang)
    late = Enrolment.objects.filter(status=Enrolment.Status.SUBMITTED).order_by("pk")[0]
    late.pk, late.submitted_at = None, clock.now() - lapsing.NEAR
    late.save()
    cast.group(
        care.centre, world.chen, name="新班", status=Group.Status.DRAFT, opened_at=None, opened_by=None, capacity=0
    )
    payer = care.other_mother
    payer.phone = ""
    payer.save(update_fields=["phone"])
    cast.place(
        cast.group(care.centre, world.chen, name="轮到的班"), care.other_child, payer, by=world.zhang,
        status=Place.Status.OFFERED, offered_until=clock.now() + timedelta(days=1), starts_on=None,
    )  # fmt: skip
    bills_and_people_wait(file, world)


def bills_and_people_wait(file: Filed, world: World) -> None:
    care, today, payer = file.care, clock.today(), file.care.other_mother
    Group.objects.filter(pk=care.group.pk).update(last_on=today + timedelta(days=7))
    Place.objects.filter(group=care.group).update(plan=list(range(7)))
    bill = Bill.objects.get(child=care.child)
    freezing.freeze(bill=bill, by=world.chen)
    BillAdjustment.objects.create(bill=bill, amount_cents=1, reason="多算一天", by=world.zhang)
    before = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    old = Bill.objects.create(
        centre=care.centre, child=care.other_child, payer=payer, month=before, fee_cents=100, cap_cents=30, due_cents=100,
        drawn_by=world.zhang,
    )  # fmt: skip
    BillLine.objects.create(bill=old, order=1, kind="fee", words="托管费", why="每周5天", amount_cents=100)
    freezing.freeze(bill=old, by=world.chen)
    money_waits(file, world)
    barring.report(barred=Barred.objects.get(child=care.child), place=care.place, by=care.teacher)
    Staffer.objects.create(centre=care.centre, name="没有查的", contract="labour", by=world.chen)
    care.second_post.checks.create(checked_on=today, clear=True, until=today + timedelta(days=5), by=world.zhang)
    Incident.objects.create(community=world.wenxing, what="lost", found_on=today, children=3, by=world.chen)


def money_waits(file: Filed, world: World) -> None:
    """Of a child that left and had paid."""
    care, today = file.care, clock.today()
    gone = cast.child(world.wenxing, "走了的孩子", 8)
    bill = Bill.objects.create(
        centre=care.centre, child=gone, payer=care.mother, month=today.replace(day=1), fee_cents=100, cap_cents=30, due_cents=100,
        drawn_by=world.zhang,
    )  # fmt: skip
    BillLine.objects.create(bill=bill, order=1, kind="fee", words="托管费", why="每周5天", amount_cents=100)
    paying.record(
        bill=freezing.freeze(bill=bill, by=world.chen), paid=paying.Paid(100, "A1", "cash", today), by=care.lead
    )
    proposed = BillAdjustment.objects.create(bill=bill, amount_cents=-50, reason="少来几天", by=world.zhang)
    adjusting.approve(adjustment=proposed, by=world.chen)


def test_every_row_opens_for_whom_it_is_shown(world: World) -> None:
    # After the day on which next month's bills are drawn; forward, so that everybody's duty has begun.
    then = (clock.today().replace(day=1) + timedelta(days=32)).replace(day=26)
    with time_machine.travel(clock.at(then, time(10)), tick=False):
        file = filed(world)
        everything_waits(file, world)
        walk(file, world)


def walk(file: Filed, world: World) -> None:
    labels, wrong = set(), []
    users = [user for user in file.people.values() if user.kind == "staff"]
    for user in users:
        browser = Client(raise_request_exception=False)
        browser.force_login(user)
        for row in desk_todo.rows_of(PROVIDERS, user):
            if row.count:
                labels.add(row.label)
                status = browser.get(row.url).status_code
                wrong += [(user.name, row.label, row.url, status)] if status != 200 else []
    assert wrong == []
    every = {row.label for row in desk_todo.rows_of(PROVIDERS, world.chen)}
    assert every - labels == set()


def test_every_message_to_a_lead_or_head_opens(world: World) -> None:
    file = filed(world)
    care, today = file.care, clock.today()
    barring.report(barred=Barred.objects.get(child=care.child), place=care.place, by=care.teacher)
    care.teacher_post.checks.create(checked_on=today, clear=True, until=today + timedelta(days=5), by=world.zhang)
    reminding.remind(at=clock.now())
    checks.write(staffer=care.second_post, checked_on=today, clear=False, by=world.zhang)
    told = list(Message.objects.exclude(staff=None).select_related("staff"))
    assert {one.staff for one in told} == {care.lead, world.chen} and len({one.title for one in told}) == 3
    for one in told:
        browser = Client(raise_request_exception=False)
        browser.force_login(one.staff)
        assert browser.get(one.link).status_code == 200, (one.title, one.link)
    Message.objects.all().delete()
    checks.write(staffer=care.lead_post, checked_on=today, clear=False, by=world.zhang)
    assert Message.objects.get(staff=care.lead).link == ""
