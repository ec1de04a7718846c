"""小事 at the desk: what waits, what is to be closed, the list with its filter, the export, and the to-do rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import IO

from django.db.models import Q
from django.urls import reverse

from activities import answering
from activities.models import Deed
from activities.models.deeds import DeedQuerySet
from communities import duties
from communities.handover import Holder
from communities.kin import Kin
from communities.models import Community, User
from communities.todo import Waiting
from communities.workbook import Cell, workbook
from core import clock

SECTION = "deeds"
Status = Deed.Status
STATES = {
    "waiting": "待审核",
    "closing": "待办结",
    **{one.value: one.label for one in Status if one != Status.SENT},
    "all": "全部",
}
ORDERS = {"waiting": ("pk",), "closing": ("pk",)}  # else the newest first
COLUMNS = (
    ("编号", 8), ("提交时间", 18), ("社区", 14), ("居民", 10), ("类别", 10), ("内容", 50), ("地点", 20), ("照片", 6), ("状态", 10),
    ("答复期限", 18), ("答复时间", 18), ("答复人", 10), ("答复", 40), ("合并到", 8), ("办结期限", 12), ("办结时间", 18), ("处理结果", 40), ("积分", 8),
)  # fmt: skip


@dataclass(frozen=True)
class Filter:
    """What the list was narrowed to; everything is optional but the state."""

    state: str = "waiting"
    kind: str = ""
    community: Community | None = None
    since: date | None = None
    until: date | None = None
    q: str = ""


def listed(user: User, asked: Filter) -> DeedQuerySet:
    """What `user` may see, narrowed; unordered."""
    found = Deed.objects.for_staff(user)
    if asked.state == "waiting":
        found = found.waiting()
    elif asked.state == "closing":
        found = found.to_close()
    elif asked.state != "all":
        found = found.filter(status=asked.state)
    wanted = {"kind": asked.kind, "community": asked.community, "on__gte": asked.since, "on__lte": asked.until}
    searched = Q(resident__name__contains=asked.q) | Q(text__contains=asked.q) | Q(place__contains=asked.q)
    return found.filter(searched if asked.q else Q(), **{name: value for name, value in wanted.items() if value})


def order_of(asked: Filter) -> tuple[str, ...]:
    return ORDERS.get(asked.state, ("-pk",))


def figures(user: User) -> dict[str, int]:
    """How many wait, and how many are to be closed."""
    mine = Deed.objects.for_staff(user)
    return {"waiting": mine.waiting().count(), "closing": mine.to_close().count()}


def next_for(user: User, beyond: int) -> Deed | None:
    """What `user` looks at next: the first after number `beyond` that they may answer, else the first of all."""
    mine = answering.waiting_for(user).order_by("pk")
    return mine.filter(pk__gt=beyond).first() or mine.exclude(pk=beyond).first()


def export(user: User, asked: Filter, mark: str = "") -> IO[bytes]:
    """The file of exactly what the list shows; no picture, only whether there is one."""
    rows = listed(user, asked).order_by(*order_of(asked)).with_photo()
    rows = rows.select_related("community", "resident", "answered_by", "award", "solved_award")
    return workbook("小事", COLUMNS, (_cells(one) for one in rows.iterator(chunk_size=500)), mark=mark)


def _cells(one: Deed) -> tuple[Cell, ...]:
    photo = "有" if getattr(one, "has_photo", False) else ""
    return (
        one.pk, one.at, one.community.name, one.resident.name, one.get_kind_display(), one.text, one.place, photo,
        one.get_status_display(), one.answer_by, one.answered_at, one.answered_by.name if one.answered_by else "", one.answer,
        one.merged_into_id, one.close_by, one.solved_at, one.outcome, one.points,
    )  # fmt: skip


def rows(user: User) -> Iterator[Waiting]:
    """To-do: what this person may answer, and what they may close, each with the nearest deadline."""
    here = reverse("desk:deeds")
    waiting, closing = partial(answering.waiting_for, user), partial(_closing_for, user)
    yield Waiting(SECTION, "随手拍、小善举和建议待您审核", here, waiting, "answer_by", lambda first, _: first)
    yield Waiting(SECTION, "随手拍待办结", f"{here}?state=closing", closing, "close_by", _evening)


def _evening(first: datetime, _street: int) -> datetime:
    return clock.at(clock.local(first).date(), time(18))


def _closing_for(user: User, kin: Kin) -> DeedQuerySet:
    if not user.own_phone:
        return Deed.objects.none()
    others = Deed.objects.filter(community__in=duties.served_by(user)).to_close().exclude(by__in=kin.accounts)
    return others.exclude(resident__in=kin.residents).exclude(resident__household__in=kin.households)


held = Holder(
    "代居民提交、待审核的小事",
    lambda person, places: Deed.objects.waiting().filter(by=person, community__in=places).count(),
    stays="代交人不变，由代交人以外的同事审核，不用交接。",
)
