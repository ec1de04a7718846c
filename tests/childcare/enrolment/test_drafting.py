"""Steps are kept one by one, sealed, and gone on with by the same family or at the window; by nobody else."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from childcare.enrolment import drafting, submitting
from childcare.enrolment.fields import BadField
from childcare.enrolment.steps import STEPS
from childcare.models import Enrolment
from communities.counter import OwnCounter
from communities.duties import NotYourDuty
from communities.identity import check
from communities.models import Resident
from core import clock
from core.refusals import Refused
from tests import world as cast
from tests.childcare.cast import Care
from tests.childcare.enrolment.families import ALLERGY, drafted, father, healthy, said, submitted
from tests.world import World

CHILD, GUARDIANS, CONTACTS, HEALTH, SERVICE, PICKUPS, CONSENTS = STEPS


@pytest.fixture
def shao(world: World) -> Resident:
    return father(world)


def keep(mine: Enrolment, step: Any, words: dict[str, Any]) -> Enrolment:
    assert mine.guardian.account
    return drafting.save_step(enrolment=mine, step=step, said=words, by=mine.guardian.account)


def test_a_family_saves_a_step_and_goes_on_later(shao: Resident, care: Care) -> None:
    mine = drafting.begin(guardian=shao, centre=care.centre, by=shao.account)
    keep(mine, CHILD, said(care.group)["child"])
    again = Enrolment.objects.get(pk=mine.pk)
    assert again.step == 1 and drafting.shown(again, CHILD, shao.account)["school"] == "平城区第三小学"
    keep(again, GUARDIANS, said(care.group)["guardians"])
    assert [one.key for one in drafting.lacking(drafting.said_in(Enrolment.objects.get(pk=mine.pk)))] == [
        "contacts",
        "service",
        "consents",
    ]


def test_a_second_tap_begins_nothing_new(shao: Resident, care: Care) -> None:
    first = drafting.begin(guardian=shao, centre=care.centre, by=shao.account)
    assert drafting.begin(guardian=shao, centre=care.centre, by=shao.account) == first
    keep(first, CHILD, said(care.group)["child"])
    assert drafting.begin(guardian=shao, centre=care.centre, by=shao.account) != first


def test_four_open_ones_are_enough(shao: Resident, care: Care) -> None:
    for _ in range(drafting.MOST_OPEN):
        keep(drafting.begin(guardian=shao, centre=care.centre, by=shao.account), CHILD, said(care.group)["child"])
    with pytest.raises(drafting.TooManyEnrolments):
        drafting.begin(guardian=shao, centre=care.centre, by=shao.account)


@pytest.mark.parametrize(
    ("step", "wrong", "words"),
    [
        (CHILD, {"name": ""}, "孩子姓名"),
        (CHILD, {"birth_date": "2018-13-40"}, "出生日期"),
        (CHILD, {"birth_date": "2001-01-01"}, "3到15周岁"),
        (CHILD, {"number": "110101201801150010", "document": "id_card"}, "证"),
        (CHILD, {"school": "校" * 41}, "学校"),
        (CHILD, {"grade": "13"}, "年级"),
        (GUARDIANS, {"relation": "邻居"}, "您是孩子的"),
        (GUARDIANS, {"second_name": "温小玉"}, "另一位监护人"),
        (GUARDIANS, {"carer_name": "温玉兰", "carer_relation": "祖母", "carer_phone": "13700003012", "carer_on": "2999-01-01"}, "书面委托日期"),
        (CONTACTS, {"phone2": "13700003011"}, "要不一样"),
        (CONTACTS, {"phone1": "13700003001"}, "监护人以外"),
        (CONTACTS, {"phone1": "12345"}, "不是电话号码"),
        (SERVICE, {"group": 10**12}, "不接受报名"),
        (SERVICE, {"plan": []}, "每周哪几天"),
        (SERVICE, {"starts_on": "2001-01-01"}, "开始日期"),
        (PICKUPS, {"agreed": True, "people": [{"name": "孟", "relation": "邻居", "phone": "13700003099", "id_tail": "12", "valid_until": "2099-01-01", "adult": True}]}, "证件后4位"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_said_by_its_name_and_nothing_is_kept(
    step: Any, wrong: dict[str, Any], words: str, shao: Resident, care: Care
) -> None:
    mine = drafting.begin(guardian=shao, centre=care.centre, by=shao.account)
    with pytest.raises(Refused, match=words):
        keep(mine, step, said(care.group)[step.key] | wrong)
    assert drafting.said_in(Enrolment.objects.get(pk=mine.pk)) == {}


def test_a_pickup_is_of_age_and_for_a_year_at_most(shao: Resident, care: Care) -> None:
    mine = drafting.begin(guardian=shao, centre=care.centre, by=shao.account)
    until = clock.today() + timedelta(days=30)
    one = {
        "name": "孟桂芝",
        "relation": "邻居",
        "phone": "13700003099",
        "id_tail": "123x",
        "valid_until": until,
        "adult": True,
    }
    for wrong in (
        {"adult": False},
        {"valid_until": clock.today() + timedelta(days=400)},
        {"valid_until": clock.today() - timedelta(days=1)},
    ):
        with pytest.raises(Refused):
            keep(mine, PICKUPS, {"agreed": True, "people": [one | wrong]})
    with pytest.raises(BadField, match="最多4项"):
        keep(mine, PICKUPS, {"agreed": True, "people": [one] * 5})
    kept = keep(mine, PICKUPS, {"agreed": True, "people": [one]})
    assert drafting.said_in(kept)["pickups"]["people"][0]["id_tail"] == "123X"


def test_health_without_its_own_box_is_not_kept(shao: Resident, care: Care) -> None:
    mine = drafting.begin(guardian=shao, centre=care.centre, by=shao.account)
    with pytest.raises(BadField, match="没有勾选同意"):
        keep(mine, HEALTH, {"agreed": False, "allergies": ALLERGY})
    assert "health" not in drafting.said_in(Enrolment.objects.get(pk=mine.pk))
    keep(mine, HEALTH, {"agreed": True, "allergies": ALLERGY})
    kept = keep(mine, HEALTH, {"agreed": False, "allergies": ALLERGY})  # taken back by one tap
    assert drafting.said_in(kept)["health"] == {"agreed": False}


def test_staff_at_the_window_do_not_read_the_health_that_was_typed(world: World, shao: Resident, care: Care) -> None:
    mine = drafted(shao, care, healthy(said(care.group)))
    assert drafting.shown(mine, HEALTH, world.zhang) == {"kept": True}
    assert drafting.shown(mine, HEALTH, shao.account)["allergies"] == ALLERGY


def test_the_number_is_never_shown_again_and_stays_when_left_empty(shao: Resident, care: Care) -> None:
    number, born = "110101201801150012", "2018-01-15"
    number = number[:17] + check(number)
    mine = drafting.begin(guardian=shao, centre=care.centre, by=shao.account)
    words = said(care.group)["child"] | {"number": number, "document": "id_card", "birth_date": born}
    kept = keep(mine, CHILD, words)
    shown = drafting.shown(kept, CHILD, shao.account)
    assert shown["number"] == "" and shown["tail"] == number[-4:]
    again = keep(
        kept, CHILD, drafting.kept_before(kept, words | {"number": "", "school": "别的学校"}, CHILD, shao.account)
    )
    assert drafting.said_in(again)["child"]["number"] == number


def test_nothing_of_a_draft_stands_open_in_any_table(shao: Resident, care: Care) -> None:
    drafted(shao, care, healthy(said(care.group)))
    assert everywhere("邵小满", ALLERGY, "温玉兰", "大同机车厂", "13700003011") == []
    assert "communities_resident" in everywhere("邵卫东")  # what stands open is found this way


def everywhere(*words: str) -> list[str]:
    """The tables that hold one of `words` in plain text, every column of every row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            looked = " OR ".join(["t::text LIKE %s"] * len(words))
            cursor.execute(f'SELECT 1 FROM "{table}" t WHERE {looked} LIMIT 1', [f"%{word}%" for word in words])
            found += [table] if cursor.fetchone() else []
        return found


def test_another_family_and_another_community_write_nothing(world: World, shao: Resident, care: Care) -> None:
    mine = drafting.begin(guardian=shao, centre=care.centre, by=shao.account)
    for stranger, refusal in ((care.mother.account, drafting.NotYourEnrolment), (world.qian, NotYourDuty)):
        with pytest.raises(refusal):
            drafting.save_step(enrolment=mine, step=CHILD, said=said(care.group)["child"], by=stranger)
        with pytest.raises(refusal):
            submitting.withdraw(enrolment=mine, by=stranger)
    assert (
        not Enrolment.objects.at_counter(world.qian).exists() and not Enrolment.objects.for_staff(world.zhang).exists()
    )


def test_a_colleague_writes_for_a_guardian_without_a_phone_but_not_for_the_own_family(world: World, care: Care) -> None:
    old = cast.resident(world.wenxing, "温玉兰", "", date(1960, 1, 1))
    mine = drafting.begin(guardian=old, centre=care.centre, by=world.zhang)
    drafting.save_step(enrolment=mine, step=CHILD, said=said(care.group)["child"], by=world.zhang)
    world.zhang.own_phone = "13700004444"
    world.zhang.save(update_fields=["own_phone"])
    kin = cast.resident(world.wenxing, "张晓燕", "13700004444", date(1990, 1, 1))
    with pytest.raises(OwnCounter):
        drafting.begin(guardian=kin, centre=care.centre, by=world.zhang)


def test_only_adults_of_the_centres_community_enrol_and_only_their_own_child(
    world: World, shao: Resident, care: Care
) -> None:
    young = cast.resident(world.wenxing, "孙小军", "13700005555", date(clock.today().year - 16, 1, 1))
    for who, refusal in (
        (young, drafting.NotAdultHere),
        (world.sun, drafting.NotAdultHere),
        (world.zhou, drafting.OtherCommunity),
    ):
        with pytest.raises(refusal):
            drafting.begin(guardian=who, centre=care.centre, by=who.account)
    with pytest.raises(drafting.NotYourEnrolment):
        drafting.begin(guardian=shao, centre=care.centre, by=shao.account, child=care.child)
    care.centre.closed_on = clock.today()
    care.centre.save(update_fields=["closed_on"])
    with pytest.raises(drafting.CentreShut):
        drafting.begin(guardian=shao, centre=care.centre, by=shao.account)


def test_it_is_handed_in_whole_and_once(shao: Resident, care: Care) -> None:
    mine = drafting.begin(guardian=shao, centre=care.centre, by=shao.account)
    with pytest.raises(submitting.StepsMissing, match="孩子、监护人、紧急联系人、托管安排、同意"):
        submitting.submit(enrolment=mine, by=shao.account)
    done = submitted(shao, care)
    with pytest.raises(submitting.AlreadyHandedIn):
        submitting.submit(enrolment=done, by=shao.account)
    with pytest.raises(drafting.NotInDraft):
        keep(done, CHILD, said(care.group)["child"])


@pytest.mark.parametrize(
    ("agreed", "refusal"),
    [
        ({"care": True}, submitting.ConsentMissing), ({"child_data": True}, submitting.ConsentMissing),
        ({}, submitting.ConsentMissing), ({"care": False, "child_data": True}, submitting.ConsentMissing),
    ],
)  # fmt: skip
def test_the_two_consents_that_are_needed_are_asked_each_by_itself(
    agreed: dict[str, Any], refusal: type[Refused], shao: Resident, care: Care
) -> None:
    mine = drafted(shao, care, said(care.group) | {"consents": agreed})
    with pytest.raises(refusal):
        submitting.submit(enrolment=mine, by=shao.account)


def test_going_alone_needs_a_consent_of_its_own(shao: Resident, care: Care) -> None:
    words = said(care.group)
    words["child"] |= {"grade": "5"}
    words["service"] |= {"alone": True}
    mine = drafted(shao, care, words)
    with pytest.raises(submitting.AloneNotAgreed):
        submitting.submit(enrolment=mine, by=shao.account)


def test_what_is_withdrawn_leaves_nothing(shao: Resident, care: Care) -> None:
    mine = submitting.withdraw(enrolment=submitted(shao, care), by=shao.account)
    assert mine.status == Enrolment.Status.WITHDRAWN and mine.draft is None
    with pytest.raises(submitting.NothingToWithdraw):
        submitting.withdraw(enrolment=mine, by=shao.account)
