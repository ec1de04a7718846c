"""班: drafted, opened into its room for every one of its days, and ended. Childcare never shares a room with another use."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Q

from childcare.models import Centre, Group
from childcare.places import rooms
from childcare.places.capacity import capacity_of
from childcare.places.centres import HEADS, REFUSALS as CENTRES
from communities import changes, duties
from communities.models import Duty, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from partners import standing
from venues import claiming
from venues.models import Booking, Room

PREPARING = (*HEADS, Duty.Role.WORKER)
FARTHEST = 400  # days from the first to the last
Status = Group.Status


class SameGroup(Refused):
    code = "care_group_name"
    message = "这个中心已有同名、同一天开始的班，没有保存。请换一个班名。"


class NotDraft(Refused):
    code = "care_group_not_draft"
    message = "这个班已经开放或结束，不能再改，什么都没有改动。要改时间请结束后另开一班。"


class NotOpen(Refused):
    code = "care_group_not_open"
    message = "这个班现在没有开放，没有办成，什么都没有改动。请看看中心的其他班。"


class Full(Refused):
    code = "care_group_full"
    message = "这个班没有空余名额，没有办成，什么都没有改动。可以登记候补。"


class BadGroup(BadInput):
    code = "care_bad_group"

    def __init__(self, why: str = "请检查填写的内容。") -> None:
        super().__init__(f"{why}没有保存。")


REFUSALS: Refusals = {
    **CENTRES,
    **claiming.REFUSALS,
    "group_name": lambda _: SameGroup(),
    "group_places": lambda _: Full(),
    "group_in_order": lambda _: BadGroup("结束要晚于开始。"),
    "CC020": lambda _: NotOpen(),
}


@dataclass(frozen=True)
class Facts:
    """A group as it is planned: `weekdays` with 0 for Monday; `fees` in fen a month by days a week, of 临时 {1: fen a day}."""

    name: str
    kind: Group.Kind
    room: Room
    weekdays: Collection[int]
    starts: time
    ends: time
    first_on: date
    last_on: date
    seats: int
    fees: dict[int, int] = field(default_factory=dict)
    grades: str = ""


def days_between(group: Group, first: date, last: date) -> list[date]:
    """The days from `first` to `last` on which the group really runs, in order: those on which it has its room.

    A group without a room's bookings (series None, a draft) goes by its weekdays: which of them are left out is only decided when
    the room is claimed. At most one query.
    """
    first, last = max(first, group.first_on), min(last, group.last_on)
    if first > last:
        return []
    if group.series_id is not None:
        return rooms.days_of(group.series_id, first, last)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [day for day in days if day.weekday() in group.weekdays]


@verb(REFUSALS)
def draft(*, centre: Centre, facts: Facts, by: User) -> Group:
    """Plan a group; nobody sees it and nothing is claimed. Refuses strangers, another community's room, and what makes no sense."""
    changes.by(by)
    duties.require(by, centre.community, *PREPARING)
    _check(centre, facts)
    return Group.objects.create(centre=centre, by=by, **_fields(facts))


@verb(REFUSALS)
def revise(*, group: Group, facts: Facts, by: User) -> Group:
    """Change what is planned. Refuses as `draft`, and what is open already."""
    changes.by(by)
    mine = _locked(group, by, *PREPARING)
    if mine.status != Status.DRAFT:
        raise NotDraft
    _check(mine.centre, facts)
    fields = _fields(facts)
    for name, value in fields.items():
        setattr(mine, name, value)
    mine.save(update_fields=list(fields))
    return mine


@verb(REFUSALS)
def discard(*, group: Group, by: User) -> None:
    """Throw a draft away: nothing hangs on it."""
    mine = _locked(group, by, *PREPARING)
    if mine.status != Status.DRAFT:
        raise NotDraft
    mine.delete()


def refusal_to_open(group: Group, by: User, at: datetime) -> Refused | None:
    """Why `by` cannot open the group, but for what is in its room; None when nothing stands against it. Page, REST and verb ask."""
    centre, today = group.centre, clock.local(at).date()
    if not duties.holds(by, centre.community, *HEADS):
        return duties.NotYourDuty()
    if group.status != Status.DRAFT:
        return NotDraft()
    if group.last_on < today:
        return BadGroup("班的结束日期已经过去。")
    if centre.closed_on is not None and centre.closed_on < group.last_on:
        return BadGroup("中心在班结束以前停办。")
    refused = standing.refusal_for(centre.operator, centre.community, today) or rooms.refusal_for(group.room)
    return refused or (None if capacity_of(group) > 0 else BadGroup("按面积、座位和核定人数算，这个班一个名额都没有。"))


@verb(REFUSALS)
def open(*, group: Group, by: User, days: Collection[date] | None = None, at: datetime | None = None) -> Group:
    """From now on families may ask. Claims the room on `days` (None: every weekday of the plan that is no holiday), all or none,
    and fixes the capacity. Refuses `refusal_to_open`, and the first day on which somebody else has the room (`RoomTaken`)."""
    at = at or clock.now()
    changes.by(by)
    claiming.hold([group.room])
    mine = _locked(group, by, *HEADS)
    Centre.objects.select_for_update(no_key=True).get(pk=mine.centre_id)
    if refused := refusal_to_open(mine, by, at):
        raise refused
    mine.series = rooms.claim(mine, days, by=by, at=at)
    mine.capacity, mine.status = capacity_of(mine), Status.OPEN
    mine.opened_at, mine.opened_by = at, by
    mine.save(update_fields=["series", "capacity", "status", "opened_at", "opened_by"])
    return mine


def _locked(group: Group, by: User, *roles: Duty.Role) -> Group:
    rows = Group.objects.select_for_update(no_key=True, of=("self",))
    mine = rows.select_related("centre__community", "centre__operator", "room__community").get(pk=group.pk)
    duties.require(by, mine.centre.community, *roles)
    return mine


def _fields(facts: Facts) -> dict[str, object]:
    fees = {str(days): fen for days, fen in sorted(facts.fees.items())}
    return {
        "name": facts.name.strip(), "kind": facts.kind, "room": facts.room, "weekdays": sorted(set(facts.weekdays)),
        "starts": facts.starts, "ends": facts.ends, "first_on": facts.first_on, "last_on": facts.last_on,
        "seats": facts.seats, "fees": fees, "grades": facts.grades.strip(),
    }  # fmt: skip


def _check(centre: Centre, facts: Facts) -> None:
    most = 1 if facts.kind == Group.Kind.DROP_IN else len(set(facts.weekdays))
    short = 0 < len(facts.name.strip()) <= 40 and len(facts.grades) <= 40
    wrong = [
        (not short or "\0" in facts.name + facts.grades, "请填写班名，不超过40字。"),
        (facts.room.community_id != centre.community_id, "活动室不在本社区。"),
        (not set(facts.weekdays) or not set(facts.weekdays) <= set(range(7)), "请至少选一个星期几。"),
        (facts.ends <= facts.starts, "结束时间要晚于开始时间。"),
        (facts.last_on < facts.first_on, "结束日期不能早于开始日期。"),
        ((facts.last_on - facts.first_on).days > FARTHEST, "一个班最长400天，请缩短。"),
        (not 1 <= facts.seats <= 200, "座位数须在1到200之间。"),
        (not facts.fees, "请至少填一种收费，不收费填0。"),
        (any(not 1 <= days <= most for days in facts.fees), "收费的每周天数超过了班的天数。"),
        (any(not 0 <= fen <= 10_000_00 for fen in facts.fees.values()), "收费须在0到10000元之间。"),
    ]
    if why := next((text for stands, text in wrong if stands), ""):
        raise BadGroup(why)


def overlapping(group: Group, plan: Iterable[int]) -> Q:
    """Places whose group and plan meet `plan` of `group` on the clock (of `Place`)."""
    same_days = Q(plan__overlap=list(plan), group__first_on__lte=group.last_on, group__last_on__gte=group.first_on)
    return same_days & Q(group__starts__lt=group.ends, group__ends__gt=group.starts)


def bookings_of(group: Group) -> list[Booking]:
    """Every day on which the group has its room, in order."""
    held = Booking.objects.holding().filter(series=group.series_id) if group.series_id else Booking.objects.none()
    return list(held.order_by("starts_at"))
