"""退出: told, some working days to answer, decided by the 评议小组, wound up (domain guide, 7.5).

Whoever began it does not write down the decision. Deciding ends every agreement of the two at once; vouchers that are out stay
good for some days (`grace_until`) or go back one by one (partners/obligations/winding_up.py).
"""

from datetime import date, datetime, timedelta

from communities import calendar, duties
from communities.models import Community, User
from communities.settings import LEAVING_ANSWER_DAYS, LEAVING_VOUCHER_DAYS, value_of
from core import clock, words
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from partners.models import Agreement, Clerk, Leaving, Partner
from partners.obligations import bias
from partners.obligations.suspending import DECIDING
from partners.vouchers import telling

REASON, ANSWER, MINUTES = 300, 1000, 500
Status = Leaving.Status
END_REASON = "退出程序决定退出"


class AlreadyLeaving(Refused):
    code = "already_leaving"
    message = "这份协议已经在退出程序里，没有重复发起。请刷新后再看。"


class NothingToLeave(Refused):
    code = "nothing_to_leave"
    message = "这份协议没有生效，不用办退出，没有改动。"


class LeavingState(Refused):
    code = "leaving_state"
    message = "这次退出程序已经办到下一步，没有再改动。请刷新后再看。"


class StillTime(Refused):
    code = "leaving_still_time"

    def __init__(self, until: date | None = None) -> None:
        day = f"到{words.day(until)}为止" if until else "还没有到期"
        super().__init__(f"合伙人还没有申辩，申辩期限{day}，没有登记决定。请等申辩后或期满后再登记。")


class TooLateToAnswer(Refused):
    code = "leaving_answer_late"
    message = "申辩期限已过，没有提交。有话请直接找社区。"


class LeavingText(BadInput):
    code = "leaving_text"
    message = "请写明内容，不要太长。什么都没有改动。"


REFUSALS: Refusals = {"leaving_once": lambda _: AlreadyLeaving()}


def refusal_to_begin(agreement: Agreement, by: User, at: datetime) -> Refused | None:
    """Why `by` cannot begin it; None when nothing stands against it. The owner's own wish needs no duty."""
    if not _owns(agreement, by) and not duties.holds(by, agreement.community, *DECIDING):
        return duties.NotYourDuty()
    if not Agreement.objects.in_force(clock.local(at).date()).filter(pk=agreement.pk).exists():
        return NothingToLeave()
    open_ones = (Status.TOLD, Status.DECIDED)
    return AlreadyLeaving() if agreement.leavings.filter(status__in=open_ones).exists() else None


@verb(REFUSALS)
def begin(*, agreement: Agreement, reason: str, by: User, at: datetime | None = None) -> Leaving:
    """Tell the partner, who reads it on its pages and may answer; or the owner wishes it, and there is nothing to answer.

    Refuses what `refusal_to_begin` says.
    """
    at = at or clock.now()
    if refused := refusal_to_begin(agreement, by, at):
        raise refused
    today, street = clock.local(at).date(), agreement.community.sub_district_id
    own = _owns(agreement, by)
    days = value_of(LEAVING_ANSWER_DAYS, street, on=today)
    until = today if own else calendar.add_working_days(today, days, street)
    return Leaving.objects.create(
        agreement=agreement, reason=_written(reason, REASON), own_wish=own, by=by, at=at, answer_by=until
    )


@verb()
def answer(*, leaving: Leaving, text: str, by: User, at: datetime | None = None) -> Leaving:
    """申辩 by the owner, until the last day; written again as long as nothing is decided. Refuses `TooLateToAnswer`."""
    mine, at = _locked(leaving), at or clock.now()
    if not _owns(mine.agreement, by):
        raise duties.NotYourDuty
    if mine.status != Status.TOLD or mine.own_wish:
        raise LeavingState
    if clock.local(at).date() > mine.answer_by:
        raise TooLateToAnswer
    mine.answer, mine.answered_at = _written(text, ANSWER), at
    mine.save(update_fields=["answer", "answered_at"])
    return mine


def refusal_to_decide(leaving: Leaving, by: User, at: datetime) -> Refused | None:
    """Why `by` cannot write down the decision; None when nothing stands against it. The desk and the verb ask."""
    agreement = leaving.agreement
    if not duties.holds(by, agreement.community, *DECIDING):
        return duties.NotYourDuty()
    if leaving.status != Status.TOLD:
        return LeavingState()
    if refused := bias.refusal_for(by, agreement.partner, recorders=[leaving.by_id]):
        return refused
    heard = leaving.own_wish or leaving.answered_at or clock.local(at).date() > leaving.answer_by
    return None if heard else StillTime(leaving.answer_by)


@verb()
def decide(
    *, leaving: Leaving, leave: bool, minutes: str, by: User, vouchers: str = Leaving.Vouchers.KEEP, at: datetime | None = None
) -> Leaving:  # fmt: skip
    """What the 评议小组 decided: to leave ends every agreement of the two today; kept, nothing changes. Holders of vouchers are told.

    Refuses what `refusal_to_decide` says.
    """
    mine, at = _locked(leaving), at or clock.now()
    if refused := refusal_to_decide(mine, by, at):
        raise refused
    if vouchers not in Leaving.Vouchers:
        raise LeavingText
    today = clock.local(at).date()
    mine.minutes, mine.decided_by, mine.decided_at = _written(minutes, MINUTES), by, at
    mine.status = Status.DECIDED if leave else Status.KEPT
    if leave:
        mine.vouchers = vouchers
        if vouchers == Leaving.Vouchers.KEEP:
            days = value_of(LEAVING_VOUCHER_DAYS, mine.agreement.community.sub_district_id, on=today)
            mine.vouchers_until = today + timedelta(days=days)
        _end_all(mine.agreement, today)
    mine.save()
    if mine.vouchers_until:
        telling.left(mine, at)
    return mine


def grace_until(partner: Partner, community: Community) -> date | None:
    """Until which day vouchers of a partner that left this community may still be used; None when it did not leave, or all went back.

    Whoever redeems asks this where `standing.refusal_for` says that no agreement is in force.
    """
    left = Leaving.objects.filter(agreement__partner=partner, agreement__community=community)
    decided = left.filter(status__in=(Status.DECIDED, Status.DONE), vouchers=Leaving.Vouchers.KEEP)
    return decided.order_by("-vouchers_until").values_list("vouchers_until", flat=True).first()


def _end_all(agreement: Agreement, today: date) -> None:
    """Those in force end today; one that would only begin never holds: it ends on its first day."""
    between = Agreement.objects.select_for_update(no_key=True).filter(
        partner=agreement.partner_id, community=agreement.community_id, status=Agreement.Status.SIGNED, ended_on=None, ends_on__gte=today,
    )  # fmt: skip
    for one in between.order_by("pk"):
        one.ended_on, one.end_reason = max(today, one.starts_on), END_REASON
        one.save(update_fields=["ended_on", "end_reason"])


def _owns(agreement: Agreement, by: User) -> bool:
    owners = Clerk.objects.current().filter(partner=agreement.partner_id, slot=Clerk.OWNER)
    return owners.filter(account=by).exists()


def _locked(leaving: Leaving) -> Leaving:
    rows = Leaving.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("agreement__partner", "agreement__community").get(pk=leaving.pk)


def _written(text: str, longest: int) -> str:
    text = text.strip()
    if not 0 < len(text) <= longest or "\0" in text:
        raise LeavingText(f"请写明内容，不超过{longest}字。什么都没有改动。")
    return text
