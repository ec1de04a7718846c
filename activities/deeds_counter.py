"""小事 at the counter: taken down for somebody who stands there, with a slip that they sign (communities/counter.py)."""

from datetime import datetime
from functools import partial
from typing import TypedDict

from django.urls import reverse

from activities import deeds
from activities.models import Deed
from communities import counter
from communities.counter import Act, Choice, Done
from communities.models import Resident, Slip, User
from communities.photos import Picture
from core import words

CODE, TITLE = "deed", "随手拍、小善举、建议"


class Told(TypedDict):
    """What the person says, and perhaps shows."""

    kind: str
    text: str
    place: str
    photo: Picture | None


def register_acts() -> None:
    counter.register(Act(CODE, TITLE, choices, place=3))


def choices(resident: Resident, at: datetime) -> list[Choice]:
    """One: a page of its own, because there are words to be written."""
    refused = deeds.refusal_for(resident, at)
    address = reverse("desk:deed-file", args=[resident.pk])
    sub = "记下本人说的话，可以附一张照片"
    return [Choice(resident.pk, "代居民提交", sub, refused=refused.message if refused else "", link=address)]


def file(*, resident: Resident, told: Told, by: User, at: datetime | None = None) -> Slip:
    """Send it in for `resident` and write the slip, in one transaction. Another colleague will answer.

    Refuses what `counter.refusal_for` and `deeds.send` refuse.
    """
    act = Act(CODE, TITLE, None, None, partial(_do, told=told))
    return counter.perform(act=act, resident=resident, number=0, by=by, at=at)


def _do(*, resident: Resident, number: int, by: User, at: datetime, told: Told) -> Done:
    made = deeds.send(resident=resident, by=by, at=at, **told)
    kind = Deed.Kind(made.kind).label
    lines = [
        f"已代为提交{kind}（编号{made.pk}）：{made.text[:100]}",
        f"{'附照片一张。' if told['photo'] else ''}社区最晚{words.dated(made.answer_by)}前答复，由另一位工作人员审核。",
    ]
    return Done(f"deed:{made.pk}", lines)
