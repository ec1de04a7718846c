"""What a person does about a message that did not arrive."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from communities.duties import NotYourDuty
from communities.models import User
from communities.sending import Answer
from communities.todo import rows_for
from core import clock
from notifications import delivery, settling
from notifications.models import Message
from tests.communities import phonebox
from tests.notifications.sending import told
from tests.pages import links, text
from tests.world import World

pytestmark = pytest.mark.django_db
State, Channel = Message.State, Message.Channel
ACTS: list[Callable[..., Any]] = [settling.send_again, settling.settle, settling.ask_again]


class Heard(phonebox.Away):
    def ask(self, number: str) -> Answer:
        return Answer.ACCEPTED


@pytest.fixture
def desk(client: Client, world: World) -> Client:
    client.force_login(world.zhang)
    return client


def again(row: Message) -> Message:
    return Message.objects.get(pk=row.pk)


def waits(user: User) -> list[tuple[int, str]]:
    return [(row.count, row.url) for row in rows_for(user) if row.label == "未送达的消息"]


def test_what_failed_is_sent_again_with_all_its_tries(world: World) -> None:
    row = told(world.wang, State.FAILED, tries=5, fault="五次都没有发出", due_at=clock.now() - timedelta(days=2))
    settling.send_again(message=row, by=world.zhang)
    now = again(row)
    assert (now.state, now.tries, now.fault) == (State.WAITING, 0, "")
    assert list(Message.objects.due(clock.now())) == [row]


def test_a_second_press_changes_nothing(world: World) -> None:
    row = told(world.wang, State.FAILED)
    settling.send_again(message=row, by=world.zhang)
    before = Message.objects.filter(pk=row.pk).values().get()
    for act in (*ACTS, settling.send_again):
        with pytest.raises(settling.NotUndelivered, match="待发送"):
            act(message=row, by=world.chen)
    assert Message.objects.filter(pk=row.pk).values().get() == before


@pytest.mark.parametrize("state", [one for one in State if one not in (State.FAILED, State.UNCLEAR, State.SETTLED)])
def test_nothing_is_done_about_what_arrived_or_still_goes_out(world: World, state: Message.State) -> None:
    row = told(world.wang, state)
    for act in ACTS:
        with pytest.raises(settling.NotUndelivered):
            act(message=row, by=world.zhang)
    assert again(row).state == state


def test_what_is_of_no_use_any_more_is_not_sent_again(world: World) -> None:
    row = told(world.wang, State.FAILED, until=clock.now() - timedelta(minutes=1))
    with pytest.raises(settling.TooLate):
        settling.send_again(message=row, by=world.zhang)
    assert again(row).state == State.FAILED
    settling.settle(message=row, by=world.zhang)  # it was said on the telephone
    assert again(row).state == State.SETTLED


def test_what_may_have_arrived_is_sent_again_only_by_who_says_so(world: World) -> None:
    row = told(world.wang, State.UNCLEAR)
    with pytest.raises(settling.PerhapsReceived):
        settling.send_again(message=row, by=world.zhang)
    assert again(row).state == State.UNCLEAR
    settling.send_again(message=row, by=world.zhang, sure=True)
    assert again(row).state == State.WAITING
    # By the number that the provider may have, it would say that it sent it, and send nothing.
    assert delivery.number_of(again(row)) != delivery.number_of(row)


@pytest.mark.parametrize("state", [State.FAILED, State.UNCLEAR])
def test_what_was_said_on_the_telephone_is_settled_once(world: World, state: Message.State) -> None:
    row = told(world.wang, state)
    settling.settle(message=row, by=world.zhang)
    first = again(row)
    assert (first.state, first.settled_by) == (State.SETTLED, world.zhang) and first.settled_at
    for act in ACTS:
        with pytest.raises(settling.NotUndelivered, match="已人工处理"):
            act(message=row, by=world.chen)
    assert (again(row).settled_by, again(row).settled_at) == (world.zhang, first.settled_at)


@pytest.mark.parametrize(
    ("driver", "tries", "state", "parts"),
    [
        (f"{__name__}.Heard", 1, State.SENT, 1),
        ("tests.communities.phonebox.Away", 1, State.WAITING, 0),
        ("tests.communities.phonebox.Away", delivery.TRIES, State.FAILED, 0),
        ("tests.communities.phonebox.PhoneBox", 1, State.UNCLEAR, 0),
    ],
)
def test_the_provider_is_asked_once_more(
    world: World, settings: Any, driver: str, tries: int, state: Message.State, parts: int
) -> None:
    settings.SMS_DRIVER = driver
    row = told(world.wang, State.UNCLEAR, tries=tries)
    assert settling.ask_again(message=row, by=world.zhang) == state
    assert (again(row).state, again(row).parts) == (state, parts)


def test_only_what_is_unclear_is_asked_for(world: World, settings: Any) -> None:
    settings.SMS_DRIVER = f"{__name__}.Heard"
    row = told(world.wang, State.FAILED)
    with pytest.raises(settling.NotUnclear):
        settling.ask_again(message=row, by=world.zhang)
    assert again(row).state == State.FAILED


def test_nobody_settles_for_another_community(world: World) -> None:
    for row in (told(world.wang, State.UNCLEAR), told(world.chen, State.UNCLEAR)):
        for act in ACTS:
            with pytest.raises(NotYourDuty):
                act(message=row, by=world.qian)
        world.he.is_active = False
        with pytest.raises(NotYourDuty):
            settling.settle(message=row, by=world.he)
        world.he.is_active = True
        settling.settle(message=row, by=world.he)


def test_it_waits_for_who_can_act_and_leads_to_the_oldest_first(desk: Client, world: World) -> None:
    late, early = told(world.li, State.FAILED, title="第二条"), told(world.wang, State.UNCLEAR, title="第三条")
    told(world.wang, State.FAILED, title="上个季度", due_at=clock.now() - settling.KEPT - timedelta(minutes=1))
    told(world.wang, title="收到的")
    told(world.zhou, State.FAILED, title="永安的")
    assert waits(world.zhang) == waits(world.chen) == [(2, "/desk/messages/undelivered/")]
    assert waits(world.he) == [(3, "/desk/messages/undelivered/")]
    shown = text(desk, "/desk/messages/undelivered/")
    assert shown.index(late.title) < shown.index(early.title)
    assert not [one for one in ("上个季度", "收到的", "永安的") if one in shown]


def test_every_press_of_the_page(desk: Client, world: World, settings: Any) -> None:
    settings.SMS_DRIVER = f"{__name__}.Heard"
    page = "/desk/messages/undelivered/"
    failed, unclear, lost = (told(world.wang, one) for one in (State.FAILED, State.UNCLEAR, State.UNCLEAR))
    assert "可能已经收到，仍然再发" in text(desk, page)
    answer = desk.post(f"/desk/messages/{unclear.pk}/send-again/", headers={"referer": page}, follow=True)
    assert "可能已经收到，没有再发" in answer.content.decode() and again(unclear).state == State.UNCLEAR
    desk.post(f"/desk/messages/{unclear.pk}/send-again/", {"sure": "on"})
    desk.post(f"/desk/messages/{failed.pk}/settle/")
    desk.post(f"/desk/messages/{lost.pk}/ask/")
    assert [again(row).state for row in (failed, unclear, lost)] == [State.SETTLED, State.WAITING, State.SENT]
    assert "没有未送达的消息" in text(desk, page)
    assert page in links(desk, "/desk/messages/")


def test_what_is_late_offers_the_telephone_alone(desk: Client, world: World) -> None:
    told(world.wang, State.UNCLEAR, until=clock.now() - timedelta(minutes=1))
    shown = text(desk, "/desk/messages/undelivered/")
    assert "已过有效时间" in shown and "已用电话告知" in shown and "再发一次" not in shown.split("办理")[-1]
