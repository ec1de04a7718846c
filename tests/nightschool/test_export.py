"""The Excel file holds exactly the rows of the screen; dates are dates, names are text, phones are masked."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import repeat
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from communities.workbook import TooLong
from core import clock
from nightschool import export, leaving, register
from nightschool.register import Filter, Row
from tests import world as cast
from tests.world import World

pytestmark = pytest.mark.django_db
HEADINGS = [heading for heading, _ in export.COLUMNS]
FORMULA = '=HYPERLINK("http://evil.example","点我")'


def read(file: Any) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(file).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def line(**fields: Any) -> Row:
    values: dict[str, Any] = {
        "id": 1, "name": "王秀兰", "phone": "138****6021", "estate": "天和城", "course_id": 1, "course": "形体塑形",
        "term": "第2期", "community": "文兴社区", "at": datetime(2026, 11, 25, 0, 12, tzinfo=UTC), "channel": "手机",
        "price": 60, "relieved": False, "seated": True, "status": "已报名", "cancelled_at": None, "cancel_reason": "",
    }  # fmt: skip
    return Row(**values | fields)


def test_the_file_equals_the_rows_that_answer_to_the_filter(world: World) -> None:
    body, flowers = cast.course(world.wenxing), cast.course(world.wenxing, title="花艺插花", price=40)
    cast.seated(flowers, world.wang, world.zhao)
    seats = cast.seated(body, world.zhao, world.zhou)
    leaving.cancel(enrolment=seats[1], by=world.zhang, reason="搬家")
    for asked in (Filter(), Filter(course=flowers.pk), Filter(status="cancelled"), Filter(q="赵")):
        table = read(export.workbook(register.all_of(world.zhang, asked)))
        assert table[0] == HEADINGS
        shown = register.page_of(world.zhang, asked)
        assert [(row[0], row[1] or "", row[3], row[8], row[10]) for row in table[1:]] == [
            (row.name, row.phone, row.course, row.price, row.status) for row in shown
        ]
        assert shown


def test_dates_are_dates_on_shanghais_clock_and_points_are_numbers() -> None:
    row = read(export.workbook([line(cancelled_at=datetime(2026, 11, 26, 16, 30, tzinfo=UTC))]))[1]
    assert (str(row[6]), str(row[11])) == ("2026-11-25 08:12:00", "2026-11-27 00:30:00")
    assert row[8] == 60


@pytest.mark.parametrize(
    "typed", [FORMULA, "=1+1", "+86", "-2", "@SUM(A1)", "{=A1}", "http://evil.example", "00123", "\t=1"]
)
def test_whatever_somebody_typed_stays_text(typed: str) -> None:
    sheet = openpyxl.load_workbook(export.workbook([line(name=typed, cancel_reason=typed)])).active
    for cell in (sheet.cell(2, 1), sheet.cell(2, 13)):
        assert (cell.value, cell.data_type, cell.hyperlink) == (typed, "s", None)


def test_no_file_holds_a_whole_phone(world: World) -> None:
    cast.seated(cast.course(world.wenxing), world.wang)
    cells = [cell for row in read(export.workbook(register.all_of(world.zhang, Filter()))) for cell in row]
    assert "138****6021" in cells
    assert not any(world.wang.phone in str(cell) for cell in cells)


def test_too_many_rows_are_refused_with_a_way_out() -> None:
    assert len(read(export.workbook(repeat(line(), 3), most=3))) == 4
    with pytest.raises(TooLong, match=r"超过3条.*请按日期分几次导出"):
        export.workbook(repeat(line()), most=3)


def test_rows_are_written_as_they_come() -> None:
    """Nothing is collected first: a long register needs no more memory than a short one."""
    asked: list[int] = []

    def counted() -> Iterator[Row]:
        for number in range(3):
            asked.append(number)
            yield line(id=number)

    export.workbook(counted())
    assert asked == [0, 1, 2]


def download(client: Client, **query: Any) -> Any:
    return client.get(reverse("desk:enrolments-export"), query)


def test_staff_download_what_they_filtered(world: World, client: Client) -> None:
    cast.seated(cast.course(world.wenxing), world.wang, world.zhao)
    client.force_login(world.zhang)
    answer = download(client, q="王")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert "attachment" in answer["Content-Disposition"]
    assert [row[0] for row in read(BytesIO(answer.getvalue()))] == ["姓名", "王秀兰"]


def test_a_filter_that_makes_no_sense_leads_to_the_list_that_says_so(world: World, client: Client) -> None:
    client.force_login(world.zhang)
    answer = download(client, since="昨天")
    assert answer.status_code == 302
    shown = client.get(answer["Location"])
    assert "输入一个有效的日期" in shown.content.decode()


def test_the_neighbours_rows_are_in_no_file(world: World, client: Client) -> None:
    theirs = cast.course(world.yongan)
    cast.seated(theirs, world.zhou)
    assert list(register.all_of(world.zhang, Filter())) == []
    client.force_login(world.zhang)
    assert download(client, course=theirs.pk).status_code == 404
    assert [row.name for row in register.all_of(world.qian, Filter())] == ["周海涛"]


def test_a_long_register_is_read_in_one_query(world: World, django_assert_num_queries: Any) -> None:
    course = cast.course(world.wenxing)
    for n in range(5):
        person = cast.resident(world.wenxing, f"邻居{n}")
        cast.award(person, 60)
        cast.seated(course, person)
    with django_assert_num_queries(1):
        assert len(list(register.all_of(world.zhang, Filter()))) == 5


def test_both_days_of_a_span_belong_to_it(world: World) -> None:
    (seat,) = cast.seated(cast.course(world.wenxing), world.wang)
    day = clock.local(seat.at).date()
    assert len(list(register.all_of(world.zhang, Filter(since=day, until=day)))) == 1
    assert list(register.all_of(world.zhang, Filter(since=day + timedelta(days=1)))) == []
    assert list(register.all_of(world.zhang, Filter(until=day - timedelta(days=1)))) == []
