"""The second of two people: what one colleague wrote down, another confirms; only then are points booked.

Bought hours were always entered by one administrator alone (domain guide, 3.3). The CHECK `participation_two_people`
stands behind `refusal_for`.
"""

from datetime import datetime

from activities import awarding, hours, rates
from activities.awarding import Earned
from activities.kinds import TEMPLATES
from activities.models import Award, Participation, ParticipationQuerySet
from activities.recording import AlreadyConfirmed
from communities import duties
from communities.kin import Kin, kin_of, refusal_between
from communities.models import User
from core import clock
from core.refusals import Refused
from core.verbs import Refusals, verb
from notifications.outbox import Words, tell
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


REFUSALS: Refusals = {
    **awarding.REFUSALS, **hours.REFUSALS,
    "participation_two_people": lambda _: SamePerson(), "award_two_people": lambda _: SamePerson(),
}  # fmt: skip


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
    """Confirm the `minutes` that `by` saw: hours into their book, points into theirs, and tell the resident.

    The award comes first, because its key lets only one of two confirmers through; then the row is locked and read again.
    Refuses with what `refusal_for` says, and `hours.TooMuchADay`, `hours.Overlapping`.
    """
    at = at or clock.now()
    seen = Participation.objects.with_people().select_related("guardian__community").get(pk=participation.pk)
    duties.require(by, seen.activity.community)
    if refused := refusal_for(seen, by):
        raise refused
    award = awarding.approve(earned=_earned(seen), by=by, at=at)
    mine = Participation.objects.select_for_update(no_key=True).get(pk=seen.pk)
    if mine.status == Status.CONFIRMED:
        raise AlreadyConfirmed
    if (mine.status, mine.minutes, mine.points, mine.recorded_by_id) != (
        Status.RECORDED, minutes, seen.points, seen.recorded_by_id,
    ):  # fmt: skip
        raise RecordChanged
    mine.activity = seen.activity
    mine.status, mine.confirmed_by, mine.confirmed_at, mine.award = Status.CONFIRMED, by, at, award
    mine.points = award.given if award and award.given is not None else mine.points
    mine.save(update_fields=["status", "confirmed_by", "confirmed_at", "award", "points"])
    hours.enter(participation=mine, by=by, at=at)
    tell(resident=seen.resident, occasion=f"participation:{mine.pk}:confirmed", words=_words(mine, award))
    return mine


def _earned(seen: Participation) -> Earned:
    """By whom the points are earned: of somebody under 14 their guardian, while the hours are the child's own."""
    activity = seen.activity
    what = "志愿服务" if activity.volunteering else activity.get_kind_display()
    return Earned(
        about=f"participation:{seen.pk}", resident=seen.guardian or seen.resident, community=activity.community,
        code=TEMPLATES[activity.kind].rule, title=f"{what}《{activity.title}》",
        price=rates.price_of(activity, seen.minutes or 0), recorded_by_id=seen.recorded_by_id or 0,
    )  # fmt: skip


def _words(mine: Participation, award: Award | None) -> Words:
    """With what a cap cut off and what went to older debts, so that nobody wonders."""
    minutes, service = mine.minutes or 0, mine.activity.volunteering
    got = awarding.said_of(award) if award else ""
    if award is None:
        got = "不足30分钟，不计积分。" if service and minutes < HALF_HOUR else "这一项现在不计积分。"
    got += "服务时长已另外记录，不受积分影响。" if service else ""
    title = "志愿服务已确认" if service else "参加活动已确认"
    return Words(
        title, f"《{mine.activity.title}》{f'服务{minutes}分钟，' if service else ''}{got}", "/activities/mine/"
    )
