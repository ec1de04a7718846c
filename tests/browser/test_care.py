"""托管 as three people live it: a mother's phone, a teacher's, and a second teacher beside her; in large letters and without script."""

import re
from collections.abc import Callable, Iterator
from datetime import time, timedelta

import pytest
import time_machine
from playwright.sync_api import Page, expect

from childcare.days import arriving
from childcare.models import Attendance, Enrolment, Group, Handover, Offset, Pickup, Place, RollCall
from communities.models import Resident
from core import clock
from points import statement
from tests.books import breaches
from tests.browser.nursery import POINTS, billed
from tests.browser.test_evening import MOBILE, WAYS, taps
from tests.browser.test_partners import filled
from tests.childcare.cast import Care, build, pickup
from tests.childcare.enrolment.families import father, submitted
from tests.childcare.handover.people import token
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., Page]


@pytest.fixture(autouse=True)
def afternoon() -> Iterator[time_machine.Traveller]:
    """The clock of the server, which runs on; before the day on which a bill is confirmed."""
    with time_machine.travel(clock.at(clock.today().replace(day=2), time(15))) as traveller:
        yield traveller


@pytest.fixture
def care(world: World) -> Care:
    """The class meets every day, holidays too."""
    made = build(world)
    Group.objects.update(kind=Group.Kind.HOLIDAY)
    Place.objects.update(plan=list(range(7)))
    made.place.refresh_from_db()
    return made


def begun(phone: Page, address: str, me: Resident) -> None:
    """Opens `address`; whose phone also acts for a child says first that it is for oneself."""
    phone.goto("/choose/")
    phone.locator(f"button[name=resident][value='{me.pk}']").click()
    phone.goto(address)


@WAYS
def test_three_taps_from_home_to_a_bill_paid_with_points_and_back(
    script: bool, size: str, opened: Open, world: World, care: Care
) -> None:
    bill = billed(world, care)
    phone = opened(care.mother.account, size, java_script_enabled=script, **MOBILE)
    begun(phone, "/", care.mother)
    expect(phone.get_by_text("本月可抵60元")).to_be_visible()
    taps(phone, ("link", "去抵扣"), ("link", "用积分抵扣"), ("button", "确认抵扣"))
    expect(phone.get_by_role("heading", name="抵扣成功")).to_be_visible()
    bill.refresh_from_db()
    assert (bill.offset_cents, statement.available(care.mother)) == (6000, 0)
    phone.locator("summary", has_text="撤回抵扣").click()
    taps(phone, ("button", "确认撤回"))
    expect(phone.get_by_role("link", name="用积分抵扣")).to_be_visible()
    bill.refresh_from_db()
    assert (bill.offset_cents, statement.available(care.mother)) == (0, POINTS)
    assert Offset.objects.get().undone_at and breaches() == []


@WAYS
def test_a_step_is_saved_and_gone_on_with_on_another_phone(
    script: bool, size: str, opened: Open, world: World, care: Care
) -> None:
    phone = opened(care.mother.account, size, java_script_enabled=script, **MOBILE)
    begun(phone, "/childcare/enrol/", care.mother)
    taps(phone, ("button", "为另一个孩子报名"))
    filled(phone, name="高小雨", birth_date=f"{clock.today().year - 7}-03-01", school="平城区第十八小学")
    taps(phone, ("button", "保存，下一步"))
    draft = Enrolment.objects.get()
    assert draft.step == 1 and "高小雨".encode() not in bytes(draft.draft or b"")
    other = opened(care.mother.account, size, java_script_enabled=script, **MOBILE)
    begun(other, f"/childcare/enrolments/{draft.pk}/steps/1/", care.mother)
    expect(other.locator("[name=name]")).to_have_value("高小雨")


def test_papers_are_seen_at_the_desk_a_place_comes_free_and_the_family_takes_it(
    opened: Open, world: World, care: Care
) -> None:
    """张晓燕 accepts the enrolment, the class is full; another family leaves, and the father has one tap to make."""
    Group.objects.update(seats=2, capacity=2)
    shao = father(world)
    mine = submitted(shao, care)
    desk = opened(world.zhang)
    desk.goto(f"/desk/care/enrolments/{mine.pk}/")
    filled(desk, basis="household_book", seen="", signed="")
    taps(desk, ("button", "核对通过"))
    expect(desk.get_by_text("名额已满，已排上候补").first).to_be_visible()
    waits = Enrolment.objects.get(pk=mine.pk).place
    assert waits and waits.status == "waiting"
    desk.goto(f"/desk/care/places/{care.other_place.pk}/end/")
    filled(desk, last_day=(clock.today() - timedelta(days=1)).isoformat(), reason="guardian")
    taps(desk, ("button", "确认结束"))
    phone = opened(shao.account, **MOBILE)
    begun(phone, "/", shao)
    taps(phone, ("link", "去确认"), ("button", "接受托位"))
    expect(phone.get_by_text("已接受，孩子有托位了")).to_be_visible()
    assert Place.objects.get(pk=waits.pk).status == "held" and breaches() == []


@WAYS
def test_a_teacher_marks_calls_the_roll_and_hands_over_after_the_document(
    script: bool, size: str, opened: Open, world: World, care: Care
) -> None:
    sent = pickup(care.child, care.mother, by=world.zhang)
    phone = opened(care.teacher, size, java_script_enabled=script, **MOBILE)
    phone.goto("/care/")
    taps(phone, ("link", "打开"))
    phone.get_by_role("button", name=re.compile(f"到班.*{care.child.name}")).click()
    phone.get_by_role("link", name="点名", exact=True).click()
    phone.locator(f"input[name=present][value='{care.place.pk}']").check()
    taps(phone, ("button", "点完了"))
    assert RollCall.objects.get().present == [care.place.pk]
    phone.goto(f"/care/places/{care.place.pk}/handover/")
    mine = phone.locator("details", has_text=sent.name)
    mine.locator("summary").click()
    mine.locator("[name=id_tail]").fill("9999")
    mine.get_by_role("button", name="核对证件，放人").click()
    expect(phone.get_by_role("alert")).to_contain_text("后四位和登记的不一样")
    assert not Handover.objects.exists()
    mine = phone.locator("details", has_text=sent.name)
    if not mine.locator("[name=id_tail]").is_visible():
        mine.locator("summary").click()
    mine.locator("[name=id_tail]").fill(sent.id_tail)
    mine.get_by_role("button", name="核对证件，放人").click()
    expect(phone.get_by_text("离开").first).to_be_visible()
    left = Handover.objects.get()
    assert (left.pickup, left.check_used, left.staffer) == (sent, "document", care.teacher_post)
    assert Attendance.objects.get().left_at == left.at and breaches() == []


def test_a_code_needs_the_digits_the_document_and_a_second_teacher(opened: Open, world: World, care: Care) -> None:
    arriving.arrive(place=care.place, by=care.teacher)
    mother = opened(care.mother.account, **MOBILE)
    begun(mother, f"/childcare/pickups/{care.child.pk}/code/", care.mother)
    mother.locator("[name=name]").fill("孟先生")
    mother.locator("[name=relation]").fill("爸爸的同事")
    mother.locator("[name=day]").first.check()
    taps(mother, ("button", "发码"))
    shown = re.search(r"\b(\d{6})\b", mother.locator("main").inner_text().replace(" ", ""))
    assert shown
    phone = opened(care.teacher, **MOBILE)
    phone.goto(f"/care/places/{care.place.pk}/handover/")
    mine = phone.locator("details", has_text="接送码：孟先生")
    mine.locator("summary").click()
    mine.locator("[name=code]").fill(shown[1])
    mine.locator("[name=id_tail]").fill("1234")
    mine.get_by_role("button", name="两人核对，放人").click()
    expect(phone.get_by_role("alert")).to_contain_text("两位当班老师")
    mine = phone.locator("details", has_text="接送码：孟先生")
    mine.locator("[name=code]").fill(shown[1])
    mine.locator("[name=id_tail]").fill("1234")
    mine.locator("[name=second]").select_option(str(care.second_post.pk))
    mine.locator("[name=proof]").fill(token(care.second))
    mine.get_by_role("button", name="两人核对，放人").click()
    expect(phone.get_by_role("alert")).to_have_count(0)
    left = Handover.objects.get()
    assert (left.way, left.staffer, left.second) == ("code", care.teacher_post, care.second_post)


def test_whoever_was_revoked_a_moment_ago_takes_nobody(opened: Open, world: World, care: Care) -> None:
    sent = pickup(care.child, care.mother, by=world.zhang)
    arriving.arrive(place=care.place, by=care.teacher)
    phone, father = opened(care.teacher, **MOBILE), opened(care.father.account, **MOBILE)
    phone.goto(f"/care/places/{care.place.pk}/handover/")
    mine = phone.locator("details", has_text=sent.name)
    mine.locator("summary").click()
    begun(father, f"/childcare/pickups/{care.child.pk}/", care.father)
    father.get_by_role("link", name="撤销").first.click()
    father.get_by_role("button", name="撤销").first.click()
    expect(father.get_by_text("不能再接孩子").first).to_be_visible()
    mine.get_by_role("button", name="当面认识，放人").click()
    expect(phone.get_by_role("alert")).to_contain_text("没有放人")
    assert not Handover.objects.exists() and Pickup.objects.get().revoked_at
    expect(phone.locator("details", has_text=sent.name)).to_have_count(0)
