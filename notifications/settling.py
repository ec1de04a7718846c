"""未送达: what a person does about a message that did not arrive, or of which nobody knows."""

from datetime import datetime, timedelta

from communities.duties import NotYourDuty
from communities.models import User
from core import clock
from core.refusals import Refused
from core.verbs import verb
from notifications import delivery, outbox
from notifications.models import Message, new_token

State = Message.State
KEPT = timedelta(days=30)  # for so long somebody is asked to look after it


class NotUndelivered(Refused):
    code = "message_not_undelivered"

    def __init__(self, message: Message) -> None:
        super().__init__(f"这条消息现在是“{message.get_state_display()}”，不用再处理，没有改动。")


class TooLate(Refused):
    code = "message_too_late"
    message = "这条消息已过有效时间，再发会误导人，没有发送。如仍要告知，请打电话，再点“已用电话告知”。"


class PerhapsReceived(Refused):
    code = "message_perhaps_received"
    message = "这条消息对方可能已经收到，没有再发。请先点“问服务商”；仍要再发的，请勾选“可能已经收到，仍然再发”。"


class NotUnclear(Refused):
    code = "message_not_unclear"
    message = "这条消息的结果已经清楚，不用再问服务商，没有改动。"


def left_since() -> datetime:
    """From which moment on what is undelivered waits for somebody."""
    return clock.now() - KEPT


def is_late(message: Message) -> bool:
    """Whether it is of no use to anybody any more."""
    return message.until is not None and message.until <= clock.now()


@verb()
def send_again(*, message: Message, by: User, sure: bool = False) -> Message:
    """Put it back into the queue, with all its tries; at night it waits for the morning. Refuses a stranger (`NotYourDuty`), what is not
    undelivered, what is of no use any more, and without `sure` what may have arrived."""
    held = _held(message, by)
    if is_late(held):
        raise TooLate
    if held.state == State.UNCLEAR and not sure:
        raise PerhapsReceived
    if held.state == State.UNCLEAR:
        held.token = new_token()  # by the old number the provider would take it for the one that it has
    held.state, held.tries, held.due_at, held.fault = State.WAITING, 0, clock.now(), ""
    held.save(update_fields=["state", "tries", "due_at", "fault", "token"])
    outbox.told(urgent=bool(held.urgency))
    return held


@verb()
def settle(*, message: Message, by: User) -> Message:
    """已用电话告知. Refuses a stranger (`NotYourDuty`), and what is not undelivered."""
    held = _held(message, by)
    held.state, held.settled_at, held.settled_by = State.SETTLED, clock.now(), by
    held.save(update_fields=["state", "settled_at", "settled_by"])
    return held


def ask_again(*, message: Message, by: User) -> str:
    """Ask the provider what became of it; its state after that. Refuses a stranger (`NotYourDuty`), and whatever is not unclear.

    No row is locked while a network is waited for: what somebody else did with it meanwhile stands (delivery.settle).
    """
    held = _unclear(message=message, by=by)
    state = delivery.settle(held)
    if state == State.WAITING:
        outbox.told(urgent=bool(held.urgency))
    return state


@verb()
def _unclear(*, message: Message, by: User) -> Message:
    held = _held(message, by)
    if held.state != State.UNCLEAR:
        raise NotUnclear
    return held


def _held(message: Message, by: User) -> Message:
    """The row, locked."""
    if not (by.is_active and Message.objects.for_staff(by).filter(pk=message.pk).exists()):
        raise NotYourDuty
    held = Message.objects.select_for_update(no_key=True).get(pk=message.pk)
    if held.state not in (State.FAILED, State.UNCLEAR):
        raise NotUndelivered(held)
    return held
