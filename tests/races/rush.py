"""The opening of a course: many residents by page and REST, a colleague at the counter, an offer accepted, all at one moment."""

import http.client
import json
import multiprocessing
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import cycle
from multiprocessing.synchronize import Barrier
from random import Random
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, connections
from django.test import Client
from oauth2_provider.models import AccessToken, Application

from communities.acting import SESSION_KEY as ACTING
from communities.models import Duty, Resident, User
from core import clock
from core.refusals import Refused
from nightschool.enrolment import enrol
from nightschool.leaving import cancel
from nightschool.line import waitlist
from nightschool.models import Channel, Course
from tests import world as cast
from tests.races.together import crowd
from tests.world import World

SEATS, HELD, PRICE, POINTS = 30, 4, 10, 400
ELDERS, PROCESSES, LINKS = 12, 8, 48
JOINS = 5  # so many-th of those who come too late stands in the line
CSRF = "a" * 32
Address = tuple[str, int]
Act = Callable[[http.client.HTTPConnection], tuple[str, int]]


@dataclass
class Table:
    """Everybody who comes: `people` with phones, `elders` at the counter, `keen` for whom a seat is kept."""

    world: World
    people: list[Resident]
    elders: list[Resident]
    keen: Resident


def table(world: World, number: int) -> Table:
    elders = [cast.resident(world.wenxing, f"老人{n}") for n in range(ELDERS)]
    keen = cast.resident(world.wenxing, "有候补", "13600000001")
    for person in (*elders, keen):
        cast.award(person, POINTS, by=world.system)
    return Table(world, crowd(world, number, points=POINTS), elders, keen)


def opened(at_table: Table) -> Course:
    """A course of 30 seats, four of them held, one kept for `keen`, who waited when somebody left."""
    world = at_table.world
    course = cast.course(world.wenxing, capacity=1, price=PRICE)
    (first,) = cast.seated(course, at_table.people[0])
    channel = Channel.PHONE
    waitlist.join(course_id=course.pk, resident=at_table.keen, by=world.system, channel=channel)
    cancel(enrolment=first, by=world.zhang, reason="生病")
    Course.objects.filter(pk=course.pk).update(capacity=SEATS, held=HELD, held_until=clock.now() + timedelta(hours=1))
    course.refresh_from_db()
    assert (course.taken, course.online) == (1, 1)
    return course


# over HTTP


def session_of(person: Resident) -> str:
    account = person.account
    assert account is not None
    store = SessionStore()
    store[SESSION_KEY] = str(account.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    store[ACTING] = person.pk
    store.create()
    return str(store.session_key)


def session_of_staff(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def token_of_client(world: World) -> str:
    service = User.objects.create(username="service-test", kind=User.Kind.SERVICE)
    Duty.objects.create(user=service, role=Duty.Role.CLIENT, sub_district=world.street)
    client = Application.objects.create(
        client_id="rush", user=service, client_type="confidential", authorization_grant_type="client-credentials"
    )
    token = AccessToken.objects.create(
        application=client, token="rush-token", scope="enrolments:write", expires=clock.now() + timedelta(hours=1)
    )
    return str(token.token)


def posted(link: http.client.HTTPConnection, path: str, session: str, **fields: str) -> int:
    """The status of a form that this session sends, as a browser would."""
    headers = {
        "Cookie": f"sessionid={session}; csrftoken={CSRF}", "Content-Type": "application/x-www-form-urlencoded",
        "Referer": f"http://{link.host}:{link.port}{path}",
    }  # fmt: skip
    link.request("POST", path, urlencode({"csrfmiddlewaretoken": CSRF, **fields}), headers)
    answer = link.getresponse()
    answer.read()
    return answer.status


def by_page(course: Course, session: str, *, joins: bool, link: http.client.HTTPConnection) -> tuple[str, int]:
    status = posted(link, f"/night-school/{course.pk}/confirm/", session)
    if status == 409 and joins:
        return "line", posted(link, f"/night-school/{course.pk}/wait/", session)
    return "seat", status


def by_rest(course: Course, person: Resident, token: str, link: http.client.HTTPConnection) -> tuple[str, int]:
    headers = {
        "Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": str(uuid4()),
    }  # fmt: skip
    link.request("POST", "/api/v1/enrolments/", json.dumps({"course": course.pk, "resident": person.pk}), headers)
    answer = link.getresponse()
    answer.read()
    return "seat", answer.status


def at_the_counter(course: Course, person: Resident, staff: str, link: http.client.HTTPConnection) -> tuple[str, int]:
    path = f"/desk/counter/{person.pk}/night-school/{course.pk}/"
    return "counter", posted(link, path, staff, sure="on", way=("desk", "call")[person.pk % 2])


def accepting(course: Course, session: str, link: http.client.HTTPConnection) -> tuple[str, int]:
    return "offer", posted(link, f"/night-school/{course.pk}/wait/accept/", session)


def acts_over_http(at_table: Table, course: Course, sessions: dict[int, str], staff: str, token: str) -> list[Act]:
    """In any order; the colleague and the offer are spread among the others."""
    acts: list[Act] = [
        partial(lambda c, s, j, link: by_page(c, s, joins=j, link=link), course, sessions[one.pk], n % JOINS == 1)
        if n % 2
        else partial(by_rest, course, one, token)
        for n, one in enumerate(at_table.people)
    ]
    acts += [partial(at_the_counter, course, one, staff) for one in at_table.elders]
    acts.append(partial(accepting, course, sessions[at_table.keen.pk]))
    early = acts[-(ELDERS + 1) :] + acts[: SEATS * 2]  # those who decide meet at the beginning, when there are seats
    rest = acts[SEATS * 2 : -(ELDERS + 1)]
    Random(course.pk).shuffle(early)
    return early + rest


def over_http(web: Address, acts: Sequence[Act]) -> Counter[tuple[str, int]]:
    """What was answered how often. Forty-eight connections start together, each with its share of the acts."""
    shares: list[list[Act]] = [[] for _ in range(LINKS)]
    for share, act in zip(cycle(shares), acts, strict=False):
        share.append(act)
    gate, answers = threading.Barrier(LINKS), list[tuple[str, int]]()

    def run(share: list[Act]) -> None:
        link = http.client.HTTPConnection(*web, timeout=120)
        gate.wait()
        for act in share:
            try:
                answers.append(act(link))
            except Exception as error:  # the test looks at every one of them
                answers.append((repr(error), 0))
                link.close()

    threads = [threading.Thread(target=run, args=(share,)) for share in shares]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(answers)


# through the verbs


_round: list[tuple[Table, Course, Barrier]] = []


def _sit_down(*deal: object) -> None:
    _round[:] = [deal]  # type: ignore[list-item]


def through_the_verbs(at_table: Table, course: Course) -> Counter[str]:
    """Eight processes for the residents, one for the colleague, one for the offer; the codes of what they heard."""
    connections.close_all()  # a connection does not survive a fork
    forked, hands = multiprocessing.get_context("fork"), PROCESSES + 2
    deal = (at_table, course, forked.Barrier(hands))
    with ProcessPoolExecutor(hands, mp_context=forked, initializer=_sit_down, initargs=deal) as pool:
        return sum(pool.map(_hand, range(hands)), Counter[str]())


def _hand(hand: int) -> Counter[str]:
    ((at_table, course, gate),) = _round
    heard = Counter[str]()
    try:
        connection.ensure_connection()
        gate.wait()
        if hand < PROCESSES:
            _residents(at_table.people[hand::PROCESSES], course, heard)
        elif hand == PROCESSES:
            for n, one in enumerate(at_table.elders):
                channel = (Channel.DESK, Channel.CALL)[n % 2]
                _heard(
                    heard,
                    "counter",
                    partial(enrol, course_id=course.pk, resident=one, by=at_table.world.zhang, channel=channel),
                )
        else:
            keen = at_table.keen
            _heard(heard, "offer", partial(waitlist.accept, course_id=course.pk, resident=keen, by=keen.account))
    finally:
        connections.close_all()
    return heard


def _residents(people: Sequence[Resident], course: Course, heard: Counter[str]) -> None:
    phone = Channel.PHONE
    for n, one in enumerate(people):
        seated = _heard(heard, "seat", partial(enrol, course_id=course.pk, resident=one, by=one.account, channel=phone))
        if not seated and n % JOINS == 0:
            _heard(
                heard, "line", partial(waitlist.join, course_id=course.pk, resident=one, by=one.account, channel=phone)
            )


def _heard(heard: Counter[str], what: str, act: Callable[[], object]) -> bool:
    try:
        act()
    except Refused as refused:
        heard[f"{what}: {refused.code}"] += 1
        return False
    except Exception as error:  # the test shows every one of them
        heard[f"{what}: {error!r}"] += 1
        return False
    heard[what] += 1
    return True
