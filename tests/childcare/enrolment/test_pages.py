"""The family's pages: enrolment step by step on a phone, the child's file, consents taken back as easily as given."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from childcare.enrolment import deciding, drafting
from childcare.models import CareFile, Enrolment, Place
from communities import guardians, helping
from communities.models import Consent, Resident, User
from core import clock
from tests.childcare import cast as here
from tests.childcare.cast import Care
from tests.childcare.enrolment.families import ALLERGY, father, healthy, papers, said, submitted
from tests.pages import enter, queries, text
from tests.world import World

STEP = "/childcare/enrolments/{}/steps/{}/"


@pytest.fixture
def shao(world: World) -> Resident:
    return father(world)


@pytest.fixture
def phone(client: Client, shao: Resident) -> Client:
    return enter(client, shao)


@pytest.fixture
def mother(client: Client, care: Care) -> Client:
    return enter(client, care.mother)


def typed(step: str, words: dict[str, Any]) -> dict[str, Any]:
    """As a browser sends it: boxes that are ticked are “on”."""
    flat = {name: "on" if value is True else value for name, value in words.items() if value not in (False, None)}
    return flat | ({"birth_date": words["birth_date"].replace("-", "")} if step == "child" else {})


def test_a_father_enrols_step_by_step_and_reads_how_it_stands(phone: Client, shao: Resident, care: Care) -> None:
    begun = phone.post("/childcare/enrol/", {"centre": care.centre.pk})
    mine = Enrolment.objects.get(guardian=shao)
    assert begun["Location"] == STEP.format(mine.pk, 1)
    for number, (step, words) in enumerate(said(care.group).items(), 1):
        answer = phone.post(STEP.format(mine.pk, number), typed(step, words))
        assert answer.status_code == 302, (step, answer.context["form"].errors)
        if number == 3:
            assert "已填到第3步" in text(phone, "/childcare/") and "继续填写" in text(
                phone, f"/childcare/enrolments/{mine.pk}/"
            )
    assert Enrolment.objects.get(pk=mine.pk).status == "submitted"
    assert "社区2个工作日内答复" in text(phone, "/childcare/")
    assert phone.get(STEP.format(mine.pk, 1)).status_code == 302


def test_what_is_wrong_is_said_and_what_was_typed_stays(phone: Client, shao: Resident, care: Care) -> None:
    phone.post("/childcare/enrol/", {"centre": care.centre.pk})
    mine = Enrolment.objects.get(guardian=shao)
    answer = phone.post(STEP.format(mine.pk, 1), {"name": "邵小满", "school": "平城区第三小学"})
    assert (
        answer.status_code == 400
        and "请填写出生日期" in answer.content.decode()
        and "平城区第三小学" in answer.content.decode()
    )
    answer = phone.post(STEP.format(mine.pk, 7), {"care": "on"})
    assert answer.status_code == 400 and "还没有填完" in answer.content.decode()


def test_every_step_opens_empty_and_no_box_is_ticked(phone: Client, shao: Resident, care: Care) -> None:
    phone.post("/childcare/enrol/", {"centre": care.centre.pk})
    mine = Enrolment.objects.get(guardian=shao)
    for number in range(1, 8):
        page = phone.get(STEP.format(mine.pk, number))
        assert page.status_code == 200 and " checked" not in page.content.decode()
    assert phone.get(STEP.format(mine.pk, 8)).status_code == 404


def test_another_familys_draft_is_404_on_every_page(phone: Client, care: Care) -> None:
    theirs = drafting.begin(guardian=care.other_mother, centre=care.centre, by=care.other_mother.account)
    child = care.child.pk
    for path in (
        f"/childcare/enrolments/{theirs.pk}/",
        STEP.format(theirs.pk, 1),
        f"/childcare/children/{child}/",
        f"/childcare/children/{child}/facts/",
        f"/childcare/children/{child}/contacts/",
        f"/childcare/children/{child}/health/",
        f"/childcare/children/{child}/consents/",
    ):
        assert phone.get(path).status_code == 404, path
    for path in (
        f"/childcare/enrolments/{theirs.pk}/withdraw/",
        f"/childcare/children/{child}/consents/withdraw/",
        f"/childcare/children/{child}/consents/agree/",
    ):
        assert phone.post(path, {"purpose": "care"}).status_code == 404, path


def test_the_guardian_is_meant_also_when_the_phone_acts_for_the_child(mother: Client, care: Care) -> None:
    session = mother.session
    session["acting"] = care.child.pk
    session.save()
    assert care.child.name in text(mother, "/childcare/")
    mother.post("/childcare/enrol/", {"centre": care.centre.pk, "child": care.child.pk})
    assert Enrolment.objects.get().guardian == care.mother


def test_a_child_with_a_file_is_chosen_and_its_name_is_not_asked(mother: Client, care: Care) -> None:
    mother.post("/childcare/enrol/", {"centre": care.centre.pk, "child": care.child.pk})
    mine = Enrolment.objects.get()
    assert mine.child == care.child and "name" not in mother.get(STEP.format(mine.pk, 1)).context["form"].fields


def test_the_childs_file_shows_all_of_it_to_the_family(mother: Client, care: Care) -> None:
    from_phone = care.mother.account
    assert from_phone
    answer = mother.post(f"/childcare/children/{care.child.pk}/health/", {"allergies": ALLERGY})
    assert answer.status_code == 302
    seen = text(mother, f"/childcare/children/{care.child.pk}/")
    assert ALLERGY in seen and "姜桂香" in seen and "平城区第十八小学" in seen
    mother.post(f"/childcare/children/{care.child.pk}/facts/", {"school": "别的学校", "grade": "3"})
    assert CareFile.objects.get(child=care.child).school == "别的学校"


def test_a_consent_is_given_and_taken_back_by_one_tap_each(mother: Client, care: Care) -> None:
    page, photo = f"/childcare/children/{care.child.pk}/consents/", Consent.Purpose.CARE_PHOTO
    mother.post(f"{page}agree/", {"purpose": "care_photo"})
    assert guardians.consented(care.child, photo)
    mother.post(f"{page}withdraw/", {"purpose": "care_photo"})
    assert guardians.consented(care.child, photo) is None
    assert mother.post(f"{page}withdraw/", {"purpose": "minor_volunteer"}).status_code == 404


def test_what_ends_the_place_is_asked_once_more(mother: Client, care: Care) -> None:
    page = f"/childcare/children/{care.child.pk}/consents/withdraw/"
    asked = mother.post(page, {"purpose": "care"})
    assert asked.status_code == 200 and "今天是最后一天" in asked.content.decode()
    assert Place.objects.get(pk=care.place.pk).ends_on is None
    mother.post(page, {"purpose": "care", "sure": "1"})
    assert Place.objects.get(pk=care.place.pk).ends_on == clock.today()


def test_the_rules_for_children_are_a_document_of_its_own_and_name_who_is_responsible(
    client: Client, mother: Client, world: World
) -> None:
    seen = text(mother, "/privacy/children/")
    for word in (
        "儿童个人信息保护负责人：陈志强",
        "存放在中国境内",
        "90天",
        "不同意或撤回会怎样",
        "更正",
        "12377",
        Consent.Purpose.CHILD_DATA.label,
    ):
        assert word in seen, word
    assert (
        Client().get("/privacy/children/").status_code == 200
        and Client().get("/childcare/agreement/").status_code == 200
    )


def test_on_the_page_of_children_care_is_taken_back_and_a_tiny_one_is_not_asked_to_volunteer(
    mother: Client, world: World, care: Care
) -> None:
    shown = text(mother, "/me/children/")
    assert "登记健康情况" in shown and "参加志愿服务" in shown
    Resident.objects.filter(pk=care.child.pk).update(birth_date=date(clock.today().year - 5, 1, 1))
    assert "参加志愿服务" not in text(mother, "/me/children/")
    mother.post(f"/me/children/{care.child.pk}/withdraw/", {"purpose": "care_health", "sure": "1"})
    assert guardians.consented(care.child, Consent.Purpose.CARE_HEALTH) is None


def test_a_file_costs_the_same_for_one_child_and_for_five(mother: Client, world: World, care: Care) -> None:
    one = queries(mother, "/childcare/")
    for number in range(4):
        child = here.child(world.wenxing, f"高小{'甲乙丙丁'[number]}", 9, household=care.mother)
        here.guard(child, care.mother, "母亲", world.zhang)
        here.place(care.group, child, care.mother, by=world.zhang)
    assert queries(mother, "/childcare/") == one


def test_accepted_the_father_reads_of_the_place(world: World, phone: Client, shao: Resident, care: Care) -> None:
    mine = submitted(shao, care, healthy(said(care.group)))
    deciding.accept(enrolment=mine, papers=papers(), by=world.zhang)
    assert "孩子已有托位" in text(phone, f"/childcare/enrolments/{mine.pk}/")
    assert "邵小满" in text(phone, "/childcare/")


def test_who_helps_somebody_enrols_nobody(client: Client, world: World, care: Care) -> None:
    helping.appoint(
        resident=care.mother,
        phone="13700006666",
        name="帮忙人",
        relation="亲友",
        by=world.zhang,
        way=Consent.Way.SIGNATURE,
    )
    client.force_login(User.objects.get(phone="13700006666"))
    session = client.session
    session["acting"] = care.mother.pk
    session.save()
    for path in ("/childcare/", "/childcare/enrol/", f"/childcare/children/{care.child.pk}/"):
        assert client.get(path).status_code == 403, path
