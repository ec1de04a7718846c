"""What may not be kept for longer about children in care (domain guide, 13.4), kind by kind; each may be repeated at any time.

Bills stay ten years under the number of the file, like the books; images of evidence are looked after by communities/hardship.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import structlog
from django.db.models import F, QuerySet

from childcare.enrolment import lapsing
from childcare.models import (
    Alarm,
    Attendance,
    Barred,
    BarredTry,
    Call,
    CareFile,
    Carer,
    Cleared,
    Contact,
    Enrolment,
    Handover,
    HandoverNote,
    LateMark,
    LeaveNote,
    Pickup,
    PickupCode,
    RollCall,
)
from childcare.watching import emptying
from communities import changes
from communities.models import User
from core import clock
from core.verbs import verb

HEALTH_FOR = timedelta(days=90)
PEOPLE_FOR = timedelta(days=366)
DAYS_FOR = timedelta(days=3 * 366)  # the trigger of the hand-overs keeps what is younger than three years
DRAFTS_FOR = timedelta(days=30)
UNSUCCESSFUL_FOR = timedelta(days=183)
SYSTEM = "system"
Kind, Status = Cleared.Kind, Enrolment.Status
Gone = Counter[int]
CENTRE = "place__group__centre__community"
log = structlog.get_logger(__name__)


class NotCleared(Exception):
    """Names the kinds that are still there; what was wrong with the first is its cause."""


def forget(*, at: datetime | None = None) -> dict[str, int]:
    """Everything whose time is over; how many of each kind. Each kind is a transaction of its own.

    A kind that cannot be cleared stops none of the others; then `NotCleared` says which, so that the task is seen to have failed.
    """
    day = clock.local(at or clock.now()).date()
    done: dict[str, int] = {}
    failed: list[Exception] = []
    for kind in STEPS:
        try:
            done[kind.value] = clear(kind=kind, day=day)
        except Exception as error:  # whatever it is, the children's other data must not wait for it
            log.error("not cleared", kind=kind.value, error=type(error).__name__)
            failed.append(error)
    if failed:
        raise NotCleared(sorted({kind.value for kind in STEPS} - done.keys())) from failed[0]
    return done


@verb()
def clear(*, kind: Cleared.Kind, day: date) -> int:
    """Delete what of `kind` is too old on `day`, and write down how many it were, by community."""
    changes.by(User.objects.get(username=SYSTEM))
    gone = STEPS[kind](day)
    for community, count in sorted(gone.items()):
        made, new = Cleared.objects.get_or_create(community_id=community, kind=kind, on=day, defaults={"count": count})
        if not new:
            Cleared.objects.filter(pk=made.pk).update(count=F("count") + count)
    if gone:
        log.info("cleared", kind=kind.value, count=gone.total())
    return gone.total()


def _left(before: date) -> QuerySet[CareFile]:
    return CareFile.objects.filter(left_on__lt=before)


def _health(day: date) -> Gone:
    """Of the file, and what the morning looks said."""
    children = _left(day - HEALTH_FOR)
    files = _by(children.exclude(health=None), "child__community")
    looks = Attendance.objects.filter(place__child__in=children.values("child")).exclude(state_sealed=None)
    found = files + _by(looks, CENTRE)
    children.exclude(health=None).update(health=None)
    looks.update(state_sealed=None)
    return found


def _people(day: date) -> Gone:
    """Who might collect or be called: of children that left a year ago. What a hand-over names stays, without the person."""
    children = _left(day - PEOPLE_FOR).values("child")
    found: Gone = Counter()
    for model in (Pickup, PickupCode, Contact, Carer):
        rows = emptying.whole(model.objects.filter(child__in=children))
        found += _by(rows, "child__community")
        emptying.empty_people(model, rows)
    return found


def _barred(day: date) -> Gone:
    """Bars that were lifted, or of children that left, a year ago; with them who tried."""
    left = _left(day - PEOPLE_FOR).values("child")
    lifted = Barred.objects.filter(ended_at__lt=_begins(day - PEOPLE_FOR))
    rows = Barred.objects.filter(pk__in=lifted.values("pk").union(Barred.objects.filter(child__in=left).values("pk")))
    found = _by(rows, "child__community")
    BarredTry.objects.filter(barred__in=list(rows.values_list("pk", flat=True))).delete()
    rows.delete()
    return found


def _days(day: date) -> Gone:
    """Who came, who left with whom, roll calls, calls: three years."""
    before = day - DAYS_FOR
    found = _by(Attendance.objects.filter(day__lt=before), CENTRE) + _by(
        Handover.objects.filter(day__lt=before), CENTRE
    )
    Call.objects.filter(alarm__day__lt=before).delete()
    HandoverNote.objects.filter(handover__day__lt=before).delete()
    for model in (Alarm, LateMark, LeaveNote, RollCall, Handover, Attendance):
        model.objects.filter(day__lt=before).delete()
    return found


def _drafts(day: date) -> Gone:
    """Begun and not saved for thirty days."""
    rows = Enrolment.objects.filter(status=Status.DRAFT, saved_at__lt=_begins(day - DRAFTS_FOR))
    return _delete(rows, "centre__community")


def _submitted(day: date) -> Gone:
    """Handed in and never decided: given back, and the family is told."""
    system = User.objects.get(username=SYSTEM)
    found = [one for one in lapsing.over(day) if lapsing.lapse(enrolment=one, by=system)]
    return Counter(one.centre.community_id for one in found)


def _enrolments(day: date) -> Gone:
    """Declined, withdrawn or given back half a year ago; nothing but the decision is left of them by then."""
    before = _begins(day - UNSUCCESSFUL_FOR)
    rows = Enrolment.objects.filter(
        status__in=[Status.DECLINED, Status.WITHDRAWN, Status.LAPSED], saved_at__lt=before, place=None
    )
    return _delete(rows.exclude(decided_at__gte=before), "centre__community")


def _delete(rows: QuerySet[Any], community: str) -> Gone:
    found = _by(rows, community)
    rows.delete()
    return found


def _begins(day: date) -> datetime:
    return clock.at(day, time())


def _by(rows: QuerySet[Any], community: str) -> Gone:
    return Counter(rows.order_by().values_list(community, flat=True))


STEPS: dict[Cleared.Kind, Callable[[date], Gone]] = {
    Kind.HEALTH: _health, Kind.PICKUPS: _people, Kind.BARRED: _barred, Kind.DAYS: _days, Kind.DRAFTS: _drafts,
    Kind.SUBMITTED: _submitted, Kind.ENROLMENTS: _enrolments,
}  # fmt: skip
