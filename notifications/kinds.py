"""消息类别: the kind of a message is its occasion without the numbers ("session:reminder"). Whose matter it is and how fast it must
be is declared by the app that writes it, in its AppConfig.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from notifications.models import Message

NUMBERED = re.compile(r":[^:]*[0-9][^:]*")  # in step with Message.kind
Urgency = Message.Urgency


@dataclass(frozen=True)
class Subject:
    """A matter as residents and staff know it. `optional`: a resident may switch off that it rings."""

    key: str
    label: str
    optional: bool = True


OFFICE = Subject("office", "申诉和办事", optional=False)
_subjects: dict[str, Subject] = {}
_urgency: dict[str, Urgency] = {}


def declare(subject: Subject, owners: Iterable[str], *, urgent: Iterable[str] = (), alarms: Iterable[str] = ()) -> None:
    """Occasions that begin with one of `owners` are of `subject`; kinds that are `urgent` ring at noon, `alarms` at any hour."""
    _subjects.update(dict.fromkeys(owners, subject))
    _urgency.update(dict.fromkeys(urgent, Urgency.URGENT) | dict.fromkeys(alarms, Urgency.ALARM))


def kind_of(occasion: str) -> str:
    """As the column `Message.kind`."""
    return NUMBERED.sub("", occasion)


def subject_of(kind: str) -> Subject:
    """Of a kind that nobody declared: what cannot be switched off."""
    return _found(kind) or OFFICE


def declared(kind: str) -> bool:
    return _found(kind) is not None


def _found(kind: str) -> Subject | None:
    """By its owner ("care-bill"), or the family of owners ("care")."""
    owner = kind.split(":")[0]
    return _subjects.get(owner) or _subjects.get(owner.split("-")[0])


def urgency_of(kind: str) -> Urgency:
    return _urgency.get(kind, Urgency.ROUTINE)


def subjects() -> list[Subject]:
    """All of them, as they were declared."""
    return list(dict.fromkeys(_subjects.values()))
