"""更正: what was confirmed wrongly is proposed anew by one colleague and decided by another; hours and points change together.

Nothing is deleted: the old record is voided and stays, the old award is reversed, what was spent meanwhile is owed (民政部令第67号,
13; design, 3.9). 0 minutes strike the record out; somebody marked absent by mistake is put right the same way. What the resident
reads about it: activities/corrected.py.
"""

from collections.abc import Container
from datetime import datetime, timedelta

from activities import awarding, hours, onduty, rates
from activities.awarding import Earned
from activities.corrected import tell_everybody, words_for_proposer
from activities.kinds import TEMPLATES
from activities.models import Award, Correction, Means, Participation, Service
from activities.recording import LONGEST, is_late
from communities import duties
from communities.kin import Kin, refusal_between
from communities.models import Appeal, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from notifications.outbox import tell
from points import ledger
from points.models import Entry

REASON = 100  # characters
CORRECTED = (
    "status", "arrived_at", "arrived_how", "left_at", "left_how", "served_from", "served_to", "minutes", "points",
    "recorded_by", "recorded_at", "late_reason", "over_reason", "absent_at", "absent_by", "confirmed_by", "confirmed_at",
    "award",
)  # fmt: skip
Status, State = Correction.Status, Participation.Status


class NothingToCorrect(Refused):
    code = "nothing_to_correct"
    message = "只有已经确认的记录和标记未到场的，才需要更正。这条还没有确认，可以直接重新记录，什么都没有改动。"


class NoChange(BadInput):
    code = "correction_no_change"
    message = "更正后的分钟数和原来一样，没有提交。请核对后重新填写。"


class BadLength(BadInput):
    code = "correction_minutes"
    message = f"更正后的时长须是0到{LONGEST}分钟之间的整数，0表示未到场。这次没有提交。"


class CountedOnce(BadInput):
    code = "correction_counted_once"
    message = "会议、讲座、沙龙按次计积分，时长不影响积分。没有到场的请填0，到场的不用更正。这次没有提交。"


class BadReason(BadInput):
    code = "correction_reason"
    message = f"请写明更正原因，不超过{REASON}字。这次没有提交。"


class WrongAppeal(BadInput):
    code = "correction_appeal"
    message = "这件申诉不是关于这条记录的，或还没有得到支持。这次没有提交。"


class AlreadyProposed(Refused):
    code = "correction_proposed"
    message = "这条记录已有一项更正在等复核，没有重复提出。"


class AlreadyDecided(Refused):
    code = "correction_decided"
    message = "这项更正已经复核过，没有再改动。"


class RecordMoved(Refused):
    code = "correction_outdated"
    message = "提出以后这条记录又有变动，没有更正。请核对现在的记录，选“不通过”后重新提出。"


class SamePerson(Refused):
    code = "same_person"
    message = "这项更正由您提出，须由另一位工作人员复核，没有改动。"
    status = 403


class OwnRecord(Refused):
    code = "own_record"
    message = "不能更正自己、家人或由您代办的居民的记录，请由其他同事办理。什么都没有改动。"
    status = 403


class NoPlaceLeft(Refused):
    code = "no_place_left"
    message = "活动名额已满或活动已取消，没有更正。请先在活动里增加名额，再复核。"


class OnDuty(Refused):
    code = "on_duty"
    message = "这位居民是本社区工作人员，这次活动由其发布或记录，在岗工作不计服务和积分，没有更正。"


class NoGuardian(Refused):
    code = "no_guardian"
    message = "登记的是监护人没有在场，未满14岁的服务不能记录，没有更正。监护人确实在场的，请先在活动名单里勾选。"


REFUSALS: Refusals = {
    **awarding.REFUSALS, **hours.REFUSALS,
    "hours_correction_once": lambda _: AlreadyProposed(), "award_once": lambda _: AlreadyDecided(),
    "activities_award_entry_id_key": lambda _: AlreadyDecided(),
    "hours_correction_two_people": lambda _: SamePerson(), "award_two_people": lambda _: SamePerson(),
    "activity_places": lambda _: NoPlaceLeft(), "AC001": lambda _: NoPlaceLeft(),
    "participation_guardian_there": lambda _: NoGuardian(),
}  # fmt: skip


def minutes_of(part: Participation) -> int:
    """What is on record now; 0 for somebody marked absent."""
    return (part.minutes or 0) if part.status == State.CONFIRMED else 0


def refusal_to_propose(part: Participation, by: User, kin: Kin | None = None) -> Refused | None:
    """Why `by` cannot propose a correction of `part`; None when nothing stands against it."""
    if not duties.holds(by, part.activity.community):
        return duties.NotYourDuty()
    if part.status not in (State.CONFIRMED, State.ABSENT):
        return NothingToCorrect()
    return refusal_between(by=by, beneficiaries=part.beneficiaries, kin=kin, family=OwnRecord())


def refusal_for(
    correction: Correction, by: User, kin: Kin | None = None, served: Container[int] | None = None
) -> Refused | None:
    """Why `by` cannot decide it; None when nothing stands against it. A list passes `kin_of(by)` and the numbers of the
    communities where `by` works, read once.
    """
    place = correction.participation.activity.community
    if not (duties.holds(by, place) if served is None else place.pk in served):
        return duties.NotYourDuty()
    if correction.status != Status.PROPOSED:
        return AlreadyDecided()
    return refusal_between(
        by=by, recorders=[correction.proposed_by_id], beneficiaries=correction.participation.beneficiaries, kin=kin,
        same=SamePerson(), family=OwnRecord(),
    )  # fmt: skip


@verb(REFUSALS)
def propose(
    *, participation: Participation, minutes: int, reason: str, by: User, appeal: Appeal | None = None,
    at: datetime | None = None,
) -> Correction:  # fmt: skip
    """Ask a second colleague to put `minutes` on record instead (0: was not there), with the upheld `appeal`, if any.

    Refuses `BadReason`, `BadLength`, `CountedOnce`, `NoChange`, `OnDuty`, `WrongAppeal`, `AlreadyProposed` and what
    `refusal_to_propose` says.
    """
    reason = _written(reason)
    rows = Participation.objects.select_for_update(no_key=True, of=("self",))
    part = rows.select_related("activity__community", "resident", "guardian").get(pk=participation.pk)
    if refused := refusal_to_propose(part, by):
        raise refused
    if refused := _against(part, minutes):
        raise refused
    _require_own_time(part, minutes)
    if appeal and not concerns(appeal, part):
        raise WrongAppeal
    return Correction.objects.create(
        participation=part, appeal=appeal, old_minutes=minutes_of(part), new_minutes=minutes,
        old_points=part.points or 0, reason=reason, proposed_by=by, proposed_at=at or clock.now(),
    )  # fmt: skip


@verb(REFUSALS)
def approve(*, correction: Correction, by: User, at: datetime | None = None) -> Correction:
    """Void the old record and reverse its award, write both anew, and tell the resident. Refuses what `refusal_for` says,
    `OnDuty`, `RecordMoved`, `NoPlaceLeft`, `hours.TooMuchADay` and `hours.Overlapping`.

    The books come first: their keys let only one of two approvers through, and wallets are locked before rows.
    """
    at = at or clock.now()
    seen = _seen(correction)
    if refused := refusal_for(seen, by):
        raise refused
    _require_own_time(seen.participation, seen.new_minutes)
    award = _book(seen, by, at)
    part = Participation.objects.select_for_update(no_key=True).get(pk=seen.participation_id)
    mine = Correction.objects.select_for_update(no_key=True).get(pk=seen.pk)
    if mine.status != Status.PROPOSED:
        raise AlreadyDecided
    if (part.status, minutes_of(part), part.award_id) != (
        seen.participation.status, seen.old_minutes, seen.participation.award_id,
    ):  # fmt: skip
        raise RecordMoved
    part.activity, part.resident, part.guardian = (
        seen.participation.activity,
        seen.participation.resident,
        seen.participation.guardian,
    )
    _stop_waiting(part, at)
    old = part.award
    _put(part, mine, award, by, at)
    mine.status, mine.decided_by, mine.decided_at, mine.old_award = Status.APPROVED, by, at, old
    mine.new_points, mine.participation = part.points or 0, part
    mine.save(update_fields=["status", "decided_by", "decided_at", "new_points", "old_award"])
    tell_everybody(mine, award, part.beneficiaries)
    return mine


@verb(REFUSALS)
def decline(*, correction: Correction, reason: str, by: User, at: datetime | None = None) -> Correction:
    """Decide that the record stays as it is. Refuses `BadReason` and what `refusal_for` says."""
    reason = _written(reason)
    rows = Correction.objects.select_for_update(no_key=True, of=("self",))
    related = (
        "participation__activity__community",
        "participation__resident",
        "participation__guardian",
        "proposed_by",
    )
    mine = rows.select_related(*related).get(pk=correction.pk)
    if refused := refusal_for(mine, by):
        raise refused
    mine.status, mine.decided_by, mine.decided_at, mine.decline_reason = Status.DECLINED, by, at or clock.now(), reason
    mine.save(update_fields=["status", "decided_by", "decided_at", "decline_reason"])
    tell(staff=mine.proposed_by, occasion=f"correction:{mine.pk}:declined", words=words_for_proposer(mine))
    return mine


def concerns(appeal: Appeal, part: Participation) -> bool:
    """Whether `appeal` was upheld and is about this record, or about an earlier correction of it."""
    prefix, _, number = appeal.about.partition(":")
    ours = {"participation": [part.pk], "correction": list(part.corrections.values_list("pk", flat=True))}
    right = appeal.resident_id == part.resident_id and number in map(str, ours.get(prefix, []))
    return right and appeal.status == Appeal.Status.UPHELD


def taken_back_before(award: Award | None) -> bool:
    """Whether the points of `award` were taken back otherwise (points/adjusting.py): then a correction gives no new ones."""
    return bool(award and award.entry_id and Entry.objects.filter(reverses=award.entry_id).exists())


def _against(part: Participation, minutes: int) -> Refused | None:
    most = max(LONGEST, part.minutes or 0) if part.over_reason else LONGEST
    reasons: list[tuple[bool, Refused]] = [
        (not 0 <= minutes <= most, BadLength()),
        (not part.activity.volunteering and minutes > 0 and part.status == State.CONFIRMED, CountedOnce()),
        (minutes == minutes_of(part), NoChange()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


def _require_own_time(part: Participation, minutes: int) -> None:
    """Less is put on record of everybody; more of nobody who was on duty."""
    if minutes > minutes_of(part) and onduty.among([part.pk]):
        raise OnDuty


def _seen(correction: Correction) -> Correction:
    part = "participation"
    related = (
        f"{part}__activity__community",
        f"{part}__resident__community",
        f"{part}__guardian__community",
        f"{part}__award",
    )
    return Correction.objects.select_related(*related, "proposed_by").get(pk=correction.pk)


def _book(seen: Correction, by: User, at: datetime) -> Award | None:
    """Take back what the old minutes gave and award the new ones, by the rule of the day of service."""
    part, old = seen.participation, seen.participation.award
    if taken_back_before(old):
        return None
    if old and old.given and old.entry_id:
        key = f"participation:{part.pk}:back:{seen.pk}"
        ledger.reverse(key=key, entry=old.entry_id, by=by, reason=f"更正《{part.activity.title}》", at=at)
    if not seen.new_minutes:
        return None
    what = "志愿服务" if part.activity.volunteering else part.activity.get_kind_display()
    earner = part.guardian or part.resident
    return awarding.approve(
        earned=Earned(
            about=f"participation:{part.pk}:{seen.pk}", resident=earner,
            community=part.activity.community, code=TEMPLATES[part.activity.kind].rule,
            title=f"{what}《{part.activity.title}》（更正）", price=rates.price_of(part.activity, seen.new_minutes, earner),
            recorded_by_id=seen.proposed_by_id,
        ), by=by, at=at,
    )  # fmt: skip


def _stop_waiting(part: Participation, at: datetime) -> None:
    """What waited for the public notice is not booked any more. If it was booked this moment, nothing is corrected."""
    if part.award_id is None:
        return
    old = Award.objects.select_for_update(no_key=True).get(pk=part.award_id)
    if old.status == Award.Status.POSTED and old.given and not taken_back_before(old):
        raise RecordMoved
    if old.status == Award.Status.NOTICE:
        Award.objects.filter(pk=old.pk).update(status=Award.Status.STOPPED, stopped_at=at, stop_reason="记录已更正")


def _put(part: Participation, correction: Correction, award: Award | None, by: User, at: datetime) -> None:
    """The row and the book of hours as they are from now on."""
    last = Service.objects.filter(participation=part).order_by("-pk").first()
    if last and last.voided_at is None:
        hours.void(service=last, reason=f"更正：{correction.reason}"[:100], by=by, at=at)
    begins = part.served_from or (last.starts_at if last else part.activity.starts_at)
    if correction.new_minutes:
        if last:  # struck out before: why it was late or too long is still true
            part.late_reason, part.over_reason = last.late_reason, last.over_reason
        elif is_late(part.activity, at):
            part.late_reason = f"更正：{correction.reason}"[:100]
        _confirm(part, correction, begins, by, at)
        points = award.given if award and award.given is not None else award.asked if award else 0
        part.points, part.award = points, award
    else:
        _strike_out(part, by, at)
    part.save(update_fields=CORRECTED)
    if correction.new_minutes:
        hours.enter(participation=part, by=by, at=at, replaces=last)


def _confirm(part: Participation, correction: Correction, begins: datetime, by: User, at: datetime) -> None:
    part.served_from, part.served_to = begins, begins + timedelta(minutes=correction.new_minutes)
    if part.arrived_at is None:
        part.arrived_at, part.arrived_how = part.served_from, Means.DESK
        part.left_at, part.left_how = part.served_to, Means.DESK
    part.status, part.minutes = State.CONFIRMED, correction.new_minutes
    part.recorded_by_id, part.recorded_at = correction.proposed_by_id, correction.proposed_at
    part.confirmed_by, part.confirmed_at = by, at
    part.absent_at = part.absent_by = None


def _strike_out(part: Participation, by: User, at: datetime) -> None:
    part.status, part.minutes, part.points, part.award = State.ABSENT, None, None, None
    part.recorded_by = part.recorded_at = part.served_from = part.served_to = None
    part.confirmed_by = part.confirmed_at = part.arrived_at = part.left_at = None
    part.arrived_how = part.left_how = part.late_reason = part.over_reason = ""
    part.absent_at, part.absent_by = at, by


def _written(reason: str) -> str:
    reason = reason.strip()
    if not 0 < len(reason) <= REASON or ledger.UNWRITABLE.search(reason):
        raise BadReason
    return reason
