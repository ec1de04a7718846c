"""岗位: one holder, one post for a resident, two people."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from activities import claims, holdings, posts
from activities.claims import (
    BadStart,
    CouriersOnly,
    HeldThen,
    NoReason,
    NotAsked,
    NotConfirmed,
    OnePost,
    OtherSubDistrict,
    OwnPost,
    PostClosed,
    PostHeld,
    SamePerson,
    TooYoungForPost,
)
from activities.holdings import NotHeld, TooEarlyToRenew
from activities.models import Holding, Post
from activities.posts import BadPost, PostExists
from activities.terms import add_months, last_of, month_of, term_end
from communities import couriers, helping
from communities.duties import NotYourDuty
from communities.models import Consent, Resident
from core import clock
from notifications.models import Message
from tests import world as cast
from tests.activities.cast import relative
from tests.activities.posting import claimed, held, post
from tests.books import refuses
from tests.communities.couriering import registered, riding
from tests.races.together import at_once
from tests.world import World

pytestmark = pytest.mark.django_db
Status = Holding.Status


def told(resident: Resident) -> list[str]:
    return list(Message.objects.filter(resident=resident).order_by("pk").values_list("title", flat=True))


def test_months_and_terms() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 12, 5), 1) == date(2027, 1, 5)
    assert add_months(date(2027, 8, 31), 6) == date(2028, 2, 29)
    assert add_months(date(2027, 12, 31), 12) == date(2028, 12, 31)
    assert add_months(date(2026, 1, 5), -1) == date(2025, 12, 5)
    assert term_end(date(2026, 3, 1), 12) == date(2027, 2, 28)
    assert (month_of(date(2026, 2, 9)), last_of(date(2026, 2, 1))) == (date(2026, 2, 1), date(2026, 2, 28))


def test_staff_set_up_a_post(world: World) -> None:
    made = post(world, " 楼道长 ")
    assert (made.title, made.term_months, made.made_by) == ("楼道长", 12, world.zhang)
    with refuses(PostExists):
        post(world, "楼道长")
    with refuses(NotYourDuty):
        post(world, "单元长", by=world.qian)
    for wrong in ({"title": " "}, {"title": "长" * 41}, {"duty": ""}, {"duty": "职" * 301}, {"term_months": 0}, {"term_months": 37}, {"duty": "a\0"}):  # fmt: skip
        with refuses(BadPost):
            post(world, **{"title": "单元长", **wrong})
    posts.close(post=made, by=world.zhang, reason="合并")
    assert post(world, "楼道长").pk != made.pk  # the name is free again


def test_a_resident_claims_and_staff_give_it_for_the_term(world: World) -> None:
    mine = claimed(post(world), world.li)
    assert (mine.status, mine.by) == (Status.ASKED, world.li.account)
    done = claims.give(holding=mine, by=world.zhang)
    assert (done.status, done.starts_on, done.ends_on) == (
        Status.HELD, clock.today(), term_end(clock.today(), 12)
    )  # fmt: skip
    assert told(world.li) == ["岗位认领已通过"]
    with refuses(NotAsked):
        claims.give(holding=mine, by=world.chen)
    with refuses(NotAsked):
        claims.decline(holding=mine, by=world.chen, reason="不合适")


def test_who_cannot_claim(world: World) -> None:
    mine = post(world)
    young = cast.resident(world.wenxing, "小青", "13500000001", clock.today() - timedelta(days=365 * 17))
    far = cast.resident(world.hualin, "远方", "13500000002")
    for who, kind in ((world.sun, NotConfirmed), (young, TooYoungForPost), (far, OtherSubDistrict)):
        with refuses(kind):
            claimed(mine, who)
    claimed(mine, world.zhou)  # another community of the sub-district
    with refuses(OnePost):
        claimed(post(world, "单元长"), world.zhou)
    with refuses(OnePost):
        claimed(mine, world.zhou)
    closed = post(world, "巡逻")
    posts.close(post=closed, by=world.zhang, reason="合并")
    with refuses(PostClosed):
        claimed(closed, world.li)
    assert Holding.objects.count() == 1


def test_a_post_that_somebody_holds_is_not_claimed(world: World) -> None:
    mine = post(world)
    claims.give(holding=claimed(mine, world.li), by=world.zhang)
    with refuses(PostHeld):
        claimed(mine, world.wang)


def test_a_post_of_couriers_is_for_couriers_who_still_ride(world: World) -> None:
    mine = post(world, "流动网格员", for_couriers=True)
    with refuses(CouriersOnly):
        claimed(mine, world.li)
    courier = riding(world, world.li)
    asked = claimed(mine, world.li)
    couriers.end(courier=courier, reason="离职", by=world.chen)
    with refuses(CouriersOnly):
        claims.give(holding=asked, by=world.zhang)


def test_who_stops_riding_leaves_the_post_of_couriers_and_no_other(world: World) -> None:
    ours, theirs = riding(world, world.li), riding(world, world.wang)
    one = claims.give(holding=claimed(post(world, "流动网格员", for_couriers=True), world.li), by=world.zhang)
    other = claims.give(holding=claimed(post(world, "楼道长"), world.wang), by=world.zhang)
    for courier in (ours, theirs):
        couriers.end(courier=courier, reason="离职", by=world.chen)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.status, one.end_reason, other.status) == (Status.ENDED, "已不是登记的小哥", Status.HELD)


def test_who_wrote_it_down_and_family_do_not_decide(world: World) -> None:
    mine = post(world)
    written = claimed(mine, world.zhao, world.zhang)
    assert isinstance(
        claims.refusal_to_decide(written, world.zhang), SamePerson
    )  # the page says so before the database
    with refuses(SamePerson):
        claims.give(holding=written, by=world.zhang)
    asked = claimed(mine, relative(world, world.chen))
    for act in (lambda: claims.give(holding=asked, by=world.chen), lambda: claims.decline(holding=asked, by=world.chen, reason="否")):  # fmt: skip
        with refuses(OwnPost):
            act()
    with refuses(NotYourDuty):
        claims.give(holding=asked, by=world.qian)
    given = claims.give(holding=asked, by=world.zhang)
    with refuses(OwnPost):
        holdings.end(holding=given, by=world.chen, reason="让位")
    with pytest.raises(IntegrityError, match="holding_two_people"), transaction.atomic():
        Holding.objects.filter(pk=given.pk).update(decided_by=given.by)


def test_who_else_claimed_it_hears_so(world: World) -> None:
    mine = post(world)
    first, second = claimed(mine, world.li), claimed(mine, world.wang)
    claims.give(holding=first, by=world.zhang)
    second.refresh_from_db()
    assert (second.status, told(world.wang)) == (Status.DECLINED, ["岗位认领未通过"])


def test_declined_with_a_reason_and_taken_back_without(world: World) -> None:
    asked = claimed(post(world), world.li)
    with refuses(NoReason):
        claims.decline(holding=asked, by=world.zhang, reason=" ")
    assert claims.decline(holding=asked, by=world.zhang, reason="已有人选").status == Status.DECLINED
    assert "已有人选" in Message.objects.get(resident=world.li).body
    again = claimed(asked.post, world.li)
    assert world.li.account
    back = claims.take_back(holding=again, by=world.li.account)
    assert (back.status, back.end_reason) == (Status.DECLINED, "本人撤回")
    with refuses(NotAsked):
        claims.take_back(holding=again, by=world.li.account)


def test_a_start_far_away_is_a_slip(world: World) -> None:
    asked = claimed(post(world), world.li)
    for days in (-61, 61, 4000):
        with refuses(BadStart):
            claims.give(holding=asked, by=world.zhang, starts_on=clock.today() + timedelta(days=days))


def test_no_month_belongs_to_two_terms_of_a_person_or_a_post(world: World) -> None:
    """A term that is dated back would pay a month once more: to who held another post, or for a post that another held."""
    mine, other = post(world), post(world, "天和城4号楼楼道长")
    first, today = held(world, world.li, mine), clock.today()
    holdings.end(holding=first, by=world.chen, reason="换岗")
    for again in (claimed(other, world.li), claimed(mine, world.wang)):
        with pytest.raises(HeldThen):
            claims.give(holding=again, by=world.chen, starts_on=today - timedelta(days=40))
        assert claims.give(holding=again, by=world.chen, starts_on=today).starts_on == today


def test_renewed_before_the_end_for_one_more_term(world: World) -> None:
    mine = held(world, world.li)
    with refuses(TooEarlyToRenew):
        holdings.renew(holding=mine, by=world.zhang)
    assert mine.ends_on
    soon = clock.at(mine.ends_on - timedelta(days=60), clock.local(clock.now()).time())
    done = holdings.renew(holding=mine, by=world.zhang, at=soon)
    assert (done.renewals, done.ends_on) == (1, term_end(mine.ends_on + timedelta(days=1), 12))
    assert told(world.li)[-1] == "岗位已续任"
    with refuses(NotYourDuty):
        holdings.renew(holding=mine, by=world.qian, at=soon)
    assert world.li.account
    holdings.end(holding=mine, by=world.li.account, reason="本人提出")
    with refuses(NotHeld):
        holdings.renew(holding=mine, by=world.zhang, at=soon)


def test_a_holder_leaves_once_and_is_free_for_another(world: World) -> None:
    mine = held(world, world.li)
    done = holdings.end(holding=mine, by=world.zhang, reason="搬家")
    assert (done.status, done.ended_by, done.end_reason) == (Status.ENDED, world.zhang, "搬家")
    with refuses(NotHeld):
        holdings.end(holding=mine, by=world.zhang, reason="搬家")
    assert claimed(post(world, "单元长"), world.li).status == Status.ASKED


def test_doing_away_with_a_post_ends_what_hangs_on_it(world: World) -> None:
    mine = held(world, world.li)
    with refuses(NotYourDuty):
        posts.close(post=mine.post, by=world.qian, reason="合并")
    with refuses(NoReason):
        posts.close(post=mine.post, by=world.zhang, reason="")
    posts.close(post=mine.post, by=world.zhang, reason="合并")
    mine.refresh_from_db()
    assert (mine.status, mine.end_reason) == (Status.ENDED, "合并")
    with refuses(PostClosed):
        posts.close(post=mine.post, by=world.zhang, reason="合并")


def test_a_term_that_ran_out_is_ended_by_the_sweep_and_told_before(world: World) -> None:
    mine = held(world, world.li)
    assert mine.ends_on
    noon = clock.at(mine.ends_on, clock.local(clock.now()).time())
    for days, count in ((31, 0), (30, 1), (20, 1), (7, 2), (7, 2), (0, 2)):
        holdings.remind(noon - timedelta(days=days))
        assert told(world.li).count("岗位任期快到") == count, days
    assert holdings.lapse(noon) == 0
    assert holdings.lapse(noon + timedelta(days=1)) == 1
    assert holdings.lapse(noon + timedelta(days=1)) == 0
    mine.refresh_from_db()
    assert (mine.status, mine.end_reason) == (Status.ENDED, "任期届满")


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_who_give_one_post_at_once_give_it_once() -> None:
    world = cast.build()
    mine = post(world)
    first, second = claimed(mine, world.li), claimed(mine, world.wang)
    answers = at_once(
        [lambda: claims.give(holding=first, by=world.zhang), lambda: claims.give(holding=second, by=world.chen)]
    )
    assert sorted(type(one).__name__ for one in answers) == ["Holding", "NotAsked"]
    assert Holding.objects.held().count() == 1
    assert Post.objects.get().closed_at is None


def test_whose_helper_acts_is_told(world: World) -> None:
    helper = helping.appoint(
        resident=world.zhao,
        phone="13706780001",
        name="王小妹",
        relation="子女",
        by=world.zhang,
        way=Consent.Way.SIGNATURE,
    ).account
    registered(world.zhao, by=helper)
    asked = claimed(post(world), world.zhao, helper)
    claims.take_back(holding=asked, by=helper)
    bodies = Message.objects.filter(resident=world.zhao, body__contains="由亲友王小妹代办").order_by("pk")
    assert list(bodies.values_list("title", flat=True)) == ["已登记为小哥", "已认领岗位", "已撤回认领"]
