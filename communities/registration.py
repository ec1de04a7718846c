"""登记: somebody joins a community, and the community says whether it knows this person."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from pypinyin import Style, lazy_pinyin

from communities import consents, duties
from communities.models import Community, Consent, Estate, Resident, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb

Status = Resident.Status
FILES_PER_ACCOUNT = 8
ADULT = 18


class PhoneNeeded(Refused):
    code = "phone_needed"
    message = "居民登记要用手机号登录，工作人员账号不能登记。什么都没有改动。"


class NotOpen(Refused):
    code = "community_not_open"
    message = "这个社区暂时没有开放登记，请换一个社区，或打社区电话办理。"


class TooYoung(Refused):
    code = "too_young"
    message = "未满18周岁暂时不能自己登记，请由家长到社区办理。"


class AlreadyRegistered(Refused):
    code = "already_registered"
    message = "您在这个社区已经登记过了，不用再填。可以在“我的”里查看。"


class TooManyFiles(Refused):
    code = "too_many_files"
    message = "一个手机号登记的人数已到上限，请带证件到社区办理。"


class AlreadyDecided(Refused):
    code = "already_decided"
    message = "这份登记已经有人处理过了，请刷新页面查看结果。"


class NotYourOwn(Refused):
    code = "not_your_own"
    message = "不能确认自己的登记，请由另一位同事办理。"


REFUSALS = {
    "resident_once_per_account": lambda _: AlreadyRegistered(),
    "resident_not_decided_by_self": lambda _: NotYourOwn(),
}


@dataclass(frozen=True)
class Person:
    """What somebody writes about oneself when joining; `agreed_to` is the version of the privacy rules."""

    name: str
    community: Community
    estate: Estate | None = None
    birth_date: date | None = None
    agreed_to: str = ""


@dataclass
class Outcome:
    """What became of each person of a bulk act."""

    done: list[Resident] = field(default_factory=list)
    refused: list[tuple[Resident, Refused]] = field(default_factory=list)


@verb(REFUSALS)
def join(*, account: User, person: Person, at: datetime | None = None) -> Resident:
    """Write a file that waits for the community, or claim at once the one it already keeps for this name and number.

    Refuses staff accounts, a closed community, minors, missing consent, a second file, too many files on one phone.
    """
    at = at or clock.now()
    locked = User.objects.select_for_update(no_key=True).get(pk=account.pk)
    if refused := _refusal_for(locked, person, clock.local(at).date()):
        raise refused
    consents.give(account=locked, purpose=Consent.Purpose.PERSONAL_DATA, version=person.agreed_to)
    return _claimed(locked, person) or Resident.objects.create(
        community=person.community, estate=person.estate, account=locked, name=person.name,
        pinyin=pinyin(person.name), initials=initials(person.name), phone=locked.phone or "", birth_date=person.birth_date, registered_at=at,
    )  # fmt: skip


@verb(REFUSALS)
def confirm(*, resident: Resident, by: User, at: datetime | None = None) -> Resident:
    """The community knows this person. Refuses strangers to the community, the person itself, and a second decision."""
    return _decide(resident, by, at, Status.CONFIRMED)


@verb(REFUSALS)
def decline(*, resident: Resident, by: User, reason: str, at: datetime | None = None) -> Resident:
    """The community does not know this person; `reason` is shown to whoever registered. Refuses as `confirm` does."""
    if not reason.strip():
        raise BadInput("请写明不通过的原因，登记人会看到。")
    return _decide(resident, by, at, Status.DECLINED, reason.strip())


def confirm_many(*, residents: Iterable[Resident], by: User, at: datetime | None = None) -> Outcome:
    """Confirm each in a transaction of its own; who could not be confirmed is named with the reason."""
    outcome = Outcome()
    for resident in residents:
        try:
            outcome.done.append(confirm(resident=resident, by=by, at=at))
        except Refused as refused:
            outcome.refused.append((resident, refused))
    return outcome


def last_declined(account: User) -> Resident | None:
    """The newest file of `account` that was not accepted, with its reason."""
    return account.residents.filter(status=Status.DECLINED).select_related("community").order_by("-decided_at").first()


def pinyin(name: str) -> str:
    """wang xiu lan: what names are sorted by."""
    return " ".join(lazy_pinyin(name))[:120]


def initials(name: str) -> str:
    """wxl: what staff type to find somebody."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))[:40]


def _refusal_for(account: User, person: Person, today: date) -> Refused | None:
    age = Resident(birth_date=person.birth_date).age_on(today)
    elsewhere = person.estate is not None and person.estate.community_id != person.community.pk
    reasons: list[tuple[bool, Refused]] = [
        (account.kind != User.Kind.RESIDENT or not account.phone, PhoneNeeded()),
        (not person.community.open_to_residents, NotOpen()),
        (elsewhere, BadInput("这个小区不属于所选的社区，请重新选择。")),
        (age is not None and age < ADULT, TooYoung()),
        (person.agreed_to != consents.PERSONAL_DATA_VERSION, BadInput("请先阅读并同意个人信息处理规则。")),
        (account.residents.count() >= FILES_PER_ACCOUNT, TooManyFiles()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


def _claimed(account: User, person: Person) -> Resident | None:
    # The UPDATE tests `account=None` again: of two phones that claim one file, one gets it.
    kept = Resident.objects.filter(
        community=person.community, status=Status.CONFIRMED, account=None, name=person.name, phone=account.phone
    )
    found = kept.order_by("pk").first()
    if found is None or not kept.filter(pk=found.pk).update(account=account):
        return None
    found.account = account
    return found


def _decide(resident: Resident, by: User, at: datetime | None, status: Status, reason: str = "") -> Resident:
    duties.require(by, resident.community)
    locked = Resident.objects.select_for_update(no_key=True).get(pk=resident.pk)
    if locked.is_file_of(by):
        raise NotYourOwn
    if locked.status != Status.PENDING:
        raise AlreadyDecided
    locked.status, locked.decided_by, locked.decided_at = status, by, at or clock.now()
    locked.decline_reason = reason
    locked.save(update_fields=["status", "decided_by", "decided_at", "decline_reason"])
    return locked
