"""An act at the counter and its slip are one; nobody is their own counter."""

from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from communities import cards, counter, duties
from communities.counter import Act, Done, Plan
from communities.kin import OwnPhoneMissing
from communities.models import Holiday, Resident, Slip, User
from core import clock
from core.refusals import Refused
from tests.world import World

pytestmark = pytest.mark.django_db


class NotToday(Refused):
    code = "not_today"


def write(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """Something that leaves a row, so that one can see whether it stands."""
    Holiday.objects.create(sub_district=resident.community.sub_district, day=at.date(), name="办了", by=by)
    if number == 13:
        raise NotToday
    return Done(f"test:{number}", ["办好了。", "没有用积分。"])


def plan(resident: Resident, number: int, at: datetime) -> Plan:
    return Plan("办事", [], "确认")


ACT = Act("test", "办事", None, plan, write)


def done(world: World, number: int = 1, **how: Any) -> Slip:
    who = {"resident": world.wang, "by": world.zhang} | how
    return counter.perform(act=ACT, number=number, **who)


def test_an_act_leaves_a_slip_that_says_for_whom_what_and_by_whom(world: World) -> None:
    slip = done(world)
    slip.refresh_from_db()
    assert (slip.resident, slip.community, slip.by, slip.proof) == (world.wang, world.wenxing, world.zhang, "signature")
    assert (slip.act, slip.about, slip.lines) == ("办事", "test:1", ["办好了。", "没有用积分。"])
    assert slip.number == f"BL{clock.local(slip.at):%Y%m%d}-{slip.pk:06d}" == str(slip)


def test_a_refused_act_leaves_neither_a_slip_nor_anything_else(world: World) -> None:
    with pytest.raises(NotToday):
        done(world, 13)
    assert not Slip.objects.exists()
    assert not Holiday.objects.filter(name="办了").exists()


def test_without_a_slip_nothing_is_done(world: World) -> None:
    done(world)
    Holiday.objects.filter(name="办了").delete()
    with pytest.raises(counter.AlreadyOnSlip):
        done(world)
    assert (Slip.objects.count(), Holiday.objects.filter(name="办了").count()) == (1, 0)


@pytest.mark.parametrize(
    "wrong", [{"act": ""}, {"said": ""}, {"about": ""}, {"about": "nothing"}, {"about": "42"}, {"about": "enrolment:x"}]
)
def test_a_slip_without_an_act_is_impossible(wrong: dict[str, str], world: World) -> None:
    right = {"act": "办事", "said": "办好了。", "about": "test:1", "community": world.wenxing, "resident": world.wang}
    with pytest.raises(IntegrityError, match="slip_says_what_was_done"), transaction.atomic():
        Slip.objects.create(by=world.zhang, **right | wrong)


def own(world: World) -> None:
    User.objects.filter(pk=world.zhang.pk).update(own_phone=world.wang.phone)


def family(world: World) -> None:
    own(world)
    Resident.objects.filter(pk=world.zhao.pk).update(household=world.wang.household)


def unknown(world: World) -> None:
    User.objects.filter(pk=world.zhang.pk).update(own_phone="")


@pytest.mark.parametrize(
    ("makes", "who", "refused"),
    [(own, "wang", counter.OwnCounter), (family, "zhao", counter.OwnCounter), (unknown, "wang", OwnPhoneMissing)],
)
def test_nobody_acts_for_oneself_or_family(makes: Any, who: str, refused: type[Refused], world: World) -> None:
    makes(world)
    world.zhang.refresh_from_db()
    resident = Resident.objects.get(pk=getattr(world, who).pk)
    with pytest.raises(refused):
        done(world, resident=resident)
    assert not Slip.objects.exists()
    assert done(world, resident=resident, by=world.chen).by == world.chen


def test_staff_of_another_community_act_for_nobody_here(world: World) -> None:
    with pytest.raises(duties.NotYourDuty):
        done(world, by=world.qian)
    assert done(world, by=world.he).community == world.wenxing


def test_a_file_out_of_use_is_refused(world: World) -> None:
    Resident.objects.filter(pk=world.sun.pk).update(
        status="declined", decline_reason="不住这里", decided_at=clock.now()
    )
    with pytest.raises(counter.FileNotInUse):
        done(world, resident=Resident.objects.get(pk=world.sun.pk))


def test_the_cards_pin_is_as_good_as_a_signature(world: World) -> None:
    with pytest.raises(cards.NoCard):
        done(world, pin="2580")
    cards.issue(resident=world.wang, by=world.chen)
    cards.set_pin(resident=world.wang, pin="739151", by=world.chen)
    with pytest.raises(cards.WrongPin):
        done(world, pin="739252")
    assert not Slip.objects.exists()
    assert done(world, pin="739151").proof == "pin"


def test_what_an_app_registers_can_be_reached_if_it_leaves_a_slip() -> None:
    assert counter.act_of("night-school") is not None
    assert counter.act_of("points") is None
    assert counter.act_of("nothing") is None


@pytest.mark.parametrize(
    "key",
    ["", "x", "x:1", "night-school:", "night-school:-1", "night-school:x", "points:1", "night-school:" + "9" * 30],
)
def test_a_key_that_names_nothing_leads_back_to_the_person(key: str, world: World) -> None:
    assert counter.address_of(world.wang, key) == f"/desk/counter/{world.wang.pk}/"
    assert counter.address_of(world.wang, "night-school:7") == f"/desk/counter/{world.wang.pk}/night-school/7/"
