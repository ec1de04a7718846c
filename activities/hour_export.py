"""服务时长台账 as Excel files: masked for the house, whole for the national system (民政部令第67号, 5 and 7)."""

from datetime import datetime
from typing import IO

from django.db.models import Prefetch

from activities.hourbook import hours_of
from activities.models import Service, Volunteer
from activities.models.hours import ServiceQuerySet
from communities import documents
from communities.models import User
from communities.workbook import MOST, Cell, workbook
from core import clock, masks

CHUNK = 2_000
SERVED = (
    ("活动名称", 24), ("服务类别", 12), ("服务内容", 30), ("服务日期", 12), ("签到时间", 18), ("签退时间", 18), ("服务时长（小时）", 14),
    ("服务分钟", 10), ("服务地点", 20), ("组织单位", 16), ("活动负责人", 12), ("签到签退方式", 18), ("记录人", 10), ("审核人", 10),
    ("记录完成时间", 18), ("补录原因", 20),
)  # fmt: skip
MASKED = (("姓名", 12), ("手机号", 14), *SERVED, ("状态", 14), ("更正或作废原因", 20), ("上报时间", 18))
WHOLE = (
    ("姓名", 12), ("性别", 6), ("出生日期", 12), ("证件类型", 14), ("证件号码", 22), ("志愿者编号", 20), ("居住区域", 20), ("联系方式", 14),
    *SERVED, ("上报时间", 18),
)  # fmt: skip


def masked(rows: ServiceQuerySet, *, most: int = MOST) -> IO[bytes]:
    """The ledger as it may lie about: phones masked, no documents."""
    return workbook("服务时长台账", MASKED, (_masked(one) for one in rows.iterator(chunk_size=CHUNK)), most=most)


def whole(rows: ServiceQuerySet, *, mark: str, most: int = MOST) -> IO[bytes]:
    """For entering the records elsewhere; whoever calls has written the look."""
    files = Volunteer.objects.filter(ended_at=None)
    found = rows.select_related("resident__community", "resident__estate", "community", "recorded_by", "confirmed_by")
    with_files = found.prefetch_related(Prefetch("resident__volunteer_files", files, to_attr="standing_files"))
    lines = (_whole(one) for one in with_files.order_by("on", "pk").iterator(chunk_size=CHUNK))
    return workbook("服务记录上报表", WHOLE, lines, most=most, mark=mark)


def mark_of(user: User, purpose: str) -> str:
    made = clock.local(clock.now())
    return f"含个人信息，仅限：{purpose.strip()}。{user.name}（{user.username}）{made:%Y-%m-%d %H:%M}导出，用后删除，不得外传。"


def _masked(one: Service) -> tuple[Cell, ...]:
    return (
        one.resident.name, masks.phone(one.resident.phone), *_served(one), state_of(one), one.void_reason,
        one.reported_at,
    )  # fmt: skip


def _whole(one: Service) -> tuple[Cell, ...]:
    person, number = one.resident, documents.opened(one.resident)
    file = next(iter(person.standing_files), None)  # type: ignore[attr-defined]
    lives = f"{person.community.name}{person.estate.name if person.estate else ''}"
    return (
        person.name, file.get_sex_display() if file else "", person.birth_date, person.get_document_display(),
        number.text if number else "", file.number if file else "", lives, person.phone, *_served(one), one.reported_at,
    )  # fmt: skip


def _served(one: Service) -> tuple[Cell, ...]:
    begins: datetime = one.starts_at
    return (
        one.title, one.get_kind_display(), one.content, one.on, begins, one.ends_at, hours_of(one.credited), one.minutes,
        one.place, one.unit, one.leader, one.means, str(one.recorded_by), str(one.confirmed_by), one.confirmed_at,
        one.late_reason,
    )  # fmt: skip


def state_of(one: Service) -> str:
    """有效 and 已上报, or what became of it."""
    if one.voided_at:
        return "上报后又更正" if one.reported_at else "已更正或作废"
    return "已上报" if one.reported_at else "未上报"
