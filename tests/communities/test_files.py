"""A file opened at the counter is confirmed at once, once per person, and never by who it is about."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
import time_machine

from communities import files, identity, registration
from communities.files import Facts, correct, mark, open_file
from communities.models import Change, Consent, Correction, Estate, Grid, Resident, User
from core.refusals import Refused
from tests import world as cast
from tests.races.together import at_once, let_in_together
from tests.world import World

pytestmark = pytest.mark.django_db
NUMBER, OTHER = "11010519491231002X", "440524188001010014"  # the samples of GB 11643
TODAY = "2026-11-22 09:00+08:00"
BORN = date(1949, 12, 31)
Reason = Correction.Reason


def refused(act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value


def opened(world: World, name: str = "吴玉兰", *, number: str = "", by: User | None = None, **how: object) -> Resident:
    facts = Facts(name, how.pop("born", None), how.pop("estate", None), how.pop("grid", None), (number and identity.clean(number)) or None)  # type: ignore[arg-type]  # fmt: skip
    given = {"community": world.wenxing, "signed": True} | how
    return open_file(facts=facts, by=by or world.zhang, **given)  # type: ignore[arg-type]


def corrected(world: World, resident: Resident, by: User | None = None, **how: object) -> Resident:
    resident.refresh_from_db()
    seen = how.pop("seen", mark(resident))
    forget = how.pop("forget_number", False)
    facts = replace(Facts(resident.name, None, resident.estate, resident.grid), **how)  # type: ignore[arg-type]
    return correct(resident=resident, facts=facts, reason=Reason.MISTYPED, seen=seen, by=by or world.chen, forget_number=forget)  # type: ignore[arg-type]  # fmt: skip


# opening


def test_who_comes_to_the_counter_has_a_confirmed_file_at_once(world: World) -> None:
    estate, grid = Estate.objects.get(community=world.wenxing), Grid.objects.create(community=world.wenxing, name="一")
    made = opened(world, phone="13800001111", number=NUMBER.lower(), estate=estate, grid=grid)
    assert (made.status, made.decided_by, made.birth_date, made.estate, made.grid) == (
        "confirmed",
        world.zhang,
        BORN,
        estate,
        grid,
    )
    assert (made.pinyin, made.initials) == ("wu yu lan", "wyl")
    assert made.account is not None and made.account.phone == made.phone == "13800001111"
    assert (made.document, made.document_tail) == ("id_card", "002X")
    assert NUMBER.encode() not in bytes(made.document_sealed or b"") and len(made.document_hash) == 64
    agreed = Consent.objects.get(resident=made)
    assert (agreed.purpose, agreed.way, agreed.by, agreed.guardian) == ("personal_data", "signature", world.zhang, None)
    assert Change.objects.filter(resident=made, what="resident", by=world.zhang, action="I").exists()


def test_an_elder_needs_no_phone_and_no_number(world: World) -> None:
    made = opened(world)
    assert (made.phone, made.account, made.document, made.birth_date) == ("", None, "", None)


def test_without_a_signature_nothing_is_kept(world: World) -> None:
    before = Resident.objects.count()
    assert refused(lambda: opened(world, signed=False)).code == "not_signed"
    assert Resident.objects.count() == before


def test_strangers_and_other_peoples_places_are_refused(world: World) -> None:
    assert refused(lambda: opened(world, by=world.qian)).code == "not_your_duty"
    elsewhere = Estate.objects.get(community=world.yongan)
    assert refused(lambda: opened(world, estate=elsewhere)).code == "bad_input"
    far = Grid.objects.create(community=world.yongan, name="一")
    assert refused(lambda: opened(world, grid=far)).code == "bad_input"


@pytest.mark.parametrize("whose", ["own phone", "own name", "the phone of the family"])
def test_nobody_opens_a_file_of_their_own_or_of_the_family(world: World, whose: str) -> None:
    cast.resident(world.wenxing, "张本人", world.zhang.own_phone)
    mine = Resident.objects.get(phone=world.zhang.own_phone)
    Resident.objects.filter(pk=world.wang.pk).update(household=mine.household)
    how = {
        "own phone": {"phone": world.zhang.own_phone}, "own name": {"name": world.zhang.name},
        "the phone of the family": {"phone": world.wang.phone},
    }[whose]  # fmt: skip
    assert refused(lambda: opened(world, **how)).code == "not_your_own"
    assert opened(world, by=world.chen, another=True, **how).decided_by == world.chen


def test_one_number_has_one_file_and_staff_are_led_to_it(world: World) -> None:
    first = opened(world, number=NUMBER)
    found = refused(lambda: opened(world, "吴玉蓝", number=NUMBER))
    assert isinstance(found, files.AlreadyOnFile) and found.known == first and not found.twin


def test_a_sister_communitys_file_is_said_to_be_and_not_shown(world: World) -> None:
    hidden = opened(world, number=NUMBER, community=world.yongan, by=world.qian)
    found = refused(lambda: opened(world, number=NUMBER))
    assert isinstance(found, files.AlreadyOnFile) and found.known is None
    assert "迁移" in found.message and hidden.name not in found.message and "永安" not in found.message
    led = refused(lambda: opened(world, number=NUMBER, by=world.he))
    assert isinstance(led, files.AlreadyOnFile) and led.known == hidden


def test_another_sub_district_knows_nothing_of_it(world: World) -> None:
    opened(world, number=NUMBER)
    far = cast.staff("far", "远", cast.Duty.Role.WORKER, community=world.hualin)
    assert opened(world, number=NUMBER, community=world.hualin, by=far).pk


@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_the_same_number_at_once_one_is_told(world: World) -> None:
    # Different names, so that nothing but the constraint knows that it is one person.
    answers = let_in_together(
        [lambda name=name: opened(world, name, number=NUMBER) for name in ("吴玉兰", "冯月英")], "communities_resident"
    )
    assert sorted(getattr(one, "code", "opened") for one in answers) == ["already_on_file", "opened"]


def test_the_same_name_and_phone_is_the_same_person(world: World) -> None:
    found = refused(lambda: opened(world, world.wang.name, phone=world.wang.phone, another=True))
    assert isinstance(found, files.AlreadyOnFile) and found.known == world.wang
    waiting = refused(lambda: opened(world, world.sun.name, phone=world.sun.phone))
    assert isinstance(waiting, files.AlreadyOnFile) and waiting.known == world.sun


def test_a_namesake_is_asked_about_unless_something_tells_them_apart(world: World) -> None:
    found = refused(lambda: opened(world, world.zhao.name))
    assert isinstance(found, files.AlreadyOnFile) and found.twin and found.known == world.zhao
    assert opened(world, world.zhao.name, born=date(1960, 1, 1)).pk  # two birth dates
    assert opened(world, world.zhao.name, another=True).pk


@pytest.mark.parametrize("born", [date(2020, 1, 1), date(2018, 11, 23)])
@time_machine.travel(TODAY, tick=False)
def test_under_eight_nobody_has_a_file(world: World, born: date) -> None:
    assert refused(lambda: opened(world, born=born)).code == "too_young"
    assert refused(lambda: opened(world, born=born, guardian=world.wang)).code == "too_young"


@time_machine.travel(TODAY, tick=False)
def test_who_is_14_comes_with_a_guardian_who_signs(world: World) -> None:
    assert refused(lambda: opened(world, born=date(2012, 11, 22))).code == "needs_guardian"
    made = opened(world, born=date(2012, 11, 22), guardian=world.wang)
    assert (made.household, made.status) == (world.wang.household, "confirmed")
    agreed = Consent.objects.get(resident=made)
    assert (agreed.way, agreed.guardian) == ("signature", world.wang)
    assert opened(world, "郑一", born=date(2008, 11, 22)).pk  # 18 today


@time_machine.travel(TODAY, tick=False)
def test_not_everybody_is_a_guardian(world: World) -> None:
    young = {"born": date(2010, 1, 1)}
    assert world.sun.birth_date is None
    for guardian in (world.sun, world.zhou):  # not confirmed and of unknown age; another community
        assert refused(lambda guardian=guardian: opened(world, guardian=guardian, **young)).code == "bad_input"
    assert refused(lambda: opened(world, guardian=world.wang)).code == "bad_input"  # how old is the child?
    assert refused(lambda: opened(world, guardian=world.wang, born=date(1990, 1, 1))).code == "bad_input"
    world.zhang.own_phone = world.wang.phone
    assert refused(lambda: opened(world, guardian=world.wang, **young)).code == "not_your_own"


@time_machine.travel(TODAY, tick=False)
def test_the_birth_date_agrees_with_the_number(world: World) -> None:
    assert refused(lambda: opened(world, number=NUMBER, born=date(1949, 12, 30))).code == "wrong_document"
    assert refused(lambda: opened(world, born=date(2026, 11, 23))).code == "bad_input"
    assert opened(world, number=NUMBER, born=BORN).birth_date == BORN


def test_a_phone_of_staff_opens_no_file(world: World) -> None:
    User.objects.filter(pk=world.qian.pk).update(phone="13800001111")
    assert refused(lambda: opened(world, phone="13800001111")).code == "staff_number"


# correcting


def test_a_file_is_put_right_and_says_what_by_whom_and_why(world: World) -> None:
    estate = Estate.objects.create(community=world.wenxing, name="恒大绿洲")
    done = corrected(world, world.zhao, name="赵玉贞", estate=estate, number=identity.clean("G1234567", "other"))
    assert (done.name, done.initials, done.estate, done.document_tail) == ("赵玉贞", "zyz", estate, "4567")
    assert done.birth_date == world.zhao.birth_date
    said = Correction.objects.get(resident=done)
    assert (said.fields, said.by, said.get_reason_display()) == ("姓名、小区、证件号", world.chen, "录入有误")
    assert Change.objects.filter(resident=done, what="resident", action="U", by=world.chen).exists()


def test_two_colleagues_do_not_overwrite_one_another(world: World) -> None:
    seen = mark(world.zhao)
    corrected(world, world.zhao, by=world.zhang, name="赵玉贞")
    late = refused(lambda: corrected(world, world.zhao, seen=seen, name="赵玉真"))
    assert late.code == "changed_meanwhile"
    world.zhao.refresh_from_db()
    assert world.zhao.name == "赵玉贞"


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_is_told(world: World) -> None:
    seen = mark(world.zhao)
    acts = [
        lambda by=by, name=name: correct(
            resident=world.zhao, facts=Facts(name, None, world.zhao.estate), reason=Reason.ASKED, seen=seen, by=by
        )
        for by, name in ((world.zhang, "赵玉贞"), (world.chen, "赵玉真"), (world.he, "赵玉镇"))
    ]
    answers = at_once(acts)
    assert sorted(getattr(one, "code", "done") for one in answers) == ["changed_meanwhile", "changed_meanwhile", "done"]


@pytest.mark.django_db(transaction=True)
def test_two_clicks_open_one_file(world: World) -> None:
    answers = at_once([lambda: opened(world, "冯月英") for _ in range(4)])
    assert sorted(getattr(one, "code", "opened") for one in answers) == ["already_on_file"] * 3 + ["opened"]
    assert Resident.objects.filter(name="冯月英").count() == 1


def test_what_did_not_change_is_said(world: World) -> None:
    assert "没有改动" in refused(lambda: corrected(world, world.zhao)).message
    kept = opened(world, number=NUMBER)
    assert "没有改动" in refused(lambda: corrected(world, kept, number=identity.clean(NUMBER))).message
    assert not Correction.objects.exists()


def test_the_number_on_file_is_held_against_a_new_birth_date(world: World) -> None:
    kept = opened(world, number=NUMBER)
    assert refused(lambda: corrected(world, kept, birth_date=date(1950, 1, 1))).code == "wrong_document"
    assert refused(lambda: corrected(world, kept, number=identity.clean(OTHER))).code == "wrong_document"
    gone = corrected(world, kept, forget_number=True)
    assert (gone.document, gone.document_sealed, gone.document_tail, gone.document_hash) == ("", None, "", "")
    assert gone.birth_date == BORN


def test_staff_correct_neither_their_own_file_nor_the_familys(world: World) -> None:
    world.zhang.own_phone = world.wang.phone
    world.zhang.save()
    Resident.objects.filter(pk=world.zhao.pk).update(household=world.wang.household)
    for one in (world.wang, world.zhao):
        assert refused(lambda one=one: corrected(world, one, by=world.zhang, name="某某某")).code == "not_your_own"
    assert corrected(world, world.wang, name="王秀岚").name == "王秀岚"


def test_strangers_and_closed_files(world: World) -> None:
    assert refused(lambda: corrected(world, world.zhao, by=world.qian, name="赵玉贞")).code == "not_your_duty"
    registration.decline(resident=world.sun, by=world.chen, reason="不住这里")
    assert refused(lambda: corrected(world, world.sun, name="孙贵芳")).code == "bad_input"


def test_the_mark_says_nothing_and_changes_with_everything(world: World) -> None:
    before = mark(world.zhao)
    assert len(before) == 24 and world.zhao.name not in before
    for name, value in (
        ("name", "赵"),
        ("birth_date", BORN),
        ("estate_id", 0),
        ("grid_id", 1),
        ("document_hash", "x"),
        ("status", "closed"),
    ):
        one = Resident.objects.get(pk=world.zhao.pk)
        setattr(one, name, value)
        assert mark(one) != before, name
