"""Who may do what with a batch, and when; and how long anything of it is kept."""

from datetime import timedelta

import pytest
import time_machine

from communities import closing, retention, todo
from communities.duties import NotYourDuty
from communities.importing import batches, books, reading
from communities.models import Batch, Duty, Grid, Line, Look, Resident
from core import clock
from core.refusals import Refused
from tests.communities.importing.made import cells, imported, messy, person, undone, uploaded, xlsx
from tests.world import World, staff

pytestmark = pytest.mark.django_db
Status = Batch.Status
ONE = xlsx([cells(person(1))])


@pytest.mark.parametrize(
    ("who", "may"), [("zhang", True), ("chen", True), ("he", True), ("qian", False), ("system", False)]
)
def test_staff_of_the_community_and_the_street_may_import(world: World, who: str, may: bool) -> None:
    by = getattr(world, who)
    if may:
        assert imported(ONE, world.wenxing, by).by == by
    else:
        with pytest.raises(NotYourDuty):
            batches.begin(community=world.wenxing, name="名单", content=ONE, by=by)
        assert not Batch.objects.exists()


@pytest.mark.parametrize("role", ["finance", "supervisor", "auditor", "system_admin"])
def test_a_duty_that_opens_no_file_imports_none(world: World, role: str) -> None:
    by = staff("reader", "李读", Duty.Role(role), community=world.wenxing)
    with pytest.raises(NotYourDuty):
        batches.begin(community=world.wenxing, name="名单", content=ONE, by=by)


def test_only_the_uploader_confirms_and_takes_the_wrong_rows_away(world: World) -> None:
    batch = uploaded(ONE, world.wenxing, world.zhang)
    for act in (batches.confirm, books.corrections):
        with pytest.raises(batches.NotYourBatch):
            act(batch=batch, by=world.chen)
        with pytest.raises(NotYourDuty):
            act(batch=batch, by=world.qian)
    batch.refresh_from_db()
    assert batch.status == Status.READY and not Look.objects.exists()


def test_the_uploader_or_a_head_undoes(world: World) -> None:
    batch = imported(ONE, world.wenxing, world.chen)
    for stranger, refusal in (
        (world.zhang, batches.NotYourBatch),
        (world.he, batches.NotYourBatch),
        (world.qian, NotYourDuty),
    ):
        with pytest.raises(refusal):
            batches.undo(batch=batch, by=stranger)
    undone(batch, world.chen)
    undone(imported(ONE, world.wenxing, world.zhang), world.chen)


def test_each_act_has_its_moment(world: World) -> None:
    by = world.zhang

    def refused(*acts: object) -> None:
        for act in acts:
            with pytest.raises(batches.NotNow):
                act(batch=batch, by=by)  # type: ignore[operator]

    batch = batches.begin(community=world.wenxing, name="名单", content=ONE, by=by)
    refused(batches.confirm, batches.undo)
    batch = uploaded(ONE, world.wenxing, by)
    refused(batches.undo)
    batches.confirm(batch=batch, by=by)
    refused(batches.confirm, batches.undo, batches.drop)
    batch = imported(xlsx([cells(person(2))]), world.wenxing, by)
    refused(batches.confirm, batches.drop)
    undone(batch, by)
    refused(batches.confirm, batches.drop, batches.undo)


def test_nothing_is_kept_of_what_was_dropped(world: World) -> None:
    batch = uploaded(ONE, world.wenxing, world.zhang)
    dropped = batches.drop(batch=batch, by=world.chen)
    assert (dropped.status, dropped.sheet, dropped.lines.count()) == (Status.DROPPED, None, 0)
    assert dropped.finished_at is not None


def test_new_places_are_registered_when_asked_and_left_empty_otherwise(world: World) -> None:
    rows = [[*cells(person(1))[:4], "新苑", "三网格"], [*cells(person(2))[:4], "长" * 41, ""]]
    batch = imported(xlsx(rows), world.wenxing, world.zhang)
    assert Resident.objects.get(name=person(1).name).estate is None
    undone(batch, world.zhang)
    with pytest.raises(NotYourDuty):
        imported(xlsx(rows), world.wenxing, world.zhang, register=True)
    imported(xlsx(rows), world.wenxing, world.chen, register=True)
    file = Resident.objects.get(name=person(1).name)
    assert (str(file.estate), str(file.grid)) == ("新苑", "三网格")
    assert Resident.objects.get(name=person(2).name).estate is None
    assert not Grid.objects.filter(community=world.yongan).exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"\xd0\xcf\x11\xe0" + b"x" * 600, "另存为.xlsx"), (b"PK" + b"x" * 100, "不是Excel"), (b"", "不是Excel"), (b"PK\x03\x04" + b"x" * batches.LARGEST, "超过5MB")],
)  # fmt: skip
def test_what_is_no_sheet_is_seen_at_a_glance(content: bytes, sentence: str) -> None:
    refused = batches.refusal_for(content)
    assert isinstance(refused, Refused) and sentence in refused.message
    assert batches.refusal_for(ONE) is None


def test_the_wrong_rows_can_be_corrected_and_uploaded_again(world: World) -> None:
    content, expected = messy(100)
    batch = imported(content, world.wenxing, world.zhang)
    with books.corrections(batch=batch, by=world.zhang) as file:
        found = reading.read(file.read())
    wrong = {line: fate for line, fate in expected.items() if fate == Line.Fate.WRONG}
    assert len(found.rows) == len(wrong)
    by_name = {row.cells["name"]: row.cells for row in found.rows}
    short = person(1)
    assert by_name[short.name]["phone"] == short.phone[:10]
    assert by_name[short.name]["document"] == short.document  # whole: who uploads it again does not lose it
    assert by_name[person(15).name]["document"] == "1.4E+17"
    look = Look.objects.get()
    assert (look.by, look.community, look.what) == (world.zhang, world.wenxing, "导入有误的行")
    assert found.said[1] == "没有用到的列：原行号、需要改正的地方。"


def test_what_waits_for_a_decision_is_on_the_list_of_its_uploader(world: World) -> None:
    uploaded(ONE, world.wenxing, world.zhang)
    assert [row.count for row in todo.rows_for(world.zhang) if "导入" in row.label] == [1]
    assert [row.count for row in todo.rows_for(world.chen) if "导入" in row.label] == []


def test_lines_are_forgotten_after_thirty_days_and_batches_remain(world: World) -> None:
    done, waiting = imported(ONE, world.wenxing, world.zhang), uploaded(ONE, world.wenxing, world.zhang)
    retention.forget(at=clock.now() + timedelta(days=29))
    assert Line.objects.count() == 2
    later = clock.now() + timedelta(days=31)
    with time_machine.travel(later, tick=False):
        retention.forget(at=later)
        waiting.refresh_from_db()
        assert waiting.status == Status.DROPPED
        assert not Line.objects.exists() and Batch.objects.count() == 2
        with pytest.raises(batches.NotNow, match="30天"):
            batches.undo(batch=done, by=world.zhang)


def test_who_leaves_is_in_no_sheet_any_more(world: World) -> None:
    batch = imported(xlsx([cells(person(1)), cells(person(2))]), world.wenxing, world.zhang)
    again = uploaded(xlsx([cells(person(1))]), world.wenxing, world.chen)
    closing.close(resident=Resident.objects.get(name=person(1).name), by=world.chen, reason="本人到窗口，核对了身份证")
    assert not again.lines.exists()
    assert [line.name for line in batch.lines.all()] == [person(2).name]
