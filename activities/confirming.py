"""The second of two people: what one colleague wrote down, another confirms; only then are points booked.

Bought hours were always entered by one administrator alone (domain guide, 3.3). The CHECK `participation_two_people`
stands behind `refusal_for`.
"""

from datetime import datetime

from activities import rates
from activities.models import Participation, ParticipationQuerySet
from activities.recording import AlreadyConfirmed
from communities import duties
from communities.kin import Kin, kin_of, refusal_between
from communities.models import User
from core import clock
from core.refusals import Refused
from core.verbs import Refusals, verb
from notifications.outbox import Words, tell
from points import debts, ledger
from points.pricing import HALF_HOUR

Status = Participation.Status


class NotRecorded(Refused):
    code = "not_recorded"
    message = "这条服务还没有记录，不能确认。请先记录到场和时长。"


class RecordChanged(Refused):
    code = "record_changed"
    message = "这条记录刚被改动，没有入账。请核对新的时长后再确认。"


class SamePerson(Refused):
    code = "same_person"
    message = "您记录的服务，须由另一位工作人员确认。"
    status = 403


class OwnPoints(Refused):
    code = "own_points"
    message = "不能确认自己或家人的积分，请由其他同事确认。"
    status = 403


REFUSALS: Refusals = {**ledger.REFUSALS, "participation_two_people": lambda _: SamePerson()}


def refusal_for(participation: Participation, by: User, kin: Kin | None = None) -> Refused | None:
    """Why `by` cannot confirm; None when nothing stands against it. A list passes `kin_of(by)`, read once."""
    if participation.status == Status.CONFIRMED:
        return AlreadyConfirmed()
    if participation.status != Status.RECORDED:
        return NotRecorded()
    return refusal_between(
        by=by, recorders=[participation.recorded_by_id], beneficiaries=[participation.resident], kin=kin,
        same=SamePerson(), family=OwnPoints(),
    )  # fmt: skip


def waiting_for(by: User) -> ParticipationQuerySet:
    """What `by` may confirm: the same answer as `refusal_for`, as a query for the to-do page."""
    if not by.own_phone:
        return Participation.objects.none()
    kin = kin_of(by)
    others = Participation.objects.for_staff(by).awaiting_points().exclude(recorded_by=by)
    return others.exclude(resident__in=kin.residents).exclude(resident__household__in=kin.households)


@verb(REFUSALS)
def confirm(*, participation: Participation, minutes: int, by: User, at: datetime | None = None) -> Participation:
    """Confirm the `minutes` that `by` saw, book the award and tell the resident. Refuses with what `refusal_for` says.

    The award comes first, because its key lets only one of two confirmers through; then the row is locked and read again.
    """
    at = at or clock.now()
    seen = Participation.objects.with_people().get(pk=participation.pk)
    duties.require(by, seen.activity.community)
    if refused := refusal_for(seen, by):
        raise refused
    entry, given = _award(seen, by, at)
    mine = Participation.objects.select_for_update(no_key=True).get(pk=seen.pk)
    if mine.status == Status.CONFIRMED:
        raise AlreadyConfirmed
    if (mine.status, mine.minutes, mine.points, mine.recorded_by_id) != (
        Status.RECORDED, minutes, seen.points, seen.recorded_by_id,
    ):  # fmt: skip
        raise RecordChanged
    mine.status, mine.confirmed_by, mine.confirmed_at = Status.CONFIRMED, by, at
    mine.entry_id, mine.points = entry, given
    mine.save(update_fields=["status", "confirmed_by", "confirmed_at", "entry", "points"])
    tell(resident=seen.resident, occasion=f"participation:{mine.pk}:confirmed", words=_words(mine, seen.points or 0))
    return mine


def _award(seen: Participation, by: User, at: datetime) -> ledger.Awarded:
    return ledger.award(
        key=f"participation:{seen.pk}", resident=seen.resident, price=rates.price_of(seen.activity, seen.minutes or 0),
        by=by, reason=f"志愿服务《{seen.activity.title}》", at=at,
    )  # fmt: skip


def _words(mine: Participation, asked: int) -> Words:
    """With what a cap cut off and what went to older debts, so that nobody wonders."""
    minutes, given, paid = mine.minutes or 0, mine.points or 0, debts.paid_by(mine.entry_id)
    got = f"获得{given}积分。"
    if not asked:
        got = "不足30分钟，不计积分。" if minutes < HALF_HOUR else "这一项现在不计积分，服务时长照样记。"
    elif given < asked:
        got = f"按规则应得{asked}积分，因本日或本月已到封顶，实得{given}积分；服务时长不受影响。"
    got += f"其中{paid}积分用于抵扣。" if paid else ""
    return Words("志愿服务已确认", f"《{mine.activity.title}》服务{minutes}分钟，{got}", "/activities/mine/")
