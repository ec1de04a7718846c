"""积分调整: one waits for its second person; one award was taken back after it had been spent, so that somebody owes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from communities.models import Community, Resident, User
from demo import cast
from demo.asked import Asked
from demo.places import STREET, WENXING
from points import statement
from points.adjusting import approve, propose, propose_take_back
from points.models import Adjustment, Lot

MISSED = "清洁家园活动签到表上有本人签名，记录时漏了"
DOUBLE = "同一时段另有记录，重复记了一次，与本人核对过"


@dataclass(frozen=True)
class Correction:
    """Written down by the worker of 文兴; `reason` is how it is found again."""

    asked: Asked
    reason: str
    hour: time

    @property
    def at(self) -> datetime:
        return self.asked.at(-1, self.hour)

    def is_there(self) -> bool:
        return Adjustment.objects.filter(reason=self.reason).exists()

    def write(self) -> None:
        elder = Resident.objects.get(name=cast.ELDER.name, phone=cast.ELDER.phone)
        propose(resident=elder, amount=20, reason=self.reason, by=_colleague(cast.WORKER), at=self.at)


class TakenBack(Correction):
    """The newest award of somebody who has less than that left: the head approves, the rest is owed (待抵扣)."""

    def write(self) -> None:
        entry = next(_spent(self.at))
        mine = propose_take_back(entry=entry, reason=self.reason, by=_colleague(cast.WORKER), at=self.at)
        approve(adjustment=mine, by=_colleague(cast.HEAD), at=self.at + timedelta(minutes=30))


def past(asked: Asked) -> list[Correction]:
    return [TakenBack(asked, DOUBLE, time(16)), Correction(asked, MISSED, time(17))]


def _spent(at: datetime) -> Iterator[int]:
    """The newest award of each resident of 文兴 that is spent in part or whole, apart from the heroine's."""
    community = Community.objects.get(name=WENXING.name, sub_district__name=STREET)
    for one in Resident.objects.filter(community=community).exclude(phone=cast.WANG.phone).order_by("pk"):
        newest = Lot.objects.filter(wallet__resident=one).select_related("posting").order_by("-pk").first()
        if newest and statement.available(one, at=at) < newest.earned:
            yield newest.posting.entry_id


def _colleague(one: cast.Colleague) -> User:
    return User.objects.get(username=one.username)
