"""优待依据 on the pages: recorded with the family, verified by another, read by nobody else; and over REST."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from communities import hardship
from communities.hardship import Category
from communities.models import Evidence, EvidenceImage, Look, Resident, User
from core import clock
from tests.activities import pictures
from tests.api import client_of
from tests.communities.hardship.conftest import Family, family
from tests.communities.relieving import body, recorded, said, verified
from tests.pages import enter, queries, text, words
from tests.world import World

__all__ = ["family"]
pytestmark = pytest.mark.django_db
SECRETS = ("低保", "最低生活", "subsistence", "民政")


def desk(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def typed(**fields: object) -> dict[str, object]:
    today = clock.today().isoformat()
    return {"seen": "subsistence-viewed-0", "about": "family", "seen_on": today, "starts_on": today} | fields


def shown(browser: Client, path: str, **form: object) -> str:
    answer = browser.post(path, form, follow=True) if form else browser.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return words(answer.content.decode())


def test_the_whole_road_from_the_counter_to_the_reduction(world: World, family: Family) -> None:
    zhang, chen = desk(world.zhang), desk(world.chen)
    counter = zhang.get(f"/desk/counter/{family.mother.pk}/").content.decode()
    page = f"/desk/residents/{family.child.pk}/evidence/"
    assert page in counter
    photo = SimpleUploadedFile("证.jpg", pictures.from_a_phone(), "image/jpeg")
    answer = zhang.post(page, typed(image=photo), follow=True)
    assert "请另一位负责人复核" in words(answer.content.decode())
    made = Evidence.objects.get()
    one = f"/desk/evidence/{made.pk}/"
    assert "优待依据待复核" in shown(chen, "/desk/")
    assert "低保" not in shown(chen, one)
    opened = shown(chen, one, purpose="复核")
    assert "低保" in opened and "最低生活保障证" in opened
    image = chen.get(f"{one}image/")
    assert image["Content-Type"] == "image/jpeg" and image["X-Content-Type-Options"] == "nosniff"
    assert image["Content-Disposition"] == 'inline; filename="evidence.jpg"' and "no-store" in image["Cache-Control"]
    assert b"Exif" not in image.content and pictures.SECRET not in image.content
    assert "已通过" in shown(chen, f"{one}verify/", go=1)
    assert not EvidenceImage.objects.exists() and chen.get(f"{one}image/").status_code == 404
    assert {look.what for look in Look.objects.filter(resident=family.child)} == {"优待依据", "优待依据图片"}
    best = hardship.best_on(family.child, clock.today())
    assert best and best.percent == 80


def test_nobody_but_the_reviewer_finds_the_kind_on_any_page_of_it(world: World, family: Family) -> None:
    made = hardship.verify(evidence=recorded(family.child, world.zhang), by=world.chen)
    zhang = desk(world.zhang)
    for path in (
        "/desk/evidence/", f"/desk/evidence/{made.pk}/", f"/desk/evidence/{made.pk}/paper/", f"/desk/evidence/{made.pk}/renew/",
        f"/desk/residents/{family.child.pk}/", "/desk/",
    ):  # fmt: skip
        html = zhang.get(path).content.decode()
        assert not [word for word in SECRETS if word in html], path
    refused = zhang.post(f"/desk/evidence/{made.pk}/", {"purpose": "看看"})
    assert refused.status_code == 403 and not [word for word in SECRETS if word in refused.content.decode()]
    assert zhang.post(f"/desk/evidence/{made.pk}/paper/", {"purpose": "看看"}).status_code == 403
    export = zhang.get("/desk/evidence/export/")
    content = b"".join(export.streaming_content) if export.streaming else export.content  # type: ignore[arg-type]
    assert content.startswith(b"PK") and not Look.objects.exists()


def test_the_paper_names_the_kind_for_the_reviewer_with_a_look_alone(world: World, family: Family) -> None:
    made = hardship.verify(evidence=recorded(family.child, world.zhang), by=world.chen)
    chen, paper = desk(world.chen), f"/desk/evidence/{made.pk}/paper/"
    assert "低保" not in shown(chen, paper)
    assert "低保" in shown(chen, paper, purpose="打印减免审批表") and Look.objects.count() == 1


def test_declining_ending_and_renewing_by_page(world: World, family: Family) -> None:
    zhang, chen = desk(world.zhang), desk(world.chen)
    waits = recorded(family.child, world.zhang, said(Category.VETERAN))
    assert "请选择未通过的原因" in shown(chen, f"/desk/evidence/{waits.pk}/decline/", reason="")
    assert "未予通过" in shown(chen, f"/desk/evidence/{waits.pk}/decline/", reason="unclear")
    stands = hardship.verify(evidence=recorded(family.child, world.zhang), by=world.chen)
    again = {"way": "viewed", "seen_on": clock.today().isoformat()}
    assert "已登记续期" in shown(zhang, f"/desk/evidence/{stands.pk}/renew/", **again)
    assert zhang.post(f"/desk/evidence/{stands.pk}/end/", {"reason": "changed"}).status_code == 403
    assert "已终止" in shown(chen, f"/desk/evidence/{stands.pk}/end/", reason="changed")


def test_the_form_offers_papers_and_systems_and_no_certificate_of_ours(world: World, family: Family) -> None:
    page = desk(world.zhang).get(f"/desk/residents/{family.child.pk}/evidence/").content.decode()
    offered = page[page.index('name="seen"') : page.index("</select>")]
    assert offered.count("<optgroup") == len(Category) and "居委会" not in offered and "社区证明" not in offered


def test_the_consent_is_signed_at_the_counter_first(world: World, family: Family) -> None:
    zhang = desk(world.zhang)
    page = f"/desk/residents/{world.zhao.pk}/evidence/"
    assert "还没有同意" in shown(zhang, page) and 'name="seen"' not in zhang.get(page).content.decode()
    assert "已记录签字同意" in shown(zhang, f"{page}sign/", go=1)
    assert 'name="seen"' in zhang.get(page).content.decode()


def test_the_guardian_reads_the_kind_agrees_and_takes_back_on_the_phone(world: World, family: Family) -> None:
    hardship.verify(evidence=recorded(family.child, world.zhang), by=world.chen)
    phone = enter(Client(), family.father)
    assert "低保" in text(phone, "/me/relief/") and "撤回同意" in text(phone, "/me/relief/")
    assert "已撤回" in shown(phone, f"/me/relief/{family.child.pk}/withdraw/", sure=1)
    assert Evidence.objects.get().end_reason == "withdrawn"
    assert "已记录您的同意" in shown(phone, f"/me/relief/{family.child.pk}/agree/", go=1)
    stranger = enter(Client(), world.li)
    assert "低保" not in text(stranger, "/me/relief/")
    assert stranger.post(f"/me/relief/{family.child.pk}/withdraw/").status_code == 404


def test_the_list_costs_the_same_for_thirty(world: World, family: Family) -> None:
    zhang, chen = desk(world.zhang), desk(world.chen)
    recorded(family.child, world.zhang)
    before = queries(zhang, "/desk/evidence/"), queries(chen, "/desk/evidence/")
    for number in range(30):
        other = Resident.objects.get(pk=family.child.pk)
        other.pk, other.name = None, f"孩{number}"
        other.save()
        other.guardians.create(guardian=family.mother, relation="母亲", basis="household_book", by=world.zhang)
        verified(other, family.mother, by=world.zhang, reviewer=world.chen)
    assert (queries(zhang, "/desk/evidence/"), queries(chen, "/desk/evidence/")) == before
    assert "孩29" in shown(zhang, "/desk/evidence/?status=valid")


def test_a_client_records_and_never_gets_the_kind_back(world: World, family: Family) -> None:
    api = client_of(world.wenxing)
    bad = body(family.child) | {"named": "居委会证明", "seen_on": (clock.today() - timedelta(days=1)).isoformat()}
    assert api.post("evidence/", bad).json()["code"] == "evidence_bad"
    answer = api.post("evidence/", body(family.child))
    assert answer.status_code == 201, answer.json()
    assert not [word for word in SECRETS if word in answer.content.decode()]
    assert api.post("evidence/", body(family.child)).json()["code"] == "evidence_waits"
    listed = api.get("evidence/", resident=family.child.pk)
    assert [row["status"] for row in listed.json()["results"]] == ["recorded"]
    assert not [word for word in SECRETS if word in listed.content.decode()]
    assert client_of(world.yongan).get("evidence/").json()["results"] == []
    assert client_of(world.yongan).post("evidence/", body(family.child)).status_code == 404
    assert client_of(world.wenxing, "notices:read").post("evidence/", body(family.child)).status_code == 403
