"""满月履职: said by the holder, or by staff for them, confirmed by another colleague; only then it earns (domain guide, 4.2: POST).

A month counts when the whole of it lies in the term. It is confirmed once it is over, by the rule of its last day. One month
of one holding is booked once: `duty_month_once`, and the key `post:<month>`.
"""

from datetime import date, datetime, timedelta
from typing import TypeAlias

from django.db.models import QuerySet

from activities import awarding
from activities.awarding import Earned
from activities.claims import PAGE, OwnPost, worded
from activities.models import DutyMonth, Holding
from activities.terms import add_months, last_of, month_of, named
from communities import duties, helping
from communities.kin import Kin, refusal_between
from communities.models import Resident, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from notifications.outbox import Words, tell
from points import pricing
from points.pricing import Price

CODE, PREFIX = "POST", "post"
LAST_DAYS, FIRST_DAYS, STAFF_DAYS = 5, 10, 60  # of the month itself; after it: the holder, and staff for them
NOTE = 200  # characters
Status, Term = DutyMonth.Status, Holding.Status
DutyMonths: TypeAlias = QuerySet[DutyMonth]


class NotAWholeMonth(Refused):
    code = "not_a_whole_month"
    message = "这个月没有整月在岗，不能报满月履职，没有提交。"


class NotNow(Refused):
    code = "month_not_now"
    message = (
        f"满月履职在当月最后{LAST_DAYS}天到次月{FIRST_DAYS}日之间报，没有提交。过了时间的，请到窗口由工作人员代报。"
    )


class AlreadySaid(Refused):
    code = "month_said"
    message = "这个月已经报过，不用重复提交。可在“岗位”里看到进度。"


class BadNote(BadInput):
    code = "bad_note"
    message = f"履职情况不超过{NOTE}字，没有提交。"


class NotSaid(Refused):
    code = "month_settled"
    message = "这个月的履职已经审核过，没有再改动。请刷新后再看。"


class SamePerson(Refused):
    code = "same_person"
    message = "您代为填报的履职，须由另一位工作人员确认，没有入账。"
    status = 403


class NotOverYet(Refused):
    code = "month_not_over"
    message = "这个月还没有过完，次月1日起确认，没有入账。"


REFUSALS: Refusals = {
    **awarding.REFUSALS,
    "duty_month_once": lambda _: AlreadySaid(),
    "duty_month_two_people": lambda _: SamePerson(),
    "award_two_people": lambda _: SamePerson(),
}


def is_whole(holding: Holding, month: date) -> bool:
    """Whether all days of `month` (its first day) lie in the term, and before the holder left."""
    if holding.starts_on is None or holding.ends_on is None:
        return False
    left = clock.local(holding.ended_at).date() if holding.ended_at else holding.ends_on
    return holding.starts_on <= month and last_of(month) <= min(left, holding.ends_on)


def refusal_to_say(holding: Holding, month: date, at: datetime, *, staff: bool = False) -> Refused | None:
    """Why `month` of `holding` cannot be said at `at`; None when nothing stands against it. Page, counter and verb ask."""
    said = holding.months.filter(month=month).exclude(status=Status.DECLINED).exists()
    return AlreadySaid() if said else _against(holding, month, at, staff=staff)


def _against(holding: Holding, month: date, at: datetime, *, staff: bool) -> Refused | None:
    today, last = clock.local(at).date(), last_of(month)
    if month.day != 1 or not is_whole(holding, month):
        return NotAWholeMonth()
    until = last + timedelta(days=STAFF_DAYS if staff else FIRST_DAYS)
    return None if last - timedelta(days=LAST_DAYS - 1) <= today <= until else NotNow()


def sayable(resident: Resident, at: datetime, *, staff: bool = False) -> list[tuple[Holding, date]]:
    """What `resident` can say at `at`: (holding, month), the oldest month first. Two queries."""
    this = month_of(clock.local(at).date())
    held = Holding.objects.filter(resident=resident, status__in=(Term.HELD, Term.ENDED))
    mine = list(held.select_related("post__community", "resident").order_by("pk"))
    standing = DutyMonth.objects.filter(holding__in=mine).exclude(status=Status.DECLINED)
    said = set(standing.values_list("holding", "month"))
    months = [add_months(this, -back) for back in (2, 1, 0)]
    return [
        (one, month)
        for month in months
        for one in mine
        if (one.pk, month) not in said and _against(one, month, at, staff=staff) is None
    ]


@verb(REFUSALS)
def say(*, holding: Holding, month: date, by: User, note: str = "", at: datetime | None = None) -> DutyMonth:
    """`by` (the holder's account, a helper's, or staff) says that `month` was served; `note` says how.

    Refuses `BadNote`, a stranger among staff, and what `refusal_to_say` says.
    """
    at, note = at or clock.now(), note.strip()
    if len(note) > NOTE or "\0" in note:
        raise BadNote
    mine = Holding.objects.select_related("post__community", "resident").get(pk=holding.pk)
    if by.is_desk_user:
        duties.require(by, mine.post.community)
    if refused := refusal_to_say(mine, month, at, staff=by.is_desk_user):
        raise refused
    made = DutyMonth.objects.create(holding=mine, month=month, note=note, said_by=by, said_at=at)
    if helper := helping.said(mine.resident, by):
        said = Words("满月履职已填报", f"{_title(made)}已填报，等社区确认。{helper}", PAGE)
        tell(resident=mine.resident, occasion=f"month:{made.pk}:said", words=said)
    return made


def refusal_to_decide(month: DutyMonth, by: User, kin: Kin | None = None) -> Refused | None:
    """Why `by` cannot confirm or decline; None when nothing stands against it. A list passes `kin_of(by)`, read once."""
    if month.status != Status.SAID:
        return NotSaid()
    return refusal_between(
        by=by, recorders=[month.said_by_id], beneficiaries=[month.holding.resident], kin=kin, same=SamePerson(), family=OwnPost()
    )  # fmt: skip


def price_of(month: DutyMonth) -> Price:
    """By the rule of the month's last day."""
    street = month.holding.resident.community.sub_district_id
    return pricing.tariff(CODE, street, on=last_of(month.month)).price(1)


@verb(REFUSALS)
def confirm(*, month: DutyMonth, by: User, at: datetime | None = None) -> DutyMonth:
    """Confirm the month that `by` knows was served, and book its points; the resident is told.

    The award comes first: its key lets one of two confirmers through. Refuses `NotOverYet` and what `refusal_to_decide` says.
    """
    at = at or clock.now()
    seen = read(DutyMonth.objects.filter(pk=month.pk)).get()
    duties.require(by, seen.holding.post.community)
    if refused := refusal_to_decide(seen, by):
        raise refused
    if clock.local(at).date() <= last_of(seen.month):
        raise NotOverYet
    award = awarding.approve(earned=_earned(seen), by=by, at=at)
    mine = _decided(seen, Status.CONFIRMED, by, at)
    mine.award = award
    mine.save(update_fields=["status", "decided_by", "decided_at", "award"])
    got = awarding.said_of(award) if award else "这一项现在不计积分。"
    said = Words("满月履职已确认", f"{_title(seen)}已确认，{got}", PAGE)
    tell(resident=seen.holding.resident, occasion=f"month:{mine.pk}:confirmed", words=said)
    return mine


@verb(REFUSALS)
def decline(*, month: DutyMonth, by: User, reason: str, at: datetime | None = None) -> DutyMonth:
    """With a reason that the holder reads and may appeal. Refuses `NoReason` and what `refusal_to_decide` says."""
    reason = worded(reason)
    seen = read(DutyMonth.objects.filter(pk=month.pk)).get()
    duties.require(by, seen.holding.post.community)
    if refused := refusal_to_decide(seen, by):
        raise refused
    mine = _decided(seen, Status.DECLINED, by, at or clock.now())
    mine.decline_reason = reason
    mine.save(update_fields=["status", "decided_by", "decided_at", "decline_reason"])
    said = Words("满月履职未通过", f"{_title(seen)}没有通过：{reason}。不同意的，可以在“岗位”里申诉。", PAGE)
    tell(resident=seen.holding.resident, occasion=f"month:{mine.pk}:declined", words=said)
    return mine


def _decided(seen: DutyMonth, status: DutyMonth.Status, by: User, at: datetime) -> DutyMonth:
    """The row, locked after the wallet, not yet saved."""
    mine = DutyMonth.objects.select_for_update(no_key=True).get(pk=seen.pk)
    if mine.status != Status.SAID:
        raise NotSaid
    mine.status, mine.decided_by, mine.decided_at = status, by, at
    return mine


def _earned(seen: DutyMonth) -> Earned:
    holding = seen.holding
    return Earned(
        about=f"{PREFIX}:{seen.pk}", resident=holding.resident, community=holding.post.community, code=CODE,
        title=_title(seen), price=price_of(seen), recorded_by_id=seen.said_by_id,
    )  # fmt: skip


def _title(seen: DutyMonth) -> str:
    return f"“{seen.holding.post.title}”{named(seen.month)}满月履职"


def read(rows: DutyMonths) -> DutyMonths:
    """With everything that deciding and showing ask."""
    return rows.select_related(
        "holding__post__community", "holding__resident__community", "holding__resident__account", "said_by", "decided_by", "award"
    )  # fmt: skip


def of_resident(resident: Resident, most: int) -> list[DutyMonth]:
    """The newest months that `resident` said or that were said for them."""
    return list(read(DutyMonth.objects.filter(holding__resident=resident)).order_by("-month", "-pk")[:most])
