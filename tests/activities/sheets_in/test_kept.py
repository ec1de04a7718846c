"""A written sheet is undone whole until somebody confirms of it; what is kept of a sheet, and for how long."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from activities import recording, reviewing
from activities.models import Activity, Participation, SheetLine
from activities.sheets_in import books, handing
from communities import closing
from communities.models import Duty, Look
from core import clock
from core.refusals import Refused
from points.models import Entry
from tests import world as cast
from tests.activities.sheets_in.made import CAME, HEAD, WENT, fates, handed, morning, people, signed, xlsx
from tests.world import World

pytestmark = pytest.mark.django_db


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def test_undoing_puts_the_list_back_and_moves_no_points(world: World) -> None:
    activity = morning(world)
    mine = signed(activity, world.li, world)
    before = Participation.objects.filter(pk=mine.pk).values().get()
    entries = Entry.objects.count()
    sheet = handed(activity, xlsx([["李建国", "", CAME, WENT], ["赵玉珍", "", CAME, WENT]]), world.zhang)
    handing.write(sheet=sheet, by=world.zhang)
    assert Activity.objects.get(pk=activity.pk).taken == 2
    handing.undo(sheet=sheet, by=world.zhang)
    assert Participation.objects.filter(pk=mine.pk).values().get() == before
    assert Participation.objects.get(resident=world.zhao).status == "cancelled"
    assert (Activity.objects.get(pk=activity.pk).taken, Entry.objects.count()) == (1, entries)
    assert code(lambda: handing.undo(sheet=sheet, by=world.zhang)) == "sheet_not_now"
    again = handed(activity, xlsx([["李建国", "", CAME, WENT], ["赵玉珍", "", CAME, WENT]]), world.zhang)
    assert fates(again) == {2: "present", 3: "present"}


def test_once_anybody_is_confirmed_the_sheet_stands(world: World) -> None:
    sheet = handed(morning(world), xlsx([["李建国", "", CAME, WENT], ["赵玉珍", "", CAME, WENT]]), world.zhang)
    handing.write(sheet=sheet, by=world.zhang)
    mine = Participation.objects.get(resident=world.li)
    reviewing.confirm(participation=mine, minutes=120, by=world.chen)
    assert code(lambda: handing.undo(sheet=sheet, by=world.zhang)) == "sheet_confirmed"
    assert set(Participation.objects.values_list("status", flat=True)) == {"recorded", "confirmed"}


def test_what_somebody_has_changed_since_is_not_undone(world: World) -> None:
    sheet = handed(morning(world), xlsx([["李建国", "", CAME, WENT], ["赵玉珍", "", CAME, WENT]]), world.zhang)
    handing.write(sheet=sheet, by=world.zhang)
    recording.record(participation=Participation.objects.get(resident=world.li), minutes=60, by=world.chen)
    assert code(lambda: handing.undo(sheet=sheet, by=world.zhang)) == "sheet_not_now"
    assert Participation.objects.filter(status="recorded").count() == 2


def test_the_uploader_and_the_head_undo_and_nobody_else(world: World) -> None:
    other = cast.staff("other", "另一位", Duty.Role.WORKER, community=world.wenxing)
    sheet = handed(morning(world), xlsx([["李建国", "", CAME, WENT]]), world.zhang)
    assert code(lambda: handing.undo(sheet=sheet, by=world.zhang)) == "sheet_not_now"
    handing.write(sheet=sheet, by=world.zhang)
    assert code(lambda: handing.undo(sheet=sheet, by=other)) == "not_your_sheet"
    assert handing.undo(sheet=sheet, by=world.chen).ended_by == world.chen


# what is kept


def test_wrong_rows_come_back_with_the_reason_and_are_uploaded_again(world: World) -> None:
    rows = [
        ["李建国", "1187", CAME, WENT, ""],
        ["王秀兰", "6021", CAME, "8:00", ""],
        ["没有人", "13900007777", "9点", "", "120分钟"],
    ]
    activity = morning(world)
    sheet = handed(activity, xlsx(rows), world.zhang)
    assert code(lambda: handing.wrong_lines(sheet=sheet, by=world.chen)) == "not_your_sheet"
    found = books.corrections(handing.wrong_lines(sheet=sheet, by=world.zhang)).read()
    shown = load_workbook(BytesIO(found)).active
    assert shown is not None
    head, first, second = [[cell.value for cell in row] for row in shown.iter_rows()]
    assert head[:5] == list(HEAD) and head[5:] == ["原行号", "需要改正的地方"]
    assert (first[:2], first[5]) == (["王秀兰", "6021"], "3") and "签退早于" in str(first[6])
    assert [cell or "" for cell in second[:5]] == ["没有人", "13900007777", "9点", "", "120分钟"]
    look = Look.objects.get(what="签到表有误的行")
    assert (look.by, look.community) == (world.zhang, world.wenxing)
    handing.write(sheet=sheet, by=world.zhang)
    assert fates(handed(activity, found, world.zhang)) == {2: "wrong", 3: "wrong"}


def test_after_a_month_the_rows_are_gone_and_the_record_stays(world: World) -> None:
    written = handed(morning(world), xlsx([["李建国", "", CAME, WENT]]), world.zhang)
    handing.write(sheet=written, by=world.zhang)
    waits = handed(morning(world, 2), xlsx([["李建国", "", CAME, WENT]]), world.zhang)
    handing.forget(at=clock.now() + timedelta(days=29))
    assert SheetLine.objects.count() == 2
    handing.forget(at=clock.now() + timedelta(days=31))
    assert not SheetLine.objects.exists()
    waits.refresh_from_db()
    assert (waits.status, waits.ended_by) == ("dropped", world.system)
    assert code(lambda: handing.undo(sheet=written, by=world.zhang)) == "sheet_gone"
    assert Participation.objects.get().status == "recorded"


def test_whoever_leaves_is_in_no_sheet(world: World) -> None:
    sheet = handed(morning(world), xlsx([["李建国", "1187", CAME, "8:00"], ["赵玉珍", "", CAME, WENT]]), world.zhang)
    closing.close(resident=world.li, by=world.zhang, reason="核对了身份证")
    assert {line.name for line in sheet.lines.all()} == {"", "赵玉珍"}
    assert not SheetLine.objects.filter(tail="1187").exists()


def test_the_number_of_queries_of_reading_grows_little(
    world: World, django_assert_max_num_queries: Callable[..., object]
) -> None:
    """Nothing is asked for each row of somebody who stands on the list."""
    activity, crowd = morning(world), people(world, 8)
    for one in crowd:
        signed(activity, one, world)
    content = xlsx([[one.name, "", CAME, WENT] for one in crowd])
    with django_assert_max_num_queries(26):  # type: ignore[attr-defined]
        handed(activity, content, world.zhang)
