"""The phone pages of the centre, the desk's, and the REST client's."""

from datetime import timedelta

import pytest
from django.test import Client

from childcare.days import arriving, calls
from childcare.models import Attendance, CareFile, LeaveNote, RollCall, Turn
from communities.models import Look
from communities.sealing import seal_facts
from core import clock
from tests.api import client_of
from tests.childcare import cast
from tests.childcare.days.conftest import DAY, Afternoon
from tests.childcare.days.going import home_with
from tests.childcare.days.test_board import more
from tests.pages import queries, words
from tests.world import PASSWORD

pytestmark = pytest.mark.django_db
HEALTH = "金丝雀花生"


def said(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return words(answer.content.decode())


def test_a_teacher_marks_a_child_with_one_tap_and_calls_the_roll(client: Client, afternoon: Afternoon) -> None:
    care = afternoon.care
    client.force_login(care.teacher)
    assert "应到2" in said(client, "/care/")
    board = f"/care/groups/{care.group.pk}/"
    assert "到班高雨桐" in said(client, board)
    client.post(f"/care/places/{care.place.pk}/arrive/")
    client.post(f"/care/places/{care.other_place.pk}/arrive/")
    assert Attendance.objects.count() == 2
    answer = client.post(
        f"{board}roll/",
        {"occasion": "用餐", "present": [care.place.pk], "shown": [care.place.pk, care.other_place.pk]},
        follow=True,
    )
    page = answer.content.decode()
    assert (
        "不在：1人" in words(page) and "陆子墨" in page and "tel:13700001003" in page and "tel:13700001001" not in page
    )
    assert RollCall.objects.get().missing == [care.other_place.pk]
    assert Look.objects.filter(by=care.teacher, resident=care.other_child).count() == 1


@pytest.mark.parametrize("came", [True, False], ids=["came", "left"])
def test_a_child_that_came_or_left_meanwhile_makes_the_roll_stale(
    client: Client, afternoon: Afternoon, *, came: bool
) -> None:
    """Who came after the page was opened was asked for by nobody, and is not missing; the page is shown again, and what was ticked."""
    care, mine, other = afternoon.care, afternoon.care.place.pk, afternoon.care.other_place.pk
    for one in (care.place,) if came else (care.place, care.other_place):
        arriving.arrive(place=one, by=care.teacher)
    client.force_login(care.teacher)
    page, sent = f"/care/groups/{care.group.pk}/roll/", {"occasion": "用餐", "present": [mine]}
    shown = [mine] if came else [mine, other]
    assert all(f'name="shown" value="{one}"' in client.get(page).content.decode() for one in shown)
    if came:
        arriving.arrive(place=care.other_place, by=care.second)
    else:
        home_with(care.other_place, care.other_mother, care.second)
    again = client.post(page, sent | {"shown": shown})
    assert again.status_code == 409 and "名单变了" in again.content.decode() and not RollCall.objects.exists()
    assert f'name="present" value="{mine}" checked' in again.content.decode()
    client.post(page, sent | {"shown": [mine, other] if came else [mine]})
    assert RollCall.objects.get().missing == ([other] if came else [])


def test_who_is_off_duty_reads_no_name_and_who_is_on_duty_leaves_a_look(client: Client, afternoon: Afternoon) -> None:
    care = afternoon.care
    for one in (care.place, care.other_place):
        arriving.arrive(place=one, by=care.teacher)
    gone = home_with(care.other_place, care.other_mother, care.second)
    arriving.undo(place=care.place, day=DAY, by=care.teacher)
    afternoon.move(15, 50)
    calls.sweep(clock.now())
    group, place = f"/care/groups/{care.group.pk}/", f"/care/places/{care.place.pk}/"
    closed = [f"{group}sheet/", "/care/handovers/", f"/care/handovers/{gone.pk}/", "/care/roster/", group, f"{group}roll/",
              place, f"{place}handover/", f"{place}leave/", f"{place}away/", "/care/alarms/"]  # fmt: skip
    client.force_login(care.teacher)
    for path in closed[:1] + closed[1:2] + closed[3:4]:
        before = Look.objects.filter(by=care.teacher).count()
        assert care.other_child.name in said(client, path)
        assert Look.objects.filter(by=care.teacher).count() > before, path
    Turn.objects.filter(staffer=care.teacher_post).delete()
    for path in closed:
        answer = client.get(path)
        assert answer.status_code == 403 and "没有排在当班名单" in answer.content.decode(), path
    for path in ("/care/", f"{group}paper/"):
        assert care.child.name not in said(client, path), path


def test_the_sheet_of_a_child_opens_after_a_purpose_and_not_to_who_is_off_duty(
    client: Client, afternoon: Afternoon
) -> None:
    care = afternoon.care
    CareFile.objects.filter(child=care.child).update(health=seal_facts({"allergies": HEALTH}))
    client.force_login(care.teacher)
    path = f"/care/places/{care.place.pk}/"
    assert HEALTH not in said(client, path) and "13700001001" not in client.get(path).content.decode()
    shown = client.post(path, {"purpose": "联系家长"}).content.decode()
    assert HEALTH in shown and "tel:13700001001" in shown
    assert Look.objects.get(by=care.teacher, resident=care.child).purpose == "联系家长"
    Turn.objects.filter(staffer=care.teacher_post).delete()
    refused = client.post(path, {"purpose": "联系家长"})
    assert refused.status_code == 403 and HEALTH not in refused.content.decode()
    assert HEALTH not in client.get(f"/care/groups/{care.group.pk}/").content.decode()


def test_a_teacher_of_another_centre_finds_nothing(client: Client, afternoon: Afternoon) -> None:
    world, care = afternoon.world, afternoon.care
    elsewhere = cast.centre(world.yongan, world.chen, "永安托管中心")
    client.force_login(cast.caregiver(elsewhere, "caregiver_far", "别的老师", by=world.chen)[0])
    afternoon.move(15, 50)
    calls.sweep(clock.now())
    for path in (
        f"groups/{care.group.pk}/",
        f"groups/{care.group.pk}/roll/",
        f"groups/{care.group.pk}/paper/",
        f"places/{care.place.pk}/",
        "alarms/1/",
    ):
        assert client.get(f"/care/{path}").status_code == 404, path
    assert client.post(f"/care/places/{care.place.pk}/arrive/").status_code == 404
    assert not Attendance.objects.exists()


def test_a_caregiver_who_signs_in_comes_to_the_centre(client: Client, afternoon: Afternoon) -> None:
    world, care = afternoon.world, afternoon.care
    for who, there in ((care.teacher, "/care/"), (world.zhang, "/desk/")):
        who.second_factor_at = None
        who.save()
        who.totpdevice_set.all().delete()
        answer = Client().post("/desk/sign-in/", {"username": who.username, "password": PASSWORD})
        assert (answer.status_code, answer.headers["Location"]) == (302, there)


def test_the_pages_of_thirty_ask_as_often_as_those_of_two(client: Client, afternoon: Afternoon) -> None:
    care = afternoon.care
    client.force_login(care.teacher)
    paths = ["/care/", "/care/roster/", *(f"/care/groups/{care.group.pk}/{page}" for page in ("", "paper/", "sheet/"))]
    arriving.arrive(place=care.place, by=care.teacher)
    few = {path: queries(client, path) for path in paths}
    more(afternoon, 30)
    assert {path: queries(client, path) for path in paths} == few


def test_the_desk_reads_a_month_and_takes_it_home_after_saying_why(client: Client, afternoon: Afternoon) -> None:
    world, care = afternoon.world, afternoon.care
    arriving.arrive(place=care.place, by=care.teacher)
    home_with(care.place, care.mother, care.teacher)
    client.force_login(world.zhang)
    assert "高雨桐" in said(client, "/desk/care/days/") and "母亲" in said(client, "/desk/care/days/handovers/")
    assert "高雨桐" in client.get("/desk/care/days/paper/").content.decode()
    assert client.post("/desk/care/days/export/", {"purpose": ""}).status_code == 400
    file = client.post("/desk/care/days/export/", {"purpose": "月度归档"})
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert Look.objects.filter(by=world.zhang, purpose="月度归档", resident=None).count() == 1
    few = queries(client, "/desk/care/days/"), queries(client, "/desk/care/days/handovers/")
    more(afternoon, 30)
    assert (queries(client, "/desk/care/days/"), queries(client, "/desk/care/days/handovers/")) == few
    client.force_login(world.qian)
    assert "高雨桐" not in said(client, "/desk/care/days/")


def test_a_gate_marks_arrivals_and_a_client_says_leave(afternoon: Afternoon) -> None:
    world, care = afternoon.world, afternoon.care
    api = client_of(world.wenxing)
    made = api.post("care-attendances/", {"place": care.place.pk}, key="a")
    assert (made.status_code, made.json()["day"]) == (201, DAY.isoformat())
    assert api.post("care-attendances/", {"place": care.place.pk}, key="b").json()["code"] == "care_arrived"
    tomorrow = (DAY + timedelta(days=1)).isoformat()
    note = api.post(
        "care-leaves/", {"place": care.place.pk, "day": tomorrow, "guardian": care.mother.pk}, key="c"
    ).json()
    assert api.post(f"care-leaves/{note['id']}/take_back/", key="d").json()["withdrawn_at"]
    assert LeaveNote.objects.get().withdrawn_at
    row = api.get("care-attendances/").json()["results"][0]
    assert set(row) == {"id", "place", "day", "arrived_at", "left_at", "absent", "on_paper"}
    far = client_of(world.yongan)
    assert far.post("care-attendances/", {"place": care.other_place.pk}, key="e").status_code == 404
    assert far.get("care-attendances/").json()["results"] == []
    only = client_of(world.wenxing, "care:roster")
    assert only.post("care-attendances/", {"place": care.other_place.pk}, key="f").status_code == 403
