"""What was told once is not told twice, and can be taken back until it is sent."""

import pytest

from core import clock
from notifications import outbox
from notifications.models import Message
from tests.world import World

pytestmark = pytest.mark.django_db
WORDS = outbox.Words("上课提醒", "明天上课")
BOTH = (Message.Channel.INBOX, Message.Channel.SMS)


def test_an_occasion_is_told_once_per_person_and_channel(world: World) -> None:
    for _ in range(2):
        outbox.tell(resident=world.wang, occasion="class:1", words=WORDS, channels=BOTH)
    outbox.tell(resident=world.li, occasion="class:1", words=WORDS)
    outbox.tell(staff=world.zhang, occasion="class:1", words=WORDS)
    assert Message.objects.filter(resident=world.wang).count() == 2
    assert Message.objects.count() == 4


def test_taking_back_touches_one_person_and_the_named_occasions(world: World) -> None:
    for person in (world.wang, world.li):
        for occasion in ("class:1", "class:2", "seat:1"):
            outbox.tell(resident=person, occasion=occasion, words=WORDS, channels=BOTH)
    assert outbox.recall(resident=world.wang, occasions=["class:1", "class:2", "class:3"]) == 4
    left = Message.objects.values_list("resident__name", "occasion").distinct()
    assert set(left) == {("王秀兰", "seat:1"), ("李建国", "class:1"), ("李建国", "class:2"), ("李建国", "seat:1")}


@pytest.mark.parametrize("state", ["sending", "sent", "failed"])
def test_what_is_on_its_way_or_was_sent_is_not_taken_back(world: World, state: str) -> None:
    outbox.tell(resident=world.wang, occasion="class:1", words=WORDS)
    Message.objects.update(state=state, sent_at=clock.now() if state == "sent" else None)
    assert outbox.recall(resident=world.wang, occasions=["class:1"]) == 0
    assert Message.objects.count() == 1


def test_what_was_taken_back_may_be_told_again(world: World) -> None:
    outbox.tell(resident=world.wang, occasion="class:1", words=WORDS)
    outbox.recall(resident=world.wang, occasions=["class:1"])
    outbox.tell(resident=world.wang, occasion="class:1", words=WORDS)
    assert Message.objects.count() == 1
