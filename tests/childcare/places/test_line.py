"""Asking for a place: had at once, or waited for in the published order."""

from datetime import timedelta
from typing import Any

import pytest

from childcare.models import CareFile, Group, Place
from childcare.places import book, ending, fit, line, offering, sweeps, tiers
from childcare.places.groups import NotOpen
from communities import consents
from communities.models import Consent
from core import clock
from core.refusals import Refused
from notifications.models import Message
from tests import world as cast
from tests.childcare.cast import Care, child, guard, place
from tests.childcare.places.lined import asked, family, out_of_force, several, small
from tests.world import World

Status = Place.Status


def test_who_asks_while_a_place_is_free_has_it(world: World, care: Care) -> None:
    here = small(care, 2)
    (made,) = several(world, here, 1)
    here.refresh_from_db()
    assert (made.status, made.starts_on, here.taken) == (Status.HELD, here.first_on, 1)
    assert Message.objects.filter(resident=made.payer, title="有托位了").exists()


def test_who_asks_for_a_full_group_waits(world: World, care: Care) -> None:
    here = small(care, 1)
    first, second, third = several(world, here, 3)
    assert [one.status for one in (first, second, third)] == [Status.HELD, Status.WAITING, Status.WAITING]
    assert [line.ahead_of(one) for one in (second, third)] == [0, 1]
    said = Message.objects.get(resident=third.payer)
    assert "排第2位" in said.body and third.child.name not in said.body


def test_nobody_overtakes_who_waits_when_a_place_comes_free_by_itself(world: World, care: Care) -> None:
    here = small(care, 1)
    several(world, here, 2)
    Group.objects.filter(pk=here.pk).update(capacity=2)
    late = asked(here, *family(world, 9))
    assert late.status == Status.WAITING


def test_a_family_with_a_brother_in_the_centre_goes_first(world: World, care: Care) -> None:
    here = small(care, 1)
    several(world, here, 2)
    brother = cast.resident(world.wenxing, "高弟弟", "", care.child.birth_date)
    brother.household = care.mother.household
    brother.save()
    CareFile.objects.create(child=brother, grade=2, updated_by=world.zhang)
    guard(brother, care.mother, "母亲", world.zhang)
    mine = asked(here, care.mother, brother)
    assert (mine.tier, line.ahead_of(mine)) == (tiers.FIRST, 0)


def test_who_both_work_goes_first_when_a_colleague_saw_it(world: World, care: Care) -> None:
    here = small(care, 1)
    several(world, here, 2)
    mother, child = family(world, 7)
    mine = asked(here, mother, child, first=True, by=world.zhang)
    assert (mine.tier, line.ahead_of(mine)) == (tiers.FIRST, 0)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"plan": []}, "care_bad_wish"),
        ({"plan": [0, 1]}, "care_bad_wish"),  # no fee for two days a week
        ({"plan": [0, 1, 1]}, "care_bad_wish"),
        ({"plan": [0, 1, 9]}, "care_bad_wish"),
        ({"starts_on": clock.today() - timedelta(days=1)}, "care_bad_wish"),
        ({"starts_on": clock.today() + timedelta(days=341)}, "care_bad_wish"),
        ({"alone": True}, "care_not_alone"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(world: World, care: Care, change: dict[str, Any], code: str) -> None:
    here = small(care, 2)
    with pytest.raises(Refused) as refused:
        asked(here, *family(world, 1), **change)
    assert refused.value.code == code and not here.places.exists()


def test_a_child_of_grade_four_with_consent_may_leave_alone(world: World, care: Care) -> None:
    mother, child = family(world, 1, age=11)
    consents.keep(child, Consent.Purpose.CARE_ALONE, by=world.zhang, way=Consent.Way.SIGNATURE, guardian=mother)
    assert asked(small(care, 2), mother, child, alone=True).alone
    other, small_one = family(world, 2, age=9)
    consents.keep(small_one, Consent.Purpose.CARE_ALONE, by=world.zhang, way=Consent.Way.SIGNATURE, guardian=other)
    with pytest.raises(fit.NotAlone):
        asked(small(care, 3), other, small_one, alone=True)


def test_a_child_of_another_community_is_refused(world: World, care: Care) -> None:
    mother, child = family(world, 1, community=world.yongan)
    with pytest.raises(fit.OtherCommunity):
        asked(small(care, 1), mother, child)


@pytest.mark.parametrize("age", [1, 16])
def test_a_child_too_young_or_too_old_is_refused(world: World, care: Care, age: int) -> None:
    mother, child = family(world, 1, age=age)
    today = clock.today()
    with pytest.raises(fit.WrongAge):
        asked(small(care, 1, first_on=today, last_on=today + timedelta(days=30)), mother, child)


@pytest.mark.parametrize("purpose", [Consent.Purpose.CARE, Consent.Purpose.CHILD_DATA])
def test_without_the_guardians_consent_there_is_no_place(world: World, care: Care, purpose: str) -> None:
    mother, child = family(world, 1)
    Consent.objects.filter(resident=child, purpose=purpose).update(withdrawn_at=clock.now(), withdrawn_by=world.zhang)
    with pytest.raises(fit.NotAgreed):
        asked(small(care, 1), mother, child)


def test_without_a_care_file_there_is_no_place(world: World, care: Care) -> None:
    mother, child = family(world, 1)
    child.care_contacts.all().delete()
    child.care_file.delete()
    with pytest.raises(fit.NoCareFile):
        asked(small(care, 1), mother, child)


def test_a_child_has_no_two_places_at_the_same_hours(world: World, care: Care) -> None:
    today = clock.today()
    with pytest.raises(fit.Overlaps):
        asked(small(care, 1, first_on=today, last_on=today + timedelta(days=9)), care.mother, care.child)
    later = small(care, 2)  # after the last day of the other group
    assert asked(later, care.mother, care.child).status == Status.HELD


def test_who_asked_already_is_told_so(world: World, care: Care) -> None:
    here = small(care, 3)
    mother, child = family(world, 1)
    asked(here, mother, child)
    with pytest.raises(fit.AlreadyAsked):
        asked(here, mother, child)


@pytest.mark.parametrize("status", ["draft", "closed"])
def test_a_group_that_is_not_open_takes_nobody(world: World, care: Care, status: str) -> None:
    here = small(care, 3)
    draft = {"opened_at": None, "opened_by": None} if status == "draft" else {"closed_at": clock.now()}
    Group.objects.filter(pk=here.pk).update(status=status, **draft)
    with pytest.raises(NotOpen):
        asked(here, *family(world, 1))


def test_a_stranger_the_other_communitys_staff_and_who_is_no_guardian_are_refused(world: World, care: Care) -> None:
    here = small(care, 3)
    mother, child = family(world, 1)
    for by in (care.mother.account, world.qian, care.lead):
        with pytest.raises(fit.NotYours):
            asked(here, mother, child, by=by)
    with pytest.raises(fit.NotPayer):
        asked(here, care.mother, child, by=world.zhang)


def test_a_colleague_does_not_ask_for_the_own_family(world: World, care: Care) -> None:
    mother, child = family(world, 1)
    world.zhang.phone = None
    type(world.zhang).objects.filter(pk=world.zhang.pk).update(own_phone=mother.phone)
    world.zhang.refresh_from_db()
    with pytest.raises(fit.OwnFamily):
        asked(small(care, 1), mother, child, by=world.zhang)


def test_a_guardian_names_nobody_else_as_payer(world: World, care: Care) -> None:
    with pytest.raises(fit.NotPayer):
        asked(small(care, 1), care.father, care.child, by=care.mother.account)


def test_a_place_given_up_is_offered_to_the_next_at_once(world: World, care: Care) -> None:
    here = small(care, 1)
    first, second, third = several(world, here, 3)
    ending.end(place=first, last_day=clock.today(), reason="guardian", by=first.payer.account)  # type: ignore[arg-type]
    for one in (first, second, third):
        one.refresh_from_db()
    here.refresh_from_db()
    assert [one.status for one in (first, second, third)] == [Status.WITHDRAWN, Status.OFFERED, Status.WAITING]
    assert here.taken == 1
    taken = offering.accept(place=second, by=second.payer.account)  # type: ignore[arg-type]
    assert (taken.status, taken.starts_on) == (Status.HELD, here.first_on)


def test_an_offer_that_nobody_answers_goes_to_the_next(world: World, care: Care) -> None:
    here = small(care, 1)
    first, second, third = several(world, here, 3)
    ending.end(place=first, last_day=clock.today(), reason="guardian", by=world.zhang)
    second.refresh_from_db()
    assert second.offered_until
    assert sweeps.sweep(second.offered_until - timedelta(seconds=1)) == 0
    assert sweeps.sweep(second.offered_until) == 1
    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.status, second.end_reason, third.status) == (Status.WITHDRAWN, "expired", Status.OFFERED)
    with pytest.raises(offering.NoOffer):
        offering.accept(place=second, by=second.payer.account)  # type: ignore[arg-type]


def test_while_the_operator_may_not_serve_nobody_is_taken_in_and_no_offer_runs_out(world: World, care: Care) -> None:
    """By whoever asks; who has a place keeps it, and what was offered waits for the agreement."""
    here = small(care, 1)
    first, second = several(world, here, 2)
    serving = care.centre.operator
    out_of_force(care.centre)
    mother, child = family(world, 9)
    for by in (mother.account, world.zhang):
        with pytest.raises(fit.NotServing):
            asked(small(care, 3, name=f"另一个班{by}"), mother, child, by=by)
    ending.end(place=first, last_day=clock.today(), reason="guardian", by=world.zhang)
    second.refresh_from_db()
    with pytest.raises(fit.NotServing):
        offering.accept(place=second, by=second.payer.account)  # type: ignore[arg-type]
    until = second.offered_until
    assert until and sweeps.sweep(until) == 0
    second.refresh_from_db()
    assert second.status == Status.OFFERED and second.offered_until and second.offered_until > until
    care.centre.operator = serving
    care.centre.save(update_fields=["operator"])
    assert offering.accept(place=second, by=second.payer.account).status == Status.HELD  # type: ignore[arg-type]
    assert Place.objects.held().filter(pk=care.place.pk).exists()


def test_an_offer_turned_down_goes_to_the_next(world: World, care: Care) -> None:
    here = small(care, 1)
    first, second, third = several(world, here, 3)
    ending.end(place=first, last_day=clock.today(), reason="guardian", by=world.zhang)
    offering.decline(place=second, by=second.payer.account)  # type: ignore[arg-type]
    third.refresh_from_db()
    assert third.status == Status.OFFERED


def test_another_mother_answers_no_offer(world: World, care: Care) -> None:
    here = small(care, 1)
    first, second = several(world, here, 2)
    ending.end(place=first, last_day=clock.today(), reason="guardian", by=world.zhang)
    stranger = first.payer.account
    assert stranger
    for act in (offering.accept, offering.decline):
        with pytest.raises(fit.NotYours):
            act(place=second, by=stranger)


def test_who_may_not_come_any_more_is_passed_over_and_told_why(world: World, care: Care) -> None:
    here = small(care, 1)
    first, second, third = several(world, here, 3)
    Consent.objects.filter(resident=second.child).update(withdrawn_at=clock.now(), withdrawn_by=world.zhang)
    ending.end(place=first, last_day=clock.today(), reason="guardian", by=world.zhang)
    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.status, second.end_reason, third.status) == (Status.WITHDRAWN, "unfit", Status.OFFERED)
    assert "还没有同意" in Message.objects.get(resident=second.payer, title="候补结束").body


def test_an_offer_of_the_night_is_told_in_the_morning(world: World, care: Care) -> None:
    here = small(care, 1)
    first, second = several(world, here, 2)
    night = clock.at(clock.today() + timedelta(days=1), clock.local(clock.now()).time().replace(hour=23))
    ending.end(place=first, last_day=clock.today() + timedelta(days=1), reason="guardian", by=world.zhang, at=night)
    second.refresh_from_db()
    said = Message.objects.filter(resident=second.payer, title="托位轮到您的孩子")
    assert {clock.local(one.due_at).hour for one in said} == {8} and said.count() == 2
    assert second.offered_until and clock.local(second.offered_until).hour == 8
    assert second.child.name not in "".join(one.body for one in said)


def test_a_long_line_is_turned_page_by_page_in_its_order(world: World, care: Care) -> None:
    here, mother = small(care, 1), care.mother
    for number in range(book.PAGE + 3):
        mine = child(world.wenxing, f"孩子{number}", 9)
        place(here, mine, mother, by=world.zhang, status="waiting", starts_on=None, tier=number % 2)
    said = {"group": here, "state": "waiting"}
    first = book.page_of(world.zhang, said, None)
    second = book.page_of(world.zhang, said, first[book.PAGE - 1].pk)
    assert len(first) == book.PAGE + 1 and len(second) == 3
    assert [*first[: book.PAGE], *second] == list(Place.objects.waiting().filter(group=here))
