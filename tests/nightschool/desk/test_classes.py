"""At the desk: classes, a course's attendance and its file, excusing, leaving late, and what the counter does."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from communities import copying, counter
from communities.duties import NotYourDuty
from communities.models import Slip
from core import clock
from core.refusals import Refused
from nightschool import leaving
from nightschool.attending import classbook, counter as acts
from nightschool.models import Attendance, Completion, Enrolment, Feedback, PriorityLoss, Session
from points import statement
from tests import world as cast
from tests.api import client_of
from tests.books import breaches
from tests.nightschool.attending.coming import MINUTE, Status, at_class, course, day_after, here, lesson, ticked
from tests.nightschool.desk.reading import neighbours, queries
from tests.pages import words
from tests.world import World

pytestmark = pytest.mark.django_db


def test_the_list_of_classes_says_how_many_came(world: World, desk: Client) -> None:
    made, (_, zhao) = course(world, world.wang, world.zhao)
    here(lesson(made, 1), world.wang)
    ticked(world, lesson(made, 1), zhao, Status.ABSENT)
    with at_class(lesson(made, 1), 10):
        desk.force_login(world.zhang)
        (row,) = desk.get("/desk/night-school/classes/", {"state": "today"}).context["rows"]
        assert (row.seated, row.there, row.leave, row.absent) == (2, 1, 0, 1)
        assert len(desk.get("/desk/night-school/classes/", {"state": "ahead"}).context["rows"]) == 2
        assert len(desk.get("/desk/night-school/classes/", {"state": "over"}).context["rows"]) == 0
        assert desk.get("/desk/night-school/classes/", {"state": "nonsense"}).status_code == 200


def test_pages_of_classes_follow_each_other(world: World, desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classbook, "PAGE", 2)
    course(world, world.wang, lessons=5)
    course(world, world.wang, title="花艺插花")
    made, _ = course(world, title="形体进阶")
    assert leafed_through(desk, "ahead") == 11
    with day_after(lesson(made, 3), 60):
        desk.force_login(world.zhang)
        assert leafed_through(desk, "over") == leafed_through(desk, "") == 11


def leafed_through(desk: Client, state: str) -> int:
    """How many classes the pages show, none twice and in order."""
    rows: list[Session] = []
    address = f"?state={state}"
    while address:
        answer = desk.get(f"/desk/night-school/classes/{address}")
        rows += answer.context["rows"]
        address = answer.context["following"]
    starts = [row.starts_at for row in rows]
    assert len({row.pk for row in rows}) == len(rows) and starts == sorted(starts, reverse=state != "ahead")
    return len(rows)


def test_the_lists_ask_as_much_for_thirty_as_for_one(world: World, desk: Client) -> None:
    made, _ = course(world, world.wang)
    few = queries(desk, "classes", state="ahead"), queries(desk, "attendance", made.pk)
    cast.seated(made, *neighbours(world.wenxing, 29))
    for n in range(9):
        course(world, title=f"课程{n}")
    assert (queries(desk, "classes", state="ahead"), queries(desk, "attendance", made.pk)) == few


def test_the_roster_bears_what_was_written_down(world: World, desk: Client) -> None:
    made, (wang, _) = course(world, world.wang, world.zhao)
    ticked(world, lesson(made, 1), wang, Status.LATE)
    html = desk.get(f"/desk/night-school/{made.pk}/roster/").content.decode()
    assert html.count('<td class="num">迟</td>') == 1 and html.count('<td class="num"></td>') == 5


def test_the_file_has_a_column_for_each_class(world: World, desk: Client) -> None:
    made, (_, zhao) = course(world, world.wang, world.zhao)
    here(lesson(made, 1), world.wang)
    ticked(world, lesson(made, 1), zhao, Status.ABSENT)
    answer = desk.get(f"/desk/night-school/{made.pk}/attendance/export/")
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
    assert sheet
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [text[:3] for text in lines[1][4:7]] == ["第1课", "第2课", "第3课"]  # type: ignore[index]
    assert {line[0]: (line[1], line[4], line[7], line[8]) for line in lines[2:]} == {
        "王秀兰": ("138****6021", "到", 1, 0), "赵玉珍": (None, "缺", 0, 1),
    }  # fmt: skip


def test_an_absence_is_excused_on_its_page(world: World, desk: Client) -> None:
    made, (mine,) = course(world, world.wang)
    row = Attendance.objects.create(
        session=lesson(made, 1), enrolment=mine, status="absent", how="sweep", by=world.system
    )
    path = f"/desk/night-school/absences/{row.pk}/excuse/"
    assert desk.post(path, {"reason": ""}).status_code == 400
    assert "不计缺课" in words(desk.post(path, {"reason": "因病"}, follow=True).content.decode())
    assert desk.post(path, {"reason": "因病"}).status_code == 409
    assert "免" in words(desk.get(f"/desk/night-school/{made.pk}/attendance/").content.decode())


# Leaving late


def test_after_the_deadline_a_listed_reason_returns_everything(world: World, desk: Client) -> None:
    made, (mine,) = course(world, world.zhao, price=60)
    before = statement.available(world.zhao)
    path = f"/desk/enrolments/{mine.pk}/leave-late/"
    assert desk.post(path, {"reason": "ill"}).status_code == 409
    with day_after(lesson(made, 2)):
        desk.force_login(world.zhang)
        assert desk.post(path, {"reason": "没空"}).status_code == 400
        assert "60积分已全额退回" in words(desk.post(path, {"reason": "ill"}, follow=True).content.decode())
        assert desk.post(path, {"reason": "ill"}).status_code == 409
    mine.refresh_from_db()
    assert (mine.status, mine.cancel_reason, statement.available(world.zhao)) == (
        "cancelled",
        "因病不能上课",
        before + 60,
    )
    assert breaches() == []


def test_after_the_deadline_nobody_is_taken_off_for_another_reason(world: World, desk: Client) -> None:
    made, (mine, other) = course(world, world.zhao, world.li)
    ticked = {"id": [mine.pk], "reason": "本人不想来了"}
    with day_after(lesson(made, 1)):
        desk.force_login(world.zhang)
        said = words(desk.post("/desk/enrolments/cancel/", ticked, follow=True).content.decode())
        assert "赵玉珍：可以退课的时间已过" in said and "特殊原因退课" in said
        with pytest.raises(NotYourDuty):
            leaving.take_off(enrolment=other, reason="原因", by=world.qian)
    mine.refresh_from_db()
    assert mine.status == "seated"
    assert "已为1人退课" in words(desk.post("/desk/enrolments/cancel/", ticked, follow=True).content.decode())


def test_who_may_take_somebody_off_late(world: World) -> None:
    made, (mine,) = course(world, world.wang)
    world.chen.own_phone = world.wang.phone
    world.chen.save()
    with day_after(lesson(made, 1)):
        for by, reason, code in (
            (world.qian, "ill", "not_your_duty"), (world.wang.account, "ill", "not_your_duty"),
            (world.chen, "ill", "own_seat"), (world.zhang, "lazy", "no_such_reason"),
        ):  # fmt: skip
            with pytest.raises(Refused) as caught:
                assert by
                leaving.leave_late(enrolment=mine, reason=reason, by=by)
            assert caught.value.code == code
        Enrolment.objects.filter(pk=mine.pk).update(status="freed", cancelled_at=clock.now())
        mine.refresh_from_db()
        with pytest.raises(leaving.NotSeated):
            leaving.leave_late(enrolment=mine, reason="ill", by=world.zhang)


# At the counter


def perform(world: World, code: str, number: int) -> Slip:
    act = counter.act_of(code)
    assert act
    return counter.perform(act=act, resident=world.zhao, number=number, by=world.zhang)


def test_who_has_no_phone_signs_in_at_the_counter(world: World) -> None:
    made, _ = course(world, world.zhao)
    assert acts.here_choices(world.zhao, clock.now()) == []
    with at_class(lesson(made, 1), 20):
        (choice,) = acts.here_choices(world.zhao, clock.now())
        assert (choice.number, choice.refused) == (lesson(made, 1).pk, "")
        assert dict(acts.here_plan(world.zhao, choice.number, clock.now()).facts)["登记为"] == "迟到"
        slip = perform(world, "night-school-here", choice.number)
        assert "已签到《形体塑形》第1课" in slip.lines[0] and slip.lines[0].endswith("：迟到。")
        assert acts.here_choices(world.zhao, clock.now())[0].refused == "已登记迟到"
    assert (Attendance.objects.get().how, Attendance.objects.get().by) == ("desk", world.zhang)


def test_leave_at_the_counter(world: World) -> None:
    made, _ = course(world, world.zhao)
    first = lesson(made, 1)
    assert [one.number for one in acts.leave_choices(world.zhao, clock.now())] == [first.pk]
    assert "不计缺课" in perform(world, "night-school-leave", first.pk).lines[0]
    assert [one.refused for one in acts.leave_choices(world.zhao, clock.now())] == ["已登记请假"]
    Attendance.objects.all().delete()
    late = first.starts_at - 60 * MINUTE
    assert [one.refused for one in acts.leave_choices(world.zhao, late) if one.number == first.pk] == ["请假时间已过"]
    assert acts.leave_plan(world.zhao, first.pk, late).refused is not None


# REST


def test_a_client_writes_down_and_reads_who_was_there(world: World) -> None:
    made, (mine,) = course(world, world.wang)
    first = lesson(made, 1)
    given: dict[str, Any] = {"session": first.pk, "enrolment": mine.pk, "status": "leave"}
    api = client_of(world.wenxing, "attendance:write", "attendance:read")
    assert api.post("attendances/", given, key="leave-1").status_code == 201
    assert api.post("attendances/", given, key="leave-2").json()["code"] == "already_on_leave"
    (row,) = api.get(f"attendances/?course={made.pk}").json()["results"]
    assert (row["status"], row["how"]) == ("leave", "desk")
    assert api.post(f"attendances/{row['id']}/take_back/", key="back-1").json() == row
    with at_class(first, 20):
        inside = client_of(world.wenxing, "attendance:write")
        assert inside.post("attendances/", given | {"status": "present"}, key="there-1").json()["status"] == "present"
    assert client_of(world.yongan, "attendance:write").post("attendances/", given, key="theirs-1").status_code == 404


def test_a_client_reads_completions_of_its_own_community(world: World) -> None:
    made, (mine,) = course(world, world.wang)
    Completion.objects.create(enrolment=mine, number="JY1", attended=3, lessons=3, issued_by=world.system)
    (one,) = client_of(world.wenxing, "attendance:read").get(f"completions/?course={made.pk}").json()["results"]
    assert (one["number"], one["resident"], one["course"]) == ("JY1", world.wang.pk, made.pk)
    assert client_of(world.yongan, "attendance:read").get("completions/").json()["results"] == []


# My information


def test_all_of_it_is_in_ones_own_copy(world: World) -> None:
    made, (mine,) = course(world, world.wang)
    here(lesson(made, 1), world.wang)
    Feedback.objects.create(enrolment=mine, stars=5, words="老师很耐心")
    Completion.objects.create(enrolment=mine, number="JY1", attended=3, lessons=3, issued_by=world.system)
    today = clock.today()
    PriorityLoss.objects.create(
        resident=world.wang, term=made.term, begins=today, until=today.replace(year=today.year + 1), by=world.system
    )
    found = {table.key: table.lines for table in copying.tables(world.wang)}
    assert found["attendance"][0][:2] == ["形体塑形", "第1课"] and found["feedback"][0][2] == "老师很耐心"
    assert found["completions"][0][0] == "JY1" and found["absences"][0][0] == "暂停优先报名"
    assert not [
        line for table in copying.tables(world.li) for line in table.lines if table.key in ("attendance", "feedback")
    ]
