"""登记优待依据: what a colleague saw or looked up, with the family's own consent; another colleague verifies it."""

from base64 import b64encode
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import structlog

from communities import changes, consents, documents, duties, guardians, identity, sealing
from communities.hardship.kinds import CARDS, EACH_TERM, PAPERS, SYSTEMS, About, BadEvidence, Said, cleaned, said_of
from communities.hardship.telling import told
from communities.kin import refusal_between
from communities.models import Consent, Evidence, EvidenceImage, Guardian, Resident, User
from communities.models.guardians import ADULT
from communities.photos import Picture
from communities.settings import CARE_RECHECK_MONTHS, CARE_RECHECK_UNSTABLE, value_of
from core import clock
from core.refusals import Refused
from core.verbs import Refusals, verb

LOOKED_BACK, LOOKED_AHEAD = timedelta(days=31), timedelta(days=92)
Status = Evidence.Status
log = structlog.get_logger(__name__)


class NoConsent(Refused):
    code = "evidence_no_consent"
    message = "监护人（成年居民为本人）还没有同意登记优待情况，没有登记。请先在手机上或在窗口签字同意。"


class FileNotConfirmed(Refused):
    code = "evidence_file"
    message = "这份居民档案还没有通过确认或已注销，没有登记优待依据。请先核对档案。"


class OwnEvidence(Refused):
    code = "evidence_own"
    message = "不能为自己、家人或由您代办的居民办理优待依据，什么都没有改动。请由另一位同事办理。"
    status = 403


class AlreadyRenewing(Refused):
    code = "evidence_renewing"
    message = "这份依据已经登记过续期，正在等待复核，没有重复登记。"


class NotRenewable(Refused):
    code = "evidence_not_renewable"
    message = "只有有效的依据可以续期，没有登记。已终止或未通过的，请重新登记。"


class AlreadyRecorded(Refused):
    code = "evidence_waits"
    message = "这位居民已有一份依据在等待复核，没有再登记。请等复核以后再登记；登错了的，请复核人不予通过后重新登记。"


REFUSALS: Refusals = {
    "evidence_renewed_once": lambda _: AlreadyRenewing(),
    "evidence_in_order": lambda _: BadEvidence("开始日期晚于应复核的日期，没有登记。请核对日期。"),
}


@dataclass(frozen=True, repr=False)
class Again:
    """What was looked at for a renewal: the same paper of the same family. `ends_on` is the paper's own new last day."""

    way: Evidence.Way
    seen_on: date
    ends_on: date | None = None
    image: Picture | None = None

    def __repr__(self) -> str:
        return "Again(***)"


def is_child(resident: Resident) -> bool:
    """Whether a guardian speaks here; whoever has no birth date on file is grown up."""
    age = resident.age_on(clock.today())
    return age is not None and age < ADULT


def consent_of(resident: Resident) -> Consent | None:
    """The consent that stands: the guardian's for a child, else the own one."""
    if is_child(resident):
        return guardians.consented(resident, Consent.Purpose.CARE_RELIEF)
    return consents.standing(Consent.Purpose.HARDSHIP).filter(resident=resident).first()


def refusal_to_record(resident: Resident, by: User) -> Refused | None:
    """Why `by` cannot record evidence for `resident`; None when nothing stands against it. Page, REST, counter and verb ask.

    One waits at a time, of whatever kind: an answer that hung on the kind would tell it to who may not read it.
    """
    if refused := _refusal_to_write(resident, by):
        return refused
    waits = Evidence.objects.to_review().filter(resident=resident, renews=None)
    return AlreadyRecorded() if waits.exists() else None


def _refusal_to_write(resident: Resident, by: User) -> Refused | None:
    if not duties.holds(by, resident.community, *duties.ENTERING):
        return duties.NotYourDuty()
    if not resident.confirmed:
        return FileNotConfirmed()
    if consent_of(resident) is None:
        return NoConsent()
    if by.kind == User.Kind.STAFF:  # a program has no family, and a person decides about what it entered
        return refusal_between(by=by, beneficiaries=[resident], family=OwnEvidence())
    return None


@verb(REFUSALS)
def record(*, resident: Resident, said: Said, by: User, at: datetime | None = None) -> Evidence:
    """Write down what was seen, to be verified by another. Refuses what `refusal_to_record` says and `BadEvidence`."""
    changes.by(by)
    at = at or clock.now()
    mine = _held(resident)
    if refused := refusal_to_record(mine, by):
        raise refused
    said = cleaned(said)
    _require_own_number(mine, said)
    return _keep(mine, said, by, at)


@verb(REFUSALS)
def renew(*, evidence: Evidence, again: Again, by: User, at: datetime | None = None) -> Evidence:
    """The same kind of evidence, looked at again: a new record that another verifies, and then the old one ends.

    Whoever writes it down need not know the category, and no refusal hangs on it: what the kind of paper asks for, the reviewer
    looks at. Refuses `NotRenewable`, `AlreadyRenewing`, who may not record, and days that cannot be.
    """
    changes.by(by)
    at = at or clock.now()
    old = Evidence.objects.select_for_update(no_key=True, of=("self",)).get(pk=evidence.pk)
    mine = _held(old.resident)
    if refused := refusal_to_renew(old, mine, by):
        raise refused
    before = said_of(old, sealing.unseal_facts(bytes(old.facts or b"")))
    viewed = again.way == Evidence.Way.VIEWED
    offered = (PAPERS if viewed else SYSTEMS)[before.category]
    ends_on = again.ends_on or (before.ends_on if before.ends_on and before.ends_on >= clock.local(at).date() else None)
    said = replace(
        before, way=again.way, seen_on=again.seen_on, starts_on=again.seen_on, ends_on=ends_on, image=again.image,
        paper=_same(before.paper, offered) if viewed else "", system="" if viewed else _same(before.system, offered),
    )  # fmt: skip
    return _keep(mine, said, by, at, renews=old)


def refusal_to_renew(old: Evidence, resident: Resident, by: User) -> Refused | None:
    """Why `by` cannot renew; None when nothing stands against it."""
    if old.status != Status.VALID:
        return NotRenewable()
    return _refusal_to_write(resident, by)


def _same(named: str, offered: tuple[str, ...]) -> str:
    return named if named in offered else offered[0]


def _held(resident: Resident) -> Resident:
    Resident.objects.held(resident.pk)
    return Resident.objects.select_related("community").get(pk=resident.pk)


def _require_own_number(resident: Resident, said: Said) -> None:
    """A card's number begins with the identity number of whom it is about, where that one's is on file."""
    if said.category not in CARDS or said.about == About.FAMILY:
        return
    people = [resident]
    if said.about != About.SELF:
        answering = (
            Guardian.objects.current().filter(child=resident, relation=said.about.label).select_related("guardian")
        )
        people = [one.guardian for one in answering]
    known = {one.document_hash for one in people if one.document_hash}
    number = identity.clean(said.number[:18])
    if known and documents.fingerprint(number, resident.community) not in known:
        raise BadEvidence("残疾人证号前18位和档案里的证件号对不上，没有登记。请核对是谁的证件。")


def _keep(resident: Resident, said: Said, by: User, at: datetime, renews: Evidence | None = None) -> Evidence:
    ends_on = _last_day(resident, said, clock.local(at).date())
    made = Evidence.objects.create(
        resident=resident, facts=sealing.seal_facts(said.facts()), way=said.way, seen_on=said.seen_on, starts_on=said.starts_on,
        ends_on=ends_on, recheck_on=ends_on, recorded_at=at, recorded_by=by, renews=renews,
    )  # fmt: skip
    if said.image:
        sealed = sealing.seal(b64encode(said.image.jpeg).decode())
        EvidenceImage.objects.create(evidence=made, sealed=sealed, by=by, at=at)
    log.info("evidence", evidence=made.pk, recorded=True)
    return told(made, "recorded")


def _last_day(resident: Resident, said: Said, today: date) -> date:
    """What it counts until: the next check, and never after the paper's own last day. Refuses days that cannot be."""
    if not today - LOOKED_BACK <= said.seen_on <= today:
        raise BadEvidence("查看日期应是最近31天内的一天，没有登记。请核对日期。")
    if not said.seen_on.replace(day=1) <= said.starts_on <= said.seen_on + LOOKED_AHEAD:
        raise BadEvidence("开始日期最早是查看当月1日，最晚是三个月后，没有登记。请核对日期。")
    soon = said.unstable or said.category in EACH_TERM
    declared = CARE_RECHECK_UNSTABLE if soon else CARE_RECHECK_MONTHS
    recheck = months_after(said.seen_on, value_of(declared, resident.community.sub_district_id, on=today))
    last = min(filter(None, (recheck, said.ends_on)))
    if last < max(said.starts_on, today):
        raise BadEvidence("证件已经过期，或开始日期晚于应复核的日期，没有登记。请核对日期。")
    return last


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
