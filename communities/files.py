"""档案: a file opened for somebody who came to the counter, and put right afterwards, by a colleague who is no kin."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.crypto import salted_hmac

from communities import changes, consents, documents, duties, guardians, signin
from communities.guardians import Kinship
from communities.identity import Number, WrongNumber
from communities.kin import kin_of, refusal_between
from communities.models import Community, Consent, Correction, Estate, Grid, Resident, User
from communities.registration import NotYourOwn, TooYoung, initials, pinyin
from core import clock
from core.refusals import BadInput, Refused
from core.sql import call
from core.verbs import Refusals, verb

Status = Resident.Status
ACTIVE = (Status.PENDING, Status.CONFIRMED)
CHILD, ADULT = 14, 18
Renamed = Callable[[Resident, User], None]
_renamed: list[Renamed] = []
WORDS = {"name": "姓名", "birth_date": "出生日期", "estate": "小区", "grid": "网格", "document_hash": "证件号"}


class AlreadyOnFile(Refused):
    """`known` is the file that there is, when the reader may open it; `twin` when it may still be somebody else's."""

    code = "already_on_file"
    message = "这位居民已经有档案，没有新建。"

    def __init__(self, message: str = "", known: Resident | None = None, *, twin: bool = False) -> None:
        super().__init__(message)
        self.known, self.twin = known, twin


class ChangedMeanwhile(Refused):
    code = "changed_meanwhile"
    message = "您打开这一页以后，这份档案被改动过，您填的没有保存。请打开档案看看现在的内容，再改一次。"


class NeedsGuardian(Refused):
    code = "needs_guardian"
    message = "8到17周岁要由监护人同意，没有建档。请打开监护人的档案，点“为未成年家人建档”。"


class NotSigned(Refused):
    code = "not_signed"
    message = "要先由本人（未成年人由监护人）读过个人信息处理规则并签字，才能建档。什么都没有改动。"
    status = 400


REFUSALS: Refusals = {
    "resident_document_once": lambda _: AlreadyOnFile("这个证件号刚刚在另一份档案里登记了，没有保存。请先查找这位居民。"),
    "resident_once_per_account": lambda _: AlreadyOnFile("这个手机号名下已有同社区、同姓名的档案，没有保存。请先查找这位居民。"),
}  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What a file says about somebody. Of a correction a birth date or number that is None stays as it was."""

    name: str
    birth_date: date | None = None
    estate: Estate | None = None
    grid: Grid | None = None
    number: Number | None = None


def on_rename(listener: Renamed) -> None:
    """`listener(resident, by)` is called in the transaction that puts a name right; the file bears the new one by then."""
    if listener not in _renamed:
        _renamed.append(listener)


@verb(REFUSALS)
def open_file(
    *, community: Community, facts: Facts, by: User, signed: bool, phone: str = "", guardian: Resident | None = None,
    kinship: Kinship | None = None, another: bool = False, care: bool = False, at: datetime | None = None,
) -> Resident:  # fmt: skip
    """A confirmed file at once, with the consent that was signed; `phone` signs in for it from now on.

    Whoever is 8 to 17 comes with a `guardian`, an adult with a file here, who signs and whose household is theirs; `kinship`
    is what the colleague saw of the two, below 14 it is asked for, and no phone but the guardian's (domain guide, 3.6).
    `care`: for childcare, the one reason for a file of somebody under 8.
    `another`: of the same name, but somebody else. Refuses `NotYourDuty`, `NotYourOwn`, `NotSigned`, `AlreadyOnFile`,
    `TooYoung`, `NeedsGuardian`, a birth date that the number contradicts, numbers of staff and closed accounts.
    """
    at = at or clock.now()
    duties.require(by, community)
    facts = replace(facts, birth_date=_born(facts.birth_date, facts.number))
    # Two clicks, or two colleagues: of a person without a phone no constraint knows that it is the same one.
    call("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", f"file:{community.pk}:{facts.name}")
    reasons = (
        None if signed else NotSigned(),
        _misplaced(community, facts),
        _kin_refusal(by, facts.name, phone, guardian),
        _age_refusal(community, facts.birth_date, guardian, clock.local(at).date(), care=care),
        _child_refusal(facts.birth_date, guardian, kinship, phone, clock.local(at).date(), care=care),
        known_refusal(community, facts, by, phone=phone, another=another),
    )
    if refused := next((one for one in reasons if one), None):
        raise refused
    changes.by(by)
    made = Resident.objects.create(
        community=community, estate=facts.estate, grid=facts.grid, household_id=guardian.household_id if guardian else None,
        account=signin.account_of(phone=phone) if phone else None, phone=phone, birth_date=facts.birth_date,
        status=Status.CONFIRMED, registered_at=at, decided_at=at, decided_by=by, **_named(facts.name),
        **documents.columns(facts.number, community),
    )  # fmt: skip
    consents.give(
        resident=made, purpose=Consent.Purpose.PERSONAL_DATA, by=by, way=Consent.Way.SIGNATURE, guardian=guardian
    )
    if guardian and kinship:
        guardians.register(child=made, guardian=guardian, kinship=kinship, by=by, care=care)
    return made


@verb(REFUSALS)
def correct(
    *, resident: Resident, facts: Facts, reason: Correction.Reason, seen: str, by: User, forget_number: bool = False
) -> Resident:
    """Put the file right; `seen` is `mark` of the file as the form showed it, so that nobody's correction is lost.

    `forget_number` takes the identity number off. Refuses `NotYourDuty`, the own file and the family's, `ChangedMeanwhile`,
    a file that is closed or was declined, `AlreadyOnFile`, a birth date that the number contradicts, and no change at all.
    """
    duties.require(by, resident.community)
    locked = Resident.objects.held(resident.pk)
    if refused := refusal_to_correct(locked, by):
        raise refused
    if mark(locked) != seen:
        raise ChangedMeanwhile
    number = None if forget_number else facts.number or documents.opened(locked)
    facts = replace(facts, birth_date=_born(facts.birth_date or locked.birth_date, number))
    if refused := _misplaced(locked.community, facts) or known_refusal(locked.community, facts, by, own=locked):
        raise refused
    return _write(locked, facts, number, reason, by)


def refusal_to_correct(resident: Resident, by: User) -> Refused | None:
    """Why `by` cannot correct this file; None when nothing stands against it. The page asks the same."""
    own = NotYourOwn("不能改动自己或家人的档案，请由另一位同事办理。什么都没有改动。")
    if refused := refusal_between(by=by, beneficiaries=[resident], family=own):
        return refused
    return None if resident.status in ACTIVE else BadInput("未通过或已注销的档案不能改动。")


def mark(resident: Resident) -> str:
    """A fingerprint of everything that a correction may change; it tells nobody what the file says."""
    shown = (
        resident.name,
        resident.birth_date,
        resident.estate_id,
        resident.grid_id,
        resident.document_hash,
        resident.status,
    )
    return salted_hmac("communities.files", "|".join(map(str, shown)), algorithm="sha256").hexdigest()[:24]


def known_refusal(
    community: Community, facts: Facts, by: User, *, phone: str = "", another: bool = False, own: Resident | None = None
) -> AlreadyOnFile | None:
    """The file that there already is of this person, as a refusal. A sister community's file is said to be, never shown."""
    others = Resident.objects.filter(status__in=ACTIVE).exclude(pk=own.pk if own else 0)
    if facts.number:
        held = (
            others.filter(document_hash=documents.fingerprint(facts.number, community))
            .select_related("community")
            .first()
        )
        if held and not duties.holds(by, held.community):
            return AlreadyOnFile(
                "本街道另一个社区已有这个证件号的档案，没有保存。请本人到原社区办理迁移，积分会一起转过来。"
            )
        if held:
            return AlreadyOnFile("这个证件号已经登记在另一份档案里，没有保存。", held)
    here = others.filter(community=community, name=facts.name)
    if phone and (same := here.filter(phone=phone).first()):
        return AlreadyOnFile("本社区已有同一姓名、同一手机号的档案，没有新建。", same)
    if own or another:
        return None
    twin = next((one for one in here.order_by("pk") if _may_be(one, facts)), None)
    return AlreadyOnFile("本社区有同名的档案，没有新建。请先看是不是同一个人。", twin, twin=True) if twin else None


def _may_be(one: Resident, facts: Facts) -> bool:
    """Whether a namesake may be the same person: nothing known of both tells them apart."""
    born = one.birth_date and facts.birth_date and one.birth_date != facts.birth_date
    numbered = one.document_hash and facts.number  # two different numbers, or the fingerprint had found it
    return not (born or numbered)


def _born(typed: date | None, number: Number | None) -> date | None:
    """The birth date that is typed or stands in the number. Refuses two that differ, and a day that has not come."""
    inside = number.birth_date if number else None
    if typed and inside and typed != inside:
        raise WrongNumber("出生日期和证件号码对不上，什么都没有保存。请对照证件核对两项。")
    if typed and not date(1890, 1, 1) <= typed <= clock.today():
        raise BadInput("请检查出生日期。什么都没有保存。")
    return typed or inside


def _misplaced(community: Community, facts: Facts) -> Refused | None:
    places = (facts.estate, facts.grid)
    elsewhere = any(place is not None and place.community_id != community.pk for place in places)
    return BadInput("这个小区或网格不属于这个社区，请重新选择。什么都没有保存。") if elsewhere else None


def _kin_refusal(by: User, name: str, phone: str, guardian: Resident | None) -> Refused | None:
    """The name alone is enough: a colleague who opened a file of their own under no number would be known to nobody."""
    kin = kin_of(by)
    theirs = bool(phone) and any(kin.includes(one) for one in Resident.objects.filter(phone=phone))
    if name == by.name or (phone and phone == by.own_phone) or theirs or (guardian and kin.includes(guardian)):
        return NotYourOwn("不能为自己、同名的人或家人建档，请由另一位同事办理。什么都没有改动。")
    return None


def _age_refusal(
    community: Community, born: date | None, guardian: Resident | None, today: date, *, care: bool
) -> Refused | None:
    age = Resident(birth_date=born).age_on(today)
    if age is not None and age < guardians.TINY and not care:
        return TooYoung(
            "未满8周岁的孩子不单独建档，没有保存。可以由家长带着一起参加活动，不记录孩子本人；要上托管，请办理托管报名。"
        )
    if guardian is None:
        return NeedsGuardian() if age is not None and age < ADULT else None
    theirs = guardian.age_on(today)
    if guardian.community_id != community.pk or not guardian.confirmed or theirs is None or theirs < ADULT:
        return BadInput("监护人要是本社区已确认、登记了出生日期的成年居民。没有建档。")
    if age is None:
        return BadInput("为未成年家人建档要填出生日期或身份证号。没有建档。")
    return None if age < ADULT else BadInput("已满18周岁，请本人来窗口，用“新建档案”办理。没有建档。")


def _child_refusal(
    born: date | None, guardian: Resident | None, kinship: Kinship | None, phone: str, today: date, *, care: bool
) -> Refused | None:
    """Below 14 the guardian's phone speaks for the child: there is one, seen to be the guardian's, and no other.

    For childcare a guardian without a phone will do, who comes to the window.
    """
    age = Resident(birth_date=born).age_on(today)
    if guardian is None or age is None or age >= CHILD:
        return None
    if kinship is None:
        return BadInput("未满14周岁要登记与监护人的关系和看过的证明。没有建档。")
    if phone:
        return BadInput("未满14周岁的孩子由监护人的手机办理，手机号请留空。没有建档。")
    return guardians.NeedsAccount() if guardian.account_id is None and not care else None


def _named(name: str) -> dict[str, str]:
    return {"name": name, "pinyin": pinyin(name), "initials": initials(name)}


def _write(locked: Resident, facts: Facts, number: Number | None, reason: Correction.Reason, by: User) -> Resident:
    changes.by(by)
    columns = documents.columns(number, locked.community)
    wanted = {
        "birth_date": facts.birth_date,
        "estate": facts.estate,
        "grid": facts.grid,
        **_named(facts.name),
        **columns,
    }
    # Sealing the same number again gives other bytes: what tells whether it changed is the fingerprint.
    changed = [name for name in WORDS if getattr(locked, name) != wanted[name]]
    if not changed:
        raise BadInput("填写的和档案上一样，没有改动。")
    for name, value in wanted.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(wanted))
    Correction.objects.create(resident=locked, fields="、".join(WORDS[name] for name in changed), reason=reason, by=by)
    for listener in _renamed if "name" in changed else ():
        listener(locked, by)
    return locked
