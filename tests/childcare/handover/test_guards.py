"""Each guard of the hand-over that Python keeps alone, and that gives its own answer where the database would only say no."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from childcare.handover import asking, codes, pickups, releasing, second
from childcare.models import CareFile, Handover, PickupCode, RecordCheck, Staffer, Turn
from communities import consents
from communities.models import Consent, Duty, Setting
from core import clock
from core.refusals import BadInput, Refused, TooMany
from tests.childcare.cast import Care
from tests.childcare.handover.people import CHECK, WAY, arrived, authorised, by_code, by_pickup, guardian_row, issued
from tests.world import PASSWORD, World

pytestmark = pytest.mark.django_db
Act = Callable[[World, Care], object]


@pytest.fixture
def here(world: World, care: Care) -> Care:
    arrived(care.place, care.teacher)
    return care


def let_go(care: Care, **said: Any) -> Handover:
    return releasing.release(
        **{"place": care.place, "by": care.teacher, "way": WAY.GUARDIAN, "check": CHECK.KNOWN} | said
    )


def another_check(_: World, care: Care) -> object:
    return let_go(care, guardian=guardian_row(care.child, care.mother), check=CHECK.CONSENT)


def half_a_tail(_: World, care: Care) -> object:
    return by_pickup(care, authorised(care), check=CHECK.DOCUMENT, id_tail="12")


def nobody(_: World, care: Care) -> object:
    return let_go(care)


def a_colleague_on_paper(world: World, care: Care) -> object:
    mine = guardian_row(care.child, care.mother)
    return let_go(care, guardian=mine, by=world.zhang, staffer=care.teacher_post, on_paper=True)


def without_the_duty(_: World, care: Care) -> object:
    Duty.objects.filter(user=care.teacher).update(ends_on=clock.today() - timedelta(days=1))
    return let_go(care, guardian=guardian_row(care.child, care.mother))


def the_same_account_twice(world: World, care: Care) -> object:
    """A post of the same person that ends today."""
    today = clock.today()
    old = Staffer.objects.create(
        centre=care.centre, account=care.teacher, name="秦老师", contract="labour", left_on=today, by=world.chen
    )  # fmt: skip
    RecordCheck.objects.create(staffer=old, checked_on=today, clear=True, until=today + timedelta(9), by=world.chen)
    Turn.objects.create(centre=care.centre, staffer=old, day=today, by=world.chen)
    return by_code(care, issued(care), second=old, proof=PASSWORD)


def a_second_without_account(world: World, care: Care) -> object:
    today = clock.today()
    bare = Staffer.objects.create(centre=care.centre, name="没有账号的", contract="labour", by=world.chen)
    RecordCheck.objects.create(staffer=bare, checked_on=today, clear=True, until=today + timedelta(9), by=world.chen)
    Turn.objects.create(centre=care.centre, staffer=bare, day=today, by=world.chen)
    return by_code(care, issued(care), second=bare, proof=PASSWORD)


def a_password_guessed(_: World, care: Care) -> object:
    code = issued(care)
    care.second.totpdevice_set.all().delete()
    for _try in range(second.TRIES):
        with pytest.raises(second.SecondNotProved):
            by_code(care, code, proof="guessed")
    return by_code(care, code, proof=PASSWORD)


def a_revoked_code(_: World, care: Care) -> object:
    code = issued(care)
    care.second.totpdevice_set.all().delete()
    codes.revoke(code=PickupCode.objects.get(), by=care.mother.account)  # type: ignore[arg-type]
    return by_code(care, code, proof=PASSWORD)


def a_code_on_paper(_: World, care: Care) -> object:
    with transaction.atomic():
        return by_code(care, issued(care), on_paper=True, staffer=care.teacher_post)


def a_code_for_next_week(_: World, care: Care) -> object:
    return issued(care, clock.today() + timedelta(days=2))


def a_code_for_half_a_tail(_: World, care: Care) -> object:
    return issued(care, tail="12")


def _issued(care: Care, **said: Any) -> str:
    more = {"child": care.child, "guardian": care.mother, "name": "吕师傅", "relation": "同事", "day": clock.today()}
    return codes.issue(**more | {"by": care.mother.account} | said)  # type: ignore[arg-type]


def a_code_for_no_name(_: World, care: Care) -> object:
    return _issued(care, name=" ")


def a_strangers_code(_: World, care: Care) -> object:
    return _issued(care, guardian=care.other_mother, by=care.other_mother.account)


def a_code_that_a_stranger_revokes(_: World, care: Care) -> object:
    issued(care)
    return codes.revoke(code=PickupCode.objects.get(), by=care.other_mother.account)  # type: ignore[arg-type]


def a_code_revoked_twice(_: World, care: Care) -> object:
    issued(care)
    for _try in range(2):
        codes.revoke(code=PickupCode.objects.get(), by=care.mother.account)  # type: ignore[arg-type]
    return None


def a_remark_of_one_letter(_: World, care: Care) -> object:
    made = let_go(care, guardian=guardian_row(care.child, care.mother))
    return releasing.note(handover=made, text="错", by=care.lead)


def alone_below_the_grade_of_the_street(world: World, care: Care) -> object:
    """The database says the fourth grade; a street may say more."""
    CareFile.objects.filter(child=care.child).update(grade=4)
    care.place.alone = True
    care.place.save(update_fields=["alone"])
    consents.keep(care.child, Consent.Purpose.CARE_ALONE, by=care.lead, way=Consent.Way.SIGNATURE, guardian=care.mother)
    Setting.objects.create(
        sub_district=world.street, key="care.alone_grade", value=5, starts_on=clock.today(), by=world.chen
    )  # fmt: skip
    return let_go(care, way=WAY.ALONE, check=CHECK.CONSENT)


@pytest.mark.parametrize(
    ("act", "refused"),
    [
        (another_check, BadInput), (half_a_tail, BadInput), (nobody, BadInput), (a_colleague_on_paper, asking.NotOnDuty),
        (without_the_duty, asking.NotOnDuty), (the_same_account_twice, second.SecondSame),
        (a_second_without_account, second.SecondMissing), (a_password_guessed, TooMany), (a_revoked_code, codes.NoCodeToday),
        (a_code_on_paper, releasing.PaperCode), (a_code_for_next_week, BadInput), (a_code_for_half_a_tail, BadInput),
        (a_code_for_no_name, BadInput), (a_strangers_code, pickups.NotTheGuardian),
        (a_code_that_a_stranger_revokes, pickups.NotTheGuardian), (a_code_revoked_twice, codes.CodeGone),
        (a_remark_of_one_letter, BadInput), (alone_below_the_grade_of_the_street, asking.NotAlone),
    ],
)  # fmt: skip
def test_each_guard_says_its_own_no(world: World, here: Care, act: Act, refused: type[Refused]) -> None:
    with pytest.raises(refused):
        act(world, here)
