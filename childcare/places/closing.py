"""班次结束: the last day of a group, said beforehand. Its places run until then; nobody waits for it any more; the room is free after."""

from datetime import date, datetime

from childcare.models import Group, Place
from childcare.places import rooms, telling
from childcare.places.centres import HEADS
from childcare.places.ending import over
from childcare.places.groups import REFUSALS, BadGroup, NotOpen
from childcare.places.offering import hold, withdraw
from communities import changes, duties
from communities.models import User
from core import clock
from core.refusals import Refused
from core.verbs import verb
from venues import claiming

Status, EndReason = Place.Status, Place.EndReason


def refusal_for(group: Group, last_day: date, by: User, at: datetime) -> Refused | None:
    """Why the group cannot end on `last_day`; None when nothing stands against it."""
    if not duties.holds(by, group.centre.community, *HEADS):
        return duties.NotYourDuty()
    if group.status != Group.Status.OPEN:
        return NotOpen()
    if not max(clock.local(at).date(), group.first_on) <= last_day <= group.last_on:
        return BadGroup("最后一天要在今天以后、原定结束以前。")
    return None


@verb(REFUSALS)
def close(*, group: Group, last_day: date, by: User, at: datetime | None = None) -> Group:
    """The group ends after `last_day`: later days of the room are given back, who waits or is asked is told, and so is every family.

    Refuses `refusal_for`.
    """
    at = at or clock.now()
    changes.by(by)
    claiming.hold([group.room])
    hold(group.pk)
    mine = _locked(group)
    if refused := refusal_for(mine, last_day, by, at):
        raise refused
    rooms.release(mine, last_day, by=by, at=at)
    mine.last_on = last_day
    mine.save(update_fields=["last_on"])
    asked = mine.places.filter(status__in=(Status.WAITING, Status.OFFERED)).order_by("-status", "pk")
    for one in list(asked.filter(status=Status.WAITING).select_related("payer")) + list(
        asked.filter(status=Status.OFFERED).select_related("payer")
    ):
        withdraw(one, EndReason.CENTRE, by=by, at=at)
        one.group = mine
        telling.gave_up(one, at)
    for one in mine.places.held().filter(ends_on=None).select_related("payer"):
        one.group = mine
        telling.ends(one, last_day, at)
    return mine


@verb(REFUSALS)
def finish(*, group: Group, by: User, at: datetime) -> bool:
    """The last day is past: every place of it ends with it. False when it is closed already, or goes on."""
    changes.by(by)
    hold(group.pk)
    mine = _locked(group)
    if mine.status != Group.Status.OPEN or mine.last_on >= clock.local(at).date():
        return False
    mine.status, mine.closed_at = Group.Status.CLOSED, at  # first: no place of it is offered any more
    mine.save(update_fields=["status", "closed_at"])
    for one in mine.places.filter(status__in=(Status.WAITING, Status.OFFERED)).select_related("payer"):
        withdraw(one, EndReason.GRADUATED, by=by, at=at)
    for one in mine.places.held().select_related("child", "payer"):
        if one.starts_on is not None and one.starts_on > mine.last_on:
            withdraw(one, EndReason.GRADUATED, by=by, at=at)
            continue
        one.ends_on = min(one.ends_on or mine.last_on, mine.last_on)
        one.end_reason = one.end_reason or EndReason.GRADUATED
        one.save(update_fields=["ends_on", "end_reason"])
        over(one, by=by, at=at)
    return True


def _locked(group: Group) -> Group:
    rows = Group.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("centre__community__sub_district", "room__community").get(pk=group.pk)
