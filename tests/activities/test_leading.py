"""Who leads on the spot."""

import pytest

from activities import leading
from activities.leading import appoint
from activities.models import Activity
from activities.planning import publish
from communities.duties import NotYourDuty
from core import clock
from notifications.models import Message
from tests import world as cast
from tests.activities.plans import drafted
from tests.world import World

pytestmark = pytest.mark.django_db


def told() -> list[int | None]:
    said = Message.objects.filter(occasion__endswith=":leads").order_by("pk")
    return list(said.values_list("resident", flat=True))


def test_a_resident_leads_and_is_told_once(world: World) -> None:
    activity = cast.activity(world.wenxing)
    for _ in range(2):
        assert appoint(activity=activity, resident=world.wang, by=world.zhang).organiser == world.wang
    appoint(activity=activity, resident=world.zhou, by=world.zhang)
    assert told() == [world.wang.pk, world.zhou.pk]
    appoint(activity=activity, resident=None, by=world.zhang)
    activity.refresh_from_db()
    assert (activity.organiser, len(told())) == (None, 2)


def test_who_leads_a_draft_is_told_when_it_is_published(world: World) -> None:
    made = drafted(world)
    appoint(activity=made, resident=world.wang, by=world.zhang)
    assert told() == []
    publish(activity=made, by=world.zhang)
    assert told() == [world.wang.pk]


def test_only_a_confirmed_resident_of_the_sub_district_with_a_phone_can_lead(world: World) -> None:
    activity = cast.activity(world.wenxing)
    far = cast.resident(world.hualin, "远方人", "13700000077")
    for nobody in (world.sun, world.zhao, far):
        with pytest.raises(leading.CannotLead):
            appoint(activity=activity, resident=nobody, by=world.zhang)
    assert Activity.objects.get().organiser is None and told() == []


def test_nobody_is_put_in_charge_of_what_is_over_or_off_nor_by_a_stranger(world: World) -> None:
    off = {"cancelled_at": clock.now(), "cancelled_by": world.zhang, "cancel_reason": "雨", "status": "cancelled"}
    for activity in (cast.activity(world.wenxing, ago=5), cast.activity(world.wenxing, **off)):
        with pytest.raises(leading.NothingToLead):
            appoint(activity=activity, resident=world.wang, by=world.zhang)
    with pytest.raises(NotYourDuty):
        appoint(activity=cast.activity(world.wenxing), resident=world.wang, by=world.qian)
