"""A group: planned, opened into its room, ended; how many children it may take."""

from datetime import time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from childcare.models import Centre, Group, Place
from childcare.places import capacity, centres, closing, groups, rooms, sweeps
from childcare.places.groups import BadGroup, NotDraft
from communities import calendar, duties
from core import clock
from core.refusals import Refused
from notifications.models import Message
from partners import standing
from partners.models import Partner
from tests.childcare.cast import Care, group
from tests.childcare.places.lined import asked, facts, family, out_of_force, room
from tests.world import World
from venues import checks
from venues.claiming import RoomTaken
from venues.models import Booking, Use


def drafted(world: World, care: Care, **fields: Any) -> Group:
    where = fields.pop("room", None) or room(
        care, f"托管{len(fields)}{Group.objects.count()}室", **fields.pop("room_facts", {})
    )
    return groups.draft(centre=care.centre, facts=facts(where, **fields), by=world.zhang)


@pytest.mark.parametrize(
    ("area", "fire", "seats", "licensed", "taken", "most"),
    [
        (160, 60, 50, 120, 0, 40),  # no class is larger than the setting
        (100, 60, 50, 120, 0, 25),  # 4 square metres each
        (99.9, 60, 50, 120, 0, 24),
        (160, 60, 22, 120, 0, 22),  # seats
        (160, 18, 50, 120, 0, 18),  # what the fire brigade allows in the room
        (160, 60, 50, 30, 0, 30),  # licence
        (160, 60, 50, 50, 40, 10),  # licence less the other group at these hours
    ],
)
def test_the_capacity_is_the_least_of_all(
    world: World, care: Care, area: float, fire: int, seats: int, licensed: int, taken: int, most: int
) -> None:
    if not taken:
        Group.objects.filter(pk=care.group.pk).update(status="closed", closed_at=clock.now())
    Centre.objects.filter(pk=care.centre.pk).update(licensed=licensed)
    care.centre.refresh_from_db()
    mine = drafted(world, care, seats=seats, room_facts={"area": Decimal(str(area)), "capacity": fire})
    assert capacity.capacity_of(mine) == most
    opened = groups.open(group=mine, by=world.chen)
    assert (opened.capacity, opened.status) == (most, "open")


def test_a_group_takes_no_more_than_the_licence_leaves(world: World, care: Care) -> None:
    Centre.objects.filter(pk=care.centre.pk).update(licensed=40)
    mine = drafted(world, care)
    with pytest.raises(BadGroup):
        groups.open(group=mine, by=world.chen)


def test_the_database_itself_keeps_to_the_licence(world: World, care: Care) -> None:
    with pytest.raises(Refused) as refused:
        centres.change(centre=care.centre, facts=centres.Facts("中心", "地址", "", 39), by=world.chen)
    assert refused.value.code == "care_over_licence"
    with pytest.raises(DatabaseError) as raised, transaction.atomic():
        group(care.centre, world.chen, name="多出的班", capacity=100, seats=100)
    assert "licensed" in str(raised.value)


TIMES = st.sampled_from([time(8), time(10), time(12), time(14), time(16), time(18)])
PLANS = st.lists(
    st.tuples(
        TIMES,
        st.integers(1, 4),
        st.sets(st.integers(0, 6), min_size=1),
        st.integers(0, 40),
        st.integers(0, 40),
        st.integers(1, 9),
    ),
    max_size=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plans=PLANS)
def test_the_peak_of_python_and_of_the_database_are_one(world: World, care: Care, plans: list[Any]) -> None:
    Group.objects.filter(places=None, centre=care.centre).delete()
    today = clock.today()
    for number, (starts, hours, weekdays, first, length, children) in enumerate(plans):
        group(
            care.centre, world.chen, name=f"班{number}", capacity=children, weekdays=sorted(weekdays), starts=starts,
            ends=time(starts.hour + hours), first_on=today + timedelta(days=first), last_on=today + timedelta(days=first + length),
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT childcare_peak(%s)", [care.centre.pk])
        assert cursor.fetchone()[0] == capacity.peak_of(care.centre)


def test_opening_claims_the_room_for_every_day_but_holidays(world: World, care: Care) -> None:
    day = clock.today() + timedelta(days=3)
    calendar.write(sub_district=world.street, first=day, last=day, is_working=False, name="社区节", by=world.he)
    mine = groups.open(group=drafted(world, care), by=world.chen)
    held = groups.bookings_of(mine)
    names = calendar.names_of(world.street.pk, [mine.first_on + timedelta(days=n) for n in range(14)])
    assert len(held) == 14 - len(names) and day in names
    assert {one.use for one in held} == {Use.CARE}
    days = groups.days_between(mine, mine.first_on - timedelta(days=30), mine.last_on + timedelta(days=30))
    assert days == [clock.local(one.starts_at).date() for one in held] and day not in days
    assert mine.series and [day.isoformat(), "社区节"] in mine.series.skipped


def test_a_group_without_its_room_goes_by_its_weekdays_alone(world: World, care: Care) -> None:
    """Which holidays are left out is decided when the room is claimed: no test of the cast knows today's calendar."""
    day = clock.today() + timedelta(days=1)
    calendar.write(sub_district=world.street, first=day, last=day, is_working=False, name="社区节", by=world.he)
    care.group.weekdays = [day.weekday(), (day.weekday() + 2) % 7]
    found = groups.days_between(care.group, day, day + timedelta(days=8))
    assert found == [day + timedelta(days=n) for n in (0, 2, 7)]


def test_a_room_that_somebody_has_is_named_and_nothing_is_claimed(world: World, care: Care) -> None:
    mine = drafted(world, care)
    begins = clock.at(mine.first_on + timedelta(days=5), time(17))
    Booking.objects.create(
        room=mine.room, use=Use.TEAM, title="合唱团排练", starts_at=begins, ends_at=begins + timedelta(hours=1),
        blocked_until=begins + timedelta(hours=1), by=world.zhang,
    )  # fmt: skip
    days = rooms.plan(mine, clock.now())
    assert [one.day for one in days if one.taken] == [mine.first_on + timedelta(days=5)]
    with pytest.raises(RoomTaken) as refused:
        groups.open(group=mine, days=[one.day for one in days], by=world.chen)
    assert "合唱团排练" in refused.value.message
    assert not Booking.objects.filter(use=Use.CARE).exists()
    opened = groups.open(group=mine, days=[one.day for one in days if not one.taken], by=world.chen)
    assert len(groups.bookings_of(opened)) == 13


def test_two_groups_are_never_in_one_room_at_once(world: World, care: Care) -> None:
    first = groups.open(group=drafted(world, care), by=world.chen)
    second = drafted(world, care, room=first.room, name="又一个班", starts=time(17), ends=time(19))
    with pytest.raises(RoomTaken):
        groups.open(group=second, by=world.chen, days=[one.day for one in rooms.plan(second, clock.now())])


def test_childcare_asks_for_no_hand_over_check(world: World, care: Care) -> None:
    begins = clock.now() - timedelta(hours=3)
    Booking.objects.create(
        room=care.group.room, use=Use.CARE, title="托管", starts_at=begins, ends_at=begins + timedelta(hours=1),
        blocked_until=begins + timedelta(hours=1), by=world.zhang,
    )  # fmt: skip
    assert not checks.missing(Booking.objects.for_staff(world.zhang), clock.now()).exists()


@pytest.mark.parametrize(
    ("floor", "storey"),
    [
        ("1层", 1),
        ("3楼", 3),
        ("三楼", 3),
        ("4层", 4),
        ("十二层", 12),
        ("地下一层", -1),
        ("负一层", -1),
        ("B1", -1),
        ("", None),
        ("南侧", None),
    ],
)
def test_a_floor_is_read_as_people_write_it(floor: str, storey: int | None) -> None:
    assert rooms.storey(floor) == storey


@pytest.mark.parametrize(
    ("room_facts", "code"),
    [({"area": None}, "care_room_no_area"), ({"floor": "4层"}, "care_room_floor"), ({"floor": "负一层"}, "care_room_floor"),
     ({"standing": "closed"}, "room_closed")],
)  # fmt: skip
def test_a_room_that_is_not_for_children_is_refused(
    world: World, care: Care, room_facts: dict[str, Any], code: str
) -> None:
    mine = drafted(world, care, room_facts=room_facts)
    with pytest.raises(Refused) as refused:
        groups.open(group=mine, by=world.chen)
    assert refused.value.code == code


def test_without_an_agreement_in_force_no_group_opens_and_no_centre_is_founded(world: World, care: Care) -> None:
    mine, before = drafted(world, care), care.centre.operator
    out_of_force(care.centre)
    with pytest.raises(standing.NotInForce):
        groups.open(group=mine, by=world.chen)
    said = centres.Facts("第二中心", "天和城1号楼", "", 60)
    with pytest.raises(standing.NotInForce):
        centres.found(community=world.wenxing, operator=care.centre.operator, facts=said, by=world.chen)
    care.centre.operator = before
    made = centres.found(community=world.wenxing, operator=care.centre.operator, facts=said, by=world.chen)
    with pytest.raises(centres.SameName):
        centres.found(community=world.wenxing, operator=care.centre.operator, facts=said, by=world.chen)
    assert made.opened_on == clock.today()


def test_the_head_alone_founds_opens_and_ends(world: World, care: Care) -> None:
    mine = drafted(world, care)
    for by in (world.zhang, world.qian, care.lead):
        with pytest.raises(duties.NotYourDuty):
            groups.open(group=mine, by=by)
        with pytest.raises(duties.NotYourDuty):
            closing.close(group=care.group, last_day=clock.today(), by=by)
        with pytest.raises(duties.NotYourDuty):
            centres.found(
                community=world.wenxing, operator=Partner.objects.get(pk=care.centre.operator_id),
                facts=centres.Facts("又一个", "地址", "", 5), by=by,
            )  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [{"weekdays": []}, {"weekdays": [7]}, {"ends": time(15)}, {"last_on": clock.today()}, {"seats": 0}, {"fees": {}}, {"name": " "},
     {"fees": {8: 1}}, {"fees": {5: -1}}, {"fees": {5: 10_000_01}}, {"name": "长" * 41}],
)  # fmt: skip
def test_a_plan_that_makes_no_sense_is_refused(world: World, care: Care, change: dict[str, Any]) -> None:
    with pytest.raises(BadGroup):
        drafted(world, care, **change)


def test_what_is_open_is_not_changed_nor_thrown_away(world: World, care: Care) -> None:
    with pytest.raises(NotDraft):
        groups.revise(group=care.group, facts=facts(care.group.room), by=world.zhang)
    with pytest.raises(NotDraft):
        groups.discard(group=care.group, by=world.zhang)
    mine = drafted(world, care)
    assert groups.revise(group=mine, facts=facts(mine.room, seats=9), by=world.zhang).seats == 9
    groups.discard(group=mine, by=world.zhang)
    assert not Group.objects.filter(pk=mine.pk).exists()


def test_a_group_that_ends_gives_its_room_back_and_tells_everybody(world: World, care: Care) -> None:
    Group.objects.filter(pk=care.group.pk).update(status="closed", closed_at=clock.now())
    mine = groups.open(group=drafted(world, care, seats=1), by=world.chen)
    held, waits = (asked(mine, *family(world, number)) for number in (1, 2))
    last = mine.first_on + timedelta(days=4)
    closing.close(group=mine, last_day=last, by=world.chen)
    waits.refresh_from_db()
    assert groups.days_between(mine, mine.first_on, mine.last_on)[-1] <= last
    assert waits.status == Place.Status.WITHDRAWN
    assert {one.title for one in Message.objects.filter(resident__in=[held.payer, waits.payer])} >= {
        "托位将结束",
        "已取消登记",
    }
    assert sweeps.sweep(clock.at(last, time(23))) == 0
    assert sweeps.sweep(clock.at(last + timedelta(days=1), time(1))) == 1
    held.refresh_from_db()
    mine.refresh_from_db()
    assert (held.status, held.ends_on, held.end_reason, mine.status, mine.taken) == (
        "ended",
        last,
        "graduated",
        "closed",
        0,
    )
