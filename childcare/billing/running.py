"""每月出单: all bills of a centre for a month, one transaction for each child; run again, it goes on and changes nothing that stands."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

import structlog

from childcare.billing import drawing, lines
from childcare.billing.drawing import BillChanged, BillFrozen
from childcare.models import Bill, Centre
from communities import duties
from communities.models import Resident, User
from core import clock
from core.refusals import Refused

TRIES = 3
Progress = Callable[[int, int], None]
log = structlog.get_logger(__name__)


@dataclass
class Run:
    """How many bills were made (`drawn`), made anew, left as they stood (`same`), already confirmed, or not needed (`none`);
    `refused` are (number of the child, what the refusal says)."""

    counted: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[int, str]] = field(default_factory=list)
    of: int = 0  # children in all
    following: int = 0  # after which child it goes on; 0 when everybody was looked at

    @property
    def children(self) -> int:
        return sum(self.counted.values()) + len(self.refused)


def run(
    *, centre: Centre, month: date, by: User, at: datetime | None = None, progress: Progress | None = None, after: int = 0,
    most: int | None = None,
) -> Run:  # fmt: skip
    """By staff of the centre's community. Refuses a stranger and `TooFarAhead`; what one child's bill refuses stops no other."""
    duties.require(by, centre.community)
    return write_all(centre=centre, month=month, by=by, at=at, progress=progress, after=after, most=most)


def write_all(
    *, centre: Centre, month: date, by: User, at: datetime | None = None, progress: Progress | None = None, after: int = 0,
    most: int | None = None,
) -> Run:  # fmt: skip
    """`run` without asking who asks: for the command and beat. `progress` hears (done, of how many).

    A page takes `most` children at a time, those `after` the one that it was told to go on from.
    """
    at, month = at or clock.now(), month.replace(day=1)
    if refused := drawing.refusal_of_month(centre, month, at):
        raise refused
    children = children_of(centre, month)
    waiting = [child for child in children if child.pk > after]
    now = waiting[:most]
    done = Run(of=len(children), following=now[-1].pk if len(now) < len(waiting) else 0)
    for number, child in enumerate(now, 1):
        _one(done, centre, child, month, by, at)
        if progress:
            progress(number, len(now))
    log.info("care-bills", centre=centre.pk, month=month.isoformat(), refused=len(done.refused), **done.counted)
    return done


def write_missing(*, centre: Centre, month: date, by: User, at: datetime) -> Run:
    """Bills of `month` for children without one, where the month was drawn already or their place began in it. For beat."""
    billed = Bill.objects.filter(centre=centre, month=month)
    places = lines.places_of(centre, month).order_by().exclude(child__in=billed.values("child"))
    late = places if billed.exists() else places.filter(starts_on__gte=month)
    done = Run()
    for child in Resident.objects.filter(pk__in=late.values("child")).order_by("pk"):
        _one(done, centre, child, month, by, at)
    if done.counted or done.refused:
        log.info(
            "care-bills-late", centre=centre.pk, month=month.isoformat(), refused=len(done.refused), **done.counted
        )
    return done


def children_of(centre: Centre, month: date) -> list[Resident]:
    """Who has a place in `month`, a bill of it already, or something to be corrected."""
    places = lines.places_of(centre, month).order_by().values_list("child", flat=True)
    bills = Bill.objects.filter(centre=centre, month=month).values_list("child", flat=True)
    owed = lines.outstanding(centre, month).order_by().values_list("bill__child", flat=True)
    numbers = {*places, *bills, *owed}
    return list(Resident.objects.filter(pk__in=numbers).order_by("pk"))


def _one(done: Run, centre: Centre, child: Resident, month: date, by: User, at: datetime) -> None:
    before = Bill.objects.filter(centre=centre, child=child, month=month).values_list("drawn_at", flat=True).first()
    try:
        made = _written(centre, child, month, by, at)
    except BillFrozen:
        done.counted["frozen"] += 1
    except Refused as refused:
        done.refused.append((child.pk, refused.message))
    else:
        new = "drawn" if before is None else "same" if made and made.drawn_at == before else "redrawn"
        done.counted["none" if made is None else new] += 1


def _written(centre: Centre, child: Resident, month: date, by: User, at: datetime) -> Bill | None:
    for left in reversed(range(TRIES)):
        try:
            return drawing.write(centre=centre, child=child, month=month, by=by, at=at)
        except BillChanged:  # the family used points at this moment: look again
            if not left:
                raise
    return None


def redraw_later(*, child: Resident, by: User, at: datetime | None = None) -> int:
    """Draw anew every bill of `child` that is not confirmed: evidence began or ended, a place did. How many were looked at."""
    at, open_ones = at or clock.now(), Bill.objects.open().filter(child=child)
    for bill in open_ones.select_related("centre__community").order_by("month", "pk"):
        _written(bill.centre, child, bill.month, by, at)
    return len(open_ones)
