"""呼叫: a child that did not come or was not collected is looked for, one call after the other, until it is safe.

`sweep` opens the alarms, once each, whoever and however often it runs. Arriving, leave and the hand-over end them by trigger.
"""

from datetime import date, datetime

import structlog
from django.urls import reverse

from childcare.days import chain, due, who
from childcare.days.arriving import held
from childcare.days.chain import Whom
from childcare.models import Alarm, Call, Place, Turn
from communities import changes, duties
from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from notifications import outbox
from notifications.models import Message
from notifications.outbox import Words

Kind, Result = Alarm.Kind, Call.Result
INBOX, SMS = Message.Channel.INBOX, Message.Channel.SMS
NOTE = 60
SAFE = ("孩子已到家", "家长说明不来", "已联系上家长，正在来接", "由公安机关协助", "其他")
log = structlog.get_logger(__name__)


class AlarmClosed(Refused):
    code = "care_alarm_closed"
    message = "这次呼叫已经结束，没有再登记。"


class CallFirst(Refused):
    code = "care_call_first"
    message = "还没有登记打过电话，不能结束。请先打电话，登记结果后再结束。"


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
    called = list(alarm.calls.order_by("pk").values_list("whom", flat=True))
    return chain.next_of(chain.of(alarm), called)


@verb(REFUSALS)
def write(*, alarm: Alarm, whom: str, result: str, note: str = "", by: User, at: datetime | None = None) -> Call:
    """What came of a call to `whom` (a label of the chain). Who was reached is not called again by itself: a person closes."""
    changes.by(by)
    mine = _open(alarm.pk)
    if refused := refusal_to_act(mine, by):
        raise refused
    found = next((one for one in chain.of(mine) if one.label == whom), None)
    if found is None or result not in Result.values or len(note) > NOTE or "\0" in note:
        raise BadInput
    made = Call.objects.create(alarm=mine, whom=whom, result=result, note=note.strip(), by=by, at=at or clock.now())
    if found.step > mine.step:
        mine.step = found.step
        mine.save(update_fields=["step"])
    log.info("care_call", alarm=mine.pk, result=result)
    return made


@verb(REFUSALS)
def close(*, alarm: Alarm, outcome: str, by: User, at: datetime | None = None) -> Alarm:
    """Somebody knows where the child is. Refuses while nobody was called; a child that comes or goes ends it without this."""
    changes.by(by)
    mine = _open(alarm.pk)
    if refused := refusal_to_close(mine, by):
        raise refused
    if outcome not in SAFE:
        raise BadInput
    mine.closed_at, mine.closed_by, mine.outcome = max(at or clock.now(), mine.opened_at), by, outcome
    mine.save(update_fields=["closed_at", "closed_by", "outcome"])
    log.info("care_alarm_closed", alarm=mine.pk)
    return mine


def refusal_to_act(alarm: Alarm, by: User) -> Refused | None:
    """Caregivers of the centre on duty, its lead, and the community's staff may call."""
    centre = alarm.place.group.centre
    mine = who.watches(who.post_of(by, centre), clock.today()) or duties.holds(by, centre.community)
    reasons: list[tuple[bool, Refused]] = [(not mine, who.NotOnDuty()), (alarm.closed_at is not None, AlarmClosed())]
    return next((refused for stands, refused in reasons if stands), None)


def refusal_to_close(alarm: Alarm, by: User) -> Refused | None:
    if refused := refusal_to_act(alarm, by):
        return refused
    return None if alarm.calls.exists() else CallFirst()


def _open(pk: int) -> Alarm:
    people = ("place__child__community", "place__group__centre__community__sub_district")
    return Alarm.objects.select_for_update(no_key=True, of=("self",)).select_related(*people).get(pk=pk)


def _tell_family(alarm: Alarm, at: datetime) -> None:
    """At once, at any hour: every guardian, in the inbox and by a short message. No name, nothing but that it is theirs."""
    place = alarm.place
    centre, hour = place.group.centre, f"{clock.local(at):%H:%M}"
    said, what = {
        Kind.NOT_ARRIVED: ("孩子还没有到班", f"您的孩子到{hour}还没有到{centre}。今天不来请在“请假”里说明；已经出门的"),
        Kind.NOT_COLLECTED: ("孩子还没有接走", f"您的孩子到{hour}还在{centre}，没有人来接。请马上来接；来不了"),
    }[Kind(alarm.kind)]
    ring = f"请打{_phone(place)}，老师也正在给您打电话。"
    link = reverse("childcare:days", args=[place.child_id])
    short = f"【{centre.community.sub_district}】{said}，请马上联系老师{_phone(place)}。"
    outbox.tell_many(
        outbox.message(f"care-alarm:{alarm.pk}", words, channel, resident=one.guardian, due_at=at)
        for one in chain.guardians_of(place.child_id)
        for channel, words in ((INBOX, Words(said, f"{what}{ring}", link)), (SMS, Words(said, short)))
        if channel == INBOX or one.guardian.phone
    )


def _phone(place: Place) -> str:
    return place.group.centre.phone or place.group.centre.community.phone


def _tell_centre(alarm: Alarm, at: datetime) -> None:
    """Who is on duty, and the lead."""
    centre = alarm.place.group.centre
    turns = Turn.objects.filter(centre=centre, day=alarm.day, staffer__left_on=None).select_related("staffer__account")
    people = {one.staffer.account for one in turns if one.staffer.account} | {
        one.account
        for one in centre.staffers.filter(left_on=None, is_lead=True).select_related("account")
        if one.account
    }
    words = Words(
        f"有孩子{alarm.get_kind_display()}",
        f"{alarm.place.group}有一个孩子{alarm.get_kind_display()}，请马上打电话。",
        reverse("care:alarm", args=[alarm.pk]),
    )
    outbox.tell_many(
        outbox.message(f"care-alarm:{alarm.pk}", words, INBOX, staff=one, due_at=at)
        for one in sorted(people, key=lambda one: one.pk)
    )
