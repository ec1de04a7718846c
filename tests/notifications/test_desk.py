"""The staff member's messages."""

import pytest
from django.test import Client

from communities.models import User
from communities.todo import rows_for
from core import clock
from notifications import inbox
from notifications.models import Message
from notifications.outbox import Words, tell
from tests.pages import links, queries, text
from tests.world import World

pytestmark = pytest.mark.django_db


def told(user: User, number: int = 1) -> None:
    first = Message.objects.count()
    for n in range(first, first + number):
        tell(staff=user, occasion=f"test:{n}", words=Words(f"第{n}条提醒", "请办理", "/desk/partners/"))
    Message.objects.filter(state="waiting").update(state="sent", sent_at=clock.now())


@pytest.fixture
def desk(client: Client, world: World) -> Client:
    client.force_login(world.zhang)
    return client


def test_shown_is_read_and_leaves_the_to_do_page(desk: Client, world: World) -> None:
    told(world.zhang, 2)
    assert [row.count for row in rows_for(world.zhang) if row.section == "messages"] == [2]
    shown = text(desk, "/desk/messages/")
    assert "第0条提醒" in shown and "第1条提醒" in shown and "新" in shown
    assert "/desk/partners/" in links(desk, "/desk/messages/")
    assert [row for row in rows_for(world.zhang) if row.section == "messages"] == []


def test_nobody_reads_a_colleagues_messages(desk: Client, world: World) -> None:
    told(world.chen)
    assert "第0条提醒" not in text(desk, "/desk/messages/")
    assert Message.objects.get().read_at is None


def test_residents_and_visitors_are_kept_out(client: Client, world: World) -> None:
    assert client.get("/desk/messages/").headers["Location"].startswith("/desk/sign-in/")
    client.force_login(world.wang.account)
    assert client.get("/desk/messages/").status_code == 403


def test_the_list_turns_pages(desk: Client, world: World) -> None:
    told(world.zhang, inbox.PAGE + 1)
    following = next(link for link in links(desk, "/desk/messages/") if "before=" in link)
    assert "第0条提醒" in text(desk, f"/desk/messages/{following}")


def test_thirty_messages_cost_no_more_queries_than_one(desk: Client, world: World) -> None:
    told(world.zhang)
    one = queries(desk, "/desk/messages/")
    told(world.zhang, 30)
    assert queries(desk, "/desk/messages/") == one
