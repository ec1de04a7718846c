"""违法犯罪记录查询: asked of the police before hiring and every year; of the answer only whether it was clear (domain guide, 6.3)."""

from datetime import date

from django.db.models import Q

from childcare.models import RecordCheck, Staffer
from childcare.staffing.staff import OwnPost
from childcare.staffing.telling import tell_unclear
from childcare.staffing.turns import LeftTheCentre
from communities import changes, duties
from communities.kin import SamePerson
from communities.models import Duty, User
from communities.settings import CARE_CHECK_MONTHS, value_of
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb

HEADS = (Duty.Role.HEAD, Duty.Role.STREET_ADMIN)
REASON = 60


class CheckedAlready(Refused):
    code = "care_check_twice"
    message = "这一天的查询结果已经登记过，没有重复登记。写错了的，请社区主任作废那一条，再重新登记。"


class CheckVoided(Refused):
    code = "care_check_voided"
    message = "这条查询结果已经作废，没有再改动。"


class NoReason(BadInput):
    code = "care_check_no_reason"
    message = f"请写明作废原因（2到{REASON}字），什么都没有改动。"


REFUSALS: Refusals = {
    "record_check_once": lambda _: CheckedAlready(),
    "record_check_voided_by_another": lambda _: SamePerson(),
}


@verb(REFUSALS)
def write(*, staffer: Staffer, checked_on: date, clear: bool, by: User) -> RecordCheck:
    """What the police answered. One that is not clear, of whatever day, takes every turn from today on away, at every centre of the
    same account, until a clear one of a later day is written (trigger); heads and leads are told.

    Refuses what `refusal_for` says, and the same day twice. A check is never changed: a newer one counts, a wrong one is taken back.
    """
    changes.by(by)
    files = _files_of(staffer.pk)
    mine = files[staffer.pk]
    if refused := refusal_for(mine, checked_on, by):
        raise refused
    months = value_of(CARE_CHECK_MONTHS, mine.centre.community.sub_district_id, on=checked_on)
    made = RecordCheck.objects.create(
        staffer=mine, checked_on=checked_on, clear=clear, until=months_after(checked_on, months), by=by
    )
    for one in files.values() if not clear else ():
        if one.left_on is None:
            tell_unclear(one)
    return made


@verb(REFUSALS)
def void(*, check: RecordCheck, reason: str, by: User) -> RecordCheck:
    """A head or the street takes back what somebody else wrote down by mistake; the row stays. Turns that it had taken away do not
    come back by themselves; those that a clear one had allowed go (trigger). Refuses `refusal_to_void`, `NoReason`."""
    changes.by(by)
    reason = reason.strip()
    if not 2 <= len(reason) <= REASON or "\0" in reason:
        raise NoReason
    staffer = _files_of(check.staffer_id)[check.staffer_id]
    mine = RecordCheck.objects.select_related("staffer__centre__community").get(pk=check.pk)
    if refused := refusal_to_void(mine, by):
        raise refused
    mine.voided_at, mine.voided_by, mine.void_reason = clock.now(), by, reason
    mine.save(update_fields=["voided_at", "voided_by", "void_reason"])
    staffer.refresh_from_db()
    if mine.clear and staffer.record_due is None:
        tell_unclear(mine.staffer)
    return mine


def refusal_to_void(check: RecordCheck, by: User) -> Refused | None:
    """Why `by` does not take it back: no head, the own file, who wrote it down, taken back already. Page and verb ask."""
    reasons: list[tuple[bool, Refused]] = [
        (not duties.holds(by, check.staffer.centre.community, *HEADS), duties.NotYourDuty()),
        (check.staffer.account_id == by.pk, OwnPost()),
        (check.staffer.left_on is not None, LeftTheCentre()),
        (check.by_id == by.pk, SamePerson()),
        (check.voided_at is not None, CheckVoided()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


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


def _files_of(pk: int) -> dict[int, Staffer]:
    """The file and every other of the same account, held, in the order in which the trigger holds them."""
    rows = (
        Staffer.objects.select_for_update(no_key=True, of=("self",)).select_related("centre__community").order_by("pk")
    )
    same = Q(pk=pk) | Q(account__in=Staffer.objects.filter(pk=pk).values("account"))
    return {one.pk: one for one in rows.filter(same)}
