"""Writing down what was signed on paper; it holds once a head has seen the scan (signing.confirm_paper).

A partner that is new may be taken over so as long as nobody could apply to an agreement here: until the first text was approved.
"""

from collections.abc import Sequence
from datetime import date, datetime

from communities import duties
from communities.models import SubDistrict, User
from core import clock, words
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from partners.agreements import halting
from partners.agreements.dates import AgreementOver, check_term
from partners.agreements.terms import Line, Space, put_rows
from partners.models import Agreement, Partner, Template


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


class NewPartnerApplies(Refused):
    code = "new_partner_applies"

    def __init__(self, since: date | None = None) -> None:
        day = words.day(since) if since else "协议范本批准之日"
        super().__init__(
            f"从{day}起，新合伙人须先报名，公示入选后再签协议，没有保存。请在“合伙人报名”里代为报名，或从“合伙人”里选已有的。"
        )


REFUSALS: Refusals = {
    "partners_agreement_number_key": lambda _: NumberTaken(),
    "partner_name": lambda _: PartnerNameTaken(),
}


@verb(REFUSALS)
def record(
    *, agreement: Agreement, by: User, promises: Sequence[Line] = (), rooms: Sequence[Space] = ()
) -> Agreement:  # fmt: skip
    """Keep the unsaved `agreement`, with its rows, and its partner if that one is new, for the head to confirm from a scan.

    `by` becomes the one who recorded it. Refuses a term under a month or over three years, a signature to come or after the
    last day, a number or name used before, a mere candidate, `NewPartnerApplies`, `PartnerHalted`.
    """
    duties.require(by, agreement.community)
    check_term(agreement.starts_on, agreement.ends_on)
    if agreement.signed_on is None or agreement.signed_on > clock.today():
        raise SignedLater
    if agreement.signed_on > agreement.ends_on:
        raise AgreementOver
    partner = agreement.partner
    if partner.sub_district_id != agreement.community.sub_district_id:
        raise OtherSubDistrict
    if partner._state.adding:
        _take_over(partner, agreement.signed_on)
    elif partner.admitted_at is None:
        raise NotAdmitted
    elif refused := halting.refusal_for(partner, agreement.community):
        raise refused
    agreement.partner, agreement.recorded_by = partner, by
    _keep(agreement, promises, rooms)
    return agreement


def _take_over(partner: Partner, signed_on: date) -> None:
    """A candidate until the head confirms."""
    since = applied_since(partner.sub_district)
    if since and signed_on >= since:
        raise NewPartnerApplies(since)
    known = Partner.objects.filter(sub_district=partner.sub_district_id, name=partner.name, admitted_at__isnull=False)
    if known.exists():
        raise PartnerNameTaken
    partner.admitted_at = None
    partner.save(force_insert=True)


def applied_since(street: SubDistrict) -> date | None:
    """The day on which the first text of agreements was approved there."""
    approved = Template.objects.filter(sub_district=street, approved_at__isnull=False).order_by("approved_at")
    first = approved.values_list("approved_at", flat=True).first()
    return clock.local(first).date() if first else None


def admit(partner: Partner, at: datetime) -> None:
    """Who was taken over from paper is a partner from now on."""
    if partner.admitted_at is None:
        partner.admitted_at = at
        partner.save(update_fields=["admitted_at"])


def _keep(agreement: Agreement, promises: Sequence[Line], rooms: Sequence[Space]) -> None:
    """As a draft first: rows are written under no signature."""
    signed_on, agreement.signed_on, agreement.status = agreement.signed_on, None, Agreement.Status.DRAFT
    agreement.save(force_insert=True)
    put_rows(agreement, promises, rooms)
    agreement.signed_on, agreement.status, agreement.sent_at = (
        signed_on,
        Agreement.Status.SIGNING,
        agreement.recorded_at,
    )
    agreement.save(update_fields=["signed_on", "status", "sent_at"])
    agreement.refresh_from_db(fields=["document", "sha256"])
