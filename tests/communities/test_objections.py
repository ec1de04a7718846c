"""Whoever lives here may object while a notice runs; somebody who had no part in it answers, once."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from communities import objections, todo
from communities.duties import NotYourDuty
from communities.models import Duty, Holiday, Objection, Resident, User
from communities.notices import Line
from communities.objections import answer, concerned_by, file, refusal_to_answer, waiting_for
from core import clock
from notifications.models import Message
from tests import world as cast
from tests.activities.cast import relative
from tests.communities.noticing import App, app, items, moment, refused, shown
from tests.races.together import at_once
from tests.world import World

__all__ = ["app"]
pytestmark = pytest.mark.django_db
FRIDAY = moment("2026-09-18 15:00")


def account(resident: Resident) -> User:
    assert resident.account
    return resident.account


def test_a_resident_objects_to_a_line_and_hears_the_answer(world: World) -> None:
    made = shown(world, [Line("120小时", resident=world.zhao)], at=FRIDAY)
    mine = file(notice=made, item=items(made)[0], text=" 时长不对 ", by=account(world.li), resident=world.li, at=FRIDAY)
    assert (mine.text, mine.status, mine.resident, mine.answer_by) == ("时长不对", "filed", world.li, date(2026, 9, 24))
    done = answer(objection=mine, upheld=False, text="核对签到表无误", by=world.he)
    assert (done.status, done.answered_by) == ("rejected", world.he)
    told = Message.objects.get(occasion=f"objection:{mine.pk}:answered")
    assert told.resident == world.li and told.link == f"/notices/{made.pk}/" and "不成立" in told.body


def test_objecting_ends_at_midnight_of_the_last_day(world: World) -> None:
    made = shown(world, at=FRIDAY)
    given = {"notice": made, "text": "有疑问", "by": account(world.wang), "resident": world.wang}
    with pytest.raises(objections.WindowShut, match="公示到9月24日"):
        file(**given, at=moment("2026-09-25 00:00"))
    assert file(**given, at=moment("2026-09-24 23:59")).pk


def test_a_holiday_declared_since_leaves_more_time(world: World) -> None:
    made = shown(world, at=FRIDAY)
    Holiday.objects.create(
        sub_district=world.street, day="2026-09-22", name="防汛", by=world.he, at=moment("2026-09-19 09:00")
    )
    late = moment("2026-09-28 23:00")
    assert file(notice=made, text="有疑问", by=account(world.wang), resident=world.wang, at=late).pk


def test_who_may_object(world: World) -> None:
    made = shown(world)

    def by(user: User, resident: Resident | None) -> str:
        return refused(lambda: file(notice=made, text="有疑问", by=user, resident=resident))

    assert by(account(world.sun), world.sun) == "not_your_objection"  # not confirmed yet
    assert by(account(world.zhou), world.zhou) == "not_your_objection"  # of another community
    assert by(account(world.li), world.wang) == "not_your_objection"  # for somebody else
    assert by(account(world.li), None) == by(world.qian, None) == "not_your_objection"
    assert by(world.zhang, world.zhou) == "not_your_objection"
    assert not Objection.objects.exists()
    assert file(notice=made, text="电话里说的", by=world.zhang).resident is None
    assert file(notice=made, text="窗口说的", by=world.zhang, resident=world.zhao).filed_by == world.zhang


@pytest.mark.parametrize("text", ["", " \n", "长" * 501, "一\0二"])
def test_a_reason_is_needed_and_not_a_book(world: World, text: str) -> None:
    made = shown(world)
    assert refused(lambda: file(notice=made, text=text, by=world.zhang)) == "objection_text"
    mine = file(notice=made, text="长" * 500, by=world.zhang)
    assert refused(lambda: answer(objection=mine, upheld=True, text=text, by=world.he)) == "objection_text"
    assert Objection.objects.get().status == "filed"


def test_one_objects_to_each_line_once(world: World) -> None:
    made = shown(world, [Line("一", subject="甲"), Line("二", subject="乙")])
    given = {"notice": made, "by": account(world.li), "resident": world.li, "text": "不对"}
    for item in (None, *items(made)):
        file(**given, item=item)
        assert refused(lambda one=item: file(**given, item=one)) == "already_objected"
    assert Objection.objects.count() == 3
    file(notice=made, text="来电一", by=world.zhang)
    file(notice=made, text="来电二", by=world.zhang)


@pytest.mark.django_db(transaction=True)
def test_ten_fingers_object_once(world: World) -> None:
    made = shown(world)
    act = lambda: file(notice=made, text="不对", by=account(world.li), resident=world.li)  # noqa: E731
    answers = at_once([act] * 10)
    assert Counter(getattr(one, "code", "done") for one in answers) == {"done": 1, "already_objected": 9}


@pytest.mark.django_db(transaction=True)
def test_two_who_answer_at_once_make_one_answer(world: World, app: App) -> None:
    made = shown(world, [app.line()])
    mine = file(notice=made, item=items(made)[0], text="不对", by=world.zhang)
    second = cast.staff("second", "第二位", Duty.Role.WORKER, community=world.wenxing)
    acts = [
        lambda by=by, upheld=upheld: answer(objection=mine, upheld=upheld, text="核实", by=by)
        for by, upheld in ((world.he, True), (second, False))
    ] * 3
    answers = at_once(acts)
    assert Counter(getattr(one, "code", "done") for one in answers) == {"done": 1, "objection_answered": 5}
    assert len(app.stopped) == (Objection.objects.get().status == "upheld")


def test_only_what_is_shown_and_still_stands_is_objected_to(world: World) -> None:
    made, other = shown(world, [Line("一", subject="甲"), Line("二", subject="乙")]), shown(world)
    first = items(made)[0]
    mine = file(notice=made, item=first, text="不对", by=world.zhang)
    answer(objection=mine, upheld=True, text="核实", by=world.he)
    for item in (first, items(other)[0]):
        assert refused(lambda one=item: file(notice=made, item=one, text="不对", by=world.chen)) == "no_such_line"


def test_upholding_one_line_stops_it_alone(world: World, app: App) -> None:
    one, two = app.line(), app.line()
    made = shown(world, [one, two])
    mine = file(notice=made, item=items(made)[0], text="不对", by=world.zhang)
    answer(objection=mine, upheld=True, text="核实不符", by=world.he)
    first, second = items(made)
    assert (first.live, bool(first.stopped_at), second.live, app.stopped) == (False, True, True, [one.about])
    made.refresh_from_db()
    assert made.status == "open"


def test_upholding_the_whole_stops_everything(world: World, app: App) -> None:
    lines = [app.line(), app.line()]
    made = shown(world, lines)
    mine = file(notice=made, text="没有开会评议", by=account(world.li), resident=world.li)
    answer(objection=mine, upheld=True, text="核实，程序不全", by=world.he)
    made.refresh_from_db()
    assert (made.status, made.ended_by, app.stopped) == ("withdrawn", world.he, [line.about for line in lines])
    assert all(one.stopped_at and not one.live for one in items(made))


def test_who_may_not_answer(world: World) -> None:
    family = relative(world, world.he)
    made = shown(world, [Line("一", resident=family), Line("二", resident=world.wang)])
    on_family, on_wang = items(made)
    third = cast.staff("third", "第三位", Duty.Role.WORKER, community=world.wenxing)

    def by(user: User, **fields: Any) -> str:
        mine = file(notice=made, text="不对", by=fields.pop("by", third), **fields)
        return refused(lambda: answer(objection=mine, upheld=False, text="核实", by=user))

    assert by(world.zhang) == by(world.chen) == by(third) == "own_notice_objection"
    assert by(world.he, item=on_family) == by(world.he) == "own_family_objection"  # the whole concerns everybody on it
    assert by(world.he, item=on_wang, resident=family) == "own_family_objection"
    client = cast.staff("interface", "接口", Duty.Role.CLIENT, community=world.wenxing)
    for stranger in (world.qian, client, account(world.wang)):
        with pytest.raises(NotYourDuty):
            answer(objection=Objection.objects.all()[0], upheld=False, text="核实", by=stranger)
    assert not Objection.objects.answered().exists()
    mine = file(notice=made, item=on_wang, text="不对", by=third)
    assert answer(objection=mine, upheld=False, text="核实", by=world.he).status == "rejected"


def test_the_to_do_query_and_the_refusal_agree_for_everybody(world: World) -> None:
    family = relative(world, world.he)
    first = shown(world, [Line("一", resident=family), Line("二", resident=world.wang)])
    second = shown(world, [Line("三", resident=world.zhao)])
    third = cast.staff("third", "第三位", Duty.Role.WORKER, community=world.wenxing)
    a, b = items(first)
    made = [
        file(notice=first, text="整份", by=third), file(notice=first, item=a, text="一", by=third),
        file(notice=first, item=b, text="二", by=world.zhang), file(notice=second, text="整份", by=world.he),
        file(notice=second, text="家人提的", by=third, resident=family),
        answer(objection=file(notice=second, item=items(second)[0], text="三", by=third), upheld=True, text="是", by=world.he),
    ]  # fmt: skip
    made.append(file(notice=shown(world), text="没有留名，也不关居民", by=third))
    client = cast.staff("interface", "接口", Duty.Role.CLIENT, community=world.wenxing)
    unknown = cast.staff("unknown", "无号码", Duty.Role.WORKER, own_phone="", community=world.wenxing)
    for user, one in product((world.zhang, world.chen, world.he, world.qian, third, client, unknown), made):
        expected = refusal_to_answer(one, user, concerned_by(one)) is None
        assert waiting_for(user).filter(pk=one.pk).exists() is expected, (user, one.text)
    assert waiting_for(world.he).exists() and waiting_for(third).exists() and waiting_for(unknown).count() == 1


def test_an_objection_is_answered_even_when_the_notice_was_taken_down(world: World) -> None:
    made = shown(world)
    mine = file(notice=made, text="不对", by=world.zhang)
    objections.publishing.withdraw(notice=made, reason="更正", by=world.chen)
    assert answer(objection=mine, upheld=True, text="已更正", by=world.he).status == "upheld"
    made.refresh_from_db()
    assert made.end_reason == "更正"


def test_the_to_do_row_has_the_nearest_deadline(world: World) -> None:
    made = shown(world)
    for day in (9, 2):
        mine = file(notice=made, text=f"{day}", by=world.zhang)
        Objection.objects.filter(pk=mine.pk).update(answer_by=clock.today().replace(year=2027, month=1, day=day))
    (row,) = todo.rows_of([objections.rows], world.he)
    assert (row.section, row.count, row.url) == ("notices", 2, "/desk/objections/")
    assert row.deadline and clock.local(row.deadline).date() == date(2027, 1, 2)
    assert objections.rows in todo._providers and [
        one.count for one in todo.rows_of([objections.rows], world.zhang)
    ] == [0]


def test_whoever_listens_hears_the_answer_in_its_transaction(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = file(notice=shown(world), text="不对", by=world.zhang)
    monkeypatch.setattr(objections, "_listeners", [])

    def listen(objection: Objection) -> None:
        raise objections.BadText

    for _ in range(2):
        objections.on_answer(listen)
    assert objections._listeners == [listen]
    assert refused(lambda: answer(objection=mine, upheld=True, text="核实", by=world.he)) == "objection_text"
    assert Objection.objects.get().status == "filed"


@pytest.mark.parametrize(
    "fields",
    [
        {"text": ""}, {"status": "upheld"}, {"status": "rejected", "answer": "否", "answered_at": "now"},
        {"status": "rejected", "answer": "否", "answered_at": "now", "answered_by": "zhang"},
        {"answer": "否"},
    ],
)  # fmt: skip
def test_the_database_refuses_what_the_verbs_would_never_write(world: World, fields: dict[str, Any]) -> None:
    mine = file(notice=shown(world), text="不对", by=world.zhang)
    people: dict[str, Any] = {"now": clock.now(), "zhang": world.zhang}
    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.filter(pk=mine.pk).update(**{key: people.get(value, value) for key, value in fields.items()})


def test_nobody_who_had_a_part_slips_past_the_database(world: World) -> None:
    """Not even with the verb's own question gone: the CHECK becomes the same refusal."""
    act: Callable[[], object] = lambda: answer(  # noqa: E731
        objection=file(notice=shown(world), text="不对", by=world.he), upheld=False, text="否", by=world.he
    )
    assert refused(act) == "own_notice_objection"
