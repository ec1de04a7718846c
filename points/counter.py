"""积分 at the counter: the statement, on the screen and on paper. Looking leaves no slip."""

from datetime import datetime

from django.urls import reverse

from communities.counter import Act, Choice, register
from communities.models import Resident
from points import statement


def register_acts() -> None:
    register(Act("points", "积分", pages))


def pages(resident: Resident, at: datetime) -> list[Choice]:
    have = f"可用{statement.available(resident, at=at):,}积分"
    return [
        Choice(1, "打印积分存折", "A5纸，可以选日期", have, link=reverse("desk:passbook", args=[resident.pk])),
        Choice(2, "查看积分明细", "每一笔获得和使用", link=reverse("desk:resident-points", args=[resident.pk])),
    ]
