"""May one join? The one answer that the page, the counter, REST and the verbs of signup.py ask for."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from activities import ages
from activities.agreed import Agreed
from activities.models import Activity, Participation
from communities.models import Resident
from core import clock, words
from core.refusals import Refused

Status = Participation.Status


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


class SignUpClosed(Refused):
    code = "activity_sign_up_closed"
    message = "报名已经截止，这次没有报上。想参加请打社区电话，或到现场问工作人员。"


class OtherSubDistrict(Refused):
    code = "other_sub_district"
    message = "这个活动只对本街道居民开放。请看看您所在社区的活动。"


class TooYoung(Refused):
    code = "too_young"
    message = "这个活动暂只接受18岁以上的居民报名。未成年人参加志愿服务，请由监护人先联系社区。"


class TooOld(Refused):
    code = "too_old"
    message = "这个活动对年龄有上限，这次没有报上。请看看其他活动，或打社区电话问一问。"


class BusyThen(Refused):
    code = "busy_then"
    message = "同一时间已有另一个活动，这次没有报上。"


class AlreadySignedUp(Refused):
    code = "already_signed_up"
    message = "您已经报过这个活动了，不用重复报名。可在“我的活动”里查看。"


class ActivityFull(Refused):
    code = "activity_full"
    message = "这个活动的名额已经报满，这次没有报上。可以加入候补，或看看其他活动。"


class PeopleWait(Refused):
    code = "people_wait"
    message = "前面有人在候补，空出的名额先给他们，这次没有报上。可以加入候补。"


def look(activity_id: int) -> Activity:
    """The activity, without a lock. Refuses an unknown one, and what is not published yet."""
    published = Activity.objects.exclude(status=Activity.Status.DRAFT)
    activity = published.select_related("community").filter(pk=activity_id).first()
    if activity is None:
        raise UnknownActivity
    return activity


def standing(activity: Activity, resident: Resident) -> Participation | None:
    """How `resident` takes part, or waits; None when not at all, or no longer."""
    return Participation.objects.of(resident).standing().filter(activity=activity).first()


class Known(NamedTuple):
    """What the question reads, once for any number of activities: the resident's own rows around them, which have a line, and
    what guardians agreed to."""

    own: list[Participation]
    lines: frozenset[int]
    agreed: Agreed

    def mine(self, activity: Activity) -> Participation | None:
        return next((one for one in self.own if one.activity_id == activity.pk), None)


def known_of(resident: Resident, activities: Sequence[Activity]) -> Known:
    """Two queries."""
    return known_of_each([resident.pk], activities)[resident.pk]


def known_of_each(residents: Iterable[int], activities: Sequence[Activity]) -> dict[int, Known]:
    """Of every one of `residents` (their numbers); two queries for any number of them."""
    found: dict[int, list[Participation]] = {resident: [] for resident in residents}
    agreed = Agreed(found)
    if not activities or not found:
        return {resident: Known([], frozenset(), agreed) for resident in found}
    since, until = min(one.starts_at for one in activities), max(one.ends_at for one in activities)
    around = Q(activity__starts_at__lt=until, activity__ends_at__gt=since)
    counted = Q(served_from__lt=until, served_to__gt=since)
    own = Participation.objects.standing().filter(around | counted | Q(activity__in=activities), resident__in=found)
    waiting = Participation.objects.filter(activity__in=activities, status=Status.WAITING)
    lines = waiting.order_by().values_list("activity", flat=True).distinct()
    having_line = frozenset(lines)
    for one in own.select_related("activity").order_by("activity__starts_at", "pk"):
        found[one.resident_id].append(one)
    return {resident: Known(rows, having_line, agreed) for resident, rows in found.items()}


def closed_for(activity: Activity, at: datetime, *, present: bool = False) -> Refused | None:
    """Why nobody can join at `at`, else None."""
    waits = activity.participations.in_line().exists()
    return _shut(activity, at, present) or _full(activity, at, waits)


def _shut(activity: Activity, at: datetime, present: bool) -> Refused | None:
    started = at >= activity.starts_at or activity.status == Activity.Status.FINISHED
    last = activity.sign_up_until
    reasons: list[tuple[bool, Refused]] = [
        (activity.status == Activity.Status.CANCELLED, ActivityCancelled()),
        (started and not present, AlreadyStarted()),
        (last is not None and at >= last and not present, SignUpClosed()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


def _full(activity: Activity, at: datetime, waits: bool) -> Refused | None:
    """No place, or none that is not for those who wait; whoever waits when it begins waits in vain."""
    if activity.places_left <= 0:
        return ActivityFull()
    return PeopleWait() if waits and at < activity.starts_at else None


def unfit_for(
    activity: Activity, resident: Resident, at: datetime, *, present: bool = False, known: Known | None = None
) -> Refused | None:  # fmt: skip
    """Why `resident` is none of those whom the activity takes, however many places there are; else None."""
    age = ages.age_at(activity, resident)
    reasons: list[tuple[bool, Refused]] = [
        (not resident.confirmed, NotConfirmed()),
        (resident.community.sub_district_id != activity.community.sub_district_id, OtherSubDistrict()),
        (age is not None and age < activity.min_age, _too_young(activity)),
        (age is not None and activity.max_age is not None and age > activity.max_age, _too_old(activity)),
    ]
    first = next((refused for stands, refused in reasons if stands), None)
    first = first or ages.refusal_for_age(activity, resident, known.agreed if known else None)
    return first or _busy(activity, known or known_of(resident, [activity]), at, present)


def refusal_for(
    activity: Activity, resident: Resident, at: datetime, *, present: bool = False, known: Known | None = None
) -> Refused | None:  # fmt: skip
    """Why `resident` cannot join at `at`; None when nothing stands against it. Page, counter, REST, desk and verbs ask.

    `present`: somebody is there, which is possible after the start. A list passes `known_of(resident, activities)`.
    """
    known = known or known_of(resident, [activity])
    if known.mine(activity):
        return AlreadySignedUp()
    shut = _shut(activity, at, present)
    unfit = shut or unfit_for(activity, resident, at, present=present, known=known)
    return unfit or _full(activity, at, activity.pk in known.lines)


def can_wait(refused: Refused | None) -> bool:
    """Whether nothing but the number of places stands against it, so that one can join the line."""
    return isinstance(refused, ActivityFull | PeopleWait)


def _busy(activity: Activity, known: Known, at: datetime, present: bool) -> Refused | None:
    """Nobody is in two places. Who is here has left where they only signed up, but not where they are or were counted."""
    begins = max(at, activity.starts_at) if present else activity.starts_at
    others = [one for one in known.own if one.activity_id != activity.pk]
    other = next((one for one in others if _meets(one, begins, activity.ends_at, present)), None)
    if other is None:
        return None
    when = f"{words.dated(other.activity.starts_at)}—{clock.local(other.activity.ends_at):%H:%M}"
    name = f"《{other.activity.title}》（{when}）"
    if present or other.status != Status.SIGNED_UP:
        return BusyThen(f"同一时间已在{name}签到或记录，这次没有报上。请先在那边签退，或请工作人员核对。")
    return BusyThen(f"同一时间已报名{name}，这次没有报上。想改参加这一个，请先取消那一个。")


def _meets(one: Participation, begins: datetime, ends: datetime, present: bool) -> bool:
    if one.served_from and one.served_to:
        return one.served_from < ends and one.served_to > begins
    if one.status != Status.SIGNED_UP or (present and one.arrived_at is None):
        return False
    return one.activity.starts_at < ends and one.activity.ends_at > begins


def _too_young(activity: Activity) -> TooYoung:
    return TooYoung(
        f"这个活动要求年满{activity.min_age}岁，这次没有报上。未成年人参加志愿服务，请由监护人先联系社区。"
    )  # fmt: skip


def _too_old(activity: Activity) -> TooOld:
    return TooOld(f"这个活动只接受{activity.max_age}岁以下的居民，这次没有报上。请看看其他活动，或打社区电话问一问。")
