"""复核: another person than the recorder verifies, declines or ends. Not for the own family (communities/kin.py)."""

from datetime import date, datetime

import structlog

from communities import changes, duties, guardians
from communities.hardship.kinds import BadEvidence
from communities.hardship.recording import NoConsent, OwnEvidence, consent_of
from communities.hardship.telling import on_change, told
from communities.kin import Kin, refusal_between
from communities.models import Consent, Duty, Evidence, User
from core import clock
from core.refusals import Refused
from core.verbs import Refusals, verb

__all__ = ["decline", "end", "on_change", "refusal_to_decide", "verify"]

REVIEWERS = (Duty.Role.HEAD, Duty.Role.STREET_ADMIN)
Status, End = Evidence.Status, Evidence.End
# What a reviewer may say; the others are the family's and the program's own.
REASONS = (End.CHANGED, End.RECHECKED)
log = structlog.get_logger(__name__)


class SameRecorder(Refused):
    code = "evidence_same_person"
    message = "这份依据由您登记，须由另一位负责人复核，没有改动。"
    status = 403


class NotWaiting(Refused):
    code = "evidence_decided"
    message = "这份依据已经复核过，没有再改动。请刷新后再看。"


class NotStanding(Refused):
    code = "evidence_not_standing"
    message = "这份依据不在有效状态，没有再改动。请刷新后再看。"


class PaperOver(Refused):
    code = "evidence_over"
    message = "这份依据已经过了最后一天，不能通过，没有改动。请选择“证件已过期”不予通过，再请家庭重新登记。"


REFUSALS: Refusals = {
    "evidence_two_people": lambda _: SameRecorder(),
    "CM010": lambda _: NotWaiting(),
}


def refusal_for(evidence: Evidence, by: User, kin: Kin | None = None) -> Refused | None:
    """Why `by` may neither read nor decide it as a reviewer; None when nothing stands against it. A list passes `kin_of(by)`."""
    if not duties.holds(by, evidence.resident.community, *REVIEWERS):
        return duties.NotYourDuty()
    return refusal_between(
        by=by, recorders=[evidence.recorded_by_id], beneficiaries=[evidence.resident], kin=kin, same=SameRecorder(),
        family=OwnEvidence(),
    )  # fmt: skip


def refusal_to_decide(evidence: Evidence, by: User, kin: Kin | None = None) -> Refused | None:
    """Why `by` cannot verify or decline; page, list and verbs ask."""
    return refusal_for(evidence, by, kin) or (None if evidence.status == Status.RECORDED else NotWaiting())


@verb(REFUSALS)
def verify(*, evidence: Evidence, by: User, at: datetime | None = None) -> Evidence:
    """It counts from its first day on; the picture is deleted (trigger), and what it renews ends. Refuses `refusal_to_decide`."""
    changes.by(by)
    at = at or clock.now()
    mine = _locked(evidence)
    if refused := refusal_to_decide(mine, by):
        raise refused
    if consent_of(mine.resident) is None:
        raise NoConsent
    if mine.ends_on < clock.local(at).date():
        raise PaperOver
    mine.status, mine.decided_at, mine.decided_by = Status.VALID, at, by
    mine.save(update_fields=["status", "decided_at", "decided_by"])
    # After the new one counts: whoever draws bills anew meanwhile finds one of the two.
    if mine.renews is not None and mine.renews.status == Status.VALID:
        _end(_locked(mine.renews), End.REPLACED, mine.starts_on, by, at)
    log.info("evidence", evidence=mine.pk, verified=True)
    return told(mine, "verified")


@verb(REFUSALS)
def decline(*, evidence: Evidence, reason: Evidence.Decline, by: User, at: datetime | None = None) -> Evidence:
    """It never counts; the picture is deleted (trigger). Refuses `refusal_to_decide` and a reason that is none."""
    changes.by(by)
    if reason not in Evidence.Decline.values:
        raise BadEvidence("请选择未通过的原因，没有改动。")
    mine = _locked(evidence)
    if refused := refusal_to_decide(mine, by):
        raise refused
    mine.status, mine.decline, mine.decided_at, mine.decided_by = Status.DECLINED, reason, at or clock.now(), by
    mine.save(update_fields=["status", "decline", "decided_at", "decided_by"])
    log.info("evidence", evidence=mine.pk, declined=True)
    return told(mine, "declined")


def refusal_to_end(evidence: Evidence, by: User, kin: Kin | None = None) -> Refused | None:
    """Why `by` cannot end it; page and verb ask."""
    return refusal_for(evidence, by, kin) or (None if evidence.status == Status.VALID else NotStanding())


@verb(REFUSALS)
def end(*, evidence: Evidence, reason: Evidence.End, by: User, at: datetime | None = None) -> Evidence:
    """From the next bill on it counts no more; nothing is reclaimed. Refuses `refusal_to_end` and a reason that is none."""
    changes.by(by)
    at = at or clock.now()
    if reason not in REASONS:
        raise BadEvidence("请选择终止的原因，没有改动。")
    mine = _locked(evidence)
    if refused := refusal_to_end(mine, by):
        raise refused
    return _end(mine, reason, next_month(clock.local(at).date()), by, at)


def consent_ended(consent: Consent, by: User) -> None:
    """Listener of consents: what stands ends with the next bill, what waits is deleted at once, picture and all. Who ceased to be
    guardian took nothing back: it is not noted as the family's word."""
    if consent.purpose not in (Consent.Purpose.CARE_RELIEF, Consent.Purpose.HARDSHIP):
        return
    if consent.resident is None or consent_of(consent.resident) is not None:
        return
    now, whose = clock.now(), consent.guardian
    reason = End.WITHDRAWN if whose is None or guardians.answers_for(whose, consent.resident) else End.CHANGED
    mine = (
        Evidence.objects.select_for_update(no_key=True, of=("self",)).filter(resident=consent.resident).order_by("pk")
    )
    mine.filter(status=Status.RECORDED).delete()
    for one in mine.filter(status=Status.VALID).select_related("resident__community"):
        _end(one, reason, next_month(clock.local(now).date()), by, now)


def next_month(day: date) -> date:
    """The first day of the month after that of `day`."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _end(mine: Evidence, reason: Evidence.End, ended_on: date, by: User, at: datetime) -> Evidence:
    mine.status, mine.end_reason, mine.ended_on, mine.ended_at, mine.ended_by = Status.ENDED, reason, ended_on, at, by
    mine.save(update_fields=["status", "end_reason", "ended_on", "ended_at", "ended_by"])
    log.info("evidence", evidence=mine.pk, ended=True)
    return told(mine, "ended")


def _locked(evidence: Evidence) -> Evidence:
    rows = Evidence.objects.select_for_update(no_key=True, of=("self",)).select_related("resident__community", "renews")
    return rows.get(pk=evidence.pk)
