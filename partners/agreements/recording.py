"""Writing down what was signed on paper, and that an agreement ends early (domain guide, 7.4)."""

from collections.abc import Sequence
from datetime import date, timedelta

from communities import duties, settings
from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from partners.agreements import halting
from partners.agreements.dates import check_term
from partners.agreements.terms import Line, Space, put_rows
from partners.models import Agreement


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


class NotAdmitted(Refused):
    code = "partner_not_admitted"
    message = "这家还没有入选为社区合伙人，不能签协议，没有保存。请先办完入选手续。"


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


REFUSALS: Refusals = {
    "partners_agreement_number_key": lambda _: NumberTaken(),
    "partner_name": lambda _: PartnerNameTaken(),
}


@verb(REFUSALS)
def sign(
    *, agreement: Agreement, by: User, promises: Sequence[Line] = (), rooms: Sequence[Space] = ()
) -> Agreement:  # fmt: skip
    """Keep the unsaved `agreement`, with its rows, and its partner if that one is new. `by` becomes the one who recorded it.

    Refuses a term under a month or over three years, a signature to come, a number or name used before, a mere candidate, `PartnerHalted`.
    """
    duties.require(by, agreement.community)
    check_term(agreement.starts_on, agreement.ends_on)
    if agreement.signed_on is None or agreement.signed_on > clock.today():
        raise SignedLater
    partner = agreement.partner
    if partner.sub_district_id != agreement.community.sub_district_id:
        raise OtherSubDistrict
    if partner._state.adding:
        partner.admitted_at = clock.now()
        partner.save(force_insert=True)
    elif partner.admitted_at is None:
        raise NotAdmitted
    elif refused := halting.refusal_for(partner, agreement.community):
        raise refused
    agreement.partner, agreement.recorded_by = partner, by
    _keep(agreement, promises, rooms)
    return agreement


def _keep(agreement: Agreement, promises: Sequence[Line], rooms: Sequence[Space]) -> None:
    """As a draft first: rows are written under no signature."""
    signed_on, agreement.signed_on, agreement.status = agreement.signed_on, None, Agreement.Status.DRAFT
    agreement.save(force_insert=True)
    put_rows(agreement, promises, rooms)
    agreement.signed_on, agreement.status = signed_on, Agreement.Status.SIGNED
    agreement.save(update_fields=["signed_on", "status"])
    agreement.refresh_from_db(fields=["document", "sha256"])


@verb()
def end(*, agreement: Agreement, on: date, by: User, reason: str = "", agreed: bool = False) -> Agreement:
    """Write down that the agreement no longer holds from `on`, a day within its term. Refuses what is already over.

    One side alone gives notice some days before (setting); `agreed`: both sides want it, or the partner has to leave.
    """
    mine = (
        Agreement.objects.select_for_update(no_key=True, of=("self",)).select_related("community").get(pk=agreement.pk)
    )
    duties.require(by, mine.community)
    today = clock.today()
    if mine.status != Agreement.Status.SIGNED or mine.ended_on or mine.ends_on < today:
        raise NotRunning
    if not mine.starts_on <= on <= mine.ends_on:
        raise EndOutsideTerm
    days = settings.value_of(settings.AGREEMENT_NOTICE_DAYS, mine.community.sub_district_id)
    if not agreed and on < today + timedelta(days=days):
        raise NoticeTooShort(days)
    mine.ended_on, mine.end_reason = on, reason
    mine.save(update_fields=["ended_on", "end_reason"])
    return mine
