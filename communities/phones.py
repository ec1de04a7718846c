"""手机号: numbers change, and numbers change hands. The file stays, the number moves."""

from datetime import timedelta

import structlog
from django.db.models import Q, QuerySet, TextChoices

from communities import changes, duties, guardians, helping, limits, registration, signin
from communities.acting import ACTIVE
from communities.kin import kin_of, refusal_between
from communities.models import Resident, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb

NAME_TRIES = 5
log = structlog.get_logger(__name__)


class PhoneTaken(Refused):
    code = "phone_taken"
    message = "这个手机号已经登记在别的账号上，您的号码没有改动。如果是您本人的号码，请联系社区办理。"


class SameNumber(Refused):
    code = "same_number"
    message = "新号码和现在的号码一样，没有改动。"


class NoNumber(Refused):
    code = "no_number"
    message = "这份档案没有登记手机号，没有改动。"


class WrongName(Refused):
    code = "wrong_name"
    message = "姓名与这个号码上登记的不一致。请填写登记时的全名；如果这个号码以前不是您的，请选“这个号码不是我的”。"


class Sharing(TextChoices):
    """Why a number that serves somebody is given to another resident as well."""

    SHARED = "shared", "一家人共用，都用这个号码办理"
    RECYCLED = "recycled", "号码换了主人，原来登记的人不再用"


class NumberServes(Refused):
    """`names`: whom the number serves, as far as the reader may know."""

    code = "number_serves"

    def __init__(self, serving: list[Resident], by: User) -> None:
        known = [one.name for one in serving if duties.holds(by, one.community)]
        whose = "、".join(known) or "别的社区的居民"
        super().__init__(f"这个号码现在为{whose}办理，什么都没有改动。请先问清楚，选“一家人共用”还是“号码换了主人”。")


class NotDormant(Refused):
    code = "not_dormant"
    message = "这个账号近期有人使用，不能这样办理。请联系社区。"


REFUSALS = {
    "communities_user_phone_key": lambda _: PhoneTaken(),
    "resident_once_per_account": lambda _: registration.AlreadyRegistered(
        "这个手机号名下已有同社区、同姓名的登记，没有改动。请先处理那一份。"
    ),
}


@verb(REFUSALS)
def change(*, account: User, phone: str) -> User:
    """`account` signs in by the proved number `phone` from now on, and its residents' files say so.

    Refuses a number that serves other residents. The caller has proved the number (signin.prove).
    """
    changes.by(account)
    locked = User.objects.select_for_update(no_key=True).get(pk=account.pk)
    if locked.phone == phone:
        raise SameNumber
    other = User.objects.select_for_update(no_key=True).filter(phone=phone).first()
    if other is not None:
        if other.kind != User.Kind.RESIDENT or helping.people_of(other):
            raise PhoneTaken
        _retire(other)
    locked.residents.filter(phone=locked.phone or "").update(phone=phone)
    locked.phone = phone
    locked.save(update_fields=["phone"])
    return locked


@verb(REFUSALS)
def move(
    *, resident: Resident, phone: str, by: User, sharing: Sharing | None = None, everyone: bool = False
) -> Resident:
    """Staff: `resident` is served by the account of `phone` (made if it is new) from now on.

    `everyone`: those who were served by the old number come along. A number that serves somebody else already wants to know
    why: they share it, or it has a new owner and theirs no more. Refuses strangers to the community, the same number, numbers
    of staff, `NumberServes`, a file of the same name on that number, and a colleague's own file, family and number.
    """
    locked = _file(resident, by)
    age = locked.age_on(clock.today())
    if age is not None and age < guardians.CHILD:
        raise BadInput("未满14周岁的孩子由监护人的手机办理，不登记本人手机号，没有改动。")
    if phone == by.own_phone or _of_kin(phone, by):
        raise registration.NotYourOwn("不能把居民绑定到您自己或家人的号码，请由另一位同事办理。什么都没有改动。")
    account = signin.account_of(phone=phone)
    if locked.account_id == account.pk and locked.phone == phone:
        raise SameNumber
    moving = [locked, *(_file(one, by) for one in (others_on(locked, by) if everyone else []))]
    serving = list(_on(phone, account.pk).exclude(pk__in=[one.pk for one in moving]))
    if serving and sharing is None:
        raise NumberServes(serving, by)
    if serving and sharing == Sharing.RECYCLED:
        account = _taken_from(account, serving, by)
    for one in moving:
        _serve(one, account, phone, by)
    return locked


@verb()
def release(*, resident: Resident, by: User, everyone: bool = False) -> Resident:
    """Staff: no phone serves `resident` any more; the file and the points stay. `everyone`: nor the others of that number.

    Refuses strangers, a colleague's own file and family, and a file without a number.
    """
    locked = _file(resident, by)
    if locked.account_id is None and not locked.phone:
        raise NoNumber
    for one in others_on(locked, by) if everyone else []:
        _serve(_file(one, by), None, "", by)
    return _serve(locked, None, "", by)


def others_on(resident: Resident, by: User) -> list[Resident]:
    """Who else is served by the number of `resident`, of the communities where `by` works."""
    if not resident.phone and resident.account_id is None:
        return []
    people = _on(resident.phone, resident.account_id)
    return list(people.filter(community__in=duties.served_by(by)).exclude(pk=resident.pk))


def check_name(*, account: User, name: str) -> None:
    """Refuses unless `name` is the full name of somebody whom the dormant `account` serves; five tries a day."""
    limits.hit(f"name:{account.pk}", limit=NAME_TRIES, window=timedelta(days=1))
    helped = Resident.objects.filter(helpers__in=account.helps.current(), name=name)
    if not name or not (account.residents.filter(name=name).exists() or helped.exists()):
        raise WrongName


@verb()
def disown(*, account: User) -> User:
    """The number has a new owner: the old account is closed, its files lose the number, the new owner starts afresh.

    Returns the new account. Refuses an account that is in use. The caller has proved the number.
    """
    locked = User.objects.select_for_update(no_key=True).get(pk=account.pk)
    changes.by(locked)
    phone = locked.phone
    if phone is None or not signin.dormant(locked):
        raise NotDormant
    locked.residents.update(account=None, phone="")
    helping.leave_all(account=locked, by=locked)
    _retire(locked)
    log.info("number disowned", account=locked.pk)
    return signin.account_of(phone=phone)


def _file(resident: Resident, by: User) -> Resident:
    duties.require(by, resident.community)
    locked = Resident.objects.held(resident.pk)
    # The number is how a colleague's own file is known: taking it away would let them award themselves.
    own = registration.NotYourOwn("不能改动自己或家人的手机号，请由另一位同事办理。什么都没有改动。")
    if refused := refusal_between(by=by, beneficiaries=[locked], family=own):
        raise refused
    if locked.status not in ACTIVE:
        raise BadInput("未通过的登记和已注销的档案不能绑定手机号，没有改动。")
    return locked


def _of_kin(phone: str, by: User) -> bool:
    kin = kin_of(by)
    return any(kin.includes(one) for one in Resident.objects.filter(phone=phone))


def _on(phone: str, account: int | None) -> QuerySet[Resident]:
    """Everybody on this number, those included whom nobody has signed in for yet."""
    here = (Q(phone=phone) if phone else Q(pk=None)) | (Q(account=account) if account else Q(pk=None))
    return Resident.objects.filter(here, status__in=ACTIVE).select_related("community").order_by("pk")


def _taken_from(account: User, serving: list[Resident], by: User) -> User:
    """The number has a new owner: everybody it served loses it, and a new account begins."""
    if any(not duties.holds(by, one.community) for one in serving):
        raise BadInput("这个号码还登记在别的社区的档案上，没有改动。请联系街道管理员办理。")
    for one in serving:
        _serve(_file(one, by), None, "", by)
    phone = account.phone or ""
    helping.leave_all(account=account, by=by)
    _retire(account)
    return signin.account_of(phone=phone)


def _serve(resident: Resident, account: User | None, phone: str, by: User) -> Resident:
    changes.by(by)
    log.info(
        "resident's number", resident=resident.pk, before=resident.account_id, after=account and account.pk, by=by.pk
    )
    resident.account, resident.phone = account, phone
    resident.save(update_fields=["account", "phone"])
    return resident


def _retire(account: User) -> None:
    account.is_active, account.phone = False, None
    account.save(update_fields=["is_active", "phone"])
