"""An account is looked after by somebody else, and every act is written down."""

import pytest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from communities import accounts, unlocking
from communities.models import Change, Duty, Look, SubDistrict, User
from core import clock
from tests.communities.staffing import Role, auditor, refused, second_admin, system_admin
from tests.world import PASSWORD, World, staff

pytestmark = pytest.mark.django_db
ACTS = {
    "password": lambda user, by: accounts.reset_password(user=user, by=by),
    "factor": lambda user, by: accounts.reset_second_factor(user=user, by=by),
    "off": lambda user, by: accounts.switch_off(user=user, by=by),
    "on": lambda user, by: accounts.switch_on(user=user, by=by),
    "phone": lambda user, by: accounts.register_phone(user=user, phone="13800009999", by=by),
    "unlock": lambda user, by: accounts.unlock(user=user, by=by),
}


def last_change(user: User) -> Change:
    return Change.objects.filter(what="user", row=user.pk).latest("pk")


@pytest.mark.parametrize("act", ACTS)
def test_who_may_not_look_after_an_account_changes_nothing(world: World, act: str) -> None:
    far = staff("far", "远", Role.STREET_ADMIN, sub_district=world.hualin.sub_district)
    above, watching = system_admin(world), auditor(world)
    before = list(User.objects.order_by("pk").values())
    for user, by, code in (
        (world.he, world.he, "own_account"), (above, above, "own_account"),
        (world.zhang, world.chen, "not_your_colleague"), (world.zhang, far, "not_your_colleague"),
        (watching, world.he, "not_your_colleague"), (above, world.he, "not_your_colleague"),
        (world.wang.account, world.he, "not_your_colleague"), (world.system, above, "not_your_colleague"),
    ):  # fmt: skip
        with refused(code):
            ACTS[act](user, by)
    assert list(User.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("act", ["password", "off", "unlock"])
def test_whoever_works_in_two_sub_districts_belongs_to_neither_alone(world: World, act: str) -> None:
    Duty.objects.create(user=world.qian, role=Role.WORKER, community=world.hualin)
    with refused("works_elsewhere_too"):
        ACTS[act](world.qian, world.he)
    Duty.objects.filter(user=world.qian, community=world.hualin).update(ends_on=clock.today(), starts_on=clock.today())
    with refused("works_elsewhere_too"):
        ACTS[act](world.qian, world.he)


def test_a_reset_password_is_for_once_ends_the_sessions_and_names_who_did_it(world: World) -> None:
    browser = Client()
    browser.force_login(world.zhang)
    made = accounts.reset_password(user=world.zhang, by=world.he)
    world.zhang.refresh_from_db()
    assert world.zhang.must_change_password and world.zhang.check_password(made)
    assert browser.get("/desk/").headers["Location"].startswith("/desk/sign-in/")
    logged = last_change(world.zhang)
    assert logged.by_id == world.he.pk and logged.fields["password"] == ["***", "***"]
    assert world.zhang.former_passwords.count() == 1 and not world.zhang.check_password(PASSWORD)


def test_a_lost_second_factor_is_reset_by_another_person(world: World) -> None:
    accounts.reset_second_factor(user=world.chen, by=world.he)
    world.chen.refresh_from_db()
    assert world.chen.second_factor_at is None and not TOTPDevice.objects.filter(user=world.chen).exists()
    assert last_change(world.chen).by_id == world.he.pk
    with refused("no_second_factor"):
        accounts.reset_second_factor(user=world.chen, by=world.he)


def test_switched_off_nothing_opens_from_this_moment(world: World) -> None:
    browser = Client()
    browser.force_login(world.zhang)
    accounts.switch_off(user=world.zhang, by=world.he)
    assert browser.get("/desk/").headers["Location"].startswith("/desk/sign-in/")
    assert last_change(world.zhang).fields["is_active"] == [True, False]
    accounts.switch_on(user=world.zhang, by=system_admin(world))
    world.zhang.refresh_from_db()
    assert world.zhang.is_active and world.zhang.duties.current().exists()


def test_the_last_admin_is_not_switched_off(world: World) -> None:
    above = system_admin(world)
    with refused("last_admin"):
        accounts.switch_off(user=world.he, by=above)
    second_admin(world)
    accounts.switch_off(user=world.he, by=above)


def test_an_own_phone_is_registered_by_another_person_once(world: World) -> None:
    accounts.register_phone(user=world.zhang, phone="138 0000 9999", by=world.he)
    world.zhang.refresh_from_db()
    assert world.zhang.own_phone == "13800009999" and last_change(world.zhang).by_id == world.he.pk
    with refused("own_phone_taken"):
        accounts.register_phone(user=world.qian, phone="13800009999", by=world.he)
    with refused("bad_input"):
        accounts.register_phone(user=world.qian, phone="12345", by=world.he)


def test_an_unlock_code_stands_in_the_log_before_it_is_read_out(world: World) -> None:
    for user, community in ((world.zhang, world.wenxing), (second_admin(world), world.wenxing)):
        assert accounts.unlock(user=user, by=world.he) == unlocking.code_for(user)
        look = Look.objects.latest("pk")
        assert (look.by_id, look.community_id) == (world.he.pk, community.pk) and user.username in look.what


def test_a_street_without_a_community_is_told_why_no_code_is_made(world: World) -> None:
    new = SubDistrict.objects.create(name="新街道", district="平城区")
    one, two = (staff(f"system{n}", f"系{n}", Role.SYSTEM_ADMIN, sub_district=new) for n in "一二")
    with refused("street_without_community"):
        accounts.unlock(user=one, by=two)
