"""Drafts and what stands against publishing them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from activities import planning
from activities.ending import call_off
from activities.models import Activity
from activities.planning import draft, drop, plan, publish, rewrite
from communities.duties import NotYourDuty
from core import clock
from core.refusals import Refused
from partners.models import Partner
from tests import world as cast
from tests.activities.cast import signed
from tests.activities.plans import drafted, planned
from tests.races.together import in_background, until_somebody_waits_for_us
from tests.venues.letting import held
from tests.world import World
from venues.claiming import Hours, RoomClosed, RoomTaken
from venues.models import Booking, Room, Use

pytestmark = pytest.mark.django_db


def test_staff_announce_an_activity_of_their_community(world: World) -> None:
    made = plan(activity=planned(world), by=world.zhang)
    assert list(Activity.objects.upcoming(clock.now())) == [made]
    assert (made.made_by, made.published_by, made.published_at is None) == (world.zhang, world.zhang, False)
    with pytest.raises(NotYourDuty):
        plan(activity=planned(world), by=world.qian)
    assert Activity.objects.count() == 1


@pytest.mark.parametrize("missing", [{"insurance": ""}, {"min_age": 16}])
def test_danger_is_not_announced_uninsured_or_for_the_young_by_raw_sql_either(
    world: World, missing: dict[str, object]
) -> None:
    safe = planned(world, dangerous=True, insurance="PICC-2026-0001", min_age=18)
    safe.status = Activity.Status.OPEN
    safe.save()
    with pytest.raises(IntegrityError, match="activity_danger_insured"), transaction.atomic():
        Activity.objects.filter(pk=safe.pk).update(**missing)


def test_an_activity_without_stated_risk_is_refused_by_verb_and_database(world: World) -> None:
    for keep in (plan, draft):
        with pytest.raises(planning.RiskMissing):
            keep(activity=planned(world, risk="  "), by=world.zhang)
    with pytest.raises(IntegrityError, match="activity_states_risk"), transaction.atomic():
        planned(world, risk="").save()


@pytest.mark.parametrize(("begins", "lasts"), [(-60, 120), (0, 60), (60, 0), (60, -5), (60, 481)])
def test_impossible_times_are_refused(world: World, begins: int, lasts: int) -> None:
    now = clock.now()
    starts = now + timedelta(minutes=begins)
    made = planned(world, starts_at=starts, ends_at=starts + timedelta(minutes=lasts))
    with pytest.raises(planning.BadTimes):
        plan(activity=made, by=world.zhang, at=now)
    assert not Activity.objects.exists()


@pytest.mark.parametrize("capacity", [0, 501])
def test_an_impossible_number_of_places_is_refused(world: World, capacity: int) -> None:
    with pytest.raises(planning.NoPlaces):
        plan(activity=planned(world, capacity=capacity), by=world.zhang)


def hours(n: int) -> timedelta:
    return timedelta(hours=n)


KEPT = {"ages": ({"min_age": 30, "max_age": 20}, planning.AgesWrongWay)}
ONLY_PUBLISHED: dict[str, tuple[dict[str, object], type[Refused]]] = {
    "danger without insurance": ({"dangerous": True, "min_age": 18, "insurance": " "}, planning.InsuranceMissing),
    "danger for the young": ({"dangerous": True, "min_age": 17, "insurance": "PICC-1"}, planning.DangerForAdults),
}


@pytest.mark.parametrize(("fields", "refusal"), KEPT.values(), ids=KEPT)
def test_what_not_even_a_draft_can_be(world: World, fields: dict[str, object], refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        drafted(world, **fields)


@pytest.mark.parametrize(("fields", "refusal"), ONLY_PUBLISHED.values(), ids=ONLY_PUBLISHED)
def test_a_draft_may_lack_what_publishing_asks_for(
    world: World, fields: dict[str, object], refusal: type[Refused]
) -> None:
    made = drafted(world, **fields)
    assert isinstance(planning.refusal_to_publish(made, clock.now()), refusal)
    with pytest.raises(refusal):
        publish(activity=made, by=world.zhang)
    made.refresh_from_db()
    assert (made.status, made.published_at) == ("draft", None)


def test_an_insured_danger_for_adults_is_published(world: World) -> None:
    made = plan(activity=planned(world, dangerous=True, min_age=18, insurance="PICC-1"), by=world.zhang)
    assert made.status == "open"


def test_signing_up_ends_before_the_activity_begins_and_not_before_it_was_published(world: World) -> None:
    starts = clock.now() + timedelta(days=2)
    with pytest.raises(planning.SignUpTooLate):
        drafted(world, starts_at=starts, sign_up_until=starts + hours(1))
    late = drafted(world, starts_at=starts, sign_up_until=clock.now() - hours(1))
    with pytest.raises(planning.SignUpOver):
        publish(activity=late, by=world.zhang)
    assert plan(activity=planned(world, starts_at=starts, sign_up_until=starts), by=world.zhang).sign_up_until == starts


def test_a_room_holds_everybody_and_is_of_the_community(world: World) -> None:
    small = Room.objects.create(community=world.wenxing, name="小间", place="1楼", capacity=19)
    with pytest.raises(planning.RoomTooSmall, match="最多容纳19人"):
        plan(activity=planned(world, room=small), by=world.zhang)
    assert plan(activity=planned(world, room=small, capacity=19), by=world.zhang).room == small
    with pytest.raises(planning.RoomElsewhere):
        drafted(world, room=cast.room(world.yongan))


def test_a_room_is_not_given_twice_at_one_time(world: World) -> None:
    room, starts = cast.room(world.wenxing), clock.now() + timedelta(days=2)
    plan(activity=planned(world, room=room, starts_at=starts, title="议事会"), by=world.zhang)
    beside = planned(world, room=room, starts_at=starts + hours(1))
    assert drafted(world, room=room, starts_at=starts + hours(1)).status == "draft"
    with pytest.raises(RoomTaken, match="议事会"):
        plan(activity=beside, by=world.zhang)
    with pytest.raises(RoomTaken):  # a quarter of an hour to tidy up lies between
        plan(activity=planned(world, room=room, starts_at=starts + hours(2)), by=world.zhang)
    assert plan(activity=planned(world, room=room, starts_at=starts + hours(2.25)), by=world.zhang)


def test_a_published_activity_holds_its_room_until_it_is_called_off(world: World) -> None:
    room = cast.room(world.wenxing)
    draft = drafted(world, room=room)
    assert draft.booking is None and not Booking.objects.exists()
    mine = publish(activity=draft, by=world.zhang)
    assert mine.booking is not None and (mine.booking.use, mine.booking.people) == (Use.ACTIVITY, mine.capacity)
    with pytest.raises(RoomTaken, match=mine.title):
        held(room, world, Hours(mine.starts_at, mine.ends_at))
    call_off(activity=mine, reason="大风", by=world.zhang)
    mine.refresh_from_db()
    assert mine.booking is None and Booking.objects.get().status == "cancelled"
    assert held(room, world, Hours(mine.starts_at, mine.ends_at))


def test_a_class_in_the_room_keeps_an_activity_out_and_a_closed_room_too(world: World) -> None:
    room = cast.room(world.wenxing)
    mine = planned(world, room=room)
    held(room, world, Hours(mine.starts_at, mine.ends_at), Use.SCHOOL, "形体课")
    with pytest.raises(RoomTaken, match="形体课"):
        plan(activity=mine, by=world.zhang)
    shut = Room.objects.create(community=world.wenxing, name="旧仓库", place="1楼", capacity=90, standing="closed")
    with pytest.raises(RoomClosed):
        plan(activity=planned(world, room=shut), by=world.zhang)


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_publish_in_the_same_room_at_once(world: World) -> None:
    starts, room = clock.now() + timedelta(days=2), cast.room(world.wenxing)
    first, second = (drafted(world, room=room, starts_at=starts, title=f"活动{n}") for n in range(2))
    with transaction.atomic():
        publish(activity=first, by=world.zhang)
        answer = in_background(lambda: publish(activity=second, by=world.chen))
        until_somebody_waits_for_us()
    assert isinstance(answer(), RoomTaken)
    assert sorted(Activity.objects.values_list("status", flat=True)) == ["draft", "open"]


def test_providers_are_partners_of_the_sub_district(world: World) -> None:
    near = cast.partner(world.street, world.wenxing, world.zhang).partner
    far = Partner.objects.create(
        sub_district=world.hualin.sub_district, name="远方公司", kind="merchant", trade="living", summary="讲座"
    )
    made = plan(activity=planned(world, kind="LECT"), providers=[near], by=world.zhang)
    assert (list(made.providers.all()), made.volunteering) == ([near], False)
    with pytest.raises(planning.ProviderElsewhere):
        draft(activity=planned(world), providers=[near, far], by=world.zhang)
    assert Activity.objects.count() == 1


def test_a_draft_is_rewritten_by_a_colleague_of_both_communities_until_it_is_published(world: World) -> None:
    made = drafted(world)
    made.kind, made.title, made.community = "MEET", "议事会", world.yongan
    for nobody in (world.zhang, world.qian):
        with pytest.raises(NotYourDuty):
            rewrite(activity=made, by=nobody)
    rewrite(activity=made, by=world.he)
    made.refresh_from_db()
    assert (made.kind, made.title, made.community, made.volunteering) == ("MEET", "议事会", world.yongan, False)
    publish(activity=made, by=world.he)
    made.title = "改名"
    with pytest.raises(planning.NotADraft):
        rewrite(activity=made, by=world.he)
    made.refresh_from_db()
    assert made.title == "议事会"


def test_what_was_announced_stays_what_it_is_even_for_the_database(world: World) -> None:
    made = plan(activity=planned(world), by=world.zhang)
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(pk=made.pk).update(kind="MEET", volunteering=False)


def test_a_draft_is_published_once_and_by_its_own_colleagues(world: World) -> None:
    made = drafted(world)
    with pytest.raises(NotYourDuty):
        publish(activity=made, by=world.qian)
    publish(activity=made, by=world.chen)
    with pytest.raises(planning.NotADraft):
        publish(activity=made, by=world.chen)


def test_a_draft_is_thrown_away_and_nothing_else(world: World) -> None:
    made, shown = drafted(world), plan(activity=planned(world), by=world.zhang)
    signed(shown, world.wang, world)
    with pytest.raises(NotYourDuty):
        drop(activity=made, by=world.qian)
    drop(activity=made, by=world.zhang)
    with pytest.raises(planning.NotADraft):
        drop(activity=shown, by=world.zhang)
    assert list(Activity.objects.all()) == [shown]
