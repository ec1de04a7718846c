"""签到、签退: coming and going as it is seen on the spot, by the changing code, the organiser's list or a colleague.

No position, no face (domain guide, 2 and 3.2): who was there saw the code on the spot. What counts is the presence within the
activity's own times. Going makes the row a record; the code on both ends is the first of two confirmations.
"""

from datetime import datetime, timedelta

from activities import ages, recording, signup
from activities.models import Activity, Means, Participation
from communities import duties, settings
from communities.kin import kin_of
from communities.models import Resident, User
from core import clock, words
from core.refusals import Refused
from core.sql import call
from core.verbs import verb

LEAST = timedelta(minutes=1)  # what is shorter is no presence
CLOSED_AT_ONCE = 200
Status = Participation.Status


class TooEarly(Refused):
    code = "too_early_to_check_in"

    def __init__(self, since: str = "") -> None:
        super().__init__(f"还没有到签到时间，这次没有签到。{since}起可以签到，到时再扫一次现场的码。")


class TooLateToArrive(Refused):
    code = "too_late_to_check_in"
    message = "活动已经结束，不能再签到。本人来过的，请告诉现场工作人员登记。"


class AlreadyIn(Refused):
    code = "already_checked_in"
    message = "已经签到过了，不用再签。走的时候请扫签退码。"


class NotIn(Refused):
    code = "not_checked_in"
    message = "还没有签到，不能签退，这次没有记录。本人来过的，请告诉现场工作人员登记。"


class AlreadyOut(Refused):
    code = "already_checked_out"
    message = "已经签退过了，时长已经记下，不用再签。"


class TooLateToLeave(Refused):
    code = "too_late_to_check_out"
    message = "签退时间已过，这次没有签退。社区会核实您的服务时长，不用再操作。"


class NotBegun(Refused):
    code = "not_begun"
    message = "活动还没有开始，现在签退不算服务，这次没有记录。有事要走的，请告诉现场工作人员。"


class TooShort(Refused):
    code = "presence_too_short"
    message = "刚刚才签到，还不到1分钟，这次没有签退。请在离开的时候再扫签退码。"


class NotTheOrganiser(Refused):
    code = "not_the_organiser"
    message = "这个活动的现场名单由组织人登记，这次没有改动。"
    status = 403


class OwnFamily(Refused):
    code = "own_family"
    message = "不能给自己或家人签到、签退，这次没有改动。请本人扫现场的码，或请社区工作人员登记。"
    status = 403


def opens_at(activity: Activity) -> datetime:
    """From when on one checks in."""
    early = settings.value_of(settings.CHECK_IN_EARLY, activity.community.sub_district_id)
    return activity.starts_at - timedelta(minutes=early)


def closes_at(activity: Activity) -> datetime:
    """Until when one checks out."""
    grace = settings.value_of(settings.CHECK_OUT_GRACE, activity.community.sub_district_id)
    return activity.ends_at + timedelta(minutes=grace)


def refusal_to_arrive(
    activity: Activity, resident: Resident, mine: Participation | None, seen: datetime
) -> Refused | None:  # fmt: skip
    """Why nobody checks `resident` in, who was seen at `seen`; `mine` is the standing row. Page and verb ask.

    Who is not on the list, or waits in line, is taken in while there is a place.
    """
    if mine and mine.status not in (Status.SIGNED_UP, Status.WAITING):
        return AlreadyOut()
    opens = opens_at(activity)
    reasons: list[tuple[bool, Refused]] = [
        (activity.status == Activity.Status.CANCELLED, signup.ActivityCancelled()),
        (mine is not None and mine.arrived_at is not None, AlreadyIn()),
        (seen < opens, TooEarly(words.moment(opens))),
        (seen > activity.ends_at - LEAST, TooLateToArrive()),
    ]
    first = next((refused for stands, refused in reasons if stands), None)
    first = first or (ages.consent_ended(activity, resident) if mine else None)
    if first or (mine and mine.status == Status.SIGNED_UP):
        return first
    if mine:
        return signup.ActivityFull() if activity.places_left <= 0 else None
    return signup.refusal_for(activity, resident, seen, present=True)


def refusal_to_leave(activity: Activity, mine: Participation | None, seen: datetime) -> Refused | None:
    """Why nobody checks out, who was seen at `seen`; None when nothing stands against it. Page and verb ask."""
    if mine and mine.status in (Status.RECORDED, Status.CONFIRMED):
        return AlreadyOut()
    if mine is None or mine.status != Status.SIGNED_UP or mine.arrived_at is None:
        return NotIn()
    begins, ends = served(activity, mine.arrived_at, seen)
    reasons: list[tuple[bool, Refused]] = [
        (activity.status == Activity.Status.CANCELLED, signup.ActivityCancelled()),
        (seen > closes_at(activity), TooLateToLeave()),
        (seen < activity.starts_at, NotBegun()),
        (ends - begins < LEAST, TooShort()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


def served(activity: Activity, came: datetime, went: datetime) -> tuple[datetime, datetime]:
    """What counts of a presence: no minute before the beginning, none after the end."""
    return max(came, activity.starts_at), min(went, activity.ends_at)


@verb(signup.REFUSALS)
def arrive(
    *, activity_id: int, resident: Resident, by: User, how: Means = Means.CODE, seen_at: datetime | None = None,
    at: datetime | None = None,
) -> Participation:  # fmt: skip
    """签到: `resident` was seen at `seen_at` (when the code was scanned; now); who is not on the list joins it by this.

    By LIST the organiser says so, by DESK a colleague. Refuses what `refusal_to_arrive` says, and who may not say so.
    """
    at = at or clock.now()
    seen = seen_at or at
    activity = signup.look(activity_id)
    _require(activity, resident, by, how)
    mine = _locked(activity, resident)
    if mine and mine.status == Status.SIGNED_UP:
        _hold(activity)
    if refused := refusal_to_arrive(activity, resident, mine, seen):
        raise refused
    mine = mine or Participation(activity=activity, resident=resident, by=by, at=at)
    mine.guardian = ages.guardian_for(activity, resident, by, mine.guardian)
    mine.status, mine.arrived_at, mine.arrived_how = Status.SIGNED_UP, seen, how
    mine.save()
    return mine


@verb(recording.REFUSALS)
def leave(
    *, activity_id: int, resident: Resident, by: User, how: Means = Means.CODE, seen_at: datetime | None = None,
    at: datetime | None = None,
) -> Participation:  # fmt: skip
    """签退: what lies between coming and going becomes a record of `by`, which another person confirms.

    Refuses what `refusal_to_leave` says, `hours.Overlapping` with the other activity named, `ages.GuardianNotThere`, and who
    may not say so.
    """
    at = at or clock.now()
    seen = seen_at or at
    activity = signup.look(activity_id)
    _require(activity, resident, by, how)
    mine = _locked(activity, resident)
    if refused := refusal_to_leave(activity, mine, seen):
        raise refused
    assert mine is not None and mine.arrived_at is not None
    mine.left_at, mine.left_how = max(seen, mine.arrived_at), how
    return recording.count(mine, *served(activity, mine.arrived_at, seen), by=by, at=at)


@verb()
def take_back(*, activity_id: int, resident: Resident, by: User, how: Means) -> Participation:
    """A wrong tick of the same list: the person has not come after all. Refuses `NotIn`, and who may not say so."""
    activity = signup.look(activity_id)
    _require(activity, resident, by, how)
    mine = _locked(activity, resident)
    if mine is None or mine.status != Status.SIGNED_UP or mine.arrived_how != how:
        raise NotIn
    mine.arrived_at, mine.arrived_how = None, ""
    mine.save(update_fields=["arrived_at", "arrived_how"])
    return mine


def leads(activity: Activity, by: User) -> bool:
    """Whether `by` is the account of the resident who leads on the spot."""
    return activity.organiser is not None and activity.organiser.account_id == by.pk


def close_forgotten(at: datetime) -> int:
    """忘记签退: whoever is still there when nobody checks out any more served until the end at most; how many.

    The system writes it down, a colleague checks the time and records it, another confirms (activities/reviewing.py). What
    cannot be closed, because the person was somewhere else meanwhile, is left to the colleagues as 待记录.
    """
    longest = timedelta(minutes=settings.CHECK_OUT_GRACE.low)
    still = Participation.objects.filter(
        status=Status.SIGNED_UP, arrived_at__isnull=False, left_at=None, activity__ends_at__lte=at - longest
    )
    system, closed = User.objects.get(username="system"), 0
    for one in still.select_related("activity__community").order_by("pk")[:CLOSED_AT_ONCE]:
        if closes_at(one.activity) <= at:
            closed += _closed(one, system, at)
    return closed


def _closed(one: Participation, system: User, at: datetime) -> bool:
    try:
        return _close(one, system, at)
    except Refused:
        return False


@verb(recording.REFUSALS)
def _close(one: Participation, system: User, at: datetime) -> bool:
    mine = _locked(one.activity, one.resident)
    if mine is None or mine.status != Status.SIGNED_UP or mine.arrived_at is None:
        return False
    begins, ends = served(one.activity, mine.arrived_at, one.activity.ends_at)
    if ends - begins < LEAST:
        return False
    mine.activity = one.activity
    mine.left_at, mine.left_how = ends, Means.FORGOTTEN
    recording.count(mine, begins, ends, by=system, at=at)
    return True


def _require(activity: Activity, resident: Resident, by: User, how: Means) -> None:
    """Whose word counts: by the code whoever acts for the resident, by the list the organiser, else a colleague."""
    if how == Means.LIST:
        if not leads(activity, by):
            raise NotTheOrganiser
        if kin_of(by).includes(resident):
            raise OwnFamily
    elif how != Means.CODE:
        duties.require(by, activity.community)
        if resident.is_file_of(by):
            raise recording.OwnService


def _hold(activity: Activity) -> None:
    """Nobody calls it off until this transaction ends; `activity` gets the status that stands (activities/ending.py).

    Only for who has a place: who takes one counts it, and the counter refuses what was called off.
    """
    (activity.status,) = call("SELECT status FROM activities_activity WHERE id = %s FOR SHARE", activity.pk)


def _locked(activity: Activity, resident: Resident) -> Participation | None:
    locked = Participation.objects.standing().select_for_update(no_key=True, of=("self",))
    mine = locked.select_related("resident__community").filter(activity=activity, resident=resident).first()
    if mine:
        mine.activity = activity
    return mine
