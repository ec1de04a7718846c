from datetime import timedelta

import pytest

from communities import phones, registration, signin
from communities.models import Change, Resident, User
from core import clock
from core.refusals import Refused, TooMany
from tests.world import World

NEW = "13800001111"
pytestmark = pytest.mark.django_db


def code_of(act: object, **how: object) -> str:
    with pytest.raises(Refused) as info:
        act(**how)
    return info.value.code


def long_ago(account: User) -> User:
    account.last_login = clock.now() - timedelta(days=200)
    account.save()
    return account


def test_a_number_changes_and_everything_else_stays(world: World) -> None:
    daughter = Resident.objects.create(
        community=world.wenxing, account=world.wang.account, name="王小兰", phone="13900009999"
    )
    changed = phones.change(account=world.wang.account, phone=NEW)
    world.wang.refresh_from_db()
    daughter.refresh_from_db()
    assert (changed.pk, changed.phone, world.wang.phone) == (world.wang.account_id, NEW, NEW)
    assert daughter.phone == "13900009999"


def test_a_number_that_serves_others_is_not_taken(world: World) -> None:
    assert code_of(phones.change, account=world.wang.account, phone=world.li.phone) == "phone_taken"
    User.objects.filter(pk=world.zhang.pk).update(phone=NEW)
    assert code_of(phones.change, account=world.wang.account, phone=NEW) == "phone_taken"
    assert code_of(phones.change, account=world.wang.account, phone=world.wang.phone) == "same_number"
    world.wang.refresh_from_db()
    assert world.wang.phone == "13812346021"


def test_an_account_that_serves_nobody_gives_its_number_up(world: World) -> None:
    empty = signin.account_of(phone=NEW)
    phones.change(account=world.wang.account, phone=NEW)
    empty.refresh_from_db()
    assert (empty.phone, empty.is_active) == (None, False)


def test_staff_move_a_resident_to_another_number_in_one_act(world: World) -> None:
    old = world.wang.account
    moved = phones.move(resident=world.wang, phone=NEW, by=world.zhang)
    assert (moved.phone, moved.account.phone) == (NEW, NEW)
    assert not old.residents.exists()


def test_an_elder_gets_a_phone(world: World) -> None:
    moved = phones.move(resident=world.zhao, phone=world.li.phone, by=world.zhang, sharing=phones.Sharing.SHARED)
    assert moved.account == world.li.account
    assert set(world.li.account.residents.all()) == {world.li, world.zhao}


def test_staff_take_a_number_off_and_the_file_stays(world: World) -> None:
    released = phones.release(resident=world.wang, by=world.he)
    assert (released.phone, released.account, released.status) == ("", None, "confirmed")
    assert code_of(phones.release, resident=world.zhao, by=world.zhang) == "no_number"


def test_who_may_not_move_numbers_and_where_not_to(world: World) -> None:
    for stranger in (world.qian, world.li.account):
        assert code_of(phones.move, resident=world.wang, phone=NEW, by=stranger) == "not_your_duty"
        assert code_of(phones.release, resident=world.wang, by=stranger) == "not_your_duty"
    assert code_of(phones.move, resident=world.wang, phone=world.wang.phone, by=world.zhang) == "same_number"
    Resident.objects.create(community=world.wenxing, account=world.li.account, name="王秀兰")
    shared = {"phone": world.li.phone, "sharing": phones.Sharing.SHARED}
    assert code_of(phones.move, resident=world.wang, by=world.zhang, **shared) == "already_registered"
    registration.decline(resident=world.sun, by=world.zhang, reason="不住这里")
    assert code_of(phones.move, resident=world.sun, phone=NEW, by=world.zhang) == "bad_input"
    world.wang.refresh_from_db()
    assert world.wang.phone == "13812346021"
    assert not User.objects.filter(phone=NEW).exists()


def test_a_dormant_account_opens_to_the_full_name_of_somebody_it_serves(world: World) -> None:
    account = world.wang.account
    phones.check_name(account=account, name="王秀兰")
    for wrong in ("", "王秀", "李建国"):
        assert code_of(phones.check_name, account=account, name=wrong) == "wrong_name"
    phones.check_name(account=account, name="王秀兰")
    with pytest.raises(TooMany):
        phones.check_name(account=account, name="王秀兰")


def test_the_new_owner_of_a_number_starts_afresh_and_the_old_files_lose_it(world: World) -> None:
    old = long_ago(world.wang.account)
    fresh = phones.disown(account=old)
    old.refresh_from_db()
    world.wang.refresh_from_db()
    assert (fresh.phone, fresh.pk != old.pk, fresh.residents.count()) == ("13812346021", True, 0)
    assert (old.phone, old.is_active) == (None, False)
    assert (world.wang.account, world.wang.phone, world.wang.status) == (None, "", "confirmed")


def test_an_account_in_use_cannot_be_disowned(world: World) -> None:
    assert code_of(phones.disown, account=world.wang.account) == "not_dormant"


def test_staff_do_not_touch_the_number_of_their_own_file(world: World) -> None:
    # Without the number nobody would know the file as theirs, and they could confirm their own points.
    world.zhang.own_phone = "13700000009"
    world.zhang.save()
    mine = Resident.objects.create(community=world.wenxing, name="张晓燕", phone="13700000009")
    assert code_of(phones.release, resident=mine, by=world.zhang) == "not_your_own"
    assert code_of(phones.move, resident=mine, phone=NEW, by=world.zhang) == "not_your_own"
    assert code_of(registration.confirm, resident=mine, by=world.zhang) == "not_your_own"
    mine.refresh_from_db()
    assert (mine.phone, mine.status) == ("13700000009", "pending")
    assert phones.release(resident=mine, by=world.chen).phone == ""


def test_a_number_that_staff_bound_and_nobody_used_asks_for_the_name(world: World) -> None:
    moved = phones.move(resident=world.zhao, phone=NEW, by=world.zhang)
    assert moved.account is not None
    assert signin.dormant(moved.account)
    moved.account.last_login = clock.now()
    assert not signin.dormant(moved.account)


# one number and several people


def test_a_number_that_serves_somebody_wants_to_know_why(world: World) -> None:
    with pytest.raises(phones.NumberServes) as told:
        phones.move(resident=world.zhao, phone=world.li.phone, by=world.zhang)
    assert "李建国" in told.value.message
    with pytest.raises(phones.NumberServes) as sister:
        phones.move(resident=world.zhao, phone=world.zhou.phone, by=world.zhang)
    assert "别的社区" in sister.value.message and "周海涛" not in sister.value.message
    world.zhao.refresh_from_db()
    assert world.zhao.phone == ""


def test_a_number_on_a_file_that_nobody_signed_in_for_serves_too(world: World) -> None:
    Resident.objects.filter(pk=world.zhao.pk).update(phone=NEW)
    assert code_of(phones.move, resident=world.li, phone=NEW, by=world.zhang) == "number_serves"
    assert phones.others_on(Resident.objects.get(pk=world.zhao.pk), world.zhang) == []


def test_a_recycled_number_leaves_its_old_people_in_the_same_step(world: World) -> None:
    old, daughter = world.li.account, Resident.objects.create(
        community=world.wenxing, account=world.li.account, phone=world.li.phone, name="李小妹"
    )  # fmt: skip
    phones.move(resident=world.zhao, phone=world.li.phone, by=world.zhang, sharing=phones.Sharing.RECYCLED)
    for one in (world.li, world.zhao, daughter):
        one.refresh_from_db()
    assert (world.li.phone, world.li.account, daughter.phone, daughter.account) == ("", None, "", None)
    assert old is not None and world.zhao.account is not None
    old.refresh_from_db()
    assert (old.phone, old.is_active, world.zhao.account != old, world.zhao.phone) == (None, False, True, "13912341187")


def test_a_recycled_number_of_another_community_is_for_the_sub_district(world: World) -> None:
    given = {"resident": world.zhao, "phone": world.zhou.phone, "sharing": phones.Sharing.RECYCLED}
    assert code_of(phones.move, by=world.zhang, **given) == "bad_input"
    world.zhou.refresh_from_db()
    assert world.zhou.phone and world.zhou.account
    assert phones.move(by=world.he, **given).phone == world.zhou.phone


def family(world: World) -> Resident:
    return Resident.objects.create(
        community=world.wenxing, account=world.wang.account, phone=world.wang.phone, name="王小兰"
    )


def test_nobody_is_left_behind_on_the_old_number_unless_they_want(world: World) -> None:
    daughter = family(world)
    assert phones.others_on(world.wang, world.zhang) == [daughter]
    assert phones.others_on(world.wang, world.qian) == []
    phones.move(resident=world.wang, phone=NEW, by=world.zhang, everyone=True)
    daughter.refresh_from_db()
    assert (daughter.phone, daughter.account) == (NEW, User.objects.get(phone=NEW))
    phones.move(resident=world.wang, phone="13800001112", by=world.zhang)
    daughter.refresh_from_db()
    assert daughter.phone == NEW


def test_a_dead_number_is_taken_off_everybody_at_once(world: World) -> None:
    daughter = family(world)
    phones.release(resident=world.wang, by=world.zhang, everyone=True)
    daughter.refresh_from_db()
    assert (daughter.phone, daughter.account) == ("", None)


def test_staff_bind_nobody_to_their_own_number_or_the_familys(world: World) -> None:
    assert code_of(phones.move, resident=world.zhao, phone=world.zhang.own_phone, by=world.zhang) == "not_your_own"
    world.zhang.own_phone = world.wang.phone
    world.zhang.save()
    Resident.objects.filter(pk=world.li.pk).update(household=world.wang.household)
    given = {"resident": world.zhao, "phone": world.li.phone, "sharing": phones.Sharing.SHARED}
    assert code_of(phones.move, by=world.zhang, **given) == "not_your_own"
    assert code_of(phones.release, resident=Resident.objects.get(pk=world.li.pk), by=world.zhang) == "not_your_own"
    assert phones.move(by=world.chen, **given).phone == world.li.phone


def test_whoever_changes_a_number_stands_in_the_change_log(world: World) -> None:
    phones.move(resident=world.zhao, phone=NEW, by=world.zhang)
    phones.change(account=world.wang.account, phone="13800001112")
    logged = Change.objects.filter(what="resident", action="U").order_by("id").values_list("resident", "by")
    assert list(logged) == [(world.zhao.pk, world.zhang.pk), (world.wang.pk, world.wang.account_id)]
