"""Telephones that receive text messages: an SMS driver for tests, and one whose provider is away."""

import re

from communities.sending import Answer, Fate, Outgoing, Receipt

SENT: list[tuple[str, str]] = []


class PhoneBox:
    """Keeps what was sent (SMS_DRIVER)."""

    def send(self, out: Outgoing) -> Receipt:
        SENT.append((out.address, out.text))
        return Receipt(Fate.ACCEPTED)

    def ask(self, number: str) -> Answer:
        return Answer.CANNOT_SAY


class Away:
    """The provider cannot be reached."""

    def send(self, out: Outgoing) -> Receipt:
        return Receipt(Fate.LATER, fault="no route to host")

    def ask(self, number: str) -> Answer:
        return Answer.NEVER_SEEN


class Cut(PhoneBox):
    """The provider takes it, and the line is cut before it answers."""

    def send(self, out: Outgoing) -> Receipt:
        super().send(out)
        return Receipt(Fate.UNKNOWN, fault="timed out")


def last_code(phone: str) -> str:
    """The six digits that `phone` received last."""
    text = next(text for number, text in reversed(SENT) if number == phone)
    return re.search(r"\d{6}", text)[0]


def other_than(code: str) -> str:
    """Six digits that are wrong."""
    return f"{(int(code) + 1) % 10**6:06d}"
