"""The term of an agreement: from a month to three years."""

from calendar import monthrange
from datetime import date, timedelta

from core import clock
from core.refusals import BadInput, Refused

SHORTEST, LONGEST = 1, 36  # months
FARTHEST_YEAR = 2200  # a slip of the finger; the calendar ends in 9999


class BadTerm(BadInput):
    code = "bad_term"
    message = "协议期限须在1个月到3年之间，没有保存。请检查开始日期和到期日期。"


class AgreementOver(Refused):
    code = "agreement_over"
    message = "协议到期日已过，不能再签，没有改动。由社区作废这一份，按新的期限另拟一份再签。"


def refusal_as_over(signed_on: date | None, ends_on: date) -> Refused | None:
    """Nothing is signed after its last day; of what was written down from paper the day on the paper counts."""
    return AgreementOver() if (signed_on or clock.today()) > ends_on else None


def check_term(starts_on: date, ends_on: date) -> None:
    """Refuses `BadTerm` for less than a month and more than three years."""
    if starts_on.year > FARTHEST_YEAR:
        raise BadTerm
    first, last = months_after(starts_on, SHORTEST), months_after(starts_on, LONGEST)
    if not first - timedelta(days=1) <= ends_on <= last:
        raise BadTerm


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last day: 31 January and a month are 28 or 29 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
