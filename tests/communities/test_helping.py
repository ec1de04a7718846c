"""亲友代办: who may say yes, for whom, how many, and how it ends."""

from datetime import date

import pytest

from communities import consents, helping, phones, registration, signin
from communities.acting import own_residents, residents_of
from communities.models import Change, Consent, Duty, Helper, Household, Resident, User
from core.refusals import Refused
from notifications.models import Message
from tests import world as cast
from tests.world import World

pytestmark = pytest.mark.django_db
DAUGHTER = "13700001111"
Way = Consent.Way


def appointed(world: World, resident: Resident | None = None, phone: str = DAUGHTER, **how: object) -> Helper:
    """赵玉珍's daughter, written down at the desk with the elder present."""
    given = {"name": "赵小梅", "relation": "子女", "by": world.zhang, "way": Way.SIGNATURE} | how
    return helping.appoint(resident=resident or world.zhao, phone=phone, **given)


def code_of(act: object, *args: object, **how: object) -> str:
    with pytest.raises(Refused) as info:
        act(*args, **how)
    return info.value.code


def test_an_elder_at_the_desk_lets_a_daughters_phone_act(world: World) -> None:
    helper = appointed(world)
    account = helper.account
    assert (account.phone, account.kind) == (DAUGHTER, User.Kind.RESIDENT)
    assert residents_of(account) == [world.zhao] and own_residents(account) == []
    consent = helper.consent
    assert (consent.resident, consent.purpose, consent.way, consent.by) == (
        world.zhao,
        "helper",
        "signature",
        world.zhang,
    )
    told = Message.objects.get(resident=world.zhao, occasion=f"helper:{helper.pk}:appointed")
    assert "赵小梅" in told.body and told.link == "/me/helpers/"
    changed = Change.objects.filter(resident_id=world.zhao.pk, what="helper")
    assert [one.by_id for one in changed] == [world.zhang.pk]


def test_a_resident_appoints_on_the_own_phone_and_nobody_elses(world: World) -> None:
    made = appointed(world, world.wang, by=world.wang.account, way=Way.TAP)
    assert (made.consent.way, made.consent.by_id) == ("tap", world.wang.account_id)
    assert code_of(appointed, world, world.li, by=world.wang.account, way=Way.TAP) == "owners_only"
    assert code_of(appointed, world, world.wang, DAUGHTER[:-1] + "2", by=made.account, way=Way.TAP) == "owners_only"
    assert code_of(appointed, world, world.li, by=world.qian) == "not_your_duty"


def test_nobody_else_than_the_present_resident_is_taken_for_it(world: World) -> None:
    assert code_of(appointed, world, way=Way.TAP) == "consent_how"
    assert code_of(appointed, world, world.wang, by=world.wang.account) == "consent_how"
    assert not Helper.objects.exists() and not User.objects.filter(phone=DAUGHTER).exists()


def test_a_phone_that_serves_several_cannot_say_who_agrees(world: World) -> None:
    Resident.objects.filter(pk=world.li.pk).update(account=world.wang.account)
    refused = code_of(appointed, world, world.wang, by=world.wang.account, way=Way.TAP)
    assert refused == "helper_shared_phone"


def test_whom_one_helps_does_not_make_the_own_phone_a_shared_one(world: World) -> None:
    appointed(world, phone=world.wang.phone)
    assert appointed(world, world.wang, by=world.wang.account, way=Way.TAP)


@pytest.mark.parametrize(
    ("born", "confirmed", "code"),
    [(date(2015, 1, 1), True, "helper_for_minor"), (None, False, "helper_not_confirmed"), (None, True, "")],
)
def test_only_confirmed_adults_are_helped(world: World, born: date | None, confirmed: bool, code: str) -> None:
    elder = cast.resident(world.wenxing, "钱小宝", born=born, confirmed=confirmed)
    if code:
        assert code_of(appointed, world, elder) == code
    else:
        assert appointed(world, elder)


def test_two_helpers_and_no_third(world: World) -> None:
    first = appointed(world)
    assert code_of(appointed, world) == "already_helper"
    second = appointed(world, phone="13700001112", name="赵小军")
    assert second.consent == first.consent
    assert code_of(appointed, world, phone="13700001113") == "too_many_helpers"
    helping.end(helper=second, by=world.zhang)
    assert appointed(world, phone="13700001113")


def test_one_phone_acts_for_eight_people_at_most(world: World) -> None:
    for n in range(registration.FILES_PER_ACCOUNT - 1):
        appointed(world, cast.resident(world.wenxing, f"老人{n}"), phone=world.wang.phone)
    assert code_of(appointed, world, phone=world.wang.phone) == "helper_serves_too_many"
    person = registration.Person("王小兰", world.wenxing, agreed_to=consents.PERSONAL_DATA_VERSION)
    assert code_of(registration.join, account=world.wang.account, person=person) == "too_many_files"


def test_staff_are_no_helpers_and_appoint_neither_themselves_nor_their_family(world: World) -> None:
    User.objects.filter(pk=world.qian.pk).update(phone="13900008888")
    assert code_of(appointed, world, phone="13900008888") == "staff_number"
    assert code_of(appointed, world, phone=world.chen.own_phone) == "helper_is_staff"
    assert code_of(appointed, world, phone=world.zhang.own_phone) == "helper_is_kin"
    cast.resident(world.wenxing, "张晓燕", world.zhang.own_phone)
    mine = Resident.objects.get(phone=world.zhang.own_phone)
    husband = cast.resident(world.wenxing, "丈夫", "13700002222")
    Resident.objects.filter(pk=husband.pk).update(household=mine.household)
    assert code_of(appointed, world, phone="13700002222") == "helper_is_kin"
    assert appointed(world, phone="13700002222", by=world.chen)
    Resident.objects.filter(pk=world.zhao.pk).update(household=mine.household)
    assert code_of(appointed, world, phone="13700003333") == "helper_is_kin"
    nobody = cast.staff("nobody", "无号", Duty.Role.WORKER, "", community=world.wenxing)
    assert code_of(appointed, world, phone="13700003333", by=nobody) == "own_phone_missing"


def test_the_own_number_is_no_helper(world: World) -> None:
    assert code_of(appointed, world, world.wang, phone=world.wang.phone) == "helper_is_oneself"


@pytest.mark.parametrize("way", [{"name": " "}, {"name": "王\0"}, {"relation": ""}, {"relation": "亲" * 21}])
def test_a_helper_has_a_name_and_a_relation(world: World, way: dict[str, str]) -> None:
    assert code_of(appointed, world, **way) == "bad_input"


@pytest.mark.parametrize("who", ["elder", "helper", "desk"])
def test_either_of_the_two_and_the_desk_may_end_it(world: World, who: str) -> None:
    helper = appointed(world, world.wang)
    by = {"elder": world.wang.account, "helper": helper.account, "desk": world.chen}[who]
    ended = helping.end(helper=helper, by=by)
    assert ended.ended_by == by and residents_of(helper.account) == []
    helper.consent.refresh_from_db()
    assert helper.consent.withdrawn_by == by
    assert Message.objects.filter(resident=world.wang, occasion=f"helper:{helper.pk}:ended").exists()
    assert code_of(helping.end, helper=helper, by=by) == "helper_ended"


def test_nobody_else_ends_it(world: World) -> None:
    helper = appointed(world)
    for stranger in (world.li.account, world.qian):
        assert code_of(helping.end, helper=helper, by=stranger) == "not_your_duty"
    assert residents_of(helper.account) == [world.zhao]


def test_the_consent_stays_while_another_helps(world: World) -> None:
    first, second = appointed(world), appointed(world, phone="13700001112")
    helping.end(helper=first, by=world.zhang)
    second.consent.refresh_from_db()
    assert second.consent.withdrawn_at is None and residents_of(second.account) == [world.zhao]


def test_withdrawing_the_consent_ends_all_of_them(world: World) -> None:
    first, second = appointed(world), appointed(world, phone="13700001112")
    consents.withdraw(resident=world.zhao, purpose=Consent.Purpose.HELPER, by=world.chen)
    for helper in (first, second):
        helper.refresh_from_db()
        assert helper.ended_by == world.chen and residents_of(helper.account) == []


def test_a_consent_withdrawn_by_any_way_shuts_the_door(world: World) -> None:
    helper = appointed(world)
    Consent.objects.filter(pk=helper.consent_id).update(withdrawn_at=helper.at, withdrawn_by=world.chen)
    assert residents_of(helper.account) == []


def test_a_newer_text_holds_for_those_who_help_already(world: World) -> None:
    first = appointed(world)
    Consent.objects.filter(pk=first.consent_id).update(version="2020-01")
    second = appointed(world, phone="13700001112")
    first.refresh_from_db()
    assert first.consent == second.consent and residents_of(first.account) == [world.zhao]


def test_the_desk_sees_in_the_message_who_acted_and_nobody_else_costs_a_query(
    world: World, django_assert_num_queries: object
) -> None:
    helper = appointed(world)
    assert helping.said(world.zhao, helper.account) == "由亲友赵小梅代办。"
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert helping.said(world.wang, world.wang.account) == "" == helping.said(world.wang, world.zhang)


def test_a_helper_without_a_file_is_asked_for_the_elders_name_first(world: World) -> None:
    """The number may have been mistyped at the desk: a stranger does not know whom it would help."""
    account = appointed(world).account
    assert signin.dormant(account)
    phones.check_name(account=account, name="赵玉珍")


def test_a_stranger_to_the_number_does_not_know_the_name(transactional_db: None) -> None:
    world = cast.build()
    account = appointed(world).account
    assert code_of(phones.check_name, account=account, name="王秀兰") == "wrong_name"


def test_a_number_that_changes_hands_helps_nobody(world: World) -> None:
    helper = appointed(world)
    new = phones.disown(account=helper.account)
    helper.refresh_from_db()
    assert helper.ended_at and residents_of(new) == []


def test_a_number_that_helps_somebody_is_not_taken_over(world: World) -> None:
    appointed(world)
    assert code_of(phones.change, account=world.wang.account, phone=DAUGHTER) == "phone_taken"


def test_own_people_come_first(world: World) -> None:
    elder = Resident.objects.create(community=world.wenxing, name="早登记", household=Household.objects.create(community=world.wenxing),
                                    status="confirmed", decided_at=world.wang.registered_at)  # fmt: skip
    young = cast.resident(world.wenxing, "后登记", "13700005555")
    appointed(world, elder, phone="13700005555")
    assert [one.name for one in residents_of(young.account)] == ["后登记", "早登记"]
