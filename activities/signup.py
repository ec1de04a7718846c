"""Joining an activity, and not joining after all. Pages, desk and shell all come through here."""

from datetime import datetime

from activities.models import Activity, Participation
from communities import closing, duties, helping
from communities.models import Resident, User
from core import clock, words
from core.refusals import Refused
from core.verbs import Refusals, verb
from notifications.outbox import Words, tell

ADULT = 18


class UnknownActivity(Refused):
    code = "unknown_activity"
    message = "没有找到这个活动，什么都没有改动。请从活动列表里重新选择。"
    status = 404


class NotConfirmed(Refused):
    code = "resident_not_confirmed"
    message = "社区还没有确认您的登记，暂时不能报名。一般一个工作日内确认，急用可打社区电话。"


class ActivityCancelled(Refused):
    code = "activity_cancelled"
    message = "这个活动已取消，不能报名。请看看其他活动。"


class AlreadyStarted(Refused):
    code = "already_started"
    message = "这个活动已经开始，不能在手机上报名了。到了现场可请工作人员登记。"


class OtherSubDistrict(Refused):
    code = "other_sub_district"
    message = "这个活动只对本街道居民开放。请看看您所在社区的活动。"


class TooYoung(Refused):
    code = "too_young"
    message = "这个活动暂只接受18岁以上的居民报名。未成年人参加志愿服务，请由监护人先联系社区。"


class AlreadySignedUp(Refused):
    code = "already_signed_up"
    message = "您已经报过这个活动了，不用重复报名。可在“我的活动”里查看。"


class ActivityFull(Refused):
    code = "activity_full"
    message = "这个活动的名额已经报满，这次没有报上。请看看其他活动。"


class NotSignedUp(Refused):
    code = "not_signed_up"
    message = "您没有报这个活动，或已经取消，什么都没有改动。"


class TooLateToWithdraw(Refused):
    code = "too_late_to_withdraw"
    message = "活动已经开始，不能再取消报名。没能到场请告诉社区工作人员。"


REFUSALS: Refusals = {
    "activity_places": lambda _: ActivityFull(),
    "participation_once": lambda _: AlreadySignedUp(),
    "AC001": lambda _: ActivityCancelled(),
    "CL001": lambda _: closing.AlreadyClosed(),
}


def look(activity_id: int) -> Activity:
    """The activity, without a lock. Refuses an unknown one."""
    activity = Activity.objects.select_related("community").filter(pk=activity_id).first()
    if activity is None:
        raise UnknownActivity
    return activity


def standing(activity: Activity, resident: Resident) -> Participation | None:
    """How `resident` takes part; None when not at all, or no longer."""
    return Participation.objects.of(resident).standing().filter(activity=activity).first()


def closed_for(activity: Activity, at: datetime, *, present: bool = False) -> Refused | None:
    """Why nobody can join at `at`, else None."""
    reasons: list[tuple[bool, Refused]] = [
        (activity.status == Activity.Status.CANCELLED, ActivityCancelled()),
        (at >= activity.starts_at and not present, AlreadyStarted()),
        (activity.places_left <= 0, ActivityFull()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


def refusal_for(activity: Activity, resident: Resident, at: datetime, *, present: bool = False) -> Refused | None:
    """Why `resident` cannot join at `at`; None when nothing stands against it. Page, desk and verbs ask.

    `present`: staff write down somebody who is there, which is possible after the start.
    """
    if standing(activity, resident):
        return AlreadySignedUp()
    age = resident.age_on(clock.local(activity.starts_at).date())
    reasons: list[tuple[bool, Refused]] = [
        (not resident.confirmed, NotConfirmed()),
        (resident.community.sub_district_id != activity.community.sub_district_id, OtherSubDistrict()),
        (age is not None and age < ADULT, TooYoung()),
    ]
    closed = closed_for(activity, at, present=present)
    return closed or next((refused for stands, refused in reasons if stands), None)


@verb(REFUSALS)
def sign_up(*, activity_id: int, resident: Resident, by: User, at: datetime | None = None) -> Participation:
    """Take one of the places. Refuses with everything that `refusal_for` says."""
    at = at or clock.now()
    activity = look(activity_id)
    if refused := refusal_for(activity, resident, at):
        raise refused
    mine = Participation.objects.create(activity=activity, resident=resident, by=by, at=at)
    return _tell_helped(
        mine, by, "signed", "活动报名成功", f"您已报名“{activity.title}”，{words.dated(activity.starts_at)}开始。"
    )


@verb(REFUSALS)
def add(*, activity_id: int, resident: Resident, by: User, at: datetime | None = None) -> Participation:
    """Staff of the activity's community write down somebody who is there: an elder without a phone, for instance."""
    at = at or clock.now()
    activity = look(activity_id)
    duties.require(by, activity.community)
    if refused := refusal_for(activity, resident, at, present=True):
        raise refused
    return Participation.objects.create(activity=activity, resident=resident, by=by, at=at)


@verb()
def withdraw(*, activity_id: int, resident: Resident, by: User, at: datetime | None = None) -> Participation:
    """The resident, or a helper, gives the place back, until the activity begins. Refuses later, and who is not signed up."""
    at = at or clock.now()
    standing = Participation.objects.of(resident).filter(activity=activity_id, status=Participation.Status.SIGNED_UP)
    mine = standing.select_related("activity").select_for_update(no_key=True, of=("self",)).first()
    if mine is None:
        raise NotSignedUp
    if at >= mine.activity.starts_at:
        raise TooLateToWithdraw
    mine.status = Participation.Status.CANCELLED
    mine.save(update_fields=["status"])
    return _tell_helped(mine, by, "withdrawn", "活动报名已取消", f"“{mine.activity.title}”的报名已取消。")


def _tell_helped(mine: Participation, by: User, what: str, title: str, body: str) -> Participation:
    """Who acts knows it; whose helper acted is told."""
    if helper := helping.said(mine.resident, by):
        said = Words(title, f"{body}{helper}", f"/activities/{mine.activity_id}/")
        tell(resident=mine.resident, occasion=f"participation:{mine.pk}:{what}", words=said)
    return mine
