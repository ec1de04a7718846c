"""Twenty certificates at once: twenty numbers without a gap; one request issued by two is one certificate."""

from collections.abc import Callable

import pytest

from activities import certificates, starring
from activities.models import Certificate, Star
from core import clock
from tests.activities import serving
from tests.races.test_adjusting import outcomes
from tests.races.together import at_once, crowd
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def test_twenty_issued_at_once_have_twenty_numbers_without_a_gap(world: World) -> None:
    asked = [serving.asked(world, one) for one in crowd(world, 20, points=1)]
    acts: list[Callable[[], object]] = [lambda one=one: certificates.issue(request=one, by=world.chen) for one in asked]
    assert outcomes(at_once(acts)) == {"done": 20}
    assert sorted(Certificate.objects.values_list("serial", flat=True)) == list(range(1, 21))
    assert len({one.number for one in Certificate.objects.all()}) == 20


def test_one_request_issued_by_two_at_once_is_one_certificate(world: World) -> None:
    mine = serving.asked(world)
    acts = [lambda by=by: certificates.issue(request=mine, by=by) for by in (world.chen, world.he)]
    assert outcomes(at_once(acts * 4)) == {"done": 1, "certificate_decided": 7}
    assert Certificate.objects.get().serial == 1


def test_two_sweeps_at_once_write_one_star(world: World) -> None:
    serving.served(world, world.wang, 100)
    found = at_once([lambda: starring.sweep(clock.now())] * 4)
    assert sorted(found) == [0, 0, 0, 1]
    assert Star.objects.count() == 1
