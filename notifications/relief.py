"""优待依据: what became of it reaches the inboxes of the family. Never which kind it is, and no child's name."""

from communities.hardship.telling import family_of
from communities.models import Evidence
from core.words import day
from notifications.outbox import Words, tell

LINK = "/me/relief/"
SAID = {
    "verified": (
        "优待依据已复核通过",
        "您家的优待依据已由社区复核通过，{starts}起计算，到{ends}为止，到期前会提醒您复核。",
    ),
    "declined": (
        "优待依据没有通过复核",
        "您家的优待依据没有通过复核：{decline}。已出的账单不变。可以带证件到社区窗口重新登记，有疑问请打社区电话。",
    ),
    "ended": (
        "优待减免将停止",
        "您家的优待依据已终止（{reason}），从{ended}起的账单不再减免，以前的不追回。有疑问请打社区电话。",
    ),
    "soon_first": (
        "优待依据快到复核日期",
        "您的优待依据到{ends}为止。请带原来的证件到社区窗口复核，过了这一天账单不再减免。",
    ),
    "soon_last": (
        "优待依据就要到期",
        "您的优待依据到{ends}为止，还没有复核。请尽快带原来的证件到社区窗口，过了这一天账单不再减免。",
    ),
}


def tell_evidence(evidence: Evidence, event: str) -> None:
    """Once for each event. Who recorded it was with the family, and what is replaced goes on."""
    if event not in SAID or evidence.end_reason == Evidence.End.REPLACED:
        return
    title, body = SAID[event]
    said = body.format(
        starts=day(evidence.starts_on), ends=day(evidence.ends_on), decline=evidence.get_decline_display(),
        reason=evidence.get_end_reason_display(), ended=day(evidence.ended_on) if evidence.ended_on else "",
    )  # fmt: skip
    for person in family_of(evidence.resident):
        tell(resident=person, occasion=f"evidence:{evidence.pk}:{event}", words=Words(title, said, LINK))
