"""Who is old enough for which service, and with whom (domain guide, 3.6)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from activities import ages, minors, presence, recording, reviewing, signup
from activities.models import Activity, Award, Means, Participation, Service
from communities import consents, guardians
from communities.models import Consent, Guardian, Household, Resident, User
from core import clock
from core.refusals import Refused
from core.verbs import refusing
from notifications.models import Message
from tests import world as cast
from tests.communities.guarding import SEEN, born, child_of, guarded
from tests.world import World

pytestmark = pytest.mark.django_db
Status = Participation.Status


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def outing(world: World, **fields: object) -> Activity:
    """What children of eight may join."""
    return cast.activity(world.wenxing, **({"min_age": 8} | fields))


def joined(world: World, child: Resident, activity: Activity | None = None, by: User | None = None) -> Participation:
    there = activity or outing(world)
    before = min(clock.now(), there.starts_at - timedelta(days=1))
    return signup.sign_up(activity_id=there.pk, resident=child, by=by or phone(world.wang), at=before)


def phone(resident: Resident) -> User:
    assert resident.account is not None
    return resident.account


@pytest.mark.parametrize("years", range(8, 18))
def test_without_the_guardians_consent_nobody_under_age_serves(world: World, years: int) -> None:
    child = guarded(world, years, SEEN)
    assert code(lambda: joined(world, child)) == "guardian_consent_missing"
    guardians.agree(child=child, by=phone(world.wang))
    assert joined(world, child).status == Status.SIGNED_UP


def test_under_eight_one_only_comes_along(world: World) -> None:
    there = outing(world, min_age=6)
    child = child_of(world.wang, 7)
    refused = ages.refusal_for_age(there, child)
    assert isinstance(refused, ages.TooSmall)


def test_the_age_of_the_day_of_the_activity_counts(world: World) -> None:
    child = guarded(world, 13)
    turns = outing(world, starts_at=clock.at(_birthday(child, 14), clock.local(clock.now()).time()))
    assert ages.guardian_for(turns, child, None) is None and ages.age_at(turns, child) == 14
    assert ages.guardian_for(outing(world), child, None) == world.wang


def _birthday(child: Resident, years: int) -> date:
    assert child.birth_date
    return child.birth_date.replace(year=child.birth_date.year + years)


def test_a_child_comes_with_the_guardian_whose_phone_signed_up(world: World) -> None:
    child = guarded(world)
    guardians.register(child=child, guardian=world.li, kinship=SEEN, by=world.zhang)
    assert joined(world, child, by=phone(world.li)).guardian == world.li
    assert (
        joined(world, child, outing(world, starts_at=clock.now() + timedelta(days=9)), by=world.system).guardian
        == world.wang
    )


def test_from_fourteen_on_one_comes_alone(world: World) -> None:
    teen = guarded(world, 14, account=phone(world.li))
    mine = joined(world, teen, by=phone(world.li))
    assert mine.guardian is None and not mine.guardian_there


@pytest.mark.parametrize("years", [10, 16])
def test_nothing_dangerous_under_eighteen(world: World, years: int) -> None:
    storm = cast.activity(world.wenxing, min_age=18, dangerous=True, insurance="PICC-1")
    assert isinstance(ages.refusal_for_age(storm, guarded(world, years)), ages.Dangerous)
    assert ages.refusal_for_age(storm, world.wang) is None
    assert isinstance(ages.refusal_for_age(storm, world.sun), ages.AgeUnknown)


def test_to_a_lecture_who_is_fourteen_goes_as_everybody_does(world: World) -> None:
    lecture = outing(world, kind="LECT", volunteering=False)
    assert ages.refusal_for_age(lecture, child_of(world.wang, 14)) is None
    assert isinstance(ages.refusal_for_age(lecture, child_of(world.wang, 13, "王中虎")), ages.ConsentMissing)


def test_of_an_older_text_the_consent_counts_no_more(world: World) -> None:
    child = guarded(world)
    Consent.objects.filter(resident=child).update(version="2020-01")
    assert code(lambda: joined(world, child)) == "guardian_consent_missing"


def test_a_guardian_who_answers_no_more_has_agreed_to_nothing(world: World) -> None:
    """Even if the consent stood: the relation is asked for too."""
    child = guarded(world)
    Guardian.objects.filter(child=child).update(ended_at=clock.now(), ended_by=world.zhang)
    assert code(lambda: joined(world, child)) == "guardian_missing"


def test_adults_cost_no_query(world: World, django_assert_num_queries: Callable[..., object]) -> None:
    there = outing(world)
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        assert ages.refusal_for_age(there, world.wang) is None


# on the spot


def over(world: World, child: Resident, **fields: object) -> Participation:
    return joined(world, child, outing(world, ago=3, **fields))


def recorded(mine: Participation, by: User) -> Participation:
    return recording.record(participation=mine, minutes=60, by=by)


def test_without_the_guardian_on_the_spot_a_childs_service_is_not_recorded(world: World) -> None:
    mine = over(world, guarded(world))
    assert code(lambda: recorded(mine, world.zhang)) == "guardian_not_there"
    assert Participation.objects.get(pk=mine.pk).status == Status.SIGNED_UP
    minors.there(participation=mine, by=world.zhang)
    assert recorded(mine, world.zhang).guardian_there


@pytest.mark.parametrize("years", [10, 16])
def test_whose_guardian_agrees_no_more_is_not_written_down_as_having_come(world: World, years: int) -> None:
    """The desk writes the whole of it afterwards, the organiser ticks, the code is scanned: one question."""
    mine = over(world, guarded(world, years))
    Participation.objects.filter(pk=mine.pk, guardian__isnull=False).update(guardian_there=True)
    guardians.withdraw(child=mine.resident, by=phone(world.wang))
    assert isinstance(ages.consent_ended(mine.activity, mine.resident), ages.ConsentEnded)
    assert code(lambda: recorded(mine, world.zhang)) == "guardian_consent_missing"
    there = mine.activity
    arriving = {"activity_id": there.pk, "resident": mine.resident, "at": there.starts_at, "by": world.zhang}
    assert code(lambda: presence.arrive(how=Means.DESK, **arriving)) == "guardian_consent_missing"  # type: ignore[arg-type]
    assert Participation.objects.get(pk=mine.pk).status == Status.SIGNED_UP


def test_what_was_seen_while_the_guardian_agreed_is_recorded_still(world: World) -> None:
    mine = over(world, guarded(world, 16))
    presence.arrive(
        activity_id=mine.activity_id, resident=mine.resident, how=Means.DESK, by=world.zhang, at=mine.activity.starts_at
    )
    guardians.withdraw(child=mine.resident, by=phone(world.wang))
    assert recorded(mine, world.zhang).status == Status.RECORDED


def test_the_database_does_not_take_it_either(world: World) -> None:
    mine = over(world, guarded(world))
    minors.there(participation=mine, by=world.zhang)
    recorded(mine, world.zhang)
    from_below = Participation.objects.filter(pk=mine.pk)
    assert code(lambda: _raw(from_below)) == "guardian_not_there"


def _raw(rows: object) -> None:
    with refusing(recording.REFUSALS):
        rows.update(guardian_there=False)  # type: ignore[attr-defined]


def test_the_hours_are_the_childs_and_the_points_the_guardians(world: World) -> None:
    child = guarded(world)
    mine = over(world, child)
    minors.there(participation=mine, by=world.zhang)
    recorded(mine, world.zhang)
    done = reviewing.confirm(participation=mine, minutes=60, by=world.chen)
    award = Award.objects.get(about=f"participation:{done.pk}")
    assert (award.resident, award.given) == (world.wang, 10)
    assert Service.objects.get(participation=done).resident == child
    told = Message.objects.filter(occasion=f"participation:{done.pk}:confirmed", channel=Message.Channel.INBOX)
    assert {one.resident for one in told} == {child, world.wang}


def test_no_colleague_confirms_what_the_own_child_did(world: World) -> None:
    """The points are the guardian's, so the guardian's family does not decide either, wherever the child lives."""
    child = guarded(world, household=Household.objects.create(community=world.wenxing))
    mine = over(world, child)
    minors.there(participation=mine, by=world.zhang)
    recorded(mine, world.zhang)
    User.objects.filter(pk=world.chen.pk).update(own_phone=world.wang.phone)
    world.chen.refresh_from_db()
    assert code(lambda: reviewing.confirm(participation=mine, minutes=60, by=world.chen)) == "own_points"


def test_no_colleague_ticks_the_own_family(world: World) -> None:
    mine = over(world, guarded(world))
    User.objects.filter(pk=world.chen.pk).update(own_phone=world.wang.phone)
    world.chen.refresh_from_db()
    assert code(lambda: minors.there(participation=mine, by=world.chen)) == "own_child"
    assert code(lambda: minors.there(participation=mine, by=world.qian)) == "not_your_duty"


def test_a_tick_by_mistake_is_taken_back_until_it_is_recorded(world: World) -> None:
    mine = over(world, guarded(world))
    minors.there(participation=mine, by=world.zhang)
    assert not minors.there(participation=mine, by=world.zhang, present=False).guardian_there
    minors.there(participation=mine, by=world.zhang)
    recorded(mine, world.zhang)
    assert code(lambda: minors.there(participation=mine, by=world.zhang, present=False)) == "no_guardian_needed"
    adult = joined(world, world.li, outing(world, ago=30), by=phone(world.li))
    assert code(lambda: minors.there(participation=adult, by=world.zhang)) == "no_guardian_needed"


# taking it back


def test_with_the_consent_end_the_sign_ups_to_come_and_nothing_else(world: World) -> None:
    child = guarded(world)
    past, coming = over(world, child), joined(world, child)
    teen = guarded(world, 15, name="王大虎")
    others = joined(world, teen, coming.activity)
    line = cast.resident(world.wenxing, "候补人", "13900003333", date(1980, 1, 1))
    Activity.objects.filter(pk=coming.activity_id).update(capacity=2)
    waits = signup.join_line(activity_id=coming.activity_id, resident=line, by=phone(line))
    guardians.withdraw(child=child, by=phone(world.wang))
    stands = {one.pk: one.status for one in Participation.objects.all()}
    assert stands == {past.pk: "signed_up", coming.pk: "cancelled", others.pk: "signed_up", waits.pk: "signed_up"}


def test_at_the_counter_it_ends_the_same(world: World) -> None:
    child = guarded(world)
    coming = joined(world, child)
    consents.withdraw(resident=child, purpose=Consent.Purpose.MINOR_VOLUNTEER, by=world.zhang)
    coming.refresh_from_db()
    assert coming.status == Status.CANCELLED


def test_who_agreed_no_more_is_not_checked_in_although_signed_up(world: World) -> None:
    """Taken back once it has begun: the sign-up stands, but nobody is written down against the guardian's word."""
    child, there = guarded(world), outing(world, starts_at=clock.now() - timedelta(minutes=5))
    joined(world, child, there)
    guardians.withdraw(child=child, by=phone(world.wang))
    arrive = {"activity_id": there.pk, "resident": child, "by": phone(world.wang)}
    assert code(lambda: presence.arrive(**arrive)) == "guardian_consent_missing"
    guardians.agree(child=child, by=phone(world.wang))
    assert presence.arrive(**arrive).guardian == world.wang


def test_the_points_of_a_child_go_to_nobody_who_was_guardian(world: World) -> None:
    child = guarded(world)
    guardians.register(child=child, guardian=world.li, kinship=SEEN, by=world.zhang)
    there = outing(world, starts_at=clock.now() - timedelta(minutes=5))
    assert joined(world, child, there, phone(world.li)).guardian == world.li
    guardians.end(guardian=Guardian.objects.get(guardian=world.li), by=world.chen)
    came = presence.arrive(activity_id=there.pk, resident=child, by=world.zhang, how=Means.DESK)
    assert came.guardian == world.wang


def test_another_consent_that_ends_cancels_nothing(world: World) -> None:
    child = guarded(world)
    coming = joined(world, child)
    consents.keep(child, Consent.Purpose.PHOTO, by=world.zhang, way=Consent.Way.SIGNATURE)
    consents.withdraw(resident=child, purpose=Consent.Purpose.PHOTO, by=world.zhang)
    coming.refresh_from_db()
    assert coming.status == Status.SIGNED_UP


def test_born_helps_the_tests_to_the_right_ages() -> None:
    assert [Resident(birth_date=born(n)).age_on(clock.today()) for n in (7, 8, 17)] == [7, 8, 17]
