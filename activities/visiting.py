"""走访: who was called on, what was found, and what is still to be done about it (mission, 25)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse

from activities.models import Visit
from communities import closing, duties
from communities.models import Resident, User
from communities.todo import Waiting
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb

PAGE = 50
OLDEST = timedelta(days=366)
STATES = {"open": "有事待跟进", "settled": "已办结", "none": "无需跟进"}
MEANT = {
    "open": ~Q(follow_up="") & Q(settled_at=None), "settled": Q(settled_at__isnull=False), "none": Q(follow_up=""),
}  # fmt: skip


class NothingFound(BadInput):
    code = "visit_says_nothing"
    message = "请写明走访情况，没有登记。"


class BadDay(BadInput):
    code = "visit_bad_day"
    message = "走访日期不能晚于今天，也不能早于一年前，没有登记。请检查日期。"


class Elsewhere(BadInput):
    code = "visit_elsewhere"
    message = "所选的居民、网格或小区不属于这个社区，没有登记。请重新选择。"


class NothingToSettle(Refused):
    code = "visit_nothing_to_settle"
    message = "这次走访没有待跟进的事，或者已经办结，没有改动。"


@verb()
def note(*, visit: Visit, by: User, at: datetime | None = None) -> Visit:
    """Keep the unsaved `visit`: only what is needed to follow it up. Refuses other communities' people and places."""
    at = at or clock.now()
    duties.require(by, visit.community)
    if not visit.text.strip():
        raise NothingFound
    if not clock.local(at).date() - OLDEST <= visit.on <= clock.local(at).date():
        raise BadDay
    if any(one is not None and one.community_id != visit.community_id for one in (visit.grid, visit.estate)):
        raise Elsewhere
    if visit.resident:
        _require_open(visit, visit.resident)
    visit.by, visit.at = by, at
    visit.save(force_insert=True)
    return visit


def _require_open(visit: Visit, visited: Resident) -> None:
    """Whoever closes the file at this moment waits, and empties what is written here; or has closed it."""
    resident = Resident.objects.select_for_update(no_key=True).get(pk=visited.pk)
    if resident.community_id != visit.community_id:
        raise Elsewhere
    if resident.status == Resident.Status.CLOSED:
        raise closing.AlreadyClosed("这份档案已经注销，没有登记走访。")


@verb()
def settle(*, visit: Visit, by: User, at: datetime | None = None) -> Visit:
    """What was to be followed up is done. Refuses where nothing is open."""
    locked = Visit.objects.select_for_update(no_key=True, of=("self",)).select_related("community")
    mine = locked.get(pk=visit.pk)
    duties.require(by, mine.community)
    if not mine.follow_up or mine.settled_at:
        raise NothingToSettle
    mine.settled_at, mine.settled_by = at or clock.now(), by
    mine.save(update_fields=["settled_at", "settled_by"])
    return mine


def page_of(user: User, asked: dict[str, Any], before: int | None) -> list[Visit]:
    """The visits that `user` may see and asked for (state, community, mine), the newest first; one more than a page."""
    found = Visit.objects.for_staff(user).filter(MEANT.get(asked.get("state", ""), Q()))
    if place := asked.get("community"):
        found = found.filter(community=place)
    if asked.get("mine"):
        found = found.filter(by=user)
    if before:
        found = found.filter(pk__lt=before)
    people = found.select_related("community", "grid", "estate", "resident", "by", "settled_by")
    return list(people.order_by("-pk")[: PAGE + 1])


def rows(user: User) -> Iterator[Waiting]:
    """To-do of everybody in the community: what a visit brought up and nobody has settled."""
    mine = Visit.objects.for_staff(user).filter(MEANT["open"])
    yield Waiting("visits", "走访中发现的事待跟进", f"{reverse('desk:visits')}?state=open", lambda _: mine)
