"""Telephones that receive text messages: an SMS driver for tests, and one whose provider is away."""

import re

SENT: list[tuple[str, str]] = []


class PhoneBox:
    """Keeps what was sent (SMS_DRIVER)."""

    def send(self, *, phone: str, text: str) -> None:
        SENT.append((phone, text))


class Away:
    """The provider cannot be reached."""

    def send(self, *, phone: str, text: str) -> None:
        raise ConnectionError("no route to host")


def last_code(phone: str) -> str:
    """The six digits that `phone` received last."""
    text = next(text for number, text in reversed(SENT) if number == phone)
    return re.search(r"\d{6}", text)[0]


def other_than(code: str) -> str:
    """Six digits that are wrong."""
    return f"{(int(code) + 1) % 10**6:06d}"
