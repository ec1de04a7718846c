"""The first of two people: who came and for how long. Nothing is paid yet (domain guide, 3.2 and 3.3)."""

from datetime import datetime, timedelta

from activities import ages, hours
from activities.facts import Facts
from activities.models import Activity, Means, Participation
from activities.signup import REFUSALS as SIGNING
from communities import duties, settings
from communities.models import User
from core import clock, words
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb

LONGEST = 480  # minutes of one activity
SEEN = (Means.CODE, Means.LIST)  # what was seen on the spot stays as it was seen, whatever is written down later
WRITTEN = (
    "status", "arrived_at", "arrived_how", "left_at", "left_how", "served_from", "served_to", "minutes", "points",
    "recorded_by", "recorded_at", "late_reason", "over_reason", "absent_at", "absent_by",
    "guardian_there",
)  # fmt: skip
Status = Participation.Status
REFUSALS: Refusals = {
    **SIGNING, **hours.REFUSALS, "participation_guardian_there": lambda _: ages.GuardianNotThere(),
}  # fmt: skip


class BadMinutes(BadInput):
    code = "bad_minutes"
    message = f"服务时长须是1到{LONGEST}分钟之间的整数，这次没有记录。请检查后重新填写。"


class NotThen(BadInput):
    code = "not_then"
    message = "服务时间须在活动开始以后、结束以前开始，这次没有记录。请核对起止时间。"


class NotEndedYet(Refused):
    code = "not_ended_yet"
    message = "活动还没有结束，结束后才能记录。"


class NotTakingPart(Refused):
    code = "not_taking_part"
    message = "此人已取消报名，没有记录。如本人到场，请先重新加入名单。"


class AlreadyConfirmed(Refused):
    code = "already_confirmed"
    message = "这条记录已经入账，没有再改动。"


class StruckOut(Refused):
    code = "struck_out"
    message = "这条记录两位同事已经更正为未到场，没有改动。本人确实到场的，请在服务时长里提出更正。"


class OwnService(Refused):
    code = "own_service"
    message = "不能给自己记录服务，请由同事记录。"
    status = 403


class LateReasonMissing(BadInput):
    code = "late_reason_missing"

    def __init__(self, last: str = "") -> None:
        super().__init__(f"活动记录应在{last}前完成，现在算补录，这次没有记录。请写明补录原因再提交。")


def refusal_for(participation: Participation, by: User, at: datetime) -> Refused | None:
    """Why `by` cannot write down at `at` whether this person came; None when nothing stands against it."""
    reasons: list[tuple[bool, Refused]] = [
        (participation.status in (Status.CANCELLED, Status.WAITING), NotTakingPart()),
        (participation.activity.status == "cancelled", NotTakingPart()),
        (participation.status == Status.CONFIRMED, AlreadyConfirmed()),
        (at < participation.activity.ends_at, NotEndedYet()),
        (participation.resident.is_file_of(by), OwnService()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


def warned_from(sub_district_id: int) -> int:
    """From how many minutes in one session on the hours are to be looked at once more."""
    return settings.value_of(settings.SESSION_WARN, sub_district_id) * 60


def unusual(minutes: int, planned: int, warn: int) -> bool:
    """Whether these minutes ask for a second look: `warn` or more, or more than the activity was planned for."""
    return minutes >= warn or minutes > planned


def is_late(activity: Activity, at: datetime) -> bool:
    """Whether what is recorded at `at` is 补录; the deadline is that of service, not of meetings (民政部令第67号, 11)."""
    return Facts(activity, []).is_late(at)


@verb(REFUSALS)
def record(
    *, participation: Participation, minutes: int, by: User, began: datetime | None = None, how: Means = Means.DESK,
    late_reason: str = "", over_reason: str = "", at: datetime | None = None,
) -> Participation:  # fmt: skip
    """Write down that the person came for `minutes` (1-480) and freeze the points; another person will confirm.

    It counts from `began`; unless said, from when the person was seen to come, else from the activity's beginning. A record
    that nobody has confirmed yet is corrected by recording again. Refuses with what `refusal_for` says, `NotThen`,
    `hours.Overlapping`, `hours.TooMuchADay` without `over_reason`, `LateReasonMissing`, and `ages.ConsentEnded`.
    """
    at = at or clock.now()
    require_minutes(minutes)
    mine = _locked(participation, by)
    note(
        mine, Facts(mine.activity, [mine.resident_id]), minutes=minutes, by=by, began=began, how=how,
        late_reason=late_reason, over_reason=over_reason, at=at,
    )  # fmt: skip
    mine.save(update_fields=WRITTEN)
    return mine


def require_minutes(minutes: int) -> None:
    """Refuses `BadMinutes`."""
    if not 1 <= minutes <= LONGEST:
        raise BadMinutes


def note(
    mine: Participation, facts: Facts, *, minutes: int, by: User, at: datetime, began: datetime | None = None,
    how: Means = Means.DESK, late_reason: str = "", over_reason: str = "",
) -> None:  # fmt: skip
    """Make the locked `mine` the record that `record` says, and save nothing: the rows of a sheet are saved together.

    `facts` are about its activity; its resident has the community. Whether `by` may record there the caller has asked.
    """
    _require_open(mine, facts, by, at)
    activity, seen = facts.activity, mine.arrived_at if mine.arrived_how in SEEN else None
    if mine.arrived_at is None and (ended := ages.consent_ended(activity, mine.resident, facts.agreed)):
        raise ended
    begins = began or max(seen or activity.starts_at, activity.starts_at)
    if not activity.starts_at <= begins < activity.ends_at:
        raise NotThen
    late = facts.is_late(at)
    if late and not late_reason.strip():
        raise LateReasonMissing(words.day(facts.last_day))
    if seen is None:
        mine.arrived_at, mine.arrived_how = begins, how
    mine.left_at, mine.left_how = max(mine.arrived_at or begins, begins + timedelta(minutes=minutes)), how
    mine.late_reason = late_reason.strip() if late else ""
    mine.over_reason = _over_reason(facts.is_over(mine.resident_id, begins, minutes), over_reason.strip())
    _count(mine, facts, begins, begins + timedelta(minutes=minutes), by=by, at=at)


def count(mine: Participation, begins: datetime, ends: datetime, *, by: User, at: datetime) -> Participation:
    """Make the locked `mine` a record of what counts; called inside a verb with `REFUSALS`. Names what it overlaps."""
    _count(mine, Facts(mine.activity, [mine.resident_id]), begins, ends, by=by, at=at)
    mine.save(update_fields=WRITTEN)
    return mine


def _count(mine: Participation, facts: Facts, begins: datetime, ends: datetime, *, by: User, at: datetime) -> None:
    minutes = int((ends - begins).total_seconds()) // 60
    if other := facts.overlapped(mine.resident_id, begins, ends):
        raise hours.Overlapping(_said_of(other))
    mine.served_from, mine.served_to, mine.minutes = begins, begins + timedelta(minutes=minutes), minutes
    mine.status, mine.points = Status.RECORDED, facts.points(minutes, mine.guardian or mine.resident)
    mine.recorded_by, mine.recorded_at = by, at
    mine.guardian_there = ages.guardian_was_there(mine, by)
    mine.absent_at = mine.absent_by = None


@verb()
def absent(*, participation: Participation, by: User, at: datetime | None = None) -> Participation:
    """Write down that the person did not come; a record by mistake is taken back so too, as long as it is not confirmed."""
    at = at or clock.now()
    mine = _locked(participation, by)
    _require_open(mine, Facts(mine.activity, [mine.resident_id]), by, at)
    mine.status, mine.minutes, mine.points = Status.ABSENT, None, None
    mine.absent_at, mine.absent_by = at, by
    mine.recorded_by = mine.recorded_at = mine.served_from = mine.served_to = None
    mine.arrived_at = mine.left_at = None
    mine.arrived_how = mine.left_how = mine.late_reason = mine.over_reason = ""
    mine.save(update_fields=WRITTEN)
    return mine


def _locked(participation: Participation, by: User) -> Participation:
    locked = Participation.objects.select_for_update(no_key=True, of=("self",))
    mine = locked.select_related("activity__community", "resident__community").get(pk=participation.pk)
    duties.require(by, mine.activity.community, *duties.ENTERING)
    return mine


def _require_open(mine: Participation, facts: Facts, by: User, at: datetime) -> None:
    if refused := refusal_for(mine, by, at):
        raise refused
    if mine.status == Status.ABSENT and mine.pk in facts.struck_out:
        raise StruckOut


def _over_reason(over: bool, given: str) -> str:
    if over and not given:
        raise hours.TooMuchADay
    return given if over else ""


def _said_of(other: Participation) -> str:
    assert other.served_from and other.served_to
    when = f"{words.dated(other.served_from)}—{clock.local(other.served_to):%H:%M}"
    return f"同一时间已记在《{other.activity.title}》（{when}），这次没有记录。请核对两边的起止时间后再试。"
