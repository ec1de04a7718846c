"""The one rule of segregation: not who recorded it, not for oneself, the family, or whom one helps."""

import pytest

from communities import appeals, kin, registration
from communities.models import Consent, Helper, Resident, User
from core import clock
from core.refusals import Refused
from points import purse
from tests.activities.cast import relative
from tests.communities.appealing import appealed
from tests.communities.staffing import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def code(**how: object) -> str:
    answer = kin.refusal_between(**how)
    return answer.code if answer else ""


def helps(account: User, resident: Resident, by: User) -> Helper:
    consent = Consent.objects.create(resident=resident, purpose="helper", version="1", way="signature", by=by)
    return Helper.objects.create(
        resident=resident, account=account, name="子女", relation="子女", consent=consent, by=by
    )


def test_not_who_recorded_or_proposed_it(world: World) -> None:
    assert code(by=world.zhang, recorders=[world.chen.pk, world.zhang.pk]) == "two_people"
    assert code(by=world.zhang, recorders=[world.chen.pk, None], beneficiaries=[world.wang]) == ""


def test_not_for_oneself_by_account_or_phone_nor_for_the_household(world: World) -> None:
    family = relative(world, world.chen)
    for one in (family, Resident.objects.get(name="陈志强本人")):
        assert code(by=world.chen, beneficiaries=[world.wang, one]) == "own_interest"
    Resident.objects.filter(pk=world.li.pk).update(account=world.zhang)
    world.li.refresh_from_db()
    assert code(by=world.zhang, beneficiaries=[world.li]) == "own_interest"


def test_not_for_whom_ones_phone_helps_and_their_household_is_not_ones_own(world: World) -> None:
    world.zhang.own_phone = world.li.phone
    help_given = helps(world.li.account, world.zhao, world.chen)
    assert code(by=world.zhang, beneficiaries=[world.zhao]) == "own_interest"
    Resident.objects.filter(pk=world.wang.pk).update(household=world.zhao.household)
    world.wang.refresh_from_db()
    assert code(by=world.zhang, beneficiaries=[world.wang]) == ""
    Helper.objects.filter(pk=help_given.pk).update(ended_at=clock.now(), ended_by=world.chen)
    assert code(by=world.zhang, beneficiaries=[world.zhao]) == ""


def test_without_an_own_phone_nothing_is_decided(world: World) -> None:
    world.zhang.own_phone = ""
    assert code(by=world.zhang, beneficiaries=[world.wang]) == "own_phone_missing"
    assert code(by=world.zhang, recorders=[world.chen.pk]) == ""


def test_the_callers_words_are_said(world: World) -> None:
    class Mine(Refused):
        code = "mine"

    assert code(by=world.zhang, recorders=[world.zhang.pk], same=Mine()) == "mine"
    own = Resident(pk=0, phone=world.zhang.own_phone)
    known = kin.Kin(frozenset({0}), frozenset())
    assert code(by=world.zhang, beneficiaries=[own], kin=known, family=Mine()) == "mine"


def test_one_query_at_most_and_none_with_what_was_read(world: World, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        code(by=world.chen, recorders=[1, 2], beneficiaries=[world.wang, world.li, world.zhao])
    mine = kin.kin_of(world.chen)
    with django_assert_num_queries(0):
        code(by=world.chen, beneficiaries=[world.wang, world.li], kin=mine)
        code(by=world.chen, recorders=[world.zhang.pk])


def test_every_verb_asks_it_and_fails_closed(world: World) -> None:
    """Answering an appeal and confirming a registration were open to whoever had registered no phone."""
    User.objects.filter(pk=world.zhang.pk).update(own_phone="")
    world.zhang.refresh_from_db()
    waiting = appealed(world.wang, decided_by=world.chen)
    with refused("own_phone_missing"):
        appeals.answer(appeal=waiting, upheld=False, text="核实无误", by=world.zhang)
    assert not appeals.waiting_for(world.zhang).exists()
    with refused("own_phone_missing"):
        registration.confirm(resident=world.sun, by=world.zhang)
    with refused("own_phone_missing"):
        purse.join(resident=world.wang, by=world.zhang)
    world.sun.refresh_from_db()
    assert not world.sun.confirmed


def test_nobody_confirms_the_registration_of_the_own_family(world: World) -> None:
    family = relative(world, world.chen)
    Resident.objects.filter(pk=world.sun.pk).update(household=family.household)
    with refused("not_your_own"):
        registration.confirm(resident=world.sun, by=world.chen)
    outcome = registration.confirm_many(residents=[world.sun], by=world.chen)
    assert [one.code for _, one in outcome.refused] == ["not_your_own"]
