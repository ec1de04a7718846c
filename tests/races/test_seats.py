"""The rush for the last seats: never one too many, never a charge without a seat, never an error of ours."""

import http.client
import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from oauth2_provider.models import AccessToken, Application

from communities.acting import SESSION_KEY as ACTING
from communities.models import Duty, Resident, User
from core import clock
from core.refusals import Refused
from nightschool.enrolment import cancel, enrol
from nightschool.models import Course, Enrolment
from points.models import Entry
from tests import world as cast
from tests.books import breaches
from tests.races.together import at_once, crowd
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
SEATS, PEOPLE = 30, 200
CSRF = "a" * 32


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


def by_page(web: tuple[str, int], course: Course, person: Resident, session: str) -> Callable[[], int]:
    link = http.client.HTTPConnection(*web, timeout=60)
    headers = {
        "Cookie": f"sessionid={session}; csrftoken={CSRF}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Referer": f"http://{web[0]}:{web[1]}/night-school/{course.pk}/confirm/",
    }

    def act() -> int:
        link.request("POST", f"/night-school/{course.pk}/confirm/", urlencode({"csrfmiddlewaretoken": CSRF}), headers)
        return link.getresponse().status

    return act


def by_rest(web: tuple[str, int], course: Course, person: Resident, token: str) -> Callable[[], int]:
    link = http.client.HTTPConnection(*web, timeout=60)
    headers = {
        "Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": str(uuid4()),
    }  # fmt: skip

    def act() -> int:
        link.request("POST", "/api/v1/enrolments/", json.dumps({"course": course.pk, "resident": person.pk}), headers)
        return link.getresponse().status

    return act


def exactly(course: Course, seats: int) -> None:
    course.refresh_from_db()
    assert course.taken == seats
    assert course.enrolments.seated().count() == seats
    charges = Entry.objects.filter(key__startswith="enrolment:", kind="charge", reversed_by=None)
    assert charges.count() == seats
    assert breaches() == []


def test_200_people_by_page_and_rest_for_30_seats(world: World, web: tuple[str, int]) -> None:
    people = crowd(world, PEOPLE)
    course = cast.course(world.wenxing, capacity=SEATS)
    token = token_of_client(world)
    acts = [
        by_page(web, course, person, session_of(person)) if n % 2 else by_rest(web, course, person, token)
        for n, person in enumerate(people)
    ]
    answers = Counter(at_once(acts))
    assert answers[302] + answers[201] == SEATS
    assert answers[409] == PEOPLE - SEATS
    exactly(course, SEATS)


def test_64_people_through_the_verb_for_the_last_five_seats(world: World) -> None:
    people = crowd(world, 64)
    course = cast.course(world.wenxing, capacity=5)
    channel = Enrolment.Channel.PHONE
    answers = at_once(
        [lambda p=p: enrol(course_id=course.pk, resident=p, by=p.account, channel=channel) for p in people]
    )
    assert {type(answer) for answer in answers} <= {Enrolment} | set(Refused.__subclasses__())
    assert sum(isinstance(answer, Enrolment) for answer in answers) == 5
    exactly(course, 5)


def test_one_person_clicking_twenty_times_pays_once(world: World) -> None:
    (person,) = crowd(world, 1, points=600)
    course = cast.course(world.wenxing)
    channel = Enrolment.Channel.PHONE
    answers = at_once(
        [lambda: enrol(course_id=course.pk, resident=person, by=person.account, channel=channel) for _ in range(20)]
    )
    assert Counter(getattr(answer, "code", "seated") for answer in answers) == {"seated": 1, "already_enrolled": 19}
    exactly(course, 1)


def test_one_purse_for_two_courses_at_once_pays_for_one(world: World) -> None:
    (person,) = crowd(world, 1)
    courses = [cast.course(world.wenxing, title=f"课{n}") for n in range(8)]
    channel = Enrolment.Channel.PHONE
    answers = at_once(
        [lambda c=c: enrol(course_id=c.pk, resident=person, by=person.account, channel=channel) for c in courses]
    )
    assert Counter(getattr(answer, "code", "seated") for answer in answers) == {"seated": 1, "short_of_points": 7}
    assert breaches() == []


def test_two_who_cancel_the_same_seat_return_the_points_once(world: World) -> None:
    (person,) = crowd(world, 1)
    course = cast.course(world.wenxing)
    (mine,) = cast.seated(course, person)
    answers = at_once([lambda: cancel(enrolment=mine, by=world.zhang, reason="停课") for _ in range(8)])
    assert Counter(getattr(answer, "code", "done") for answer in answers) == {"done": 1, "not_seated": 7}
    exactly(course, 0)
    assert Entry.objects.filter(kind="reversal").count() == 1


def test_a_course_closed_while_people_enrol_keeps_nobody(world: World) -> None:
    people = crowd(world, 30)
    course = cast.course(world.wenxing)
    channel = Enrolment.Channel.PHONE

    def close() -> int:
        return Course.objects.filter(pk=course.pk).update(status=Course.Status.CANCELLED)

    answers = at_once(
        [close, *[lambda p=p: enrol(course_id=course.pk, resident=p, by=p.account, channel=channel) for p in people]]
    )
    codes = {getattr(answer, "code", "seated") for answer in answers[1:]}
    assert codes <= {"seated", "course_cancelled"}
    exactly(course, course.enrolments.seated().count())
