from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activities import answering, barring, honours
from activities.models import Holding, Participation, Visit
from activities.recording import record
from communities import confirming, todo
from communities.models import Duty, Notice, Objection, RightsRequest
from communities.objections import file
from core import clock
from nightschool.models import Course
from notifications.models import Message
from notifications.outbox import Words, tell
from points import adjusting
from tests import world as cast
from tests.activities.cast import recorded, signed
from tests.activities.pictures import sent
from tests.activities.posting import claimed, post, said
from tests.activities.serving import asked
from tests.communities.appealing import appealed
from tests.communities.couriering import registered
from tests.communities.noticing import drafted, shown
from tests.communities.steps import shows
from tests.world import World

pytestmark = pytest.mark.django_db


def test_the_day_begins_with_what_waits(client: Client, world: World) -> None:
    client.force_login(world.zhang)
    shows(client.get("/desk/"), "张晓燕，您好", "待确认的居民登记", "/desk/residents/", "文兴社区")


def test_nothing_waits(client: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(todo, "_providers", [confirming.rows])
    client.force_login(world.qian)
    shows(client.get("/desk/"), "目前没有待办", "永安社区")


def test_the_sub_district_stands_above_one_community(client: Client, world: World) -> None:
    client.force_login(world.he)
    page = client.get("/desk/")
    shows(page, "何静，您好", "待确认的居民登记")
    assert "工作台，" not in page.content.decode()


def lay(world: World, numbers: range) -> None:
    """Something of every kind that can wait for the head, once for each of `numbers`."""
    made = shown(world, by=world.he)
    for n in numbers:
        waits = cast.resident(world.wenxing, f"吴{n}", f"138{n:08d}", confirmed=False)
        RightsRequest.objects.create(
            community=world.wenxing, resident=waits, kind="correct", text="改", filed_by=world.zhang,
            answer_by=clock.today() + timedelta(days=n),
        )  # fmt: skip
        appealed(waits, decided_by=world.zhang, filed_by=world.zhang)
        drafted(world)
        file(notice=made, text="不对", by=world.zhang)
        service = cast.activity(world.wenxing, ago=30 + 3 * n)
        signed(service, world.wang, world)
        record(
            participation=signed(cast.activity(world.wenxing, ago=3 + 3 * n), world.li, world),
            minutes=60,
            by=world.zhang,
        )
        adjusting.propose(resident=world.zhao, amount=5 + n, reason=f"补记{n}", by=world.zhang)
        cast.partner(world.street, world.wenxing, world.zhang, ends_on=clock.today() + timedelta(days=n + 1))
        tell(occasion=f"test:{n}", words=Words("标题", "内容"), staff=world.chen)
    Message.objects.filter(state="waiting").update(state="sent", sent_at=clock.now())
    Objection.objects.filter(notice=made).update(answer_by=clock.today() - timedelta(days=1))


def test_whatever_waits_costs_the_same_queries(client: Client, world: World) -> None:
    client.force_login(world.chen)
    lay(world, range(11))  # from eleven records on, whoever wrote them is asked about
    Notice.objects.filter(status="open").update(prepared_by=world.he, published_by=world.he)
    client.get("/desk/")
    with CaptureQueriesContext(connection) as one:
        few = todo.rows_for(world.chen)
        client.get("/desk/")
    lay(world, range(11, 30))
    Notice.objects.filter(status="open").update(prepared_by=world.he, published_by=world.he)
    with CaptureQueriesContext(connection) as thirty:
        many = todo.rows_for(world.chen)
        page = client.get("/desk/").content.decode()
    assert (
        len(one) == len(thirty) <= 69
    )  # rows_for and the page; four of each for the settings of childcare, one for its line of today
    assert {row.label for row in few} == {row.label for row in many} and len(many) == 10
    assert sorted({row.count for row in many if row.section != "residents"}) == [30]
    shows(client.get("/desk/"), "已逾期", "快到期", "期限内", "没有期限")
    assert page.index("公示异议待您答复") < page.index("协议快到期") < page.index("积分调整待您复核")


def of_every_kind(world: World) -> None:
    """And what the other apps leave waiting for the head."""
    lay(world, range(1))
    Notice.objects.filter(status="open").update(prepared_by=world.he, published_by=world.he)
    registered(world.li)
    claimed(post(world, "治安巡逻岗"), world.li)
    month = said(world, world.wang)
    Holding.objects.filter(pk=month.holding_id).update(ends_on=clock.today() + timedelta(days=3))
    asked(world, world.zhao)
    barring.propose(resident=world.wang, reason="10月8日没有到场，签到由他人代签", by=world.zhang)
    sent(world)
    answering.accept(deed=sent(world, world.wang, text="井盖松动"), by=world.zhang)
    for one, decided in ((world.li, False), (world.wang, True)):
        mine = honours.record(
            resident=one, name="好人", on=clock.today(), granted_by="市", level="HONOR_CITY", evidence="证书", by=world.zhang
        )  # fmt: skip
        if decided:
            honours.approve(honour=mine, by=world.he)
    Participation.objects.filter(pk=recorded(world, world.zhao).pk).update(left_how="forgotten")
    Visit.objects.create(
        community=world.wenxing, resident=world.zhao, text="水管漏", follow_up="报修", on=clock.today(), by=world.zhang
    )
    cast.course(world.wenxing, status="cancelled")
    Course.objects.filter(status="cancelled").update(taken=1)
    adjusting.approve(
        adjustment=adjusting.propose(resident=world.wang, amount=5, reason="补记", by=world.zhang), by=world.he
    )


def test_something_of_every_kind_costs_few_queries(client: Client, world: World) -> None:
    of_every_kind(world)
    client.force_login(world.chen)
    client.get("/desk/")
    with CaptureQueriesContext(connection) as asked_for:
        page = client.get("/desk/").content.decode()
    kinds = {row.label for row in todo.rows_for(world.chen)}
    assert len(kinds) >= 23 and all(label in page for label in kinds), sorted(kinds)
    assert len(asked_for) <= 40


def test_nobody_is_ranked(client: Client, world: World) -> None:
    """No colleague's name stands beside what waits, and nothing says who did how much."""
    lay(world, range(3))
    client.force_login(world.chen)
    page = client.get("/desk/").content.decode()
    table = page[page.index("<main") : page.index("</main>")]
    assert "陈志强" in table and not [who for who in ("张晓燕", "何静", "钱丽") if who in table]


@pytest.mark.parametrize(
    ("role", "place", "says"),
    [
        ("finance", "community", "去对账"), ("supervisor", "community", "去对账"), ("auditor", "street", "去核对"),
        ("system_admin", "street", "人员与职责"),
    ],
)  # fmt: skip
def test_who_works_with_no_resident_finds_a_calm_page(
    client: Client, world: World, role: str, place: str, says: str
) -> None:
    where = {"community": world.wenxing} if place == "community" else {"sub_district": world.street}
    lay(world, range(1))
    client.force_login(cast.staff("apart", "别的职责", Duty.Role(role), **where))
    page = client.get("/desk/")
    shows(page, "别的职责，您好", says)
    assert "待确认的居民登记" not in page.content.decode()
