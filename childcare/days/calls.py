"""呼叫: a child that did not come or was not collected is looked for, one call after the other, until it is safe.

`sweep` opens the alarms, once each, whoever and however often it runs. Arriving, leave and the hand-over end them by trigger, and
what was a wrong tap lets them go on. Who is on the way holds one for a while (holding.py).
"""

from datetime import date, datetime

import structlog
from django.urls import reverse

from childcare.days import chain, due, who
from childcare.days.arriving import held
from childcare.days.chain import Whom
from childcare.models import Alarm, Call, Place, Turn
from communities import changes, duties
from communities.models import Duty, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from notifications import outbox
from notifications.models import Message
from notifications.outbox import Words
from notifications.templates import Template

Kind, Result = Alarm.Kind, Call.Result
INBOX, SMS = Message.Channel.INBOX, Message.Channel.SMS
NOT_ARRIVED = Template("care-not-arrived", "孩子还没有到班", "孩子还没有到班，请马上联系老师{phone}。")
NOT_COLLECTED = Template("care-not-collected", "孩子还没有接走", "孩子还没有接走，请马上联系老师{phone}。")
TEMPLATES = (NOT_ARRIVED, NOT_COLLECTED)
NOTE = 60
OTHER = "其他"
SAFE = {
    Kind.NOT_ARRIVED: ("孩子在家，家长已确认", "家长说明不来", "由公安机关协助", OTHER),
    Kind.NOT_COLLECTED: ("负责人陪着等", "由公安机关协助", OTHER),
}
WORDS = 40
log = structlog.get_logger(__name__)


class AlarmClosed(Refused):
    code = "care_alarm_closed"
    message = "这次呼叫已经结束，没有再登记。"


class CallFirst(Refused):
    code = "care_call_first"
    message = (
        "还没有人接通电话，不能结束，呼叫继续。请接着往下打；每个人都打过还没有人接的，"
        "由中心负责人或社区主任写明情况后结束。"
    )


class SayWhy(Refused):
    code = "care_alarm_say_why"
    message = f"没有人接通电话，或者选了“其他”，要写2到{WORDS}个字的说明才能结束，呼叫继续。"


REFUSALS: Refusals = {"CC034": lambda _: AlarmClosed()}


def sweep(at: datetime) -> int:
    """Opens what is due at `at`, each in its own transaction; how many that were. Called twice, even at once, it is done once."""
    by = User.objects.get(username="system")
    return sum(open_alarm(place_id=one.place, kind=one.kind, day=one.day, by=by, at=at) for one in due.at(at))


@verb()
def open_alarm(*, place_id: int, kind: str, day: date, by: User, at: datetime) -> bool:
    """Looks again with the place held: False when the child came, left, is on leave, or the alarm is there."""
    changes.by(by)
    place = held(place_id)
    if not due.still(place, kind, day, at):
        return False
    made = Alarm.objects.create(place=place, day=day, kind=kind, opened_at=at)
    _tell_family(made, at)
    _tell_centre(made, at)
    log.warning("care_alarm", alarm=made.pk, kind=kind)
    return True


def next_whom(alarm: Alarm) -> Whom | None:
    """Whom to call now; after everybody was called, whoever was called least often, from the first on."""
    called = list(alarm.calls.order_by("pk").values_list("key", flat=True))
    return chain.next_of(chain.of(alarm), called)


@verb(REFUSALS)
def write(*, alarm: Alarm, whom: str, result: str, note: str = "", by: User, at: datetime | None = None) -> Call:
    """What came of a call to `whom` (a key of the chain). Who was reached is not called again by itself: a person closes."""
    changes.by(by)
    mine = locked(alarm.pk)
    if refused := refusal_to_act(mine, by):
        raise refused
    found = next((one for one in chain.of(mine) if one.key == whom), None)
    if found is None or result not in Result.values or len(note) > NOTE or "\0" in note:
        raise BadInput
    made = Call.objects.create(
        alarm=mine, key=found.key, whom=found.label, result=result, note=note.strip(), by=by, at=at or clock.now()
    )  # fmt: skip
    if found.step > mine.step:
        mine.step = found.step
        mine.save(update_fields=["step"])
    log.info("care_call", alarm=mine.pk, result=result)
    return made


@verb(REFUSALS)
def close(*, alarm: Alarm, outcome: str, words: str = "", by: User, at: datetime | None = None) -> Alarm:
    """Somebody knows where the child is. Refuses what `refusal_to_close` says; a child that comes or goes ends it without this."""
    changes.by(by)
    mine, words = locked(alarm.pk), words.strip()
    if refused := refusal_to_close(mine, by):
        raise refused
    if outcome not in SAFE[Kind(mine.kind)] or len(words) > WORDS or "\0" in words:
        raise BadInput
    if len(words) < 2 and (outcome == OTHER or not was_reached(mine)):
        raise SayWhy
    mine.closed_at, mine.closed_by, mine.held_until = max(at or clock.now(), mine.opened_at), by, None
    mine.outcome = f"{outcome}：{words}" if words else outcome
    mine.save(update_fields=["closed_at", "closed_by", "held_until", "outcome"])
    log.info("care_alarm_closed", alarm=mine.pk)
    return mine


def refusal_to_act(alarm: Alarm, by: User) -> Refused | None:
    """Who may not call, and an alarm that is closed."""
    return refusal_to_call(alarm, by) or (AlarmClosed() if alarm.closed_at is not None else None)


def refusal_to_call(alarm: Alarm, by: User) -> Refused | None:
    """Caregivers of the centre on duty, its lead, and the community's staff may call."""
    centre = alarm.place.group.centre
    mine = who.watches(who.post_of(by, centre), clock.today()) or duties.holds(by, centre.community)
    return None if mine else who.NotOnDuty()


def refusal_to_close(alarm: Alarm, by: User) -> Refused | None:
    """Somebody was reached; or everybody was tried, and the lead or the head ends it."""
    if refused := refusal_to_act(alarm, by):
        return refused
    if was_reached(alarm):
        return None
    called = list(alarm.calls.values_list("key", flat=True))
    through = bool(called) and chain.is_through(chain.of(alarm), called)
    return None if through and _answers(alarm, by) else CallFirst()


def was_reached(alarm: Alarm) -> bool:
    return alarm.calls.filter(result=Result.REACHED).exists()


def _answers(alarm: Alarm, by: User) -> bool:
    """The centre's lead, or the head."""
    centre = alarm.place.group.centre
    post = who.post_of(by, centre)
    return (post is not None and post.is_lead) or duties.holds(by, centre.community, Duty.Role.HEAD)


def locked(pk: int) -> Alarm:
    people = ("place__child__community", "place__group__centre__community__sub_district")
    return Alarm.objects.select_for_update(no_key=True, of=("self",)).select_related(*people).get(pk=pk)


def _tell_family(alarm: Alarm, at: datetime) -> None:
    """At once, at any hour: every guardian, in the inbox and by a short message. No name, nothing but that it is theirs."""
    place = alarm.place
    centre, hour = place.group.centre, f"{clock.local(at):%H:%M}"
    template, what = {
        Kind.NOT_ARRIVED: (NOT_ARRIVED, f"您的孩子到{hour}还没有到{centre}。今天不来请在“请假”里说明；已经出门的"),
        Kind.NOT_COLLECTED: (NOT_COLLECTED, f"您的孩子到{hour}还在{centre}，没有人来接。请马上来接；来不了"),
    }[Kind(alarm.kind)]
    ring = f"请打{_phone(place)}，老师也正在给您打电话。"
    link = reverse("childcare:days", args=[place.child_id])
    inbox = Words(template.name, f"{what}{ring}", link)
    short = template.short(centre.community.sub_district, phone=_phone(place) or "或社区")
    outbox.tell_many(
        outbox.message(f"care-alarm:{alarm.pk}", words, channel, resident=one.guardian, due_at=at)
        for one in chain.guardians_of(place.child)
        for channel, words in ((INBOX, inbox), (SMS, short))
        if channel == INBOX or one.guardian.phone
    )


def _phone(place: Place) -> str:
    return place.group.centre.phone or place.group.centre.community.phone


def _tell_centre(alarm: Alarm, at: datetime) -> None:
    kind = alarm.get_kind_display()
    tell_duty(alarm, f"care-alarm:{alarm.pk}", at, f"有孩子{kind}", f"有一个孩子{kind}，请马上打电话。")


def tell_duty(alarm: Alarm, occasion: str, at: datetime, title: str, body: str) -> None:
    """Who is on duty, and the lead."""
    centre = alarm.place.group.centre
    turns = Turn.objects.filter(centre=centre, day=alarm.day, staffer__left_on=None).select_related("staffer__account")
    people = {one.staffer.account for one in turns if one.staffer.account} | {
        one.account
        for one in centre.staffers.filter(left_on=None, is_lead=True).select_related("account")
        if one.account
    }
    words = Words(title, f"{alarm.place.group}{body}", reverse("care:alarm", args=[alarm.pk]))
    outbox.tell_many(
        outbox.message(occasion, words, INBOX, staff=one, due_at=at) for one in sorted(people, key=lambda one: one.pk)
    )
