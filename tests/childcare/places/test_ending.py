"""A place that ends: said beforehand, kept until its last day, then the next one's; and the child that goes over to another group."""

from datetime import time, timedelta

import pytest
from django.db import DatabaseError, transaction

from childcare.models import Attendance, CareFile, Group, Place
from childcare.places import ending, fit, moving, sweeps
from childcare.places.ending import AlreadyOver, BadLastDay, WasThere
from childcare.places.groups import Full
from communities import consents, duties
from communities.models import Consent
from core import clock
from tests.childcare.cast import Care, group
from tests.childcare.places.lined import asked, family
from tests.world import World

TOMORROW = timedelta(days=1)


def test_a_family_says_the_last_day_and_keeps_the_place_until_then(world: World, care: Care) -> None:
    last = clock.today() + timedelta(days=2)
    mine = ending.end(place=care.place, last_day=last, reason="guardian", by=care.mother.account)  # type: ignore[arg-type]
    assert (mine.status, mine.ends_on) == ("held", last)
    assert sweeps.sweep(clock.at(last, time(23))) == 0
    assert sweeps.sweep(clock.at(last + TOMORROW, time(1))) == 1
    care.place.refresh_from_db()
    care.group.refresh_from_db()
    assert (care.place.status, care.group.taken) == ("ended", 1)
    assert CareFile.objects.get(child=care.child).left_on == last


def test_a_family_changes_its_mind_before_the_last_day(world: World, care: Care) -> None:
    ending.end(place=care.place, last_day=clock.today() + TOMORROW, reason="guardian", by=care.father.account)  # type: ignore[arg-type]
    kept = ending.keep(place=care.place, by=care.mother.account)  # type: ignore[arg-type]
    assert (kept.ends_on, kept.end_reason, kept.ended_by) == (None, "", None)
    with pytest.raises(AlreadyOver):
        ending.keep(place=care.place, by=care.mother.account)  # type: ignore[arg-type]


def test_a_last_day_in_the_past_or_far_away_is_refused(world: World, care: Care) -> None:
    today = clock.today()
    for last in (today - TOMORROW, today + timedelta(days=63)):
        with pytest.raises(BadLastDay):
            ending.end(place=care.place, last_day=last, reason="guardian", by=care.mother.account)  # type: ignore[arg-type]


def test_no_last_day_lies_before_a_day_on_which_the_child_was_there(world: World, care: Care) -> None:
    today = clock.today()
    Attendance.objects.create(place=care.place, day=today, arrived_at=clock.at(today, time(8)), by=care.teacher)
    with pytest.raises(WasThere):
        ending.end(place=care.place, last_day=today - TOMORROW, reason="guardian", by=world.zhang)
    assert ending.end(place=care.place, last_day=today, reason="guardian", by=world.zhang).ends_on == today


def test_the_head_alone_ends_a_place_for_being_late(world: World, care: Care) -> None:
    for by in (world.zhang, care.lead, world.qian):
        with pytest.raises(duties.NotYourDuty):
            ending.end(place=care.place, last_day=clock.today(), reason="late", by=by)
    done = ending.end(place=care.place, last_day=clock.today(), reason="late", by=world.chen)
    assert done.end_reason == "late"
    with pytest.raises(duties.NotYourDuty):  # nor does the family take that back
        ending.keep(place=care.place, by=care.mother.account)  # type: ignore[arg-type]


def test_nobody_but_the_family_and_its_staff_ends_a_place(world: World, care: Care) -> None:
    for by in (care.other_mother.account, world.qian, care.teacher):
        with pytest.raises(fit.NotYours):
            ending.end(place=care.place, last_day=clock.today(), reason="guardian", by=by)  # type: ignore[arg-type]


def test_a_consent_that_is_withdrawn_ends_the_place_by_whoever_withdrew_it(world: World, care: Care) -> None:
    mine, mother = care.other_place, care.other_mother.account
    assert mother and care.mother.account
    with pytest.raises(fit.NotYours):
        ending.end(place=mine, last_day=clock.today(), reason="consent", by=care.mother.account)
    consents.end(Consent.objects.standing().filter(resident=care.other_child, purpose="care"), by=mother)
    mine.refresh_from_db()
    if mine.ends_on is None:  # whoever listens to withdrawals did not end it yet
        ending.end(place=mine, last_day=clock.today(), reason="consent", by=mother)
    mine.refresh_from_db()
    assert (mine.ends_on, mine.end_reason) == (clock.today(), "consent")


def test_a_place_that_is_over_does_not_come_back(world: World, care: Care) -> None:
    ending.end(place=care.place, last_day=clock.today() - TOMORROW, reason="guardian", by=world.zhang)
    care.place.refresh_from_db()
    assert care.place.status == "ended"
    with pytest.raises(AlreadyOver):
        ending.end(place=care.place, last_day=clock.today(), reason="guardian", by=world.zhang)
    with pytest.raises(DatabaseError), transaction.atomic():
        Place.objects.filter(pk=care.place.pk).update(status="held", ended_at=None)


def test_raw_sql_does_not_count_places_nor_fill_a_full_group(world: World, care: Care) -> None:
    Group.objects.filter(pk=care.group.pk).update(taken=0)
    care.group.refresh_from_db()
    assert care.group.taken == 2
    Group.objects.filter(pk=care.group.pk).update(capacity=2)
    mother, child = family(world, 1)
    facts = {"plan": [0], "by": world.zhang, "starts_on": clock.today(), "status": "held"}
    with pytest.raises(DatabaseError, match="group_places"), transaction.atomic():
        Place.objects.create(group=care.group, child=child, payer=mother, **facts)
    with pytest.raises(DatabaseError), transaction.atomic():
        Place.objects.filter(pk=care.place.pk).update(child=child)


def test_nobody_is_put_into_a_group_that_is_not_open(world: World, care: Care) -> None:
    draft = group(care.centre, world.chen, name="筹备", status="draft", opened_at=None, opened_by=None)
    mother, child = family(world, 1)
    with pytest.raises(DatabaseError, match="not open"), transaction.atomic():
        Place.objects.create(
            group=draft, child=child, payer=mother, plan=[0], by=world.zhang, starts_on=clock.today(), status="held"
        )


def test_a_child_goes_over_to_another_group_in_one_step(world: World, care: Care) -> None:
    other = group(
        care.centre,
        world.chen,
        name="另一个班",
        capacity=1,
        first_on=clock.today(),
        last_on=clock.today() + timedelta(days=90),
    )
    made = moving.move(place=care.place, to=other, first_day=clock.today(), by=world.zhang)
    care.place.refresh_from_db()
    assert (care.place.status, care.place.ends_on, care.place.end_reason) == (
        "ended",
        clock.today() - TOMORROW,
        "moved",
    )
    assert (made.status, made.starts_on, made.payer) == ("held", clock.today(), care.mother)
    assert CareFile.objects.get(child=care.child).left_on is None
    with pytest.raises(Full):  # neither both nor none
        moving.move(place=care.other_place, to=other, first_day=clock.today(), by=world.zhang)
    care.other_place.refresh_from_db()
    assert (care.other_place.status, care.other_place.ends_on) == ("held", None)


def test_a_child_moves_within_its_centre_alone_and_by_its_staff(world: World, care: Care) -> None:
    elsewhere = group(care.centre, world.chen, name="另一个班", capacity=1)
    with pytest.raises(moving.OtherCentre):
        moving.move(place=care.place, to=care.group, first_day=clock.today(), by=world.zhang)
    for by in (world.qian, care.mother.account, care.lead):
        with pytest.raises(duties.NotYourDuty):
            moving.move(place=care.place, to=elsewhere, first_day=clock.today(), by=by)  # type: ignore[arg-type]


def test_who_never_began_is_taken_out_and_the_next_is_asked(world: World, care: Care) -> None:
    later = {"first_on": clock.today() + timedelta(days=300), "last_on": clock.today() + timedelta(days=330)}
    here = group(care.centre, world.chen, name="以后的班", capacity=1, **later)
    first, second = (asked(here, *family(world, number)) for number in (1, 2))
    ending.end(place=first, last_day=clock.today(), reason="guardian", by=world.zhang)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, first.ends_on, second.status) == ("withdrawn", None, "offered")


def weekend(world: World, care: Care, **fields: object) -> Group:
    return group(care.centre, world.chen, name="另一个班", **fields)


def test_a_child_that_goes_over_later_keeps_its_old_place_until_then(world: World, care: Care) -> None:
    Group.objects.filter(pk=care.group.pk).update(capacity=2)
    waits = asked(care.group, *family(world, 1))
    later = clock.today() + timedelta(days=5)
    made = moving.move(place=care.place, to=weekend(world, care), first_day=later, by=world.zhang)
    care.place.refresh_from_db()
    waits.refresh_from_db()
    assert (care.place.status, care.place.ends_on, made.starts_on) == ("held", later - TOMORROW, later)
    assert (waits.status, made.status) == ("waiting", "held")
    with pytest.raises(fit.Overlaps):  # there is another place by then
        ending.keep(place=care.place, by=world.zhang)
    sweeps.sweep(clock.at(later, time(1)))
    care.place.refresh_from_db()
    waits.refresh_from_db()
    assert (care.place.status, waits.status) == ("ended", "offered")
    assert CareFile.objects.get(child=care.child).left_on is None


def test_of_a_place_that_had_not_begun_no_day_is_left(world: World, care: Care) -> None:
    begins = clock.today() + timedelta(days=3)
    Place.objects.filter(pk=care.place.pk).update(starts_on=begins)
    made = moving.move(place=care.place, to=weekend(world, care), first_day=begins, by=world.zhang)
    care.place.refresh_from_db()
    assert (care.place.status, care.place.ends_on, made.starts_on) == ("withdrawn", None, begins)


def test_nobody_goes_over_on_a_first_day_on_which_the_child_was_there(world: World, care: Care) -> None:
    today = clock.today()
    Place.objects.filter(pk=care.place.pk).update(starts_on=today)
    Attendance.objects.create(place=care.place, day=today, arrived_at=clock.at(today, time(8)), by=care.teacher)
    with pytest.raises(WasThere):
        moving.move(place=care.place, to=weekend(world, care), first_day=today, by=world.zhang)
    care.place.refresh_from_db()
    assert care.place.status == "held"


def test_nobody_stays_without_consent(world: World, care: Care) -> None:
    last = clock.today() + TOMORROW
    ending.end(place=care.place, last_day=last, reason="guardian", by=care.mother.account)  # type: ignore[arg-type]
    # As it stands after the consent was withdrawn and its own last day was taken over.
    Consent.objects.filter(resident=care.child, purpose="care").delete()
    for by in (world.zhang, care.mother.account):
        with pytest.raises(ending.NoLongerAgreed):
            ending.keep(place=care.place, by=by)  # type: ignore[arg-type]
    care.place.refresh_from_db()
    assert care.place.ends_on == last
