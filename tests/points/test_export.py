"""The Excel file holds exactly the lines of the statement; it is read page by page, and text stays text."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import openpyxl
import pytest
import time_machine
from django.test import Client

from communities.workbook import TooLong
from points import export, statement
from points.statement import Filter
from tests import world as cast
from tests.pages import enter
from tests.points.deeds import charged, day
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_day() -> Iterator[None]:
    with time_machine.travel(day(2026, 11, 20), tick=False):
        yield


def read(file: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(file).active.iter_rows()]


def test_the_file_equals_the_lines(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement, "REACH", 3)  # several pages
    for n in range(5):
        charged(world, world.wang, n + 1)
    for asked in (Filter(), Filter(kind="charge")):
        table = read(export.workbook(world.wang, asked))
        shown = list(statement.every(world.wang, asked))
        assert table[0] == [heading for heading, _ in export.COLUMNS]
        assert [(row[1], row[2], row[3], row[4]) for row in table[1:]] == [
            (line.word, line.reason, line.amount, line.balance) for line in shown
        ]
        assert len(shown) >= 5
    assert str(table[1][0]) == "2026-11-20 12:00:00"


def test_a_reason_that_looks_like_a_formula_stays_text(world: World) -> None:
    charged(world, world.wang, 1, reason="=1+1")
    cell = openpyxl.load_workbook(export.workbook(world.wang, Filter())).active.cell(2, 3)
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_too_many_lines_are_refused(world: World) -> None:
    cast.award(world.wang, 1)
    assert len(read(export.workbook(world.wang, Filter(), most=2))) == 3
    with pytest.raises(TooLong, match="超过1条"):
        export.workbook(world.wang, Filter(), most=1)


def test_a_resident_downloads_what_was_filtered(world: World, client: Client) -> None:
    charged(world, world.wang, 7)
    answer = enter(client, world.wang).get("/points/export/?kind=charge")
    assert "attachment" in answer["Content-Disposition"] and "20261120.xlsx" in answer["Content-Disposition"]
    assert [row[3] for row in read(BytesIO(answer.getvalue()))] == ["积分", -7]


def test_a_filter_that_makes_no_sense_leads_to_the_page_that_says_so(world: World, client: Client) -> None:
    answer = enter(client, world.wang).get("/points/export/?since=x")
    assert answer.status_code == 302 and answer["Location"] == "/points/?since=x"
