"""表彰: written down with its evidence by one colleague, seen by a second; what it earns waits for the public notice.

Fields: 民政部令第67号, 9. Points by level: domain guide, 4.2. Who was declined may appeal.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from django.db.models import QuerySet
from django.urls import reverse

from activities import awarding, rates
from activities.awarding import Earned
from activities.models import Honour
from activities.queue import Kind, Line
from communities import appeals, duties, guardians
from communities.handover import Holder
from communities.kin import Kin, kin_of, refusal_between
from communities.models import Community, Resident, User
from core import clock, words
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from notifications.outbox import Words, tell
from points import pricing
from points.pricing import Price

NAME, EVIDENCE, REASON = 60, 200, 100  # characters
PREFIX = "honour"
Status, Level = Honour.Status, Honour.Level


class AlreadyRecorded(Refused):
    code = "honour_recorded"
    message = "这位居民同一天的同名表彰已经登记过，没有重复登记。"


class AlreadyDecided(Refused):
    code = "honour_decided"
    message = "这项表彰已经审核过，没有改动，积分也没有变动。"


class BadHonour(BadInput):
    code = "honour_text"
    message = "名称、授予单位和证明材料都要写，日期不能晚于今天，没有登记。请核对后重新填写。"


class BadReason(BadInput):
    code = "honour_reason"
    message = f"请写明未通过的原因，不超过{REASON}字，没有改动。"


class NotConfirmed(Refused):
    code = "resident_not_confirmed"
    message = "这位居民的登记还没有确认，没有登记表彰。请先在居民档案里办理。"


class GuardianUnknown(Refused):
    code = "honour_guardian_unknown"
    message = "未满14周岁的孩子，积分记给监护人，现在没有登记同意过的监护人，没有改动。请先在居民档案里登记监护人。"


class OwnRecord(Refused):
    code = "own_honour_record"
    message = "您登记的表彰，须由另一位工作人员审核，没有改动。"
    status = 403


class OwnHonour(Refused):
    code = "own_honour"
    message = "不能登记或审核自己和家人的表彰，没有改动。请由其他同事办理。"
    status = 403


REFUSALS: Refusals = {
    **awarding.REFUSALS, "honour_once": lambda _: AlreadyRecorded(), "honour_two_people": lambda _: OwnRecord(),
}  # fmt: skip


def refusal_to_record(resident: Resident, by: User) -> Refused | None:
    """Why `by` cannot write down an honour of `resident`; None when nothing stands against it."""
    if not duties.holds(by, resident.community):
        return duties.NotYourDuty()
    if not resident.confirmed:
        return NotConfirmed()
    return refusal_between(by=by, beneficiaries=[resident], family=OwnHonour())


def refusal_for(honour: Honour, by: User, kin: Kin | None = None) -> Refused | None:
    """Why `by` cannot approve or decline it; None when nothing stands against it. A list passes `kin_of(by)`, read once."""
    if honour.status != Status.RECORDED:
        return AlreadyDecided()
    return refusal_between(
        by=by, recorders=[honour.recorded_by_id], beneficiaries=[honour.resident], kin=kin, same=OwnRecord(), family=OwnHonour()
    )  # fmt: skip


@verb(REFUSALS)
def record(
    *, resident: Resident, name: str, on: date, granted_by: str, level: str, evidence: str, by: User,
    at: datetime | None = None,
) -> Honour:  # fmt: skip
    """Write down what somebody was honoured for. Refuses `BadHonour`, the same twice, and what `refusal_to_record` says."""
    at = at or clock.now()
    if refused := refusal_to_record(resident, by):
        raise refused
    name, granted_by, evidence = name.strip(), granted_by.strip(), evidence.strip()
    fits = 0 < len(name) <= NAME and 0 < len(granted_by) <= NAME and 0 < len(evidence) <= EVIDENCE
    if not fits or "\0" in name + granted_by + evidence or level not in Level or on > clock.local(at).date():
        raise BadHonour
    return Honour.objects.create(
        community=resident.community, resident=resident, name=name, on=on, granted_by=granted_by, level=level,
        evidence=evidence, recorded_by=by, recorded_at=at,
    )  # fmt: skip


@verb(REFUSALS)
def approve(*, honour: Honour, by: User, at: datetime | None = None) -> Honour:
    """The second person has seen the evidence: the honour stands, and its points wait for the notice.

    Refuses a stranger and what `refusal_for` says. The award comes first, because the books lock the wallet first.
    """
    at = at or clock.now()
    seen = _read(honour, by)
    award = awarding.approve(earned=_earned(seen, by, at), by=by, at=at) if seen.level != Level.NONE else None
    mine = _locked(seen)
    mine.status, mine.decided_by, mine.decided_at, mine.award = Status.APPROVED, by, at, award
    mine.save(update_fields=["status", "decided_by", "decided_at", "award"])
    said = f"“{mine.name}”已记入您的表彰记录。" + (awarding.said_of(award) if award else "")
    tell(
        resident=seen.resident,
        occasion=f"honour:{mine.pk}:approved",
        words=Words("表彰已记录", said, "/activities/awards/"),
    )
    return mine


@verb()
def decline(*, honour: Honour, reason: str, by: User, at: datetime | None = None) -> Honour:
    """The evidence does not show it; the resident is told why, and may appeal. Refuses `BadReason` and as `approve` does."""
    at, reason = at or clock.now(), reason.strip()
    seen = _read(honour, by)
    if not 0 < len(reason) <= REASON or "\0" in reason:
        raise BadReason
    mine = _locked(seen)
    mine.status, mine.decided_by, mine.decided_at, mine.decline_reason = Status.DECLINED, by, at, reason
    mine.save(update_fields=["status", "decided_by", "decided_at", "decline_reason"])
    street = seen.resident.community.sub_district_id
    last = words.day(appeals.days_to_file(street, [at])[at])
    said = f"“{mine.name}”没有记入表彰记录，不计积分。原因：{reason}。有不同意见，到{last}为止可以申诉，点“查看”填写。"
    link = reverse("appeal", args=[f"{PREFIX}:{mine.pk}"])
    tell(resident=seen.resident, occasion=f"honour:{mine.pk}:declined", words=Words("表彰未通过", said, link))
    return mine


def _read(honour: Honour, by: User) -> Honour:
    seen = Honour.objects.select_related("resident__community", "community").get(pk=honour.pk)
    duties.require(by, seen.community)
    if refused := refusal_for(seen, by):
        raise refused
    return seen


def _locked(seen: Honour) -> Honour:
    mine = Honour.objects.select_for_update(no_key=True).get(pk=seen.pk)
    if mine.status != Status.RECORDED:
        raise AlreadyDecided
    return mine


def _earned(seen: Honour, by: User, at: datetime) -> Earned:
    """By the rule of the day it was granted, as every service is (design, 3.8); a child's points are the guardian's (domain, 3.6)."""
    age = seen.resident.age_on(clock.local(at).date())
    child = age is not None and age < guardians.CHILD
    earner = guardians.agreed_by(seen.resident) if child else seen.resident
    if earner is None:
        raise GuardianUnknown
    if refused := refusal_between(by=by, beneficiaries=[earner], family=OwnHonour()):
        raise refused
    tariff = pricing.tariff(seen.level, earner.community.sub_district_id, on=seen.on)
    return Earned(
        f"{PREFIX}:{seen.pk}", earner, seen.community, seen.level, f"表彰：{seen.name}", tariff.price(1),
        seen.recorded_by_id,
    )  # fmt: skip


# In the review queue


def open_for(user: User) -> QuerySet[Honour]:
    mine = Honour.objects.filter(community__in=Community.objects.for_staff(user), status=Status.RECORDED)
    return mine.select_related("resident__community", "community", "recorded_by").order_by("pk")


def waiting_for(user: User, kin: Kin | None = None) -> QuerySet[Honour]:
    """What `user` may decide: the same answer as `refusal_for`, as a query."""
    if not user.own_phone:
        return Honour.objects.none()
    kin, others = kin or kin_of(user), open_for(user).exclude(recorded_by=user)
    return others.exclude(resident__in=kin.residents).exclude(resident__household__in=kin.households)


def refusals(user: User, rows: Sequence[Honour]) -> Callable[[Honour], Refused | None]:
    kin = kin_of(user)
    return lambda row: refusal_for(row, user, kin)


def lines(rows: Sequence[Honour]) -> list[Line]:
    prices = rates.Prices()
    return [
        Line(
            row.resident, f"{row.get_level_display()}：{row.name}", str(row.recorded_by), row.recorded_at,
            reverse("desk:honour", args=[row.pk]), price=_price(row, prices), seen=row.level,
            detail=f"{words.day(row.on)}，{row.granted_by}，证明：{row.evidence}",
        )
        for row in rows
    ]  # fmt: skip


def _price(row: Honour, prices: rates.Prices) -> Price | None:
    if row.level == Level.NONE:
        return None
    return prices.of(row.level, 1, row.resident.community.sub_district_id, row.on)


KIND = Kind(
    "honour", "表彰", "community", waiting_for, open_for, refusals, lines, lambda row, by: approve(honour=row, by=by)
)  # fmt: skip


held = Holder(
    "待审核的表彰（登记）",
    lambda person, places: Honour.objects.filter(
        recorded_by=person, status=Status.RECORDED, community__in=places
    ).count(),
    stays="登记人不变，由登记人以外的同事审核，不用交接。",
)


def declined_about(resident: Resident, number: int) -> appeals.Decision | None:
    """The decision `honour:<number>` about `resident`, for communities/appeals.py: that it was declined."""
    rows = Honour.objects.filter(pk=number, resident=resident, status=Status.DECLINED).select_related("community")
    found = rows.first()
    if found is None or found.decided_at is None:
        return None
    return appeals.Decision(
        about=f"{PREFIX}:{found.pk}", subject=f"表彰未通过：{found.name}", decided_at=found.decided_at,
        decided_by_id=found.decided_by_id, community=found.community, link="/activities/awards/",
        value=f"未记入表彰记录：{found.decline_reason}", prepared_by_id=found.recorded_by_id,
    )  # fmt: skip
