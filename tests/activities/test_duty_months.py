"""满月履职: a whole month, said in time, confirmed by somebody else, booked once."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine

from activities import duty_months, duty_queue, holdings
from activities.claims import OwnPost
from activities.duty_months import (
    AlreadySaid,
    BadNote,
    NotAWholeMonth,
    NotNow,
    NotOverYet,
    NotSaid,
    SamePerson,
    confirm,
    decline,
    say,
)
from activities.models import Award, DutyMonth, Holding
from activities.terms import add_months, last_of, month_of
from communities import appeals, closing, todo
from communities.duties import NotYourDuty
from communities.models import Resident
from core import clock
from notifications.models import Message
from points import statement
from points.models import Entry
from tests import world as cast
from tests.activities.cast import relative
from tests.activities.posting import held, last_month, post, said
from tests.books import breaches, refuses
from tests.races.together import at_once
from tests.world import World

pytestmark = pytest.mark.django_db
Status = DutyMonth.Status


def on(day: date, hour: int = 12) -> datetime:
    return clock.at(day, time(hour))


def test_a_month_is_said_confirmed_and_booked(world: World) -> None:
    mine = said(world, world.li)
    done = confirm(month=mine, by=world.zhang)
    assert done.award
    assert (done.status, done.award.about, done.award.given, done.award.code) == (
        Status.CONFIRMED, f"post:{mine.pk}", 30, "POST"
    )  # fmt: skip
    assert (done.award.served_on, statement.available(world.li, at=clock.now())) == (last_of(last_month()), 30)
    assert Message.objects.get(occasion=f"month:{mine.pk}:confirmed").body.endswith("获得30积分。")
    assert breaches() == []
    with refuses(NotSaid):
        confirm(month=mine, by=world.chen)
    assert Entry.objects.filter(key=f"post:{mine.pk}").count() == 1


def test_only_in_its_last_days_and_the_first_ten_of_the_next(world: World) -> None:
    holding, month = held(world, world.li), last_month()
    last, account = last_of(month), world.li.account
    assert account
    for days, may in ((-5, False), (-4, True), (0, True), (10, True), (11, False)):
        refused = duty_months.refusal_to_say(holding, month, on(last + timedelta(days=days)))
        assert (refused is None) is may, days
    with refuses(NotNow):
        say(holding=holding, month=month, by=account, at=on(last + timedelta(days=11)))
    # The counter has longer, for who has no phone.
    assert say(holding=holding, month=month, by=world.zhang, at=on(last + timedelta(days=60)))
    with refuses(NotNow):
        say(holding=holding, month=add_months(month, -1), by=world.zhang, at=on(last + timedelta(days=61)))


def test_a_month_that_was_not_served_whole_is_none(world: World) -> None:
    month, account = last_month(), world.li.account
    assert account
    holding = held(world, world.li, since=month + timedelta(days=1))
    with refuses(NotAWholeMonth):
        say(holding=holding, month=month, by=account, at=on(last_of(month)))
    other = held(world, world.wang, post(world, "单元长"), since=month)
    holdings.end(holding=other, by=world.zhang, reason="搬家", at=on(last_of(month) - timedelta(days=1)))
    other.refresh_from_db()
    with refuses(NotAWholeMonth):
        say(holding=other, month=month, by=world.zhang, at=on(last_of(month)))


def test_a_month_is_named_by_its_first_day(world: World) -> None:
    """A program may send any day of it (docs/api.md): that is refused, and no month is said under two names."""
    holding, month = held(world, world.li), last_month()
    with refuses(NotAWholeMonth):
        say(holding=holding, month=month + timedelta(days=1), by=world.zhang, at=on(last_of(month)))
    assert not holding.months.exists()


def test_who_left_after_the_month_may_still_say_it(world: World) -> None:
    holding, month = held(world, world.li), last_month()
    holdings.end(holding=holding, by=world.zhang, reason="搬家", at=on(last_of(month)))
    assert duty_months.sayable(world.li, on(last_of(month) + timedelta(days=1))) == [(holding, month)]


def test_once_said_not_again_but_after_it_was_declined(world: World) -> None:
    mine = said(world, world.li)
    at, account = on(last_of(mine.month)), world.li.account
    assert account
    with refuses(AlreadySaid):
        say(holding=mine.holding, month=mine.month, by=account, at=at)
    decline(month=mine, by=world.zhang, reason="没有巡查记录")
    assert "没有巡查记录" in Message.objects.get(occasion=f"month:{mine.pk}:declined").body
    again = say(holding=mine.holding, month=mine.month, by=account, at=at)
    assert (again.pk != mine.pk, again.status) == (True, Status.SAID)
    for note in ("长" * 201, "a\0"):
        with refuses(BadNote):
            say(holding=mine.holding, month=mine.month, by=account, note=note, at=at)


def test_two_requests_of_one_month_are_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = said(world, world.li)
    monkeypatch.setattr(duty_months, "refusal_to_say", lambda *_, **__: None)
    with refuses(AlreadySaid):
        say(holding=mine.holding, month=mine.month, by=world.zhang, at=on(last_of(mine.month)))


def test_who_said_it_family_and_strangers_do_not_confirm(world: World) -> None:
    mine = said(world, world.zhao, world.zhang)
    with refuses(SamePerson):
        confirm(month=mine, by=world.zhang)
    with refuses(SamePerson):
        decline(month=mine, by=world.zhang, reason="否")
    with refuses(NotYourDuty):
        confirm(month=mine, by=world.qian)
    with refuses(NotYourDuty):
        say(holding=mine.holding, month=mine.month, by=world.qian, at=on(last_of(mine.month)))
    kin = relative(world, world.chen)
    Resident.objects.filter(pk=world.zhao.pk).update(household=kin.household)
    with refuses(OwnPost):
        confirm(month=mine, by=world.chen)
    assert not Award.objects.exists()


def test_not_before_the_month_is_over(world: World) -> None:
    holding = held(world, world.li)
    this = month_of(clock.today())
    last = last_of(this)
    with time_machine.travel(on(last), tick=False):
        mine = say(holding=holding, month=this, by=world.zhang)
        with refuses(NotOverYet):
            confirm(month=mine, by=world.chen)
    with time_machine.travel(on(last + timedelta(days=1)), tick=False):
        assert confirm(month=mine, by=world.chen).award


def test_what_waits_is_what_may_be_confirmed(world: World) -> None:
    mine = said(world, world.zhao, world.zhang)
    for by, count in ((world.zhang, 0), (world.chen, 1), (world.he, 1), (world.qian, 0)):
        assert duty_queue.months_for(by).count() == count, by
        assert (duty_queue.refusals(by, [mine])(duty_queue.open_for(world.chen).get()) is None) == (
            count == 1 or by == world.qian
        )
    (line,) = duty_queue.lines(list(duty_queue.open_for(world.chen)))
    assert line.price and (line.price.asked, line.recorder, line.resident) == (30, "张晓燕", world.zhao)
    assert duty_queue.KIND.approve(mine, world.chen)


def test_the_to_do_page_says_what_waits(world: World) -> None:
    mine = said(world, world.li)
    labels = {row.label: row.count for row in todo.rows_for(world.zhang) if row.section == "posts"}
    assert labels == {"满月履职待确认": 1}
    with time_machine.travel(on(mine.holding.ends_on - timedelta(days=30)), tick=False):
        labels = {
            row.label: row.count
            for row in todo.rows_of([duty_queue.rows], cast.staff("new", "新", "worker", community=world.wenxing))
        }
    assert labels == {"岗位认领待审核": 0, "满月履职待确认": 1, "岗位任期快到，待续任": 1}


def test_a_decision_may_be_appealed_by_its_holder_alone(world: World) -> None:
    mine = said(world, world.li)
    assert appeals.find(world.li, f"month:{mine.pk}") is None  # nothing is decided yet
    decline(month=mine, by=world.zhang, reason="没有巡查记录")
    found = appeals.find(world.li, f"month:{mine.pk}")
    assert found and (found.value, found.decided_by_id) == ("没有巡查记录", world.zhang.pk)
    assert appeals.find(world.wang, f"month:{mine.pk}") is None
    holdings.end(holding=mine.holding, by=world.zhang, reason="多次未履职")
    ended = appeals.find(world.li, f"holding:{mine.holding_id}")
    assert ended and (ended.value, ended.decided_by_id) == ("多次未履职", world.zhang.pk)


def test_closing_the_file_asks_for_what_is_open_and_empties_the_words(world: World) -> None:
    mine = said(world, world.li)
    assert set(closing.obstacles_of(world.li)) == {"岗位“天和城3号楼楼道长”还没有离岗", "满月履职还没有确认"}
    confirm(month=mine, by=world.zhang)
    holdings.end(holding=mine.holding, by=world.zhang, reason="李建国搬家")
    closing.close(resident=world.li, by=world.zhang, reason="本人到窗口，核对身份证")
    mine.refresh_from_db()
    assert (mine.note, Holding.objects.get(pk=mine.holding_id).end_reason) == ("", "（已注销居民）搬家")
    assert breaches() == []


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_once_book_it_once() -> None:
    world = cast.build()
    mine = said(world, world.li)
    answers = at_once([lambda: confirm(month=mine, by=world.zhang), lambda: confirm(month=mine, by=world.chen)])
    assert [type(one).__name__ for one in answers].count("DutyMonth") == 1
    assert Award.objects.count() == 1 and breaches() == []
