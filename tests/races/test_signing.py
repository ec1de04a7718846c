"""Both sides sign at the same moment, each on several devices: two signatures, one agreement."""

import pytest

from partners.models import Agreement, Signature
from tests.partners import agreeing
from tests.races.test_adjusting import outcomes
from tests.races.together import at_once
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def test_both_sides_at_once_close_the_agreement_once(world: World) -> None:
    mine = agreeing.sent(world)
    owner = agreeing.owner(mine).account
    acts = [lambda: agreeing.by_partner(mine, by=owner), lambda: agreeing.by_head(mine, world)] * 4
    assert outcomes(at_once(acts)) == {"done": 8}
    assert Signature.objects.count() == 2 and Agreement.objects.get().status == "signed"
