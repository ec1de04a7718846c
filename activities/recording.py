"""The first of two people: who came and for how long. Nothing is paid yet (domain guide, 3.2 and 3.3)."""

from datetime import datetime, timedelta

from activities import hours, rates
from activities.models import Means, Participation
from activities.signup import REFUSALS as SIGNING
from communities import duties
from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb

LONGEST = 480  # minutes of one person in a day
LONG = 240
WRITTEN = (
    "status", "arrived_at", "arrived_how", "left_at", "left_how", "served_from", "served_to", "minutes", "points",
    "recorded_by", "recorded_at", "late_reason", "over_reason",
)  # fmt: skip
Status = Participation.Status
REFUSALS: Refusals = {**SIGNING, **hours.REFUSALS}


class BadMinutes(BadInput):
    code = "bad_minutes"
    message = f"服务时长须是1到{LONGEST}分钟之间的整数，这次没有记录。请检查后重新填写。"


class NotEndedYet(Refused):
    code = "not_ended_yet"
    message = "活动还没有结束，结束后才能记录。"


class NotTakingPart(Refused):
    code = "not_taking_part"
    message = "此人已取消报名，没有记录。如本人到场，请先重新加入名单。"


class AlreadyConfirmed(Refused):
    code = "already_confirmed"
    message = "这条记录已经入账，没有再改动。"


class OwnService(Refused):
    code = "own_service"
    message = "不能给自己记录服务，请由同事记录。"
    status = 403


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


def unusual(minutes: int, planned: int) -> bool:
    """Whether these minutes ask for a second look: more than four hours, or more than the activity was planned for."""
    return minutes >= LONG or minutes > planned


@verb(REFUSALS)
def record(*, participation: Participation, minutes: int, by: User, at: datetime | None = None) -> Participation:
    """Write down that the person came for `minutes` (1-480) and freeze the points; another person will confirm.

    A record that nobody has confirmed yet is corrected by recording again. Refuses with what `refusal_for` says.
    """
    at = at or clock.now()
    if not 1 <= minutes <= LONGEST:
        raise BadMinutes
    mine = _locked(participation, by, at)
    begins = mine.activity.starts_at
    mine.arrived_at, mine.arrived_how = mine.arrived_at or begins, mine.arrived_how or Means.DESK
    mine.left_at, mine.left_how = max(mine.arrived_at, begins + timedelta(minutes=minutes)), Means.DESK
    mine.served_from, mine.served_to = begins, begins + timedelta(minutes=minutes)
    mine.status, mine.minutes, mine.points = Status.RECORDED, minutes, rates.price_of(mine.activity, minutes).asked
    mine.recorded_by, mine.recorded_at = by, at
    mine.save(update_fields=WRITTEN)
    return mine


@verb()
def absent(*, participation: Participation, by: User, at: datetime | None = None) -> Participation:
    """Write down that the person did not come; a record by mistake is taken back so too, as long as it is not confirmed."""
    mine = _locked(participation, by, at or clock.now())
    mine.status, mine.minutes, mine.points = Status.ABSENT, None, None
    mine.recorded_by = mine.recorded_at = mine.served_from = mine.served_to = None
    mine.arrived_at = mine.left_at = None
    mine.arrived_how = mine.left_how = mine.late_reason = mine.over_reason = ""
    mine.save(update_fields=WRITTEN)
    return mine


def _locked(participation: Participation, by: User, at: datetime) -> Participation:
    locked = Participation.objects.select_for_update(no_key=True, of=("self",))
    mine = locked.select_related("activity__community", "resident").get(pk=participation.pk)
    duties.require(by, mine.activity.community)
    if refused := refusal_for(mine, by, at):
        raise refused
    return mine
