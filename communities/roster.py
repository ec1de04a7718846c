"""人员与职责 as a file: one line for each duty."""

from collections.abc import Iterator
from typing import IO

from django.db.models import QuerySet

from communities.models import User
from communities.workbook import Cell, Columns, workbook
from core.masks import phone

COLUMNS: Columns = (
    ("姓名", 12), ("登录名", 18), ("本人手机号", 14), ("职责", 14), ("范围", 18), ("开始", 12), ("结束", 12), ("账号", 8),
    ("两步验证", 10),
)  # fmt: skip


def exported(people: QuerySet[User]) -> IO[bytes]:
    """Of `colleagues.people_for`, with the duties that the reader may see."""
    return workbook("人员与职责", COLUMNS, _lines(people))


def _lines(people: QuerySet[User]) -> Iterator[list[Cell]]:
    for one in people:
        for duty in one.shown:  # type: ignore[attr-defined]
            yield [
                one.name, one.username, phone(one.own_phone), duty.get_role_display(), str(duty.community or duty.sub_district),
                duty.starts_on, duty.ends_on, "启用" if one.is_active else "停用", "已开启" if one.second_factor_at else "未开启",
            ]  # fmt: skip
