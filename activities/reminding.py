"""活动提醒: a day and two hours before an activity whoever signed up is told, the first time by short message too.

Beat asks every few minutes; hours as the sub-district has set them. Nobody is reminded of what they signed up for later than
the reminder would have come, and at night it waits for the morning. Withdrawing takes back what was not sent (signup.py).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from activities.models import Activity, Participation
from communities.settings import ACTIVITY_REMIND_HOURS, values_of
from core import clock, words
from core.verbs import verb
from notifications import outbox, quiet
from notifications.models import Message
from notifications.outbox import Words
from notifications.templates import Template

PEOPLE = outbox.BATCH // 2
NAMES = ("first", "last")
INBOX, SMS = Message.Channel.INBOX, Message.Channel.SMS
ACTIVITY = Template("activity-reminder", "活动提醒", "《{title}》{when}开始，{place}。", ("place", "title"))


class Reminder(NamedTuple):
    """What the people of one activity are told: those who had signed up by `since`."""

    activity: Activity
    name: str
    since: datetime
    due_at: datetime
    rings: bool


def remind(at: datetime) -> int:
    """Write what is due at `at`; returns how many rows. Called twice, even at once, everybody is told once."""
    return sum(_tell(reminder) for reminder in due(at))


def due(at: datetime) -> list[Reminder]:
    """Of every activity that begins soon the reminder whose hour has come: the last one, once that is due."""
    within = timedelta(hours=ACTIVITY_REMIND_HOURS[0].high)
    coming = Activity.objects.upcoming(at).filter(starts_at__lte=at + within)
    by_street: dict[int, list[Activity]] = {}
    for one in coming.select_related("community__sub_district"):
        by_street.setdefault(one.community.sub_district_id, []).append(one)
    return [one for street, some in by_street.items() for one in _of_street(street, some, at)]


def _of_street(street: int, activities: Iterable[Activity], at: datetime) -> list[Reminder]:
    hours = values_of(ACTIVITY_REMIND_HOURS, street)
    found = []
    for activity in activities:
        since = [activity.starts_at - timedelta(hours=hours[value]) for value in ACTIVITY_REMIND_HOURS]
        come = [number for number, moment in enumerate(since) if moment <= at]
        if come:
            number = come[-1]
            morning = quiet.calm(at)
            rings = morning < activity.starts_at
            found.append(
                Reminder(activity, NAMES[number], since[number], morning if rings else at, rings and not number)
            )
    return found


@verb()
def _tell(reminder: Reminder) -> int:
    """A row that is being withdrawn is skipped, and recalled by whoever withdraws; some at once, the rest the next time."""
    occasion = Concat(Value("activity:"), Cast("activity", CharField()), Value(f":remind-{reminder.name}"))
    told = Message.objects.filter(resident=OuterRef("resident"), staff=None, occasion=OuterRef("occasion"))
    signed = Participation.objects.filter(
        activity=reminder.activity, status=Participation.Status.SIGNED_UP, arrived_at=None, at__lt=reminder.since
    )
    untold = signed.alias(occasion=occasion).filter(~Exists(told))
    locked = untold.select_for_update(no_key=True, skip_locked=True, of=("self",)).select_related("resident")
    people = list(locked.order_by("pk")[:PEOPLE])
    outbox.tell_many(row for one in people for row in _rows(reminder, one))
    return len(people)


def _rows(reminder: Reminder, one: Participation) -> list[Message]:
    activity, occasion = reminder.activity, f"activity:{reminder.activity.pk}:remind-{reminder.name}"
    inbox = Words("活动提醒", body_of(activity), f"/activities/{activity.pk}/")
    told = [(INBOX, inbox)]
    if reminder.rings and one.resident.phone:
        told.append((SMS, sms_of(activity)))
    return [
        outbox.message(
            occasion, said, channel, resident=one.resident, due_at=reminder.due_at, until=activity.starts_at
        )
        for channel, said in told
    ]  # fmt: skip


def body_of(activity: Activity) -> str:
    """When, where, what to bring, and that one scans on the spot."""
    when = f"{words.dated(activity.starts_at)}—{clock.local(activity.ends_at):%H:%M}"
    bring = f"装备：{activity.equipment}。" if activity.equipment else ""
    last = "到场请扫现场的码签到，走时扫码签退；没有手机的找工作人员登记。不能来请在开始前取消报名。"
    return f"《{activity.title}》{when}，集合地点：{activity.place}。{bring}{last}"[:300]


def sms_of(activity: Activity) -> Words:
    """The short message; the end of a long place goes first, then that of a long title."""
    when = words.dated(activity.starts_at)
    return ACTIVITY.short(activity.community.sub_district, title=activity.title, when=when, place=activity.place)
