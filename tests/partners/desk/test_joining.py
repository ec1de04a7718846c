"""招募 at the desk: from the list to 入选 by its buttons, the sheets of marks unseen until all are in, licences, files."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.shortcuts import resolve_url
from django.test import Client
from openpyxl import load_workbook

from communities import publishing, todo
from communities.models import Notice, User
from core import clock
from partners.joining import waiting
from partners.models import Application, Call, Licence
from tests import world as cast
from tests.pages import leafed, links, queries, text, words
from tests.partners.joining import applicants
from tests.partners.joining.applicants import after, checked, over, scored, submitted
from tests.partners.views.test_applying import WHAT, WHO, signed_in
from tests.world import World

pytestmark = pytest.mark.django_db
WHOLE = WHO | WHAT | {"kinship": "no", "pledged": "on"}


def waits(user: User) -> dict[str, int]:
    return {row.label: row.count for row in todo.rows_of([waiting.rows], user) if row.count}


def test_from_the_list_to_the_decision_by_its_buttons(world: World) -> None:
    made, desk, head = submitted(world), signed_in(world.zhang), signed_in(world.chen)
    paper, one = applicants.licence(made), f"/desk/joining/{made.pk}/"
    assert one in links(desk, "/desk/joining/?status=submitted") and waits(world.zhang) == {
        "合伙人报名待资格审查": 1, "合伙人证照待核对": 1,
    }  # fmt: skip
    page = desk.get(one).content.decode()
    assert "一般需要" in page and "营业执照" in page and "还没有查询" in page
    for register in ("entity", "abnormal", "serious", "defaulter"):
        said = {
            "register": register,
            "nothing_found": "yes",
            "looked_on": clock.today().isoformat(),
            "reference": "截3",
        }
        assert desk.post(one, said).status_code == 302
    assert desk.post(f"{one}do/pass/").status_code == 302 and Application.objects.get().status == "submitted"
    desk.post(f"/desk/licences/{paper.pk}/check/", {"seen": "yes"})
    desk.post(f"{one}do/pass/")
    assert desk.post(f"{one}do/propose/").status_code == 403  # a worker
    assert waits(world.chen) == {"合伙人报名待您审批": 1}
    head.post(f"{one}do/propose/")
    assert waits(world.zhang) == {"合伙人已同意，待拟公示": 1}
    desk.post(f"{one}do/show/")
    mine, applied = signed_in(made.by), f"/partners/apply/{made.pk}/"
    assert f"/desk/notices/{Notice.objects.get().pk}/" in links(head, one) and "查看公示稿" in text(head, one)
    assert "看公示" not in text(mine, applied)  # a draft
    notice = publishing.publish(notice=Notice.objects.get(), by=world.chen)
    assert f"/notices/{notice.pk}/" in links(mine, applied) and "查看公示稿" not in text(head, one)
    assert "公示到" in text(head, one) and "确认入选" not in text(head, one) and "不予入选" not in text(head, one)
    assert "不予入选" in text(signed_in(world.he), one)  # another one than who agreed
    with time_machine.travel(over(notice), tick=False):
        publishing.sweep()
        assert waits(world.chen) == {"合伙人公示期满，待确认入选": 1}
        head = signed_in(world.chen)
        assert "确认入选" in text(head, one) and head.post(f"{one}do/admit/").status_code == 302
    assert Application.objects.get().status == "admitted" and "已入选" in text(desk, "/desk/joining/")


def test_an_account_without_a_name_is_its_masked_number(world: World) -> None:
    made = submitted(world)
    User.objects.filter(pk=made.by_id).update(name="")
    page = text(signed_in(world.zhang), f"/desk/joining/{made.pk}/")
    number = str(made.by.phone)
    assert f"{number[:3]}****{number[-4:]}填写" in page and number not in page


def test_reasons_are_asked_for_and_reach_the_applicant(world: World) -> None:
    made, desk = submitted(world), signed_in(world.zhang)
    one = f"/desk/joining/{made.pk}/"
    assert desk.post(f"{one}say/return/", {"note": ""}).status_code == 400
    desk.post(f"{one}say/return/", {"note": "请补照片"})
    assert "请补照片" in text(signed_in(made.by), f"/partners/apply/{made.pk}/")
    assert desk.get(f"{one}say/nothing/").status_code == desk.post(f"{one}do/nothing/").status_code == 404
    desk.post(f"{one}say/turn-down/", {"note": "查到失信"})
    assert "查到失信" in text(signed_in(made.by), f"/partners/apply/{made.pk}/")


def test_for_somebody_at_the_desk_and_completed_there(world: World) -> None:
    desk = signed_in(world.zhang)
    wrong = desk.post("/desk/joining/new/", WHOLE | {"community": world.wenxing.pk, "credit_code": "1", "services": ""})
    assert wrong.status_code == 400 and not Application.objects.exists()
    desk.post("/desk/joining/new/", WHOLE | {"community": world.wenxing.pk})
    made = Application.objects.get()
    assert (made.status, made.by, made.promises[0]["times"]) == ("submitted", world.zhang, 2)
    desk.post(f"/desk/joining/{made.pk}/say/return/", {"note": "补保险"})
    desk.post(f"/desk/joining/{made.pk}/edit/", WHOLE | {"insurance": "责任险"})
    made.refresh_from_db()
    assert (made.status, made.insurance) == ("submitted", "责任险")
    licence = {"kind": "business", "number": "1", "issuer": "市监局", "valid_until": ""}
    assert desk.post(f"/desk/joining/{made.pk}/licence/", licence).status_code == 302
    assert Licence.objects.get().valid_until is None


def announced(world: World, desk: Client, head: Client) -> Call:
    """Drafted with a sheet that weighs 100, changed, and published by the head."""
    plan = applicants.plan()
    sheet = {f"name_{n}": name for n, (name, _) in enumerate(plan.sheet)} | {
        f"weight_{n}": weight for n, (_, weight) in enumerate(plan.sheet)
    }
    said = {"title": plan.title, "text": plan.text, "places": 1, "opens_on": plan.opens_on, "closes_on": plan.closes_on}
    bad = desk.post("/desk/calls/new/", {**said, **sheet, "weight_0": 24, "community": world.wenxing.pk})
    assert bad.status_code == 400 and "合计须为100分" in bad.content.decode()
    desk.post("/desk/calls/new/", {**said, **sheet, "community": world.wenxing.pk})
    call = Call.objects.get()
    desk.post(f"/desk/calls/{call.pk}/edit/", {**said, **sheet, "title": "招理发店"})
    assert (
        waits(world.chen) == {"招募草稿待您发布": 1}
        and desk.post(f"/desk/calls/{call.pk}/do/publish/").status_code == 403
    )
    read = text(head, f"/desk/calls/{call.pk}/") and call.digest
    desk.post(f"/desk/calls/{call.pk}/edit/", {**said, **sheet, "title": "招理发店", "places": 2})
    assert "又改过" in words(
        head.post(f"/desk/calls/{call.pk}/do/publish/", {"seen": read}, follow=True).content.decode()
    )
    shown = re.search(r'name="seen" value="(\w+)"', head.get(f"/desk/calls/{call.pk}/").content.decode())
    assert shown
    head.post(f"/desk/calls/{call.pk}/do/publish/", {"seen": shown[1]})
    call.refresh_from_db()
    assert (call.status, call.title) == ("open", "招理发店")
    return call


def replaced(world: World, call: Call, desk: Client, head: Client) -> User:
    """何静 cannot mark; whoever does so instead."""
    ill = cast.staff("chendai", "陈代班", cast.Duty.Role.WORKER, community=world.wenxing)
    page = f"/desk/calls/reviewers/{call.reviewers.get(user=world.he).pk}/"
    assert page in links(head, f"/desk/calls/{call.pk}/") and page not in links(desk, f"/desk/calls/{call.pk}/")
    assert desk.post(page, {"reason": "生病"}).status_code == 403
    head.post(page, {"reason": "何静出差", "instead": ill.pk})
    assert "何静出差" in text(head, f"/desk/calls/{call.pk}/") and "何静出差" in text(
        head, f"/desk/calls/{call.pk}/paper/"
    )
    assert "合伙人招募待您评分" not in waits(world.he) and waits(ill)["合伙人招募待您评分"] == 1
    return ill


def test_a_call_by_its_pages_and_no_page_shows_anothers_marks_too_early(world: World) -> None:
    desk, head, admin = signed_in(world.zhang), signed_in(world.chen), signed_in(world.he)
    call = announced(world, desk, head)
    one = checked(world, call)
    with time_machine.travel(after(call), tick=False):
        assert waits(world.chen)["招募已截止，待评审"] == 1
        chosen, later = [world.zhang.pk, world.chen.pk, world.he.pk], signed_in(world.chen)
        Application.objects.filter(call=call).update(kinship=True, kinship_note="张晓燕是表妹")
        assert "张晓燕是表妹" in text(later, f"/desk/calls/{call.pk}/reviewers/")
        assert later.post(f"/desk/calls/{call.pk}/reviewers/", {"reviewers": chosen[:2]}).status_code == 400
        later.post(f"/desk/calls/{call.pk}/reviewers/", {"reviewers": chosen})
    assert waits(world.he)["合伙人招募待您评分"] == 1
    ill = replaced(world, call, desk, head)
    admin = signed_in(ill)
    marks = {f"mark_{n}": mark for n, mark in enumerate((25, 17, 13, 11, 7, 4))}
    assert desk.post(f"/desk/calls/marks/{one.pk}/", marks | {"mark_0": 26}).status_code == 400
    assert "0352-1234567" not in text(desk, f"/desk/calls/marks/{one.pk}/")  # no number is needed to judge
    desk.post(f"/desk/calls/marks/{one.pk}/", marks | {"remark": "只有我知道"})
    pages = (
        f"/desk/calls/{call.pk}/",
        f"/desk/calls/{call.pk}/paper/",
        f"/desk/calls/marks/{one.pk}/",
        "/desk/joining/",
    )
    assert "只有我知道" in text(desk, pages[0]) and "只有我知道" in text(desk, pages[1])
    for other in (head, admin):
        for path in pages:
            assert "只有我知道" not in text(other, path) and "25、17、13" not in text(other, path)
    head.post(f"/desk/calls/marks/{one.pk}/", marks)
    admin.post(f"/desk/calls/marks/{one.pk}/", marks)
    assert "只有我知道" in text(head, pages[1]) and "231" in text(head, pages[0]) and "77.0" in text(admin, pages[1])
    head.post(f"/desk/calls/{call.pk}/do/propose/")
    desk.post(f"/desk/calls/{call.pk}/do/show/")
    assert "评审第1名" in Notice.objects.get().items.get().said


def test_a_neighbours_desk_has_none_of_it(world: World) -> None:
    made, (one,) = scored(world, rivals=1)
    paper = applicants.licence(one)
    desk = signed_in(world.qian)
    for path in (
        f"/desk/joining/{one.pk}/", f"/desk/calls/{made.pk}/", f"/desk/calls/{made.pk}/paper/", f"/desk/calls/marks/{one.pk}/",
        f"/desk/licences/{paper.pk}/photo/",
    ):  # fmt: skip
        assert desk.get(path).status_code == 404
    assert desk.post(f"/desk/licences/{paper.pk}/check/", {"seen": "yes"}).status_code == 404
    for path in ("/desk/joining/", "/desk/calls/", "/desk/licences/"):
        assert one.partner.name not in text(desk, path) and made.title not in text(desk, path)


def test_lists_cost_the_same_for_one_and_for_thirty_and_have_pages_and_a_file(world: World) -> None:
    desk = signed_in(world.zhang)

    def more(number: int) -> None:
        for _ in range(number):
            made = submitted(world)
            applicants.licence(made)

    more(1)
    call, _ = scored(world, rivals=1)
    lists = ("/desk/joining/", "/desk/licences/", "/desk/calls/", f"/desk/calls/{call.pk}/")
    before = [queries(desk, path) for path in lists]
    more(29)
    for _ in range(3):
        applicants.call(world)
    assert [queries(desk, path) for path in lists] == before
    more(25)
    assert len(leafed(desk, "/desk/joining/")) == 2 and len(leafed(desk, "/desk/licences/", "after=")) == 2
    file = load_workbook(BytesIO(b"".join(desk.get("/desk/joining/export/?status=submitted").streaming_content)))
    rows = list(file.active.values)
    assert (len(rows), rows[0][0], rows[1][7]) == (56, "名称", "免费理发每月2次每次10人，8折")


def test_licences_by_state(world: World) -> None:
    made, desk = submitted(world), signed_in(world.zhang)
    soon = applicants.licence(made, clock.today() + timedelta(days=20))
    applicants.licence(made, clock.today() + timedelta(days=400), "business")
    shown = {state: text(desk, f"/desk/licences/?state={state}") for state in ("unchecked", "ending", "lapsed")}
    assert [page.count("证1区局") for page in shown.values()] == [2, 1, 0] and "没有符合条件" in shown["lapsed"]
    desk.post(f"/desk/licences/{soon.pk}/check/", {"seen": "no"})
    assert Licence.objects.current().filter(kind="hygiene").exists()  # no reason
    desk.post(f"/desk/licences/{soon.pk}/check/", {"seen": "no", "reason": "证号对不上"})
    assert "证号对不上" in text(signed_in(made.by), resolve_url("partners:application", made.pk))
    assert not Licence.objects.current().filter(kind="hygiene").exists()
