"""How an activity ends: called off before it is over, or finished after it."""

from datetime import datetime

from activities import placing, signup
from activities.models import Activity, Participation
from communities import duties
from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb
from notifications.outbox import Words, recall, tell

LONGEST = 500  # characters of a summary
Status = Participation.Status
HOPING = (Status.WAITING, Status.SIGNED_UP)  # who is let go when it does not take place


class ReasonMissing(BadInput):
    code = "reason_missing"
    message = "请写明取消原因，报名的居民会看到。活动没有取消。"


class AlreadyOver(Refused):
    code = "already_over"
    message = "活动已经结束或已经取消，不能再取消。"


class NotAnnounced(Refused):
    code = "activity_not_announced"
    message = "这个活动还是草稿，没有居民看到过，不用取消。不需要时请删除草稿。"


class SomebodyCame(Refused):
    code = "somebody_came"
    message = "已经有人到场，服务时长要照实记录，活动没有取消。提前收工的，请让大家签退，结束后再办理。"


class NotOpen(Refused):
    code = "activity_not_open"
    message = "这个活动没有发布，或者已经取消、已经办理结束，没有改动。"


class StillRunning(Refused):
    code = "activity_still_running"
    message = "活动还没有到结束时间，没有办理结束。请结束后再来。"


class PeopleNotSettled(Refused):
    code = "people_not_settled"

    def __init__(self, many: int = 0) -> None:
        super().__init__(f"还有{many}位报名的居民没有记录到场或未到场，活动没有办理结束。请先在名单上逐一登记。")


class SummaryTooLong(BadInput):
    code = "summary_too_long"
    message = f"活动小结最多{LONGEST}字，没有办理结束。请写短一些。"


def call_off(*, activity: Activity, reason: str, by: User, at: datetime | None = None) -> int:
    """Cancel the activity, then tell everybody who signed up or waits, one transaction per person; returns how many.

    May be repeated after a break-down: it goes on with those who are still on the list. Refuses when somebody has come.
    """
    at = at or clock.now()
    _close(activity=activity, reason=reason, by=by, at=at)
    hoping = Participation.objects.filter(activity=activity, status__in=HOPING)
    people = hoping.select_related("activity", "resident").order_by("pk")
    return sum(_let_go(participation, reason) for participation in people)


@verb()
def _close(*, activity: Activity, reason: str, by: User, at: datetime) -> None:
    duties.require(by, activity.community, *duties.ENTERING)
    if not reason.strip():
        raise ReasonMissing
    rows = Activity.objects.select_for_update(no_key=True, of=("self",)).select_related("booking")
    locked = rows.get(pk=activity.pk)
    if locked.status == Activity.Status.DRAFT:
        raise NotAnnounced
    people = Participation.objects.filter(activity=activity)
    if locked.status == Activity.Status.CANCELLED and people.filter(status__in=HOPING).exists():
        return
    if locked.status != Activity.Status.OPEN or locked.ends_at <= at:
        raise AlreadyOver
    if people.standing().exclude(arrived_at=None).exists():
        raise SomebodyCame
    locked.status, locked.cancelled_at, locked.cancelled_by, locked.cancel_reason = "cancelled", at, by, reason
    placing.leave(locked, by, at, "活动取消")
    locked.save(update_fields=["status", "cancelled_at", "cancelled_by", "cancel_reason", "booking"])


@verb()
def _let_go(participation: Participation, reason: str) -> bool:
    gone = Participation.objects.filter(pk=participation.pk, status__in=HOPING)
    if not gone.update(status=Status.CANCELLED):
        return False
    occasions = [*signup.occasions(participation.activity_id), signup.moved_up(participation.pk)]
    recall(resident=participation.resident, occasions=occasions)
    activity, how = participation.activity, "候补" if participation.status == Status.WAITING else "报名"
    said = Words("活动已取消", f"您{how}的《{activity.title}》已取消，原因：{reason}。", f"/activities/{activity.pk}/")
    tell(resident=participation.resident, occasion=f"activity:{activity.pk}:cancelled", words=said)
    return True


def refusal_to_finish(activity: Activity, at: datetime) -> Refused | None:
    """Why the activity cannot be finished at `at`; None when nothing stands against it. Page and verb ask."""
    if activity.status != Activity.Status.OPEN:
        return NotOpen()
    if at < activity.ends_at:
        return StillRunning()
    many = Participation.objects.filter(activity=activity, status=Status.SIGNED_UP).count()
    return PeopleNotSettled(many) if many else None


@verb()
def finish(*, activity: Activity, by: User, summary: str = "", at: datetime | None = None) -> Activity:
    """办理结束, with what came of it in `summary`. Whoever still waits in line is let go; hours and points stay as they are.

    Refuses what `refusal_to_finish` says, and a summary of more than 500 characters.
    """
    at = at or clock.now()
    locked = Activity.objects.select_for_update(no_key=True, of=("self",)).select_related("community")
    mine = locked.get(pk=activity.pk)
    duties.require(by, mine.community, *duties.ENTERING)
    if len(summary) > LONGEST:
        raise SummaryTooLong
    if refused := refusal_to_finish(mine, at):
        raise refused
    Participation.objects.filter(activity=mine, status=Status.WAITING).update(status=Status.CANCELLED)
    mine.status, mine.finished_at, mine.finished_by, mine.summary = Activity.Status.FINISHED, at, by, summary.strip()
    mine.save(update_fields=["status", "finished_at", "finished_by", "summary"])
    return mine
