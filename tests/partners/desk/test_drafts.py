"""An agreement at the desk: begun from an admitted application, written, sent, signed by the head, renewed; who sees what waits."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from openpyxl import load_workbook

from communities import todo
from core import clock
from partners.agreements import signing
from partners.models import Agreement, Template
from tests import world as cast
from tests.activities import pictures
from tests.pages import links, queries, text, words
from tests.partners import agreeing
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, world: World) -> Client:
    client.force_login(world.zhang)
    return client


def form(world: World, **typed: object) -> dict[str, object]:
    room = cast.room(world.wenxing)
    return {
        "title": "社区合伙人协议", "starts_on": clock.today().isoformat(), "ends_on": agreeing.later(364).isoformat(),
        "mode": "mixed", "percent": "40", "pairing": "on", "template": Template.objects.current().get().pk,
        "line0-item": "免费理发", "line0-times": "2", "line0-duty": "service", "line0-focus": "old_and_young", "line0-deduct": "12.5",
        "line1-item": "", "room0-room": room.pk, "room0-hours": "8", "room0-when": "周三下午",
    } | typed  # fmt: skip


def begun(desk: Client, world: World) -> Agreement:
    """A draft with one annex, as the pages make it."""
    agreeing.template(world)
    start = f"/desk/partners/draft/?partner={agreeing.barber(world).pk}&community={world.wenxing.pk}"
    assert "永利理发" in text(desk, "/desk/partners/draft/") and "承诺明细" in text(desk, start)
    assert "有一行没有填对" in words(desk.post(start, form(world) | {"line0-times": "many"}).content.decode())
    made = Agreement.objects.get(pk=desk.post(start, form(world))["Location"].split("/")[-2])
    page = f"/desk/partners/{made.pk}/"
    assert (made.percent, made.pairing, made.promises.get().deduct_cents, made.grants.get().hours) == (
        40,
        True,
        1250,
        8,
    )
    assert "甲方补贴40%" in text(desk, page) and "免费理发，每月2次" in text(desk, page)
    edited = desk.post(
        f"{page}edit/", form(world, text=f"{made.text}\n十四、每年义诊。") | {"percent": "50"}, follow=True
    )
    assert "草稿已保存" in words(edited.content.decode()) and "十四、每年义诊。" in text(desk, page)
    desk.post(f"{page}attach/", {"title": "营业执照", "photo": SimpleUploadedFile("a.jpg", pictures.jpeg())})
    assert desk.get(f"{page}papers/{made.attachments.get().pk}/")["Content-Type"] == "image/jpeg"
    return made


def test_a_draft_becomes_an_agreement_by_the_hands_of_worker_head_and_owner(desk: Client, world: World) -> None:
    made, heads = begun(desk, world), Client()
    page = f"/desk/partners/{made.pk}/"
    desk.post(f"{page}send/")
    made.refresh_from_db()
    assert made.status == "signing" and f"{page}edit/" not in links(desk, page) and "营业执照" in made.document
    assert "甲方由社区主任签署" in text(desk, f"{page}sign/")
    heads.force_login(world.chen)
    with override_settings(DEMO=True):
        heads.post(f"{page}code/")
    code = re.search(r"验证码：(\d{6})", text(heads, f"{page}sign/"))
    assert code
    typed = {"name": "陈志强", "code": "000000" if code[1] != "000000" else "111111", "seen": made.sha256}
    assert "验证码不对" in words(heads.post(f"{page}sign/", typed).content.decode())
    assert "等乙方签署" in words(heads.post(f"{page}sign/", typed | {"code": code[1]}, follow=True).content.decode())
    kept = made.signatures.get()
    said = (kept.side, kept.phone, kept.by, kept.sha256)
    assert said == ("community", world.chen.own_phone[-4:], world.chen, made.sha256)
    agreeing.by_partner(made)
    assert "生效" in text(desk, page) and "未改动" in text(desk, f"{page}verify/")
    shown = text(desk, f"{page}print/")
    assert made.sha256 in shown and "十四、每年义诊。" in shown and "王小店" in shown


def test_print_and_sign_at_the_desk(desk: Client, world: World) -> None:
    made, heads = agreeing.sent(world), Client()
    page = f"/desk/partners/{made.pk}/"
    heads.force_login(world.chen)
    named = {"partner_name": "王小店", "community_name": "陈志强"}
    assert "还没有上传" in text(heads, f"{page}on-paper/") and heads.post(f"{page}on-paper/", named).status_code == 409
    desk.post(f"{page}attach/", {"title": "签字页", "photo": SimpleUploadedFile("a.jpg", pictures.jpeg())})
    assert f"{page}on-paper/" in links(heads, page)
    assert desk.post(f"{page}on-paper/", named).status_code == 403
    assert "协议签好了" in words(heads.post(f"{page}on-paper/", named, follow=True).content.decode())
    assert "纸质签字" in text(desk, page)


def test_a_renewal_is_drafted_and_what_is_wrong_can_be_dropped(desk: Client, world: World) -> None:
    old = agreeing.signed(world)
    answer = desk.post(f"/desk/partners/{old.pk}/renew/")
    made = Agreement.objects.get(replaces=old)
    assert answer["Location"] == f"/desk/partners/{made.pk}/edit/" and old.number in text(desk, answer["Location"])
    assert f"/desk/partners/{made.pk}/" in links(desk, f"/desk/partners/{old.pk}/")
    desk.post(f"/desk/partners/{made.pk}/void/", {"reason": "条款有误"})
    assert "条款有误" in text(desk, f"/desk/partners/{made.pk}/")
    assert "第2版" in text(desk, "/desk/partners/" + str(made.pk) + "/")
    again = signing.send(agreement=agreeing.renewed(old, world), by=world.zhang)
    desk.post(f"/desk/partners/{again.pk}/void/", {"reason": "不续了"})
    assert "已改动" not in text(desk, f"/desk/partners/{again.pk}/verify/")  # it no longer follows the old one


def waits(user: object) -> dict[str, int]:
    return {row.label: row.count for row in todo.rows_for(user) if "协议" in row.label}  # type: ignore[arg-type]


def test_what_waits_is_told_to_whoever_can_do_it(world: World) -> None:
    agreeing.drafted(world)
    sent = agreeing.sent(world)
    agreeing.templates.draft(sub_district=world.street, title="新范本", text=agreeing.wording.DEFAULT, by=world.he)
    assert waits(world.zhang) == {"协议草稿，待送签": 1}
    assert waits(world.chen) == {"协议草稿，待送签": 1, "协议待社区签署": 1, "协议范本，待批准": 1}
    assert waits(world.he) == {"协议草稿，待送签": 1, "协议待社区签署": 1} and waits(world.qian) == {}
    agreeing.by_head(sent, world)
    assert "协议待社区签署" not in waits(world.chen)


def test_texts_are_drafted_and_approved_on_pages(client: Client, world: World) -> None:
    client.force_login(world.he)
    typed = {"title": "合作协议", "text": agreeing.wording.DEFAULT, "sub_district": world.street.pk}
    bad = client.post("/desk/partners/wordings/new/", typed | {"text": "【甲方】"})
    assert bad.status_code == 400 and "缺少【乙方】" in words(bad.content.decode())
    page = client.post("/desk/partners/wordings/new/", typed)["Location"]
    assert "请另一位街道管理员或社区主任批准" in text(client, page)
    client.force_login(world.chen)
    assert "待批准" in text(client, "/desk/partners/wordings/")
    assert "又改过" in words(client.post(f"{page}approve/", {"seen": "0"}, follow=True).content.decode())
    client.post(f"{page}approve/", {"seen": Template.objects.get().digest})
    assert Template.objects.current().get().title == "合作协议" and "陈志强批准" in text(client, page)


def test_the_ledgers_say_what_the_list_shows(desk: Client, world: World) -> None:
    made = agreeing.signed(world, promise="=1+1")
    agreeing.drafted(world)

    def cells(path: str) -> list[tuple[object, ...]]:
        return list(load_workbook(BytesIO(b"".join(desk.get(path)))).active.values)  # type: ignore[call-overload, union-attr]

    head, row = cells("/desk/partners/export/?state=running")
    assert (row[0], row[7], row[-1], head[-1]) == (made.number, "=1+1", made.sha256, "文本摘要")
    assert cells("/desk/partners/roster/")[1][0] == "永利理发"
    assert made.number in text(desk, "/desk/partners/print/") and "制表人：张晓燕" in text(
        desk, "/desk/partners/print/"
    )


def test_the_file_of_a_partner_is_one_page_and_staff_keep_it_right(desk: Client, world: World) -> None:
    made = agreeing.signed(world)
    agreeing.drafted(world)
    page = f"/desk/partners/file/{made.partner_id}/"
    shown = text(desk, page)
    assert made.number in shown and "92140213MA0AAAAA1M" in shown and "没有投诉" in shown and "待签" not in shown
    desk.post(
        f"{page}edit/", {"summary": "理发、刮脸", "address": "天和城3号", "hours": "周一休息", "phone": "0352-5550000"}
    )
    assert "天和城3号" in text(desk, page) and "0352-5550000" in text(desk, f"/partners/{made.partner_id}/")
    one = queries(desk, page)
    for _ in range(5):
        agreeing.drafted(world)
    assert queries(desk, page) == one
