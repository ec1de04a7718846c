"""消息类别: the kind of a message is its occasion without the numbers ("session:reminder"). Whose matter it is and how fast it must
be is declared by the app that writes it, in its AppConfig.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from notifications.models import Message

NUMBERED = re.compile(r":[^:]*[0-9][^:]*")  # in step with Message.kind
Urgency = Message.Urgency


@dataclass(frozen=True)
class Subject:
    """A matter as residents and staff know it. `optional`: a resident may switch off that it rings. `private`: nobody
    but the reader sees more of it than its title."""

    key: str
    label: str
    optional: bool = True
    private: bool = False


OFFICE = Subject("office", "申诉和办事", optional=False)
RELIEF = Subject("relief", "优待依据", optional=False, private=True)
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


def is_private(kind: str) -> bool:
    """Whether colleagues see the title alone; so it is with what nobody declared."""
    subject = _found(kind)
    return subject is None or subject.private


def about(key: str) -> Q:
    """The messages of a subject, by the same rule."""
    mine = [owner for owner, subject in _subjects.items() if subject.key == key]
    families = [owner for owner in mine if "-" not in owner]
    asked = Q(kind__regex=_begins(mine)) | (Q(kind__regex=_begins(families, "-")) & ~Q(kind__regex=_begins(_subjects)))
    return asked | ~_declared() if key == OFFICE.key else asked


def _declared() -> Q:
    families = [owner for owner in _subjects if "-" not in owner]
    return Q(kind__regex=_begins(_subjects)) | Q(kind__regex=_begins(families, "-"))


def _begins(owners: Iterable[str], end: str = "(:|$)") -> str:
    return f"^({'|'.join(owners) or '!'}){end}"


def urgency_of(kind: str) -> Urgency:
    return _urgency.get(kind, Urgency.ROUTINE)


def subjects() -> list[Subject]:
    """All of them, as they were declared."""
    return list(dict.fromkeys(_subjects.values()))
