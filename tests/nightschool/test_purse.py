"""A seat paid out of the household's purse: offered where the own points are short, told to those whose points were used."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities.models import Resident
from core import clock
from nightschool import enrolment, leaving
from nightschool.models import Channel, Course, Enrolment
from notifications.models import Message
from points import ledger, purse, statement
from tests import world as cast
from tests.api import client_of
from tests.books import breaches, refuses
from tests.pages import enter, text
from tests.world import World

pytestmark = pytest.mark.django_db
PHONE = Channel.PHONE


@pytest.fixture(autouse=True)
def _books_are_sound(db: None) -> Iterator[None]:
    yield
    assert breaches() == []


@pytest.fixture
def home(world: World) -> World:
    """王秀兰 (80) and 赵玉珍 (200) share; 李建国 (nothing) lives with them and does not."""
    for other in (world.li, world.zhao):
        Resident.objects.filter(pk=other.pk).update(household=world.wang.household)
        other.refresh_from_db()
    purse.join(resident=world.wang, by=world.wang.account)
    purse.join(resident=world.zhao, by=world.zhang)
    return world


def seat(course: Course, resident: Resident, *, purse: bool = True) -> Enrolment:
    return enrolment.enrol(course_id=course.pk, resident=resident, by=resident.account, channel=PHONE, purse=purse)


def left(*residents: Resident) -> list[int]:
    return [statement.available(resident) for resident in residents]


def test_the_purse_pays_what_the_own_points_lack(home: World) -> None:
    mine = seat(cast.course(home.wenxing, price=100), home.wang)
    assert (mine.price, left(home.wang, home.zhao)) == (100, [0, 180])
    assert "使用家庭积分100积分。" in Message.objects.get(occasion=f"enrolment:{mine.pk}:seated").body


def test_those_whose_points_were_used_are_told_and_nobody_else(home: World) -> None:
    course = cast.course(home.wenxing, price=100, title="插花{0}")
    mine = seat(course, home.wang)
    told = Message.objects.get(occasion=f"enrolment:{mine.pk}:purse")
    assert (told.resident, told.body) == (home.zhao, "家人用家庭积分报名《插花{0}》，从您的积分使用了20积分。")
    leaving.withdraw(enrolment=mine, by=home.wang.account)
    back = Message.objects.get(occasion=f"enrolment:{mine.pk}:purse-back")
    assert (back.resident, back.body) == (home.zhao, "家人的《插花{0}》已退课，20积分退回您的账户。")
    assert left(home.wang, home.zhao) == [80, 200]


def test_who_pays_alone_tells_no_relative(home: World) -> None:
    mine = seat(cast.course(home.wenxing), home.wang)
    leaving.withdraw(enrolment=mine, by=home.wang.account)
    assert not Message.objects.filter(occasion__contains="purse").exists()


def test_staff_take_somebody_off_and_each_gets_their_own_back(home: World) -> None:
    mine = seat(cast.course(home.wenxing, price=250), home.wang)
    assert left(home.wang, home.zhao) == [0, 30]
    leaving.cancel(enrolment=mine, by=home.zhang, reason="停课")
    assert left(home.wang, home.zhao) == [80, 200]


def test_without_being_asked_the_purse_does_not_pay(home: World) -> None:
    with refuses(ledger.ShortOfPoints) as refused:
        seat(cast.course(home.wenxing, price=100), home.wang, purse=False)
    assert refused.value.missing == 20 and left(home.wang, home.zhao) == [80, 200]


def test_who_did_not_join_cannot_pay_by_the_purse(home: World) -> None:
    with refuses(ledger.NoPurse):
        seat(cast.course(home.wenxing), home.li)
    assert seat(cast.course(home.wenxing, price=0), home.li).entry_id is None


def test_a_purse_that_is_short_says_how_many(home: World) -> None:
    with refuses(purse.ShortOfPurse) as refused:
        seat(cast.course(home.wenxing, price=281), home.wang)
    assert (refused.value.missing, refused.value.code) == (1, "short_of_points")
    assert "家庭积分还差1积分" in refused.value.message


def test_what_stands_against_the_seat_comes_before_the_purse(home: World) -> None:
    with refuses(enrolment.CourseFull):
        seat(cast.course(home.wenxing, price=500, capacity=0), home.wang)


def test_the_purse_is_offered_where_only_the_own_points_are_short(home: World, client: Client) -> None:
    enter(client, home.wang)
    dear, cheap, dearest = (cast.course(home.wenxing, price=price) for price in (100, 60, 500))
    page = text(client, f"/night-school/{dear.pk}/")
    assert "您还差20分，家庭积分够用" in page and "家庭支付" in page
    assert "去赚积分" in text(client, f"/night-school/{dearest.pk}/")
    confirm = text(client, f"/night-school/{dear.pk}/confirm/")
    assert "家庭积分：我的80积分，家人的20积分" in confirm and "家庭剩余180积分" in confirm
    assert "家庭支付" in confirm and "确认兑换再想想" not in confirm
    assert "家庭积分" not in text(client, f"/night-school/{cheap.pk}/confirm/")
    assert "还差420积分" in text(client, f"/night-school/{dearest.pk}/confirm/")


def test_one_tap_pays_and_the_ticket_says_so(home: World, client: Client) -> None:
    course = cast.course(home.wenxing, price=100)
    enter(client, home.wang)
    address = client.post(f"/night-school/{course.pk}/confirm/", {"purse": "1"})["Location"]
    assert "本次使用家庭积分，共100积分" in text(client, address)
    mine = Enrolment.objects.get()
    cancel = f"/tickets/{mine.pk}/cancel/"
    assert "100积分（退回各人账户）" in text(client, cancel)
    client.post(cancel)
    assert "100积分已退回各人账户" in text(client, f"/tickets/{mine.pk}/")
    assert left(home.wang, home.zhao) == [80, 200]


def test_a_purse_that_was_left_meanwhile_is_refused_on_the_same_page(home: World, client: Client) -> None:
    course = cast.course(home.wenxing, price=100)
    enter(client, home.wang)
    purse.leave(resident=home.wang, by=home.wang.account)
    answer = client.post(f"/night-school/{course.pk}/confirm/", {"purse": "1"})
    assert answer.status_code == 409 and "您没有加入家庭积分" in answer.content.decode()
    purse.join(resident=home.wang, by=home.wang.account)
    purse.leave(resident=home.zhao, by=home.zhang)
    answer = client.post(f"/night-school/{course.pk}/confirm/", {"purse": "1"})
    assert answer.status_code == 409 and "家庭积分还差20积分" in answer.content.decode()
    assert not Enrolment.objects.exists()


def test_a_client_pays_by_the_purse_only_when_it_says_so(home: World) -> None:
    course, api = cast.course(home.wenxing, price=100), client_of(home.wenxing)
    body = {"course": course.pk, "resident": home.wang.pk}
    assert api.post("enrolments/", body, key="a").json()["code"] == "short_of_points"
    assert api.post("enrolments/", body | {"purse": True}, key="b").status_code == 201
    assert left(home.wang, home.zhao) == [0, 180]
    refused = api.post("enrolments/", {"course": course.pk, "resident": home.li.pk, "purse": True}, key="c").json()
    assert refused["code"] == "no_purse"


def test_with_enough_of_ones_own_nobody_looks_for_a_purse(home: World) -> None:
    """The hot path costs what it did: one look and one call, and no word of the purse in either."""
    course = cast.course(home.wenxing)
    with CaptureQueriesContext(connection) as caught:
        enrolment.look(course.pk, home.wang, clock.now())
        seat(course, home.wang, purse=False)
    asked = [query["sql"] for query in caught if "SAVEPOINT" not in query["sql"]]
    assert len(asked) == 3 and not any("points_purse" in sql or "points_posting" in sql for sql in asked)
