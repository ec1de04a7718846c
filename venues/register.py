"""阵地台账: rooms are registered, changed, closed and opened again by the staff of their community (domain guide, 12)."""

from collections.abc import Sequence
from datetime import datetime, time
from itertools import pairwise
from typing import NamedTuple

from communities import duties
from communities.models import Resident, User
from core import clock, words
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from notifications.outbox import Words, tell
from venues import claiming
from venues.models import Booking, EarlierHours, OpeningHours, Room

FIELDS = (
    "name", "place", "floor", "area", "capacity", "facilities", "accessible", "access_note", "holder", "keeper",
    "safety_person", "safety_phone", "standing", "shared",
)  # fmt: skip


class BadRoom(BadInput):
    code = "bad_room"
    message = "活动室的资料填写有误，这次没有保存。请检查名称、位置、面积和容纳人数。"


class BadHours(BadInput):
    code = "bad_opening_hours"
    message = "开放时间填写有误，这次没有保存。请检查：关门要晚于开门，同一天的两段不能重叠。"


class RoomExists(Refused):
    code = "room_exists"
    message = "这个社区已有同名的活动室，没有重复登记。请换一个名称，如加上楼层。"


class RoomHeld(Refused):
    code = "room_held"

    def __init__(self, first: Booking, many: int) -> None:
        when = f"{words.dated(first.starts_at)}“{first.title}”"
        super().__init__(
            f"这个活动室还有{many}次安排没有结束，最近的是{when}，没有停用，什么都没有改动。请先调整或取消这些安排。"
        )


class RoomNotClosed(Refused):
    code = "room_not_closed"
    message = "这个活动室没有停用，什么都没有改动。"


class RoomIsClosed(Refused):
    code = "room_is_closed"
    message = "这个活动室已经停用，什么都没有改动。请先重新启用。"


class CannotKeep(Refused):
    code = "cannot_keep_keys"
    message = "保管钥匙的须是本街道已确认的居民，并能用手机号登录，没有改动。请另选一位。"


REFUSALS: Refusals = {"room_name": lambda _: RoomExists()}


class Opening(NamedTuple):
    """开放时间 of one weekday (0 is Monday)."""

    weekday: int
    opens: time
    closes: time


@verb(REFUSALS)
def add(*, room: Room, hours: Sequence[Opening], by: User) -> Room:
    """Save `room` (new, filled in) with its opening hours; none: those of the sub-district. Refuses `BadRoom`, `BadHours`, `RoomExists`."""
    duties.require(by, room.community)
    if refused := refusal_for(room, hours):
        raise refused
    room.save(force_insert=True)
    _open(room, hours)
    return room


@verb(REFUSALS)
def change(*, room: Room, hours: Sequence[Opening], by: User) -> Room:
    """Write what `room` now says, and its opening hours. What is booked stays booked. Refuses as `add` does, and `RoomIsClosed`."""
    mine = locked(room)
    duties.require(by, mine.community)
    if mine.standing == Room.Standing.CLOSED:
        raise RoomIsClosed
    if refused := refusal_for(room, hours):
        raise refused
    for name in FIELDS:
        setattr(mine, name, getattr(room, name))
    mine.save(update_fields=FIELDS)
    before = [Opening(one.weekday, one.opens, one.closes) for one in mine.hours.all()]
    if sorted(before) != sorted(hours):
        _remember(mine, sorted(before))
        mine.hours.all().delete()
        _open(mine, hours)
    return mine


def refusal_for(room: Room, hours: Sequence[Opening]) -> Refused | None:
    """Why `room` cannot be kept as filled in; None when nothing stands against it. A room is closed by `close` alone."""
    named = all(0 < len(text) <= most for text, most in ((room.name, 40), (room.place, 80)))
    if (
        not named
        or not 1 <= room.capacity <= 2000
        or (room.area is not None and room.area <= 0)
        or room.standing == Room.Standing.CLOSED
    ):
        return BadRoom()
    inverted = any(one.closes <= one.opens or not 0 <= one.weekday <= 6 for one in hours)
    ordered = sorted(hours)
    overlapping = any(a.weekday == b.weekday and b.opens < a.closes for a, b in pairwise(ordered))
    return BadHours() if inverted or overlapping else None


def _open(room: Room, hours: Sequence[Opening]) -> None:
    OpeningHours.objects.bulk_create(OpeningHours(room=room, **one._asdict()) for one in hours)


def _remember(room: Room, before: Sequence[Opening]) -> None:
    """Of several changes in a day what stood in the morning is kept: that is what the room was open by until yesterday."""
    spans = [[one.weekday, f"{one.opens:%H:%M}", f"{one.closes:%H:%M}"] for one in before]
    EarlierHours.objects.get_or_create(room=room, until=clock.today(), defaults={"spans": spans})


def coming(room: Room, at: datetime) -> list[Booking]:
    """What still holds `room`, the next first."""
    return list(Booking.objects.holding().filter(room=room, ends_at__gt=at).order_by("starts_at"))


@verb()
def close(*, room: Room, by: User, at: datetime | None = None) -> Room:
    """停用: nobody can book the room any more. Refuses `RoomHeld` while anything holds it, and `RoomIsClosed`."""
    claiming.hold([room])  # whoever claims it at this moment comes first, or finds it closed
    mine = locked(room)
    duties.require(by, mine.community)
    if mine.standing == Room.Standing.CLOSED:
        raise RoomIsClosed
    if held := coming(mine, at or clock.now()):
        raise RoomHeld(held[0], len(held))
    mine.standing, mine.shared = Room.Standing.CLOSED, False
    mine.save(update_fields=["standing", "shared"])
    return mine


@verb()
def reopen(*, room: Room, by: User) -> Room:
    """重新启用: 闲置 to begin with, and not shared until somebody says so. Refuses `RoomNotClosed`."""
    mine = locked(room)
    duties.require(by, mine.community)
    if mine.standing != Room.Standing.CLOSED:
        raise RoomNotClosed
    mine.standing = Room.Standing.IDLE
    mine.save(update_fields=["standing"])
    return mine


@verb()
def entrust(*, room: Room, resident: Resident | None, by: User) -> Room:
    """钥匙保管居民: `resident` looks at the room before and after use on the own phone; None: nobody does. They are told.

    Refuses `CannotKeep` for somebody of another sub-district, not confirmed, or without a phone to sign in with.
    """
    mine = locked(room)
    duties.require(by, mine.community)
    files = Resident.objects.select_for_update(no_key=True, of=("self",)).select_related("community")
    chosen = files.get(pk=resident.pk) if resident else None  # whoever closes the file meanwhile waits, or was first
    if chosen and not (chosen.confirmed and chosen.account_id and _near(chosen, mine)):
        raise CannotKeep
    before, mine.keyholder = mine.keyholder_id, chosen
    mine.save(update_fields=["keyholder"])
    if chosen and chosen.pk != before:
        body = f"社区请您保管{mine}的钥匙。每次使用前后请看一看水、电、门窗，在手机上填写交接记录。"
        tell(
            resident=chosen,
            occasion=f"room:{mine.pk}:keys:{clock.now():%Y%m%d%H%M%S}",
            words=Words("请您保管活动室钥匙", body, "/rooms/keys/"),
        )
    return mine


def _near(resident: Resident, room: Room) -> bool:
    return resident.community.sub_district_id == room.community.sub_district_id


def locked(room: Room) -> Room:
    """The room under lock, with where it belongs."""
    rows = Room.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("community__sub_district", "keyholder").get(pk=room.pk)
