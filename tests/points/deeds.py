"""What the tests of the books do: serve by a rule, adjust with two people, take back, share a purse."""

import time
from dataclasses import replace
from datetime import date, datetime, time as hours, timedelta
from itertools import count
from typing import Any

from communities.models import Community, Resident, User
from core import clock
from core.sql import call
from points import adjusting, ledger
from points.folding import fold
from points.ledger import Awarded
from points.models import Adjustment, Entry, Lot, Rule, Snapshot
from points.pricing import Price, tariff
from tests.points.shown import booked
from tests.world import World

PATIENCE = 240.0  # the ground of tests/access is one transaction for a whole file, in the same cluster; nothing is measured here
_serial = count(1)


def day(year: int, month: int, number: int, hour: int = 12) -> datetime:
    return clock.at(date(year, month, number), hours(hour))


def served(resident: Resident, code: str, quantity: int, on: date | None = None, **price: Any) -> Awarded:
    """`quantity` minutes or times by the rule `code`; `price` changes what pricing says (cap_day=…, rule_id=…)."""
    return ledger.award(
        key=f"served:{next(_serial)}", resident=resident, price=priced(resident, code, quantity, on, **price),
        by=User.objects.get(username="system"), reason="志愿服务",
    )  # fmt: skip


def priced(resident: Resident, code: str, quantity: int, on: date | None = None, **changes: Any) -> Price:
    found = tariff(code, resident.community.sub_district_id, on=on or clock.today()).price(quantity)
    return replace(found, **changes)


def rule(world: World, code: str, starts_on: date = date(2026, 11, 1), **fields: Any) -> Rule:
    """A version of the sub-district's own, written the day before it began; what is not said is as by default."""
    old = Rule.objects.get(code=code, sub_district=None)
    said = {
        name: fields.get(name, getattr(old, name))
        for name in ("name", "basis", "kind", "points", "day_points", "day_times", "month_times", "notice_from")
    }
    columns = ", ".join(["%s"] * (len(said) + 6))
    (found,) = call(
        f"SELECT points_change_rule({columns})", world.street.pk, code, *said.values(),
        starts_on, "居民会议", world.he.pk, clock.at(starts_on, hours()) - timedelta(minutes=1),
    )  # fmt: skip
    return Rule.objects.get(pk=found)


def charged(world: World, resident: Resident, amount: int, key: str = "", **more: Any) -> int:
    return ledger.charge(
        **{
            "key": key or f"charged:{next(_serial)}", "resident": resident, "amount": amount,
            "provider": world.wenxing, "by": world.system, "reason": "夜校",
        }
        | more
    )  # fmt: skip


def taken_back(world: World, entry: int | None, key: str = "", at: datetime | None = None) -> int:
    assert entry
    return ledger.reverse(key=key or f"back:{entry}", entry=entry, by=world.system, reason="记录有误", at=at)


def adjusted(world: World, resident: Resident, amount: int) -> int:
    """张晓燕 proposed and 陈志强 approved it; what gives was shown to everybody."""
    asked = adjusting.propose(resident=resident, amount=amount, reason=f"更正记录：{next(_serial)}", by=world.zhang)
    entry = booked(world, Adjustment.objects.get(pk=asked.pk)).entry
    assert entry
    return entry.pk


def at_home(resident: Resident, *others: Resident) -> None:
    """All of them live with `resident`, and share the purse."""
    for other in others:
        Resident.objects.filter(pk=other.pk).update(household=resident.household)
        other.refresh_from_db()
    for person in (resident, *others):
        assert ledger_share(person)


def ledger_share(resident: Resident, at: datetime | None = None) -> int:
    by = User.objects.get(username="system")
    return int(call("SELECT points_share(%s, %s, %s)", resident.pk, at or clock.now(), by.pk)[0])


def ledger_unshare(resident: Resident) -> bool:
    by = User.objects.get(username="system")
    return bool(call("SELECT points_unshare(%s, %s, %s)", resident.pk, clock.now(), by.pk)[0])


def moved(resident: Resident, community: Community, at: datetime | None = None) -> int:
    """`resident` lives in `community` from now on; how many points went along."""
    by = User.objects.get(username="system")
    points = call("SELECT points_move(%s, %s, %s, %s, '迁居')", resident.pk, community.pk, at or clock.now(), by.pk)[0]
    resident.refresh_from_db()
    return int(points)


def lots(resident: Resident) -> list[tuple[int, int]]:
    """(earned, remaining) of the resident's lots, the oldest first."""
    return list(Lot.objects.filter(wallet__resident=resident).order_by("pk").values_list("earned", "remaining"))


def first_award(resident: Resident) -> int:
    return Entry.objects.filter(postings__destination__resident=resident).earliest("pk").pk


def folded_through(at: datetime) -> None:
    """Fold until nothing of what is committed now is left over: other sessions of the cluster may hold it back for a while."""
    last = Entry.objects.latest("xid").xid
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        fold(at=at)
        if Snapshot.objects.order_by("-folded_to").values_list("folded_to", flat=True)[0] > last:
            return
        time.sleep(0.05)
    raise AssertionError("somebody's transaction never ended")


def total(community: Community) -> dict[str, int]:
    """The community's sums since the beginning."""
    columns = ("issued", "taken_back", "spent", "returned", "expired", "moved_out", "moved_in", "outstanding")
    row = call(f"SELECT {', '.join(columns)} FROM points_total WHERE community_id = %s", community.pk)
    return dict(zip(columns, row, strict=True))
