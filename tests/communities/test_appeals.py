"""An appeal is filed once, in time, by its resident; somebody who neither decided nor is kin answers it, once."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from communities import appeals, settings, todo
from communities.appeals import answer, file, refusal_to_answer, state_for, waiting_for
from communities.duties import NotYourDuty
from communities.models import Appeal, Duty, Holiday, Setting
from core import clock
from core.refusals import Refused
from tests import world as cast
from tests.activities.cast import relative
from tests.communities.appealing import Decisions, appealed, decisions
from tests.races.together import at_once
from tests.world import World

__all__ = ["decisions"]
pytestmark = pytest.mark.django_db
FRIDAY = "2026-09-18 15:00+08:00"  # Sunday the 20th is worked, 25–27 September and 1–7 October are holidays


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def test_a_resident_files_and_everything_is_kept(world: World, decisions: Decisions) -> None:
    with time_machine.travel(FRIDAY):
        about = decisions.about(world.wang, by=world.zhang)
        made = file(resident=world.wang, about=about, text=" 那天我到场了。 ", by=world.wang.account)
    assert (made.status, made.text, made.filed_by) == ("filed", "那天我到场了。", world.wang.account)
    assert (made.subject, made.link, made.old_value) == ("收回多记的30积分", "/points/", "待抵扣30积分")
    assert (made.decided_by, made.community) == (world.zhang, world.wenxing)
    assert (made.file_by, made.answer_by) == (date(2026, 10, 9), date(2026, 9, 24))


def test_the_last_day_is_a_whole_day(world: World, decisions: Decisions) -> None:
    about = decisions.about(world.wang, by=world.zhang, at=moment("2026-09-18 15:00"))
    late, last = moment("2026-10-10 00:00"), moment("2026-10-09 23:59")
    given = {"resident": world.wang, "about": about, "text": "我有不同意见", "by": world.wang.account}
    with pytest.raises(appeals.TooLate, match="到10月9日"):
        file(**given, at=late)
    assert file(**given, at=last).file_by == date(2026, 10, 9)


def test_a_weekend_that_is_worked_later_shortens_nothing(world: World, decisions: Decisions) -> None:
    at = moment("2026-11-20 10:00")
    about = decisions.about(world.wang, by=world.chen, at=at)
    told = appeals.days_to_file(world.street.pk, [at])[at]
    Holiday.objects.create(
        sub_district=world.street, day="2026-11-21", is_working=True, name="调休", by=world.he, at=moment("2026-11-20 11:00")
    )  # fmt: skip
    late = clock.at(told, time(20))
    mine = appeals.file(resident=world.wang, about=about, text="不对", by=world.wang.account, at=late)
    assert mine.file_by == told


def test_the_rule_of_the_day_of_the_decision_holds(world: World, decisions: Decisions) -> None:
    changed = date(2026, 9, 21)
    for key, value in ((settings.APPEAL_FILE_DAYS.key, 5), (settings.APPEAL_ANSWER_DAYS.key, 2)):
        Setting.objects.create(sub_district=world.street, key=key, value=value, starts_on=changed, by=world.he)
    Holiday.objects.create(sub_district=world.street, day=date(2026, 9, 22), name="防汛", by=world.he)
    moments = {n: moment(f"2026-09-{n} 09:00") for n in (18, 21)}
    names = {n: decisions.about(world.wang, by=None, at=at, number=n) for n, at in moments.items()}
    states = state_for(world.wang, {names[n]: at for n, at in moments.items()}, at=moment("2026-09-21 10:00"))
    assert [states[names[n]].until for n in (18, 21)] == [date(2026, 10, 10), date(2026, 9, 30)]
    made = file(resident=world.wang, about=names[21], text="理由", by=world.wang.account, at=moment("2026-09-21 10:00"))
    assert made.answer_by == date(2026, 9, 24)
    early = file(
        resident=world.wang, about=names[18], text="理由", by=world.wang.account, at=moment("2026-09-18 10:00")
    )
    assert early.answer_by == date(2026, 9, 28)


def test_what_is_not_there_or_not_ones_own_is_not_found(world: World, decisions: Decisions) -> None:
    about = decisions.about(world.wang, by=world.zhang)
    for resident, name in (
        (world.li, about), (world.wang, "test:2"), (world.wang, "other:1"), (world.wang, "test:"), (world.wang, "test"),
        (world.wang, "test:x"), (world.wang, "test:-1"), (world.wang, "test:99999999999999999999"), (world.wang, ""),
    ):  # fmt: skip
        assert refused(lambda r=resident, n=name: file(resident=r, about=n, text="理由", by=r.account)) == (
            "nothing_to_appeal"
        ), name
    assert not Appeal.objects.exists()


def test_nobody_files_for_another_but_staff_of_the_community(world: World, decisions: Decisions) -> None:
    about = decisions.about(world.zhao, by=world.zhang)

    def by(user: Any) -> Callable[[], Appeal]:
        return lambda: file(resident=world.zhao, about=about, text="老人口述", by=user)

    for stranger in (world.li.account, world.qian):
        assert refused(by(stranger)) == "not_your_appeal"
    assert by(world.chen)().filed_by == world.chen


@pytest.mark.parametrize("text", ["", " \n ", "长" * 501, "一\0二"])
def test_a_reason_is_needed_and_not_a_book(world: World, decisions: Decisions, text: str) -> None:
    about = decisions.about(world.wang, by=world.zhang)
    assert refused(lambda: file(resident=world.wang, about=about, text=text, by=world.wang.account)) == "appeal_text"
    mine = appealed(world.li, decided_by=world.zhang)
    assert refused(lambda: answer(appeal=mine, upheld=False, text=text, by=world.chen)) == "appeal_text"
    assert Appeal.objects.get().status == "filed"


def test_the_longest_reason_is_taken(world: World, decisions: Decisions) -> None:
    about = decisions.about(world.wang, by=world.zhang)
    assert len(file(resident=world.wang, about=about, text="长" * 500, by=world.wang.account).text) == 500


def test_a_second_appeal_is_refused_even_after_the_answer(world: World, decisions: Decisions) -> None:
    about = decisions.about(world.wang, by=world.zhang)

    def again() -> Appeal:
        return file(resident=world.wang, about=about, text="理由", by=world.wang.account)

    mine = again()
    assert refused(again) == "already_appealed"
    answer(appeal=mine, upheld=False, text="核实无误", by=world.chen)
    assert refused(again) == "already_appealed"


@pytest.mark.django_db(transaction=True)
def test_ten_fingers_file_once(world: World, decisions: Decisions) -> None:
    about = decisions.about(world.wang, by=world.zhang)
    act = lambda: file(resident=world.wang, about=about, text="理由", by=world.wang.account)  # noqa: E731
    answers = at_once([act] * 10)
    assert Counter(getattr(one, "code", "done") for one in answers) == {"done": 1, "already_appealed": 9}


@pytest.mark.django_db(transaction=True)
def test_two_who_answer_at_once_make_one_answer(world: World) -> None:
    mine = appealed(world.wang, decided_by=world.zhang)
    acts = [
        lambda by=by, upheld=upheld: answer(
            appeal=mine, upheld=upheld, text="核实", by=by, new_value="待抵扣改为0" if upheld else ""
        )
        for by, upheld in ((world.chen, True), (world.he, False))
    ] * 3
    answers = at_once(acts)
    assert Counter(getattr(one, "code", "done") for one in answers) == {"done": 1, "already_answered": 5}


def test_upholding_names_the_new_result(world: World) -> None:
    mine = appealed(world.wang, decided_by=world.zhang)
    done = answer(appeal=mine, upheld=True, text="签到表上有您", new_value=" 待抵扣改为0 ", by=world.chen)
    kept = Appeal.objects.get()
    assert (kept.status, kept.answer, kept.new_value) == ("upheld", "签到表上有您", "待抵扣改为0")
    assert (kept.answered_by, kept.old_value) == (world.chen, "待抵扣30积分")
    assert kept.answered_at == done.answered_at is not None


@pytest.mark.parametrize(("upheld", "new_value"), [(True, ""), (True, " "), (True, "长" * 201), (False, "改为0")])
def test_the_result_fits_the_conclusion(world: World, upheld: bool, new_value: str) -> None:
    mine = appealed(world.wang, decided_by=world.zhang)
    act = lambda: answer(appeal=mine, upheld=upheld, text="核实", new_value=new_value, by=world.chen)  # noqa: E731
    assert refused(act) == "nothing_changed"
    assert Appeal.objects.get().status == "filed"


def test_who_may_not_answer(world: World) -> None:
    family = relative(world, world.chen)
    decided = appealed(world.wang, decided_by=world.zhang)
    helped = appealed(world.zhao, decided_by=world.he, filed_by=world.zhang)
    at_home = appealed(family, decided_by=world.zhang)
    prepared = appealed(world.li, decided_by=world.he, prepared_by=world.zhang)

    def by(user: Any, mine: Appeal) -> str:
        return refused(lambda: answer(appeal=mine, upheld=False, text="核实", by=user))

    assert by(world.zhang, decided) == "own_decision"
    assert by(world.zhang, helped) == by(world.zhang, prepared) == "own_decision"
    assert by(world.chen, at_home) == "own_family"
    client = cast.staff("interface", "接口", Duty.Role.CLIENT, community=world.wenxing)
    for stranger in (world.qian, client, world.wang.account):
        with pytest.raises(NotYourDuty):
            answer(appeal=decided, upheld=False, text="核实", by=stranger)
    assert not Appeal.objects.answered().exists()


def test_what_is_answered_is_not_answered_again(world: World) -> None:
    mine = appealed(world.wang, decided_by=world.zhang)
    answer(appeal=mine, upheld=False, text="核实无误", by=world.chen)
    act = lambda: answer(appeal=mine, upheld=True, text="改主意", new_value="0", by=world.he)  # noqa: E731
    assert refused(act) == "already_answered"
    assert Appeal.objects.get().answer == "核实无误"


def test_what_nobody_decided_is_answered_by_anybody_on_duty(world: World) -> None:
    mine = appealed(world.wang, decided_by=None)
    assert refusal_to_answer(mine, world.zhang) is None
    assert waiting_for(world.zhang).get() == mine


def test_the_to_do_query_and_the_refusal_agree_for_everybody(world: World) -> None:
    family = relative(world, world.chen)
    alone = cast.resident(world.wenxing, "陈志强独居", "13700000009")
    alone.account, alone.household = world.chen, None
    alone.save()
    made = [
        appealed(alone, decided_by=world.zhang, filed_by=world.he),
        appealed(world.wang, decided_by=world.zhang), appealed(world.li, decided_by=None), appealed(family, decided_by=world.zhang),
        appealed(world.zhao, decided_by=world.he, filed_by=world.zhang),
        appealed(world.zhao, about="test:2", decided_by=world.he, prepared_by=world.zhang),
    ]  # fmt: skip
    made.append(answer(appeal=appealed(world.sun, decided_by=world.zhang), upheld=False, text="否", by=world.he))
    client = cast.staff("interface", "接口", Duty.Role.CLIENT, community=world.wenxing)
    gone = cast.staff("gone", "离职", Duty.Role.WORKER, community=world.wenxing)
    gone.is_active = False
    for user, mine in product((world.zhang, world.chen, world.he, world.qian, client, gone), made):
        assert waiting_for(user).filter(pk=mine.pk).exists() is (refusal_to_answer(mine, user) is None)
    assert waiting_for(world.he).exists() and not waiting_for(world.qian).exists()


def test_the_to_do_row_has_the_nearest_deadline(world: World) -> None:
    soon = clock.today() + timedelta(days=2)
    appealed(world.wang, decided_by=world.zhang)
    appealed(world.li, decided_by=world.zhang, answer_by=soon)
    (row,) = todo.rows_of([appeals.rows], world.chen)
    assert (row.section, row.count, row.url) == ("appeals", 2, "/desk/appeals/")
    assert clock.local(row.deadline).date() == soon
    assert [row.count for row in todo.rows_of([appeals.rows], world.zhang)] == [0]
    assert appeals.rows in todo._providers


def test_whoever_listens_hears_the_answer_in_its_transaction(world: World, monkeypatch) -> None:
    mine, heard = appealed(world.wang, decided_by=world.zhang), []
    monkeypatch.setattr(appeals, "_listeners", [])

    def listen(appeal: Appeal) -> None:
        heard.append((appeal.about, appeal.status))
        raise appeals.BadText

    for _ in range(2):
        appeals.on_answer(listen)
    assert appeals._listeners == [listen]
    assert refused(lambda: answer(appeal=mine, upheld=False, text="核实", by=world.chen)) == "appeal_text"
    assert heard == [("test:1", "rejected")]
    assert Appeal.objects.get().status == "filed"


def test_how_thirty_decisions_stand_costs_what_one_costs(world: World, django_assert_num_queries) -> None:
    filed = appealed(world.wang, about="test:3")
    now = clock.now()
    many = {f"test:{n}": now - timedelta(days=n) for n in range(1, 31)}
    with django_assert_num_queries(3):
        states = state_for(world.wang, many)
    with django_assert_num_queries(3):
        state_for(world.wang, {"test:1": now})
    assert (states["test:3"].appeal, states["test:3"].may_file) == (filed, False)
    assert states["test:1"].may_file and not states["test:30"].may_file
    assert state_for(world.li, many)["test:3"].appeal is None
    assert state_for(world.wang, {}) == {}


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "upheld"},
        {"status": "rejected", "answer": "否", "answered_at": "now"},
        {"status": "rejected", "answered_at": "now", "answered_by": "chen"},
        {"status": "filed", "answer": "否", "answered_at": "now", "answered_by": "chen"},
        {"status": "upheld", "answer": "是", "answered_at": "now", "answered_by": "chen"},
        {"status": "rejected", "answer": "否", "new_value": "0", "answered_at": "now", "answered_by": "chen"},
        {"status": "rejected", "answer": "否", "answered_at": "now", "answered_by": "zhang"},
        {"status": "rejected", "answer": "否", "answered_at": "now", "answered_by": "he"},
        {"status": "rejected", "answer": "否", "answered_at": "now", "answered_by": "chen", "prepared_by": "chen"},
        {"text": ""},
        {"about": ""},
    ],
)
def test_the_database_refuses_what_the_verbs_would_never_write(world: World, fields: dict[str, Any]) -> None:
    mine = appealed(world.wang, decided_by=world.zhang, filed_by=world.he)
    people = {"now": clock.now(), "chen": world.chen, "zhang": world.zhang, "he": world.he}
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.filter(pk=mine.pk).update(**{key: people.get(value, value) for key, value in fields.items()})


def test_the_database_keeps_one_appeal_for_each_decision(world: World) -> None:
    appealed(world.wang)
    with pytest.raises(IntegrityError, match="appeal_once"), transaction.atomic():
        appealed(world.wang)
    appealed(world.li)
