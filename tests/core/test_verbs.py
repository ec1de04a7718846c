"""`@verb`: one transaction, retried when the database asks for it; constraints become refusals, at COMMIT as well."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from communities.models import Community, Household
from core.refusals import Busy, Refused
from core.verbs import verb
from tests.races.together import in_background
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
DEADLOCK, TIMEOUT, SERIALISATION = "40P01", "55P03", "40001"


class Impossible(Refused):
    code = "impossible"


def fail(sqlstate: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'planted' USING ERRCODE = '{sqlstate}'; END $$")


def failing(sqlstate: str, times: int, calls: list[int]) -> Callable[[], str]:
    """An act that writes a household, and that the database stops so many times."""

    def act() -> str:
        calls.append(1)
        Household.objects.create(community=Community.objects.get(name="文兴社区"))
        transaction.on_commit(lambda: calls.append(100))
        if calls.count(1) <= times:
            fail(sqlstate)
        return "done"

    return act


@pytest.mark.parametrize("sqlstate", [DEADLOCK, TIMEOUT, SERIALISATION])
def test_the_outermost_verb_tries_again_and_writes_and_tells_once(world: World, sqlstate: str) -> None:
    calls: list[int] = []
    before = Household.objects.count()
    assert verb()(failing(sqlstate, 2, calls))() == "done"
    assert calls == [1, 1, 1, 100]
    assert Household.objects.count() == before + 1


def test_after_three_tries_it_says_busy_with_503(world: World) -> None:
    calls: list[int] = []
    before = Household.objects.count()
    with pytest.raises(Busy) as refused:
        verb()(failing(TIMEOUT, 99, calls))()
    assert (refused.value.code, refused.value.status, calls) == ("busy", 503, [1, 1, 1])
    assert Household.objects.count() == before


def test_another_error_is_not_tried_again(world: World) -> None:
    calls: list[int] = []
    with pytest.raises(OperationalError):
        verb()(failing("57014", 99, calls))()
    assert calls == [1]


def test_a_nested_verb_leaves_the_trying_to_the_outermost(world: World) -> None:
    calls: list[int] = []
    inner = verb()(failing(DEADLOCK, 1, calls))

    @verb()
    def outer() -> str:
        Household.objects.create(community=world.yongan)
        calls.append(0)
        return inner()

    before = Household.objects.filter(community=world.wenxing).count()
    assert outer() == "done"
    assert calls == [0, 1, 0, 1, 100]
    assert Household.objects.filter(community=world.wenxing).count() == before + 1


def test_a_refusal_of_a_nested_verb_undoes_only_its_own_part(world: World) -> None:
    @verb({"household_of_nobody": lambda _: Impossible()})
    def inner() -> None:
        Household.objects.create(community=world.yongan)
        raise Impossible

    @verb()
    def outer() -> None:
        Household.objects.create(community=world.wenxing)
        with pytest.raises(Impossible):
            inner()

    before = Household.objects.count()
    outer()
    assert Household.objects.count() == before + 1
    assert not Household.objects.filter(community=world.yongan, members=None).exists()


def test_a_constraint_that_speaks_only_at_commit_is_a_refusal_too(world: World) -> None:
    def act() -> None:
        Household.objects.create(community_id=10**9)

    with pytest.raises(IntegrityError) as error:
        verb()(act)()
    name = error.value.__cause__.diag.constraint_name  # type: ignore[union-attr]
    with pytest.raises(Impossible):
        verb({name: lambda _: Impossible()})(act)()


def test_a_lock_that_is_missing_only_at_commit_is_busy(world: World) -> None:
    """A foreign key takes its lock at COMMIT."""

    def act() -> None:
        Household.objects.create(community=world.wenxing)

    def impatient() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        verb()(act)()

    with transaction.atomic():
        Community.objects.select_for_update().get(pk=world.wenxing.pk)
        answer = in_background(impatient)()
    assert isinstance(answer, Busy)
