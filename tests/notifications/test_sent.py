"""What was told to whom, for the desk."""

from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from communities.models import Duty
from core import clock
from notifications import sentbook
from notifications.models import Message
from tests import world as cast
from tests.database import as_owner
from tests.notifications.sending import told
from tests.pages import leafed, links, queries, text
from tests.world import World, staff

pytestmark = pytest.mark.django_db
State, Channel = Message.State, Message.Channel
LIST = "/desk/messages/sent/"


@pytest.fixture
def desk(client: Client, world: World) -> Client:
    client.force_login(world.zhang)
    return client


def cells(client: Client, path: str) -> list[tuple[object, ...]]:
    answer = client.get(path)
    assert answer.status_code == 200
    return list(load_workbook(BytesIO(b"".join(answer))).active.iter_rows(values_only=True))  # type: ignore[union-attr]


def test_a_line_says_to_whom_why_how_and_what_became_of_it(desk: Client, world: World) -> None:
    told(world.wang, State.FAILED, title="明晚有课", body="请带瑜伽垫", fault="空号", tries=3)
    shown = text(desk, LIST)
    for said in ("王*兰", "文兴社区", "夜校课程", "明晚有课", "请带瑜伽垫", "短信", "未送达", "空号"):
        assert said in shown
    assert "王秀兰" not in shown
    assert f"/desk/residents/{world.wang.pk}/" in links(desk, LIST)


@pytest.mark.parametrize("kind", ["care-bill", "care-staff", "minors-audit", "evidence", "nobody"])
def test_of_children_relief_and_what_nobody_declared_the_title_alone_is_shown(
    desk: Client, world: World, kind: str
) -> None:
    told(world.wang, kind=kind, title="标题可以看", body="内容不可以看", state=State.FAILED)
    for page in (LIST, "/desk/messages/undelivered/"):
        shown = text(desk, page)
        assert "标题可以看" in shown and "内容不可以看" not in shown


def test_what_a_colleague_was_told_is_shown_by_its_title(desk: Client, world: World) -> None:
    told(world.chen, kind="burst", title="请核实录入", body="张晓燕今天录入了80人次")
    shown = text(desk, LIST)
    assert "陈志强" in shown and "请核实录入" in shown and "录入了80人次" not in shown


def test_each_sees_the_own_communities(client: Client, world: World) -> None:
    money = staff("money", "财务", Duty.Role.FINANCE, community=world.wenxing)
    watch = staff("watch", "监督员", Duty.Role.SUPERVISOR, community=world.wenxing)
    audit = staff("audit", "审计员", Duty.Role.AUDITOR, community=world.wenxing)
    for who, title in (
        (world.wang, "给文兴"), (world.zhou, "给永安"), (world.chen, "给主任"), (world.qian, "给钱丽"), (world.he, "给街道"), (audit, "给审计"),
    ):  # fmt: skip
        told(who, title=title)
    for reader, seen in (
        (world.zhang, {"给文兴", "给主任"}), (world.qian, {"给永安", "给钱丽"}),
        (world.he, {"给文兴", "给永安", "给主任", "给钱丽", "给街道"}), (money, set()), (watch, set()), (audit, set()),
    ):  # fmt: skip
        assert {one.title for one in Message.objects.for_staff(reader)} == seen, reader
        client.force_login(reader)
        shown = text(client, LIST)
        assert {one for one in ("给文兴", "给永安", "给主任", "给钱丽", "给街道", "给审计") if one in shown} == seen


def test_the_list_is_narrowed(desk: Client, world: World) -> None:
    long_ago = clock.now() - timedelta(days=40)
    told(world.wang, title="甲一", kind="session", due_at=long_ago)
    told(world.li, State.FAILED, title="乙二", kind="care-bill", channel=Channel.INBOX)
    told(world.li, State.WAITING, title="丙三", kind="minors-audit")
    told(world.zhao, State.WAITING, title="丁四", kind="nobody-knows")
    told(world.zhao, title="戊五", kind="evidence")
    titles = ("甲一", "乙二", "丙三", "丁四", "戊五")
    day = clock.local(long_ago).date().isoformat()
    for query, wanted in (
        ("state=failed", {"乙二"}), ("channel=inbox", {"乙二"}), ("subject=care", {"乙二", "丙三"}), ("subject=night", {"甲一"}),
        ("subject=office", {"丁四"}), ("subject=relief", {"戊五"}), ("q=6021", {"甲一"}), (f"q={quote('李建')}", {"乙二", "丙三"}),
        ("q=zyz", {"丁四", "戊五"}), (f"q={quote('周海涛')}", set()), (f"until={day}", {"甲一"}), (f"since={day}&until={day}", {"甲一"}),
        (f"since={clock.today().isoformat()}&state=waiting", {"丙三", "丁四"}), ("state=nonsense&since=x", set(titles)),
    ):  # fmt: skip
        shown = text(desk, f"{LIST}?{query}")
        assert {one for one in titles if one in shown} == wanted, query


def test_what_was_due_last_comes_first_also_on_the_second_page(
    desk: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the order in which the rows were written, and with several of one moment."""
    monkeypatch.setattr(sentbook, "PAGE", 2)
    now = clock.now()
    for title, hours in (("甲一", 1), ("乙二", 3), ("丙三", 2), ("丁四", 3), ("戊五", 3), ("己六", 0)):
        told(world.wang, title=title, due_at=now - timedelta(hours=hours))
    pages = [text(desk, page) for page in leafed(desk, LIST)]
    order = ["己六", "甲一", "丙三", "戊五", "丁四", "乙二"]
    assert [[one for one in order if one in page] for page in pages] == [order[:2], order[2:4], order[4:]]


def test_the_list_turns_pages_and_keeps_what_was_asked(desk: Client, world: World) -> None:
    for number in range(sentbook.PAGE * 2 + 1):
        told(world.wang, State.FAILED, title=f"第{number}条")
        told(world.wang, title="别的")
    pages = [text(desk, page) for page in leafed(desk, f"{LIST}?state=failed")]
    assert [page.count("第") for page in pages] == [50, 50, 1]
    assert "第0条" in pages[-1] and not any("别的" in page for page in pages)


@pytest.mark.parametrize("page", [LIST, f"{LIST}?state=failed&q=6021&subject=night", "/desk/messages/undelivered/"])
def test_thirty_lines_cost_no_more_queries_than_two(desk: Client, world: World, page: str) -> None:
    for _ in range(2):
        told(world.wang, State.FAILED)
    two = queries(desk, page)
    for person in (world.wang, world.li, world.zhao, world.chen) * 7:
        told(person, State.FAILED)
    assert queries(desk, page) == two


def test_the_file_holds_what_the_list_shows_and_no_body(desk: Client, world: World) -> None:
    told(world.wang, title="别的")
    row = told(world.wang, State.FAILED, title="明晚有课", body="请带瑜伽垫", fault="空号")
    heading, line, *more = cells(desk, f"{LIST}export/?state=failed")
    assert not more and len(heading) == len(line)
    assert (line[0], *line[3:9], line[10]) == (
        row.pk, "文兴社区", "王*兰", "夜校课程", "明晚有课", "短信", "未送达", "空号",
    )  # fmt: skip
    assert "请带瑜伽垫" not in line and "王秀兰" not in line


def plan(world: World, wanted: Mapping[str, object]) -> str:
    with CaptureQueriesContext(connection) as caught:
        sentbook.page_of(world.zhang, dict(wanted))
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {caught[-1]['sql']}")
        return "\n".join(row for (row,) in cursor.fetchall())


MANY = """
    INSERT INTO notifications_message (resident_id, occasion, channel, title, body, link, state, sent_at, due_at, tries)
    SELECT (%s::bigint[])[1 + n %% 500], CASE WHEN n %% 3 = 0 THEN 'session:' ELSE 'points:' END || n,
        CASE WHEN n %% 500 = 0 THEN 'sms' ELSE 'inbox' END, '上课', '明天', '',
        CASE WHEN n %% 500 = 0 THEN 'failed' ELSE 'sent' END, CASE WHEN n %% 500 = 0 THEN NULL ELSE %s END,
        %s - make_interval(hours => 10000 - n / 4), 1
    FROM generate_series(1, 40000) AS n
"""


@pytest.mark.django_db(transaction=True)
def test_a_page_of_many_messages_is_found_by_index(world: World) -> None:
    people = [cast.resident(world.yongan, f"居民{n}").pk for n in range(499)]
    with as_owner() as owner, owner.cursor() as cursor:
        cursor.execute(MANY, [[world.wang.pk, *people], clock.now(), clock.now()])
        cursor.execute("ANALYZE notifications_message, communities_resident")
    day = clock.today() - timedelta(days=300)
    for wanted, index in (
        ({}, "message_by_day"), ({"subject": "night"}, "message_by_day"), ({"q": "6021"}, "message_resident"),
        ({"channel": "sms"}, "message_outside"), ({"state": "failed"}, "message_undelivered"),
        ({"since": day, "until": day}, "message_by_day"),
    ):  # fmt: skip
        found = plan(world, wanted)
        assert "Seq Scan on notifications_message" not in found and index in found, (wanted, found)
