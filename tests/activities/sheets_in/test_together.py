"""A sheet written in a handful of queries leaves what signup.add and recording.record leave row by row, and refuses the same."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from activities import correcting, minors, recording, reviewing, signup
from activities.models import Activity, Means, Participation, Sheet
from activities.sheets_in import handing, writing
from activities.sheets_in.judging import Span
from communities import consents
from communities.models import Change, Consent, Look, Resident
from core import clock
from core.refusals import Refused
from notifications.models import Message
from points.models import Entry
from tests import world as cast
from tests.activities.sheets_in.made import CAME, WENT, handed, morning, people, signed, xlsx
from tests.communities.guarding import guarded
from tests.world import World

pytestmark = pytest.mark.django_db
LATE = "表在活动室里，昨天才找到"
SURNAMES = "赵钱孙李周吴郑王冯陈"


def row_by_row(sheet: Sheet, at: datetime) -> None:
    """The oracle: one person after another, each with the verbs that everybody else uses."""
    for line in sheet.lines.filter(fate="present").select_related("resident__community").order_by("number"):
        assert line.resident and line.served_from and line.served_to
        mine = signup.standing(sheet.activity, line.resident)
        if mine and mine.status == "waiting":
            Participation.objects.filter(pk=mine.pk).update(status="signed_up")
        mine = mine or signup.add(activity_id=sheet.activity_id, resident=line.resident, by=sheet.by, at=at)
        recording.record(
            participation=mine, minutes=Span(line.served_from, line.served_to).minutes, by=sheet.by,
            began=line.served_from, how=Means.SHEET, late_reason=LATE, at=at,
        )  # fmt: skip


def stands() -> dict[str, Any]:
    """Everything that either way may write: rows, places, points, messages, logs."""
    rows = Participation.objects.order_by("activity", "resident").values()
    return {
        "rows": [{key: value for key, value in row.items() if key != "id"} for row in rows],
        "taken": list(Activity.objects.order_by("pk").values_list("pk", "taken", "status")),
        "messages": list(Message.objects.order_by("pk").values("resident", "staff", "occasion", "title", "body", "due_at")),
        "logs": [model.objects.count() for model in (Change, Look, Entry)],
    }  # fmt: skip


def left_by(act: Callable[[], object]) -> dict[str, Any]:
    """What `act` leaves; it is taken back."""
    with transaction.atomic():
        act()
        left = stands()
        transaction.set_rollback(True)
    return left


def mixed(world: World, **fields: Any) -> Sheet:
    """Listed, waiting, absent, new, elsewhere that day, a child and somebody of sixteen; each for another time."""
    activity = morning(world, **{"min_age": 8, **fields})
    before = activity.starts_at - timedelta(days=1)
    crowd, child, youth = people(world, 5), guarded(world), guarded(world, 16, name="王小龙")
    Activity.objects.filter(pk=activity.pk).update(capacity=3)
    mine = signup.sign_up(activity_id=activity.pk, resident=child, by=world.system, at=before)
    minors.there(participation=mine, by=world.zhang)
    signed(activity, world.li, world)
    gone = signed(activity, crowd[0], world)
    signup.join_line(activity_id=activity.pk, resident=crowd[1], by=world.system, at=before)
    recording.absent(participation=gone, by=world.chen)
    Activity.objects.filter(pk=activity.pk).update(capacity=30)
    noon = clock.at(clock.local(activity.starts_at).date(), time(13))
    other = cast.activity(world.wenxing, starts_at=noon, lasts=300, title="下午")
    recording.record(participation=signed(other, crowd[2], world), minutes=300, by=world.chen, late_reason=LATE)
    who = [crowd[3], world.zhao, youth, child, crowd[0], world.li, crowd[1], crowd[2], crowd[4]]
    rows = [[one.name, "", f"9:{n:02d}", "", f"{120 - 7 * n}分钟"] for n, one in enumerate(who)]
    sheet = handed(activity, xlsx(rows), world.zhang)
    assert sheet.lines.filter(fate="present").count() == len(who), list(sheet.lines.values_list("name", "said"))
    return sheet


@pytest.mark.parametrize("fields", [{}, {"days": 40}, {"kind": Activity.Kind.LECT, "volunteering": False}])
def test_a_sheet_leaves_exactly_what_its_rows_leave_one_by_one(world: World, fields: dict[str, Any]) -> None:
    sheet, at = mixed(world, **fields), clock.now()
    expected = left_by(lambda: row_by_row(sheet, at))
    assert len({row["points"] for row in expected["rows"]}) > 1 or fields.get("kind")
    assert left_by(lambda: handing.write(sheet=sheet, by=world.zhang, late_reason=LATE, at=at)) == expected


def test_undoing_leaves_what_there_was(world: World) -> None:
    sheet = mixed(world)
    before = stands()
    handing.write(sheet=sheet, by=world.zhang)
    handing.undo(sheet=sheet, by=world.zhang)
    left = stands()
    new = [row for row in left["rows"] if row["status"] == "cancelled"]
    assert [row["minutes"] for row in new] == [None] * 5
    for row in (*left["rows"], *before["rows"]):
        del row["absent_at"], row["absent_by_id"]  # marked anew, by who undoes
    assert left | {"rows": [row for row in left["rows"] if row not in new]} == before


# what stands against one of them since the look


def _cancelled(world: World, mine: Participation) -> None:
    called_off = {"cancelled_at": clock.now(), "cancelled_by": world.chen, "cancel_reason": "大雨"}
    Activity.objects.filter(pk=mine.activity_id).update(status="cancelled", **called_off)


def _struck_out(world: World, mine: Participation) -> None:
    recording.record(participation=mine, minutes=60, by=world.chen)
    reviewing.confirm(participation=mine, minutes=60, by=world.zhang)
    asked = correcting.propose(participation=mine, minutes=0, reason="人不在", by=world.zhang)
    correcting.approve(correction=asked, by=world.chen)


def _too_long(world: World, mine: Participation) -> None:
    since = mine.activity.starts_at
    Activity.objects.filter(pk=mine.activity_id).update(ends_at=since + timedelta(hours=10))
    Sheet.objects.get().lines.filter(resident=mine.resident_id).update(served_to=since + timedelta(hours=9))
    mine.activity.community.sub_district.settings.create(  # else the day's cap is said first
        key="volunteer.day_max", value=24, starts_on=date(2020, 1, 1), by=world.he
    )


@pytest.mark.parametrize(
    ("since", "code"), [(_cancelled, "not_taking_part"), (_struck_out, "struck_out"), (_too_long, "bad_minutes")]
)
def test_the_refusal_of_one_row_is_that_of_the_verb_with_the_row_named(
    world: World, since: Callable[[World, Participation], None], code: str
) -> None:
    activity = morning(world)
    mine = signed(activity, world.li, world)
    sheet = handed(activity, xlsx([["李建国", "", CAME, WENT], ["赵玉珍", "", CAME, WENT]]), world.zhang)
    since(world, mine)
    with pytest.raises(Refused) as alone, transaction.atomic():
        row_by_row(sheet, clock.now())
    assert alone.value.code == code
    before = stands()
    with pytest.raises(writing.SheetStale) as caught:
        handing.write(sheet=sheet, by=world.zhang, late_reason=LATE)
    assert caught.value.message == f"第2行李建国：{alone.value.message}整张表都没有写入。"
    assert stands() == before


def test_a_consent_that_has_ended_holds_the_row_back_at_the_look_and_the_sheet_at_writing(world: World) -> None:
    activity, youth = morning(world, min_age=8), guarded(world, 16)
    mine = signed(activity, youth, world)
    rows = xlsx([[youth.name, "", CAME, WENT], ["李建国", "", CAME, WENT]])
    sheet = handed(activity, rows, world.zhang)
    consents.end(Consent.objects.filter(resident=youth), by=world.wang.account or world.system)
    with pytest.raises(Refused) as alone:
        recording.record(participation=mine, minutes=60, by=world.chen)
    with pytest.raises(writing.SheetStale, match=f"第2行{youth.name}：{alone.value.message}"):
        handing.write(sheet=sheet, by=world.zhang)
    handing.drop(sheet=sheet, by=world.zhang)
    again = handed(activity, rows, world.zhang)
    assert again.lines.get(number=2).said == [alone.value.message]
    handing.write(sheet=again, by=world.zhang)
    assert dict(Participation.objects.values_list("resident__name", "status")) == {
        youth.name: "signed_up", "李建国": "recorded",
    }  # fmt: skip


# how much is asked


def crowd(world: World, count: int) -> list[Resident]:
    """Grown-ups, of whom every fifth is sixteen or a child of ten, with a guardian's consent."""
    return [
        guarded(world, 16 if n % 2 else 10, name=f"{SURNAMES[n // 10]}{SURNAMES[n % 10]}")
        if n % 5 == 0
        else cast.resident(world.wenxing, f"{SURNAMES[n // 10]}{SURNAMES[n % 10]}", f"137{n:08d}", date(1970, 1, 1))
        for n in range(count)
    ]  # fmt: skip


def test_a_hundred_rows_ask_no_more_than_ten(world: World) -> None:
    asked: list[list[int]] = []
    everybody = crowd(world, 100)
    for days, count in ((1, 10), (2, 100)):
        activity = morning(world, days, capacity=200, min_age=8)
        for n, one in enumerate(everybody[:count]):
            if n % 3 == 0 or n % 10 == 0:
                Participation.objects.create(
                    activity=activity, resident=one, by=world.system, at=activity.starts_at, guardian_there=n % 10 == 0,
                    guardian=world.wang if n % 10 == 0 else None,
                )  # fmt: skip
        content = xlsx([[one.name, "", f"9:{n % 60:02d}", WENT] for n, one in enumerate(everybody[:count])])
        with CaptureQueriesContext(connection) as reading:
            sheet = handed(activity, content, world.zhang)
        with CaptureQueriesContext(connection) as write:
            handing.write(sheet=sheet, by=world.zhang)
        with CaptureQueriesContext(connection) as undo:
            handing.undo(sheet=sheet, by=world.zhang)
        assert Participation.objects.filter(activity=activity).count() == count
        asked.append([len(reading), len(write), len(undo)])
    assert asked[0] == asked[1] and max(asked[0]) < 40, asked
