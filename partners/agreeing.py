"""Writing down what was signed on paper, and that it ended early."""

from calendar import monthrange
from datetime import date, timedelta

from communities import duties
from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from partners.models import Agreement

SHORTEST, LONGEST = 1, 36  # months
FARTHEST_YEAR = 2200  # a slip of the finger; the calendar ends in 9999


class BadTerm(BadInput):
    code = "bad_term"
    message = "协议期限须在1个月到3年之间，没有保存。请检查开始日期和到期日期。"


class SignedLater(BadInput):
    code = "signed_later"
    message = "签订日期不能晚于今天，没有保存。协议签好后再录入。"


class NumberTaken(Refused):
    code = "number_taken"
    message = "这个协议编号已经用过，没有保存。请核对编号。"


class PartnerNameTaken(Refused):
    code = "partner_name_taken"
    message = "本街道已有同名的合伙人，没有保存。请从“合伙人”里选择；没有列出的，请联系街道管理员。"


class OtherSubDistrict(Refused):
    code = "other_sub_district"
    message = "这个合伙人登记在别的街道，没有保存。请在本街道重新登记。"


class EndOutsideTerm(BadInput):
    code = "end_outside_term"
    message = "终止日期须在协议期限之内，没有改动。请检查日期。"


class NotRunning(Refused):
    code = "not_running"
    message = "协议已经终止或已经到期，没有改动。"


REFUSALS: Refusals = {
    "partners_agreement_number_key": lambda _: NumberTaken(),
    "partner_name": lambda _: PartnerNameTaken(),
}


@verb(REFUSALS)
def sign(*, agreement: Agreement, by: User) -> Agreement:
    """Keep the unsaved `agreement`, and its partner if that one is new. `by` becomes the one who recorded it.

    Refuses a term under a month or over three years, a signature to come, a number or name used before.
    """
    duties.require(by, agreement.community)
    if agreement.starts_on.year > FARTHEST_YEAR:
        raise BadTerm
    first, last = months_after(agreement.starts_on, SHORTEST), months_after(agreement.starts_on, LONGEST)
    if not first - timedelta(days=1) <= agreement.ends_on <= last:
        raise BadTerm
    if agreement.signed_on > clock.today():
        raise SignedLater
    partner = agreement.partner
    if partner.sub_district_id != agreement.community.sub_district_id:
        raise OtherSubDistrict
    if partner._state.adding:
        partner.save(force_insert=True)
    agreement.partner, agreement.recorded_by = partner, by
    agreement.save(force_insert=True)
    return agreement


@verb()
def end(*, agreement: Agreement, on: date, by: User) -> Agreement:
    """Write down that the agreement no longer holds from `on`, a day within its term. Refuses what is already over."""
    mine = (
        Agreement.objects.select_for_update(no_key=True, of=("self",)).select_related("community").get(pk=agreement.pk)
    )
    duties.require(by, mine.community)
    if mine.ended_on or mine.ends_on < clock.today():
        raise NotRunning
    if not mine.starts_on <= on <= mine.ends_on:
        raise EndOutsideTerm
    mine.ended_on = on
    mine.save(update_fields=["ended_on"])
    return mine


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last day: 31 January and a month are 28 or 29 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
