"""What was handed over reaches the inbox of the successor, and of the person if somebody else pressed the button."""

from communities.handover import Handed
from core import clock
from notifications.outbox import Words, tell


def tell_successor(handed: Handed) -> None:
    """Says how many of what now stand in whose name."""
    passed = "，".join(
        line.label if line.label.startswith("职责") else f"{line.label}{line.count}件"
        for line in handed.lines
        if not line.stays
    )
    occasion = f"handover:{handed.person.pk}:{clock.now().timestamp():.6f}"
    body = f"{handed.person}的事已交接给您：{passed or '没有待办的事'}。办理人：{handed.by}。"
    tell(staff=handed.successor, occasion=occasion, words=Words("有同事的事交接给您", body, "/desk/"))
    if handed.by.pk != handed.person.pk:
        body = f"您手上的事已交接给{handed.successor}：{passed or '没有待办的事'}。办理人：{handed.by}。"
        tell(staff=handed.person, occasion=occasion, words=Words("您手上的事已交接", body, "/desk/"))
