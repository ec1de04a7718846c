"""Whether a partner may serve at a community today. Offers, vouchers and the merchants' pages ask this one."""

from datetime import date

from communities.models import Community
from core import words
from core.refusals import Refused
from partners.models import Agreement, Licence, Partner, Suspension


class NotInForce(Refused):
    code = "agreement_not_in_force"
    message = "这家合伙人和社区的协议现在没有生效，没有办成，积分没有变动。请看看其他服务，或打社区电话。"


class PartnerSuspended(Refused):
    code = "partner_suspended"
    message = "这家合伙人的服务暂停了，没有办成，积分没有变动。已兑换的券恢复后可以继续用，也可以请社区退回。"


class LicenceLapsed(Refused):
    code = "licence_lapsed"

    def __init__(self, licence: Licence | None = None) -> None:
        until = f"（{words.day(licence.valid_until)}到期）" if licence and licence.valid_until else ""
        what = f"{licence}{until}" if licence else "必备的证照"
        super().__init__(f"这家合伙人的{what}已过期，换证以前不能提供服务，没有办成，积分没有变动。请看看其他服务。")


def agreement_of(partner: Partner, community: Community, on: date) -> Agreement | None:
    """The newest agreement in force between the two, suspended or not."""
    mine = Agreement.objects.in_force(on).filter(partner=partner, community=community)
    return mine.order_by("-starts_on", "-pk").first()


def refusal_for(partner: Partner, community: Community, on: date) -> Refused | None:
    """Why the partner may not serve there on `on`; None when nothing stands against it."""
    agreement = agreement_of(partner, community, on)
    if agreement is None:
        return NotInForce()
    if Suspension.objects.of(partner.pk, community.pk).standing().exists():
        return PartnerSuspended()
    lapsed = Licence.objects.lapsed(on).filter(partner=partner).order_by("valid_until").first()
    return LicenceLapsed(lapsed) if lapsed else None
