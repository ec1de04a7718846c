"""A sheet is looked over, written whole or not at all by one colleague, confirmed by another, and undone whole until then."""

from collections.abc import Callable
from datetime import date, time, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from activities import minors, recording, reviewing, signup
from activities.models import Activity, Participation, Service, Sheet, SheetLine
from activities.sheets_in import books, handing, writing
from communities import closing
from communities.models import Duty, Resident, User
from core import clock
from core.refusals import Refused
from tests import world as cast
from tests.activities.sheets_in.made import CAME, WENT, fates, handed, morning, people, signed, xlsx
from tests.communities.guarding import guarded
from tests.world import World

pytestmark = pytest.mark.django_db
Status = Participation.Status


def code(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def lines(sheet: Sheet) -> dict[int, SheetLine]:
    return {line.number: line for line in sheet.lines.all()}


def reason(world: World, *row: object, activity: Activity | None = None, by: User | None = None) -> str:
    """Why the one row of a sheet is wrong; "" when it is not."""
    sheet = handed(activity or morning(world), xlsx([row]), by or world.zhang)
    (line,) = sheet.lines.all()
    assert (line.fate == "wrong") is (line.resident is None), line.said
    return str(line.said[0]) if line.fate == "wrong" else ""


# the straight way


def test_who_signed_on_paper_is_recorded_by_one_and_confirmed_by_another(world: World) -> None:
    activity = morning(world)
    mine = signed(activity, world.li, world)
    sheet = handed(activity, xlsx([["李建国", "1187", CAME, WENT, ""], ["赵玉珍", "", "9:30", "", "60"]]), world.zhang)
    assert fates(sheet) == {2: "present", 3: "present"}
    assert not Participation.objects.exclude(status="signed_up").exists()
    handing.write(sheet=sheet, by=world.zhang)
    mine.refresh_from_db()
    assert (mine.status, mine.minutes, mine.recorded_by, mine.arrived_how, mine.left_how) == (
        "recorded",
        120,
        world.zhang,
        "sheet",
        "sheet",
    )
    other = Participation.objects.get(resident=world.zhao)
    assert (other.minutes, clock.local(other.served_from or clock.now()).time()) == (60, time(9, 30))
    assert code(lambda: reviewing.confirm(participation=mine, minutes=120, by=world.zhang)) == "same_person"
    reviewing.confirm(participation=mine, minutes=120, by=world.chen)
    assert Service.objects.get(resident=world.li).means == "签到表"


def test_nothing_is_recorded_before_the_uploader_says_so_and_only_the_uploader_does(world: World) -> None:
    sheet = handed(morning(world), xlsx([["李建国", "", CAME, WENT]]), world.zhang)
    assert not Participation.objects.exists()
    assert code(lambda: handing.write(sheet=sheet, by=world.chen)) == "not_your_sheet"
    assert code(lambda: handing.write(sheet=sheet, by=world.qian)) == "not_your_duty"
    handing.write(sheet=sheet, by=world.zhang)
    assert code(lambda: handing.write(sheet=sheet, by=world.zhang)) == "sheet_not_now"
    assert Participation.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "expected"), [({"days": -1}, "not_ended_yet"), ({"status": "draft"}, "not_taking_part")]
)  # fmt: skip
def test_of_what_is_not_over_or_not_held_there_is_no_sheet(
    world: World, fields: dict[str, object], expected: str
) -> None:
    assert code(lambda: handed(morning(world, **fields), xlsx([["李建国", "", CAME, WENT]]), world.zhang)) == expected  # type: ignore[arg-type]


def test_who_is_not_known_for_oneself_hands_in_nothing(world: World) -> None:
    world.zhang.own_phone = ""
    assert code(lambda: handed(morning(world), xlsx([["李建国", "", CAME, WENT]]), world.zhang)) == "own_phone_missing"
    assert code(lambda: handed(morning(world), xlsx([["李建国", "", CAME, WENT]]), world.qian)) == "not_your_duty"


def test_one_sheet_of_an_activity_at_a_time(world: World) -> None:
    activity = morning(world)
    first = handed(activity, xlsx([["李建国", "", CAME, WENT]]), world.zhang)
    assert code(lambda: handed(activity, xlsx([["王秀兰", "", CAME, WENT]]), world.chen)) == "sheet_waits"
    handing.drop(sheet=first, by=world.zhang)
    assert (first.lines.count(), Sheet.objects.get().status) == (0, "dropped")
    assert handed(activity, xlsx([["王秀兰", "", CAME, WENT]]), world.chen).pk


def test_the_template_lists_who_signed_up_and_comes_back_filled_in(world: World) -> None:
    activity = morning(world)
    signed(activity, world.li, world)
    signed(activity, world.wang, world)
    book = load_workbook(BytesIO(books.template(activity).read()))
    sheet = book.active
    assert sheet is not None
    names = [row[0].value for row in sheet.iter_rows(min_row=2)]
    assert names == ["示例：王秀兰", "李建国", "王秀兰"]
    sheet["C3"], sheet["D3"] = CAME, WENT
    file = BytesIO()
    book.save(file)
    assert fates(handed(activity, file.getvalue(), world.zhang)) == {3: "present", 4: "wrong"}


# who is meant


def test_names_are_found_where_the_colleague_works_and_on_the_list_and_nowhere_else(world: World) -> None:
    activity = morning(world)
    assert "没有找到" in reason(world, "周海涛", "", CAME, WENT)
    assert "没有找到" in reason(world, "没有人", "", CAME, WENT)
    signed(activity, world.zhou, world)
    assert reason(world, "周海涛", "0936", CAME, WENT, activity=activity) == ""


def test_the_sub_districts_admin_finds_all_of_it_and_nobody_beyond(world: World) -> None:
    cast.resident(world.hualin, "远方人", "13900001234", date(1980, 1, 1))
    assert reason(world, "周海涛", "", CAME, WENT, by=world.he) == ""
    far = cast.staff("far", "远街道", Duty.Role.STREET_ADMIN, sub_district=world.hualin.sub_district)
    assert code(lambda: handed(morning(world), xlsx([["远方人", "", CAME, WENT]]), far)) == "not_your_duty"
    assert "没有找到" in reason(world, "远方人", "", CAME, WENT, by=world.he)


def test_namesakes_are_told_apart_by_the_end_of_the_phone_or_by_the_list(world: World) -> None:
    other = cast.resident(world.wenxing, "李建国", "13900002222", date(1970, 1, 1))
    assert "有2位同名" in reason(world, "李建国", "", CAME, WENT)
    assert reason(world, "李建国", "2222", CAME, WENT) == ""
    assert "尾号对不上" in reason(world, "李建国", "9999", CAME, WENT)
    listed = morning(world, 2)
    signed(listed, other, world)
    sheet = handed(listed, xlsx([["李建国", "", CAME, WENT]]), world.zhang)
    line = lines(sheet)[2]
    assert line.resident == other and "同名" in line.said[0]


def test_namesakes_with_one_ending_need_the_whole_number(world: World) -> None:
    twin = cast.resident(world.wenxing, "李建国", "13800001187", date(1970, 1, 1))
    assert "填完整的手机号" in reason(world, "李建国", "1187", CAME, WENT)
    sheet = handed(morning(world), xlsx([["李建国", "13800001187", CAME, WENT]]), world.zhang)
    line = lines(sheet)[2]
    assert (line.resident, line.tail) == (twin, "1187")  # the whole number is not kept


def test_who_is_not_confirmed_or_closed_is_not_recorded(world: World) -> None:
    assert "没有确认" in reason(world, "孙桂芳", "", CAME, WENT)
    closing.close(resident=world.li, by=world.zhang, reason="核对了身份证")
    assert "没有找到" in reason(world, "李建国", "", CAME, WENT, activity=morning(world, 2))


def test_nobody_records_oneself_or_the_family(world: World) -> None:
    me = cast.resident(world.wenxing, "张本人", world.zhang.own_phone, date(1990, 1, 1))
    Resident.objects.filter(pk=world.li.pk).update(household=me.household)
    assert "家人" in reason(world, "张本人", "", CAME, WENT)
    assert "家人" in reason(world, "李建国", "", CAME, WENT, activity=morning(world, 2))
    assert reason(world, "李建国", "", CAME, WENT, activity=morning(world, 3), by=world.chen) == ""


# when


@pytest.mark.parametrize(
    ("came", "went", "lasted", "word"),
    [
        ("7:30", WENT, "", "签到不在活动时间内"), ("11:00", "11:30", "", "签到不在活动时间内"), (CAME, "12:30", "", "签退不在活动时间内"), ("8:10", "8:50", "", "签退不在活动时间内"),
        (CAME, CAME, "", "签退早于"), ("10:00", "9:30", "", "签退早于"), (CAME, WENT, "90", "对不上"), (CAME, "", "300", "签退不在活动时间内"),
        (CAME, "", "", "没有签退时间"), ("", WENT, "", "没有签到时间"), ("", "", "", "没有签到时间"), ("", "", "120", "没有签到时间"), ("2020-01-01 09:00", WENT, "", "日期不是活动当天"),
    ],
)  # fmt: skip
def test_times_that_cannot_be(world: World, came: str, went: str, lasted: str, word: str) -> None:
    assert word in reason(world, "李建国", "", came, went, lasted)


@pytest.mark.parametrize(
    ("came", "went", "lasted", "span"),
    [
        (CAME, WENT, "120", ("09:00", "11:00")), ("8:50", "11:10", "", ("09:00", "11:00")), ("8:10", "12:00", "", ("09:00", "11:00")), ("9:30", "", "45分钟", ("09:30", "10:15")),
        (time(9, 15), time(10, 45), None, ("09:15", "10:45")), (0.375, 0.4375, None, ("09:00", "10:30")), (timedelta(hours=9, minutes=5), timedelta(hours=10), None, ("09:05", "10:00")),
    ],
)  # fmt: skip
def test_what_counts_is_within_the_activity(
    world: World, came: object, went: object, lasted: object, span: tuple[str, str]
) -> None:
    sheet = handed(morning(world), xlsx([["李建国", "", came, went, lasted]]), world.zhang)
    line = lines(sheet)[2]
    assert (
        line.fate,
        line.served_from and f"{clock.local(line.served_from):%H:%M}",
        line.served_to and f"{clock.local(line.served_to):%H:%M}",
    ) == ("present", *span), line.said


def test_nobody_is_in_two_places(world: World) -> None:
    other = morning(world, title="别处", lasts=90)
    recording.record(participation=signed(other, world.li, world), minutes=90, by=world.chen)
    assert "同一时间已记在《别处》（09:00—10:30）" in reason(world, "李建国", "", CAME, WENT)
    assert reason(world, "李建国", "", "10:30", WENT, activity=morning(world, title="之后")) == ""


def test_nobody_serves_longer_on_a_day_than_the_cap(world: World) -> None:
    long = cast.activity(
        world.wenxing, starts_at=clock.at(clock.today() - timedelta(days=1), time(12)), lasts=420, title="整天"
    )
    recording.record(participation=signed(long, world.li, world), minutes=420, by=world.chen)
    assert "会超过8小时" in reason(world, "李建国", "", CAME, WENT)
    assert reason(world, "李建国", "", CAME, "10:00", activity=morning(world, title="一小时")) == ""


# how the list stands


def test_rows_that_stand_otherwise_are_left_alone(world: World) -> None:
    activity = morning(world)
    mine = signed(activity, world.li, world)
    recording.record(participation=mine, minutes=60, by=world.zhang)
    assert "已经记录过" in reason(world, "李建国", "", CAME, WENT, activity=activity)
    handing.drop(sheet=Sheet.objects.get(), by=world.zhang)
    reviewing.confirm(participation=mine, minutes=60, by=world.chen)
    assert "已经确认入账" in reason(world, "李建国", "", CAME, WENT, activity=activity)


def test_who_was_seen_on_the_spot_is_completed_there(world: World) -> None:
    activity = morning(world)
    mine = signed(activity, world.li, world)
    Participation.objects.filter(pk=mine.pk).update(arrived_at=activity.starts_at, arrived_how="list")
    assert "已在现场签到" in reason(world, "李建国", "", CAME, WENT, activity=activity)


def test_a_child_comes_with_the_guardian(world: World) -> None:
    child = guarded(world)
    activity = morning(world, min_age=8)
    assert "由监护人用手机报名" in reason(world, child.name, "", CAME, WENT, activity=activity)
    handing.drop(sheet=Sheet.objects.get(), by=world.zhang)
    mine = signup.sign_up(
        activity_id=activity.pk, resident=child, by=world.system, at=activity.starts_at - timedelta(days=1)
    )
    assert "监护人在场" in reason(world, child.name, "", CAME, WENT, activity=activity)
    handing.drop(sheet=Sheet.objects.get(status="ready"), by=world.zhang)
    minors.there(participation=mine, by=world.zhang)
    sheet = handed(activity, xlsx([[child.name, "", CAME, WENT]]), world.zhang)
    handing.write(sheet=sheet, by=world.zhang)
    mine.refresh_from_db()
    assert (mine.status, mine.guardian_there) == ("recorded", True)


def test_one_person_twice_counts_once_and_a_contradiction_not_at_all(world: World) -> None:
    rows = [
        ["李建国", "", CAME, WENT],
        ["李建国", "1187", "9点", "11点"],
        ["王秀兰", "", CAME, WENT],
        ["王秀兰", "", CAME, "10:00"],
    ]
    sheet = handed(morning(world), xlsx(rows), world.zhang)
    assert fates(sheet) == {2: "present", 3: "repeated", 4: "wrong", 5: "wrong"}
    handing.write(sheet=sheet, by=world.zhang)
    assert [one.resident for one in Participation.objects.all()] == [world.li]


def test_a_waiting_and_an_absent_person_who_came_have_a_place(world: World) -> None:
    activity = morning(world)
    before = activity.starts_at - timedelta(days=1)
    Activity.objects.filter(pk=activity.pk).update(capacity=1)
    gone = signed(activity, world.wang, world)
    waits = signup.join_line(activity_id=activity.pk, resident=world.li, by=world.system, at=before)
    recording.absent(participation=gone, by=world.chen)
    Activity.objects.filter(pk=activity.pk).update(capacity=2)
    sheet = handed(activity, xlsx([["李建国", "", CAME, WENT], ["王秀兰", "", CAME, WENT]]), world.zhang)
    handing.write(sheet=sheet, by=world.zhang)
    stands = dict(Participation.objects.values_list("pk", "status"))
    assert stands == {gone.pk: "recorded", waits.pk: "recorded"}
    handing.undo(sheet=sheet, by=world.zhang)
    assert dict(Participation.objects.values_list("pk", "status")) == {gone.pk: "absent", waits.pk: "waiting"}
    assert Activity.objects.get(pk=activity.pk).taken == 0
    assert Participation.objects.get(pk=gone.pk).absent_by == world.zhang


# whole or not at all


def test_if_one_row_cannot_be_written_none_is(world: World) -> None:
    activity, crowd = morning(world), people(world, 4)
    sheet = handed(activity, xlsx([[one.name, "", CAME, WENT] for one in crowd]), world.zhang)
    elsewhere = morning(world, title="别处")
    recording.record(participation=signed(elsewhere, crowd[3], world), minutes=60, by=world.chen)
    with pytest.raises(writing.SheetStale, match=r"第5行丁同志.*同一时间已记在.*整张表都没有写入"):
        handing.write(sheet=sheet, by=world.zhang)
    assert not Participation.objects.filter(activity=activity).exists()
    assert Sheet.objects.get().status == "ready"


def test_too_few_places_write_nobody_and_say_how_many(world: World) -> None:
    activity, crowd = morning(world, capacity=3), people(world, 4)
    sheet = handed(activity, xlsx([[one.name, "", CAME, WENT] for one in crowd]), world.zhang)
    with pytest.raises(signup.ActivityFull, match="有4人不在名单上，活动只剩3个名额，整张表都没有写入"):
        handing.write(sheet=sheet, by=world.zhang)
    assert not Participation.objects.exists()


def test_a_late_sheet_says_why(world: World) -> None:
    sheet = handed(morning(world, 40), xlsx([["李建国", "", CAME, WENT]]), world.zhang)
    assert code(lambda: handing.write(sheet=sheet, by=world.zhang, late_reason=" ")) == "late_reason_missing"
    assert not Participation.objects.exists()
    handing.write(sheet=sheet, by=world.zhang, late_reason="表在活动室里，昨天才找到")
    assert Participation.objects.get().late_reason == "表在活动室里，昨天才找到"


def test_a_sheet_without_a_good_row_writes_nothing(world: World) -> None:
    sheet = handed(morning(world), xlsx([["没有人", "", CAME, WENT]]), world.zhang)
    assert code(lambda: handing.write(sheet=sheet, by=world.zhang)) == "nothing_to_write"
