"""兑换: charged and put aside at once, collected in time by the right hands, or the points are back."""

from datetime import datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import InternalError

from communities import closing
from communities.duties import NotYourDuty
from communities.models import Resident
from core import clock
from notifications.models import Message
from partners import exchanging, gifts
from partners.exchanging import NoReason, NotReserved, OwnGift, TooLateToCollect, give_back, hand_out, sweep
from partners.gifts import GiftClosed, GiftGone, MonthFull, QuarterFull, SameGiftFull
from partners.models import Exchange
from points import statement
from points.ledger import ShortOfPoints
from points.models import Entry
from tests import world as cast
from tests.activities.cast import relative
from tests.books import breaches, refuses
from tests.partners.giving import gift, taken
from tests.races.together import at_once, crowd
from tests.world import World

pytestmark = pytest.mark.django_db
Status = Exchange.Status


def balance(who: Resident) -> int:
    return statement.available(who, at=clock.now())


def told(who: Resident) -> list[str]:
    return list(
        Message.objects.filter(resident=who, occasion__startswith="gift:")
        .order_by("pk")
        .values_list("title", flat=True)
    )


def test_points_are_charged_and_the_gift_is_put_aside(world: World) -> None:
    mine = gift(world)
    made = taken(mine, world.wang)
    mine.refresh_from_db()
    assert (balance(world.wang), mine.taken, mine.left) == (30, 1, 4)
    assert (made.status, made.price, made.community, made.entry.key) == (
        Status.RESERVED, 50, world.wenxing, f"gift:{made.pk}"
    )  # fmt: skip
    assert made.collect_by == clock.today() + timedelta(days=15)
    assert len(made.number) == 8 and len(made.token) == 32
    assert (told(world.wang), breaches()) == (["礼品兑换成功"], [])


def test_refused_nothing_is_charged_and_nothing_is_taken(world: World) -> None:
    mine = gift(world, stock=1)
    with refuses(ShortOfPoints):
        taken(mine, world.li)
    taken(mine, world.wang)
    with refuses(GiftGone):
        taken(mine, world.zhao, world.zhang)
    other = gift(world, "毛巾")
    gifts.close(gift=other, by=world.zhang)
    with refuses(GiftClosed):
        taken(other, world.zhao, world.zhang)
    assert (balance(world.zhao), Exchange.objects.count(), breaches()) == (200, 1, [])


def test_closed_by_a_colleague_since_the_look(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = gift(world)
    gifts.close(gift=mine, by=world.zhang)
    monkeypatch.setattr(gifts, "refusal_to_reserve", lambda *_: None)
    with refuses(GiftClosed):
        taken(mine, world.wang)
    assert balance(world.wang) == 80


def test_two_a_month_and_no_more(world: World) -> None:
    mine = gift(world, price=10)
    for _ in range(2):
        taken(mine, world.zhao, world.zhang)
    with refuses(MonthFull):
        taken(mine, world.zhao, world.zhang)
    give_back(exchange=Exchange.objects.latest("pk"), by=world.zhang, reason="破损")
    assert taken(mine, world.zhao, world.zhang)  # what was given back does not count


def test_one_gifts_own_limit(world: World) -> None:
    mine = gift(world, price=10, a_month=1)
    taken(mine, world.zhao, world.zhang)
    with refuses(SameGiftFull):
        taken(mine, world.zhao, world.zhang)
    assert taken(gift(world, "毛巾", price=10), world.zhao, world.zhang)


def test_six_hundred_points_a_quarter(world: World) -> None:
    cast.award(world.zhao, 900, by=world.system)
    this, mine = clock.local(clock.now()), gift(world, "电饭锅", 350)
    taken(mine, world.zhao, world.zhang)
    with refuses(QuarterFull):
        taken(mine, world.zhao, world.zhang)
    before = clock.at(this.date().replace(month=(this.month - 1) // 3 * 3 + 1, day=1), time()) - timedelta(seconds=1)
    Exchange.objects.update(at=before)
    assert taken(mine, world.zhao, world.zhang)  # a quarter later


def test_the_month_begins_at_midnight_of_shanghai(world: World) -> None:
    mine = gift(world, price=10, a_month=1)
    made = taken(mine, world.zhao, world.zhang)
    first = clock.at(clock.today().replace(day=1), time())
    for moment, code in ((first, "gift_this_month"), (first - timedelta(seconds=1), "")):
        Exchange.objects.filter(pk=made.pk).update(at=moment)
        refused = gifts.refusal_to_reserve(mine, world.zhao, clock.now())
        assert (refused.code if refused else "") == code


def test_it_is_handed_out_once_by_somebody_who_is_no_family(world: World) -> None:
    made = taken(gift(world), world.wang)
    with refuses(NotYourDuty):
        hand_out(exchange=made, by=world.qian)
    Resident.objects.filter(pk=world.wang.pk).update(household=relative(world, world.chen).household)
    with refuses(OwnGift):
        hand_out(exchange=made, by=world.chen)
    with refuses(OwnGift):
        give_back(exchange=made, by=world.chen, reason="换货")
    done = hand_out(exchange=made, by=world.zhang)
    assert (done.status, done.settled_by, told(world.wang)[-1]) == (Status.HANDED, world.zhang, "礼品已领取")
    assert world.wang.account
    for act in (
        lambda: hand_out(exchange=made, by=world.zhang),
        lambda: give_back(exchange=made, by=world.wang.account, reason="不要了"),
    ):
        with refuses(NotReserved):
            act()
    assert (balance(world.wang), breaches()) == (30, [])


def test_given_back_before_it_is_handed_out(world: World) -> None:
    mine = gift(world)
    made = taken(mine, world.wang)
    assert world.wang.account
    with refuses(NoReason):
        give_back(exchange=made, by=world.wang.account, reason=" ")
    with refuses(NotYourDuty):
        give_back(exchange=made, by=world.qian, reason="破损")
    done = give_back(exchange=made, by=world.wang.account, reason="本人退回")
    mine.refresh_from_db()
    assert (done.status, balance(world.wang), mine.taken) == (Status.RETURNED, 80, 0)
    assert done.refund and done.refund.reverses_id == made.entry_id
    with refuses(NotReserved):
        give_back(exchange=made, by=world.wang.account, reason="本人退回")
    with refuses(NotReserved):
        hand_out(exchange=made, by=world.zhang)
    assert (told(world.wang), breaches()) == (["礼品兑换成功", "礼品已退回"], [])


def test_a_gift_that_was_taken_off_is_still_collected_or_given_back(world: World) -> None:
    mine = gift(world)
    first, second = taken(mine, world.wang), taken(mine, world.zhao, world.zhang)
    gifts.close(gift=mine, by=world.zhang)
    hand_out(exchange=first, by=world.zhang)
    give_back(exchange=second, by=world.zhang, reason="本人不要了")
    assert breaches() == []


def test_what_nobody_collects_goes_back_the_day_after(world: World) -> None:
    mine = gift(world)
    made, kept = taken(mine, world.wang), taken(mine, world.zhao, world.zhang)
    hand_out(exchange=kept, by=world.zhang)
    evening: datetime = clock.at(made.collect_by, time(23, 59))
    assert exchanging.refusal_to_hand_out(made, world.zhang, evening) is None
    assert sweep(evening) == 0
    over = clock.at(made.collect_by + timedelta(days=1), time(0, 12))
    with refuses(TooLateToCollect):
        hand_out(exchange=made, by=world.zhang, at=over)
    assert (sweep(over), sweep(over)) == (1, 0)
    made.refresh_from_db()
    assert (made.status, made.return_reason, balance(world.wang)) == (Status.RETURNED, "过期没有领取", 80)


def test_what_is_settled_stays_so_for_raw_sql_as_well(world: World) -> None:
    made = taken(gift(world), world.wang)
    hand_out(exchange=made, by=world.zhang)
    rows = Exchange.objects.filter(pk=made.pk)
    for change in (
        {"price": 1},
        {"resident": world.zhao},
        {"status": Status.RESERVED, "settled_at": None, "settled_by": None},
    ):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            rows.update(**change)


def test_closing_the_file_asks_for_what_is_to_be_collected(world: World) -> None:
    made = taken(gift(world), world.wang)
    assert closing.obstacles_of(world.wang) == ["礼品“肥皂”还没有领取，请先领取或退回"]
    hand_out(exchange=made, by=world.zhang)
    assert closing.obstacles_of(world.wang) == []


@pytest.mark.django_db(transaction=True)
def test_many_hands_never_take_more_than_there_is() -> None:
    world = cast.build()
    mine, people = gift(world, stock=5, price=60), crowd(world, 16)
    answers = at_once([lambda one=one: taken(mine, one) for one in people])  # type: ignore[misc]
    mine.refresh_from_db()
    got = [one for one in answers if isinstance(one, Exchange)]
    assert (len(got), mine.taken, mine.left) == (5, 5, 0)
    assert {type(one).__name__ for one in answers} == {"Exchange", "GiftGone"}
    assert sum(balance(one) == 60 for one in people) == 11
    assert Entry.objects.filter(key__startswith="gift:").count() == 5
    assert breaches() == []


@pytest.mark.django_db(transaction=True)
def test_one_person_with_many_taps_stays_within_the_limits() -> None:
    world = cast.build()
    mine = gift(world, price=10)
    answers = at_once([lambda: taken(mine, world.zhao, world.zhang)] * 6)
    assert sorted(type(one).__name__ for one in answers) == ["Exchange"] * 2 + ["MonthFull"] * 4
    assert balance(world.zhao) == 180 and breaches() == []


@pytest.mark.django_db(transaction=True)
def test_handed_out_and_given_back_at_once_is_one_of_the_two() -> None:
    world = cast.build()
    made = taken(gift(world), world.wang)
    answers = at_once(
        [
            lambda: hand_out(exchange=made, by=world.zhang),
            lambda: give_back(exchange=made, by=world.chen, reason="破损"),
        ]
    )
    assert sorted(type(one).__name__ for one in answers) == ["Exchange", "NotReserved"]
    made.refresh_from_db()
    assert balance(world.wang) == (80 if made.status == Status.RETURNED else 30)
    assert breaches() == []
