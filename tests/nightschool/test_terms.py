"""Terms: the sub-district's administrator keeps them; all courses of one are copied into another as drafts."""

from datetime import date, time, timedelta
from typing import Any

import pytest
import time_machine

from communities.models import Holiday, Resident
from communities.photos import Picture
from core import clock
from nightschool import copying_term, drafting, moving, photos, terms
from nightschool.models import Course, CoursePhoto, Term
from tests import world as cast
from tests.activities import pictures
from tests.nightschool import plans
from tests.nightschool.plans import AT, days, lesson
from tests.world import World

pytestmark = pytest.mark.django_db


def new(world: World, **fields: Any) -> Term:
    said = {"name": "2027年春季", "starts_on": date(2027, 3, 1), "ends_on": date(2027, 6, 30)}
    return Term(sub_district=world.street, **(said | fields))


def test_the_administrator_writes_a_term_and_changes_it(world: World) -> None:
    made = terms.save(term=new(world), by=world.he)
    made.ends_on = date(2027, 7, 10)
    assert terms.save(term=made, by=world.he).ends_on == Term.objects.get(pk=made.pk).ends_on == date(2027, 7, 10)


def test_nobody_else_does(world: World) -> None:
    for by in (world.zhang, world.chen, world.qian):
        with pytest.raises(terms.NotYourTerms):
            terms.save(term=new(world), by=by)
    assert not Term.objects.exists()


def test_a_name_is_taken_once(world: World) -> None:
    terms.save(term=new(world), by=world.he)
    with pytest.raises(terms.TermTaken):
        terms.save(term=new(world), by=world.he)


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ("名称", {"name": " "}), ("不能早于开始", {"ends_on": date(2027, 2, 28)}), ("最长一年", {"ends_on": date(2028, 3, 2)}),
        ("须晚于报名开始", {"opens_at": AT, "closes_at": AT}),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_no_term(world: World, said: str, fields: dict[str, Any]) -> None:
    with pytest.raises(terms.BadTerm, match=said):
        terms.save(term=new(world, **fields), by=world.he)


def test_staff_see_the_terms_of_their_sub_district_with_their_courses(world: World) -> None:
    course = plans.drafted(world)
    cast.course(world.wenxing, term=course.term, status="cancelled")
    cast.term(world.hualin, "华林一期")
    found = {one.name: one.running for one in terms.of_staff(world.qian)}  # type: ignore[attr-defined]
    assert found == {"第1期": 1, "第2期": 0}


# All courses of a term once more


@pytest.fixture
def autumn(world: World) -> Term:
    """September to January, of which an eight-Tuesday course of December is one."""
    made = cast.term(world.wenxing, "第1期")
    made.starts_on, made.ends_on = date(2026, 9, 1), date(2027, 1, 31)
    made.save()
    return made


def copied(world: World, autumn: Term, **fields: Any) -> list[Course]:
    target = terms.save(term=new(world, **fields), by=world.he)
    return copying_term.copy_term(source=autumn, target=target, by=world.zhang, at=AT)


def test_a_course_stands_as_a_draft_on_the_same_weekday(world: World, autumn: Term) -> None:
    course = plans.opened(
        world, taught_by=world.wang, fee="花材自付30元", least=12, own_first=True, audience="爱花的人"
    )
    (twin,) = copied(world, autumn)
    assert (twin.status, twin.copied_from, twin.taken, twin.term.name) == ("draft", course, 0, "2027年春季")
    assert (twin.taught_by, twin.fee, twin.least, twin.own_first, twin.price) == (
        world.wang,
        "花材自付30元",
        12,
        True,
        60,
    )
    assert {day.weekday() for day in days(twin)} == {1} and len(days(twin)) == 8 and twin.audience == "爱花的人"
    assert days(twin)[0] == date(2026, 12, 1) + timedelta(weeks=26)  # 1 September to 1 March: 25 weeks and 6 days
    assert not twin.sessions.exclude(booking=None).exists()


def test_the_term_s_own_hours_of_sign_up_come_first(world: World, autumn: Term) -> None:
    plans.opened(world)
    opens, closes = clock.at(date(2027, 2, 22), time(10)), clock.at(date(2027, 3, 5), time(18))
    (twin,) = copied(world, autumn, opens_at=opens, closes_at=closes)
    assert (twin.opens_at, twin.closes_at) == (opens, closes)


def test_holidays_of_the_new_term_are_gone_round(world: World, autumn: Term) -> None:
    plans.opened(world)
    Holiday.objects.create(
        sub_district=world.street, day=date(2027, 6, 8), is_working=False, name="端午节", by=world.he
    )
    (twin,) = copied(world, autumn)
    assert date(2027, 6, 8) not in days(twin) and len(days(twin)) == 8


def test_a_class_that_was_moved_counts_where_it_was_planned_and_one_called_off_not_at_all(
    world: World, autumn: Term
) -> None:
    course = plans.opened(world)
    moving.move(
        session=lesson(course, 2),
        hours=plans.on(date(2026, 12, 9)),
        room=course.room,
        by=world.zhang,
        reason="病",
        at=AT,
    )
    moving.call_off(session=lesson(course, 3), by=world.zhang, reason="停电", at=AT)
    (twin,) = copied(world, autumn)
    assert len(days(twin)) == 7 and {day.weekday() for day in days(twin)} == {1}


def test_a_class_made_up_for_on_a_saturday_makes_no_course_of_saturdays(world: World, autumn: Term) -> None:
    course = plans.opened(world)
    moving.call_off(
        session=lesson(course, 3), by=world.zhang, reason="停电", instead=plans.on(date(2026, 12, 19)), at=AT
    )
    (twin,) = copied(world, autumn)
    assert len(days(twin)) == 8 and {day.weekday() for day in days(twin)} == {1}


def test_nothing_is_copied_twice_and_what_was_called_off_or_is_the_neighbour_s_not_at_all(
    world: World, autumn: Term
) -> None:
    plans.opened(world)
    cast.course(world.wenxing, term=autumn, status="cancelled")
    cast.course(world.wenxing, term=autumn, status="draft")
    cast.course(world.yongan, term=autumn)
    target = copied(world, autumn)[0].term
    with pytest.raises(copying_term.NothingToCopy):
        copying_term.copy_term(source=autumn, target=target, by=world.zhang, at=AT)
    assert target.courses.count() == 1
    assert len(copying_term.copy_term(source=autumn, target=target, by=world.he, at=AT)) == 1  # the neighbour's


def test_only_into_another_term_of_the_sub_district_that_is_not_over(world: World, autumn: Term) -> None:
    plans.opened(world)
    over = terms.save(term=new(world, starts_on=date(2026, 3, 1), ends_on=date(2026, 11, 22)), by=world.he)
    for target in (autumn, over, cast.term(world.hualin, "华林一期")):
        with pytest.raises(copying_term.CannotCopyTerm):
            copying_term.copy_term(source=autumn, target=target, by=world.zhang, at=AT)


def test_a_teacher_who_left_and_sign_up_out_of_order_do_not_keep_a_course_from_being_copied(
    world: World, autumn: Term
) -> None:
    plans.opened(world, taught_by=world.wang)
    Resident.objects.filter(pk=world.wang.pk).update(status="moved_out")
    (twin,) = copied(world, autumn, opens_at=clock.at(date(2027, 6, 30), time(10)))
    assert twin.taught_by is None and twin.opens_at < twin.closes_at


def test_what_was_copied_opens_like_any_draft(world: World, autumn: Term) -> None:
    plans.opened(world)
    (twin,) = copied(world, autumn)
    with time_machine.travel(clock.at(date(2027, 2, 1), time(9)), tick=False):
        assert drafting.open_draft(course=twin, by=world.zhang).status == "open"


# The picture


def test_a_course_has_one_picture_and_its_copy_has_it_too(world: World, autumn: Term) -> None:
    course = plans.opened(world)
    for colour in ("red", "blue"):
        photos.put(course=course, picture=Picture(pictures.jpeg(colour=colour), 320, 200), by=world.zhang)
    assert bytes(CoursePhoto.objects.get().jpeg) == pictures.jpeg(colour="blue")
    (twin,) = copied(world, autumn)
    assert CoursePhoto.objects.filter(course=twin).exists()
    photos.remove(course=course, by=world.zhang)
    assert not CoursePhoto.objects.filter(course=course).exists()
