"""What a merchant must know before anything else: suspended, or in the leaving procedure."""

from core import words
from partners.models import Leaving, Partner, Suspension


def notes_for(partner: Partner) -> list[str]:
    """Ready sentences; none when nothing stands against the partner. Two queries."""
    halted = Suspension.objects.filter(agreement__partner=partner, lifted_at=None).select_related(
        "agreement__community"
    )
    open_ones = (Leaving.Status.TOLD, Leaving.Status.DECIDED)
    leaving = Leaving.objects.filter(agreement__partner=partner, status__in=open_ones).select_related(
        "agreement__community"
    )
    return [_halted(one) for one in halted.order_by("pk")] + [_leaving(one) for one in leaving.order_by("pk")]


def _halted(one: Suspension) -> str:
    cause = one.reason if one.cause == Suspension.Cause.OTHER else f"{one.get_cause_display()}：{one.reason}"
    return f"{one.agreement.community}已暂停您的服务（{cause}）。恢复以前券不能核销，有疑问请联系社区。"


def _leaving(one: Leaving) -> str:
    where = one.agreement.community
    if one.status == Leaving.Status.DECIDED:
        until = f"已发的券{words.day(one.vouchers_until)}前照常核销。" if one.vouchers_until else "已发的券退回积分。"
        return f"和{where}的合作已决定终止。{until}"
    if one.own_wish:
        return f"您提出退出和{where}的合作，社区正在办理。"
    return f"{where}发起了退出程序，{words.day(one.answer_by)}前可以由店主在“退出合作”里说明。"
