"""Who lives together is what each adult agreed to; leaving ends it, and nobody at the desk leaves their own."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine

from communities import closing, consents, households
from communities.consents import withdraw
from communities.households import found, join, leave
from communities.kin import kin_of
from communities.models import Change, Consent, Household, Parting, Resident, User
from core import clock
from core.refusals import Refused
from tests import world as cast
from tests.races.together import at_once
from tests.world import World

TODAY = "2026-11-22 09:00+08:00"
Way, Purpose = Consent.Way, Consent.Purpose
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_else_listens")]


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


@pytest.fixture
def nobody_else_listens(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int | None]]:
    """Who left, and of which household it was then; what the books do with it is their own test."""
    heard: list[tuple[int, int | None]] = []
    monkeypatch.setattr(households, "_listeners", [])
    households.on_leave(lambda resident, by: heard.append((resident.pk, resident.household_id)))
    return heard


@pytest.fixture
def home(world: World) -> Household:
    """王秀兰's, founded at the counter."""
    nobodys(world.wang)
    return found(resident=world.wang, by=world.zhang)


def nobodys(*people: Resident) -> None:
    for one in people:
        one.household = None
        one.save()


def agreed(resident: Resident) -> Consent:
    return Consent.objects.standing().get(resident=resident, purpose=Purpose.HOUSEHOLD)


def child(world: World, name: str = "王小小", born: date = date(2011, 1, 1)) -> Resident:
    made = cast.resident(world.wenxing, name, born=born)
    nobodys(made)
    return made


def test_a_household_begins_with_one_adult_who_signed(world: World, home: Household) -> None:
    assert (home.community, households.members_of(home.pk)) == (world.wenxing, [world.wang])
    assert (agreed(world.wang).way, agreed(world.wang).by) == (Way.SIGNATURE, world.zhang)
    assert households.members_of(None) == []


def test_each_adult_agrees_before_joining(world: World, home: Household) -> None:
    joined = join(resident=world.li, household=home, by=world.chen, way=Way.COUNTER)
    assert joined.household == home and agreed(world.li).way == Way.COUNTER
    assert Change.objects.filter(resident=world.li, what="resident", by=world.chen).exists()
    assert code(lambda: join(resident=world.li, household=home, by=world.chen)) == "same_household"


def test_who_moves_house_leaves_the_old_one_first(
    world: World, home: Household, nobody_else_listens: list[object]
) -> None:
    old = world.li.household
    assert old is not None
    join(resident=world.li, household=home, by=world.zhang)
    assert nobody_else_listens == [(world.li.pk, old.pk)]
    left = Parting.objects.get()
    assert (left.resident, left.household, left.by) == (world.li, old, world.zhang)
    assert Consent.objects.filter(resident=world.li, purpose=Purpose.HOUSEHOLD).count() == 1  # to the new one


def test_leaving_is_heard_while_the_household_still_stands(
    world: World, home: Household, nobody_else_listens: list[object]
) -> None:
    assert leave(resident=world.wang, by=world.zhang)
    assert nobody_else_listens == [(world.wang.pk, home.pk)]
    world.wang.refresh_from_db()
    assert world.wang.household is None and not leave(resident=world.wang, by=world.zhang)
    assert not Consent.objects.standing().filter(resident=world.wang, purpose=Purpose.HOUSEHOLD).exists()


def test_withdrawing_the_consent_is_leaving(world: World, home: Household, nobody_else_listens: list[object]) -> None:
    assert world.wang.account is not None
    withdraw(resident=world.wang, purpose=Purpose.HOUSEHOLD, by=world.wang.account)
    world.wang.refresh_from_db()
    assert world.wang.household is None and len(nobody_else_listens) == 1
    assert Parting.objects.get().by == world.wang.account


def test_who_closes_the_file_leaves_before_it_is_empty(
    world: World, home: Household, nobody_else_listens: list[object]
) -> None:
    closing.close(resident=world.wang, by=world.chen, reason="核对了身份证")
    world.wang.refresh_from_db()
    assert (world.wang.status, world.wang.household) == ("closed", None)
    assert nobody_else_listens == [(world.wang.pk, home.pk)]


def test_only_confirmed_residents_of_the_same_community(world: World, home: Household) -> None:
    nobodys(world.sun, world.zhou)
    assert code(lambda: join(resident=world.sun, household=home, by=world.zhang)) == "household_not_confirmed"
    assert code(lambda: join(resident=world.zhou, household=home, by=world.he)) == "household_elsewhere"
    assert code(lambda: join(resident=world.zhou, household=home, by=world.zhang)) == "not_your_duty"
    assert code(lambda: join(resident=world.li, household=home, by=world.qian)) == "not_your_duty"
    assert code(lambda: leave(resident=world.wang, by=world.qian)) == "not_your_duty"


def test_a_neighbours_phone_changes_nothing(world: World, home: Household) -> None:
    assert world.li.account is not None and world.wang.account is not None
    assert code(lambda: leave(resident=world.wang, by=world.li.account)) == "not_your_duty"  # type: ignore[arg-type]
    # Not even one's own phone takes one into a household that did not ask.
    assert code(lambda: join(resident=world.li, household=home, by=world.li.account)) == "not_your_duty"  # type: ignore[arg-type]


@time_machine.travel(TODAY, tick=False)
def test_a_minor_follows_an_adult_who_signs(world: World, home: Household) -> None:
    small = child(world)
    assert code(lambda: join(resident=small, household=home, by=world.zhang, way=Way.COUNTER)) == "bad_input"
    join(resident=small, household=home, by=world.zhang)
    assert (agreed(small).guardian, agreed(small).way) == (world.wang, Way.SIGNATURE)
    assert agreed(world.wang).guardian is None


@time_machine.travel(TODAY, tick=False)
def test_a_minor_without_such_an_adult_joins_nothing(world: World) -> None:
    small = child(world)
    assert code(lambda: found(resident=small, by=world.zhang)) == "household_needs_adult"
    # 李建国 lives there but never agreed to it; somebody of unknown age is no adult for a child.
    assert world.li.household is not None
    assert code(lambda: join(resident=small, household=world.li.household, by=world.zhang)) == "household_needs_adult"  # type: ignore[arg-type]
    unknown = cast.resident(world.wenxing, "冯月英")
    nobodys(unknown)
    home = found(resident=unknown, by=world.zhang)
    assert code(lambda: join(resident=small, household=home, by=world.zhang)) == "household_needs_adult"
    assert not Household.objects.filter(members=small).exists()


@time_machine.travel(TODAY, tick=False)
def test_a_minor_whom_no_adult_is_left_with_leaves_too(world: World, home: Household) -> None:
    small = child(world)
    join(resident=small, household=home, by=world.zhang)
    join(resident=world.li, household=home, by=world.zhang)
    leave(resident=world.wang, by=world.zhang)
    small.refresh_from_db()
    assert small.household == home  # 李建国 is there
    leave(resident=world.li, by=world.zhang)
    small.refresh_from_db()
    assert small.household is None and not Consent.objects.standing().filter(resident=small).exists()


# the desk and its own family


def known_as(user: User, resident: Resident) -> None:
    user.own_phone = resident.phone
    user.save()


def test_staff_do_not_leave_their_own_household_to_stop_being_family(world: World, home: Household) -> None:
    join(resident=world.li, household=home, by=world.chen)
    known_as(world.zhang, world.wang)
    assert code(lambda: leave(resident=world.wang, by=world.zhang)) == "not_your_own"
    assert code(lambda: leave(resident=world.li, by=world.zhang)) == "not_your_own"
    nobodys(world.zhao)
    assert code(lambda: join(resident=world.zhao, household=home, by=world.zhang)) == "not_your_own"
    other = found(resident=world.zhao, by=world.chen)
    assert code(lambda: join(resident=world.wang, household=other, by=world.zhang)) == "not_your_own"
    assert leave(resident=world.li, by=world.chen)


def test_staff_whose_own_phone_nobody_knows_change_no_household(world: World, home: Household) -> None:
    known_as(world.zhang, Resident(phone=""))
    nobodys(world.li)
    for act in (
        lambda: leave(resident=world.wang, by=world.zhang),
        lambda: join(resident=world.li, household=home, by=world.zhang),
        lambda: found(resident=world.li, by=world.zhang),
    ):
        assert code(act) == "own_phone_missing"
    assert households.members_of(home.pk) == [world.wang]


def test_a_colleague_who_leaves_by_their_own_phone_is_family_for_a_year(world: World, home: Household) -> None:
    join(resident=world.li, household=home, by=world.chen)
    known_as(world.zhang, world.wang)
    assert world.wang.account is not None
    leave(resident=world.wang, by=world.wang.account)  # nobody may forbid that
    world.li.refresh_from_db()
    assert kin_of(world.zhang).includes(world.li)
    with time_machine.travel(clock.now() + timedelta(days=366)):
        assert not kin_of(world.zhang).includes(world.li)


def test_so_is_the_relative_who_leaves_and_whoever_left_before(world: World, home: Household) -> None:
    join(resident=world.li, household=home, by=world.chen)
    known_as(world.zhang, world.wang)
    assert world.li.account is not None and world.wang.account is not None
    leave(resident=world.li, by=world.li.account)
    world.li.refresh_from_db()
    assert kin_of(world.zhang).includes(world.li)
    leave(resident=world.wang, by=world.wang.account)
    assert kin_of(world.zhang).includes(world.li)
    assert not kin_of(world.zhang).includes(world.zhao) and not kin_of(world.chen).includes(world.li)


# at the same moment


@pytest.mark.django_db(transaction=True)
@time_machine.travel(TODAY, tick=True)
def test_no_child_stays_alone_when_the_adult_leaves_at_that_moment(world: World, home: Household) -> None:
    for number in range(4):
        small = child(world, f"王小{number}")
        at_once(
            [
                lambda: leave(resident=Resident.objects.get(pk=world.wang.pk), by=world.chen),
                lambda small=small: join(resident=small, household=home, by=world.zhang),  # type: ignore[misc]
            ]
        )
        left = households.members_of(home.pk)
        assert not left or any((one.age_on(date(2026, 11, 22)) or 0) >= 18 for one in left)
        if not left:
            join(resident=Resident.objects.get(pk=world.wang.pk), household=home, by=world.chen)


@pytest.mark.django_db(transaction=True)
def test_one_person_joins_one_household(world: World, home: Household) -> None:
    nobodys(world.li, world.zhao)
    other = found(resident=world.zhao, by=world.chen)
    answers = at_once(
        [
            lambda place=place: join(resident=Resident.objects.get(pk=world.li.pk), household=place, by=world.chen)  # type: ignore[misc]
            for place in (home, other)
        ]
    )
    world.li.refresh_from_db()
    assert world.li.household in (home, other)
    assert consents.held_by([world.li], Purpose.HOUSEHOLD) == {world.li.pk}, answers
