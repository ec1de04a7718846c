from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from communities import confirming, todo
from communities.models import Resident, User
from core import clock
from tests import world as cast
from tests.world import World


@pytest.fixture
def providers(monkeypatch: pytest.MonkeyPatch) -> list[todo.Provider]:
    """No provider but those of the test."""
    own: list[todo.Provider] = []
    monkeypatch.setattr(todo, "_providers", own)
    return own


def test_what_has_a_deadline_comes_first_and_nothing_is_not_shown(providers) -> None:
    now = clock.now()

    def some(user: User) -> Iterator[todo.Row]:
        yield todo.Row("courses", "无期限", 1, "/a/")
        yield todo.Row("courses", "后天", 2, "/b/", now + timedelta(days=2))
        yield todo.Row("partners", "明天", 3, "/c/", now + timedelta(days=1))
        yield todo.Row("partners", "没有", 0, "/d/")

    todo.register(some)
    todo.register(some)
    rows = todo.rows_for(User())
    assert [row.label for row in rows] == ["明天", "后天", "无期限"]
    assert todo.by_section(rows) == {"courses": 3, "partners": 3}


def test_how_near_a_deadline_is_is_said_in_words() -> None:
    now = clock.now()
    with time_machine.travel(now, tick=False):
        near = {
            hours: todo.Row("a", "b", 1, "/", now + timedelta(hours=hours)).urgency for hours in (-1, 0, 48, 49, 500)
        }
    assert near == {-1: "overdue", 0: "soon", 48: "soon", 49: "later", 500: "later"}
    assert todo.Row("a", "b", 1, "/").urgency == ""


@pytest.mark.django_db
def test_what_waits_is_counted_in_one_query_by_the_sub_district_it_is_in(
    world: World, django_assert_num_queries: Callable[..., Any]
) -> None:
    """Whoever works in two sub-districts is told the nearest deadline of both, and led to the first that waits."""
    late = cast.resident(world.wenxing, "于江", confirmed=False)
    Resident.objects.filter(pk=late.pk).update(registered_at=world.sun.registered_at + timedelta(days=5))
    far = cast.resident(world.hualin, "于海", confirmed=False)
    Resident.objects.filter(pk=far.pk).update(registered_at=datetime.fromisoformat("2026-09-24 15:00+08:00"))
    asked = Resident.objects.filter(status=Resident.Status.PENDING)
    here, there = world.street.pk, world.hualin.sub_district_id
    days = {here: -90, there: 9}

    def until(first: datetime, street: int) -> datetime:
        return first + timedelta(days=days[street])

    def provider(_: User) -> list[todo.Waiting]:
        street, leads = "community__sub_district", ("desk:resident", "pk")
        both = todo.Waiting("a", "登记", "/a/", lambda _: asked, "registered_at", until, street, leads)
        return [both, todo.Waiting("b", "没有", "/b/", lambda _: asked.none(), leads=leads)]

    with django_assert_num_queries(2):  # whose family it is, and everything
        mine, none = todo.rows_of([provider], world.zhang)
    world.sun.refresh_from_db()
    assert (mine.count, mine.url) == (3, f"/desk/residents/{far.pk}/")
    assert mine.deadline == world.sun.registered_at - timedelta(days=90)
    assert (none.count, none.url, none.deadline) == (0, "/b/", None)
    days[here], far.registered_at = 90, datetime.fromisoformat("2026-09-24 15:00+08:00")
    assert todo.rows_of([provider], world.zhang)[0].deadline == far.registered_at + timedelta(days=9)


@pytest.mark.django_db
def test_waiting_residents_are_counted_in_ones_own_communities(world: World) -> None:
    assert [row.count for row in todo.rows_of([confirming.rows], world.zhang)] == [1]
    assert [row.count for row in todo.rows_of([confirming.rows], world.he)] == [1]
    assert [row.count for row in todo.rows_of([confirming.rows], world.qian)] == [0]
    cast.resident(world.yongan, "于海", confirmed=False)
    assert [row.count for row in todo.rows_of([confirming.rows], world.qian)] == [1]
    assert [row.count for row in todo.rows_of([confirming.rows], world.he)] == [2]


@pytest.mark.django_db
def test_a_registration_is_answered_within_a_working_day(world: World) -> None:
    Resident.objects.filter(pk=world.sun.pk).update(registered_at=datetime.fromisoformat("2026-09-24 15:00+08:00"))
    late = cast.resident(world.wenxing, "于海", confirmed=False)
    Resident.objects.filter(pk=late.pk).update(registered_at=datetime.fromisoformat("2026-09-28 15:00+08:00"))
    (row,) = todo.rows_of([confirming.rows], world.zhang)  # 25–27 September are holidays
    assert row.deadline == datetime.fromisoformat("2026-09-28 23:59+08:00") and row.urgency == "overdue"


def test_the_apps_providers_are_registered() -> None:
    names = {f"{one.__module__}.{one.__name__}" for one in todo._providers}
    assert names >= {
        "communities.confirming.rows", "communities.appeals.rows", "communities.calendar.rows", "communities.publishing.rows",
        "communities.objections.rows", "communities.rights.rows", "communities.importing.batches.rows", "points.proposals.rows",
        "activities.todo.rows", "nightschool.todo.rows", "partners.todo.rows", "notifications.todo.rows",
    }  # fmt: skip
