"""The desk: what waits, papers, the window for who has no phone, the roster, and one child's file behind a purpose."""

from datetime import date, timedelta
from io import BytesIO

import pytest
import time_machine
from django.db import connection
from django.test import Client
from openpyxl import load_workbook

from childcare.enrolment import drafting
from childcare.enrolment.steps import STEPS
from childcare.models import Carer, Contact, Enrolment, Place
from communities import consents, todo
from communities.models import Consent, Resident
from core import clock
from tests import world as cast
from tests.childcare import cast as here
from tests.childcare.cast import Care
from tests.childcare.enrolment.families import ALLERGY, HANDLING, father, healthy, said, submitted
from tests.childcare.enrolment.test_pages import typed
from tests.pages import queries, text
from tests.world import World

STEP = "/desk/care/counter/drafts/{}/steps/{}/"
DRAFT = "/desk/care/counter/drafts/{}/"
THERE = {"why": "家长来窗口接着填写", "there": "on"}
SEEN = {"basis": "household_book", "seen": "on", "signed": "on"}


@pytest.fixture
def zhang(client: Client, world: World) -> Client:
    client.force_login(world.zhang)
    return client


def looks(user: int) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT what, purpose FROM communities_look WHERE by_id = %s ORDER BY id", [user])
        return cursor.fetchall()


def test_a_colleague_sees_the_papers_and_accepts(world: World, zhang: Client, care: Care) -> None:
    mine = submitted(father(world), care, healthy(said(care.group)))
    assert "待社区核对" in text(zhang, "/desk/care/enrolments/")
    page = text(zhang, f"/desk/care/enrolments/{mine.pk}/")
    assert "邵小满" in page and "已填写，加密保存" in page and ALLERGY not in page and HANDLING not in page
    unseen = zhang.post(f"/desk/care/enrolments/{mine.pk}/", {"basis": "household_book", "signed": "on"})
    assert unseen.status_code == 400 and "请先当面看过" in unseen.content.decode()
    assert zhang.post(f"/desk/care/enrolments/{mine.pk}/", SEEN).status_code == 302
    assert Place.objects.get(child__name="邵小满").status == "held"
    assert "核对通过" in text(zhang, f"/desk/care/enrolments/{mine.pk}/")


def test_a_no_needs_a_reason(world: World, zhang: Client, care: Care) -> None:
    mine = submitted(father(world), care)
    assert zhang.post(f"/desk/care/enrolments/{mine.pk}/decline/", {}).status_code == 400
    zhang.post(f"/desk/care/enrolments/{mine.pk}/decline/", {"reason": "papers"})
    assert "证件没有核对上" in text(zhang, f"/desk/care/enrolments/{mine.pk}/")


def test_what_waits_stands_on_the_to_do_page_but_not_the_own_familys(world: World, care: Care) -> None:
    mine = submitted(father(world), care)
    (row,) = [one for one in todo.rows_for(world.zhang) if one.section == "care_enrolment"]
    assert row.count == 1 and row.url == f"/desk/care/enrolments/{mine.pk}/" and row.deadline
    kin = cast.staff("shaogongzuo", "邵工作", "worker", own_phone="13700003001", community=world.wenxing)
    for other in (kin, world.qian):
        assert not [one for one in todo.rows_for(other) if one.section == "care_enrolment"]


def test_a_grandmother_without_a_phone_is_enrolled_for_at_the_window(world: World, zhang: Client, care: Care) -> None:
    old = cast.resident(world.wenxing, "温玉兰", "", date(1960, 1, 1))
    assert "为孩子报名：幸福托管中心" in text(zhang, f"/desk/counter/{old.pk}/")
    begun = zhang.post(f"/desk/care/counter/{old.pk}/", {"centre": care.centre.pk})
    mine = Enrolment.objects.get(guardian=old)
    assert begun["Location"] == STEP.format(mine.pk, 1)
    words = healthy(said(care.group))
    words["contacts"] |= {"name2": "邵大姑"}
    for number, (step, given) in enumerate(words.items(), 1):
        answer = zhang.post(STEP.format(mine.pk, number), typed(step, given))
        assert answer.status_code == 302, (step, answer.context["form"].errors)
        if number == 4:
            assert f"继续填写：{care.centre}" in text(zhang, f"/desk/counter/{old.pk}/")
            page = text(zhang, STEP.format(mine.pk, 4))
            assert ALLERGY not in page and "已经填写过" in page
            assert zhang.post(DRAFT.format(mine.pk), THERE)["Location"] == STEP.format(mine.pk, 5)
    assert answer["Location"] == f"/desk/care/enrolments/{mine.pk}/"
    assert zhang.post(f"/desk/care/enrolments/{mine.pk}/", SEEN).status_code == 302
    assert Place.objects.get(payer=old).status == "held"


def test_a_draft_opens_at_the_window_with_the_guardian_there_for_twenty_minutes(
    world: World, zhang: Client, care: Care
) -> None:
    shao, whole = father(world), said(care.group)
    mine = drafting.begin(guardian=shao, centre=care.centre, by=shao.account)
    for one in STEPS[:6]:
        drafting.save_step(enrolment=mine, step=one, said=whole.get(one.key, {}), by=shao.account)
    paths = [STEP.format(mine.pk, number) for number in range(1, 8)]
    for path in paths:
        for answer in (zhang.get(path), zhang.post(path, {})):
            assert answer["Location"] == DRAFT.format(mine.pk), path
    assert zhang.post(DRAFT.format(mine.pk), {"why": THERE["why"]}).status_code == 400 and not looks(world.zhang.pk)
    assert zhang.post(DRAFT.format(mine.pk), {"there": "on"}).status_code == 400
    zhang.post(DRAFT.format(mine.pk), THERE)
    (look,) = looks(world.zhang.pk)
    assert "接送人" in look[0] and look[1] == THERE["why"]
    assert "邵小满" in zhang.get(paths[0]).content.decode() and zhang.get(paths[5]).status_code == 200
    with time_machine.travel(clock.now() + timedelta(minutes=21), tick=False):
        assert zhang.get(paths[5])["Location"] == DRAFT.format(mine.pk)


def test_the_window_of_another_community_is_404(world: World, client: Client, care: Care) -> None:
    mine = submitted(father(world), care)
    client.force_login(world.qian)
    for path in (
        f"/desk/care/enrolments/{mine.pk}/",
        f"/desk/care/counter/{care.mother.pk}/",
        f"/desk/care/children/{care.child.pk}/",
        f"/desk/care/children/{care.child.pk}/facts/",
    ):
        assert client.get(path).status_code == 404, path
    assert "邵卫东" not in text(client, "/desk/care/enrolments/") and care.child.name not in text(
        client, "/desk/care/children/"
    )


def test_the_roster_filters_prints_and_goes_to_excel_without_what_is_secret(
    world: World, zhang: Client, care: Care
) -> None:
    assert care.child.name in text(zhang, "/desk/care/children/") and care.other_child.name not in text(
        zhang, f"/desk/care/children/?q={care.child.name}"
    )
    assert care.child.name in text(zhang, "/desk/care/children/print/")
    file = load_workbook(
        BytesIO(b"".join(zhang.post("/desk/care/children/export/", {"purpose": "开学前核对"}).streaming_content))
    )
    rows = [[cell.value for cell in row] for row in file.active]
    assert care.child.name in [row[2] for row in rows] and "137****1001" in str(rows) and "13700001001" not in str(rows)
    assert ("托管花名册（导出）", "开学前核对") in looks(world.zhang.pk)


def test_a_child_for_whom_nobody_agrees_any_more_is_found(world: World, zhang: Client, care: Care) -> None:
    assert "没有符合条件的孩子" in text(zhang, "/desk/care/children/?agreed=no")
    Consent.objects.filter(resident=care.child, purpose="care").delete()
    page = text(zhang, "/desk/care/children/?agreed=no")
    assert care.child.name in page and care.other_child.name not in page
    assert [one.count for one in todo.rows_for(world.zhang) if one.section == "care_children"] == [1]


def test_a_childs_file_opens_after_a_purpose_and_shows_the_worker_no_health_and_no_pickups(
    world: World, zhang: Client, care: Care
) -> None:
    here.pickup(care.child, care.mother, by=world.zhang)
    path = f"/desk/care/children/{care.child.pk}/"
    assert "姜桂香" not in text(zhang, path) and zhang.post(path, {}).status_code == 400 and looks(world.zhang.pk) == []
    shown = zhang.post(path, {"why": "联系家长"}).content.decode()
    assert "姜桂香" in shown and "13700001001" in shown and "孟桂芝" not in shown and "健康情况</h2>" not in shown
    assert looks(world.zhang.pk) == [("托管：基本信息、监护人、紧急联系人", "联系家长")]
    head = Client()
    head.force_login(world.chen)
    assert "孟桂芝" in head.post(path, {"why": "联系家长"}).content.decode()


def test_a_teacher_opens_nothing_at_the_desk(client: Client, care: Care) -> None:
    client.force_login(care.teacher)
    for path in ("/desk/care/children/", f"/desk/care/children/{care.child.pk}/", "/desk/care/enrolments/"):
        answer = client.get(path)
        assert answer.status_code in (302, 403, 404) or care.child.name not in answer.content.decode(), path


def test_the_window_writes_what_a_family_without_a_phone_says(world: World, zhang: Client, care: Care) -> None:
    path = f"/desk/care/children/{care.child.pk}/"
    people = {
        "name1": "甲乙",
        "relation1": "叔叔",
        "phone1": "13700008881",
        "name2": "丙丁",
        "relation2": "姑姑",
        "phone2": "13700008882",
    }
    assert zhang.post(f"{path}contacts/", people).status_code == 302
    assert Contact.objects.filter(child=care.child).count() == 2
    assert zhang.post(f"{path}health/", {"allergies": ALLERGY}).status_code == 302
    assert ALLERGY not in zhang.get(f"{path}health/").content.decode()
    entrusted = {"name": "温玉兰", "relation": "祖母", "phone": "13700003012", "entrusted_on": "2026-01-05"}
    assert zhang.post(f"{path}carer/", entrusted).status_code == 400
    assert zhang.post(f"{path}carer/", entrusted | {"seen": "on", "fit": "on"}).status_code == 302
    zhang.post(f"/desk/care/carers/{Carer.objects.get().pk}/end/")
    assert Carer.objects.get().ended_at


def test_lists_cost_the_same_for_one_and_for_thirty(world: World, zhang: Client, care: Care) -> None:
    submitted(father(world), care)
    paths = ("/desk/care/children/", "/desk/care/children/print/", "/desk/care/enrolments/")
    few = [queries(zhang, path) for path in paths]
    for number in range(28):
        child = here.child(world.wenxing, f"童{number}", 9, household=care.mother)
        here.guard(child, care.mother, "母亲", world.zhang, agreed=False)
        here.place(care.group, child, care.mother, by=world.zhang)
        Enrolment.objects.create(
            centre=care.centre,
            group=care.group,
            guardian=care.mother,
            draft=b"x",
            status="submitted",
            submitted_at=here.clock.now(),
            by=world.zhang,
        )
    assert [queries(zhang, path) for path in paths] == few


def test_papers_name_the_consents_by_purpose(world: World, zhang: Client, care: Care) -> None:
    child = Resident.objects.get(pk=care.child.pk)
    assert consents.held_by([child], Consent.Purpose.CARE) == {child.pk}
    assert (
        "托管服务协议和家长须知" in zhang.post(f"/desk/care/children/{child.pk}/", {"why": "联系家长"}).content.decode()
    )
