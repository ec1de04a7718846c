"""A valid 随手拍 is put right within some working days, or it is explained; each pays once, and everybody hears of it."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest

from activities import answering, solving
from activities.answering import accept, decline
from activities.models import Award, Deed
from activities.solving import explain, solve
from communities import closing
from communities.duties import NotYourDuty
from core import clock
from core.refusals import Refused
from notifications.models import Message
from points import statement
from points.models import Entry
from tests.activities.cast import relative
from tests.activities.pictures import sent
from tests.books import breaches
from tests.points.deeds import rule
from tests.races.together import at_once
from tests.world import World

pytestmark = pytest.mark.django_db


def valid(world: World, **fields: object) -> Deed:
    return accept(deed=sent(world, **fields), by=world.chen)  # type: ignore[arg-type]


def test_what_is_put_right_earns_once_more(world: World) -> None:
    mine = solve(deed=valid(world), by=world.zhang, outcome="已换灯泡")
    assert mine.solved_award and mine.solved_award.about == f"deed:{mine.pk}:solved"
    assert (mine.status, mine.solved_by, mine.close_by, mine.outcome) == ("solved", world.zhang, None, "已换灯泡")
    assert (statement.available(world.li), mine.points) == (8, 8)
    assert "已解决：已换灯泡。获得5积分。" in Message.objects.filter(resident=world.li).latest("pk").body
    assert Entry.objects.filter(key__startswith=f"deed:{mine.pk}").count() == 2
    assert breaches() == []


@pytest.mark.parametrize("kind", ["kindness", "idea"])
def test_only_a_valid_snapshot_is_put_right(kind: str, world: World) -> None:
    waiting = sent(world)
    other = accept(deed=sent(world, kind=kind), by=world.chen, answer="好")
    declined = decline(deed=sent(world, text="不实"), by=world.chen, reason="不实")
    for deed in (waiting, other, declined):
        with pytest.raises(solving.NotToSolve):
            solve(deed=deed, by=world.chen, outcome="已修好")
        with pytest.raises(solving.NotToSolve):
            explain(deed=deed, by=world.chen, outcome="等物业", until=None)
    assert not Award.objects.filter(about__endswith=":solved").exists()


def test_how_it_was_put_right_is_said(world: World) -> None:
    mine = valid(world)
    for words in ("  ", "字" * 201, "\0"):
        with pytest.raises(answering.SayWhy):
            solve(deed=mine, by=world.chen, outcome=words)
    assert statement.available(world.li) == 3


def test_what_takes_longer_is_explained_with_a_new_day_and_the_resident_is_told(world: World) -> None:
    mine, until = valid(world), clock.today() + timedelta(days=10)
    explained = explain(deed=mine, by=world.chen, outcome="等物业进灯具", until=until)
    assert (explained.status, explained.close_by, explained.outcome) == ("accepted", until, "等物业进灯具")
    body = Message.objects.filter(resident=world.li).latest("pk").body
    assert "还没有解决：等物业进灯具。预计" in body and "已得的积分不变" in body
    again = explain(
        deed=mine, by=world.chen, outcome="社区没有权限，请找供电所", until=None, at=clock.now() + timedelta(hours=1)
    )
    assert (again.close_by, Message.objects.filter(resident=world.li).count()) == (None, 3)
    assert "到此为止" in Message.objects.filter(resident=world.li).latest("pk").body
    assert not Deed.objects.to_close().exists()


@pytest.mark.parametrize("days", [0, -1, 367])
def test_the_new_day_is_a_day_to_come(days: int, world: World) -> None:
    with pytest.raises(solving.BadDay):
        explain(deed=valid(world), by=world.chen, outcome="等物业", until=clock.today() + timedelta(days=days))


def test_nobody_closes_for_themselves_the_family_or_what_they_took_down(world: World) -> None:
    taken_down = accept(deed=sent(world, world.zhao, by=world.zhang), by=world.chen)
    with pytest.raises(answering.OwnDeed):
        solve(deed=taken_down, by=world.zhang, outcome="已修好")
    with pytest.raises(NotYourDuty):
        solve(deed=taken_down, by=world.qian, outcome="已修好")
    own = accept(deed=sent(world, relative(world, world.chen), by=world.zhang), by=world.he)
    for act in (solve, lambda **given: explain(until=None, **given)):
        with pytest.raises(answering.FamilyDeed):
            act(deed=own, by=world.chen, outcome="已修好")


def test_what_was_put_right_is_not_put_right_again(world: World) -> None:
    mine = solve(deed=valid(world), by=world.chen, outcome="已换灯泡")
    with pytest.raises(Refused) as why:
        solve(deed=mine, by=world.zhang, outcome="又换了")
    assert why.value.code == "deed_not_to_solve" and statement.available(world.li) == 8


@pytest.mark.django_db(transaction=True)
def test_three_who_close_at_once_pay_once(world: World) -> None:
    mine = valid(world)
    acts = [lambda by=by: solve(deed=mine, by=by, outcome="已换灯泡") for by in (world.chen, world.zhang, world.he)]
    codes = Counter(getattr(one, "code", "done") for one in at_once(acts * 2))
    assert codes["done"] == 1 and set(codes) <= {"done", "deed_not_to_solve", "already_confirmed"}, codes
    assert statement.available(world.li) == 8 and breaches() == []


@pytest.mark.django_db(transaction=True)
def test_where_the_rule_gives_nothing_it_is_closed_once_as_well(world: World) -> None:
    """No key of the books lets only one through here: the look under the lock does."""
    rule(world, "PHOTO_SOLVED", points=0)
    mine = valid(world)
    acts = [partial(solve, deed=mine, by=by, outcome=by.name) for by in (world.chen, world.zhang, world.he)]
    codes = Counter(getattr(one, "code", "done") for one in at_once(acts * 3))
    assert codes == {"done": 1, "deed_not_to_solve": 8}, codes
    mine.refresh_from_db()
    assert (mine.status, mine.solved_award, statement.available(world.li)) == ("solved", None, 3)


def test_who_has_left_earns_nothing_more(world: World) -> None:
    mine = valid(world)
    closing.close(resident=world.li, by=world.zhang, reason="本人到窗口，核对了身份证")
    done = solve(deed=mine, by=world.chen, outcome="已换灯泡")
    assert (done.status, done.solved_award) == ("solved", None)
    assert breaches() == []
