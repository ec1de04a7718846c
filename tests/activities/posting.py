"""Posts of 文兴 and who holds them."""

from datetime import date, datetime, time

from activities import claims, duty_months, posts
from activities.models import DutyMonth, Holding, Post
from activities.terms import add_months, last_of, month_of
from communities.models import Resident, User
from core import clock
from tests.world import World


def post(world: World, title: str = "天和城3号楼楼道长", **fields: object) -> Post:
    return posts.set_up(
        **{"community": world.wenxing, "title": title, "duty": "每周巡查楼道一次", "by": world.zhang, **fields}  # type: ignore[arg-type]
    )


def claimed(mine: Post, resident: Resident, by: User | None = None, at: datetime | None = None) -> Holding:
    account = by or resident.account
    assert account
    return claims.claim(post=mine, resident=resident, by=account, at=at)


def last_month() -> date:
    return add_months(month_of(clock.today()), -1)


def held(world: World, resident: Resident, mine: Post | None = None, *, since: date | None = None) -> Holding:
    """On the post since two months before this one (or `since`), given by the head."""
    starts = since or add_months(last_month(), -1)
    at = clock.at(starts, time(9))
    return claims.give(
        holding=claimed(mine or post(world), resident, world.zhang, at), by=world.chen, starts_on=starts, at=at
    )  # fmt: skip


def said(world: World, resident: Resident, by: User | None = None) -> DutyMonth:
    """Last month, said on its last day."""
    holding, month = held(world, resident), last_month()
    at = clock.at(last_of(month), time(18))
    account = by or resident.account
    assert account
    return duty_months.say(holding=holding, month=month, by=account, note="巡查4次", at=at)
