"""An early end: one side alone gives notice, what both want is said by two people."""

from datetime import timedelta

import pytest

from communities import kin, todo
from communities.duties import NotYourDuty
from core import clock
from notifications.models import Message
from partners.agreements import ending
from partners.agreements.ending import confirm, drop, end
from partners.models import Agreement, Partner
from partners.obligations import bias
from tests import world as cast
from tests.books import refuses
from tests.partners import shops
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def agreed(world: World, by: object = None) -> Agreement:
    made = cast.partner(world.street, world.wenxing, world.zhang)
    return end(agreement=made, on=clock.today(), by=by or world.zhang, agreed=True, reason="搬迁")  # type: ignore[arg-type]


def test_what_both_want_holds_until_the_second_person_says_so(world: World) -> None:
    made = agreed(world, by=world.chen)
    assert (made.ended_on, made.ending_on, made.end_reason) == (None, clock.today(), "搬迁")
    assert Partner.objects.shown(clock.today()).exists()
    for by, why in ((world.chen, kin.SamePerson), (world.zhang, NotYourDuty), (world.qian, NotYourDuty)):
        with refuses(why):
            confirm(agreement=made, by=by)
    label = "双方同意提前终止，待确认"
    assert label in {row.label for row in todo.rows_for(world.he)}
    assert label not in {row.label for row in todo.rows_for(world.chen)}
    assert confirm(agreement=made, by=world.he).ended_on == clock.today()
    assert not Partner.objects.shown(clock.today()).exists()
    with refuses(ending.NoEndToConfirm):
        confirm(agreement=made, by=world.he)


def test_the_owner_says_so_on_the_own_phone_and_nobody_with_the_phone_of_who_wrote_it_down(world: World) -> None:
    made = agreed(world)
    rival = shops.rival(world).account
    with refuses(NotYourDuty):
        confirm(agreement=made, by=rival)
    account = shops.owner(made).account
    for phone, by, why in (
        (world.zhang.own_phone, account, kin.SamePerson), (world.chen.own_phone, world.chen, bias.OwnShop),
    ):  # fmt: skip
        type(account).objects.filter(pk=account.pk).update(phone=phone)
        account.refresh_from_db()
        with refuses(why):
            confirm(agreement=made, by=by)
    assert confirm(agreement=made, by=account).ended_on == clock.today()


def test_either_side_says_that_it_goes_on(world: World) -> None:
    made = agreed(world)
    account = shops.owner(made).account
    with refuses(NotYourDuty):
        drop(agreement=made, by=world.qian)
    for by in (account, world.zhang):
        kept = drop(agreement=made, by=by)
        assert (kept.ending_on, kept.ending_by, kept.end_reason) == (None, None, "")
        with refuses(ending.NoEndToConfirm):
            drop(agreement=made, by=by)
        end(agreement=made, on=clock.today(), by=world.zhang, agreed=True, reason="搬迁")


def test_the_day_that_was_read_is_the_day_that_is_confirmed(world: World) -> None:
    made = agreed(world)
    account, read = shops.owner(made).account, clock.today().isoformat()
    end(agreement=made, on=clock.today() + 9 * DAY, by=world.zhang, agreed=True, reason="搬迁")
    for by in (account, world.he):
        with refuses(ending.EndChanged):
            confirm(agreement=made, seen=read, by=by)
    done = confirm(agreement=made, seen=(clock.today() + 9 * DAY).isoformat(), by=account)
    assert done.ended_on == clock.today() + 9 * DAY


def test_who_wrote_it_down_learns_that_it_goes_on(world: World) -> None:
    made = agreed(world)
    drop(agreement=made, by=world.zhang)
    assert not Message.objects.filter(staff=world.zhang).exists()
    end(agreement=made, on=clock.today(), by=world.zhang, agreed=True, reason="搬迁")
    drop(agreement=made, by=shops.owner(made).account)
    told = Message.objects.get(staff=world.zhang)
    assert "店主不同意" in told.body and "照常有效" in told.body and told.link == f"/desk/partners/{made.pk}/"


def test_a_day_that_passed_meanwhile_ends_nothing_backwards(world: World) -> None:
    made = cast.partner(world.street, world.wenxing, world.zhang, starts_on=clock.today() - 9 * DAY)
    end(agreement=made, on=clock.today() - 5 * DAY, by=world.zhang, agreed=True)
    assert confirm(agreement=made, by=world.chen).ended_on == clock.today()


def test_an_end_to_come_keeps_the_agreement_until_then(world: World) -> None:
    made = cast.partner(world.street, world.yongan, world.qian)
    last = clock.today() + 29 * DAY
    with refuses(ending.NoticeTooShort):
        end(agreement=made, on=last, by=world.qian)
    end(agreement=made, on=last + DAY, by=world.qian)
    assert Partner.objects.shown(last).exists()
    assert not Partner.objects.shown(last + DAY).exists()


def test_what_is_over_or_outside_the_term_is_not_ended_nor_by_a_stranger(world: World) -> None:
    today = clock.today()
    made = cast.partner(world.street, world.yongan, world.qian)
    over = cast.partner(world.street, world.yongan, world.qian, starts_on=today - 90 * DAY, ends_on=today - DAY)
    for on in (made.starts_on - DAY, made.ends_on + DAY):
        with refuses(ending.EndOutsideTerm):
            end(agreement=made, on=on, by=world.qian, agreed=True)
    with refuses(ending.NotRunning):
        end(agreement=over, on=over.ends_on, by=world.qian, agreed=True)
    with refuses(NotYourDuty):
        end(agreement=made, on=today, by=world.zhang)
    end(agreement=made, on=today + 30 * DAY, by=world.qian)
    with refuses(ending.NotRunning):
        end(agreement=made, on=today, by=world.qian, agreed=True)
