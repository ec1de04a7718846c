"""An adult answers for a child: registered with both present, acting on the own phone, agreeing and taking it back."""

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest
import time_machine

from communities import acting, closing, consents, files, guardians, kin, phones
from communities.files import Facts
from communities.guardians import Kinship
from communities.models import Change, Consent, Guardian, Household, Resident, User
from communities.models.guardians import born_after
from communities.ownership import is_own
from core.refusals import Refused
from tests import world as cast
from tests.communities.guarding import AGREED, SEEN, born, child_of, guarded
from tests.world import World

pytestmark = pytest.mark.django_db
VOLUNTEER = Consent.Purpose.MINOR_VOLUNTEER


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def opened(world: World, years: int, **how: object) -> Resident:
    given = {
        "community": world.wenxing,
        "signed": True,
        "by": world.zhang,
        "guardian": world.wang,
        "kinship": SEEN,
    } | how
    return files.open_file(facts=Facts("王小虎", born(years)), **given)  # type: ignore[arg-type]


def account(resident: Resident) -> User:
    assert resident.account is not None
    return resident.account


# opening a file


def test_from_eight_on_a_child_has_a_file_with_its_guardian(world: World) -> None:
    child = opened(world, 8)
    mine = Guardian.objects.get(child=child)
    assert (mine.guardian, mine.relation, mine.basis, mine.by) == (world.wang, "母亲", "household_book", world.zhang)
    assert (child.household_id, child.account, child.phone) == (world.wang.household_id, None, "")
    data = Consent.objects.get(resident=child)
    assert (data.purpose, data.guardian, data.way) == ("personal_data", world.wang, "signature")


def test_the_signature_for_volunteering_is_a_consent_of_its_own(world: World) -> None:
    child = opened(world, 8, kinship=AGREED)
    consent = guardians.consented(child)
    assert consent is not None
    assert (consent.guardian, consent.way, consent.by) == (world.wang, "signature", world.zhang)


@pytest.mark.parametrize(
    ("years", "how", "expected"),
    [
        (7, {}, "too_young"), (13, {"guardian": None, "kinship": None}, "needs_guardian"), (13, {"kinship": None}, "bad_input"),
        (13, {"phone": "13800001111"}, "bad_input"), (17, {"guardian": None, "kinship": None}, "needs_guardian"),
    ],
)  # fmt: skip
def test_no_file_of_a_child_without_what_it_needs(
    world: World, years: int, how: dict[str, object], expected: str
) -> None:
    before = Resident.objects.count()
    assert code(lambda: opened(world, years, **how)) == expected
    assert Resident.objects.count() == before


def test_below_fourteen_the_guardian_has_a_phone_and_from_then_on_need_not(world: World) -> None:
    Resident.objects.filter(pk=world.wang.pk).update(account=None)
    world.wang.refresh_from_db()
    assert code(lambda: opened(world, 13)) == "guardian_needs_account"
    assert opened(world, 14).confirmed


def test_no_phone_is_bound_to_a_child_under_fourteen(world: World) -> None:
    child = guarded(world, 13)
    assert code(lambda: phones.move(resident=child, phone="13800001111", by=world.zhang)) == "bad_input"
    assert Resident.objects.get(pk=child.pk).account is None


# registering


def test_two_guardians_each_once_and_no_third(world: World) -> None:
    child, other, third = (
        guarded(world),
        world.li,
        cast.resident(world.wenxing, "吴爷爷", "13900002222", date(1950, 1, 1)),
    )
    again = partial(guardians.register, child=child, kinship=SEEN, by=world.zhang)
    assert code(partial(again, guardian=world.wang)) == "already_guardian"
    again(guardian=other)
    assert code(partial(again, guardian=third)) == "too_many_guardians"


@pytest.mark.parametrize("years", [7, 18, 30])
def test_only_of_a_child_from_eight_to_seventeen(world: World, years: int) -> None:
    child = child_of(world.wang, years)
    assert (
        code(lambda: guardians.register(child=child, guardian=world.wang, kinship=SEEN, by=world.zhang))
        == "not_a_child"
    )


def test_a_guardian_is_a_known_adult_of_the_same_community(world: World) -> None:
    child = child_of(world.wang)
    teen = child_of(world.wang, 17, "王大虎", account=account(world.li))
    for who in (teen, world.sun, world.zhou, child):
        asked = partial(guardians.register, child=child, guardian=who, kinship=SEEN, by=world.zhang)
        assert code(asked) == "not_a_guardian"


def test_no_colleague_registers_the_own_family_or_a_stranger_to_the_community(world: World) -> None:
    child = child_of(world.wang)
    assert (
        code(lambda: guardians.register(child=child, guardian=world.wang, kinship=SEEN, by=world.qian))
        == "not_your_duty"
    )
    Resident.objects.filter(pk=world.wang.pk).update(phone=world.zhang.own_phone)
    assert (
        code(lambda: guardians.register(child=child, guardian=world.wang, kinship=SEEN, by=world.zhang))
        == "guardian_is_kin"
    )
    User.objects.filter(pk=world.chen.pk).update(own_phone="")
    world.chen.refresh_from_db()
    assert (
        code(lambda: guardians.register(child=child, guardian=world.wang, kinship=SEEN, by=world.chen))
        == "own_phone_missing"
    )


def test_what_was_seen_is_named(world: World) -> None:
    child = child_of(world.wang)
    birth = Guardian.Basis.BIRTH
    for seen in (Kinship(" ", birth), Kinship("母" * 21, birth), Kinship("母亲", "x")):  # type: ignore[arg-type]
        asked = partial(guardians.register, child=child, guardian=world.wang, kinship=seen, by=world.zhang)
        assert code(asked) == "bad_input"
    assert not Guardian.objects.exists()


def test_the_log_keeps_who_registered_and_hides_the_relation(world: World) -> None:
    child = guarded(world)
    guardians.end(guardian=Guardian.objects.get(child=child), by=world.chen)
    first, last = Change.objects.filter(what="guardian", resident=child).order_by("pk")
    assert (first.by, first.action, last.by, last.action) == (world.zhang, "I", world.chen, "U")


# acting


def test_the_guardians_phone_acts_for_the_child_as_its_own_and_no_helpers_does(world: World) -> None:
    child = guarded(world)
    mine = account(world.wang)
    assert [one.pk for one in acting.residents_of(mine)] == [world.wang.pk, child.pk]
    assert is_own(mine, child) and not is_own(account(world.li), child)
    assert acting.own_residents(mine) == [world.wang]
    assert not is_own(world.zhang, child)


def test_who_has_a_phone_of_their_own_speaks_for_oneself_but_the_guardian_agrees(world: World) -> None:
    teen = guarded(world, 15, SEEN, account=account(world.li))
    mine = account(world.wang)
    assert teen not in acting.residents_of(mine) and not is_own(mine, teen)
    assert [one.child for one in guardians.children_of(mine)] == [teen]
    assert guardians.agree(child=teen, by=mine).guardian == world.wang


def test_on_the_eighteenth_birthday_it_is_over_by_itself(world: World) -> None:
    child = child_of(world.wang, birth_date=date(2010, 6, 1))
    with time_machine.travel("2028-05-31 12:00+08:00", tick=False):
        guardians.register(child=child, guardian=world.wang, kinship=AGREED, by=world.zhang)
        assert child in acting.residents_of(account(world.wang))
    with time_machine.travel("2028-06-01 00:00+08:00", tick=False):
        assert child not in acting.residents_of(account(world.wang)) and not is_own(account(world.wang), child)


@pytest.mark.parametrize(
    ("today", "born_on"), [("2026-02-28", "2008-02-29"), ("2028-02-29", "2010-03-01"), ("2026-11-22", "2008-11-23")]
)
def test_who_is_still_under_age_on_a_day_of_february(today: str, born_on: str) -> None:
    day, birth = date.fromisoformat(today), date.fromisoformat(born_on)
    assert (birth > born_after(day)) is (Resident(birth_date=birth).age_on(day) == 17)


def test_the_border_is_the_one_that_ages_have() -> None:
    for day in range(4 * 366):
        today = date.fromordinal(date(2026, 12, 31).toordinal() + day)
        for birth in (born_after(today), date.fromordinal(born_after(today).toordinal() + 1)):
            age = Resident(birth_date=birth).age_on(today)
            assert age is not None and (birth > born_after(today)) is (age < 18)


def test_the_child_is_family_to_a_colleague_who_is_its_guardian_in_whatever_household(world: World) -> None:
    child = guarded(world, household=Household.objects.create(community=world.wenxing))
    User.objects.filter(pk=world.chen.pk).update(own_phone=world.wang.phone)
    world.chen.refresh_from_db()
    assert kin.kin_of(world.chen).includes(child)
    assert not kin.kin_of(world.zhang).includes(child)


def test_in_one_household_the_child_and_the_guardian_are_family_to_the_same_people(world: World) -> None:
    child = guarded(world)
    me = cast.resident(world.wenxing, "陈志强", "13700000001")
    Resident.objects.filter(pk=me.pk).update(household=world.wang.household, account=world.chen)
    mine = kin.kin_of(world.chen)
    assert mine.includes(child) and mine.includes(world.wang)


# consent


def test_the_guardian_agrees_and_takes_it_back_by_one_tap(world: World) -> None:
    child, mine = guarded(world, 10, SEEN), account(world.wang)
    assert guardians.consented(child) is None
    given = guardians.agree(child=child, by=mine)
    assert (given.way, given.guardian, given.resident) == ("tap", world.wang, child)
    assert guardians.agree(child=child, by=mine) == given
    assert guardians.withdraw(child=child, by=mine) and not guardians.withdraw(child=child, by=mine)
    assert guardians.consented(child) is None


def test_nobody_but_the_guardian_says_so(world: World) -> None:
    child = guarded(world, 15, SEEN, account=account(world.li))
    for by in (account(world.li), world.zhang, account(world.zhou)):
        assert code(partial(guardians.agree, child=child, by=by)) == "not_your_child"
        assert code(partial(guardians.withdraw, child=child, by=by)) == "not_your_child"
    for by, way in ((account(world.li), "tap"), (world.zhang, "signature"), (account(world.wang), "tap")):
        give = partial(consents.give, resident=child, purpose=VOLUNTEER, by=by, way=Consent.Way(way))
        assert code(give) == "guardians_word"
    assert guardians.consented(child) is None


def test_a_phone_that_the_child_has_too_is_not_heard_and_paper_is(world: World) -> None:
    child = guarded(world, 15, SEEN, account=account(world.wang))
    assert code(lambda: guardians.agree(child=child, by=account(world.wang))) == "guardian_shared_phone"
    signed = guardians.sign(child=child, guardian=Guardian.objects.get(child=child), by=world.zhang)
    assert (signed.way, signed.guardian) == ("signature", world.wang)


def test_no_colleague_writes_down_the_word_of_the_own_family(world: World) -> None:
    child = guarded(world, 10, SEEN)
    User.objects.filter(pk=world.chen.pk).update(own_phone=world.wang.phone)
    world.chen.refresh_from_db()
    mine = Guardian.objects.get(child=child)
    assert code(lambda: guardians.sign(child=child, guardian=mine, by=world.chen)) == "guardian_is_kin"
    assert code(lambda: guardians.end(guardian=mine, by=world.chen)) == "guardian_is_kin"
    assert code(lambda: guardians.sign(child=child, guardian=mine, by=world.qian)) == "not_your_duty"


def test_what_a_guardian_agreed_to_ends_with_them(world: World) -> None:
    child = guarded(world)
    mine = Guardian.objects.get(child=child)
    guardians.end(guardian=mine, by=world.zhang)
    assert guardians.consented(child) is None and child not in acting.residents_of(account(world.wang))
    assert code(lambda: guardians.end(guardian=mine, by=world.zhang)) == "guardian_ended"
    assert code(lambda: guardians.sign(child=child, guardian=mine, by=world.zhang)) == "not_your_child"


def test_whoever_leaves_answers_for_nobody(world: World) -> None:
    child = guarded(world)
    cast.award(world.wang, 1)
    closing.close(resident=world.wang, by=world.zhang, reason="核对了身份证")
    assert Guardian.objects.get(child=child).ended_by == world.zhang
    assert guardians.consented(child) is None
