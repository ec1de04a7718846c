"""到班: a teacher on duty marks that a child has come; taken back within minutes when it was another child's line."""

from datetime import date, datetime, timedelta

import structlog

from childcare.days import runs, who
from childcare.models import Attendance, Place
from communities import changes
from communities.models import User
from communities.sealing import seal
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb

UNDO = timedelta(minutes=10)
BROUGHT, STATE = 20, 100
log = structlog.get_logger(__name__)


class NoPlaceThatDay(Refused):
    code = "care_day_no_place"
    message = "这个孩子这一天在这个班没有托位，或者这个班这一天不开，没有登记。请核对班级和日期。"


class AlreadyArrived(Refused):
    code = "care_arrived"
    message = "这个孩子今天已经登记到班，没有重复登记。"


class NotArrived(Refused):
    code = "care_not_arrived"
    message = "这个孩子这一天没有登记到班，没有改动。"


class AlreadyLeft(Refused):
    code = "care_left"
    message = "这个孩子已经交接离开，到班记录不能再改。确有差错的，请中心负责人写明情况。"


class WrongDay(Refused):
    code = "care_wrong_day"
    message = "到班时间不在这一天，或者还没有到这个时间，没有登记。请核对时间。"


class TooLate(Refused):
    code = "care_undo_late"
    message = f"登记到班超过{UNDO.seconds // 60}分钟，不能自己撤回。请中心负责人改为缺勤。"


REFUSALS: Refusals = {
    "CC030": lambda _: NoPlaceThatDay(),
    "CC031": lambda _: AlreadyLeft(),
    "CC032": lambda _: WrongDay(),
    "care_attendance_once": lambda _: AlreadyArrived(),
}


@verb(REFUSALS)
def arrive(
    *, place: Place, by: User, at: datetime | None = None, brought_by: str = "", state: str = "", day: date | None = None,
    on_paper: bool = False, gate: bool = False,
) -> Attendance:  # fmt: skip
    """The child has come. `state` (晨午检) is sealed; `gate`: a door that knows the child, by its REST client. On paper `at` is past."""
    changes.by(by)
    moment = at or clock.now()
    mine, when = held(place.pk), day or clock.local(moment).date()
    if refused := refusal_to_arrive(mine, when, moment, by, gate=gate):
        raise refused
    if len(brought_by) > BROUGHT or len(state) > STATE or "\0" in brought_by + state:
        raise BadInput
    written = Attendance.objects.filter(place=mine, day=when).first() or Attendance(place=mine, day=when)
    written.arrived_at, written.absence, written.absent_at = moment, "", None
    written.brought_by, written.state_sealed = brought_by.strip(), seal(state.strip()) if state.strip() else None
    written.by, written.at, written.on_paper = by, clock.now(), on_paper
    written.save()
    log.info("care_arrived", attendance=written.pk)
    return written


def refusal_to_arrive(place: Place, day: date, at: datetime, by: User, *, gate: bool = False) -> Refused | None:
    """Why it cannot be marked; None when nothing stands against it. Whoever was marked as absent may still come."""
    if refused := who.refusal_for(place, day, by, gate=gate):
        return refused
    covered = Place.objects.held_on(day).filter(pk=place.pk).exists()
    reasons: list[tuple[bool, Refused]] = [
        (not covered or not runs.runs_on(place.group, day), NoPlaceThatDay()),
        (clock.local(at).date() != day or at > clock.now(), WrongDay()),
        (Attendance.objects.filter(place=place, day=day, arrived_at__isnull=False).exists(), AlreadyArrived()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


@verb(REFUSALS)
def undo(*, place: Place, day: date, by: User, at: datetime | None = None) -> None:
    """It was another child: the line goes, the change log keeps it, and an alarm that it had ended goes on."""
    changes.by(by)
    mine = held(place.pk)
    if refused := who.refusal_for(mine, day, by):
        raise refused
    written = Attendance.objects.filter(place=mine, day=day, arrived_at__isnull=False).first()
    if written is None:
        raise NotArrived
    if written.left_at:
        raise AlreadyLeft
    if (at or clock.now()) > written.at + UNDO:
        raise TooLate
    written.delete()
    log.info("care_arrival_undone", attendance=written.pk)


def held(pk: int) -> Place:
    """The place, locked: whatever is written of a child's day waits for one another, the sweep of the alarms too."""
    people = ("child__community", "group__centre__community__sub_district")
    return Place.objects.select_for_update(no_key=True, of=("self",)).select_related(*people).get(pk=pk)
