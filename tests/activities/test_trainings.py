"""Trainings are on record for many at once, and never become hours or points."""

from datetime import date, timedelta

import pytest

from activities import hours, trainings
from activities.models import Training
from activities.trainings import AlreadyEntered, BadPeople, InTheFuture, Lesson, OwnTraining, enter, named, void
from communities.duties import NotYourDuty
from core import clock
from core.refusals import BadInput
from points import statement
from tests import world as cast
from tests.activities.cast import relative
from tests.books import breaches, refuses
from tests.world import World

pytestmark = pytest.mark.django_db


def lesson(**fields: object) -> Lesson:
    said = {"name": "急救培训", "content": "心肺复苏", "host": "红十字会", "minutes": 90, "on": clock.today()}
    return Lesson(**said | fields)


def test_everybody_of_the_list_has_it_and_nobody_an_hour_of_it(world: World) -> None:
    people = named(world.wenxing, "王秀兰\n 李建国\t1187\n赵玉珍\n")
    assert people == [world.wang, world.li, world.zhao]
    assert len(enter(community=world.wenxing, residents=people, lesson=lesson(), by=world.zhang)) == 3
    assert [one.name for one in trainings.of(world.li)] == ["急救培训"]
    assert (hours.credited(world.li), statement.available(world.li), breaches()) == (0, 0, [])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("王秀兰\n李见国", "第2行没有找到已确认的居民“李见国”"),
        ("孙桂芳", "没有找到"),  # not confirmed
        ("周海涛", "没有找到"),  # of another community
        ("李建国 9999", "没有找到"),
        ("王秀兰\n王秀兰", ""),
        (" \n", "名单须有1到200人"),
    ],
)
def test_a_list_with_a_wrong_name_says_which(world: World, typed: str, said: str) -> None:
    if not said:
        assert named(world.wenxing, typed) == [world.wang]
        return
    with refuses(BadPeople) as info:
        named(world.wenxing, typed)
    assert said in info.value.message


def test_two_of_one_name_are_told_apart_by_the_phone(world: World) -> None:
    cast.resident(world.wenxing, "李建国", "13700009999")
    with refuses(BadPeople) as info:
        named(world.wenxing, "李建国")
    assert "有2位“李建国”（139****1187、137****9999）" in info.value.message
    assert [one.phone for one in named(world.wenxing, "李建国 9999")] == ["13700009999"]


def test_all_or_nobody(world: World) -> None:
    enter(community=world.wenxing, residents=[world.li], lesson=lesson(), by=world.zhang)
    with refuses(AlreadyEntered):
        enter(community=world.wenxing, residents=[world.wang, world.li], lesson=lesson(), by=world.zhang)
    assert Training.objects.count() == 1
    with refuses(InTheFuture):
        enter(
            community=world.wenxing,
            residents=[world.wang],
            lesson=lesson(on=clock.today() + timedelta(days=1)),
            by=world.zhang,
        )
    with refuses(BadInput):
        enter(community=world.wenxing, residents=[], lesson=lesson(), by=world.zhang)
    with refuses(BadInput):
        enter(community=world.wenxing, residents=[world.wang], lesson=lesson(name="\0"), by=world.zhang)


def test_nobody_enters_or_strikes_out_for_the_own_family_or_elsewhere(world: World) -> None:
    wife = relative(world, world.chen)
    with refuses(OwnTraining):
        enter(community=world.wenxing, residents=[wife], lesson=lesson(), by=world.chen)
    with refuses(NotYourDuty):
        enter(community=world.wenxing, residents=[wife], lesson=lesson(), by=world.qian)
    (made,) = enter(community=world.wenxing, residents=[wife], lesson=lesson(), by=world.zhang)
    with refuses(OwnTraining):
        void(training=made, by=world.chen)
    with refuses(NotYourDuty):
        void(training=made, by=world.qian)
    void(training=made, by=world.zhang)
    assert trainings.of(wife) == []
    with refuses(trainings.AlreadyVoided):
        void(training=made, by=world.zhang)
    enter(community=world.wenxing, residents=[wife], lesson=lesson(), by=world.zhang)  # anew after the mistake


def test_the_desk_enters_finds_and_strikes_out(client: object, world: World) -> None:
    client.force_login(world.zhang)
    typed = {
        "community": world.wenxing.pk, "name": "急救培训", "content": "心肺复苏", "host": "红十字会", "on": "2026-11-02", "minutes": "90",
        "people": "王秀兰\n李见国",
    }  # fmt: skip
    again = client.post("/desk/trainings/new/", typed)
    assert (
        again.status_code == 400 and "第2行没有找到" in again.content.decode() and "心肺复苏" in again.content.decode()
    )
    done = client.post("/desk/trainings/new/", typed | {"people": "王秀兰\n李建国"}, follow=True).content.decode()
    assert "已登记2人的培训" in done and "李建国" in done
    found = client.get("/desk/trainings/?q=李建").content.decode()
    assert "李建国" in found and "王秀兰" not in found
    made = Training.objects.get(resident=world.li)
    assert made.on == date(2026, 11, 2)
    assert "已作废" in client.post(f"/desk/trainings/{made.pk}/void/", follow=True).content.decode()
    client.force_login(world.qian)
    assert client.post(f"/desk/trainings/{made.pk}/void/").status_code == 404
    assert "李建国" not in client.get("/desk/trainings/").content.decode()
