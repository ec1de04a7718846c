"""One person signs up for the household: who agreed sits, pays and is told; the young with their guardian's word."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from communities import consents, guardians, helping, households
from communities.models import Consent, Guardian, Helper, Resident
from core import clock
from core.refusals import Refused
from nightschool import enrolment, family
from nightschool.models import Application, Channel, Course, Enrolment, Waiting
from notifications.models import Message
from points import purse, statement
from tests import world as cast
from tests.api import client_of
from tests.books import breaches
from tests.communities.guarding import SEEN, born, child_of, guarded
from tests.nightschool import applicants, lining
from tests.pages import enter, links, queries, text
from tests.points import deeds
from tests.world import World

pytestmark = pytest.mark.django_db
COURSES, MINORS = Consent.Purpose.COURSES, Consent.Purpose.MINOR_COURSES
TAP, SIGNED, COUNTER = Consent.Way.TAP, Consent.Way.SIGNATURE, Consent.Way.COUNTER


@pytest.fixture
def course(world: World) -> Course:
    return cast.course(world.wenxing)


@pytest.fixture
def home(world: World) -> Resident:
    """赵玉珍 (200 points, no phone) lives with 王秀兰 and agreed at the counter."""
    Resident.objects.filter(pk=world.zhao.pk).update(household=world.wang.household)
    consents.give(resident=world.zhao, purpose=COURSES, by=world.zhang, way=COUNTER)
    world.zhao.refresh_from_db()
    return world.zhao


def confirm(course: Course, who: Resident) -> str:
    return f"/night-school/{course.pk}/confirm/?for={who.pk}"


def nobody(world: World) -> bool:
    return family.members(world.wang, world.wang.account, clock.now()) == []  # type: ignore[arg-type]


def test_the_seat_and_the_charge_are_the_relatives_and_they_are_told(
    world: World, client: Client, course: Course, home: Resident
) -> None:
    enter(client, world.wang)
    page = text(client, f"/night-school/{course.pk}/confirm/")
    assert "为谁报名王秀兰赵玉珍" in page and f"?for={home.pk}" in links(client, f"/night-school/{course.pk}/confirm/")
    page = text(client, confirm(course, home))
    assert "从赵玉珍的账户使用" in page and "为赵玉珍报名" in page and "140" not in page and "200" not in page
    answer = client.post(f"/night-school/{course.pk}/confirm/", {"for": home.pk}, follow=True)
    assert "已为赵玉珍报名《形体塑形》" in answer.content.decode()
    seat = Enrolment.objects.get()
    assert f"报名码{seat.spoken_number}，请转告赵玉珍" in answer.content.decode()  # who never signs in has no “我的码”
    assert (seat.resident, seat.by, seat.channel, seat.price) == (home, world.wang.account, "phone", 60)
    assert (statement.available(home), statement.available(world.wang)) == (140, 80)
    assert Message.objects.get(resident=home).body.endswith("使用60积分。由家人王秀兰代报。")
    assert not Message.objects.filter(resident=world.wang).exists() and breaches() == []


def test_a_refusal_speaks_of_the_relative_by_name(world: World, client: Client, course: Course, home: Resident) -> None:
    cast.seated(course, home)
    enter(client, world.wang)
    page = text(client, confirm(course, home))
    assert "赵玉珍已经报过这门课了" in page and "您已经" not in page and "签到码" not in page
    answer = client.post(f"/night-school/{course.pk}/confirm/", {"for": home.pk})
    assert answer.status_code == 409 and "赵玉珍已经报过这门课了" in answer.content.decode()
    assert Enrolment.objects.count() == 1


def not_agreed(world: World, client: Client, course: Course, who: Resident) -> None:
    """Neither the page nor the form says more about `who` than that they did not agree."""
    enter(client, world.wang)
    for answer in (
        client.get(confirm(course, who)),
        client.post(f"/night-school/{course.pk}/confirm/", {"for": who.pk}, follow=True),
    ):
        said = answer.content.decode()
        assert "没有同意由您代报" in said and who.name not in said
    assert not Enrolment.objects.exists()


def test_who_did_not_agree_cannot_be_chosen(world: World, client: Client, course: Course) -> None:
    Resident.objects.filter(pk=world.zhao.pk).update(household=world.wang.household)
    assert nobody(world)
    not_agreed(world, client, course, world.zhao)


def test_who_took_it_back_cannot_be_chosen(world: World, client: Client, course: Course, home: Resident) -> None:
    consents.withdraw(resident=home, purpose=COURSES, by=world.zhang)
    not_agreed(world, client, course, home)


def test_who_left_the_household_cannot_be_chosen(world: World, client: Client, course: Course, home: Resident) -> None:
    households.leave(resident=home, by=world.zhang)
    not_agreed(world, client, course, home)


def test_a_stranger_cannot_be_chosen_however_agreed(world: World, client: Client, course: Course) -> None:
    consents.give(resident=world.li, purpose=COURSES, by=world.li.account, way=TAP)  # type: ignore[arg-type]
    not_agreed(world, client, course, world.li)


@pytest.mark.parametrize("years", [13, 17, None])
def test_only_who_is_known_to_be_of_age_agrees_for_oneself(world: World, years: int | None, home: Resident) -> None:
    Resident.objects.filter(pk=home.pk).update(birth_date=None if years is None else born(years))
    assert nobody(world)


def test_a_helper_does_not_sign_up_the_family_of_whom_it_helps(world: World, home: Resident) -> None:
    assert world.li.account and world.wang.account
    helping.appoint(
        resident=world.wang,
        phone=world.li.account.phone or "",
        name="李建国",
        relation="邻居",
        by=world.wang.account,
        way=TAP,
    )
    assert Helper.objects.current().filter(resident=world.wang, account=world.li.account).exists()
    assert family.members(world.wang, world.li.account, clock.now()) == []
    assert family.members(world.wang, world.wang.account, clock.now()) == [home]


def test_the_relatives_own_purse_pays_what_they_lack(world: World, client: Client, home: Resident) -> None:
    deeds.at_home(world.wang, home)
    dear = cast.course(world.wenxing, price=250)
    enter(client, world.wang)
    assert "从赵玉珍的家庭积分使用" in text(client, confirm(dear, home))
    client.post(f"/night-school/{dear.pk}/confirm/", {"for": home.pk, "purse": "1"})
    assert (statement.available(home), statement.available(world.wang)) == (0, 30)
    assert (
        Message.objects.filter(resident=world.wang, body__contains="家人用家庭积分报名").exists() and breaches() == []
    )
    assert purse.spendable(home, clock.now()) == 30


def test_it_is_agreed_to_and_taken_back_on_the_own_phone(world: World, client: Client, course: Course) -> None:
    Resident.objects.filter(pk=world.li.pk).update(household=world.wang.household)
    enter(client, world.li)
    assert "家人代报夜校" in text(client, "/me/consents/")
    client.post(f"/me/consents/{COURSES}/")
    assert [one.name for one in family.members(world.wang, world.wang.account, clock.now())] == ["李建国"]  # type: ignore[arg-type]
    client.post(f"/me/consents/{COURSES}/withdraw/")
    assert nobody(world)


def test_who_comes_for_the_family_reads_how_it_goes(world: World, client: Client, course: Course) -> None:
    enter(client, world.wang)
    (way,) = [link for link in links(client, f"/night-school/{course.pk}/") if link.endswith("?for=family")]
    assert "家人的名字会出现在这里" in text(client, way)
    assert "家人的名字会出现在这里" not in text(client, f"/night-school/{course.pk}/confirm/")


def test_a_larger_family_costs_no_more_questions(world: World, client: Client, course: Course, home: Resident) -> None:
    enter(client, world.wang)
    alone = queries(client, confirm(course, home))
    for n in range(10):
        one = cast.resident(world.wenxing, f"家人{n}", f"1390000{n:04d}", born(30))
        Resident.objects.filter(pk=one.pk).update(household=world.wang.household)
        consents.give(resident=one, purpose=COURSES, by=world.zhang, way=COUNTER)
    assert queries(client, confirm(course, home)) == alone


# 14 to 17


@pytest.fixture
def young(world: World) -> Course:
    return cast.course(world.wenxing, title="街舞", min_age=14, price=10)


def teen(world: World, years: int = 15, phone: str = "13700001111") -> Resident:
    """王秀兰's child with a phone and points of its own."""
    one = cast.resident(world.wenxing, "王小虎", phone, born(years))
    Resident.objects.filter(pk=one.pk).update(household=world.wang.household)
    guardians.register(child=one, guardian=world.wang, kinship=SEEN, by=world.zhang)
    cast.award(one, 30)
    one.refresh_from_db()
    return one


def seat(course: Course, who: Resident) -> Enrolment:
    return enrolment.enrol(course_id=course.pk, resident=who, by=who.account, channel=Channel.PHONE)  # type: ignore[arg-type]


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def test_the_young_sign_up_themselves_once_the_guardian_agreed(world: World, client: Client, young: Course) -> None:
    child = teen(world)
    assert code(lambda: seat(young, child)) == "guardian_needed"
    assert "要监护人同意" in text(enter(client, child), f"/night-school/{young.pk}/")
    page = text(enter(client, world.wang), "/me/children/")
    assert "参加夜校" in page and "14至17周岁" in page
    client.post(f"/me/children/{child.pk}/agree/", {"purpose": MINORS})
    mine = seat(young, child)
    assert (mine.guardian, mine.price, statement.available(child)) == (world.wang, 10, 20)
    assert guardians.consented(child) is None  # volunteering is another word


def test_what_the_guardian_takes_back_ends_new_sign_ups_and_no_old_ones(
    world: World, client: Client, young: Course
) -> None:
    child = teen(world)
    guardians.agree(child=child, by=world.wang.account, purpose=MINORS)  # type: ignore[arg-type]
    mine = seat(young, child)
    enter(client, world.wang)
    answer = client.post(f"/me/children/{child.pk}/withdraw/", {"purpose": MINORS}, follow=True)
    assert "已报的课不变" in answer.content.decode()
    mine.refresh_from_db()
    assert mine.status == "seated"
    assert code(lambda: seat(cast.course(world.wenxing, min_age=14, price=0), child)) == "guardian_needed"


def test_who_is_guardian_no_more_agreed_to_nothing(world: World, young: Course) -> None:
    child = teen(world)
    guardians.agree(child=child, by=world.wang.account, purpose=MINORS)  # type: ignore[arg-type]
    guardians.end(guardian=Guardian.objects.get(child=child), by=world.zhang)
    assert code(lambda: seat(young, child)) == "guardian_needed"
    assert not Consent.objects.standing().filter(resident=child, purpose=MINORS).exists()


def test_the_guardian_signs_up_the_child_from_the_own_phone(world: World, client: Client, young: Course) -> None:
    child = teen(world)
    enter(client, world.wang)
    not_agreed(world, client, young, child)
    guardians.agree(child=child, by=world.wang.account, purpose=MINORS)  # type: ignore[arg-type]
    client.post(f"/night-school/{young.pk}/confirm/", {"for": child.pk})
    mine = Enrolment.objects.get()
    assert (mine.resident, mine.by, mine.guardian) == (child, world.wang.account, world.wang)


def test_a_program_sits_the_young_with_the_guardians_word_alone(world: World, young: Course) -> None:
    child, api = teen(world), client_of(world.street)
    assert api.enrol(young.pk, child.pk).json()["code"] == "guardian_needed"
    guardians.agree(child=child, by=world.wang.account, purpose=MINORS)  # type: ignore[arg-type]
    assert api.enrol(young.pk, child.pk).status_code == 201


def test_the_word_is_signed_at_the_counter(world: World, client: Client, young: Course) -> None:
    child = teen(world)
    client.force_login(world.zhang)
    answer = Guardian.objects.get(child=child)
    page = client.get(f"/desk/residents/{child.pk}/guardians/").content.decode()
    assert page.count("记录签字同意") == 2 and "参加夜校" in page
    sign = f"/desk/residents/{child.pk}/guardians/{answer.pk}/sign/"
    assert client.post(sign, {"purpose": "photo"}).status_code == 404
    client.post(sign, {"purpose": MINORS})
    assert seat(young, child).guardian == world.wang


def test_under_fourteen_nobody_is_asked_and_nobody_sits(world: World, client: Client) -> None:
    child = guarded(world, 13)
    assert "参加夜校" not in text(enter(client, world.wang), "/me/children/")
    consents.keep(child, MINORS, by=world.zhang, way=SIGNED, guardian=world.wang)
    for_children = cast.course(world.wenxing, min_age=8, price=0)
    assert (
        code(lambda: enrolment.enrol(course_id=for_children.pk, resident=child, by=world.zhang, channel=Channel.DESK))
        == "wrong_age"
    )
    assert nobody(world)


def test_the_child_cannot_say_the_guardians_word(world: World, client: Client) -> None:
    child = teen(world)
    answer = enter(client, child).post(f"/me/consents/{MINORS}/", follow=True)
    assert "监护人" in answer.content.decode()
    assert code(lambda: consents.give(resident=child, purpose=MINORS, by=child.account, way=TAP)) == "guardians_word"  # type: ignore[arg-type]


def test_of_age_nobody_asks_the_guardian(world: World, young: Course) -> None:
    child = child_of(world.wang, 18)
    later = clock.now() + timedelta(seconds=1)
    cast.award(child, 30)
    mine = enrolment.enrol(course_id=young.pk, resident=child, by=world.zhang, channel=Channel.DESK, at=later)
    assert mine.guardian is None


@pytest.mark.parametrize("mode", ["first", "draw"])
def test_who_comes_for_the_family_first_says_for_whom(world: World, client: Client, home: Resident, mode: str) -> None:
    """No button stands there that would take a seat for oneself."""
    course = applicants.by_draw(world) if mode == "draw" else cast.course(world.wenxing)
    enter(client, world.wang)
    way = f"/night-school/{course.pk}/{'apply' if mode == 'draw' else 'confirm'}/"
    page = client.get(f"{way}?for=family").content.decode()
    assert f"?for={home.pk}" in page and f"?for={world.wang.pk}" in page and "<form" not in page
    assert "<form" in client.get(f"{way}?for={world.wang.pk}").content.decode()


def test_how_many_points_a_relative_lacks_is_not_said(world: World, client: Client, home: Resident) -> None:
    dear = cast.course(world.wenxing, price=230)
    page = text(enter(client, world.wang), confirm(dear, home))
    assert "赵玉珍的积分不够，没有扣" in page and "还差30" not in page


def test_one_applies_for_the_household_and_the_answer_is_theirs(world: World, client: Client, home: Resident) -> None:
    drawn = applicants.by_draw(world)
    enter(client, world.wang)
    path = f"/night-school/{drawn.pk}/apply/"
    assert "为家人申请" in text(client, f"/night-school/{drawn.pk}/")
    assert "为赵玉珍申请" in text(client, f"{path}?for={home.pk}")
    said = client.post(path, {"for": home.pk}, follow=True).content.decode()
    asked = Application.objects.get()
    assert (asked.resident, asked.by) == (home, world.wang.account) and "已为赵玉珍申请《插花抽签》，编号1" in said
    assert Message.objects.get(resident=home).body.endswith("由家人王秀兰代报。")
    again = client.post(path, {"for": home.pk})
    assert again.status_code == 409 and "赵玉珍已经申请过这门课了" in again.content.decode()
    assert "没有同意由您代报" in client.post(path, {"for": world.li.pk}, follow=True).content.decode()
    assert Application.objects.count() == 1


def test_one_joins_a_line_for_the_household_and_they_answer_the_offer(
    world: World, client: Client, home: Resident
) -> None:
    full = lining.full(world)[0]
    enter(client, world.wang)
    assert f"/night-school/{full.pk}/wait/?for={home.pk}" in links(client, confirm(full, home))
    path = f"/night-school/{full.pk}/wait/"
    assert "为赵玉珍候补" in text(client, f"{path}?for={home.pk}")
    assert "已为赵玉珍加入候补" in client.post(path, {"for": home.pk}, follow=True).content.decode()
    waits = Waiting.objects.get()
    assert (waits.resident, waits.by, waits.status) == (home, world.wang.account, "waiting")
    again = client.post(path, {"for": home.pk})
    assert again.status_code == 409 and "赵玉珍已经在候补了" in again.content.decode()
    assert "没有同意由您代报" in client.post(path, {"for": world.li.pk}, follow=True).content.decode()
    assert Waiting.objects.count() == 1
