"""志愿者登记: with the person's consent, by themselves or in front of staff; ends and empties with it; never needed to take part."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from activities import volunteers
from activities.models import Volunteer
from activities.volunteers import Facts, register
from communities import closing, consents
from communities.models import Consent, Resident
from core.refusals import Refused
from tests import world as cast
from tests.pages import text
from tests.world import World

pytestmark = pytest.mark.django_db
Way, Purpose = Consent.Way, Consent.Purpose
FACTS = Facts("female", "会理发", ["ELD", "ENV"])


def registered(world: World, resident: Resident | None = None, facts: Facts = FACTS) -> Volunteer:
    return register(resident=resident or world.zhao, facts=facts, by=world.zhang, way=Way.SIGNATURE)


def code(act: object, **given: object) -> str:
    with pytest.raises(Refused) as info:
        act(**given)  # type: ignore[operator]
    return info.value.code


def test_one_registers_on_the_own_phone_and_the_consent_stands(world: World) -> None:
    assert world.wang.account
    made = register(resident=world.wang, facts=FACTS, by=world.wang.account, way=Way.TAP)
    assert (made.consent.purpose, made.consent.way, made.kinds) == ("volunteer", "tap", ["ELD", "ENV"])
    assert volunteers.of(world.wang) == made and made.wishes == "助老探访、环境整治"


def test_staff_register_only_with_the_word_of_whoever_is_there(world: World) -> None:
    assert registered(world).entered_by == world.zhang
    assert code(register, resident=world.li, facts=FACTS, by=world.zhang, way=Way.TAP) == "consent_how"
    assert code(register, resident=world.li, facts=FACTS, by=world.qian, way=Way.SIGNATURE) == "not_your_duty"
    assert world.wang.account
    assert code(register, resident=world.li, facts=FACTS, by=world.wang.account, way=Way.TAP) == "owners_only"


def test_nobody_registers_twice_unconfirmed_or_under_age_alone(world: World) -> None:
    registered(world)
    assert code(register, resident=world.zhao, facts=FACTS, by=world.zhang, way=Way.SIGNATURE) == "already_volunteer"
    assert (
        code(register, resident=world.sun, facts=FACTS, by=world.zhang, way=Way.SIGNATURE) == "resident_not_confirmed"
    )
    young = cast.resident(world.wenxing, "李小军", "13700000003", date(2010, 1, 1))
    assert young.account
    assert code(register, resident=young, facts=FACTS, by=young.account, way=Way.TAP) == "volunteer_under_age"
    registered(world, young)
    assert Volunteer.objects.count() == 2
    row = Volunteer.objects.get(resident=world.zhao)
    with pytest.raises(IntegrityError, match="volunteer_once"), transaction.atomic():
        Volunteer.objects.create(resident=world.zhao, consent=row.consent, entered_by=world.zhang)


def test_what_is_no_kind_or_no_sex_is_refused(world: World) -> None:
    for wrong in (Facts("x"), Facts(kinds=["NOTHING"]), Facts(skills="技" * 101), Facts(skills="a\0")):
        assert code(register, resident=world.zhao, facts=wrong, by=world.zhang, way=Way.SIGNATURE) == "bad_input"
    assert not Volunteer.objects.exists()


def test_withdrawing_the_consent_ends_and_empties_it(world: World) -> None:
    made = registered(world)
    consents.withdraw(resident=world.zhao, purpose=Purpose.VOLUNTEER, by=world.zhang)
    made.refresh_from_db()
    assert made.ended_at and (made.sex, made.skills, made.kinds) == ("", "", [])
    assert volunteers.of(world.zhao) is None
    assert code(volunteers.revise, resident=world.zhao, facts=FACTS, by=world.zhang) == "not_volunteer"
    assert registered(world).pk != made.pk


def test_of_who_leaves_nothing_is_kept(world: World) -> None:
    made = registered(world, world.li)
    closing.close(resident=world.li, by=world.chen, reason="本人申请")
    made.refresh_from_db()
    assert made.ended_at and made.skills == ""


def test_the_number_is_entered_by_staff_once_for_one_person_and_not_for_kin(world: World) -> None:
    registered(world)
    registered(world, world.li)
    enter = volunteers.enter_number
    assert enter(resident=world.zhao, number=" 1402x7 ", by=world.zhang).number == "1402X7"
    assert code(enter, resident=world.li, number="1402X7", by=world.zhang) == "volunteer_number_taken"
    assert code(enter, resident=world.li, number="12 34", by=world.zhang) == "bad_volunteer_number"
    assert code(enter, resident=world.li, number="1", by=world.qian) == "not_your_duty"
    world.zhang.own_phone = world.li.phone
    world.zhang.save()
    assert code(enter, resident=world.li, number="1", by=world.zhang) == "own_interest"


def test_the_phone_says_what_a_yes_is_for_before_it_is_given(client: Client, world: World) -> None:
    assert world.wang.account
    client.force_login(world.wang.account)
    assert "国家指定的志愿服务信息系统" in text(client, "/activities/volunteer/")
    sent = client.post("/activities/volunteer/", {"sex": "female", "skills": "会裁缝", "kinds": ["ELD"]})
    assert sent.status_code == 302
    page = text(client, "/activities/volunteer/")
    assert "已登记" in page and "同意事项" in page
    client.post("/activities/volunteer/", {"skills": "会裁缝、会织毛衣", "kinds": []})
    mine = volunteers.of(world.wang)
    assert mine and (mine.skills, mine.kinds) == ("会裁缝、会织毛衣", [])


def test_the_desk_registers_lists_numbers_and_prints(client: Client, world: World) -> None:
    client.force_login(world.zhang)
    path = f"/desk/residents/{world.zhao.pk}/volunteer/"
    assert client.post(path, {"skills": "会修鞋"}).status_code == 400
    assert not Volunteer.objects.exists()
    client.post(path, {"skills": "会修鞋", "kinds": ["PRO"], "way": "signature"})
    client.post(f"{path}number/", {"number": "140200001"})
    for page in ("", "paper/"):
        found = text(client, f"/desk/volunteers/{page}?q=修鞋&kind=PRO")
        assert "赵玉珍" in found and "140200001" in found
    assert "赵玉珍" not in text(client, "/desk/volunteers/?kind=ENV")
    assert client.get("/desk/volunteers/export/").headers["Content-Disposition"].startswith("attachment")
    client.force_login(world.qian)
    assert "赵玉珍" not in text(client, "/desk/volunteers/") and client.get(path).status_code == 404
