"""The inbox: one's own messages, newest first; shown is read."""

import pytest
from django.test import Client

from core import clock
from notifications.models import Message
from tests.pages import enter, leafed, links, queries, text
from tests.world import World

pytestmark = pytest.mark.django_db
PATH = "/messages/"


def message(world: World, title: str = "上课提醒", **fields: object) -> Message:
    row = {
        "resident": world.wang, "occasion": f"test:{title}", "channel": "inbox", "title": title, "body": "今晚19:00上课",
        "link": "/tickets/", "state": "sent", "sent_at": clock.now(),
    } | fields  # fmt: skip
    return Message.objects.create(**row)


def test_messages_stand_newest_first_with_their_link(world: World, client: Client) -> None:
    message(world, "先来的")
    message(world, "后来的", link="")
    page = text(enter(client, world.wang), PATH)
    assert page.index("后来的") < page.index("先来的") and "今晚19:00上课" in page
    assert links(client, PATH).count("/tickets/") == 2  # the message's, and the tab bar's


def test_shown_is_read_and_said_to_be_new_once(world: World, client: Client) -> None:
    fresh = message(world)
    enter(client, world.wang)
    assert "1条未读消息" in text(client, "/")
    page = text(client, PATH)
    assert "上课提醒新" in page and "条未读消息" not in page
    fresh.refresh_from_db()
    assert fresh.read_at is not None
    first_read = fresh.read_at
    assert "上课提醒新" not in text(client, PATH)
    fresh.refresh_from_db()
    assert fresh.read_at == first_read and "条未读消息" not in text(client, "/")


def test_only_what_was_shown_is_read(world: World, client: Client) -> None:
    for n in range(21):
        message(world, f"第{n}条")
    text(enter(client, world.wang), PATH)
    assert Message.objects.filter(resident=world.wang, read_at=None).count() == 1


def test_nobody_reads_the_messages_of_somebody_else(world: World, client: Client) -> None:
    theirs = message(world, "给周海涛的", resident=world.zhou)
    message(world, "短信", channel="sms")
    message(world, "还没发的", state="waiting", sent_at=None)
    page = text(enter(client, world.wang), f"{PATH}?before=999999999")
    assert "给周海涛的" not in page and "短信" not in page and "还没发的" not in page
    theirs.refresh_from_db()
    assert theirs.read_at is None


def test_an_empty_inbox_says_what_will_be_here(world: World, client: Client) -> None:
    assert "还没有消息" in text(enter(client, world.wang), PATH)


def test_older_messages_follow_without_gap_or_repetition(world: World, client: Client) -> None:
    made = [message(world, f"（{n}）").title for n in range(45)]
    enter(client, world.wang)
    pages = [text(client, path) for path in leafed(client, PATH)]
    seen = [[title for title in made if title in page] for page in pages]
    assert [len(titles) for titles in seen] == [20, 20, 5] and sorted(
        title for titles in seen for title in titles
    ) == sorted(made)


def test_words_in_a_message_are_words(world: World, client: Client) -> None:
    message(world, "<b>粗</b>", body='<script>alert("x")</script>')
    html = enter(client, world.wang).get(PATH).content.decode()
    assert "&lt;script&gt;" in html and "<script>alert" not in html


def test_the_inbox_costs_the_same_for_one_and_for_thirty(world: World, client: Client) -> None:
    enter(client, world.wang)
    message(world, "头一条")
    one = queries(client, PATH)
    for n in range(30):
        message(world, f"第{n}条")
    assert queries(client, PATH) == one <= 6


def test_the_inbox_is_for_residents_who_signed_in(client: Client) -> None:
    assert client.get(PATH).headers["Location"] == "/sign-in/?next=%2Fmessages%2F"
