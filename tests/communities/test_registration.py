from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from communities import consents, registration
from communities.models import Consent, Estate, Resident, User
from communities.registration import Person
from core import clock
from core.refusals import BadInput, Refused
from tests.world import World

pytestmark = pytest.mark.django_db


def account(phone: str = "13800001111") -> User:
    return User.objects.create(username=f"r-{phone}", kind=User.Kind.RESIDENT, phone=phone)


def person(world: World, name: str = "吴小丽", **more: object) -> Person:
    return Person(name=name, community=world.wenxing, agreed_to=consents.PERSONAL_DATA_VERSION, **more)


def code_of(act: object, **how: object) -> str:
    with pytest.raises(Refused) as info:
        act(**how)
    return info.value.code


def test_who_joins_waits_for_the_community_and_what_was_agreed_to_is_kept(world: World) -> None:
    mine = account()
    joined = registration.join(account=mine, person=person(world, birth_date=date(1990, 1, 2)))
    assert (joined.status, joined.phone, joined.pinyin, joined.account) == ("pending", mine.phone, "wu xiao li", mine)
    assert Consent.objects.get().version == consents.PERSONAL_DATA_VERSION


def test_a_match_on_the_communitys_own_list_confirms_at_once(world: World) -> None:
    kept = Resident.objects.create(
        community=world.wenxing, name="吴小丽", phone="13800001111", status="confirmed", decided_at=clock.now()
    )
    joined = registration.join(account=account(), person=person(world))
    assert (joined, joined.confirmed, joined.account.phone) == (kept, True, "13800001111")
    assert Resident.objects.filter(name="吴小丽").count() == 1


@pytest.mark.parametrize(
    "other", [{"name": "吴小莉"}, {"phone": "13800001112"}, {"status": "pending", "decided_at": None}, {"community": 1}]
)
def test_a_match_needs_name_number_community_and_confirmation(world: World, other) -> None:
    if "community" in other:
        other = {"community": world.yongan}
    kept = {"community": world.wenxing, "name": "吴小丽", "phone": "13800001111", "status": "confirmed"}
    almost = Resident.objects.create(**{"decided_at": clock.now()} | kept | other)
    joined = registration.join(account=account(), person=person(world))
    assert (joined.status, joined.pk != almost.pk) == ("pending", True)
    almost.refresh_from_db()
    assert almost.account is None


def test_a_file_that_serves_another_phone_is_not_claimed(world: World) -> None:
    Resident.objects.filter(pk=world.wang.pk).update(phone="13800001111")
    joined = registration.join(account=account(), person=person(world, name="王秀兰"))
    assert joined.pk != world.wang.pk and joined.status == "pending"


def test_each_reason_has_its_code_and_writes_nothing(world: World) -> None:
    mine, today = account(), clock.today()
    foreign = Estate.objects.create(community=world.yongan, name="御河新城")
    before = Resident.objects.count()
    seventeen = today.replace(year=today.year - 18) + timedelta(days=1)
    closed = world.yongan
    closed.open_to_residents = False
    for wanted, who, what in (
        ("phone_needed", world.zhang, person(world)),
        ("community_not_open", mine, replace(person(world), community=closed)),
        ("bad_input", mine, person(world, estate=foreign)),
        ("too_young", mine, person(world, birth_date=seventeen)),
        ("bad_input", mine, replace(person(world), agreed_to="")),
        ("bad_input", mine, replace(person(world), agreed_to="2020-01")),
    ):
        assert code_of(registration.join, account=who, person=what) == wanted
    assert (Resident.objects.count(), Consent.objects.count()) == (before, 0)


def test_on_the_18th_birthday_one_may_join(world: World) -> None:
    today = clock.today()
    born = today.replace(year=today.year - 18, day=min(today.day, 28))
    assert registration.join(account=account(), person=person(world, birth_date=born)).pk


def test_one_file_per_name_and_community_on_one_phone(world: World) -> None:
    again = person(world, name="王秀兰")
    assert code_of(registration.join, account=world.wang.account, person=again) == "already_registered"
    assert registration.join(account=world.wang.account, person=person(world, name="王小兰")).status == "pending"


def test_a_phone_registers_eight_people_and_no_more(world: World) -> None:
    mine = account()
    for name in "甲乙丙丁戊己庚辛":
        registration.join(account=mine, person=person(world, name=f"吴{name}"))
    assert code_of(registration.join, account=mine, person=person(world, name="吴壬")) == "too_many_files"


def test_staff_confirm_in_one_act(world: World) -> None:
    done = registration.confirm(resident=world.sun, by=world.zhang)
    world.sun.refresh_from_db()
    assert (world.sun.status, world.sun.decided_by, world.sun.decided_at) == ("confirmed", world.zhang, done.decided_at)


def test_the_sub_district_confirms_everywhere_within_it(world: World) -> None:
    assert registration.confirm(resident=world.sun, by=world.he).confirmed


def test_strangers_to_the_community_and_second_decisions_are_refused(world: World) -> None:
    for stranger in (world.qian, world.wang.account, world.system):
        assert code_of(registration.confirm, resident=world.sun, by=stranger) == "not_your_duty"
        assert code_of(registration.decline, resident=world.sun, by=stranger, reason="不住这里") == "not_your_duty"
    world.zhang.duties.update(ends_on=clock.today() - timedelta(days=1))
    assert code_of(registration.confirm, resident=world.sun, by=world.zhang) == "not_your_duty"
    registration.confirm(resident=world.sun, by=world.chen)
    assert code_of(registration.confirm, resident=world.sun, by=world.he) == "already_decided"
    assert code_of(registration.decline, resident=world.sun, by=world.he, reason="不住这里") == "already_decided"


def test_nobody_confirms_oneself_and_the_database_says_so_too(world: World) -> None:
    Resident.objects.filter(pk=world.sun.pk).update(account=world.zhang)
    assert code_of(registration.confirm, resident=world.sun, by=world.zhang) == "not_your_own"
    with pytest.raises(IntegrityError), transaction.atomic():
        Resident.objects.filter(pk=world.sun.pk).update(
            status="confirmed", decided_at=clock.now(), decided_by=world.zhang
        )


def test_a_reason_is_needed_to_decline_and_is_there_to_be_read(world: World) -> None:
    with pytest.raises(BadInput, match="原因"):
        registration.decline(resident=world.sun, by=world.zhang, reason="  ")
    registration.decline(resident=world.sun, by=world.zhang, reason="请带身份证到社区核对")
    assert registration.last_declined(world.sun.account).decline_reason == "请带身份证到社区核对"
    again = registration.join(account=world.sun.account, person=person(world, name="孙桂芳"))
    assert again.status == "pending"


def test_of_many_each_is_confirmed_alone(world: World) -> None:
    registration.confirm(resident=world.sun, by=world.he)
    fresh = registration.join(account=account(), person=person(world))
    foreign = registration.join(account=account("13800002222"), person=replace(person(world), community=world.yongan))
    outcome = registration.confirm_many(residents=[world.sun, fresh, foreign], by=world.zhang)
    assert [one.pk for one in outcome.done] == [fresh.pk]
    assert [(one.pk, why.code) for one, why in outcome.refused] == [
        (world.sun.pk, "already_decided"),
        (foreign.pk, "not_your_duty"),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_phones_that_join_at_once_write_one_file_each_and_claim_one(world: World) -> None:
    """One phone, twenty taps on 提交登记 at the same moment: one file."""
    mine, together = account(), Barrier(10)

    def tap(_: int) -> str:
        together.wait()
        try:
            registration.join(account=mine, person=person(world))
            return "joined"
        except Refused as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        became = list(pool.map(tap, range(10)))
    assert sorted(set(became)) == ["already_registered", "joined"]
    assert Resident.objects.filter(account=mine).count() == became.count("joined") == 1
