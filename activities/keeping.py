"""What is kept about a resident's service, and what closing the file asks of it. Hours stay, under the number alone."""

from collections.abc import Iterator, Sequence

from activities.models import Participation, Volunteer
from communities.copying import Cell, Section
from communities.models import Resident

Status = Participation.Status
UNSETTLED = {
    Status.WAITING: "正在候补，请先退出",
    Status.SIGNED_UP: "已报名，请先取消或等社区登记结果",
    Status.RECORDED: "的服务还没有确认入账",
}


def service(resident: Resident) -> Iterator[Sequence[Cell]]:
    for one in Participation.objects.of(resident).select_related("activity").order_by("pk"):
        yield one.activity.title, one.activity.starts_at, one.get_status_display(), one.minutes, one.points, one.at


def volunteering(resident: Resident) -> Iterator[Sequence[Cell]]:
    for one in Volunteer.objects.current().filter(resident=resident).select_related("entered_by"):
        yield one.number, one.get_sex_display(), one.skills, one.wishes, one.at, one.entered_by.name


SECTIONS = (
    Section("volunteer", "志愿者登记", ("志愿者编号", "性别", "专业技能", "服务类别", "登记时间", "登记人"), volunteering),
    Section("service", "志愿活动", ("活动", "开始时间", "状态", "服务分钟", "积分", "报名时间"), service),
)  # fmt: skip


def obstacles(resident: Resident) -> Iterator[str]:
    open_ones = Participation.objects.of(resident).filter(status__in=UNSETTLED)
    for one in open_ones.select_related("activity").order_by("pk"):
        yield f"活动“{one.activity.title}”{UNSETTLED[Status(one.status)]}"
