"""A worker that is killed anywhere leaves a batch that the next one finishes: nobody twice, nobody lost."""

import time
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction

from communities.importing import batches, judging, reading, sheets, work, writing
from communities.models import Batch, Line, Resident
from communities.tasks import imports
from config.celery import app
from tests.communities.importing.made import cells, fates, imported, messy, person, uploaded, xlsx
from tests.worker import Worker, wait_until
from tests.world import World

Status = Batch.Status
MANY = 3000


def begun(world: World, content: bytes) -> Batch:
    return batches.begin(community=world.wenxing, name="名单.xlsx", content=content, by=world.zhang)


def until(batch: Batch, *statuses: Status) -> Callable[[], str]:
    def done() -> str:
        batch.refresh_from_db()
        return batch.status if batch.status in statuses else ""

    return done


def test_a_worker_wakes_by_the_commit_reads_writes_and_undoes(
    transactional_db: None, world: World, celery_worker: Worker
) -> None:
    content, expected = messy(100)
    batch = begun(world, content)
    wait_until(until(batch, Status.READY), celery_worker.said)
    assert fates(batch) == expected
    batches.confirm(batch=batch, by=world.zhang)
    wait_until(until(batch, Status.DONE), celery_worker.said)
    batches.undo(batch=batch, by=world.zhang)
    wait_until(until(batch, Status.UNDONE), celery_worker.said)
    assert not Resident.objects.filter(decided_by=world.zhang).exists()


@pytest.mark.heavy
@pytest.mark.parametrize("status", [Status.READING, Status.WRITING, Status.UNDOING])
def test_kill_9_in_the_middle_loses_and_doubles_nobody(
    transactional_db: None, world: World, start_worker: Callable[..., Worker], status: Status
) -> None:
    content = xlsx([cells(person(serial)) for serial in range(MANY)])
    first = start_worker("first")
    batch = begun(world, content)
    for wanted, act in ((Status.READING, None), (Status.WRITING, batches.confirm), (Status.UNDOING, batches.undo)):
        if act is not None:
            wait_until(until(batch, Status.READY, Status.DONE), first.said)
            act(batch=batch, by=world.zhang)
        if wanted == status:
            break
    _in_the_middle(batch, status, first)
    first.kill()
    batch.refresh_from_db()
    assert batch.status == status and 0 < batch.done < MANY
    app.control.purge()
    second = start_worker("second")
    imports.apply_async()  # what beat does every five seconds
    ends = {Status.READING: Status.READY, Status.WRITING: Status.DONE, Status.UNDOING: Status.UNDONE}
    wait_until(until(batch, ends[status]), second.said)
    assert (batch.done, batch.lines.count(), batch.sheet) == (MANY, MANY, None)
    names = list(Resident.objects.filter(decided_by=world.zhang).values_list("name", flat=True))
    assert len(names) == len(set(names)) == {Status.WRITING: MANY}.get(status, 0)


def _in_the_middle(batch: Batch, status: Status, worker: Worker) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        batch.refresh_from_db()
        if batch.status == status and 0 < batch.done < MANY:
            return
        time.sleep(0.002)
    pytest.fail(worker.said())


@pytest.mark.django_db
def test_a_sheet_that_cost_three_workers_their_life_is_given_up(world: World) -> None:
    batch = begun(world, xlsx([cells(person(1))]))
    for _ in range(work.TRIES):
        assert work._taken(batch_id=batch.pk)
    work.carry_on(batch.pk)
    batch.refresh_from_db()
    assert (batch.status, batch.refusal, batch.sheet) == (Status.REFUSED, work.GIVEN_UP, None)


@pytest.mark.django_db
def test_a_sheet_that_cannot_be_read_ends_its_batch_with_a_sentence(world: World) -> None:
    batch = uploaded(xlsx([cells(person(1))])[:4000], world.wenxing, world.zhang)
    assert (batch.status, batch.refusal, batch.sheet, batch.lines.count()) == (Status.REFUSED, sheets.BROKEN, None, 0)
    only_the_example = uploaded(xlsx([["示例：王秀兰", "13800000000"]]), world.wenxing, world.zhang)
    assert "除了示例" in only_the_example.refusal


@pytest.mark.django_db
def test_what_was_given_up_while_it_was_read_leaves_no_lines(world: World) -> None:
    batch = begun(world, xlsx([cells(person(1))]))
    rows = reading.read(work._taken(batch_id=batch.pk) or b"").rows
    assert work._begun(batch_id=batch.pk, total=1, said=[])
    batches.drop(batch=batch, by=world.zhang)
    assert not work._judged(batch_id=batch.pk, rows=rows, seen=judging.Seen())
    work._ready(batch_id=batch.pk)
    batch.refresh_from_db()
    assert (batch.status, batch.lines.count()) == (Status.DROPPED, 0)


def test_a_second_worker_keeps_away_while_one_is_at_it(transactional_db: None, world: World) -> None:
    batch = begun(world, xlsx([cells(person(1))]))
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [f"communities.import:{batch.pk}"])
        work.carry_on(batch.pk)
        batch.refresh_from_db()
        assert batch.status == Status.READING
    finally:
        other.close()
    wait_until(lambda: "free" if _carried(batch) else "")


def _carried(batch: Batch) -> bool:
    work.carry_on(batch.pk)
    batch.refresh_from_db()
    return batch.status == Status.READY


@pytest.mark.django_db
def test_two_that_write_by_turns_write_each_line_once(world: World) -> None:
    batch = uploaded(xlsx([cells(person(serial)) for serial in range(1200)]), world.wenxing, world.zhang)
    batches.confirm(batch=batch, by=world.zhang)
    assert writing.write_some(batch_id=batch.pk)
    batch.refresh_from_db()
    assert (batch.done, Resident.objects.filter(decided_by=world.zhang).count()) == (500, 500)
    with transaction.atomic():
        writing.write_some(batch_id=batch.pk)
        transaction.set_rollback(True)
    while writing.write_some(batch_id=batch.pk):
        pass
    assert Resident.objects.filter(decided_by=world.zhang).count() == 1200
    assert not Line.objects.filter(batch=batch, written_at=None).exists()
    assert not connection.needs_rollback


@pytest.mark.django_db
def test_the_sweep_finds_what_waits_and_nothing_else(world: World) -> None:
    reads, ready = begun(world, b"x"), uploaded(xlsx([cells(person(1))]), world.wenxing, world.zhang)
    imported(xlsx([cells(person(2))]), world.wenxing, world.chen)
    assert batches.open_ones() == [reads.pk]
    batches.confirm(batch=ready, by=world.zhang)
    assert batches.open_ones() == [reads.pk, ready.pk]
