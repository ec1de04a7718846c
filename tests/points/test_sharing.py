"""Joining and leaving the household's purse: who may, who decides, who is told, and what each member sees."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.test import Client

from communities import duties
from communities.models import Household, Resident, User
from notifications.models import Message
from points import purse
from points.models import Share
from tests import world as cast
from tests.books import breaches, refuses
from tests.pages import enter, links, queries, text
from tests.points.deeds import charged, day
from tests.world import World

pytestmark = pytest.mark.django_db
PATH = "/points/purse/"
NOW = day(2027, 3, 1)


@pytest.fixture(autouse=True)
def _books_are_sound(db: None) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield
        assert breaches() == []


@pytest.fixture
def home(world: World) -> World:
    """王秀兰 (80, phone), 李建国 (nothing, phone) and 赵玉珍 (200, no phone) live in one household; nobody shares yet."""
    for other in (world.li, world.zhao):
        Resident.objects.filter(pk=other.pk).update(household=world.wang.household)
        other.refresh_from_db()
    return world


def joined(resident: Resident, by: User | None = None) -> Resident:
    mine = by or resident.account
    assert mine
    purse.join(resident=resident, by=mine)
    return resident


def test_adults_of_one_household_join_by_themselves_and_see_the_same_purse(home: World) -> None:
    for person in (home.wang, home.li):
        joined(person)
    seen = purse.purse_of(home.li)
    assert [member.name for member in seen.members] == ["王秀兰", "李建国"]
    assert (seen.own, seen.common, seen.joined_at) == (0, 80, NOW)
    assert purse.spendable(home.li, NOW) == 80
    charged(home, home.li, 30, purse=True)
    assert (purse.purse_of(home.wang).own, purse.purse_of(home.wang).common) == (50, 50)


def test_who_has_not_joined_sees_who_shares_and_no_sum(home: World) -> None:
    joined(home.wang)
    seen = purse.purse_of(home.li)
    assert [member.name for member in seen.members] == ["王秀兰"]
    assert (seen.common, seen.joined_at, seen.refused) == (None, None, None)
    assert purse.spendable(home.li, NOW) is None


def test_at_the_counter_staff_join_an_elder_without_a_phone(home: World) -> None:
    joined(home.zhao, home.zhang)
    share = Share.objects.get(resident=home.zhao)
    assert (share.joined_by, share.joined_at, share.left_at) == (home.zhang, NOW, None)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"birth_date": None}, purse.AgeUnknown),
        ({"birth_date": date(2009, 3, 2)}, purse.NotAdult),
        ({"status": "pending", "decided_at": None}, purse.PurseNotConfirmed),
        ({"household": None}, purse.NoFamily),
    ],
)
def test_who_may_not_join_hears_why(home: World, change: dict[str, object], refusal: type[purse.Refused]) -> None:
    Resident.objects.filter(pk=home.li.pk).update(**change)
    home.li.refresh_from_db()
    with refuses(refusal):
        joined(home.li)
    assert isinstance(purse.purse_of(home.li).refused, refusal) and not Share.objects.exists()


def test_on_the_eighteenth_birthday_one_may(home: World) -> None:
    Resident.objects.filter(pk=home.li.pk).update(birth_date=date(2009, 3, 1))
    home.li.refresh_from_db()
    joined(home.li)


def test_who_lives_alone_has_nobody_to_share_with(world: World) -> None:
    with refuses(purse.NoFamily):
        joined(world.wang)
    Resident.objects.filter(pk=world.sun.pk).update(household=world.wang.household)
    with refuses(purse.NoFamily):  # who is not confirmed does not count
        joined(world.wang)


def test_nobody_joins_or_leaves_for_a_relative_by_their_own_phone(home: World) -> None:
    joined(home.wang)
    for act in (purse.join, purse.leave):
        for person in (home.wang, home.zhao):
            with refuses(duties.NotYourDuty):
                act(resident=person, by=home.li.account)
    assert Share.objects.filter(left_at=None).count() == 1


def test_staff_of_another_community_and_staff_who_left_may_not(home: World) -> None:
    with refuses(duties.NotYourDuty):
        joined(home.zhao, home.qian)
    home.zhang.duties.update(ends_on=date(2027, 2, 28))
    with refuses(duties.NotYourDuty):
        joined(home.zhao, home.zhang)


def test_nobody_opens_a_relatives_wallet_at_the_counter(home: World) -> None:
    home.zhang.own_phone = home.li.phone
    home.zhang.save(update_fields=["own_phone"])
    for person in (home.li, home.zhao):
        with refuses(purse.OwnFamily):
            joined(person, home.zhang)
    joined(home.zhao, home.chen)
    assert purse.leave(resident=home.zhao, by=home.zhang) is True


def test_a_phone_that_serves_several_consents_for_none_of_them(home: World, client: Client) -> None:
    Resident.objects.filter(pk=home.zhao.pk).update(account=home.wang.account)
    home.zhao.refresh_from_db()
    for person in (home.zhao, home.wang):
        with refuses(purse.SharedPhone):
            joined(person)
    page = text(enter(client, home.wang), PATH)
    assert "请本人到社区窗口办理" in page and "点“加入”" not in page
    joined(joined(home.zhao, home.zhang), home.chen)
    assert purse.leave(resident=home.zhao, by=home.wang.account) is True


def test_a_file_that_was_declined_shares_no_phone(home: World) -> None:
    fields = {"account": home.wang.account, "status": "declined", "decline_reason": "不在本社区", "decided_at": NOW}
    Resident.objects.filter(pk=home.sun.pk).update(**fields)
    joined(home.wang)


def test_joining_twice_is_one_consent_and_one_message(home: World) -> None:
    joined(home.wang)
    joined(home.wang)
    assert Share.objects.count() == 1 and Message.objects.filter(occasion__startswith="share:").count() == 1


def test_everybody_who_shares_is_told_who_comes_and_goes(home: World) -> None:
    joined(home.wang)
    joined(home.li)
    purse.leave(resident=home.wang, by=home.wang.account)
    told = Message.objects.filter(occasion__startswith="share:").order_by("pk").values_list("resident__name", "body")
    assert [(name, body[:8]) for name, body in told] == [
        ("王秀兰", "王秀兰加入了家庭"),
        ("王秀兰", "李建国加入了家庭"),
        ("李建国", "李建国加入了家庭"),
        ("王秀兰", "王秀兰退出了家庭"),
        ("李建国", "王秀兰退出了家庭"),
    ]


def test_who_moved_out_hears_nothing_more_and_their_new_home_nothing_of_the_old(home: World) -> None:
    joined(home.wang)
    joined(home.li)
    away = Household.objects.create(community=home.wenxing)
    Resident.objects.filter(pk__in=(home.li.pk, home.sun.pk)).update(household=away)
    Resident.objects.filter(pk=home.sun.pk).update(status="confirmed", decided_at=NOW, birth_date=date(1970, 1, 1))
    home.sun.refresh_from_db()
    home.li.refresh_from_db()
    joined(home.sun)
    Message.objects.all().delete()
    joined(home.zhao, home.zhang)
    assert told() == {"王秀兰", "赵玉珍"}
    Message.objects.all().delete()
    purse.leave(resident=home.li, by=home.li.account)
    assert told() == {"王秀兰", "赵玉珍", "李建国"}


def told() -> set[str]:
    return set(Message.objects.values_list("resident__name", flat=True))


def test_leaving_leaves_the_points_where_they_are(home: World) -> None:
    joined(home.wang)
    joined(home.li)
    assert purse.leave(resident=home.wang, by=home.wang.account) is True
    assert purse.leave(resident=home.wang, by=home.wang.account) is False
    assert (purse.purse_of(home.wang).own, purse.purse_of(home.li).common) == (80, 0)


def test_what_expired_is_not_in_the_purse(home: World) -> None:
    joined(home.wang)
    assert purse.spendable(home.wang, day(2027, 12, 31)) == 80
    assert purse.spendable(home.wang, day(2029, 1, 1)) == 0


def test_a_resident_joins_and_leaves_on_the_page(home: World, client: Client) -> None:
    assert PATH in links(enter(client, home.wang), "/me/") and PATH in links(client, "/points/")
    page = text(client, PATH)
    assert "没有手机的家人由社区告知" in page
    assert "积分一直在各人自己的账户里" in page and "点“加入”" in page and "家庭可用积分" not in page
    assert client.post(f"{PATH}join/")["Location"] == PATH
    joined(home.zhao, home.chen)
    page = text(client, PATH)
    assert "您已加入家庭积分" in page and "家庭可用积分280分其中我的80分" in page and "赵玉珍" in page
    client.post(f"{PATH}leave/")
    assert "您已退出家庭积分" in text(client, PATH)
    assert list(Share.objects.filter(left_at=None).values_list("resident__name", flat=True)) == ["赵玉珍"]


def test_who_may_not_join_finds_the_reason_and_no_button(world: World, client: Client) -> None:
    page = text(enter(client, world.wang), PATH)
    assert "现在还不能加入" in page and "点“加入”" not in page
    answer = client.post(f"{PATH}join/", headers={"Referer": f"http://testserver{PATH}"})
    assert answer["Location"] == f"http://testserver{PATH}"
    assert "这一户没有其他家人" in text(client, PATH) and not Share.objects.exists()


def test_the_page_costs_the_same_for_one_relative_and_for_thirty(home: World, client: Client) -> None:
    joined(home.wang)
    enter(client, home.wang)
    one = queries(client, PATH)
    for n in range(30):
        person = cast.resident(home.wenxing, f"家人{n}", born=date(1990, 1, 1))
        Resident.objects.filter(pk=person.pk).update(household=home.wang.household)
        person.refresh_from_db()
        joined(person, home.chen)
    assert queries(client, PATH) == one


def test_who_is_the_first_to_join_is_told_how_the_family_follows(home: World, client: Client) -> None:
    enter(client, home.wang)
    assert "同户已经加入和以后加入的家人使用您的积分" in text(client, PATH)
    joined(home.wang)
    page = text(client, PATH)
    assert "王秀兰（您）" in page and "家人还没有加入" in page
    joined(home.li)
    page = text(client, PATH)
    assert "李建国（您）" not in page and "王秀兰（您）" in page and "家人还没有加入" not in page
