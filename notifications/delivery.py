"""Delivering: inboxes are filled by one statement for many; out of the house goes one row after the other.

A row that leaves is taken by changing its state, and that is committed before the provider is called: twice taken is impossible, and
whoever dies in between leaves a row in SENDING, of which the provider is asked by our own number.
"""

from collections.abc import Callable
from datetime import timedelta
from time import monotonic

import structlog
from django.db import connection
from django.db.models import F

from communities import sending
from communities.sending import Answer, Fate, Outgoing, Receipt
from core import clock
from notifications import quiet, templates
from notifications.models import Message, MessageQuerySet

log = structlog.get_logger(__name__)
Channel, State = Message.Channel, Message.State
TRIES = 5
AWAY_TRIES = 100  # as long as the provider is away, at a quarter of an hour each: a day
LOST_AFTER = timedelta(minutes=5)
ASKED_FOR = timedelta(days=1)  # so long a provider is asked that does not answer
BATCH = 500
SLICE = 3.0  # seconds that one call works: what came meanwhile is not kept waiting longer
FAULT = 100  # characters
LATE, NO_PHONE = "超过有效时间", "没有手机号"
GIVEN_UP, NOBODY_KNOWS = "几次都没有发出", "服务商说不清是否已发出，没有重发"
BROKE = "发送程序出错，请系统管理员检查"

POST = """
WITH due AS MATERIALIZED (
    SELECT id FROM notifications_message
    WHERE state = 'waiting' AND channel = 'inbox' AND urgency >= %(least)s
        AND (due_at <= %(at)s OR urgency = 2 AND %(least)s > 0) -- a clock that was put back silences no alarm
    ORDER BY due_at, id LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE notifications_message m SET tries = tries + 1, taken_at = %(at)s,
    state = CASE WHEN m.until <= %(at)s THEN 'lapsed' ELSE 'sent' END,
    sent_at = CASE WHEN m.until <= %(at)s THEN NULL ELSE %(at)s END
FROM due WHERE m.id = due.id
"""
TAKE = """
UPDATE notifications_message SET state = 'sending', tries = tries + 1, taken_at = %(at)s
WHERE id = (
    SELECT id FROM notifications_message
    WHERE state = 'waiting' AND channel <> 'inbox' AND urgency >= %(least)s
        AND (due_at <= %(at)s OR urgency = 2 AND tries = 0 AND %(least)s > 0)
    ORDER BY urgency DESC, due_at, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
) RETURNING id
"""
LOST = """
UPDATE notifications_message SET asked_at = %(at)s
WHERE id = (
    SELECT id FROM notifications_message
    WHERE state = 'sending' AND taken_at < %(before)s AND (asked_at IS NULL OR asked_at < %(before)s)
    ORDER BY taken_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
) RETURNING id
"""


def run(*, urgent: bool = False) -> bool:
    """Deliver what is due, with `urgent` nothing else; stops after `SLICE` seconds. Whether there may be more.

    Of what is lost the provider is asked last, and never by those who carry what is urgent.
    """
    end, least = monotonic() + SLICE, Message.Urgency.URGENT if urgent else Message.Urgency.ROUTINE
    while post(least) == BATCH:
        if monotonic() > end:
            return True
    while (number := take(least)) is not None and hand_over(number):
        if monotonic() > end:
            return True
    waits_again = False
    while not urgent and monotonic() < end and (number := take_lost()) is not None:
        waits_again |= settle(Message.objects.get(pk=number)) == State.WAITING
    return waits_again


def post(least: int = Message.Urgency.ROUTINE) -> int:
    """Fill the inboxes with the oldest `BATCH` that are due, in one statement; how many rows that were."""
    with connection.cursor() as cursor:
        cursor.execute(POST, {"at": clock.now(), "least": least, "limit": BATCH})
        return int(cursor.rowcount)


def take(least: int = Message.Urgency.ROUTINE) -> int | None:
    """The next row that leaves the house, taken and committed; None when nothing is due."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"at": clock.now(), "least": least})
        row = cursor.fetchone()
    return row[0] if row else None


def hand_over(number: int) -> bool:
    """Send a row that was taken, once. False when the provider takes nothing at the moment."""
    message = Message.objects.select_related("resident", "staff").get(pk=number)
    now = clock.now()
    if message.until is not None and message.until <= now:
        return _ends(message, State.LAPSED, LATE)
    if not (address := address_of(message)):
        return _ends(message, State.FAILED, NO_PHONE)
    if (calm := quiet.calm(now, message.urgency)) > now:
        _held(message).update(state=State.WAITING, due_at=calm, tries=F("tries") - 1)
        return True
    out = Outgoing(number_of(message), address, message.body, message.template, message.fields)
    receipt = _sent(message, out)
    return FATES[receipt.fate](message, receipt)


def number_of(message: Message) -> str:
    """Our own number of a message, by which a provider is asked."""
    return f"m{message.pk}-{message.token}"


def address_of(message: Message) -> str:
    """The phone number of whom it is for; empty when there is none."""
    reader = message.resident or message.staff
    return (reader.phone if reader else "") or ""


def take_lost() -> int | None:
    """A row whose worker was lost, or of which nobody knows, to be asked for by one alone; None when there is none."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(LOST, {"at": now, "before": now - LOST_AFTER})
        row = cursor.fetchone()
    return row[0] if row else None


def settle(message: Message) -> str:
    """Ask what became of a row in SENDING or UNCLEAR; its state after that. Who does not answer is asked again, for a day."""
    now, held = clock.now(), _held(message)
    answer = _asked(message)
    if answer == Answer.ACCEPTED:
        held.update(state=State.SENT, sent_at=now, parts=parts_of(message), fault="")
    elif answer == Answer.CANNOT_SAY or (answer == Answer.AWAY and (message.taken_at or now) < now - ASKED_FOR):
        held.update(state=State.UNCLEAR, fault=NOBODY_KNOWS)
    elif answer == Answer.NEVER_SEEN:
        if message.until is not None and message.until <= now:
            held.update(state=State.LAPSED, fault=LATE)
        elif message.tries >= TRIES:
            held.update(state=State.FAILED, fault=GIVEN_UP)
        else:
            held.update(state=State.WAITING)
    message.refresh_from_db(fields=["state"])
    return message.state


def _asked(message: Message) -> Answer:
    """A driver that breaks is a provider that does not answer: it stops nobody else."""
    try:
        return sending.sms().ask(number_of(message))
    except Exception:  # whatever it is, the other rows go on
        log.exception("message-ask-broke", message=message.pk)
        return Answer.AWAY


def _sent(message: Message, out: Outgoing) -> Receipt:
    """What a driver that breaks has done nobody knows."""
    try:
        return sending.sms().send(out)
    except Exception:  # whatever it is, the other rows go on
        log.exception("message-send-broke", message=message.pk)
        return Receipt(Fate.UNKNOWN, fault=BROKE)


def parts_of(message: Message) -> int:
    """How many short messages are billed for a row, where the provider does not say (domain guide, 17.1); none of another channel."""
    return templates.parts_of(message.body) if message.channel == Channel.SMS else 0


def _held(message: Message) -> MessageQuerySet:
    """The row, as long as it was not given to somebody else meanwhile."""
    states = (State.SENDING, State.UNCLEAR)
    return Message.objects.filter(pk=message.pk, state__in=states, taken_at=message.taken_at)


def _ends(message: Message, state: str, fault: str) -> bool:
    _held(message).update(state=state, fault=fault[:FAULT])
    return True


def _accepted(message: Message, receipt: Receipt) -> bool:
    parts = receipt.parts or parts_of(message)
    _held(message).update(
        state=State.SENT, sent_at=clock.now(), provider_id=receipt.provider_id, parts=parts, fault=""
    )  # fmt: skip
    return True


def _refused(message: Message, receipt: Receipt) -> bool:
    return _ends(message, State.FAILED, receipt.fault)


def _later(message: Message, receipt: Receipt) -> bool:
    """Two, four, eight minutes later, at most a quarter of an hour; what has had its day is left to staff. A limit that the provider
    names with its time (this number had enough today) stops nobody else, and is waited for five times."""
    if message.tries >= (TRIES if receipt.wait else AWAY_TRIES):
        _ends(message, State.FAILED, receipt.fault)
    else:
        wait = receipt.wait or timedelta(minutes=min(2 ** min(message.tries, 4), 15))
        _held(message).update(state=State.WAITING, due_at=clock.now() + wait, fault=receipt.fault[:FAULT])
    return receipt.wait is not None


def _unknown(message: Message, receipt: Receipt) -> bool:
    """It stays in SENDING: in five minutes the provider is asked."""
    _held(message).update(fault=receipt.fault[:FAULT])
    log.warning("message-unclear", message=message.pk, channel=message.channel)
    return False


FATES: dict[Fate, Callable[[Message, Receipt], bool]] = {
    Fate.ACCEPTED: _accepted,
    Fate.REFUSED: _refused,
    Fate.LATER: _later,
    Fate.UNKNOWN: _unknown,
}
