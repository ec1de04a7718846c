"""活动室 at the desk: the register, one room, its week and month, keys; the day of all rooms; the ledger of uses."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from communities.workbook import Cell
from core import clock
from tests.pages import leafed, queries, text
from tests.venues.keeping import FORM, coming, room, used
from tests.venues.letting import neighbour
from tests.world import World
from venues import checks
from venues.models import Room, Use

pytestmark = pytest.mark.django_db
WELL = {"water_off": True, "power_off": True, "locked": True}


@pytest.fixture
def desk(world: World, client: Client) -> Client:
    client.force_login(world.zhang)
    return client


def sheet(client: Client, address: str) -> list[tuple[Cell, ...]]:
    book = load_workbook(BytesIO(b"".join(client.get(address))))  # type: ignore[arg-type]
    return list(book.active.iter_rows(values_only=True))


def test_a_room_is_registered_changed_closed_and_opened(desk: Client, world: World) -> None:
    form = FORM | {"community": world.wenxing.pk}
    assert desk.post("/desk/rooms/new/", form | {"capacity": ""}).status_code == 400
    assert desk.post("/desk/rooms/new/", form | {"day0": "早上到晚上"}).status_code == 400
    assert desk.post("/desk/rooms/new/", form | {"day0": "21:00-08:00"}).status_code == 400
    assert desk.post("/desk/rooms/new/", form | {"standing": "closed"}).status_code == 400
    assert not Room.objects.exists()
    desk.post("/desk/rooms/new/", form)
    mine = Room.objects.get()
    assert (mine.facilities, mine.shared, mine.hours.count()) == ("投影", True, 7)
    assert desk.post("/desk/rooms/new/", form).status_code == 409
    shown = text(desk, "/desk/rooms/")
    assert "书画室" in shown and "每天08:30—21:00" in shown and "居民可订" in shown
    page = f"/desk/rooms/{mine.pk}/"
    assert "08:30—21:00" in desk.get(f"{page}edit/").content.decode()
    desk.post(f"{page}edit/", FORM | {"name": "书法室", "day6": "", "day5": "9：00～12：00，14:00到17:00"})
    mine.refresh_from_db()
    assert (mine.name, mine.hours.count(), mine.community) == ("书法室", 7, world.wenxing)
    assert "周六09:00—12:00、14:00—17:00" in text(desk, page)
    desk.post(f"{page}close/")
    assert "停用" in text(desk, page) and "书法室" in text(desk, "/desk/rooms/?standing=closed")
    desk.post(f"{page}reopen/")
    assert "闲置" in text(desk, page)


def test_a_smaller_capacity_names_what_is_too_many(desk: Client, world: World) -> None:
    mine = room(world.wenxing)
    coming(mine, world, people=18)
    answer = desk.post(f"/desk/rooms/{mine.pk}/edit/", FORM | {"capacity": "10"}, follow=True)
    assert "有1次安排的人数超过10人" in answer.content.decode()


def test_a_room_that_is_held_says_by_what_when_it_is_to_be_closed(desk: Client, world: World) -> None:
    mine = room(world.wenxing)
    coming(mine, world, title="太极队")
    answer = desk.post(f"/desk/rooms/{mine.pk}/close/", follow=True)
    assert "太极队" in answer.content.decode() and "没有停用" in answer.content.decode()
    mine.refresh_from_db()
    assert mine.standing == "used"


def test_the_list_is_narrowed_and_taken_away(desk: Client, world: World) -> None:
    room(world.wenxing, "甲室", standing="idle")
    room(world.wenxing, "乙室", shared=True)
    assert "乙室" not in text(desk, "/desk/rooms/?standing=idle")
    assert "甲室" not in text(desk, "/desk/rooms/?shared=yes")
    assert "甲室" in text(desk, "/desk/rooms/?standing=nonsense&community=99999999")
    lines = sheet(desk, "/desk/rooms/export/?standing=idle")
    assert [line[1] for line in lines] == ["名称", "甲室"]


def test_a_week_and_a_month_show_who_has_it(desk: Client, world: World) -> None:
    mine = room(world.wenxing)
    one = coming(mine, world, 2, "和李建国排练", Use.RESIDENT, resident=world.wang)
    on = clock.local(one.starts_at).date()
    week = text(desk, f"/desk/rooms/{mine.pk}/week/?on={on}")
    assert "10:00—12:00" in week and "王*兰" in week and "王秀兰" not in week and "空闲08:30—09:45" in week
    assert "10:00—12:00" in text(desk, f"/desk/rooms/{mine.pk}/month/?on={on}")
    for asked in ("x", "0001-01-01", "9999-12-31", "2026-02-30", ""):
        for page in ("week", "month"):
            assert "书画室" in text(desk, f"/desk/rooms/{mine.pk}/{page}/?on={asked}")


def test_the_day_shows_all_rooms_of_a_community(desk: Client, world: World) -> None:
    mine = room(world.wenxing)
    room(world.wenxing, "舞蹈厅")
    one = coming(mine, world, 2, "排练", Use.RESIDENT, resident=world.wang, people=8)
    on = clock.local(one.starts_at).date()
    shown = text(desk, f"/desk/rooms/day/?on={on}")
    assert "10:00—12:00居民自用：排练，王*兰，8人" in shown and "舞蹈厅" in shown and "12:15—21:00" in shown
    for asked in ("on=x", "on=0001-01-01", "on=9999-12-31", "community=999999"):
        text(desk, f"/desk/rooms/day/?{asked}")


def test_keys_are_given_to_somebody_who_is_looked_for(desk: Client, world: World) -> None:
    mine = room(world.wenxing)
    page = f"/desk/rooms/{mine.pk}/keys/"
    assert "王秀兰" in text(desk, f"{page}?q=王秀兰")
    desk.post(page, {"resident": world.wang.pk})
    assert "手机填写交接：王秀兰" in text(desk, f"/desk/rooms/{mine.pk}/")
    for wrong in ("", "x", "99999999999999999999", world.zhou.pk):
        assert desk.post(page, {"resident": wrong}).status_code == 404
    answer = desk.post(page, {"resident": world.zhao.pk}, headers={"referer": f"http://testserver{page}"}, follow=True)
    assert "能用手机号登录，没有改动" in answer.content.decode()
    desk.post(f"{page}back/")
    mine.refresh_from_db()
    assert mine.keyholder is None


def test_staff_write_down_a_hand_over_and_print_it(desk: Client, world: World) -> None:
    use = used(room(world.wenxing), world, people=12)
    page = f"/desk/rooms/checks/{use.pk}/"
    assert "结束检查" in text(desk, page) and "□已关" in text(desk, f"{page}print/")
    assert desk.post(f"{page}finish/", {"water_off": "yes"}).status_code == 400
    assert desk.post(f"{page}begin/", {"well": "yes"}).status_code == 409
    desk.post(f"{page}finish/", {"water_off": "yes", "power_off": "no", "locked": "yes", "damage": "灯1盏"})
    shown = text(desk, page)
    assert "电没断" in shown and "灯1盏" in shown and "有问题" in shown
    assert "灯1盏" in text(desk, f"{page}print/") and "□" not in text(desk, f"{page}print/")


def test_the_ledger_is_narrowed_printed_and_taken_away(desk: Client, world: World) -> None:
    mine, other = room(world.wenxing), room(world.wenxing, "舞蹈厅")
    first = used(mine, world, timedelta(hours=1), "太极", use=Use.RESIDENT, resident=world.wang)
    for number in range(4):
        used(other, world, timedelta(hours=2 + 2 * number), f"合唱{number}")
    checks.finish(booking=first, by=world.zhang, signed="周海涛", **WELL)
    month = f"month={clock.local(first.starts_at):%Y-%m}"
    assert "合唱0" not in text(desk, f"/desk/rooms/checks/?room={mine.pk}&{month}")
    assert "太极" not in text(desk, "/desk/rooms/checks/?state=missing")
    assert "合唱0" not in text(desk, "/desk/rooms/checks/?state=done")
    paper = text(desk, "/desk/rooms/checks/print/?state=done")
    assert "王*兰" in paper and "王秀兰" not in paper and "周海涛" not in paper and "制表人：张晓燕" in paper
    lines = sheet(desk, f"/desk/rooms/checks/export/?state=done&room={mine.pk}")
    assert len(lines) == 2 and lines[1][14:17] == ("是", "是", "是") and lines[1][18] == "周海涛"


def test_what_is_to_come_is_not_in_the_ledger(desk: Client, world: World) -> None:
    coming(room(world.wenxing), world, 1, "明天的")
    assert "明天的" not in text(desk, "/desk/rooms/checks/")


def test_the_ledger_has_pages(desk: Client, world: World) -> None:
    mine = room(world.wenxing)
    for number in range(52):
        used(mine, world, timedelta(minutes=80 * (number + 1)), f"第{number}次")
    pages = leafed(desk, "/desk/rooms/checks/?state=missing", "after=")
    assert len(pages) == 2 and "第0次" in text(desk, pages[1]) and "第51次" in text(desk, pages[0])


def test_lists_ask_as_often_for_one_as_for_thirty(desk: Client, world: World) -> None:
    mine = room(world.wenxing, keyholder=world.wang)
    used(mine, world, use=Use.RESIDENT, resident=world.wang)
    coming(mine, world, 0 if clock.local(clock.now()).hour < 9 else 1, "排练", Use.RESIDENT, resident=world.li)
    on = clock.local(clock.now()).date()
    pages = [
        "/desk/rooms/", "/desk/rooms/checks/?state=missing", "/desk/rooms/checks/print/?state=missing", f"/desk/rooms/{mine.pk}/",
        f"/desk/rooms/{mine.pk}/week/?on={on}", f"/desk/rooms/{mine.pk}/month/?on={on}", "/desk/",
    ]  # fmt: skip
    before = [queries(desk, page) for page in pages]
    for number in range(30):
        guest = neighbour(world, number)
        room(world.wenxing, f"房间{number}")
        use = used(mine, world, timedelta(hours=4 + 3 * number), use=Use.RESIDENT, resident=guest)
        if number % 2:
            checks.begin(booking=use, by=world.zhang, well=True, at=use.starts_at)
    assert [queries(desk, page) for page in pages] == before


def test_staff_of_another_community_find_nothing(client: Client, world: World) -> None:
    mine = room(world.wenxing)
    use = used(mine, world)
    client.force_login(world.qian)
    for page in ("", "week/", "month/", "edit/", "keys/"):
        assert client.get(f"/desk/rooms/{mine.pk}/{page}").status_code == 404
    for act in ("close/", "reopen/", "keys/back/", "calendar/renew/", "calendar/stop/"):
        assert client.post(f"/desk/rooms/{mine.pk}/{act}").status_code == 404
    assert client.get(f"/desk/rooms/checks/{use.pk}/").status_code == 404
    lists = ("/desk/rooms/", "/desk/rooms/checks/", "/desk/rooms/day/", "/desk/rooms/rate/", "/desk/search/?q=书画")
    assert not [page for page in lists if "书画室" in text(client, page)]
    assert "书画室" not in text(client, f"/desk/rooms/day/?community={world.wenxing.pk}")


def test_the_search_of_the_desk_finds_rooms_by_sound_and_place(desk: Client, world: World) -> None:
    room(world.wenxing)
    for q in ("书画", "shs", "活动室2楼"):
        assert "书画室" in text(desk, f"/desk/search/?q={q}")
