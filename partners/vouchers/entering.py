"""社区代录: what a shop without a network used is written down by staff within some days, from its signature sheet (domain guide, 8)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from communities.models import User
from core import clock, masks
from core.refusals import BadInput, Refused
from partners.models import Partner, Redemption, Voucher
from partners.models.numbers import slipped
from partners.vouchers.finding import NOTHING, Slipped, open_first
from partners.vouchers.redeeming import redeem

LATE_DAYS = 7  # a week of holidays
MOST = 50  # lines of one sheet


class NoSheet(BadInput):
    code = "no_signature_sheet"
    message = f"请先收齐顾客签字的核销登记表，再勾选录入，{NOTHING}"


class BadServiceDay(BadInput):
    code = "bad_service_day"
    message = f"服务日期须是最近{LATE_DAYS}天里的一天，{NOTHING}请检查日期。"


class BadList(BadInput):
    code = "bad_number_list"
    message = f"请填1到{MOST}个券码，每行一个，{NOTHING}"


class NotTheirs(Refused):
    code = "number_unknown"
    message = f"这家没有这个券码，{NOTHING}请对照登记表核对。"


class TakenLater(Refused):
    code = "taken_later"
    message = f"这张券是服务日期以后才兑换的，没有录入，{NOTHING}请核对服务日期。"


class Entered(NamedTuple):
    """One line of the sheet and what became of it: used, or why not."""

    number: str
    said: str
    redemption: Redemption | None


def numbers_of(text: str) -> list[str]:
    """One a line, blanks within left out, each once, in the order written. Refuses `BadList`."""
    found = list(dict.fromkeys(filter(None, ("".join(line.split()) for line in text.splitlines()))))
    if not 0 < len(found) <= MOST or any(len(one) > 20 for one in found):
        raise BadList
    return found


def enter_sheet(
    *, partner: Partner, numbers: Iterable[str], served_on: date, signed: bool, by: User, at: datetime | None = None
) -> list[Entered]:
    """Each line in a transaction of its own: what is refused stops no other. Refuses `NoSheet`, `BadServiceDay`.

    Called again with the same lines it says of each that it was used already.
    """
    at = at or clock.now()
    today = clock.local(at).date()
    if not signed:
        raise NoSheet
    if not today - timedelta(days=LATE_DAYS) <= served_on <= today:
        raise BadServiceDay
    return [_entered(partner, number, served_on, by, at) for number in numbers]


def _entered(partner: Partner, number: str, served_on: date, by: User, at: datetime) -> Entered:
    try:
        voucher = _theirs(partner, number, served_on, by)
        made = redeem(voucher=voucher, by=by, way=Redemption.Way.DESK, served_on=served_on, at=at)
    except Refused as refused:
        return Entered(number, refused.message, None)
    return Entered(number, f"已核销“{voucher.offer}”，{masks.name(voucher.resident.name)}", made)


def _theirs(partner: Partner, number: str, served_on: date, by: User) -> Voucher:
    if slipped(number):
        raise Slipped
    found = open_first(partner, number)
    if found is None or not Voucher.objects.for_staff(by).filter(pk=found.pk).exists():
        raise NotTheirs
    if clock.local(found.at).date() > served_on:
        raise TakenLater
    return found
