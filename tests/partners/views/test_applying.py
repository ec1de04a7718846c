"""报名 on the phone: three steps that are kept, a licence with a photo, what the applicant reads, and nobody else's."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from communities.models import User
from partners.joining import checking
from partners.models import Application, Licence
from tests import world as cast
from tests.activities import pictures
from tests.pages import text, words
from tests.partners.joining import applicants
from tests.partners.shops import phone
from tests.world import World

pytestmark = pytest.mark.django_db
WHO = {
    "name": "陈记理发", "kind": "merchant", "trade": "beauty", "credit_code": "9214 0213ma0aaaaa1m", "legal_person": "陈师傅",
    "registered_address": "水泊寺街1号", "contact": "陈师傅", "contact_phone": "0352-1234567",
}  # fmt: skip
WHAT = {"services": "上门理发", "item_0": "免费理发", "times_0": 2, "people_0": 10, "discount_0": "8折"}


def signed_in(account: User) -> Client:
    browser = Client()
    browser.force_login(account)
    return browser


def test_a_merchant_applies_on_a_phone_in_three_steps(world: World) -> None:
    account = phone("陈师傅")
    mine = signed_in(account)
    assert "还没有报名" in text(mine, "/partners/apply/")
    answer = mine.post("/partners/apply/new/", WHO | {"community": world.wenxing.pk})
    made = Application.objects.get()
    assert answer["Location"] == f"/partners/apply/{made.pk}/what/" and made.partner.credit_code == "92140213MA0AAAAA1M"
    assert "填写中" in text(mine, "/partners/apply/")
    wrong = mine.post(f"/partners/apply/{made.pk}/what/", WHAT | {"times_0": ""})
    assert wrong.status_code == 400 and "写明每月几次" in wrong.content.decode()
    assert mine.post(f"/partners/apply/{made.pk}/what/", WHAT)["Location"] == f"/partners/apply/{made.pk}/papers/"
    assert "免费理发" in mine.get(f"/partners/apply/{made.pk}/what/").content.decode()  # kept
    papers = text(mine, f"/partners/apply/{made.pk}/papers/")
    assert "一般需要：营业执照、公共场所卫生许可证" in papers
    photo = SimpleUploadedFile("zheng.jpg", pictures.jpeg(), "image/jpeg")
    licence = {"kind": "hygiene", "number": "晋卫1", "issuer": "区卫健局", "valid_until": "2030-01-01", "photo": photo}
    assert mine.post(f"/partners/apply/{made.pk}/licence/", licence).status_code == 302
    assert Licence.objects.get().paper is not None
    refused = mine.post(f"/partners/apply/{made.pk}/papers/", {"kinship": "no"})
    assert refused.status_code == 400 and "近三年无严重违法的承诺" in words(refused.content.decode())
    mine.post(f"/partners/apply/{made.pk}/papers/", {"kinship": "no", "pledged": "on"})
    assert "待资格审查" in text(mine, f"/partners/apply/{made.pk}/")
    assert mine.get(f"/partners/apply/{made.pk}/who/").status_code == 409  # handed in


def test_wrong_codes_are_said_in_the_field_and_nothing_is_kept(world: World) -> None:
    mine = signed_in(phone())
    for code, said in (("92140213MA0AAAAA1N", "校验位"), ("92140213MA0AAAAA1", "17位"), ("92140213MAOAAAAA1M", "“O”")):
        answer = mine.post("/partners/apply/new/", WHO | {"community": world.wenxing.pk, "credit_code": code})
        assert answer.status_code == 400 and said in answer.content.decode()
    assert not Application.objects.exists()


def test_given_back_the_page_says_what_to_complete(world: World) -> None:
    made = applicants.submitted(world)
    checking.give_back(application=made, note="请补营业执照照片", by=world.zhang)
    mine = signed_in(made.by)
    assert "请补营业执照照片" in text(mine, f"/partners/apply/{made.pk}/") and "去补正" in text(
        mine, "/partners/apply/"
    )
    assert mine.post(f"/partners/apply/{made.pk}/withdraw/").status_code == 302
    assert "已撤回" in text(mine, "/partners/apply/")


def test_who_is_known_goes_on_with_what_is_known(world: World) -> None:
    made = applicants.admitted(world)
    mine, page = signed_in(applicants.owner_of(made.partner)), f"/partners/apply/{made.pk}/"
    assert "社区会联系您签协议" in text(mine, page)
    cast.partner(world.street, world.wenxing, world.zhang, partner=made.partner)
    assert "协议已签好" in text(mine, page) and "联系您签协议" not in text(mine, page)
    assert "用已有的资料报名" in text(mine, "/partners/apply/new/")
    answer = mine.post("/partners/apply/new/", {"partner": made.partner_id, "community": world.yongan.pk})
    again = Application.objects.latest("pk")
    assert answer["Location"] == f"/partners/apply/{again.pk}/who/" and again.promises == made.promises
    page = mine.get(f"/partners/apply/{again.pk}/who/").content.decode()
    assert page.count(" disabled") == 8  # who it is stands; address, contact and its phone may be changed


def test_another_phone_sees_nothing_of_it(world: World) -> None:
    made = applicants.submitted(world)
    rival = signed_in(applicants.submitted(world).by)
    for page in ("", "who/", "what/", "papers/"):
        assert rival.get(f"/partners/apply/{made.pk}/{page}").status_code == 404
    assert signed_in(phone()).get(f"/partners/apply/{made.pk}/").status_code == 403
    assert made.partner.name not in text(rival, "/partners/apply/")


def test_everybody_reads_an_open_call_with_its_sheet_and_nobody_a_draft(world: World, client: Client) -> None:
    made = applicants.call(world, trades=("beauty",))
    assert "招一家理发店" in text(client, "/partners/calls/")
    page = text(client, f"/partners/calls/{made.pk}/")
    assert "需求匹配25分" in page and "居民意见5分" in page and "美容美发" in page and "我要报名" in page
    mine = signed_in(phone())
    mine.post(f"/partners/apply/new/?call={made.pk}", WHO)
    assert Application.objects.get().call == made
    draft = applicants.calling.draft(community=world.wenxing, plan=applicants.plan(title="草稿"), by=world.zhang)
    assert client.get(f"/partners/calls/{draft.pk}/").status_code == 404 and "草稿" not in text(
        client, "/partners/calls/"
    )
