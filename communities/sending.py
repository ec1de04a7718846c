"""What leaves the house by a provider (SMS, WeChat), and what became of it: the small contract that every driver keeps.

Each outgoing message carries our own number. A driver says `ACCEPTED` only when the provider took it, `LATER` only when the provider
certainly did not, `REFUSED` when it never will, and `UNKNOWN` for all the rest: cut or too slow after the request had gone out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string


class Fate(Enum):
    """What became of one message."""

    ACCEPTED = "accepted"
    LATER = "later"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Answer(Enum):
    """What a provider says of a message that we name by our own number."""

    ACCEPTED = "accepted"
    NEVER_SEEN = "never_seen"
    CANNOT_SAY = "cannot_say"
    AWAY = "away"  # nobody answered: asked again later


@dataclass(frozen=True)
class Outgoing:
    """One message out of the house. `number` is ours, the same at every try; `address` a phone number, or an openid for WeChat."""

    number: str
    address: str
    text: str
    template: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Receipt:
    """What the driver knows after sending. `provider_id` is theirs, `fault` one line for staff, `wait` what a limit asks for,
    `parts` how many short messages they bill, 0 where they do not say."""

    fate: Fate
    provider_id: str = ""
    fault: str = ""
    wait: timedelta | None = None
    parts: int = 0


class Driver(Protocol):
    """A way out of the house."""

    def send(self, out: Outgoing) -> Receipt:
        """Hand over once; never raises for what a network does."""

    def ask(self, number: str) -> Answer:
        """What became of the message with our `number`."""


def sms() -> Driver:
    """The configured driver for short messages (SMS_DRIVER)."""
    return cast(Driver, import_string(settings.SMS_DRIVER)())
