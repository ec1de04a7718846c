"""The opening rush: 2,000 attempts for 30 seats from eight processes, through the verb and through the raw function."""

import multiprocessing
import statistics
import time
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from typing import Any

from django.db import connection, connections

from communities.models import Resident
from core.refusals import Refused
from nightschool.enrolment import enrol
from nightschool.models import Channel, Course
from tests.bench import ground
from tests.bench.enrol import SAME
from tests.world import World, course

PROCESSES, ATTEMPTS, SEATS, ROUNDS = 8, 2000, 30, 5
Attempt = Callable[[int, Resident], None]


def by_verb(course_id: int, who: Resident) -> None:
    try:
        enrol(course_id=course_id, resident=who, by=who.account, channel=Channel.PHONE)
    except Refused:
        return


def by_function(course_id: int, who: Resident) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SAME, [course_id, who.pk, who.account_id])


def _attempts(attempt: Attempt, course_id: int, people: list[Resident], gate: Barrier) -> None:
    connection.ensure_connection()
    gate.wait()
    for who in people:
        attempt(course_id, who)
    gate.wait()


def rush(attempt: Attempt, made: Course, people: list[Resident]) -> float:
    """Seconds from the barrier to the last answer; exactly the seats are taken."""
    connections.close_all()
    forked = multiprocessing.get_context("fork")
    gate = forked.Barrier(PROCESSES + 1)
    children = [
        forked.Process(target=_attempts, args=(attempt, made.pk, people[n::PROCESSES], gate)) for n in range(PROCESSES)
    ]
    for child in children:
        child.start()
    gate.wait()
    begin = time.perf_counter()
    gate.wait()
    seconds = time.perf_counter() - begin
    for child in children:
        child.join()
    made.refresh_from_db()
    assert made.taken == SEATS == made.enrolments.count()
    return seconds


def run(world: World) -> list[dict[str, Any]]:
    people = list(Resident.objects.filter(name__startswith="居民").select_related("community", "account")[:ATTEMPTS])
    people += ground.people(world, ATTEMPTS - len(people), 200, first=len(people)) if len(people) < ATTEMPTS else []
    taken: dict[str, list[float]] = {"one SQL function": [], "verb": []}
    for turn in range(ROUNDS):
        variants: list[tuple[str, Attempt]] = [("one SQL function", by_function), ("verb", by_verb)]
        for name, attempt in variants[:: 1 if turn % 2 else -1]:
            taken[name].append(rush(attempt, course(world.wenxing, capacity=SEATS, price=1), people))
    medians = {name: statistics.median(values) for name, values in taken.items()}
    limit = medians["one SQL function"]
    return [
        {"variant": name, "seconds": round(value, 3), "times the limit": round(value / limit, 2)}
        for name, value in medians.items()
    ]
