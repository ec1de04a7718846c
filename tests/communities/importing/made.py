"""Sheets as communities keep them, made the same each time."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from io import BytesIO
from typing import Any, NamedTuple

from openpyxl import Workbook

from communities import identity
from communities.importing import batches, work
from communities.models import Batch, Community, Line, User

HEAD = ("姓名", "手机号", "身份证号", "出生日期", "小区", "网格")
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "秀兰建国玉珍桂芳志强海涛晓燕文静小明丽华春梅"
Fate = Line.Fate


class Person(NamedTuple):
    name: str
    phone: str
    document: str
    born: date
    estate: str = "天和城"
    grid: str = ""


def number(born: date, serial: int) -> str:
    """A valid identity number of nobody."""
    digits = f"140213{born:%Y%m%d}{serial % 1000:03}"
    return digits + identity.check(digits)


def person(serial: int) -> Person:
    """The same adult for the same number, nobody else's name, phone or document for up to 20 × 400 × 25 of them."""
    name = (
        SURNAMES[serial % 20]
        + GIVEN[serial // 20 % 20]
        + GIVEN[serial // 400 % 20]
        + ("" if serial < 8000 else "·" + SURNAMES[serial // 8000 % 20])
    )
    born = date(1940, 1, 1) + timedelta(days=serial % 20_000)
    return Person(name, f"13{serial:09}", number(born, serial // 20_000 + serial), born)


def cells(one: Person) -> list[Any]:
    return [one.name, one.phone, one.document, one.born.isoformat(), one.estate, one.grid]


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


def spoilt(row: list[Any], turn: int, earlier: list[Any]) -> tuple[list[Any], str]:
    """What a busy office makes of a row, and what is to become of it."""
    name, phone, document, born, estate, grid = row
    full = str.maketrans("0123456789", "０１２３４５６７８９")
    kinds: dict[int, tuple[list[Any], str]] = {
        1: ([name, phone[:10], document, born, estate, grid], Fate.WRONG),
        3: (list(earlier), Fate.REPEATED),
        5: ([name, "=B1&1", document, born, estate, grid], Fate.WRONG),
        7: ([f" {name} ", phone.translate(full), document.translate(full).lower(), born, f"{estate} ", grid], Fate.NEW),
        9: ([name, phone, document[:6] + document[8:17], born, estate, grid], Fate.WRONG),
        11: ([name, phone, float(document[:17] + "0"), born, estate, grid], Fate.WRONG),
        13: ([name, float(phone), document, date.fromisoformat(born), estate, grid], Fate.NEW),
        15: ([name, phone, "1.4E+17", born, estate, grid], Fate.WRONG),
        17: ([name, phone, document[:-1] + ("0" if document[-1] != "0" else "1"), born, estate, grid], Fate.WRONG),
        19: ([name, phone, "", "2020-05-02", estate, grid], Fate.WRONG),
        21: ([None, phone, document, born, estate, grid], Fate.WRONG),
        23: ([name, phone, document, "去年", estate, grid], Fate.WRONG),
    }
    return kinds.get(turn, (row, Fate.NEW))


def messy(count: int = 2000, first: int = 0) -> tuple[bytes, dict[int, str]]:
    """`count` rows under two lines of title, and what each line is to become."""
    rows, fates, before = [], {}, cells(person(first))
    for serial in range(count):
        row, fate = spoilt(cells(person(first + serial)), serial % 25, before)
        if fate == Fate.NEW and serial % 25 == 0:
            before = row
        rows.append(row)
        fates[serial + 4] = fate
    made = book(rows, above=[["文兴社区居民花名册"], []])
    sheet = made.active
    assert sheet is not None
    sheet.merge_cells("A1:F1")
    for top in range(4, count, 50):  # the estate stands once for four neighbours
        sheet.merge_cells(start_row=top, end_row=top + 3, start_column=5, end_column=5)
    return saved(made), fates


def uploaded(content: bytes, community: Community, by: User, name: str = "名单.xlsx") -> Batch:
    """A batch that was read."""
    batch = batches.begin(community=community, name=name, content=content, by=by)
    work.carry_on(batch.pk)
    batch.refresh_from_db()
    return batch


def imported(content: bytes, community: Community, by: User, *, register: bool = False) -> Batch:
    """A batch that was read and written."""
    batch = batches.confirm(batch=uploaded(content, community, by), by=by, register=register)
    work.carry_on(batch.pk)
    batch.refresh_from_db()
    assert batch.status == Batch.Status.DONE
    return batch


def undone(batch: Batch, by: User) -> Batch:
    batch = batches.undo(batch=batch, by=by)
    work.carry_on(batch.pk)
    batch.refresh_from_db()
    assert batch.status == Batch.Status.UNDONE
    return batch


def fates(batch: Batch) -> dict[int, str]:
    return dict(batch.lines.values_list("number", "fate"))
