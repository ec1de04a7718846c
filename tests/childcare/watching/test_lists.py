"""Lists with facts of children: a line at each child on it, with the list's purpose, before it is shown (`opening.listed`)."""

from datetime import timedelta

import pytest
from django.test import Client

from childcare.billing import freezing
from childcare.handover import releasing
from childcare.models import Alarm, Bill, BillAdjustment, Enrolment, LateMark, LeaveNote
from communities import access
from communities.models import Look
from core import clock
from tests.api import client_of
from tests.childcare import cast
from tests.childcare.handover.people import CHECK, WAY, guardian_row
from tests.childcare.watching.filed import Filed, browser_of, filed
from tests.pages import queries
from tests.world import World

pytestmark = pytest.mark.django_db
WHY = "开学前核对"
# address → what the guardian reads of it; a screen leaves it once a day, paper each time.
SCREENS = {
    "/desk/care/children/": "托管：基本信息、监护人（托管花名册）",
    "/desk/care/places/": "托管：基本信息、监护人（托位和候补）",
    "/desk/care/bills/": "托管：账单（托管账单列表）",
    "/desk/care/bills/adjustments/": "托管：账单（待批更正）",
    "/desk/care/days/": "托管：到班和接送记录（考勤表",
    "/desk/care/days/handovers/": "托管：到班和接送记录（接送记录",
    "/desk/care/alarms/": "托管：到班和接送记录（呼叫列表）",
    "/desk/care/lates/": "托管：到班和接送记录（晚接列表）",
}
PAPERS = {
    "/desk/care/children/print/": "托管：基本信息、监护人（打印托管花名册）",
    "/desk/care/places/print/": "托管：基本信息、监护人（打印托位和候补）",
    "/desk/care/bills/print/": "托管：账单（打印托管账单台账）",
}
FILES = {
    "/desk/care/children/export/": "托管：基本信息、监护人（导出托管花名册）",
    "/desk/care/places/export/": "托管：基本信息、监护人（导出托位和候补）",
    "/desk/care/bills/export/": "托管：账单（导出托管账单）",
    "/desk/care/days/export/": "托管：到班和接送记录（导出考勤接送）",
}
ROUTES = {
    "care-children/": "托管：基本信息（在托孩子名单接口）",
    "care-places/": "托管：基本信息（托位接口）",
    "care-places/{0}/": "托管：基本信息（托位接口）",
    "care-attendances/": "托管：到班和接送记录（到班接口）",
    "care-leaves/": "托管：到班和接送记录（请假接口）",
    "care-handovers/": "托管：到班和接送记录（交接接口）",
    "care-pickups/": "托管：接送人（接送人接口）",
    "care-bills/": "托管：账单（账单接口）",
    "care-bills/{0}/": "托管：账单（账单接口）",
}


@pytest.fixture
def file(world: World) -> Filed:
    """With a row of the child on every list."""
    made = filed(world)
    care, today = made.care, clock.today()
    bill = Bill.objects.get(child=care.child)
    freezing.freeze(bill=bill, by=world.chen)
    BillAdjustment.objects.create(bill=bill, amount_cents=1, reason="多算一天", by=world.zhang)
    Alarm.objects.create(place=care.place, day=today, kind=Alarm.Kind.NOT_COLLECTED, opened_at=clock.now())
    LateMark.objects.create(place=care.place, child=care.child, day=today, minutes=20)
    LeaveNote.objects.create(place=care.place, day=today + timedelta(days=3), by=world.zhang)
    mother = guardian_row(care.child, care.mother)
    releasing.release(place=care.place, way=WAY.GUARDIAN, check=CHECK.KNOWN, by=care.teacher, guardian=mother)
    return made


def lines(file: Filed, what: str) -> list[str]:
    return list(Look.objects.filter(resident=file.care.child, what__startswith=what).values_list("purpose", flat=True))


def test_a_list_on_the_screen_leaves_one_line_a_day_at_each_child(file: Filed, world: World) -> None:
    head, worker = browser_of(world.chen), browser_of(world.zhang)
    for path, what in SCREENS.items():
        for _ in range(2):
            answer = head.get(path)
            assert answer.status_code == 200 and file.care.child.name in answer.content.decode(), path
        assert len(lines(file, what)) == 1, path
        worker.get(path)
        assert len(lines(file, what)) == 2, path


def test_paper_leaves_a_line_each_time(file: Filed, world: World) -> None:
    browser = browser_of(world.zhang)
    for path, what in PAPERS.items():
        for _ in range(2):
            assert file.care.child.name in browser.get(path).content.decode(), path
        assert len(lines(file, what)) == 2, path


def test_a_file_is_sent_after_the_purpose_alone_and_is_an_export_in_the_log(file: Filed, world: World) -> None:
    browser = browser_of(world.zhang)
    for path, what in FILES.items():
        assert file.care.child.name not in browser.get(path).content.decode(), path
        assert browser.post(path, {"purpose": " "}).status_code == 400 and not lines(file, what), path
        answer = browser.post(path, {"purpose": f"{WHY}{path}"})
        assert b"".join(answer)[:2] == b"PK" and lines(file, what) == [f"{WHY}{path}"], path  # type: ignore[arg-type]
        assert Look.objects.filter(resident=None, community=world.wenxing, purpose=f"{WHY}{path}").count() == 1, path


def test_a_page_of_rest_leaves_a_line_at_each_child(file: Filed, world: World) -> None:
    far, here = client_of(world.yongan), client_of(world.wenxing)
    for path, what in ROUTES.items():
        far.get(path.format(file.number))
        before = len(lines(file, what))
        for _ in range(2):
            assert here.get(path.format(file.number)).status_code == 200, path
        assert lines(file, what)[before:] == ([] if before else ["其他系统读取"]), path
        assert len(lines(file, what)) == 1, path


def test_the_line_of_yesterday_is_no_line_of_today(file: Filed, world: World) -> None:
    people, what = [file.care.child, file.care.other_child], "托管：基本信息（试）"
    said = {"by": world.zhang, "residents": people, "what": what, "purpose": WHY}
    assert access.look_at_all(**said) == access.look_at_all(**said) == 2
    assert access.look_at_all(**said, unless_since=clock.now() + timedelta(hours=1)) == 2
    assert access.look_at_all(**said, unless_since=clock.now() - timedelta(hours=1)) == 0
    with pytest.raises(access.NoPurpose):
        access.look_at_all(**said | {"purpose": ""})


def test_lists_cost_the_same_for_two_children_and_for_thirty(file: Filed, world: World) -> None:
    browser = Client()
    browser.force_login(world.chen)
    few = {path: queries(browser, path) for path in (*SCREENS, *PAPERS)}
    for number in range(30):
        child = cast.child(world.wenxing, f"孩子{number}", 9, household=file.care.other_mother)
        place = cast.place(file.care.group, child, file.care.other_mother, by=world.zhang)
        Bill.objects.create(
            centre=file.care.centre, child=child, payer=file.care.other_mother, month=clock.today().replace(day=1),
            fee_cents=100, cap_cents=30, due_cents=100, drawn_by=world.zhang,
        )  # fmt: skip
        LateMark.objects.create(place=place, child=child, day=clock.today(), minutes=20)
        Alarm.objects.create(place=place, day=clock.today(), kind=Alarm.Kind.NOT_COLLECTED, opened_at=clock.now())
    assert {path: queries(browser, path) for path in (*SCREENS, *PAPERS)} == few


def test_an_enrolment_of_a_known_child_is_a_look_at_the_child(file: Filed, world: World) -> None:
    mine = Enrolment.objects.get(guardian=file.care.mother)
    Enrolment.objects.filter(pk=mine.pk).update(child=file.care.child)
    browser_of(world.zhang).get(f"/desk/care/enrolments/{mine.pk}/")
    assert Look.objects.filter(resident=file.care.child, what="托管报名").count() == 1
