"""违法犯罪记录查询: asked of the police before hiring and every year; of the answer only whether it was clear (domain guide, 6.3)."""

from datetime import date

from childcare.models import RecordCheck, Staffer
from childcare.staffing.staff import OwnPost
from childcare.staffing.telling import tell_unclear
from childcare.staffing.turns import LeftTheCentre
from communities import changes, duties
from communities.models import User
from communities.settings import CARE_CHECK_MONTHS, value_of
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb


class CheckedAlready(Refused):
    code = "care_check_twice"
    message = "这一天的查询结果已经登记过，没有重复登记。写错了的，请用更晚的日期重新查询后登记。"


REFUSALS: Refusals = {"record_check_once": lambda _: CheckedAlready()}


@verb(REFUSALS)
def write(*, staffer: Staffer, checked_on: date, clear: bool, by: User) -> RecordCheck:
    """What the police answered. One that is not clear takes every turn from today on away (trigger), and head and lead are told.

    Refuses what `refusal_for` says, and the same day twice. A check is never changed: a newer one counts.
    """
    changes.by(by)
    rows = Staffer.objects.select_for_update(no_key=True, of=("self",)).select_related("centre__community")
    mine = rows.get(pk=staffer.pk)
    if refused := refusal_for(mine, checked_on, by):
        raise refused
    months = value_of(CARE_CHECK_MONTHS, mine.centre.community.sub_district_id, on=checked_on)
    made = RecordCheck.objects.create(
        staffer=mine, checked_on=checked_on, clear=clear, until=months_after(checked_on, months), by=by
    )
    if not clear:
        tell_unclear(mine)
    return made


def refusal_for(staffer: Staffer, checked_on: date, by: User) -> Refused | None:
    """Why `by` cannot write a check of `staffer`; None when nothing stands against it."""
    reasons: list[tuple[bool, Refused]] = [
        (not duties.holds(by, staffer.centre.community), duties.NotYourDuty()),
        (staffer.account_id == by.pk, OwnPost()),
        (staffer.left_on is not None, LeftTheCentre()),
        (checked_on > clock.today(), BadInput("查询日期不能晚于今天，没有登记。")),
        (checked_on.year < 2000, BadInput("请填正确的查询日期，没有登记。")),
    ]
    return next((refused for stands, refused in reasons if stands), None)


def months_after(day: date, months: int) -> date:
    """The same day `months` later; the last of a month that is shorter."""
    year, month = divmod(day.month - 1 + months, 12)
    for last in range(day.day, 27, -1):
        try:
            return date(day.year + year, month + 1, last)
        except ValueError:
            continue
    return date(day.year + year, month + 1, min(day.day, 28))
