"""Announcing an activity, and calling it off."""

from datetime import datetime, timedelta

from activities.kinds import TEMPLATES
from activities.models import Activity, Participation
from activities.recording import LONGEST
from communities import duties
from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb
from notifications.outbox import Words, tell


class BadTimes(BadInput):
    code = "bad_times"
    message = f"活动须在将来开始，结束晚于开始，最长{LONGEST // 60}小时，这次没有发布。请检查时间。"


class RiskMissing(BadInput):
    code = "risk_missing"
    message = "招募志愿者须写明风险，这次没有发布。没有特别风险也请写明注意事项。"


class NoPlaces(BadInput):
    code = "no_places"
    message = "招募人数须在1到500之间，这次没有发布。"


class ReasonMissing(BadInput):
    code = "reason_missing"
    message = "请写明取消原因，报名的居民会看到。活动没有取消。"


class AlreadyOver(Refused):
    code = "already_over"
    message = "活动已经结束或已经取消，不能再取消。"


@verb()
def plan(*, activity: Activity, by: User, at: datetime | None = None) -> Activity:
    """Announce the unsaved `activity`. Recruiting must state the risks (志愿服务条例 12); refuses what cannot be held."""
    at = at or clock.now()
    duties.require(by, activity.community)
    if not at < activity.starts_at < activity.ends_at <= activity.starts_at + timedelta(minutes=LONGEST):
        raise BadTimes
    if not activity.risk.strip():
        raise RiskMissing
    if not 1 <= activity.capacity <= 500:
        raise NoPlaces
    activity.volunteering = TEMPLATES[activity.kind].volunteering
    activity.made_by = activity.published_by = by
    activity.published_at = at
    activity.save(force_insert=True)
    return activity


def call_off(*, activity: Activity, reason: str, by: User, at: datetime | None = None) -> int:
    """Cancel the activity, then tell everybody who signed up, one transaction per person; returns how many.

    May be repeated after a break-down: it goes on with those who are still signed up.
    """
    at = at or clock.now()
    _close(activity=activity, reason=reason, by=by, at=at)
    signed = Participation.objects.filter(activity=activity, status=Participation.Status.SIGNED_UP)
    people = signed.select_related("activity", "resident").order_by("pk")
    return sum(_let_go(participation, reason) for participation in people)


@verb()
def _close(*, activity: Activity, reason: str, by: User, at: datetime) -> None:
    duties.require(by, activity.community)
    if not reason.strip():
        raise ReasonMissing
    open_still = Activity.objects.filter(pk=activity.pk, status=Activity.Status.OPEN, ends_at__gt=at)
    cancelled = {"status": Activity.Status.CANCELLED, "cancelled_at": at, "cancelled_by": by, "cancel_reason": reason}
    if not open_still.update(**cancelled) and not _broken_down(activity):
        raise AlreadyOver


def _broken_down(activity: Activity) -> bool:
    left = Participation.objects.filter(activity=activity, status=Participation.Status.SIGNED_UP)
    return left.filter(activity__status=Activity.Status.CANCELLED).exists()


@verb()
def _let_go(participation: Participation, reason: str) -> bool:
    gone = Participation.objects.filter(pk=participation.pk, status=Participation.Status.SIGNED_UP)
    if not gone.update(status=Participation.Status.CANCELLED):
        return False
    activity = participation.activity
    said = Words("活动已取消", f"您报名的《{activity.title}》已取消，原因：{reason}。", f"/activities/{activity.pk}/")
    tell(resident=participation.resident, occasion=f"activity:{activity.pk}:cancelled", words=said)
    return True
