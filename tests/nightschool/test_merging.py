"""Too few have come: who agreed sits in the other course, everybody else has all points back; the books agree throughout."""

from datetime import timedelta
from typing import Any

import pytest

from communities.duties import NotYourDuty
from communities.todo import rows_for
from core import clock
from nightschool import courses, leaving, merging
from nightschool.models import Application, Course, Enrolment
from notifications.models import Message
from points import statement
from tests import world as cast
from tests.books import breaches
from tests.nightschool.desk.reading import neighbours
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def few(world: World) -> Course:
    """王秀兰, 赵玉珍 and 周海涛 paid 60 each; sign-up has ended, six were needed."""
    course = cast.course(world.wenxing, capacity=10, least=6)
    cast.seated(course, world.wang, world.zhao, world.zhou)
    Course.objects.filter(pk=course.pk).update(closes_at=clock.now() - timedelta(hours=1))
    course.refresh_from_db()
    return course


def into(world: World, **fields: Any) -> Course:
    return cast.course(world.wenxing, **{"title": "花艺美学", "price": 50} | fields)


def merge(world: World, course: Course, other: Course, *agreed: Any, **said: Any) -> merging.Merged:
    seats = Enrolment.objects.filter(course=course, resident__in=agreed).values_list("pk", flat=True)
    asked: dict[str, Any] = {"by": world.zhang, "reason": "人数不足"} | said
    return merging.merge(course=course, into=other, agreed=list(seats), **asked)


def test_who_agreed_is_moved_and_the_others_have_everything_back(world: World, few: Course) -> None:
    other = into(world)
    done = merge(world, few, other, world.wang, world.zhao)
    assert {one.resident for one in done.moved} == {world.wang, world.zhao} and done.stayed == []
    assert [one.resident for one in done.back.done] == [world.zhou] and done.back.refunded == 60
    assert [statement.available(who) for who in (world.wang, world.zhao, world.zhou)] == [30, 150, 100]
    few.refresh_from_db()
    assert (few.status, few.merged_into, few.taken, few.cancel_reason) == ("cancelled", other, 0, "人数不足")
    assert other.enrolments.seated().count() == 2 and breaches() == []


def test_everybody_is_told_what_became_of_the_seat(world: World, few: Course) -> None:
    before = Message.objects.filter(resident=world.wang).count()
    (moved,) = merge(world, few, into(world), world.wang).moved
    inbox, sms = Message.objects.filter(resident=world.wang, occasion=f"enrolment:{moved.pk}:merged").order_by("pk")
    assert "《形体塑形》并入《花艺美学》" in inbox.body and "60积分已退回，新课使用50积分" in inbox.body
    assert "前在“我的码”里退课，积分全额退回" in inbox.body and inbox.link == f"/tickets/{moved.pk}/"
    assert sms.channel == "sms" and len(sms.body) <= 70
    assert Message.objects.filter(resident=world.wang).count() == before + 2  # not a third of the seat that is no more
    back = Message.objects.get(resident=world.zhou, occasion__endswith=":cancelled", channel="inbox").body
    assert "课程并入《花艺美学》，人数不足" in back and "60积分已退回" in back


def test_who_was_moved_may_still_refuse_although_the_other_course_has_begun(world: World, few: Course) -> None:
    """The tick was a colleague's; for a week (setting) the learner has the last word, and everything returns."""
    now = clock.now()
    other = into(world, starts_at=now - timedelta(days=3), closes_at=now + timedelta(days=1))
    first, second = merge(world, few, other, world.wang, world.zhao).moved
    early, late = now + timedelta(days=7) - timedelta(minutes=1), now + timedelta(days=7, minutes=1)
    leaving.withdraw(enrolment=first, by=world.wang.account or world.system, at=early)
    with pytest.raises(leaving.TooLateToCancel):
        leaving.withdraw(enrolment=second, by=world.zhang, at=late)
    (regular,) = cast.seated(other, world.zhou)
    with pytest.raises(leaving.TooLateToCancel):
        leaving.withdraw(enrolment=regular, by=world.zhang, at=early)
    assert statement.available(world.wang) == 80 and breaches() == []


def test_who_cannot_have_the_other_seat_has_everything_back_and_is_named(world: World, few: Course) -> None:
    """赵玉珍 was born in 1944; 王秀兰 is in the other course already."""
    other = into(world, max_age=70, price=0)
    cast.seated(other, world.wang)
    done = merge(world, few, other, world.wang, world.zhao, world.zhou)
    assert [one.resident for one in done.moved] == [world.zhou]
    assert {(one.resident, why.code) for one, why in done.stayed} == {
        (world.wang, "already_enrolled"), (world.zhao, "wrong_age"),
    }  # fmt: skip
    assert [statement.available(who) for who in (world.wang, world.zhao)] == [80, 200]
    few.refresh_from_db()
    assert few.taken == 0 and breaches() == []


def test_who_is_short_for_a_dearer_course_has_everything_back(world: World, few: Course) -> None:
    done = merge(world, few, into(world, price=90), world.wang)
    assert [why.code for _, why in done.stayed] == ["short_of_points"] and done.moved == []
    assert statement.available(world.wang) == 80 and breaches() == []


def test_more_than_there_are_seats_for_are_not_moved_at_all(world: World, few: Course) -> None:
    with pytest.raises(merging.TooFewSeats, match="要转入2人，对方只剩1个名额"):
        merge(world, few, into(world, capacity=1), world.wang, world.zhao)
    few.refresh_from_db()
    assert (few.status, few.taken) == ("open", 3)


def test_only_into_an_open_course_of_the_same_term_and_not_into_itself(world: World, few: Course) -> None:
    ended = {"starts_at": clock.now() - timedelta(days=60), "opens_at": clock.now() - timedelta(days=90)}
    wrong = [
        few,
        into(world, term="第7期"),
        into(world, status="draft"),
        into(world, **ended),
        cast.course(world.yongan),
    ]
    for other in wrong:
        with pytest.raises(merging.CannotMerge):
            merge(world, few, other, world.wang)
    with pytest.raises(courses.NoReason):
        merge(world, few, into(world), world.wang, reason="  ")
    with pytest.raises((NotYourDuty, merging.CannotMerge)):
        merge(world, few, into(world), world.wang, by=world.qian)
    few.refresh_from_db()
    assert (few.status, few.taken) == ("open", 3)


def test_the_sub_district_merges_across_communities(world: World, few: Course) -> None:
    other = cast.course(world.yongan, title="永安花艺", price=10)
    assert len(merge(world, few, other, world.wang, by=world.he).moved) == 1 and breaches() == []


def test_cut_off_half_way_it_goes_on_with_who_is_left(world: World, few: Course) -> None:
    other = into(world)
    courses.shut(course_id=few.pk, by=world.zhang, reason="人数不足", at=clock.now(), into=other)
    with pytest.raises(courses.AlreadyCalledOff):
        merge(world, few, into(world, title="第三门"), world.wang)
    done = merge(world, few, other, world.wang, reason="另一个")
    assert len(done.moved) == 1 and len(done.back.done) == 2
    with pytest.raises(courses.AlreadyCalledOff):
        merge(world, few, other, world.wang)
    assert statement.available(world.wang) == 30 and breaches() == []


def test_a_class_that_is_too_small_waits_on_the_first_page(world: World, few: Course) -> None:
    def waiting(user: Any) -> list[str]:
        return [row.url for row in rows_for(user) if "人数不够" in row.label]

    assert waiting(world.zhang) == [f"/desk/night-school/{few.pk}/"] and waiting(world.qian) == []
    merging.run_anyway(course=few, by=world.zhang)
    assert waiting(world.zhang) == []


def test_enough_people_an_open_sign_up_and_a_past_course_wait_for_nobody(world: World) -> None:
    now, day = clock.now(), timedelta(days=1)
    enough = cast.course(world.wenxing, capacity=2, least=1, closes_at=now - day, opens_at=now - 2 * day)
    Course.objects.filter(pk=enough.pk).update(closes_at=now + day)
    cast.seated(enough, *neighbours(world.wenxing, 1))
    Course.objects.filter(pk=enough.pk).update(closes_at=now - day)
    cast.course(world.wenxing, least=6)
    cast.course(world.wenxing, least=6, starts_at=now - 60 * day, opens_at=now - 90 * day)
    cast.course(world.wenxing, least=6, closes_at=now - day, opens_at=now - 2 * day, status="cancelled")
    drawn = cast.course(world.wenxing, mode="approval", least=6, closes_at=now - day, opens_at=now - 2 * day)
    asked = Application.objects.create(course=drawn, resident=world.wang, number=1, channel="phone", by=world.zhang)
    assert not Course.objects.too_few(now).exists()
    Application.objects.filter(pk=asked.pk).update(
        status="declined", decided_at=now, decided_by=world.zhang, reason="名额"
    )
    assert list(Course.objects.too_few(now)) == [drawn]
