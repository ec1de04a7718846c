"""Messages that were sent, failed or got lost, for tests."""

from itertools import count
from typing import Any

from communities.models import Resident, User
from core import clock
from notifications.models import Message
from notifications.outbox import Words, message

_serial = count(1)
State, Channel = Message.State, Message.Channel


def told(who: Resident | User, state: Message.State = State.SENT, kind: str = "session", **fields: Any) -> Message:
    """A short message that is in `state`; `title`, `body` and columns of the row may be named."""
    words = Words(fields.pop("title", "上课提醒"), fields.pop("body", "明天19:00上课"))
    whom = {"resident": who} if isinstance(who, Resident) else {"staff": who}
    row = message(f"{kind}:{next(_serial)}", words, fields.pop("channel", Channel.SMS), **whom)
    row.state, row.tries, row.taken_at = state, 1, clock.now()
    row.sent_at = clock.now() if state == State.SENT else None
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return row
