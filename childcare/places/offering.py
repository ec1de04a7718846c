"""空出的托位: whoever makes a place free offers it to the next in the published order, in the same transaction.

What the family hears of it keeps the night quiet. The lock of the line comes before one's own rows.
"""

from datetime import date, datetime, timedelta

from childcare.models import CareFile, Group, Place
from childcare.places import fit, telling
from childcare.places.groups import REFUSALS as GROUPS, NotOpen
from communities import changes, waiting
from communities.models import User
from communities.settings import CARE_OFFER_HOURS, value_of
from core import clock
from core.refusals import Refused
from core.verbs import Refusals, verb
from notifications import quiet

LINE = 8001  # the kind of this line among all (communities/waiting.py)
REFUSALS: Refusals = {**GROUPS, "CC021": lambda _: NoOffer()}
Status, EndReason = Place.Status, Place.EndReason


class NoOffer(Refused):
    code = "care_no_offer"
    message = "这个托位已经过了确认期限，或已经办理过，没有改动。还需要可以重新登记。"


class NotWaiting(Refused):
    code = "care_not_waiting"
    message = "孩子没有在这个班候补，或已经办理过，没有改动。请刷新后再看。"


def hold(group_id: int) -> None:
    """Nobody else joins, leaves or moves up in the line of this group until the transaction ends."""
    waiting.hold(LINE, group_id)


def offer_next(group_id: int, *, by: User, at: datetime) -> list[Place]:
    """Offer every free place of the group, the first in line first. Called inside a verb that made a place free; the line is held.

    Who cannot have the place any more (age, consent, another place at the same hours) is taken out of the line and told why.
    """
    hold(group_id)
    rows = Group.objects.select_for_update(no_key=True, of=("self",)).select_related("centre__community__sub_district")
    group = rows.get(pk=group_id)
    if group.status != Group.Status.OPEN or group.last_on < clock.local(at).date():
        return []
    made: list[Place] = []
    free = group.capacity - group.taken
    line = Place.objects.waiting().filter(group=group).select_related("child__community", "payer")
    for one in line if free > 0 else ():
        if len(made) == free:
            break
        one.group = group
        if refused := fit.against_child(group, one.child, one.plan, clock.local(at).date()):
            _pass_over(one, refused, by, at)
            continue
        one.status, one.offered_until = Status.OFFERED, deadline(group, at)
        one.save(update_fields=["status", "offered_until"])
        telling.offered(one, one.offered_until, at)
        made.append(one)
    return made


def deadline(group: Group, at: datetime) -> datetime:
    """Until when an offer made at `at` stands: the hours of the setting from when it is said, and never ending at night."""
    hours = value_of(CARE_OFFER_HOURS, group.centre.community.sub_district_id)
    return quiet.calm(quiet.calm(at) + timedelta(hours=hours))


def refusal_to_accept(place: Place, by: User, at: datetime) -> Refused | None:
    """Why `by` cannot take the place that is offered; None when nothing stands against it. Page, counter, REST and verb ask."""
    if place.status != Status.OFFERED or place.offered_until is None or at >= place.offered_until:
        return NoOffer()
    if refused := fit.refusal_to_act(place.child, by):
        return refused
    day = clock.local(at).date()
    return fit.against_operator(place.group, day) or fit.against_child(place.group, place.child, place.plan, day)


@verb(REFUSALS)
def accept(*, place: Place, by: User, at: datetime | None = None) -> Place:
    """Take the place that is offered. Refuses what `refusal_to_accept` says."""
    at = at or clock.now()
    changes.by(by)
    mine = locked(place)
    if refused := refusal_to_accept(mine, by, at):
        raise refused
    today = clock.local(at).date()
    mine.status, mine.offered_until = Status.HELD, None
    mine.starts_on = max(mine.starts_on or today, mine.group.first_on, today)
    mine.save(update_fields=["status", "offered_until", "starts_on"])
    CareFile.objects.filter(child=mine.child).update(left_on=None)
    telling.recall(mine)
    telling.got(mine, at)
    return mine


@verb(REFUSALS)
def decline(*, place: Place, by: User, at: datetime | None = None) -> Place:
    """Turn the offer down, or wait no longer; the next in line has it. Refuses who neither waits nor is asked, and strangers."""
    at = at or clock.now()
    changes.by(by)
    mine = locked(place)
    if mine.status not in (Status.WAITING, Status.OFFERED):
        raise NotWaiting
    if refused := fit.refusal_to_act(mine.child, by):
        raise refused
    withdraw(mine, EndReason.GUARDIAN, by=by, at=at)
    telling.gave_up(mine, at)
    return mine


@verb(REFUSALS)
def lapse(*, place: Place, by: User, at: datetime) -> bool:
    """The time of the offer is over: the place goes to the next. False when somebody was faster.

    While the operator may not serve the family cannot accept, so its time begins anew and the place stays offered.
    """
    changes.by(by)
    mine = locked(place)
    if mine.status != Status.OFFERED or mine.offered_until is None or at < mine.offered_until:
        return False
    if fit.against_operator(mine.group, clock.local(at).date()):
        mine.offered_until = deadline(mine.group, at)
        mine.save(update_fields=["offered_until"])
        return False
    withdraw(mine, EndReason.EXPIRED, by=by, at=at)
    telling.lapsed(mine, at)
    return True


def withdraw(mine: Place, reason: Place.EndReason, *, by: User, at: datetime) -> None:
    """Who had no day in the group stands for it no more; what comes free goes to the next. The line is held by the caller."""
    was = mine.status
    telling.recall(mine)
    mine.status, mine.offered_until, mine.ended_at, mine.ended_by, mine.end_reason = (
        Status.WITHDRAWN,
        None,
        at,
        by,
        reason,
    )
    mine.ends_on = None
    mine.save(update_fields=["status", "offered_until", "ended_at", "ended_by", "end_reason", "ends_on"])
    left(mine.child_id, clock.local(at).date())
    if was != Status.WAITING:
        offer_next(mine.group_id, by=by, at=at)


def left(child_id: int, day: date) -> None:
    """Who neither has, is offered nor waits for a place has left on `day`: from then on what is kept runs out (watching/forgetting.py).

    The file is held before the look, so that a place asked for at the same moment is seen or sets the file right after it.
    """
    file = CareFile.objects.select_for_update(no_key=True).filter(child=child_id).first()
    if file and not Place.objects.filter(child=child_id, status__in=fit.STANDING).exists():
        file.left_on = day
        file.save(update_fields=["left_on"])


def locked(place: Place) -> Place:
    """The place with its group as they stand, the line held."""
    hold(place.group_id)
    rows = Place.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("group__centre__community__sub_district", "child__community", "payer").get(pk=place.pk)


def _pass_over(one: Place, refused: Refused, by: User, at: datetime) -> None:
    withdraw(one, EndReason.UNFIT, by=by, at=at)
    telling.passed_over(one, refused.message, at)


__all__ = [
    "LINE",
    "NoOffer",
    "NotOpen",
    "NotWaiting",
    "accept",
    "deadline",
    "decline",
    "hold",
    "lapse",
    "left",
    "offer_next",
    "refusal_to_accept",
]
