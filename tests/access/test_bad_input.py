"""What nobody types by accident: zero bytes, half characters, the ends of the calendar. A sentence, never a breakdown."""

from base64 import b64encode
from datetime import date, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core import clock
from tests.access.rows import Rows, lay, picture
from tests.api import client_of
from tests.world import World

pytestmark = pytest.mark.django_db
FIRST, LAST = "0001-01-01", "9999-12-31"


@pytest.fixture
def rows(world: World) -> Rows:
    return lay(world)


@pytest.fixture
def desk(world: World) -> Client:
    browser = Client(raise_request_exception=False)
    browser.force_login(world.zhang)
    return browser


def test_the_calendar_has_a_first_and_a_last_moment() -> None:
    assert clock.at(date.min, time()) < clock.at(date(2, 1, 1), time())
    assert clock.midnight_after(date.max) > clock.at(date.max, time(23))


@pytest.mark.parametrize("page", ["desk:enrolments", "desk:enrolments-export"])
@pytest.mark.parametrize(("since", "until"), [(FIRST, LAST), (LAST, FIRST), (FIRST, FIRST), (LAST, LAST)])
def test_a_list_from_the_first_to_the_last_day(desk: Client, page: str, since: str, until: str) -> None:
    assert desk.get(reverse(page), {"since": since, "until": until}).status_code == 200


@pytest.mark.parametrize("day", [FIRST, LAST])
def test_a_course_at_the_end_of_time_is_refused(desk: Client, rows: Rows, day: str) -> None:
    course = {
        "title": "课", "category": "body", "term": rows.course.term_id, "teacher": "李", "room": rows.course.room_id, "capacity": 10,
        "price": 5, "first": day, "weekdays": [str(date.fromisoformat(day).weekday())], "starts": "00:00", "minutes": 60,
        "lessons": 3, "mode": "first", "opens_at": f"{clock.today()}T00:00", "min_age": 18, "summary": "课",
    }  # fmt: skip
    before = picture()
    answer = desk.post(reverse("desk:course-new"), course)
    assert (answer.status_code, "课程没有建立" in answer.content.decode()) == (400, True)
    assert picture() == before


@pytest.mark.parametrize("day", [FIRST, LAST])
def test_an_activity_at_the_end_of_time_is_refused(desk: Client, rows: Rows, day: str) -> None:
    activity = {
        "community": rows.world.wenxing.pk, "kind": "ENV", "title": "扫雪", "day": day, "begins": "00:00", "ends": "01:00",
        "place": "门口", "leader": "李", "capacity": 5, "content": "扫雪", "risk": "路滑",
    }  # fmt: skip
    before = picture()
    assert desk.post(reverse("desk:activity-new"), activity).status_code == 400
    assert picture() == before


@pytest.mark.parametrize(("starts", "ends"), [(FIRST, LAST), (LAST, LAST), ("9998-01-01", LAST), (FIRST, "0002-01-01")])
def test_an_agreement_at_the_end_of_time_breaks_nothing(desk: Client, rows: Rows, starts: str, ends: str) -> None:
    agreement = {
        "community": rows.world.wenxing.pk, "number": "末-1", "title": "协议", "promise": "好", "text": "好",
        "signed_on": FIRST, "starts_on": starts, "ends_on": ends,
    }  # fmt: skip
    address = f"{reverse('desk:partner-new')}?partner={rows.agreement.partner_id}"
    assert desk.post(address, agreement).status_code < 500


@pytest.mark.parametrize("there", ["0", "me", "00:00", "😀", "a\0b", "//evil.example", "http://["])
@pytest.mark.parametrize(("page", "home"), [("sign-in", "/"), ("desk:sign-in", "/desk/")])
def test_next_is_a_path_of_this_site_and_nothing_else(world: World, page: str, home: str, there: str) -> None:
    browser = Client(raise_request_exception=False)
    browser.force_login(world.wang.account if page == "sign-in" else world.zhang)  # type: ignore[arg-type]
    answer = browser.get(reverse(page), {"next": there})
    assert (answer.status_code, answer["Location"]) == (302, home)


def test_a_cookie_with_a_zero_byte_counts_as_none(world: World) -> None:
    browser = Client(headers={"Cookie": 'sessionid="aaaaaaaaaa\\000"'}, raise_request_exception=False)
    assert browser.get("/").status_code == 200
    assert browser.get("/me/").status_code == 302


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30])
@pytest.mark.parametrize("page", ["detail", "sign-up", "join-line", "withdraw", "lead", "post-claim", "deed"])
def test_a_number_that_no_row_bears_is_no_breakdown(world: World, page: str, number: int) -> None:
    browser = Client(raise_request_exception=False)
    browser.force_login(world.wang.account)  # type: ignore[arg-type]
    address = reverse(f"activities:{page}", args=[number])
    assert browser.get(address).status_code < 500
    assert browser.post(address).status_code < 500


@pytest.mark.parametrize("path", ["residents/lookup/", "enrolments/"])
def test_a_field_named_by_half_a_character_is_bad_input(world: World, path: str) -> None:
    api = client_of(world.wenxing)
    answer = api.http.post(f"/api/v1/{path}", b'{"\\ud800": 1}', "application/json", headers={"Idempotency-Key": "k-1"})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_input")


@pytest.mark.parametrize("name", ["\0", "a\0b", "%00"])
def test_a_client_named_by_a_zero_byte_is_unknown(world: World, name: str) -> None:
    browser, address = Client(raise_request_exception=False), reverse("api:token")
    pair = b64encode(f"{name}:x".encode()).decode()
    grant = {"grant_type": "client_credentials"}
    by_header = browser.post(address, grant, headers={"Authorization": f"Basic {pair}"})
    by_form = browser.post(address, grant | {"client_id": name, "client_secret": "x"})
    for answer in (by_header, by_form):
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"opens_at": "2030-01-02T10:00", "closes_at": "2030-01-01T10:00"}, "报名截止须晚于报名开始"),
        ({"min_age": 60, "max_age": 20}, "最高年龄不能小于最低年龄"),
    ],
)
def test_nobody_reads_the_name_of_a_constraint(desk: Client, rows: Rows, wrong: dict[str, object], said: str) -> None:
    day = clock.today() + timedelta(days=30)
    course = {
        "title": "课", "category": "body", "term": rows.course.term_id, "teacher": "李", "room": rows.course.room_id, "capacity": 10,
        "price": 5, "first": day, "weekdays": [str(day.weekday())], "starts": "19:00", "minutes": 60, "lessons": 3,
        "opens_at": f"{clock.today()}T00:00", "mode": "first", "min_age": 18, "summary": "课",
    }  # fmt: skip
    answer = desk.post(reverse("desk:course-new"), course | wrong)
    page = answer.content.decode()
    assert (answer.status_code, said in page, "约束" in page) == (400, True, False)
