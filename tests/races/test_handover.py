"""交接 at the same moment: one code on two phones, a revocation while the child is being handed over."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from childcare.handover import codes, pickups
from childcare.models import Barred, Handover, PickupCode
from communities import files
from communities.models import Correction
from core import clock
from tests import world as world_cast
from tests.childcare import cast
from tests.childcare.cast import Care
from tests.childcare.handover.people import arrived, authorised, barred, by_code, by_pickup, issued
from tests.races.together import at_once
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    return world_cast.build()


@pytest.fixture
def care(world: World) -> Care:
    made = cast.build(world)
    arrived(made.place, made.teacher)
    return made


def test_one_code_on_two_phones_lets_the_child_go_once(care: Care) -> None:
    code = issued(care)
    care.second.totpdevice_set.all().delete()
    acts = [
        lambda: by_code(care, code, proof=world_cast.PASSWORD),
        lambda: by_code(care, code, by=care.lead, proof=world_cast.PASSWORD),
    ]
    done = Counter(type(one).__name__ for one in at_once(acts))
    assert (done["Handover"], Handover.objects.count()) == (1, 1), done
    assert PickupCode.objects.get().used_at is not None


def test_wrong_codes_at_once_are_counted_one_by_one(care: Care) -> None:
    wrong = f"{(int(issued(care)) + 1) % 10**6:06d}"
    acts = [lambda: codes.prove(child=care.child, days=[clock.today()], typed=wrong)] * 8
    done = Counter(type(one).__name__ for one in at_once(acts))
    assert (done["PickupCode"], PickupCode.objects.get().tries) == (0, 5), done


def test_two_teachers_let_the_same_child_go_once(care: Care) -> None:
    sent = authorised(care)
    acts = [lambda by=by: by_pickup(care, sent, by=by) for by in (care.teacher, care.second, care.lead)]
    done = Counter(type(one).__name__ for one in at_once(acts))
    assert done == {"Handover": 1, "LeftAlready": 2}, done


@pytest.mark.parametrize("_", range(5))
def test_a_revocation_comes_before_the_hand_over_or_after_it_and_never_beside_it(care: Care, _: int) -> None:
    sent, father = authorised(care), care.father.account
    assert father
    at_once([lambda: by_pickup(care, sent), lambda: pickups.revoke(pickup=sent, by=father)])
    sent.refresh_from_db()
    assert sent.revoked_at is not None
    left = Handover.objects.first()
    assert left is None or left.at <= sent.revoked_at


@pytest.mark.parametrize("_", range(6))
def test_a_name_put_right_while_the_bar_is_written_is_known_to_it(world: World, care: Care, _: int) -> None:
    told: dict[str, Any] = {"facts": files.Facts("高致远"), "reason": Correction.Reason.MISTYPED, "by": world.zhang}
    acts: list[Callable[[], object]] = [
        lambda: barred(care.child, "高致远", world.zhang),
        lambda: files.correct(resident=care.father, seen=files.mark(care.father), **told),
    ]
    done = Counter(type(one).__name__ for one in at_once(acts))
    assert done == {"Barred": 1, "Resident": 1}, done
    assert Barred.objects.get().resident == care.father
