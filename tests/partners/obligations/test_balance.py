"""Rooms given against service returned."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from partners.models import RoomGrant
from partners.obligations import balance
from tests import world as cast
from tests.partners.promised import agreed, confirmed, reported
from tests.world import World
from venues.models import Booking, BookingSeries

pytestmark = pytest.mark.django_db
NOW = clock.at(date(2026, 11, 20), time(12))


@pytest.fixture(autouse=True)
def november() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def held(world: World, series: BookingSeries, day: datetime, status: str = "booked") -> None:
    ended = {} if status == "booked" else {"ended_at": clock.now(), "ended_by": world.zhang, "end_reason": "停"}
    Booking.objects.create(
        room=series.room, series=series, use="partner", title="理发", unit="理发店", starts_at=day, ends_at=day + timedelta(hours=2),
        blocked_until=day + timedelta(hours=2), by=world.zhang, status=status, **ended,
    )  # fmt: skip


def test_without_a_series_the_hours_are_by_the_agreement(world: World) -> None:
    agreement = agreed(world, hours=30, starts_on=date(2026, 10, 17))
    confirmed(agreement, world.zhang, world.chen, date(2026, 11, 3), minutes=90, people=7)
    reported(agreement, world.zhang, date(2026, 11, 4))  # not confirmed: does not count
    (found,) = balance.of([agreement])
    november, october = found.months
    assert (october.first, october.given, october.assumed) == (
        date(2026, 10, 1),
        Decimal("14.5"),
        True,
    )  # 15 of 31 days
    assert (november.given, november.hours, november.people, november.times) == (Decimal("20.0"), Decimal("1.5"), 7, 1)
    assert (found.total.given, found.total.people) == (Decimal("34.5"), 7)


def test_with_a_series_only_what_was_held_counts(world: World) -> None:
    agreement = agreed(world, hours=30, starts_on=date(2026, 10, 17))
    series = BookingSeries.objects.create(
        room=cast.room(world.wenxing), use="partner", title="理发", weekdays=[1], starts=time(9), minutes=120,
        first=date(2026, 10, 20), last=date(2026, 12, 20), made_by=world.zhang,
    )  # fmt: skip
    RoomGrant.objects.filter(agreement=agreement).update(series=series)
    for day, status in ((3, "booked"), (10, "cancelled"), (17, "booked"), (24, "booked")):  # the last one is to come
        held(world, series, clock.at(date(2026, 11, day), time(9)), status)
    held(world, series, clock.at(date(2026, 10, 31), time(23)))  # begins in October
    (found,) = balance.of([agreement])
    november, october = found.months
    assert (november.given, november.assumed, october.given) == (Decimal(4), False, Decimal(2))


def test_an_agreement_that_ended_counts_until_then(world: World) -> None:
    agreement = agreed(world, hours=30, starts_on=date(2026, 10, 1))
    agreement.ended_on = date(2026, 11, 1)
    agreement.save(update_fields=["ended_on"])
    (found,) = balance.of([agreement])
    assert [one.given for one in found.months] == [Decimal(30)]


def test_ten_agreements_cost_as_many_queries_as_one(world: World) -> None:
    agreements = [agreed(world, hours=8) for _ in range(10)]
    with CaptureQueriesContext(connection) as one:
        balance.of(agreements[:1])
    with CaptureQueriesContext(connection) as ten:
        balance.of(agreements)
    assert len(ten) == len(one) <= 3
    assert balance.file_of(balance.of(agreements)).read(2) == b"PK"
