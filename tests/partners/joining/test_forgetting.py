"""What led to nothing is forgotten after half a year, with its candidate; what led to a partner stays."""

from datetime import timedelta

import pytest

from core import clock
from partners.joining import choosing, scoring
from partners.joining.forgetting import UNSUCCESSFUL_FOR, forget
from partners.models import Application, Clerk, Licence, Partner
from tests.partners.joining import applicants
from tests.partners.shops import phone
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def asked(world: World, **fields: object) -> Application:
    """A candidate's draft, begun so long ago that it is forgotten tomorrow."""
    owner = phone("店主")
    partner = Partner.objects.create(
        sub_district=world.street, name="没选上的店", kind="merchant", trade="repair", summary="修鞋"
    )
    Clerk.objects.create(partner=partner, account=owner, slot=0, label="店主", added_by=owner)
    Licence.objects.create(partner=partner, kind="business", number="1", issuer="市场监管局", by=owner)
    begun = clock.now() - UNSUCCESSFUL_FOR + timedelta(hours=1)
    return Application.objects.create(partner=partner, community=world.wenxing, by=owner, **{"at": begun} | fields)


def test_a_draft_that_nobody_handed_in_goes_after_half_a_year_with_its_candidate(world: World) -> None:
    asked(world)
    assert forget(at=clock.now()) == 0
    assert forget(at=clock.now() + DAY) == 1
    assert not Application.objects.exists() and not Partner.objects.exists() and not Licence.objects.exists()


def test_the_half_year_is_counted_from_the_decision(world: World) -> None:
    decided = {
        "settled_at": clock.now(),
        "settled_by": world.chen,
        "submitted_at": clock.now(),
        "pledged": True,
        "kinship": False,
    }
    asked(world, status="declined", **decided)
    assert forget(at=clock.now() + DAY) == 0


def test_a_partner_stays_though_a_further_application_led_to_nothing(world: World) -> None:
    mine = asked(world)
    Partner.objects.update(admitted_at=clock.now())
    assert forget(at=clock.now() + DAY) == 1
    assert Partner.objects.get() == mine.partner and Licence.objects.exists()


def test_a_rival_of_a_call_that_is_still_open_does_not_stop_the_others(world: World) -> None:
    """Marks stay until the call is settled (partners/sql)."""
    made, (first, second) = applicants.scored(world, rivals=2)
    for who in (world.zhang, world.chen, world.he):
        for one in (first, second):
            scoring.mark(application=one, marks=(20, 20, 15, 10, 5, 3), by=who)
    (best,) = choosing.propose_ranked(call=made, by=world.chen)
    choosing.decline(application=best, note="证照被吊销", by=world.he)
    asked(world)
    assert forget(at=clock.now() + UNSUCCESSFUL_FOR + DAY) == 1
