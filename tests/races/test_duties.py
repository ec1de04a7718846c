"""Two colleagues who give, end and switch off at the same moment: what nobody may hold, or nobody may lose, stays so."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction

from communities import accounts, appointing, duties
from communities.models import Duty, User
from core import clock
from core.sql import call
from tests.communities.staffing import Role, second_admin, system_admin
from tests.database import as_owner
from tests.races.together import at_once, in_background, let_in_together
from tests.worker import wait_until
from tests.world import World, staff

pytestmark = pytest.mark.django_db(transaction=True)


def codes(results: list[object]) -> list[str]:
    return sorted(str(getattr(result, "code", "done")) for result in results)


def test_audit_and_work_given_at_once_one_of_them_stands(world: World) -> None:
    above, today = system_admin(world), clock.today()
    for turn in range(5):
        newcomer = staff(f"n{turn}", "新", Role.FINANCE, community=world.wenxing)
        newcomer.duties.all().delete()
        results = at_once([
            lambda who=newcomer: appointing.give(user=who, role=Role.AUDITOR, place=world.street, starts_on=today, by=above),
            lambda who=newcomer: appointing.give(user=who, role=Role.WORKER, place=world.wenxing, starts_on=today, by=world.he),
        ])  # fmt: skip
        assert codes(results) == ["done", "duties_apart"] and newcomer.duties.count() == 1


def test_raw_rows_of_two_spheres_meet_inside_the_database(world: World) -> None:
    """Without the verbs: the trigger alone, both inserts on their way before either is seen."""
    newcomer = staff("n", "新", Role.FINANCE, community=world.wenxing)
    newcomer.duties.all().delete()
    results = let_in_together(
        [
            lambda: Duty.objects.create(user=newcomer, role=Role.AUDITOR, sub_district=world.street),
            lambda: Duty.objects.create(user=newcomer, role=Role.WORKER, community=world.wenxing),
        ],
        "communities_duty",
    )
    assert sorted(type(result).__name__ for result in results) == ["Duty", "IntegrityError"]


def stopped_before_writing(acts: list[Callable[[], object]], table: str) -> list[object]:
    """Nobody may write `table` until both have read what they decide by, or wait for one another."""
    waiting = "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted"
    with as_owner(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")
        answers = [in_background(act) for act in acts]
        wait_until(lambda: "both" if call(waiting)[0] >= len(acts) else "")
    return [answer() for answer in answers]


def test_of_two_last_admins_who_end_one_another_one_stays(world: World) -> None:
    other = second_admin(world)
    mine, hers = world.he.duties.get(), other.duties.get()
    results = stopped_before_writing(
        [lambda: appointing.end(duty=mine, by=other), lambda: appointing.end(duty=hers, by=world.he)],
        "communities_duty",
    )
    assert codes(results) == ["done", "last_admin"]
    assert Duty.objects.filter(role=Role.STREET_ADMIN, sub_district=world.street, ends_on=None).count() == 1


def test_of_two_who_switch_one_another_off_one_stays(world: World) -> None:
    other = second_admin(world)
    results = stopped_before_writing(
        [lambda: accounts.switch_off(user=world.he, by=other), lambda: accounts.switch_off(user=other, by=world.he)],
        "communities_user",
    )
    assert codes(results) == ["done", "last_admin"]
    active = User.objects.filter(is_active=True, duties__role=Role.STREET_ADMIN, duties__sub_district=world.street)
    assert active.count() == 1 and duties.streets_of(active.get(), Role.STREET_ADMIN)
