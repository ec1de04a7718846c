"""Imports at once: one community by turns, two communities about the same people. One number, one file; nobody twice."""

from functools import partial

import pytest

from communities.importing import batches, work
from communities.models import Batch, Line, Resident, User
from tests.communities.importing.made import cells, person, uploaded, xlsx
from tests.races.together import at_once
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 500


def confirmed(world: World, by: User, serials: range) -> int:
    community = world.yongan if by == world.qian else world.wenxing
    batch = uploaded(xlsx([cells(person(serial)) for serial in serials]), community, by)
    assert not batch.lines.exclude(fate=Line.Fate.NEW).exists()
    return batches.confirm(batch=batch, by=by).pk


def carried(*numbers: int) -> None:
    """Every batch by a worker of its own, and by another one again: what one of them was refused is gone on with."""
    assert not any(at_once([partial(work.carry_on, number) for number in numbers]))
    for number in numbers:
        work.carry_on(number)
    assert set(Batch.objects.values_list("status", flat=True)) == {"done"}


def test_two_communities_that_import_the_same_people_make_one_file_of_each(world: World) -> None:
    """One sheet in the other's reverse order: whoever locked by lines would wait for the other for ever."""
    ours, theirs = confirmed(world, world.zhang, range(MANY)), confirmed(world, world.qian, range(MANY - 1, -1, -1))
    carried(ours, theirs)
    made = Resident.objects.filter(decided_by__in=[world.zhang, world.qian])
    assert made.count() == made.values("document_hash").distinct().count() == MANY
    lines = Line.objects.all()
    assert lines.filter(fate=Line.Fate.NEW).count() == lines.filter(fate=Line.Fate.WRONG).count() == MANY
    assert all(line.said and line.resident is None for line in lines.filter(fate=Line.Fate.WRONG))


@pytest.mark.heavy
def test_two_colleagues_who_import_the_same_people_make_one_file_of_each(world: World) -> None:
    """Without numbers nothing but taking turns keeps a name and a phone together once."""
    rows = [[one.name, one.phone, "", "", "", ""] for one in map(person, range(MANY))]
    both = [uploaded(xlsx(rows), world.wenxing, by) for by in (world.zhang, world.chen)]
    carried(*(batches.confirm(batch=batch, by=batch.by).pk for batch in both))
    made = Resident.objects.filter(decided_by__in=[world.zhang, world.chen])
    assert made.count() == made.values("name", "phone").distinct().count() == MANY
