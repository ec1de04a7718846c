"""Many at once: threads that start together at a barrier, each with a database connection of its own."""

import threading
import time
from collections.abc import Callable, Sequence

from django.db import connection, connections, transaction

from communities.models import Resident
from tests import world as cast
from tests.database import as_owner
from tests.world import World

PATIENCE = 10.0


def crowd(world: World, number: int, points: int = 60) -> list[Resident]:
    people = [cast.resident(world.wenxing, f"居民{n}", f"137{n:08d}") for n in range(number)]
    for person in people:
        cast.award(person, points, by=world.system)
    return people


def at_once(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Every act in a thread of its own, started together at a barrier; what each returned or raised."""
    gate = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            gate.wait()
            results[number] = act()
        except Exception as error:  # the test looks at every one of them
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def in_background(act: Callable[[], object]) -> Callable[[], object]:
    """Start `act` in a thread; the answer waits for its end and says what it returned or raised."""
    results: list[object] = []

    def run() -> None:
        try:
            results.append(act())
        except Exception as error:  # the test looks at it
            results.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()

    def answer() -> object:
        thread.join()
        return results[0]

    return answer


def until_somebody_waits_for_us(people: int = 1) -> None:
    """Return when so many other sessions wait for a lock that this one holds."""
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
    end = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            cursor.execute(waiting)
            if cursor.fetchone()[0] >= people:
                return
            time.sleep(0.01)
    raise AssertionError(f"fewer than {people} wait for us")


def let_in_together(acts: Sequence[Callable[[], object]], table: str) -> list[object]:
    """Hold everybody at `table` until all are there, so that they meet inside the database and not in Python."""
    with as_owner(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")
        answers = [in_background(act) for act in acts]
        until_somebody_waits_for_us(len(acts))
    return [answer() for answer in answers]
