"""Posts and couriers at the counter; the colleague who wrote it down does not decide."""

from datetime import time

import pytest
import time_machine
from django.http import Http404
from django.test import Client

from activities import claims, duty_months, post_counter
from activities.models import DutyMonth, Holding
from activities.terms import last_of
from communities import counter
from communities.models import Courier, Resident, Slip
from core import clock
from tests.activities.posting import held, last_month, post
from tests.books import refuses
from tests.pages import text
from tests.world import World

pytestmark = pytest.mark.django_db


def perform(world: World, code: str, number: int, who: Resident | None = None) -> Slip:
    act = counter.act_of(code)
    assert act
    return counter.perform(act=act, resident=who or world.zhao, number=number, by=world.zhang)


def test_an_elder_claims_a_post_and_another_colleague_gives_it(world: World) -> None:
    mine = post(world)
    assert [one.label for one in post_counter.posts(world.zhao, clock.now())] == [mine.title]
    slip = perform(world, "post", mine.pk)
    asked = Holding.objects.get()
    assert (slip.about, asked.by) == (f"holding:{asked.pk}", world.zhang)
    with refuses(claims.SamePerson):
        claims.give(holding=asked, by=world.zhang)
    claims.give(holding=asked, by=world.chen)
    assert post_counter.posts(world.zhao, clock.now()) == []


def test_a_month_is_said_and_another_colleague_confirms_it(world: World) -> None:
    held(world, world.zhao)
    month = last_month()
    with time_machine.travel(clock.at(last_of(month), time(16)), tick=False):
        (choice,) = [
            one for one in post_counter.months(world.zhao, clock.now()) if one.number == month.year * 100 + month.month
        ]
        with pytest.raises(Http404):
            post_counter.month_plan(world.zhao, 190001, clock.now())
        assert post_counter.month_plan(world.zhao, choice.number, clock.now()).refused is None
    slip = perform(world, "month", choice.number)
    mine = DutyMonth.objects.get()
    assert (slip.about, mine.said_by) == (f"month:{mine.pk}", world.zhang)
    with refuses(duty_months.SamePerson):
        duty_months.confirm(month=mine, by=world.zhang)
    assert duty_months.confirm(month=mine, by=world.chen).award


def test_a_courier_is_registered_on_a_page_of_its_own(world: World, client: Client) -> None:
    (choice,) = post_counter.riding(world.wang, clock.now())
    client.force_login(world.zhang)
    assert "代王秀兰登记小哥" in text(client, choice.link)
    assert client.post(choice.link, {"platform": "火箭"}).status_code == 400
    client.post(choice.link, {"platform": "美团", "station": "华林站"})
    mine = Courier.objects.get()
    assert (mine.platform, mine.station, mine.by) == ("美团", "华林站", world.zhang)
    assert client.post(choice.link, {"platform": "美团"}).status_code == 409
    assert post_counter.riding(world.wang, clock.now()) == []  # registered
    assert post_counter.riding(world.zhao, clock.now()) == []  # 82 years old


def test_what_most_people_come_for_stands_on_top(world: World) -> None:
    post(world)
    codes = [act.code for act, _ in counter.offers(world.wang, clock.now())]
    assert codes.index("night-school") < codes.index("gift-collect") < codes.index("gift") < codes.index("post")
