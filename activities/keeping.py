"""What is kept about a resident's service, and what closing the file asks of it. Hours stay, under the number alone."""

from collections.abc import Iterator, Sequence

from activities.models import Participation
from communities.copying import Cell, Section
from communities.models import Resident

Status = Participation.Status


def service(resident: Resident) -> Iterator[Sequence[Cell]]:
    for one in Participation.objects.of(resident).select_related("activity").order_by("pk"):
        yield one.activity.title, one.activity.starts_at, one.get_status_display(), one.minutes, one.points, one.at


SECTIONS = (
    Section("service", "志愿活动", ("活动", "开始时间", "状态", "服务分钟", "积分", "报名时间"), service),
)  # fmt: skip


def obstacles(resident: Resident) -> Iterator[str]:
    open_ones = Participation.objects.of(resident).filter(status__in=(Status.SIGNED_UP, Status.RECORDED))
    for one in open_ones.select_related("activity").order_by("pk"):
        todo = "已报名，请先取消或等社区登记结果" if one.status == Status.SIGNED_UP else "的服务还没有确认入账"
        yield f"活动“{one.activity.title}”{todo}"
