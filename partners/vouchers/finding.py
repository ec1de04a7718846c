"""报券码: the eight digits read aloud at one shop's counter name one of its vouchers. Guessing is stopped, slips are not counted.

A try is counted and committed before anything is compared, and taken off again when it was right: whoever knows one number
gains no tries by saying it again. Never called inside a verb (communities/limits.py).
"""

from datetime import datetime, timedelta

from django.db.models import Case, F, IntegerField, Value, When
from django.utils.crypto import constant_time_compare

from communities import limits
from communities.models import Attempts, User
from core import clock
from core.refusals import BadInput, Refused
from partners.models import Clerk, Partner, Voucher
from partners.models.numbers import slipped

TRIES, WINDOW = 5, timedelta(minutes=10)  # mock-ups README: 5 tries in 10 minutes
NOTHING = "什么都没有改动，积分没有变动。"


class Slipped(BadInput):
    code = "number_slipped"
    message = f"券码应为8位数字，这一串读错或输错了一位，{NOTHING}请对照券面重新输入。"


class UnknownNumber(Refused):
    code = "number_unknown"
    message = f"没有找到这个券码，或不是您店的券，{NOTHING}请和顾客核对后再试；10分钟内输错{TRIES}次要等一等。"


class CheckFirst(Refused):
    code = "second_check_needed"
    message = (
        f"这张券打印过纸质券，要先核对顾客说的第二项（登记手机号后4位），没有核销，{NOTHING}请重新扫码或输入券码。"
    )


class NothingToCheck(Refused):
    code = "second_check_missing"
    message = f"顾客没有登记手机号和生日，没有可以核对的，没有核销，{NOTHING}请顾客到社区登记生日，或由社区代录。"


class WrongCheck(Refused):
    code = "second_check_wrong"
    message = f"第二项核对不对，{NOTHING}请和顾客核对后再试；10分钟内输错{TRIES}次要等一等。"


def typed(number: str) -> str:
    """The digits as typed, blanks left out. Refuses `Slipped`: misread or mistyped, not worth a look nor a count."""
    digits = "".join(number.split())
    if slipped(digits):
        raise Slipped
    return digits


def by_number(*, partner: Partner, number: str, who: User, at: datetime | None = None) -> Voucher:
    """The voucher of `partner` with this number, the open one first. Refuses `Slipped`, `UnknownNumber`, `TooMany`."""
    digits, at = typed(number), at or clock.now()
    keys = _keys(partner.pk, who)
    _count(keys, at)
    found = open_first(partner, digits)
    if found is None:
        raise UnknownNumber
    _was_right(keys, at)
    return found


def open_first(partner: Partner, digits: str) -> Voucher | None:
    """Numbers are drawn again once their voucher is settled: the open one is meant."""
    waits = Case(When(status__in=("issued", "frozen"), then=Value(0)), default=Value(1), output_field=IntegerField())
    mine = Voucher.objects.filter(partner=partner, number=digits).order_by(waits, "-pk")
    return mine.select_related("offer", "partner", "community", "resident").first()


def of_clerk(*, clerk: Clerk, number: str, at: datetime | None = None) -> Voucher:
    """What a shop's phone was told. Refuses as `by_number`."""
    return by_number(partner=clerk.partner, number=number, who=clerk.account, at=at)


def second_check(*, voucher: Voucher, said: str, who: User, at: datetime | None = None) -> None:
    """Of a printed voucher, scanned or read aloud, the customer also says what is not on the paper; counted as numbers are.

    Refuses `NothingToCheck`, `WrongCheck`, `TooMany`.
    """
    answer = answer_of(voucher)
    if not answer:
        raise NothingToCheck
    at, keys = at or clock.now(), (*_keys(voucher.partner_id, who), f"voucher:check:{voucher.pk}")
    _count(keys, at)
    if not constant_time_compare("".join(said.split()), answer):
        raise WrongCheck
    _was_right(keys, at)


def answer_of(voucher: Voucher) -> str:
    """The last four digits of the phone on file; without a phone the birthday as MMDD; with neither ""."""
    if phone := voucher.resident.phone:
        return str(phone)[-4:]
    born = voucher.resident.birth_date
    return f"{born:%m%d}" if born else ""


def asks_for_birthday(voucher: Voucher) -> bool:
    return not voucher.resident.phone


def _keys(partner: int, who: User) -> tuple[str, ...]:
    return f"voucher:number:{who.pk}", f"voucher:shop:{partner}"


def _count(keys: tuple[str, ...], at: datetime) -> None:
    for key in keys:
        limits.hit(key, limit=TRIES, window=WINDOW, at=at)


def _was_right(keys: tuple[str, ...], at: datetime) -> None:
    """Take this one try off again, and no other: wrong ones before it stay counted."""
    Attempts.objects.filter(key__in=keys, window__gt=at - WINDOW, count__gt=0).update(count=F("count") - 1)
