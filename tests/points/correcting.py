"""Proposals about people of the fixed cast: 张晓燕 proposes, nobody has decided."""

from communities.models import Resident
from points.adjusting import propose, propose_take_back
from points.models import Adjustment, Entry
from tests.world import World

REASON = "9月1日清理楼道漏记"
MISTAKE = "当天没有到场，名单记错"


def proposed(world: World, amount: int = 30, resident: Resident | None = None, reason: str = REASON) -> Adjustment:
    """What is taken is taken to correct a record, as `reason` says."""
    if type(amount) is int and amount < 0:
        reason = f"更正记录：{reason}"
    return propose(resident=resident or world.wang, amount=amount, reason=reason, by=world.zhang)


def first_award(resident: Resident) -> int:
    return Entry.objects.filter(kind="award", postings__destination__resident=resident).earliest("pk").pk


def take_back(world: World, resident: Resident | None = None) -> Adjustment:
    """Of the first award (王秀兰: 80 points)."""
    return propose_take_back(entry=first_award(resident or world.wang), reason=MISTAKE, by=world.zhang)
