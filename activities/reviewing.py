"""The second of two people: what one colleague wrote down, another confirms; only then are points booked.

Bought hours were always entered by one administrator alone (domain guide, 3.3). The CHECK `participation_two_people`
stands behind `refusal_for`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import NamedTuple

from django.db.models import Q

from activities import awarding, deadlines, hours, onduty, rates
from activities.awarding import Earned
from activities.kinds import TEMPLATES
from activities.models import Award, Means, Participation, ParticipationQuerySet
from activities.recording import AlreadyConfirmed
from communities import duties
from communities.kin import Kin, kin_of, refusal_between
from communities.models import Community, User
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


class ForgottenCheckOut(Refused):
    code = "check_out_forgotten"
    message = (
        "这个人忘记签退，离开的时间是系统按活动结束填的，没有入账。请先核实，在活动页更正时长，再由另一位同事确认。"
    )


class LateWithoutReason(Refused):
    code = "late_without_reason"
    message = "已过记录期限，又没有写明补录原因，没有入账。请由工作人员写明原因重新记录，再由另一位同事确认。"


class OnDuty(Refused):
    code = "on_duty"
    message = "这位居民是本社区工作人员，这次活动由其发布或记录，在岗工作不计服务和积分，没有入账。请改为未到场。"


REFUSALS: Refusals = {
    **awarding.REFUSALS, **hours.REFUSALS,
    "participation_two_people": lambda _: SamePerson(), "award_two_people": lambda _: SamePerson(),
}  # fmt: skip


class Eyes(NamedTuple):
    """What the question “may I?” reads once for many rows: the family, from which day on is in time, who was on duty."""

    kin: Kin
    in_time: Mapping[int, datetime]  # sub-district → an activity that ended before this is late
    on_duty: frozenset[int]  # participations


def eyes_of(by: User, rows: Iterable[Participation], at: datetime | None = None) -> Eyes:
    """For `rows`, which have their activity and community; a handful of queries for any number."""
    seen, at = list(rows), at or clock.now()
    streets = {one.activity.community.sub_district_id for one in seen}
    return Eyes(kin_of(by), {street: _in_time(street, at) for street in streets}, onduty.among(one.pk for one in seen))


def _in_time(street: int, at: datetime) -> datetime:
    return clock.at(deadlines.in_time_since(street, at), time())


def refusal_for(participation: Participation, by: User, eyes: Eyes | None = None) -> Refused | None:
    """Why `by` cannot confirm; None when nothing stands against it. A list passes `eyes_of(by, rows)`, read once."""
    if participation.status == Status.CONFIRMED:
        return AlreadyConfirmed()
    if participation.status != Status.RECORDED:
        return NotRecorded()
    eyes = eyes or eyes_of(by, [participation])
    mine, activity = participation, participation.activity
    reasons: list[tuple[bool, Refused]] = [
        (mine.left_how == Means.FORGOTTEN, ForgottenCheckOut()),
        (mine.pk in eyes.on_duty, OnDuty()),
        (_is_late(mine, eyes.in_time[activity.community.sub_district_id]), LateWithoutReason()),
    ]
    segregated = refusal_between(
        by=by,
        recorders=[mine.recorded_by_id],
        beneficiaries=mine.beneficiaries,
        kin=eyes.kin,
        same=SamePerson(),
        family=OwnPoints(),
    )
    return segregated or next((refused for stands, refused in reasons if stands), None)


def _is_late(mine: Participation, in_time: datetime) -> bool:
    """A meeting gives no hours, so the deadline of their record does not concern it (民政部令第67号, 11)."""
    return mine.activity.volunteering and not mine.late_reason and mine.activity.ends_at < in_time


def open_for(user: User) -> ParticipationQuerySet:
    """Everything that is recorded and not confirmed where `user` works, with its people."""
    return (
        Participation.objects.for_staff(user)
        .awaiting_points()
        .with_people()
        .select_related("resident__community", "guardian__community")
        .order_by("pk")
    )


def waiting_for(by: User, kin: Kin | None = None, at: datetime | None = None) -> ParticipationQuerySet:
    """What `by` may confirm: the same answer as `refusal_for`, as a query for the to-do page."""
    if not by.own_phone:
        return Participation.objects.none()
    kin, at = kin or kin_of(by), at or clock.now()
    others = (
        Participation.objects.for_staff(by)
        .awaiting_points()
        .exclude(recorded_by__in=kin.accounts)
        .exclude(left_how=Means.FORGOTTEN)
    )
    others = others.exclude(resident__in=kin.residents).exclude(resident__household__in=kin.households)
    others = others.exclude(guardian__in=kin.residents).exclude(guardian__household__in=kin.households)
    late = Q(pk=None)
    for street in set(Community.objects.for_staff(by).values_list("sub_district", flat=True)):
        late |= Q(activity__community__sub_district=street, activity__ends_at__lt=_in_time(street, at))
    return onduty.without(others.exclude(late & Q(activity__volunteering=True, late_reason="")))


@verb(REFUSALS)
def confirm(*, participation: Participation, minutes: int, by: User, at: datetime | None = None) -> Participation:
    """Confirm the `minutes` that `by` saw: hours into their book, points into theirs, and tell the resident.

    The award comes first, because its key lets only one of two confirmers through; then the row is locked and read again.
    Refuses with what `refusal_for` says, and `hours.TooMuchADay`, `hours.Overlapping`.
    """
    at = at or clock.now()
    people = Participation.objects.with_people().select_related("resident__community", "guardian__community")
    seen = people.get(pk=participation.pk)
    duties.require(by, seen.activity.community)
    if refused := refusal_for(seen, by, eyes_of(by, [seen], at)):
        raise refused
    award = awarding.approve(earned=_earned(seen), by=by, at=at)
    mine = Participation.objects.select_for_update(no_key=True).get(pk=seen.pk)
    if mine.status == Status.CONFIRMED:
        raise AlreadyConfirmed
    if (mine.status, mine.minutes, mine.points, mine.recorded_by_id, mine.left_how) != (
        Status.RECORDED, minutes, seen.points, seen.recorded_by_id, seen.left_how,
    ):  # fmt: skip
        raise RecordChanged
    mine.activity = seen.activity
    mine.status, mine.confirmed_by, mine.confirmed_at, mine.award = Status.CONFIRMED, by, at, award
    mine.points = award.given if award and award.given is not None else mine.points
    mine.save(update_fields=["status", "confirmed_by", "confirmed_at", "award", "points"])
    hours.enter(participation=mine, by=by, at=at)
    for person in seen.beneficiaries:
        tell(resident=person, occasion=f"participation:{mine.pk}:confirmed", words=_words(mine, award))
    return mine


def _earned(seen: Participation) -> Earned:
    """By whom the points are earned: of somebody under 14 their guardian, while the hours are the child's own."""
    activity = seen.activity
    what = "志愿服务" if activity.volunteering else activity.get_kind_display()
    return Earned(
        about=f"participation:{seen.pk}", resident=seen.guardian or seen.resident, community=activity.community,
        code=TEMPLATES[activity.kind].rule, title=f"{what}《{activity.title}》",
        price=rates.price_of(activity, seen.minutes or 0, seen.guardian or seen.resident), recorded_by_id=seen.recorded_by_id or 0,
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
