"""Joining an activity or its line, and not joining after all. Pages, desk, counter and shell all come through here."""

from datetime import datetime

from activities import ages
from activities.joining import (
    ActivityCancelled,
    ActivityFull,
    AlreadySignedUp,
    AlreadyStarted,
    BusyThen,
    Known,
    NotConfirmed,
    OtherSubDistrict,
    PeopleWait,
    SignUpClosed,
    TooOld,
    TooYoung,
    UnknownActivity,
    can_wait,
    closed_for,
    look,
    refusal_for,
    standing,
    unfit_for,
)
from activities.models import Activity, Participation
from communities import closing, duties, helping, waiting
from communities.models import Resident, User
from core import clock, words
from core.refusals import Refused
from core.verbs import Refusals, verb
from notifications import outbox, quiet
from notifications.models import Message
from notifications.outbox import Words, tell
from notifications.templates import Template

__all__ = [
    "ActivityCancelled", "ActivityFull", "AlreadySignedUp", "AlreadyStarted", "BusyThen", "NotConfirmed", "NotSignedUp",
    "OtherSubDistrict", "PeopleWait", "SignUpClosed", "TooLateToWithdraw", "TooOld", "TooYoung", "UnknownActivity", "add",
    "ahead_of", "can_wait", "closed_for", "hold_line", "join_line", "let_line_go", "look", "move_up", "refusal_for", "sign_up",
    "standing", "withdraw",
]  # fmt: skip
Status = Participation.Status
LINE = 4502  # the kind of this line among all (communities/waiting.py)
INBOX, SMS = Message.Channel.INBOX, Message.Channel.SMS
MOVED_UP = Template(
    "activity-moved-up", "候补成功", "《{title}》候补成功，{when}开始，不能来请提前取消报名。", ("title",)
)


class NotSignedUp(Refused):
    code = "not_signed_up"
    message = "您没有报这个活动，或已经取消，什么都没有改动。"


class TooLateToWithdraw(Refused):
    code = "too_late_to_withdraw"
    message = "活动已经开始，不能再取消报名。没能到场请告诉社区工作人员。"


class AlreadyThere(Refused):
    code = "already_there"
    message = "您已经签到，不能再取消报名，什么都没有改动。要提前走，请在现场签退，或告诉工作人员。"


REFUSALS: Refusals = {
    "activity_places": lambda _: ActivityFull(),
    "participation_once": lambda _: AlreadySignedUp(),
    "participation_guardian_there": lambda _: ages.GuardianNotThere(),
    "AC001": lambda _: ActivityCancelled(),
    "CL001": lambda _: closing.AlreadyClosed(),
}


@verb(REFUSALS)
def sign_up(*, activity_id: int, resident: Resident, by: User, at: datetime | None = None) -> Participation:
    """Take one of the places. Refuses with everything that `refusal_for` says."""
    at = at or clock.now()
    activity = look(activity_id)
    if refused := refusal_for(activity, resident, at):
        raise refused
    mine = _written(activity, resident, by, at)
    said = f"您已报名“{activity.title}”，{words.dated(activity.starts_at)}开始。"
    return _tell_helped(mine, by, "signed", "活动报名成功", said)


@verb(REFUSALS)
def join_line(*, activity_id: int, resident: Resident, by: User, at: datetime | None = None) -> Participation:
    """Wait for a place of a full activity; who finds one free after all has it. Refuses what `can_wait` does not cover."""
    at = at or clock.now()
    hold_line(activity_id)
    activity = look(activity_id)
    refused = refusal_for(activity, resident, at)
    if refused is None:
        try:
            return sign_up(activity_id=activity_id, resident=resident, by=by, at=at)
        except ActivityFull:  # the last place went in this moment
            refused = ActivityFull()
    if not can_wait(refused):
        raise refused
    mine = _written(activity, resident, by, at, Status.WAITING)
    said = f"您已加入“{activity.title}”的候补，有空位时按顺序自动补上，并通知您。"
    return _tell_helped(mine, by, "waiting", "已加入候补", said)


@verb(REFUSALS)
def add(*, activity_id: int, resident: Resident, by: User, at: datetime | None = None) -> Participation:
    """Staff of the activity's community write down somebody who is there: an elder without a phone, for instance."""
    at = at or clock.now()
    activity = look(activity_id)
    duties.require(by, activity.community)
    mine = newcomer(activity, resident, by=by, at=at)
    mine.save()
    return mine


def newcomer(
    activity: Activity, resident: Resident, *, by: User, at: datetime, known: Known | None = None
) -> Participation:  # fmt: skip
    """The row of somebody who is there and on no list yet, not saved; a sheet saves many together. Refuses as `add` does.

    Whether `by` may add somebody the caller has asked.
    """
    if refused := refusal_for(activity, resident, at, present=True, known=known):
        raise refused
    return _row(activity, resident, by, at)


@verb(REFUSALS)
def withdraw(*, activity_id: int, resident: Resident, by: User, at: datetime | None = None) -> Participation:
    """The resident, or a helper, gives the place back, until the activity begins, or leaves the line.

    The first in line has the place in the same transaction. Refuses later, and who is not signed up.
    """
    at = at or clock.now()
    hold_line(activity_id)
    here = Participation.objects.of(resident).filter(
        activity=activity_id, status__in=[Status.SIGNED_UP, Status.WAITING]
    )
    mine = here.select_related("activity__community").select_for_update(no_key=True, of=("self",)).first()
    if mine is None:
        raise NotSignedUp
    waited = mine.status == Status.WAITING
    if mine.arrived_at:
        raise AlreadyThere
    if at >= mine.activity.starts_at and not waited:
        raise TooLateToWithdraw
    mine.status = Status.CANCELLED
    mine.save(update_fields=["status"])
    outbox.recall(resident=resident, occasions=[*occasions(activity_id), moved_up(mine.pk)])
    if waited:
        return _tell_helped(mine, by, "withdrawn", "已退出候补", f"“{mine.activity.title}”的候补已退出。")
    move_up(mine.activity, at=at)
    return _tell_helped(mine, by, "withdrawn", "活动报名已取消", f"“{mine.activity.title}”的报名已取消。")


def hold_line(activity_id: int) -> None:
    """Whoever changes how many places there are holds the line first, before the activity's row."""
    waiting.hold(LINE, activity_id)


def ahead_of(mine: Participation) -> int:
    """How many wait before `mine`."""
    before = Participation.objects.in_line().filter(activity=mine.activity_id)
    return before.filter(at__lt=mine.at).count() + before.filter(at=mine.at, pk__lt=mine.pk).count()


def move_up(activity: Activity, *, at: datetime | None = None) -> list[Participation]:
    """Give the free places of an activity that has not begun to those who wait, the first first, and tell them.

    Called inside a verb that made a place free: a withdrawal, a larger capacity (hold the line before saving it). Who cannot
    come any more, because of another activity say, is passed over and keeps waiting.
    """
    at = at or clock.now()
    hold_line(activity.pk)
    fresh = look(activity.pk)
    if fresh.status != Activity.Status.OPEN or at >= fresh.starts_at:
        return []
    moved: list[Participation] = []
    for one in fresh.participations.in_line().select_related("resident__community"):
        if len(moved) >= fresh.places_left:
            break
        if unfit_for(fresh, one.resident, at) is None and _promoted(one, fresh, at):
            moved.append(one)
    return moved


def _promoted(one: Participation, activity: Activity, at: datetime) -> bool:
    still = Participation.objects.filter(pk=one.pk, status=Status.WAITING)
    if not still.update(status=Status.SIGNED_UP):
        return False
    day = f"{words.dated(activity.starts_at)}开始"
    body = f"“{activity.title}”空出了名额，您已候补成功，{day}，集合地点{activity.place}。不能来请在开始前取消报名。"
    morning = quiet.calm(at)  # a short message rings: by day, unless that were too late
    due = morning if morning < activity.starts_at else at
    said, street = Words("候补成功", body, f"/activities/{activity.pk}/"), activity.community.sub_district
    sms = MOVED_UP.short(street, title=activity.title, when=words.dated(activity.starts_at))
    occasion = moved_up(one.pk)
    rows = [outbox.message(occasion, said, INBOX, resident=one.resident, due_at=at)]
    if one.resident.phone:
        rows.append(
            outbox.message(occasion, sms, SMS, resident=one.resident, due_at=due, until=activity.starts_at)
        )  # fmt: skip
    outbox.tell_many(rows)
    return True


def let_line_go(at: datetime) -> int:
    """Whoever still waits when the activity begins, or was called off, waits no longer, and is told; how many."""
    over = Participation.objects.filter(status=Status.WAITING).exclude(
        activity__status=Activity.Status.OPEN, activity__starts_at__gt=at
    )
    return sum(_let_go(one) for one in over.select_related("activity", "resident").order_by("pk")[:500])


@verb()
def _let_go(one: Participation) -> bool:
    if not Participation.objects.filter(pk=one.pk, status=Status.WAITING).update(status=Status.CANCELLED):
        return False
    why = "已取消" if one.activity.status == Activity.Status.CANCELLED else "已经开始，候补没有轮到您"
    said = Words("候补结束", f"“{one.activity.title}”{why}。欢迎报名其他活动。", "/activities/")
    tell(resident=one.resident, occasion=f"participation:{one.pk}:in-vain", words=said)
    return True


def occasions(activity_id: int) -> list[str]:
    """By which the reminders of an activity are found (activities/reminding.py)."""
    return [f"activity:{activity_id}:remind-{which}" for which in ("first", "last")]


def moved_up(participation_id: int) -> str:
    """By which it is found that somebody has come out of the line: the short message may wait for the morning."""
    return f"participation:{participation_id}:moved-up"


def _written(
    activity: Activity, resident: Resident, by: User, at: datetime, status: Status = Status.SIGNED_UP
) -> Participation:  # fmt: skip
    """The row that takes the place."""
    mine = _row(activity, resident, by, at, status)
    mine.save()
    return mine


def _row(
    activity: Activity, resident: Resident, by: User, at: datetime, status: Status = Status.SIGNED_UP
) -> Participation:  # fmt: skip
    """With a child stands who comes along (activities/ages.py)."""
    guardian = ages.guardian_for(activity, resident, by)
    return Participation(activity=activity, resident=resident, guardian=guardian, by=by, at=at, status=status)


def _tell_helped(mine: Participation, by: User, what: str, title: str, body: str) -> Participation:
    """Who acts knows it; whose helper acted is told."""
    if helper := helping.said(mine.resident, by):
        said = Words(title, f"{body}{helper}", f"/activities/{mine.activity_id}/")
        tell(resident=mine.resident, occasion=f"participation:{mine.pk}:{what}", words=said)
    return mine
