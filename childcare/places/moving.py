"""转班: from one group of the centre to another with a free place, in one transaction: neither both nor none."""

from datetime import date, datetime, timedelta

from childcare.models import Attendance, Group, Place
from childcare.places import ending, fit, line
from childcare.places.ending import BadLastDay, over
from childcare.places.groups import Full
from childcare.places.offering import hold, locked, withdraw
from communities import changes, duties
from communities.models import Resident, User
from core import clock
from core.refusals import Refused
from core.verbs import Refusals, verb

REFUSALS: Refusals = {**ending.REFUSALS, **line.REFUSALS}
Status = Place.Status


class OtherCentre(Refused):
    code = "care_other_centre"
    message = "只能转到同一个中心的另一个班，没有办理，托位没有变动。"


def refusal_for(place: Place, to: Group, by: User) -> Refused | None:
    """Why the child cannot go over to the group `to`; None when nothing stands against it, but for its days and a free place."""
    if not duties.holds(by, place.group.centre.community, *duties.ENTERING):
        return duties.NotYourDuty()
    if place.status != Status.HELD:
        return ending.AlreadyOver()
    if to.centre_id != place.group.centre_id or to.pk == place.group_id:
        return OtherCentre()
    return fit.refusal_to_act(place.child, by)


@verb(REFUSALS)
def move(
    *, place: Place, to: Group, first_day: date, by: User, plan: list[int] | None = None, at: datetime | None = None
) -> Place:
    """The child has a place in `to` from `first_day` on, today at the earliest; the old one is its own until the day before, and
    only then the next one's. Of a place that had not begun by then no day is left, nor billed.

    Who goes over is not offered before those who wait: refuses `Full` while anybody waits for `to`, and whatever asking refuses.
    """
    at = at or clock.now()
    changes.by(by)
    Resident.objects.held(place.child_id)  # before the lines, as who asks
    for number in sorted((place.group_id, to.pk)):
        hold(number)
    mine = locked(place)
    if refused := refusal_for(mine, to, by):
        raise refused
    if first_day < clock.local(at).date():
        raise BadLastDay("转班不能早于今天。")
    _leave(mine, first_day, by, at)
    made = line.ask(
        group=to, child=mine.child, payer=mine.payer, plan=plan or mine.plan, by=by, lunch=mine.lunch, nap=mine.nap,
        alone=mine.alone, starts_on=max(first_day, to.first_on), at=at,
    )  # fmt: skip
    if made.status != Status.HELD:
        raise Full
    return made


def _leave(mine: Place, first_day: date, by: User, at: datetime) -> None:
    """Refuses `ending.WasThere` when the child was there on `first_day` already."""
    if mine.starts_on is None or mine.starts_on >= first_day:
        if Attendance.objects.filter(place=mine, arrived_at__isnull=False).exists():
            raise ending.WasThere
        return withdraw(mine, Place.EndReason.MOVED, by=by, at=at)
    mine.ends_on = first_day - timedelta(days=1)
    mine.end_reason, mine.ended_by = Place.EndReason.MOVED, by
    mine.save(update_fields=["ends_on", "end_reason", "ended_by"])
    if mine.ends_on < clock.local(at).date():
        over(mine, by=by, at=at)
    return None
