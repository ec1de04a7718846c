"""What is kept about what somebody earned and was honoured for, and what closing the file asks of it and does to it."""

from collections.abc import Iterator, Sequence

from activities.models import Award, Honour
from communities.closing import Gone, scrub
from communities.copying import Cell, Section
from communities.models import Resident

Rows = Iterator[Sequence[Cell]]


def earned(resident: Resident) -> Rows:
    for one in Award.objects.filter(resident=resident).order_by("pk"):
        yield one.title, one.served_on, one.asked, one.given, one.get_status_display(), one.posted_at, one.stop_reason


def honoured(resident: Resident) -> Rows:
    for one in Honour.objects.filter(resident=resident).order_by("pk"):
        yield one.name, one.on, one.granted_by, one.evidence, one.get_status_display(), one.decline_reason


SECTIONS = (
    Section("awards", "获得的积分", ("事由", "服务日期", "应得", "实得", "状态", "入账时间", "未入账原因"), earned),
    Section("honours", "表彰记录", ("名称", "日期", "授予单位", "证明材料", "状态", "未通过原因"), honoured),
)


def obstacles(resident: Resident) -> Iterator[str]:
    if Award.objects.filter(resident=resident).waiting().exists():
        yield "有积分还没有公示期满"
    if Honour.objects.filter(resident=resident, status=Honour.Status.RECORDED).exists():
        yield "有一项表彰还没有审核"


def empty(gone: Gone) -> None:
    scrub(Award.objects.filter(resident=gone.resident), "title", gone=gone)
    scrub(Honour.objects.filter(resident=gone.resident), "name", "evidence", "decline_reason", gone=gone)
