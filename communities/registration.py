"""登记: somebody joins a community, and the community says whether it knows this person."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from pypinyin import Style, lazy_pinyin

from communities import changes, consents, duties
from communities.kin import Kin, kin_of, refusal_between
from communities.models import Community, Estate, Resident, User
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
    message = "不能确认自己和家人的登记，请由另一位同事办理。"


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
    changes.by(account)
    locked = User.objects.select_for_update(no_key=True).get(pk=account.pk)
    if refused := _refusal_for(locked, person, clock.local(at).date()):
        raise refused
    consents.agree(account=locked, version=person.agreed_to)
    return _claimed(locked, person) or Resident.objects.create(
        community=person.community, estate=person.estate, account=locked, name=person.name,
        pinyin=pinyin(person.name), initials=initials(person.name), phone=locked.phone or "", birth_date=person.birth_date, registered_at=at,
    )  # fmt: skip


@verb(REFUSALS)
def confirm(*, resident: Resident, by: User, at: datetime | None = None, kin: Kin | None = None) -> Resident:
    """The community knows this person. Refuses strangers to the community, the person itself and family, a second decision."""
    return _decide(resident, by, at, Status.CONFIRMED, kin=kin)


@verb(REFUSALS)
def decline(*, resident: Resident, by: User, reason: str, at: datetime | None = None) -> Resident:
    """The community does not know this person; `reason` is shown to whoever registered. Refuses as `confirm` does."""
    if not reason.strip():
        raise BadInput("请写明不通过的原因，登记人会看到。")
    return _decide(resident, by, at, Status.DECLINED, reason.strip())


def confirm_many(*, residents: Iterable[Resident], by: User, at: datetime | None = None) -> Outcome:
    """Confirm each in a transaction of its own; who could not be confirmed is named with the reason."""
    outcome, kin = Outcome(), kin_of(by)
    for resident in residents:
        try:
            outcome.done.append(confirm(resident=resident, by=by, at=at, kin=kin))
        except Refused as refused:
            outcome.refused.append((resident, refused))
    return outcome


def last_declined(account: User) -> Resident | None:
    """The newest file of `account` that was not accepted, with its reason."""
    return account.residents.filter(status=Status.DECLINED).select_related("community").order_by("-decided_at").first()


# Surnames that are not read as the word is: a 曾 who is typed as zxm must be found.
SURNAMES = {
    "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "查": "zha", "盖": "ge", "区": "ou", "朴": "piao", "乐": "yue", "员": "yun",
    "尉迟": "yu chi", "翟": "zhai", "覃": "qin", "缪": "miao", "种": "chong", "秘": "bi", "折": "she", "么": "yao", "召": "shao", "能": "nai",
    "薄": "bo", "隗": "wei", "黑": "he", "繁": "po",
}  # fmt: skip


def pinyin(name: str) -> str:
    """wang xiu lan: what names are sorted by."""
    surname, given = _parted(name)
    return " ".join([*SURNAMES.get(surname, "").split(), *lazy_pinyin(given)])[:120]


def initials(name: str) -> str:
    """wxl: what staff type to find somebody."""
    surname, given = _parted(name)
    first = [one[0] for one in SURNAMES.get(surname, "").split()]
    return "".join([*first, *lazy_pinyin(given, style=Style.FIRST_LETTER)])[:40]


def _parted(name: str) -> tuple[str, str]:
    """A surname of `SURNAMES` and the rest; the dot inside a name is not spoken."""
    spoken = name.replace("·", "")
    surname = next((one for one in SURNAMES if spoken.startswith(one)), "")
    return surname, spoken[len(surname) :]


def _refusal_for(account: User, person: Person, today: date) -> Refused | None:
    age = Resident(birth_date=person.birth_date).age_on(today)
    elsewhere = person.estate is not None and person.estate.community_id != person.community.pk
    reasons: list[tuple[bool, Refused]] = [
        (account.kind != User.Kind.RESIDENT or not account.phone, PhoneNeeded()),
        (not person.community.open_to_residents, NotOpen()),
        (elsewhere, BadInput("这个小区不属于所选的社区，请重新选择。")),
        (age is not None and age < ADULT, TooYoung()),
        (person.agreed_to != consents.PERSONAL_DATA_VERSION, BadInput("请先阅读并同意个人信息处理规则。")),
        (account.residents.count() + account.helps.current().count() >= FILES_PER_ACCOUNT, TooManyFiles()),
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


def _decide(
    resident: Resident, by: User, at: datetime | None, status: Status, reason: str = "", kin: Kin | None = None
) -> Resident:  # fmt: skip
    changes.by(by)
    duties.require(by, resident.community)
    locked = Resident.objects.held(resident.pk)
    if refused := refusal_between(by=by, beneficiaries=[locked], kin=kin, family=NotYourOwn()):
        raise refused
    if locked.status != Status.PENDING:
        raise AlreadyDecided
    locked.status, locked.decided_by, locked.decided_at = status, by, at or clock.now()
    locked.decline_reason = reason
    locked.save(update_fields=["status", "decided_by", "decided_at", "decline_reason"])
    return locked
