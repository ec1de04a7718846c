"""模板, and the sheet of what is wrong: the same columns, so that what was corrected can be uploaded again."""

from collections.abc import Iterable
from typing import IO

from activities.models import Activity, Participation, SheetLine
from activities.sheets_in.cells import EXAMPLE, TAIL
from communities.workbook import to_fill
from core import clock

Status = Participation.Status
COLUMNS = (("姓名", 14), ("手机尾号", 12), ("签到", 10), ("签退", 10), ("时长（分钟）", 14))
TITLE = "签到表"
REMARKS = (("原行号", 8), ("需要改正的地方", 60))
NOTE = "时间写成09:00这样；签退和时长填一样就行。没有到场的不用填。示例这一行会跳过。"


def template(activity: Activity) -> IO[bytes]:
    """With an example that is skipped and everybody who signed up: only the times are to be typed from the paper."""
    listed = activity.participations.filter(status__in=[Status.SIGNED_UP, Status.ABSENT], arrived_at=None)
    people = listed.select_related("resident").order_by("resident__pinyin", "pk")
    times = (f"{clock.local(activity.starts_at):%H:%M}", f"{clock.local(activity.ends_at):%H:%M}")
    rows = [(f"{EXAMPLE}：王秀兰", "6021", *times, "")]
    rows += [(one.resident.name, one.resident.phone[-TAIL:], "", "", "") for one in people]
    return to_fill(TITLE, COLUMNS, rows, NOTE)


def corrections(lines: Iterable[SheetLine]) -> IO[bytes]:
    """The wrong rows as they were written, reasons beside them."""
    rows = (
        (line.name, line.tail, line.began, line.ended, line.lasted, str(line.number), " ".join(line.said))
        for line in lines
    )
    return to_fill(TITLE, (*COLUMNS, *REMARKS), rows)
