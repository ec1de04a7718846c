"""录入量 and 抽查: who typed how much, and the sample that nobody chooses."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activities import watching
from activities.models import Participation, Service
from activities.recording import record
from activities.reviewing import confirm
from communities.models import Setting, User
from core import clock
from tests import world as cast
from tests.activities.cast import recorded, signed
from tests.communities.steps import shows
from tests.world import World

pytestmark = pytest.mark.django_db
URL = "/desk/review/oversight/"


def desk_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def value(world: World, key: str, number: int) -> None:
    Setting.objects.create(
        sub_district=world.street, key=key, value=number, starts_on=date(2000, 1, 1), by=world.he, at=clock.now()
    )  # fmt: skip


def crowd(world: World, count: int, by: User | None = None) -> list[Participation]:
    activity = cast.activity(world.wenxing, ago=3, capacity=80)
    people = [cast.resident(world.wenxing, f"{(by or world.zhang).name}名单{number}") for number in range(count)]
    return [record(participation=signed(activity, one, world), minutes=60, by=by or world.zhang) for one in people]


def test_as_many_as_the_setting_allows_are_no_burst(world: World) -> None:
    value(world, "volunteer.burst_people", 12)
    crowd(world, 12)
    assert watching.of_user(world.chen) == []
    crowd(world, 1)
    (burst,) = watching.of_user(world.chen)
    assert (burst.people, burst.on) == (13, clock.today())


def test_each_recorder_and_each_day_count_alone(world: World) -> None:
    value(world, "volunteer.burst_people", 10)
    mine = crowd(world, 11)
    crowd(world, 8, world.chen)
    Participation.objects.filter(pk__in=[one.pk for one in mine[:5]]).update(
        recorded_at=clock.now() - timedelta(days=1)
    )
    assert watching.of_user(world.chen) == []


def test_who_scanned_the_code_wrote_down_themselves(world: World) -> None:
    value(world, "volunteer.burst_people", 10)
    mine = crowd(world, 11)
    Participation.objects.filter(pk=mine[0].pk).update(arrived_how="code", left_how="code")
    assert watching.of_user(world.chen) == []


def test_what_is_older_than_a_month_is_not_shown_any_more(world: World) -> None:
    value(world, "volunteer.burst_people", 10)
    mine = crowd(world, 11)
    Participation.objects.filter(pk__in=[one.pk for one in mine]).update(recorded_at=clock.now() - timedelta(days=31))
    assert watching.of_user(world.chen) == []


def test_the_head_looks_at_the_recorders_day_line_by_line(world: World) -> None:
    value(world, "volunteer.burst_people", 10)
    crowd(world, 11)
    chen = desk_of(world.chen)
    address = f"{URL}{world.zhang.pk}/{clock.today()}/"
    shows(chen.get(URL), "张晓燕", "11", address)
    shows(chen.get(address), "录入11人次", "张晓燕名单0", "张晓燕名单10", "工作人员录入", "楼道清理")


@pytest.mark.parametrize("path", ["{zhang}/2000-01-01/", "{zhang}/x/", "{zhang}/2026-13-45/", "999999999/2026-01-01/"])
def test_a_day_on_which_nothing_was_recorded_is_not_found(world: World, path: str) -> None:
    assert desk_of(world.chen).get(URL + path.format(zhang=world.zhang.pk)).status_code == 404


def test_staff_of_another_community_see_nothing(world: World) -> None:
    value(world, "volunteer.burst_people", 10)
    crowd(world, 11)
    qian = desk_of(world.qian)
    assert "张晓燕" not in qian.get(URL).content.decode()
    assert qian.get(f"{URL}{world.zhang.pk}/{clock.today()}/").status_code == 404
    query = f"{URL}sample/?community={world.wenxing.pk}&month={clock.today():%Y-%m}"
    assert qian.get(query).status_code == 400


def served(world: World, count: int) -> list[Service]:
    for part in crowd(world, count):
        confirm(participation=part, minutes=60, by=world.chen)
    return list(Service.objects.order_by("pk"))


def month() -> date:
    return clock.local(clock.now() - timedelta(hours=3)).date().replace(day=1)


@pytest.mark.parametrize(("percent", "drawn"), [(5, 2), (50, 11), (100, 21)])
def test_so_many_of_a_hundred_are_drawn_at_least_one(world: World, percent: int, drawn: int) -> None:
    value(world, "volunteer.sample_percent", percent)
    served(world, 21)
    assert len(watching.sample(world.wenxing, month())) == drawn


def test_the_same_are_drawn_each_time_and_not_simply_the_first(world: World) -> None:
    value(world, "volunteer.sample_percent", 50)
    rows = served(world, 20)
    first, again = (watching.sample(world.wenxing, month()) for _ in range(2))
    assert [one.pk for one in first] == [one.pk for one in again]
    assert {one.pk for one in first} not in ({one.pk for one in rows[:10]}, {one.pk for one in rows[10:]})


def test_what_was_struck_out_another_month_and_another_community_are_not_drawn(world: World) -> None:
    value(world, "volunteer.sample_percent", 100)
    rows = served(world, 3)
    Service.objects.filter(pk=rows[0].pk).update(voided_at=clock.now(), voided_by=world.he, void_reason="假的")
    assert {one.pk for one in watching.sample(world.wenxing, month())} == {one.pk for one in rows[1:]}
    assert watching.sample(world.yongan, month()) == []
    assert watching.sample(world.wenxing, month() - timedelta(days=1)) == []
    assert watching.sample(world.wenxing, month() + timedelta(days=31)) == []


def test_the_sample_is_printed_with_room_for_the_result(world: World) -> None:
    value(world, "volunteer.sample_percent", 100)
    served(world, 2)
    chen = desk_of(world.chen)
    shows(chen.get(URL), "按月抽查", "生成抽查单")
    paper = chen.get(f"{URL}sample/?community={world.wenxing.pk}&month={month():%Y-%m}")
    shows(paper, "抽查单", "核对结果", "抽查人（签字）", "张晓燕名单0", "张晓燕", "陈志强", "抽取：2条", "data-print")
    for query in ("", f"?community={world.wenxing.pk}&month=x", f"?community={world.wenxing.pk}&month=2026-13"):
        assert chen.get(f"{URL}sample/{query}").status_code == 400


def test_thirty_cost_what_one_costs(world: World) -> None:
    value(world, "volunteer.burst_people", 10)
    crowd(world, 11)
    recorded(world)
    chen = desk_of(world.chen)
    paths = [URL, f"{URL}{world.zhang.pk}/{clock.today()}/"]
    one = [cost(chen, path) for path in paths]
    crowd(world, 30)
    assert [cost(chen, path) for path in paths] == one


def cost(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)
