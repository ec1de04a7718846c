"""Sign-in sheets as volunteers' leaders type them, made the same each time."""

from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from activities.models import Activity, Participation, Sheet
from activities.sheets_in import handing
from activities.signup import sign_up
from communities.models import Resident, User
from core import clock
from tests import world as cast
from tests.world import World

HEAD = ("姓名", "手机尾号", "签到", "签退", "时长（分钟）")
CAME, WENT = "09:00", "11:00"


def morning(world: World, days: int = 1, **fields: object) -> Activity:
    """Nine to eleven, `days` ago."""
    day = clock.today() - timedelta(days=days)
    return cast.activity(world.wenxing, **{"starts_at": clock.at(day, time(9)), "lasts": 120, "capacity": 30, **fields})


def signed(activity: Activity, resident: Resident, world: World) -> Participation:
    before = activity.starts_at - timedelta(days=1)
    return sign_up(activity_id=activity.pk, resident=resident, by=resident.account or world.system, at=before)


def book(rows: Iterable[Sequence[Any]], *, head: Sequence[str] = HEAD, above: Iterable[Sequence[Any]] = ()) -> Workbook:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in (*above, head, *rows):
        sheet.append(list(row))
    return made


def saved(made: Workbook) -> bytes:
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def xlsx(rows: Iterable[Sequence[Any]], **options: Any) -> bytes:
    return saved(book(rows, **options))


def handed(activity: Activity, content: bytes, by: User, name: str = "签到表.xlsx") -> Sheet:
    return handing.begin(activity=activity, name=name, content=content, by=by)


def fates(sheet: Sheet) -> dict[int, str]:
    return dict(sheet.lines.values_list("number", "fate"))


def people(world: World, count: int) -> list[Resident]:
    return [
        cast.resident(world.wenxing, "甲乙丙丁戊己庚辛"[n] + "同志", f"1390011000{n}", date(1970, 1, 1))
        for n in range(count)
    ]
