"""The book of hours keeps itself: raw SQL under the application's login deletes nothing, changes nothing and voids once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from activities import hours
from activities.correcting import approve, propose
from activities.models import Participation, Service
from activities.reviewing import confirm
from core import clock
from tests.activities.cast import recorded
from tests.activities.serving_hours import nine, serve
from tests.books import breaches, refuses
from tests.points.deeds import charged
from tests.world import World

pytestmark = pytest.mark.django_db


def refused(statement: str, *said: Any, match: str) -> None:
    """The application's own login says it, and the database does not do it."""
    with pytest.raises(DatabaseError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("app",)
        cursor.execute(statement, said)


@pytest.mark.parametrize(
    "change",
    [
        "minutes = minutes + 30", "credited = credited + 30", "starts_at = starts_at - interval '1 hour'", "resident_id = 1",
        "title = '别的'", "confirmed_by_id = 1", "day_cap = NULL, over_reason = '忙'", "late_reason = '补'", "recorded_at = now()",
        '"on" = "on" - 1', "replaces_id = id", "participation_id = 0",
    ],
)  # fmt: skip
def test_what_is_on_record_stays_as_it_is(world: World, change: str) -> None:
    mine = serve(world)
    refused(f"UPDATE activities_service SET {change} WHERE id = %s", mine.pk, match="on record as it is")


def test_nothing_is_deleted_or_emptied(world: World) -> None:
    mine = serve(world)
    refused("DELETE FROM activities_service WHERE id = %s", mine.pk, match="corrected, not deleted")
    refused("TRUNCATE activities_service CASCADE", match="denied|corrected, not deleted")
    with pytest.raises(DatabaseError, match="corrected, not deleted"), transaction.atomic():
        Service.objects.all().delete()


def test_it_is_voided_once_and_never_brought_back(world: World) -> None:
    mine = serve(world)
    approve(
        correction=propose(participation=mine.participation, minutes=60, reason="记错", by=world.zhang), by=world.chen
    )
    for change in (
        "voided_at = NULL, voided_by_id = NULL, void_reason = ''",
        "void_reason = '别的原因'",
        "voided_at = now()",
    ):
        refused(f"UPDATE activities_service SET {change} WHERE id = %s", mine.pk, match="on record as it is")
    before = Service.objects.get(pk=mine.pk)
    hours.void(service=before, reason="第二次", by=world.he, at=clock.now())
    assert Service.objects.get(pk=mine.pk).void_reason == "更正：记错"


def test_a_record_is_born_whole(world: World) -> None:
    """Copied by raw SQL with one thing wrong: voided, another day, more minutes than it lasted, odd credits."""
    mine = serve(world)
    names = [f.column for f in Service._meta.concrete_fields if f.column != "id"]
    for wrong in (
        {"voided_at": "now()", "voided_by_id": "recorded_by_id", "void_reason": "'x'"},
        {"on": '"on" - 1'},
        {"minutes": "minutes + 60"},
        {"credited": "25"},
    ):
        later = {"starts_at": "starts_at + interval '5 hours'", "ends_at": "ends_at + interval '5 hours'"}
        said = ", ".join((later | wrong).get(name, f'"{name}"') for name in names)
        columns = ", ".join(f'"{name}"' for name in names)
        refused(
            f"INSERT INTO activities_service ({columns}) SELECT {said} FROM activities_service WHERE id = %s", mine.pk,
            match="does not add up",
        )  # fmt: skip


def test_somebody_elses_participation_or_no_volunteering_makes_no_record(world: World) -> None:
    mine = serve(world)
    names = [f.column for f in Service._meta.concrete_fields if f.column != "id"]
    columns = ", ".join(f'"{name}"' for name in names)
    said = ", ".join("%s" if name == "resident_id" else f'"{name}"' for name in names)
    refused(
        f"INSERT INTO activities_service ({columns}) SELECT {said} FROM activities_service WHERE id = %s", world.wang.pk,
        mine.pk, match="no volunteer service",
    )  # fmt: skip


def test_a_second_record_of_one_attendance_or_of_the_same_time_is_refused(world: World) -> None:
    mine = serve(world)
    names = [f.column for f in Service._meta.concrete_fields if f.column != "id"]
    columns = ", ".join(f'"{name}"' for name in names)
    copied = f"INSERT INTO activities_service ({columns}) SELECT {{}} FROM activities_service WHERE id = %s"
    same = ", ".join(f'"{name}"' for name in names)
    refused(copied.format(same), mine.pk, match="service_once|service_no_overlap")
    later = {"starts_at": "ends_at", "ends_at": "ends_at + interval '2 hours'"}
    refused(copied.format(", ".join(later.get(name, f'"{name}"') for name in names)), mine.pk, match="service_once")


def test_reporting_is_the_one_thing_that_changes(world: World) -> None:
    mine = serve(world)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE activities_service SET reported_at = now(), reported_by_id = %s WHERE id = %s",
            [world.zhang.pk, mine.pk],
        )
    assert Service.objects.get(pk=mine.pk).reported_by == world.zhang


def test_spending_never_lowers_hours(world: World) -> None:
    serve(world)
    charged(world, world.li, 20)
    assert hours.credited(world.li) == 120 and breaches() == []


def test_nine_hours_on_one_day_do_not_stand_in_the_book(world: World) -> None:
    """Whatever got around the look of the recorder: the book counts the day itself."""
    serve(world, minutes=300, lasts=300, starts_at=nine(1) - timedelta(hours=2))
    part = recorded(world, minutes=60, starts_at=nine(1) + timedelta(hours=4))
    begins = part.served_from
    assert begins is not None
    Participation.objects.filter(pk=part.pk).update(minutes=240, served_to=begins + timedelta(hours=4), points=40)
    with refuses(hours.TooMuchADay):
        confirm(participation=Participation.objects.get(pk=part.pk), minutes=240, by=world.chen)
    assert list(Service.objects.of(world.li).values_list("minutes", flat=True)) == [300]
