"""缺勤: a teacher writes down why a child does not come, and takes it back; also the way to put right an arrival that was none."""

from datetime import date

import structlog

from childcare.days import arriving, runs, who
from childcare.days.arriving import REFUSALS, AlreadyLeft, NoPlaceThatDay, held
from childcare.models import Attendance, Place
from communities import changes
from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb

Absence = Attendance.Absence
log = structlog.get_logger(__name__)


class LeadPutsRight(Refused):
    code = "care_lead_puts_right"
    message = "这个孩子已经登记到班。超过10分钟的到班登记由中心负责人改，没有改动。"
    status = 403


class NotAbsent(Refused):
    code = "care_not_absent"
    message = "这个孩子这一天没有登记缺勤，没有改动。"


class NotYet(Refused):
    code = "care_absence_ahead"
    message = "还没有到这一天，不能登记缺勤。以后几天的请登记请假。"


@verb(REFUSALS)
def mark(*, place: Place, day: date, absence: str, by: User, on_paper: bool = False) -> Attendance:
    """无故未到 ends no alarm: the calls go on until somebody knows where the child is. Refuses `refusal_to_mark`."""
    changes.by(by)
    if absence not in Absence.values:
        raise BadInput
    mine = held(place.pk)
    if refused := refusal_to_mark(mine, day, by):
        raise refused
    written = Attendance.objects.filter(place=mine, day=day).first() or Attendance(place=mine, day=day)
    written.arrived_at, written.brought_by, written.state_sealed = None, "", None
    written.absence, written.absent_at = absence, clock.now()
    written.by, written.at, written.on_paper = by, clock.now(), on_paper
    written.save()
    log.info("care_absent", attendance=written.pk)
    return written


@verb(REFUSALS)
def withdraw(*, place: Place, day: date, by: User) -> None:
    """It was a wrong tap: the line goes, the change log keeps it, and an alarm that it had ended goes on."""
    changes.by(by)
    mine = held(place.pk)
    if refused := who.refusal_for(mine, day, by):
        raise refused
    written = Attendance.objects.filter(place=mine, day=day).exclude(absence="").first()
    if written is None:
        raise NotAbsent
    written.delete()
    log.info("care_absence_undone", attendance=written.pk)


def refusal_to_mark(place: Place, day: date, by: User) -> Refused | None:
    """Why it cannot be written; an old arrival is put right by the lead alone, one that was handed over by nobody."""
    if refused := who.refusal_for(place, day, by):
        return refused
    written = Attendance.objects.filter(place=place, day=day, arrived_at__isnull=False).first()
    post = who.post_of(by, place.group.centre)
    old = written is not None and clock.now() > written.at + arriving.UNDO
    reasons: list[tuple[bool, Refused]] = [
        (day > clock.today(), NotYet()),
        (not Place.objects.held_on(day).filter(pk=place.pk).exists(), NoPlaceThatDay()),
        (not runs.runs_on(place.group, day), NoPlaceThatDay()),
        (written is not None and written.left_at is not None, AlreadyLeft()),
        (old and not (post is not None and post.is_lead), LeadPutsRight()),
    ]
    return next((refused for stands, refused in reasons if stands), None)
