"""提前终止: one side alone tells the other some days before; what both want, a second person says as well (domain guide, 7.4).

The second one is a head who did not write it down, or the owner on the own phone. Until then the agreement holds.
"""

from datetime import date, datetime, timedelta

from communities import duties, settings
from communities.kin import SamePerson, kin_of
from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb
from notifications.outbox import Words, tell
from partners.agreements.signing import HEADS
from partners.models import Agreement, Clerk
from partners.obligations import bias


class EndOutsideTerm(BadInput):
    code = "end_outside_term"
    message = "终止日期须在协议期限之内，没有改动。请检查日期。"


class NotRunning(Refused):
    code = "not_running"
    message = "协议没有签署、已经终止或已经到期，没有改动。"


class NoticeTooShort(BadInput):
    code = "notice_too_short"

    def __init__(self, days: int) -> None:
        super().__init__(
            f"单方终止须提前{days}天书面通知，没有改动。请选晚一些的日期；双方书面同意的，请勾选后再保存。"
        )


class EndChanged(Refused):
    code = "end_changed"
    message = "您打开页面以后，登记的终止日期改过，没有改动。请重新看过再确认。"


class NoEndToConfirm(Refused):
    code = "no_end_to_confirm"
    message = "这份协议没有等着确认的提前终止，没有改动。可能已经确认或撤回，请刷新页面查看。"


@verb()
def end(*, agreement: Agreement, on: date, by: User, reason: str = "", agreed: bool = False) -> Agreement:
    """Write down that the agreement no longer holds from `on`, a day within its term. Refuses what is already over.

    One side alone gives notice some days before (setting). Sooner only if both want it (`agreed`): that waits for `confirm`.
    """
    mine = _locked(agreement)
    duties.require(by, mine.community)
    if refused := _refusal_as_over(mine):
        raise refused
    if not mine.starts_on <= on <= mine.ends_on:
        raise EndOutsideTerm
    days = settings.value_of(settings.AGREEMENT_NOTICE_DAYS, mine.community.sub_district_id)
    if on >= clock.today() + timedelta(days=days):
        mine.ended_on, mine.ending_on, mine.ending_by = on, None, None
    elif agreed:
        mine.ending_on, mine.ending_by = on, by
    else:
        raise NoticeTooShort(days)
    mine.end_reason = reason
    mine.save(update_fields=["ended_on", "ending_on", "ending_by", "end_reason"])
    return mine


def _refusal_as_over(agreement: Agreement) -> Refused | None:
    over = agreement.status != Agreement.Status.SIGNED or agreement.ended_on or agreement.ends_on < clock.today()
    return NotRunning() if over else None


def refusal_to_confirm(agreement: Agreement, by: User) -> Refused | None:
    """Why `by` cannot be the second one to say so; None when nothing stands against it. Pages and verb ask."""
    proposer = agreement.ending_by
    if proposer is None or _refusal_as_over(agreement):
        return NoEndToConfirm()
    if _owns(agreement, by):  # not with the phone of whoever wrote it down
        return SamePerson() if by.pk in kin_of(proposer).accounts else None
    if not duties.holds(by, agreement.community, *HEADS):
        return duties.NotYourDuty()
    return bias.refusal_for(by, agreement.partner, recorders=[proposer.pk])


@verb()
def confirm(*, agreement: Agreement, by: User, seen: str | None = None) -> Agreement:
    """Both sides do want it: over from that day, which was `seen` (as 2026-12-01), today at the earliest.

    Refuses what `refusal_to_confirm` says, and `EndChanged`; None: nobody says what was seen.
    """
    mine = _locked(agreement)
    if refused := refusal_to_confirm(mine, by):
        raise refused
    assert mine.ending_on, "refused above"
    if seen is not None and seen != mine.ending_on.isoformat():
        raise EndChanged
    mine.ended_on = max(mine.ending_on, clock.today())
    mine.save(update_fields=["ended_on"])
    return mine


@verb()
def drop(*, agreement: Agreement, by: User) -> Agreement:
    """It goes on: said by a colleague or by the owner; who wrote it down is told. Refuses a stranger and `NoEndToConfirm`."""
    mine, owns = _locked(agreement), _owns(agreement, by)
    if not owns:
        duties.require(by, mine.community)
    if mine.ending_by is None or mine.ended_on:
        raise NoEndToConfirm
    if mine.ending_by_id != by.pk:
        _tell_dropped(mine, "店主不同意" if owns else f"{by}撤回了", clock.now())
    mine.ending_on, mine.ending_by, mine.end_reason = None, None, ""
    mine.save(update_fields=["ending_on", "ending_by", "end_reason"])
    return mine


def _tell_dropped(mine: Agreement, who: str, at: datetime) -> None:
    body = f"{who}{mine.partner}的协议提前终止，协议照常有效。"
    said = Words("提前终止没有办成", body, f"/desk/partners/{mine.pk}/")
    tell(staff=mine.ending_by, occasion=f"agreement:{mine.pk}:end-dropped:{at.timestamp():.6f}", words=said)


def _owns(agreement: Agreement, by: User) -> bool:
    owners = Clerk.objects.current().filter(partner=agreement.partner_id, slot=Clerk.OWNER)
    return owners.filter(account=by).exists()


def _locked(agreement: Agreement) -> Agreement:
    rows = Agreement.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("community", "partner", "ending_by").get(pk=agreement.pk)
