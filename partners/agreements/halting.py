"""Nothing new is signed with a partner while it is suspended there or on its way out: it would be kept and sent away at once."""

from communities.models import Community
from core.refusals import Refused
from partners.models import Leaving, Partner, Suspension


class PartnerHalted(Refused):
    code = "partner_halted"
    message = "这家合伙人在本社区已被暂停，或正在办退出，现在不能签新协议，没有改动。请先办恢复，或等退出办结。"


def refusal_for(partner: Partner, community: Community) -> Refused | None:
    """Why the two sign nothing now; None when nothing stands against it. Who has left, and is wanted again, begins afresh."""
    halted = Suspension.objects.of(partner.pk, community.pk).standing()
    open_ones = (Leaving.Status.TOLD, Leaving.Status.DECIDED)
    leaving = Leaving.objects.filter(agreement__partner=partner, agreement__community=community, status__in=open_ones)
    return PartnerHalted() if halted.exists() or leaving.exists() else None
