"""手机号: numbers change, and numbers change hands. The file stays, the number moves."""

from datetime import timedelta

import structlog

from communities import duties, limits, registration, signin
from communities.models import Resident, User
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
    locked = User.objects.select_for_update(no_key=True).get(pk=account.pk)
    if locked.phone == phone:
        raise SameNumber
    other = User.objects.select_for_update(no_key=True).filter(phone=phone).first()
    if other is not None:
        if other.kind != User.Kind.RESIDENT or other.residents.exists():
            raise PhoneTaken
        _retire(other)
    locked.residents.filter(phone=locked.phone or "").update(phone=phone)
    locked.phone = phone
    locked.save(update_fields=["phone"])
    return locked


@verb(REFUSALS)
def move(*, resident: Resident, phone: str, by: User) -> Resident:
    """Staff: `resident` is served by the account of `phone` (made if it is new) from now on.

    Refuses strangers to the community, the same number, numbers of staff, a file of the same name on that number.
    """
    locked = _file(resident, by)
    account = signin.account_of(phone=phone)
    if locked.account_id == account.pk and locked.phone == phone:
        raise SameNumber
    return _serve(locked, account, phone, by)


@verb()
def release(*, resident: Resident, by: User) -> Resident:
    """Staff: no phone serves `resident` any more; the file and the points stay. Refuses strangers and a file without one."""
    locked = _file(resident, by)
    if locked.account_id is None and not locked.phone:
        raise NoNumber
    return _serve(locked, None, "", by)


def check_name(*, account: User, name: str) -> None:
    """Refuses unless `name` is the full name of somebody whom the dormant `account` serves; five tries a day."""
    limits.hit(f"name:{account.pk}", limit=NAME_TRIES, window=timedelta(days=1))
    if not name or not account.residents.filter(name=name).exists():
        raise WrongName


@verb()
def disown(*, account: User) -> User:
    """The number has a new owner: the old account is closed, its files lose the number, the new owner starts afresh.

    Returns the new account. Refuses an account that is in use. The caller has proved the number.
    """
    locked = User.objects.select_for_update(no_key=True).get(pk=account.pk)
    phone = locked.phone
    if phone is None or not signin.dormant(locked):
        raise NotDormant
    locked.residents.update(account=None, phone="")
    _retire(locked)
    log.info("number disowned", account=locked.pk)
    return signin.account_of(phone=phone)


def _file(resident: Resident, by: User) -> Resident:
    duties.require(by, resident.community)
    locked = Resident.objects.select_for_update(no_key=True).get(pk=resident.pk)
    # The number is how confirming.py knows a colleague's own file: taking it away would let them award themselves.
    if locked.is_file_of(by):
        raise registration.NotYourOwn("不能改动自己档案的手机号，请由另一位同事办理。")
    if locked.status == Resident.Status.DECLINED:
        raise BadInput("未通过的登记不能绑定手机号，没有改动。")
    return locked


def _serve(resident: Resident, account: User | None, phone: str, by: User) -> Resident:
    log.info(
        "resident's number", resident=resident.pk, before=resident.account_id, after=account and account.pk, by=by.pk
    )
    resident.account, resident.phone = account, phone
    resident.save(update_fields=["account", "phone"])
    return resident


def _retire(account: User) -> None:
    account.is_active, account.phone = False, None
    account.save(update_fields=["is_active", "phone"])
