from collections.abc import Iterator
from datetime import timedelta

import pytest

from communities import todo
from communities.models import User
from core import clock
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


@pytest.mark.django_db
def test_waiting_residents_are_counted_in_ones_own_communities(world: World) -> None:
    assert [row.count for row in todo.residents(world.zhang)] == [1]
    assert [row.count for row in todo.residents(world.he)] == [1]
    assert [row.count for row in todo.residents(world.qian)] == [0]


def test_the_apps_providers_are_registered() -> None:
    assert todo.residents in todo._providers
