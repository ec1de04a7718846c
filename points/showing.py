"""公示 of adjustments that give: after two people have seen one, everybody may object for some working days; then it is booked.

What takes points back is told to the person alone, who may appeal: there is no public list of anybody's mistakes (ADR 0016;
domain guide, 4.3 and 4.4).
"""

from collections.abc import Iterable
from datetime import datetime

import structlog
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from communities import duties, notices, todo
from communities.kin import refusal_between
from communities.models import Community, Notice, NoticeItem, User
from core import clock, words
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from notifications.outbox import tell
from points.adjusting import AlreadyDecided, OwnAdjustment, book, locked
from points.decided import outcome_for, words_of_stop
from points.ledger import REFUSALS as BOOKS
from points.models import Adjustment
from points.proposals import for_staff

PREFIX = "adjustment"
UPHELD = "公示期间异议成立"
NAMED = Concat(Value(f"{PREFIX}:"), Cast("pk", CharField()))
Status = Adjustment.Status
REFUSALS: Refusals = {**BOOKS, **notices.REFUSALS}
log = structlog.get_logger(__name__)


class NothingPicked(BadInput):
    code = "no_adjustments_picked"
    message = "请先勾选待公示的积分调整，没有拟公示。"


class OtherCommunity(BadInput):
    code = "adjustments_of_two_places"
    message = "一份公示只列一个社区的居民，没有拟公示。请按社区筛选后重新勾选。"


def to_show(user: User) -> QuerySet[Adjustment]:
    """Those on no notice that stands."""
    listed = NoticeItem.objects.filter(about=OuterRef("named"), live=True)
    return for_staff(user).filter(status=Status.NOTICE).annotate(named=NAMED).exclude(Exists(listed))


def over(user: User) -> QuerySet[Adjustment]:
    """Whose notice has ended, and the books refused them then."""
    ended = NoticeItem.objects.filter(about=OuterRef("named"), live=True, notice__status=Notice.Status.ENDED)
    return for_staff(user).filter(status=Status.NOTICE).annotate(named=NAMED).filter(Exists(ended))


def standing(adjustment: Adjustment) -> notices.Standing:
    return notices.standing(f"{PREFIX}:{adjustment.pk}")


@verb(REFUSALS)
def prepare(*, adjustments: Iterable[Adjustment], title: str, by: User) -> Notice:
    """A draft with one line each: how many points, never why. Somebody else publishes it.

    Refuses `NothingPicked`, `OtherCommunity`, `AlreadyDecided`, and what communities/notices.py refuses.
    """
    fresh = Adjustment.objects.filter(pk__in=[one.pk for one in adjustments])
    rows = list(fresh.select_related("resident__community").order_by("pk"))
    if not rows:
        raise NothingPicked
    places = {row.resident.community_id for row in rows}
    if len(places) > 1:
        raise OtherCommunity
    if any(row.status != Status.NOTICE for row in rows):
        raise AlreadyDecided
    lines = [
        notices.Line(f"人工调整，增加{words.points(row.amount)}积分", row.resident, about=f"{PREFIX}:{row.pk}")
        for row in rows
    ]
    community = Community.objects.get(pk=places.pop())
    return notices.prepare(community=community, title=title, lines=lines, by=by)


def refusal_to_settle(adjustment: Adjustment, by: User) -> Refused | None:
    """Why `by` cannot book what the end of the notice could not; None when nothing stands against it."""
    if adjustment.status != Status.NOTICE:
        return AlreadyDecided()
    if not duties.holds(by, adjustment.resident.community):
        return duties.NotYourDuty()
    refused = refusal_between(by=by, beneficiaries=[adjustment.resident], family=OwnAdjustment())
    return refused or notices.refusal_for(standing(adjustment))


@verb(REFUSALS)
def settle(*, adjustment: Adjustment, by: User | None = None, at: datetime | None = None) -> Adjustment:
    """Book what was shown and nobody's objection stopped, in the name of who decided it; `by` is who asks, None the sweep.

    Refuses `AlreadyDecided`, what `refusal_to_settle` says, and what the notice says.
    """
    at = at or clock.now()
    seen = Adjustment.objects.select_related("resident__community", "decided_by").get(pk=adjustment.pk)
    if seen.status != Status.NOTICE or seen.decided_by is None:
        raise AlreadyDecided
    if by and (refused := refusal_to_settle(seen, by)):
        raise refused
    notices.require_clear(f"{PREFIX}:{seen.pk}", at=at)
    entry = book(seen, seen.decided_by, at)
    mine = locked(seen)
    if mine.status != Status.NOTICE:
        raise AlreadyDecided
    mine.status, mine.entry_id = Status.APPROVED, entry
    mine.save(update_fields=["status", "entry"])
    tell(resident=seen.resident, occasion=f"{PREFIX}:{mine.pk}:approved", words=outcome_for(mine).words)
    return mine


@verb()
def stop(*, adjustment: Adjustment, reason: str, at: datetime | None = None) -> None:
    """An objection was upheld: nothing is booked, and the resident is told. Does nothing to what is settled."""
    at = at or clock.now()
    mine = locked(adjustment)
    if mine.status != Status.NOTICE:
        return
    mine.status, mine.stopped_at, mine.decline_reason = Status.STOPPED, at, reason
    mine.save(update_fields=["status", "stopped_at", "decline_reason"])
    tell(resident=mine.resident, occasion=f"{PREFIX}:{mine.pk}:stopped", words=words_of_stop(mine))


def cleared(item: NoticeItem) -> None:
    """Listener of communities/notices.py: the window ended. What the books refuse now waits for a colleague."""
    found = _named(item)
    if found is None or found.status != Status.NOTICE:
        return
    try:
        settle(adjustment=found)
    except Refused as refused:
        log.warning("adjustment not booked", adjustment=found.pk, code=refused.code)


def stopped(item: NoticeItem) -> None:
    """Listener: an objection was upheld. A notice that was merely withdrawn is shown anew."""
    found = _named(item)
    if found and item.stopped_at:
        stop(adjustment=found, reason=UPHELD)


def _named(item: NoticeItem) -> Adjustment | None:
    return Adjustment.objects.filter(pk=item.about.partition(":")[2]).first()


def rows(user: User) -> list[todo.Waiting]:
    """To-do: what nobody has put on a notice yet, and what its end could not book."""
    url = f"{reverse('desk:adjustments')}?status={Status.NOTICE}"
    return [
        todo.Waiting("adjustments", "积分调整待列入公示", url, lambda _: to_show(user)),
        todo.Waiting("adjustments", "积分调整公示期满待入账", url, lambda _: over(user)),
    ]
