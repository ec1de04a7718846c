"""A gathering over HTTP: 2,000 sign-ups for an activity of 500, then 500 check-ins at once, beside reading its page."""

import http.client
import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import connections
from django.test import Client

from activities.models import Activity, Participation
from activities.scanning import Way, code_of
from communities.models import Resident
from core import clock
from tests.bench import ground
from tests.server import answers, free_port
from tests.world import World, activity

PEOPLE, PLACES, HANDS = 2000, 500, 40
TOKEN = "a" * 32


class Answer(NamedTuple):
    status: int
    seconds: float


Act = Callable[[http.client.HTTPConnection, dict[str, str]], int]


@contextmanager
def serving() -> Iterator[int]:
    """The port of gunicorn as `make run` starts it, on the benchmark's database."""
    port = free_port()
    env = {**os.environ, "PORT": str(port), "SITE_URL": f"http://127.0.0.1:{port}"}
    server = subprocess.Popen([sys.executable, "-m", "gunicorn", "-c", "config/web.py", "config.wsgi"], env=env)
    try:
        while not answers(f"http://127.0.0.1:{port}"):
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait()


def browsers(people: list[Resident]) -> list[dict[str, str]]:
    """Each signed in on a phone of their own: the cookies."""
    found = []
    for person in people:
        client = Client()
        assert person.account
        client.force_login(person.account)
        found.append({name: morsel.value for name, morsel in client.cookies.items()})
    return found


def send(link: http.client.HTTPConnection, method: str, path: str, cookies: dict[str, str]) -> int:
    held = "; ".join(f"{name}={value}" for name, value in (cookies | {"csrftoken": TOKEN}).items())
    body = f"csrfmiddlewaretoken={TOKEN}" if method == "POST" else None
    link.request(method, path, body, {"Cookie": held, "Content-Type": "application/x-www-form-urlencoded"})
    answer = link.getresponse()
    answer.read()
    return answer.status


def all_at_once(port: int, phones: list[dict[str, str]], act: Act) -> list[Answer]:
    """`act` for every phone, as fast as forty hands press; each with a connection of its own, as phones have."""

    def one(cookies: dict[str, str]) -> Answer:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        begin = time.perf_counter()
        status = act(link, cookies)
        spent = time.perf_counter() - begin
        link.close()
        return Answer(status, spent)

    with ThreadPoolExecutor(HANDS) as hands:
        return list(hands.map(one, phones))


def row(name: str, done: list[Answer], reading: float) -> dict[str, Any]:
    spent = [one.seconds for one in done]
    p95 = statistics.quantiles(spent, n=20)[-1]
    statuses = Counter(one.status for one in done)
    assert not [status for status in statuses if status >= 500], statuses
    return {
        "act": name, "requests": len(done), "answers": " ".join(f"{status}×{n}" for status, n in sorted(statuses.items())),
        "p50 ms": round(statistics.median(spent) * 1000), "p95 ms": round(p95 * 1000),
        "times reading": round(p95 / reading, 2),
    }  # fmt: skip


def run(world: World) -> list[dict[str, Any]]:
    people = list(Resident.objects.filter(name__startswith="居民").select_related("account")[:PEOPLE])
    people += ground.people(world, PEOPLE - len(people), 200, first=len(people)) if len(people) < PEOPLE else []
    made, phones = activity(world.wenxing, capacity=PLACES), browsers(people)
    connections.close_all()
    with serving() as port:
        page = f"/activities/{made.pk}/"
        read = all_at_once(port, phones, lambda link, cookies: send(link, "GET", page, cookies))
        p95 = statistics.quantiles([one.seconds for one in read], n=20)[-1]
        joined = all_at_once(port, phones, lambda link, cookies: send(link, "POST", f"{page}sign-up/", cookies))
        counted(made, {"signed_up": PLACES})
        here = in_time(made)
        own = dict(zip([person.pk for person in people], phones, strict=True))
        theirs = [own[pk] for pk in here]
        came = all_at_once(port, theirs, lambda link, cookies: check_in(link, made, cookies))
    assert Participation.objects.filter(activity=made).exclude(arrived_at=None).count() == PLACES
    return [
        row("reading the page", read, p95),
        row("signing up", joined, p95),
        row("scanning and checking in", came, p95),
    ]


def in_time(made: Activity) -> list[int]:
    """It begins now; who has a place."""
    now = clock.now()
    Activity.objects.filter(pk=made.pk).update(starts_at=now, ends_at=now + timedelta(hours=2))
    return list(Participation.objects.filter(activity=made, status="signed_up").values_list("resident", flat=True))


def check_in(link: http.client.HTTPConnection, made: Activity, cookies: dict[str, str]) -> int:
    """Scan the code that stands there now, then press the button."""
    seen = f"/activities/here/{made.pk}/in/"
    scanned = send(link, "GET", f"{seen}{code_of(made.pk, Way.IN, clock.now())}/", cookies)
    return scanned if scanned >= 400 else send(link, "POST", seen, cookies)


def counted(made: Activity, expected: dict[str, int]) -> None:
    made.refresh_from_db()
    assert made.taken == PLACES
    rows = made.participations.values_list("status", flat=True)
    assert Counter(rows) == expected
