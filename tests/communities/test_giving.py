"""Duties are given and ended by somebody else, in the own sub-district, and never of two spheres at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from communities import appointing, duties
from communities.models import Change, Community, Duty, User
from core import clock
from tests.communities.staffing import Role, auditor, plain, refused, second_admin, system_admin
from tests.world import World, staff

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def give(user: User, role: Role, place: Any, by: User, **term: Any) -> Duty:
    return appointing.give(user=user, role=role, place=place, by=by, **({"starts_on": clock.today()} | term))


def test_the_street_admin_gives_a_duty_for_a_term_and_it_is_written_down(world: World) -> None:
    last = clock.today() + 30 * DAY
    given = give(world.qian, Role.HEAD, world.yongan, world.he, ends_on=last)
    assert (given.starts_on, given.ends_on) == (clock.today(), last)
    logged = Change.objects.filter(what="duty", row=given.pk).latest("pk")
    assert (logged.by_id, logged.action, logged.community_id) == (world.he.pk, "I", world.yongan.pk)


def test_a_coming_duty_counts_from_its_day(world: World, time_machine) -> None:
    give(world.qian, Role.WORKER, world.wenxing, world.he, starts_on=clock.today() + DAY)
    assert not duties.holds(world.qian, world.wenxing)
    time_machine.move_to(clock.now() + DAY)
    assert duties.holds(world.qian, world.wenxing)


@pytest.mark.parametrize(("who", "code"), [("he", "own_account"), ("chen", "not_your_colleague")])
def test_nobody_appoints_themselves_and_a_head_appoints_nobody(world: World, who: str, code: str) -> None:
    by = getattr(world, who)
    with refused(code):
        give(by if who == "he" else world.qian, Role.FINANCE, world.wenxing, by)


def test_audit_and_system_are_given_by_the_system_admin_alone_and_nothing_else_is(world: World) -> None:
    above, newcomer = system_admin(world), staff("n", "新", Role.FINANCE, community=world.wenxing)
    newcomer.duties.all().delete()
    for role in (Role.AUDITOR, Role.SYSTEM_ADMIN):
        with refused("not_your_colleague"):
            give(newcomer, role, world.street, world.he)
    with refused("not_your_colleague"):
        give(newcomer, Role.FINANCE, world.street, above)
    assert give(newcomer, Role.AUDITOR, world.street, above).role == "auditor"


def test_no_further_than_the_own_sub_district(world: World) -> None:
    far = world.hualin.sub_district
    for place in (world.hualin, far):
        with refused("not_your_colleague"):
            give(world.qian, Role.FINANCE, place, world.he)


@pytest.mark.parametrize(
    ("role", "place"), [(Role.HEAD, "street"), (Role.WORKER, "street"), (Role.STREET_ADMIN, "wenxing")]
)
def test_a_role_has_its_place(world: World, role: Role, place: str) -> None:
    with refused("duty_place"):
        give(world.qian, role, getattr(world, place), world.he)


@pytest.mark.parametrize(("starts", "ends"), [(-1, None), (0, -1), (3, 2)])
def test_no_term_begins_in_the_past_or_ends_before_it_begins(world: World, starts: int, ends: int | None) -> None:
    today = clock.today()
    with refused("duty_term"):
        give(
            world.qian, Role.WORKER, world.wenxing, world.he,
            starts_on=today + starts * DAY, ends_on=None if ends is None else today + ends * DAY,
        )  # fmt: skip


def test_the_same_duty_is_not_given_twice_at_a_time(world: World) -> None:
    with refused("already_held"):
        give(world.zhang, Role.WORKER, world.wenxing, world.he)
    world.zhang.duties.update(ends_on=clock.today())
    give(world.zhang, Role.WORKER, world.wenxing, world.he, starts_on=clock.today() + DAY)


def test_who_works_with_residents_must_be_known_as_one(world: World) -> None:
    newcomer = plain(world, own_phone="")
    with refused("own_phone_first"):
        give(newcomer, Role.HEAD, world.yongan, world.he)
    give(newcomer, Role.FINANCE, world.yongan, world.he)


def test_a_shut_account_gets_nothing_and_neither_does_a_resident(world: World) -> None:
    User.objects.filter(pk=world.qian.pk).update(is_active=False)
    with refused("account_off"):
        give(world.qian, Role.HEAD, world.yongan, world.he)
    with refused("not_your_colleague"):
        give(world.wang.account, Role.FINANCE, world.yongan, world.he)


def test_business_audit_system_and_supervision_are_four_people(world: World) -> None:
    above = system_admin(world)
    with refused("duties_apart"):
        give(world.qian, Role.AUDITOR, world.street, above)
    with refused("duties_apart"):
        give(auditor(world), Role.SYSTEM_ADMIN, world.street, above)
    with refused("duties_apart"):
        give(world.qian, Role.SUPERVISOR, world.yongan, world.he)
    with refused("duties_apart"):
        give(above, Role.FINANCE, world.street, world.he)
    world.qian.duties.update(ends_on=clock.today())
    give(world.qian, Role.AUDITOR, world.street, above, starts_on=clock.today() + DAY)


def test_the_database_keeps_them_apart_whoever_writes(world: World) -> None:
    for write in (
        lambda: Duty.objects.create(user=world.zhang, role=Role.AUDITOR, community=world.wenxing),
        lambda: (
            world.zhang.duties.update(role=Role.SYSTEM_ADMIN)
            + Duty.objects.filter(
                pk=Duty.objects.create(user=world.zhang, role="worker", community=world.yongan).pk
            ).count()
        ),
    ):
        with pytest.raises(IntegrityError, match="two spheres"), transaction.atomic():
            write()


def test_the_table_of_rights_and_the_scopes_say_the_same(world: World) -> None:
    """`models/places.py` cannot know the table: it stands below."""
    for role, rights in duties.RIGHTS.items():
        place = {"sub_district": world.street} if rights.place == duties.Place.STREET else {"community": world.yongan}
        one = User.objects.create(username=f"role-{role}", kind="staff", name=role.label)
        Duty.objects.create(user=one, role=role, **place)
        reached = {
            "files": Community.objects.for_staff(one), "books": Community.objects.for_books(one),
            "logs": Community.objects.for_audit(one),
        }  # fmt: skip
        assert {name: found.exists() for name, found in reached.items()} == {
            "files": rights.files, "books": rights.books, "logs": rights.logs,
        }, role  # fmt: skip
        assert bool(rights.files) is (role in (*duties.STAFF, Role.CLIENT))


def test_a_duty_ends_today_and_a_coming_one_is_taken_back(world: World) -> None:
    coming = give(world.qian, Role.WORKER, world.wenxing, world.he, starts_on=clock.today() + DAY)
    appointing.end(duty=coming, by=world.he)
    assert not Duty.objects.filter(pk=coming.pk).exists()
    mine = world.qian.duties.get()
    appointing.end(duty=mine, by=world.he)
    mine.refresh_from_db()
    assert mine.ends_on == clock.today()
    for gone in (mine, coming):
        with refused("duty_ended"):
            appointing.end(duty=gone, by=world.he)
    assert Change.objects.filter(what="duty", row=mine.pk, by=world.he, action="U").exists()


@pytest.mark.parametrize(("who", "code"), [("qian", "own_account"), ("chen", "not_your_colleague")])
def test_who_may_not_give_may_not_end(world: World, who: str, code: str) -> None:
    with refused(code):
        appointing.end(duty=world.qian.duties.get(), by=getattr(world, who))


def test_a_street_admin_does_not_end_an_auditor_nor_another_streets_duty(world: World) -> None:
    far = staff("far", "远", Role.STREET_ADMIN, sub_district=world.hualin.sub_district)
    for duty, by in ((auditor(world).duties.get(), world.he), (world.qian.duties.get(), far)):
        with refused("not_your_colleague"):
            appointing.end(duty=duty, by=by)


def test_the_last_admin_stays_until_there_is_another(world: World) -> None:
    other = second_admin(world)
    mine, hers = world.he.duties.get(), other.duties.get()
    appointing.end(duty=hers, by=world.he)
    with refused("last_admin"):  # hers ends tonight, and nobody would be left tomorrow
        appointing.end(duty=mine, by=other)
    give(world.chen, Role.STREET_ADMIN, world.street, world.he)
    appointing.end(duty=mine, by=world.chen)


def test_the_last_system_admin_stays_as_well(world: World) -> None:
    above, other = system_admin(world), system_admin(world, "sysadmin2")
    User.objects.filter(pk=other.pk).update(is_active=False)
    with refused("last_admin"):
        appointing.end(duty=above.duties.get(), by=other)
