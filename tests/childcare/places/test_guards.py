"""Guards of places that no other test asks for: each was taken out once and the test beside it seen to fail."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.http import Http404

from childcare.models import Group, Place
from childcare.places import centres, closing, counter, ending, fit, groups, mine, offering, rooms, sweeps
from childcare.places.groups import BadGroup, NotOpen
from communities import duties
from communities.models import Consent, Guardian, Resident
from core import clock
from core.refusals import Refused
from partners import standing
from partners.models import Partner
from tests.childcare.cast import Care, centre
from tests.childcare.places.lined import asked, facts, family, room, several, small
from tests.world import World

Status = Place.Status


def soon(days: int) -> date:
    return clock.today() + timedelta(days=days)


def test_age_counts_on_the_first_day_that_is_to_come(world: World, care: Care) -> None:
    year = clock.today().year + 1
    here = small(care, 9, first_on=date(year, 1, 2), last_on=date(year, 2, 1))
    assert asked(here, *family(world, 1, age=2)).status == Status.HELD
    with pytest.raises(fit.WrongAge):
        asked(here, *family(world, 2, age=15))


def test_a_file_that_is_not_confirmed_has_no_place(world: World, care: Care) -> None:
    _mother, child = family(world, 1)
    Resident.objects.filter(pk=child.pk).update(status="pending", decided_at=None)
    child.refresh_from_db()
    refused = fit.against_child(small(care, 1), child, [0], clock.today())
    assert isinstance(refused, fit.WrongAge)


def test_grade_alone_lets_no_child_go_home_alone(world: World, care: Care) -> None:
    with pytest.raises(fit.NotAlone):
        asked(small(care, 1), *family(world, 1, age=11), alone=True)


def test_an_offer_is_in_the_way_of_another_group_and_a_place_that_ends_before_is_not(world: World, care: Care) -> None:
    here, beside = small(care, 1), small(care, 2)
    first, second = several(world, here, 2)
    ending.end(place=first, last_day=clock.today(), reason="guardian", by=world.zhang)
    with pytest.raises(fit.Overlaps):
        asked(beside, second.payer, second.child)
    meets = small(care, 3, first_on=soon(9), last_on=soon(40))
    with pytest.raises(fit.Overlaps):
        asked(meets, care.mother, care.child)
    ending.end(place=care.place, last_day=soon(8), reason="guardian", by=world.zhang)
    assert asked(meets, care.mother, care.child).status == Status.HELD


@pytest.mark.parametrize(
    ("act", "refusal"),
    [
        (lambda w, c: centres.close(centre=c.centre, last_day=soon(-1), by=w.chen), centres.BadCentre),
        (lambda w, c: centres.close(centre=c.centre, last_day=soon(5), by=w.chen), centres.GroupsLeft),
        (lambda w, c: centres.close(centre=c.centre, last_day=soon(500), by=w.zhang), duties.NotYourDuty),
        (lambda w, c: centres.change(centre=c.centre, facts=said(name="名" * 41), by=w.chen), centres.BadCentre),
        (lambda w, c: centres.change(centre=c.centre, facts=said(address=""), by=w.chen), centres.BadCentre),
        (lambda w, c: centres.change(centre=c.centre, facts=said(phone="1\0"), by=w.chen), centres.BadCentre),
        (lambda w, c: centres.change(centre=c.centre, facts=said(), by=w.chen, operator=other(w)), standing.NotInForce),
        (lambda w, c: closing.close(group=c.group, last_day=soon(-1), by=w.chen), BadGroup),
        (lambda w, c: closing.close(group=c.group, last_day=soon(999), by=w.chen), BadGroup),
        (lambda w, c: closing.close(group=shut(c), last_day=soon(1), by=w.chen), NotOpen),
        (lambda w, c: ending.end(place=c.place, last_day=soon(-1), reason="guardian", by=c.mother.account), ending.BadLastDay),
        (lambda w, c: ending.end(place=c.place, last_day=soon(63), reason="guardian", by=w.zhang), ending.BadLastDay),
        (lambda w, c: ending.end(place=short(c), last_day=soon(9), reason="guardian", by=w.zhang), ending.BadLastDay),
        (lambda w, c: ending.end(place=c.place, last_day=soon(0), reason="weather", by=w.zhang), ending.BadLastDay),
        (lambda w, c: ending.end(place=c.place, last_day=soon(0), reason="moved", by=c.mother.account), duties.NotYourDuty),
        (lambda w, c: offering.decline(place=c.place, by=w.zhang), offering.NotWaiting),
        (lambda w, c: offering.accept(place=c.place, by=w.zhang), offering.NoOffer),
        (lambda w, c: drafted(w, c, room=room(c, community=w.yongan)), BadGroup),
        (lambda w, c: drafted(w, c, last_on=soon(402)), BadGroup),
        (lambda w, c: drafted(w, c, grades="1\0"), BadGroup),
        (lambda w, c: drafted(w, c, seats=201), BadGroup),
        (lambda w, c: groups.draft(centre=c.centre, facts=facts(room(c)), by=w.qian), duties.NotYourDuty),
        (lambda w, c: groups.open(group=drafted(w, c, first_on=soon(-9), last_on=soon(-1)), by=w.chen), BadGroup),
        (lambda w, c: groups.open(group=closing_soon(w, c), by=w.chen), BadGroup),
        (lambda w, c: groups.open(group=c.group, by=w.chen), groups.NotDraft),
        (lambda w, c: groups.open(group=drafted(w, c), by=w.chen, days=[]), rooms.NoDays),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(
    world: World, care: Care, act: Callable[[World, Care], object], refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        act(world, care)


def said(**fields: Any) -> centres.Facts:
    return centres.Facts(**{"name": "幸福托管中心", "address": "天和城3号楼1层", "phone": "", "licensed": 120} | fields)


def other(world: World) -> Partner:
    facts = {"kind": Partner.Kind.ORGANISATION, "trade": Partner.Trade.CHILDCARE, "summary": "托管"}
    return Partner.objects.create(sub_district=world.street, name="没有协议的", admitted_at=clock.now(), **facts)


def shut(care: Care) -> Group:
    Group.objects.filter(pk=care.group.pk).update(status="closed", closed_at=clock.now())
    return care.group


def short(care: Care) -> Place:
    Group.objects.filter(pk=care.group.pk).update(last_on=soon(5))
    return care.place


def drafted(world: World, care: Care, **fields: Any) -> Group:
    where = fields.pop("room", None) or room(care)
    return groups.draft(centre=care.centre, facts=facts(where, **fields), by=world.zhang)


def closing_soon(world: World, care: Care) -> Group:
    care.centre.closed_on = soon(5)
    care.centre.save(update_fields=["closed_on"])
    return drafted(world, care)


def test_an_offer_is_not_taken_too_late_nor_by_a_child_that_may_not_come_any_more(world: World, care: Care) -> None:
    first, second = several(world, small(care, 1), 2)
    ending.end(place=first, last_day=clock.today(), reason="guardian", by=world.zhang)
    second.refresh_from_db()
    assert second.offered_until
    assert not offering.lapse(place=second, by=world.zhang, at=second.offered_until - timedelta(seconds=1))
    with pytest.raises(offering.NoOffer):
        offering.accept(place=second, by=world.zhang, at=second.offered_until)
    Consent.objects.filter(resident=second.child).update(withdrawn_at=clock.now(), withdrawn_by=world.zhang)
    with pytest.raises(fit.NotAgreed):
        offering.accept(place=second, by=world.zhang)


def test_after_the_last_day_of_a_group_nothing_is_offered(world: World, care: Care) -> None:
    here = small(care, 1)
    first, second = several(world, here, 2)
    after = clock.at(here.last_on + timedelta(days=1), time(9))
    offering.withdraw(first, Place.EndReason.GUARDIAN, by=world.zhang, at=after)
    second.refresh_from_db()
    assert second.status == Status.WAITING


def test_who_would_begin_after_the_last_day_of_the_group_never_had_a_place(world: World, care: Care) -> None:
    here = small(
        care, 2, first_on=soon(-9), last_on=soon(30), starts=time(1), ends=time(2), weekdays=[0, 1, 2, 3, 4, 5, 6]
    )
    Group.objects.filter(pk=care.group.pk).update(last_on=soon(0))
    made = asked(here, *family(world, 1), starts_on=soon(20))
    closing.close(group=here, last_day=soon(10), by=world.chen)
    sweeps.sweep(clock.at(soon(10), time(12)))
    here.refresh_from_db()
    assert here.status == Group.Status.OPEN  # its last day is a day
    sweeps.sweep(clock.at(soon(11), time(12)))
    made.refresh_from_db()
    assert (made.status, made.end_reason, made.ends_on) == (Status.WITHDRAWN, "graduated", None)


def test_who_is_guardian_no_more_and_whose_file_is_not_confirmed_see_no_place(world: World, care: Care) -> None:
    assert care.mother.account and mine.of(care.mother.account).count() == 1
    Resident.objects.filter(pk=care.mother.pk).update(status="pending", decided_at=None)
    assert not mine.of(care.mother.account).exists()
    assert care.father.account and mine.of(care.father.account).count() == 1
    how = {"ended_at": clock.now(), "ended_by": world.zhang}
    Guardian.objects.filter(guardian=care.father).update(**how)
    assert not mine.of(care.father.account).exists()


def test_the_counter_finds_no_group_of_others_and_says_what_is_over(world: World, care: Care) -> None:
    far = small(care, 1)
    elsewhere = centre(world.yongan, world.he, name="永安的中心")
    Group.objects.filter(pk=far.pk).update(centre=elsewhere)
    number = care.child.pk * counter.WIDTH + far.pk
    with pytest.raises(Http404):
        counter.ask_plan(care.mother, number, clock.now())
    with pytest.raises(Http404):
        counter.accept_plan(care.mother, care.other_place.pk, clock.now())
    assert isinstance(counter.accept_plan(care.mother, care.place.pk, clock.now()).refused, offering.NoOffer)
    ending.end(place=care.place, last_day=soon(-1), reason="guardian", by=world.zhang)
    assert isinstance(counter.leave_plan(care.mother, care.place.pk, clock.now()).refused, ending.AlreadyOver)
