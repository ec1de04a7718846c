"""What is kept about a resident's hours: the copy that they take away. The book itself stays, under the number alone."""

from collections.abc import Iterator, Sequence

from activities.models import Correction, Service, Training
from communities.closing import Gone, scrub
from communities.copying import Cell, Section
from communities.models import Resident


def services(resident: Resident) -> Iterator[Sequence[Cell]]:
    """Voided records too: what was written stays."""
    for one in Service.objects.of(resident).select_related("recorded_by", "confirmed_by").order_by("on", "pk"):
        yield (
            one.title, one.get_kind_display(), one.content, one.place, one.unit, one.leader, one.starts_at, one.ends_at,
            one.minutes, one.credited, one.means, str(one.recorded_by), str(one.confirmed_by), one.confirmed_at,
            one.late_reason, one.void_reason, one.reported_at,
        )  # fmt: skip


def corrections(resident: Resident) -> Iterator[Sequence[Cell]]:
    mine = Correction.objects.filter(participation__resident=resident).select_related("participation__activity")
    for one in mine.order_by("pk"):
        yield (
            one.participation.activity.title, one.old_minutes, one.new_minutes, one.old_points, one.new_points, one.reason,
            one.get_status_display(), one.proposed_at, one.decided_at,
        )  # fmt: skip


def trainings(resident: Resident) -> Iterator[Sequence[Cell]]:
    for one in Training.objects.filter(resident=resident, voided_at=None).order_by("on", "pk"):
        yield one.name, one.content, one.minutes, one.host, one.on


SECTIONS = (
    Section(
        "hours", "服务时长",
        (
            "活动", "服务类别", "服务内容", "地点", "组织单位", "活动负责人", "开始", "结束", "服务分钟", "计入分钟", "签到签退方式", "记录人",
            "审核人", "记录完成时间", "补录原因", "更正或作废原因", "上报时间",
        ),
        services,
    ),
    Section(
        "hours_corrections", "服务记录更正",
        ("活动", "原分钟", "更正后分钟", "原积分", "更正后积分", "原因", "状态", "提出时间", "复核时间"), corrections,
    ),
    Section("trainings", "培训", ("培训名称", "主要内容", "学习分钟", "举办单位", "日期"), trainings),
)  # fmt: skip


def emptied(gone: Gone) -> None:
    """Out of the reasons of corrections, their own and their neighbours', goes the name of who left; the figures stay."""
    mine = Correction.objects.filter(participation__resident=gone.resident)
    here = Correction.objects.filter(participation__activity__community=gone.resident.community_id)
    scrub(mine if gone.namesake else here | mine, "reason", "decline_reason", gone=gone)
