"""履约填报: what the partner or a colleague says was delivered, and the other person who confirms or declines it.

Locks: the delivery alone; saying it, the promise.
"""

from datetime import date, datetime, timedelta
from hashlib import sha256

from communities import duties
from communities.models import User
from communities.photos import Picture
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb
from partners.models import Clerk, Delivery, Paper, Promise
from partners.obligations import bias

NOTE, WHY = 200, 100
TIMES, MINUTES, PEOPLE = range(1, 32), range(1, 10081), range(100_000)
OLDEST = 60  # days; what is older nobody can look into any more
Status = Delivery.Status


class NotYourPromise(Refused):
    code = "not_your_promise"
    message = "只有这家合伙人的手机或本社区工作人员可以填报，没有保存。请用登记的手机号登录。"
    status = 403


class NotThen(Refused):
    code = "delivery_not_then"
    message = "那一天协议没有生效，没有保存。请核对日期。"


class NotThatDay(BadInput):
    code = "delivery_day"
    message = f"只能填报今天和过去{OLDEST}天以内的履约，没有保存。请改选日期。"


class DeliveryUnclear(BadInput):
    code = "delivery_unclear"
    message = "请填写次数（1到31）、服务人数、服务分钟（1到10080）和说明，没有保存。"


class SaidAlready(Refused):
    code = "delivery_said_already"
    message = "同一天同样的履约已经填报过，没有重复保存。确实又做了一次的，请在说明里写明。"


class AlreadySettled(Refused):
    code = "delivery_settled"
    message = "这条履约已经确认或退回，没有再改动。请刷新后再看。"


def refusal_to_report(promise: Promise, on: date, by: User, at: datetime) -> Refused | None:
    """Why `by` cannot say that `promise` was kept on `on`; None when nothing stands against it. Pages, REST and verb ask."""
    agreement, today = promise.agreement, clock.local(at).date()
    serves = Clerk.objects.current().filter(partner=agreement.partner_id, account=by).exists()
    if not serves and not duties.holds(by, agreement.community, *duties.ENTERING):
        return NotYourPromise()
    if not today - timedelta(days=OLDEST) <= on <= today:
        return NotThatDay()
    held = type(agreement).objects.in_force(on).filter(pk=agreement.pk).exists()
    return None if held else NotThen()


@verb()
def report(
    *, promise: Promise, on: date, people: int, minutes: int, note: str, by: User, times: int = 1,
    photo: Picture | None = None, at: datetime | None = None,
) -> Delivery:  # fmt: skip
    """Write down that `promise` was kept `times` times on `on`: how many people in how many minutes altogether.

    It counts once somebody else has confirmed it. Refuses `DeliveryUnclear`, `SaidAlready` and what `refusal_to_report` says.
    """
    at, note = at or clock.now(), note.strip()
    if refused := refusal_to_report(promise, on, by, at):
        raise refused
    if times not in TIMES or minutes not in MINUTES or people not in PEOPLE or not _said(note, NOTE):
        raise DeliveryUnclear
    Promise.objects.select_for_update(no_key=True).get(pk=promise.pk)  # a second tap waits for the first one
    same = promise.deliveries.filter(on=on, times=times, people=people, minutes=minutes, note=note)
    if same.exclude(status=Status.DECLINED).exists():
        raise SaidAlready
    paper = None if photo is None else Paper.objects.create(
        partner=promise.agreement.partner, title="履约照片", jpeg=photo.jpeg, sha256=sha256(photo.jpeg).hexdigest(), by=by, at=at
    )  # fmt: skip
    return Delivery.objects.create(
        promise=promise, on=on, times=times, people=people, minutes=minutes, note=note, paper=paper, by=by, at=at
    )


def refusal_to_settle(delivery: Delivery, by: User) -> Refused | None:
    """Why `by` cannot confirm or decline it; None when nothing stands against it. The desk and both verbs ask."""
    agreement = delivery.promise.agreement
    if not duties.holds(by, agreement.community):
        return duties.NotYourDuty()
    if delivery.status != Status.REPORTED:
        return AlreadySettled()
    return bias.refusal_for(by, agreement.partner, recorders=[delivery.by_id])


@verb()
def confirm(*, delivery: Delivery, by: User, note: str = "", at: datetime | None = None) -> Delivery:
    """A colleague who did not report it has seen that it was so. Refuses what `refusal_to_settle` says."""
    return _settled(delivery, Status.CONFIRMED, by, note.strip(), at)


@verb()
def decline(*, delivery: Delivery, by: User, note: str, at: datetime | None = None) -> Delivery:
    """It does not count, and the note says why. Refuses `DeliveryUnclear` without one, and what `refusal_to_settle` says."""
    if not note.strip():
        raise DeliveryUnclear("请写明不认可的原因，没有改动。")
    return _settled(delivery, Status.DECLINED, by, note.strip(), at)


def _settled(delivery: Delivery, status: Status, by: User, note: str, at: datetime | None) -> Delivery:
    mine = locked(delivery)
    if refused := refusal_to_settle(mine, by):
        raise refused
    if note and not _said(note, WHY):
        raise DeliveryUnclear(f"说明不超过{WHY}字，没有改动。")
    mine.status, mine.settled_by, mine.settled_at, mine.settled_note = status, by, at or clock.now(), note
    mine.save(update_fields=["status", "settled_by", "settled_at", "settled_note"])
    return mine


def locked(delivery: Delivery) -> Delivery:
    """The row as it is now, held until the end of the transaction."""
    rows = Delivery.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("promise__agreement__partner", "promise__agreement__community").get(pk=delivery.pk)


def _said(text: str, longest: int) -> bool:
    return 0 < len(text) <= longest and "\0" not in text
