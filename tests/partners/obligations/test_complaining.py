"""Complaints: taken in and answered in working days, by nobody who is concerned, opened again once."""

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
import time_machine

from communities import duties, todo
from communities.kin import OwnInterest, SamePerson
from core import clock
from core.refusals import Refused
from notifications.models import Message
from partners.models import Complaint
from partners.obligations import complaining, waiting
from partners.obligations.bias import OwnShop
from tests import world as cast
from tests.partners.promised import agreed, complained
from tests.partners.shops import owner, phone
from tests.world import World

pytestmark = pytest.mark.django_db
MONDAY = clock.at(date(2026, 11, 16), time(10))
DAY = timedelta(days=1)


def answered(made: Complaint, by: object, **said: object) -> Complaint:
    complaining.accept(complaint=made, by=by)  # type: ignore[arg-type]
    return complaining.answer(complaint=made, by=by, **({"answer": "已道歉", "upheld": True} | said))  # type: ignore[arg-type]


def test_filed_taken_in_answered_and_told(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False):
        made = complained(agreed(world), world.wang)
        assert complaining.due(made) == date(2026, 11, 17)
        with pytest.raises(complaining.NotFiled):
            complaining.answer(complaint=made, by=world.zhang, answer="好", upheld=True)
        made = complaining.accept(complaint=made, by=world.zhang)
        assert complaining.due(made) == date(2026, 11, 23)  # five working days
        made = complaining.answer(complaint=made, by=world.zhang, answer="已道歉并退款" + "。" * 490, upheld=True)
    assert complaining.due(made) is None
    bodies = " ".join(Message.objects.filter(resident=world.wang).values_list("body", flat=True))
    assert "11月23日" in bodies and "已道歉并退款" in bodies and "全文请点开" in bodies


def test_a_second_tap_files_nothing_more(world: World) -> None:
    agreement = agreed(world)
    first = complained(agreement, world.wang)
    assert complained(agreement, world.wang) == first and complained(agreement, world.wang, "另一件事") != first
    assert Message.objects.filter(resident=world.wang, title="投诉已收到").count() == 2


def test_who_may_file_and_about_whom(world: World) -> None:
    agreement = agreed(world)

    def file(by: object, **more: object) -> Complaint:
        said = {"partner": agreement.partner, "community": world.wenxing, "text": "太慢", "resident": world.wang} | more
        return complaining.file(by=by, **said)  # type: ignore[arg-type]

    cases: list[tuple[Callable[[], Complaint], type[Refused]]] = [
        (lambda: file(world.li.account), complaining.NotYourComplaint),
        (lambda: file(world.wang.account, resident=None), complaining.NotYourComplaint),
        (lambda: file(world.qian), complaining.NotYourComplaint),
        (lambda: file(world.wang.account, community=world.yongan), complaining.NothingToComplain),
        (lambda: file(world.wang.account, text=" "), complaining.ComplaintText),
        (lambda: file(world.wang.account, text="x" * 501), complaining.ComplaintText),
        (lambda: file(world.wang.account, kind="none"), complaining.ComplaintText),
    ]
    for act, refused in cases:
        with pytest.raises(refused):
            act()
    nobody = file(world.zhang, resident=None)  # 12345
    assert nobody.resident is None and file(world.zhang, resident=None) == nobody
    assert file(world.zhang, resident=world.zhao).resident == world.zhao


def test_whoever_is_concerned_neither_takes_in_nor_answers(world: World) -> None:
    agreement = agreed(world)
    made = complained(agreement, world.wang)
    me = cast.resident(world.wenxing, "张晓燕", world.zhang.own_phone)
    me.household = world.wang.household
    me.save(update_fields=["household"])
    account = phone()
    owner(agreement, account)
    world.chen.own_phone = account.phone or ""
    world.chen.save(update_fields=["own_phone"])
    for by, refused in ((world.zhang, OwnInterest), (world.chen, OwnShop), (world.qian, duties.NotYourDuty)):
        with pytest.raises(refused):
            complaining.accept(complaint=made, by=by)
        assert not [row for row in todo.rows_of([waiting.rows], by) if row.count and row.label == "投诉待受理"]
    done = answered(made, world.he)
    assert done.answered_by == world.he


def test_the_answer_names_nobody(world: World) -> None:
    made = complained(agreed(world), world.wang)
    complaining.accept(complaint=made, by=world.zhang)
    for answer in ("王秀兰说得对", f"请回电{world.wang.phone}"):
        with pytest.raises(complaining.NamesTheResident):
            complaining.answer(complaint=made, by=world.zhang, answer=answer, upheld=True)


def test_opened_again_once_within_the_days_and_answered_by_another(world: World) -> None:
    assert world.wang.account
    with time_machine.travel(MONDAY, tick=False) as clocks:
        made = answered(complained(agreed(world), world.wang), world.zhang, answer="没有问题", upheld=False)
        late = answered(complained(agreed(world), world.wang), world.zhang)
        clocks.move_to(MONDAY + 2 * DAY)
        made = complaining.reopen(complaint=made, text="还是很慢", by=world.wang.account)
        assert (made.first_answer, made.answer, made.upheld, complaining.due(made)) == (
            "没有问题",
            "",
            None,
            date(2026, 11, 25),
        )
        with pytest.raises(SamePerson):
            complaining.answer(complaint=made, by=world.zhang, answer="x", upheld=True)
        made = complaining.answer(complaint=made, by=world.chen, answer="已整改", upheld=True)
        with pytest.raises(complaining.ReopenedBefore):
            complaining.reopen(complaint=made, text="还", by=world.wang.account)
        with pytest.raises(complaining.NotYourComplaint):
            complaining.reopen(complaint=late, text="还", by=world.li.account or world.system)
        clocks.move_to(MONDAY + 15 * DAY)
        with pytest.raises(complaining.ReopenTooLate):
            complaining.reopen(complaint=late, text="还", by=world.wang.account)


def test_the_to_do_says_until_when_and_what_is_overdue(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False) as clocks:
        complained(agreed(world), world.wang)
        (row,) = (one for one in todo.rows_of([waiting.rows], world.zhang) if one.count)
        assert (row.label, row.deadline) == ("投诉待受理", clock.at(date(2026, 11, 17), time(23, 59)))
        clocks.move_to(MONDAY + 2 * DAY)
        (row,) = (one for one in todo.rows_of([waiting.rows], world.zhang) if one.count)
        assert row.urgency == "overdue"
        assert not [one for one in todo.rows_of([waiting.rows], world.qian) if one.count]
