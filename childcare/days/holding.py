"""在路上: somebody was reached and is coming; the alarm is held for a while (setting), and then the calls go on. And 恢复: an alarm that
was ended by a wrong tap is open again."""

from datetime import datetime

import structlog

from childcare.days import calls, due, runs
from childcare.days.arriving import held
from childcare.models import Alarm
from communities import changes
from communities.models import User
from core import clock
from core.refusals import Refused
from core.verbs import verb

log = structlog.get_logger(__name__)


class ReachFirst(Refused):
    code = "care_hold_reach_first"
    message = "刚才没有登记接通的电话，不能等，呼叫继续。请先打电话，接通后点“已接通”，再点“在路上”。"


class NotClosed(Refused):
    code = "care_alarm_open"
    message = "这次呼叫没有结束，不用恢复。"


class IsSafe(Refused):
    code = "care_alarm_safe"
    message = "这个孩子已经到班、离开或请假，不用再找，没有恢复呼叫。登错了的，请先撤回那一条登记。"


@verb(calls.REFUSALS)
def hold(*, alarm: Alarm, by: User, at: datetime | None = None) -> Alarm:
    """Somebody who was reached just now is on the way. Refuses what `refusal_to_hold` says."""
    changes.by(by)
    mine, moment = calls.locked(alarm.pk), at or clock.now()
    if refused := refusal_to_hold(mine, by, moment):
        raise refused
    mine.held_until = moment + runs.waiting(mine.place.group)
    mine.save(update_fields=["held_until"])
    log.info("care_alarm_held", alarm=mine.pk)
    return mine


def refusal_to_hold(alarm: Alarm, by: User, at: datetime) -> Refused | None:
    """Why it cannot be held; each time needs a call of its own that was answered."""
    if refused := calls.refusal_to_act(alarm, by):
        return refused
    since = at - runs.waiting(alarm.place.group)
    return None if alarm.calls.filter(result=calls.Result.REACHED, at__gte=since).exists() else ReachFirst()


def sweep(at: datetime) -> int:
    """Those whose time is over, each in its own transaction; how many that were. A second run does nothing."""
    by = User.objects.get(username="system")
    late = list(Alarm.objects.open().filter(held_until__lte=at).order_by("pk").values_list("pk", flat=True))
    return sum(go_on(alarm=pk, by=by, at=at) for pk in late)


@verb()
def go_on(*, alarm: int, by: User, at: datetime) -> bool:
    """Nobody came: whoever is on duty is told to call on."""
    changes.by(by)
    mine = calls.locked(alarm)
    if mine.closed_at is not None or mine.held_until is None or mine.held_until > at:
        return False
    occasion, kind = f"care-alarm-on:{mine.pk}:{mine.held_until:%d%H%M}", mine.get_kind_display()
    mine.held_until = None
    mine.save(update_fields=["held_until"])
    calls.tell_duty(mine, occasion, at, f"孩子还是{kind}", f"有一个孩子还是{kind}，请接着打电话。")
    log.warning("care_alarm_goes_on", alarm=mine.pk)
    return True


@verb(calls.REFUSALS)
def reopen(*, alarm: Alarm, by: User, at: datetime | None = None) -> Alarm:
    """It was ended by mistake: the calls go on. How it had been ended stays in the change log."""
    changes.by(by)
    moment = at or clock.now()
    place = held(alarm.place_id)
    mine = calls.locked(alarm.pk)
    mine.place = place
    if refused := refusal_to_reopen(mine, by, moment):
        raise refused
    mine.closed_at, mine.closed_by, mine.outcome = None, None, ""
    mine.save(update_fields=["closed_at", "closed_by", "outcome"])
    kind = mine.get_kind_display()
    calls.tell_duty(
        mine,
        f"care-alarm-on:{mine.pk}:{moment:%d%H%M%S}",
        moment,
        f"孩子还是{kind}",
        f"有一个孩子还是{kind}，请接着打电话。",
    )
    log.warning("care_alarm_again", alarm=mine.pk)
    return mine


def refusal_to_reopen(alarm: Alarm, by: User, at: datetime) -> Refused | None:
    """Why it stays ended: who may not call, and a child that is safe by what is written of it."""
    if refused := calls.refusal_to_call(alarm, by):
        return refused
    if alarm.closed_at is None:
        return NotClosed()
    return None if due.lasts(alarm.place, alarm.kind, alarm.day, at) else IsSafe()
