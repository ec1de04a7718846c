"""办理迁入: the receiving community's staff take somebody in, with the books, the household's purse and a word to everybody."""

from datetime import timedelta

import pytest

from communities import households, rights
from communities.documents import columns
from communities.duties import NotYourDuty
from communities.identity import WrongNumber, clean
from communities.kin import OwnPhoneMissing
from communities.limits import TooMany
from communities.models import Change, Consent, Estate, Grid, Household, Resident, RightsRequest
from core import clock
from core.refusals import BadInput
from nightschool import leaving
from notifications.models import Message
from points import adjusting, moving, reconciliation, statement
from points.models import Share
from points.moving import Asked
from points.reconciliation import Period
from tests import world as cast
from tests.books import breaches, refuses
from tests.points.correcting import proposed
from tests.points.deeds import at_home
from tests.world import World

CARD = "110101194403033823"


def asked(world: World, **changes: str) -> Asked:
    return Asked(**{"community": world.yongan, "name": "王秀兰", "phone": "13812346021"} | changes)  # type: ignore[arg-type]


def take(world: World, *people: Resident, **more: object) -> int:
    first, *family = people
    return moving.move(**{"resident": first, "community": world.yongan, "by": world.qian, "family": family} | more)  # type: ignore[arg-type]


def told(**who: object) -> list[str]:
    return list(Message.objects.filter(**who, occasion__startswith="moved:").values_list("body", flat=True))


# --- finding


def test_a_whole_phone_and_the_full_name_find_the_person(world: World) -> None:
    (found,) = moving.find(asked=asked(world), by=world.qian)
    assert (found.resident, found.family, found.refused) == (world.wang, [], None)
    assert moving.opened(found.token, world.qian) == (world.wang, world.yongan)


def test_an_elder_without_a_phone_is_found_by_the_identity_number(world: World) -> None:
    for field, value in columns(clean(CARD), world.wenxing).items():
        setattr(world.zhao, field, value)
    world.zhao.save()
    (found,) = moving.find(asked=asked(world, name="赵玉珍", phone="", document=CARD), by=world.qian)
    assert found.resident == world.zhao


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "王秀"}, {"name": "王秀花"}, {"phone": "13812346022"}, {"phone": "", "document": CARD}, {"name": "孙桂芳", "phone": "13612347755"},
    ],
)  # fmt: skip
def test_whatever_is_wrong_the_answer_is_the_same(world: World, wrong: dict[str, str]) -> None:
    """A part of a name, another number, a file that is not confirmed."""
    with pytest.raises(moving.NobodyFound):
        moving.find(asked=asked(world, **wrong), by=world.qian)


def test_nobody_of_the_own_community_or_of_another_street_is_found(world: World) -> None:
    with pytest.raises(moving.NobodyFound):
        moving.find(asked=asked(world, community=world.wenxing), by=world.zhang)  # type: ignore[arg-type]
    far = cast.staff("far", "远", "worker", community=world.hualin)
    with pytest.raises(moving.NobodyFound):
        moving.find(asked=asked(world, community=world.hualin), by=far)  # type: ignore[arg-type]


def test_half_a_number_is_none(world: World) -> None:
    with pytest.raises(WrongNumber):
        moving.find(asked=asked(world, phone="", document="11010119440303"), by=world.qian)


def test_numbers_are_not_tried_out(world: World) -> None:
    for _ in range(moving.TRIES):
        moving.find(asked=asked(world), by=world.qian)
    with pytest.raises(TooMany):
        moving.find(asked=asked(world), by=world.qian)
    second = cast.staff("second", "第二位", "worker", community=world.yongan)
    assert moving.find(asked=asked(world), by=second)


def test_only_the_receiving_communitys_staff_and_the_sub_district_look(world: World) -> None:
    for by in (world.zhang, world.chen, cast.staff("money", "账", "finance", community=world.yongan)):
        with pytest.raises(NotYourDuty):
            moving.find(asked=asked(world), by=by)
        with pytest.raises(NotYourDuty):
            take(world, world.wang, by=by)
    assert moving.find(asked=asked(world), by=world.he)


def test_what_was_found_is_not_handed_on_nor_kept_for_days(world: World, time_machine: object) -> None:
    token = moving.find(asked=asked(world), by=world.qian)[0].token
    for bad in (token[:-1] + ("a" if token[-1] != "a" else "b"), "", "x:y:z"):
        with pytest.raises(moving.StaleSheet):
            moving.opened(bad, world.qian)
    with pytest.raises(moving.StaleSheet):
        moving.opened(token, world.he)
    time_machine.move_to(clock.now() + moving.FRESH + timedelta(seconds=2))  # type: ignore[attr-defined]
    with pytest.raises(moving.StaleSheet):
        moving.opened(token, world.qian)


# --- moving


def test_somebody_moves_with_everything(world: World) -> None:
    Grid.objects.create(community=world.wenxing, name="一格")
    here = Estate.objects.create(community=world.yongan, name="永安里")
    (seat,) = cast.seated(cast.course(world.wenxing, price=20), world.wang)
    assert take(world, world.wang, estate=here) == 60
    world.wang.refresh_from_db()
    assert (world.wang.community, world.wang.estate, world.wang.grid) == (world.yongan, here, None)
    assert statement.available(world.wang) == 60
    leaving.cancel(
        enrolment=seat, by=world.zhang, reason="生病"
    )  # the seat stays 文兴's, the refund reaches the wallet
    assert statement.available(world.wang) == 80
    assert breaches() == []


def test_both_reconciliations_show_it_and_the_sub_districts_sum_stays(world: World) -> None:
    month = Period.month(clock.today().year, clock.today().month)
    places = [world.wenxing, world.yongan]
    before = sum(one.outstanding for one in reconciliation.figures(places, month))
    take(world, world.wang)
    left, came = reconciliation.figures(places, month)
    assert (left.period.moved_out, left.period.moved_in, left.closing) == (80, 0, 200)
    assert (came.period.moved_out, came.period.moved_in, came.closing) == (0, 80, 180)
    assert left.outstanding + came.outstanding == before
    (there,), (here,) = reconciliation.pairs(world.wenxing, month), reconciliation.pairs(world.yongan, month)
    assert (there.moved_out, there.moved_in, here.moved_out, here.moved_in) == (80, 0, 0, 80)
    assert (there.traded, there.moved) == (False, True)


def test_the_person_and_the_old_communitys_staff_are_told(world: World) -> None:
    take(world, world.wang)
    (said,) = told(resident=world.wang)
    assert "已由文兴社区迁至永安社区，80积分和以前的明细都随您过来" in said
    for colleague in (world.zhang, world.chen):
        (said,) = told(staff=colleague)
        assert said.startswith("王秀兰已由永安社区办理迁入，80积分随本人转出")
    assert told(staff=world.qian) == told(staff=world.he) == []


def test_the_change_log_says_who_did_it(world: World) -> None:
    take(world, world.wang)
    change = Change.objects.filter(what="resident", resident=world.wang).order_by("-pk").first()
    assert change and change.by == world.qian
    assert change.fields["community_id"] == [world.wenxing.pk, world.yongan.pk]


def test_the_sub_district_moves_somebody_too(world: World) -> None:
    assert take(world, world.wang, by=world.he) == 80


# --- what is refused


def test_nobody_is_moved_twice_or_to_another_street(world: World) -> None:
    take(world, world.wang)
    with refuses(moving.AlreadyHere):
        take(world, world.wang)
    far = cast.staff("far", "远", "street_admin", sub_district=world.hualin.sub_district)
    with refuses(moving.OtherStreet):
        take(world, world.zhao, community=world.hualin, by=far)


def test_who_is_not_confirmed_does_not_move(world: World) -> None:
    with refuses(moving.NotConfirmed):
        take(world, world.sun)


def test_nobody_moves_the_own_file_or_the_familys(world: World) -> None:
    world.qian.own_phone = world.wang.phone
    world.qian.save()
    at_home(world.wang, world.zhao)
    for person in (world.wang, world.zhao):
        with refuses(moving.OwnMove):
            take(world, person)
    unknown = cast.staff("unknown", "无", "worker", own_phone="", community=world.yongan)
    with refuses(OwnPhoneMissing):
        take(world, world.zhao, by=unknown)


def test_an_open_adjustment_is_decided_where_it_was_proposed_first(world: World) -> None:
    waiting = proposed(world)
    with refuses(moving.AdjustmentWaits) as refused:
        take(world, waiting.resident)
    assert "请先联系文兴社区复核" in str(refused.value)
    adjusting.approve(adjustment=waiting, by=world.chen)
    take(world, Resident.objects.get(pk=waiting.resident_id))
    assert breaches() == []


def test_a_second_file_on_the_same_phone_is_sorted_out_first(world: World) -> None:
    cast.resident(world.yongan, "王秀兰", "13812346021")
    with refuses(moving.FiledTwice):
        take(world, world.wang)
    world.wang.refresh_from_db()
    assert world.wang.community == world.wenxing
    assert told() == []


def test_an_estate_of_elsewhere_is_refused(world: World) -> None:
    with refuses(BadInput):
        take(world, world.wang, estate=world.wang.estate)


# --- the household


def home_of(*people: Resident) -> Household:
    """They live together, each having agreed."""
    for person in people:
        Resident.objects.filter(pk=person.pk).update(household=people[0].household)
        person.refresh_from_db()
        Consent.objects.create(resident=person, purpose=Consent.Purpose.HOUSEHOLD, version="1")
    assert people[0].household
    return people[0].household


def test_a_whole_household_moves_as_one_and_keeps_the_purse(world: World) -> None:
    home = home_of(world.wang, world.zhao)
    at_home(world.wang, world.zhao)
    assert take(world, world.wang, world.zhao) == 280
    for person in (world.wang, world.zhao):
        person.refresh_from_db()
        assert (person.community, person.household) == (world.yongan, home)
    home.refresh_from_db()
    assert home.community == world.yongan
    assert Share.objects.filter(left_at=None).count() == 2
    assert breaches() == []


def test_who_goes_alone_leaves_household_purse_and_consent(world: World) -> None:
    home = home_of(world.wang, world.zhao, world.li)
    at_home(world.wang, world.zhao)
    take(world, world.wang)
    world.wang.refresh_from_db()
    home.refresh_from_db()
    assert (world.wang.household, home.community) == (None, world.wenxing)
    assert [share.resident for share in Share.objects.filter(left_at=None)] == [world.zhao]
    assert not Consent.objects.standing().filter(resident=world.wang).exists()
    assert [one.name for one in households.members_of(home.pk)] == ["李建国", "赵玉珍"]
    family = Message.objects.filter(resident=world.zhao, body__contains="王秀兰退出了家庭积分")
    assert family.count() == 1


def test_only_the_own_household_comes_along(world: World) -> None:
    with refuses(moving.NotOfTheFamily):
        take(world, world.wang, world.zhao)
    assert told() == []


def test_what_was_asked_of_ones_own_data_is_answered_where_one_lives_now(world: World) -> None:
    assert world.wang.account
    kind = RightsRequest.Kind.CORRECT
    filed = rights.file(resident=world.wang, kind=kind, text="名字写错了", by=world.wang.account)
    rights.take(asked=filed, by=world.zhang)
    take(world, world.wang)
    filed.refresh_from_db()
    assert (filed.community, filed.handler) == (world.yongan, None)
    rights.answer(asked=filed, done=True, text="已更正。", by=world.qian)
