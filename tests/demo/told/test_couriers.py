"""清远街道 in the demo: eighteen qualified couriers, fifteen posts, months confirmed and waiting, gifts taken."""

import pytest
from django.db.models import F

from activities.models import DutyMonth, Holding, Post
from communities.models import Community, Courier, Notice, Resident, User
from demo import cast, couriers, riders
from partners.models import Exchange, Gift
from points import statement
from tests.books import breaches
from tests.demo.story import NOON, told

pytestmark = [pytest.mark.django_db, pytest.mark.heavy]


def hualin() -> Community:
    return Community.objects.get(name="华林社区", sub_district__name="清远街道")


def test_eighteen_are_qualified_by_a_notice_and_two_wait() -> None:
    counts = {status: Courier.objects.filter(status=status).count() for status in Courier.Status.values}
    assert (counts["qualified"], counts["confirmed"], counts["asked"]) == (18, 1, 1)
    notice = Notice.objects.get(community=hualin())
    assert (notice.status, notice.items.count()) == (Notice.Status.ENDED, 18)
    assert not Courier.objects.filter(status="qualified", decided_by=F("by")).exists()


def test_fifteen_posts_are_held_with_months_confirmed_and_some_waiting() -> None:
    posts = Post.objects.filter(community=hualin())
    assert (posts.count(), Holding.objects.held().filter(post__in=posts).count()) == (15, 15)
    months = DutyMonth.objects.filter(holding__post__in=posts)
    assert months.filter(status="said").count() == couriers.WAITING
    assert months.filter(status="confirmed", award__status="posted").count() == 15 * couriers.MONTHS - couriers.WAITING
    assert breaches() == []


def test_the_courier_of_the_sign_in_page_has_points_and_a_gift_to_collect() -> None:
    mine = Resident.objects.get(phone=cast.COURIER.phone)
    assert statement.available(mine, at=NOON) == couriers.MONTHS * 30 - 40
    assert Exchange.objects.get(resident=mine).status == Exchange.Status.RESERVED
    assert set(Gift.objects.filter(group="couriers").values_list("title", "price")) == {
        ("头盔", 300), ("手套", 80), ("护膝", 100), ("雨衣", 120), ("餐券", 40), ("体检券", 400), ("理发", 100)
    }  # fmt: skip
    assert Exchange.objects.filter(status=Exchange.Status.HANDED).count() == couriers.HANDED


def test_wenxing_has_posts_to_claim_and_gifts() -> None:
    asked = Holding.objects.get(status=Holding.Status.ASKED)
    assert (asked.resident.name, asked.post.community.name) == (cast.SON.name, "文兴社区")
    assert Post.objects.filter(community__name="文兴社区").exclude(holdings__in=Holding.objects.held()).count() == 4
    assert Gift.objects.filter(community__name="文兴社区").count() == 4


def test_a_second_start_writes_nothing_and_a_killed_one_goes_on() -> None:
    before = [model.objects.count() for model in (Courier, Holding, DutyMonth, Exchange, User)]
    told()
    assert [model.objects.count() for model in (Courier, Holding, DutyMonth, Exchange, User)] == before
    assert couriers.last().exists() and riders.are_there()
