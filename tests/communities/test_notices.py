"""One colleague prepares, another publishes; what is shown becomes final only after its window, with nobody objecting."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from communities import notices, objections, publishing, todo
from communities.duties import NotYourDuty
from communities.models import Duty, Holiday, Notice, NoticeItem, Setting
from communities.notices import Line, NotClear, State, add_lines, drop_line, prepare, require_clear, standing, standings
from communities.publishing import end, publish, sweep, withdraw
from communities.settings import NOTICE_DAYS
from core import clock
from tests import world as cast
from tests.activities.cast import relative
from tests.communities.noticing import App, app, drafted, elsewhere, items, moment, refused, shown
from tests.races.together import at_once
from tests.world import World

__all__ = ["app"]
pytestmark = pytest.mark.django_db
FRIDAY = moment("2026-09-18 15:00")  # Sunday the 20th is worked, 25–27 September and 1–7 October are holidays


def test_one_prepares_and_another_publishes_for_five_working_days(world: World) -> None:
    made = drafted(world, title=" 名单公示 ")
    assert (made.title, made.status, made.prepared_by, made.opens_on) == ("名单公示", "draft", world.zhang, None)
    done = publish(notice=made, by=world.chen, at=FRIDAY)
    assert (done.status, done.published_by, done.opens_on) == ("open", world.chen, date(2026, 9, 18))
    assert done.closes_on == date(2026, 9, 24)


def test_a_line_without_a_name_of_its_own_names_itself(world: World) -> None:
    made = drafted(world, [Line("一", subject="甲"), Line("二", resident=world.wang)])
    assert [one.about for one in items(made)] == [f"notice:{one.pk}" for one in items(made)]
    assert items(made)[1].resident == world.wang


def test_who_may_prepare_and_publish(world: World) -> None:
    for stranger in (world.qian, world.wang.account):
        with pytest.raises(NotYourDuty):
            drafted(world, by=stranger)
    made = drafted(world)
    for colleague in (world.qian, cast.staff("other", "同事", Duty.Role.WORKER, community=world.wenxing)):
        with pytest.raises(NotYourDuty):
            publish(notice=made, by=colleague)
    own = drafted(world, by=world.chen)
    assert refused(lambda: publish(notice=own, by=world.chen)) == "own_notice"
    assert publish(notice=own, by=world.he).status == "open"
    assert refused(lambda: publish(notice=own, by=world.he)) == "notice_published"


def test_nobody_publishes_what_the_own_family_stands_in(world: World) -> None:
    family = relative(world, world.chen)
    made = drafted(world, [Line("服务120小时", resident=family)])
    assert refused(lambda: publish(notice=made, by=world.chen)) == "own_family_in_notice"
    unknown = cast.staff("head2", "新主任", Duty.Role.HEAD, own_phone="", community=world.wenxing)
    assert refused(lambda: publish(notice=made, by=unknown)) == "own_phone_missing"
    assert publish(notice=made, by=world.he).status == "open"
    assert publish(notice=drafted(world), by=unknown).status == "open"  # nobody's family is a partner


def test_the_to_do_query_and_the_refusal_agree_for_everybody(world: World) -> None:
    family = relative(world, world.chen)
    unknown = cast.staff("head2", "新主任", Duty.Role.HEAD, own_phone="", community=world.wenxing)
    made = [
        drafted(world), drafted(world, by=world.chen), drafted(world, []), shown(world),
        drafted(world, [Line("一", resident=family)]), drafted(world, [Line("二", resident=world.wang)]),
    ]  # fmt: skip
    for user in (world.zhang, world.chen, world.he, world.qian, unknown):
        for one in made:
            answer = publishing.refusal_to_publish(one, user, list(one.items.select_related("resident"))) is None
            assert publishing.waiting_for(user).filter(pk=one.pk).exists() is answer, (user, one.pk)
    assert [row.count for row in todo.rows_of([publishing.rows], world.chen)] == [2]
    assert [row.count for row in todo.rows_of([publishing.rows], world.zhang)] == [0]


@pytest.mark.parametrize(
    "fields", [{"title": ""}, {"title": " "}, {"title": "长" * 61}, {"text": "长" * 501}, {"title": "一\0"}]
)
def test_a_title_is_needed_and_not_a_book(world: World, fields: dict[str, Any]) -> None:
    assert refused(lambda: drafted(world, **fields)) == "bad_notice"
    assert not Notice.objects.exists()


def test_a_line_is_about_one_thing_of_the_sub_district(world: World, app: App) -> None:
    far = elsewhere(world.hualin, "远方人")
    for line in (
        Line("", subject="甲"), Line("长" * 101, subject="甲"), Line("内容"), Line("内容", world.wang, "甲"), Line("内容", far),
        Line("内容", subject="长" * 61), Line("一\0", subject="甲"), app.line(about="other:1"), app.line(about="test:"),
        app.line(about="test:x"), app.line(about="notice:1"), app.line(about="test:0"),
    ):  # fmt: skip
        assert refused(lambda one=line: drafted(world, [one])) == "bad_notice_line", line
    assert not Notice.objects.exists()
    assert len(items(drafted(world, [Line("长" * 100, subject="长" * 60), app.line(), Line("内容", world.zhou)]))) == 3


def test_a_notice_holds_five_hundred_lines(world: World) -> None:
    made = drafted(world, [Line(f"内容{n}", subject="项目") for n in range(500)])
    assert (
        refused(lambda: add_lines(notice=made, lines=[Line("一", subject="甲")], by=world.zhang)) == "bad_notice_line"
    )


def test_a_draft_is_changed_and_a_published_one_never(world: World) -> None:
    made = drafted(world)
    add_lines(notice=made, lines=[Line("二", subject="乙")], by=world.zhang)
    with pytest.raises(NotYourDuty):
        add_lines(notice=made, lines=[Line("三", subject="丙")], by=world.qian)
    drop_line(item=items(made)[0], by=world.chen)
    publish(notice=made, by=world.chen)
    assert (
        refused(lambda: add_lines(notice=made, lines=[Line("三", subject="丙")], by=world.zhang)) == "notice_published"
    )
    assert refused(lambda: drop_line(item=items(made)[0], by=world.zhang)) == "notice_published"
    assert [one.said for one in items(made)] == ["二"]


def test_an_empty_list_is_not_published(world: World) -> None:
    made = drafted(world, [])
    assert refused(lambda: publish(notice=made, by=world.chen)) == "notice_empty"


def test_what_is_on_a_list_is_not_put_on_another(world: World, app: App) -> None:
    line = app.line()
    first = drafted(world, [line])
    assert refused(lambda: drafted(world, [line])) == "already_shown"
    withdraw(notice=first, reason="写错了", by=world.zhang)
    again = drafted(world, [line])
    publish(notice=again, by=world.chen)
    assert refused(lambda: drafted(world, [line])) == "already_shown"


@pytest.mark.django_db(transaction=True)
def test_ten_who_show_the_same_show_it_once(world: World, app: App) -> None:
    line = app.line()
    answers = at_once([lambda: drafted(world, [line])] * 10)
    assert sorted(getattr(one, "code", "done") for one in answers) == ["already_shown"] * 9 + ["done"]


def test_a_name_that_changed_since_the_draft_is_noticed_when_it_is_published(world: World) -> None:
    made = drafted(world, [Line("清风亭值守", resident=world.wang)])
    world.wang.name = "清风亭"
    world.wang.save()
    assert refused(lambda: publish(notice=made, by=world.chen)) == "not_to_be_shown"


def test_nothing_becomes_final_before_the_last_day_is_over(world: World, app: App) -> None:
    line = app.line()
    assert standing(line.about).state == State.NONE
    with pytest.raises(NotClear, match="还没有公示"):
        require_clear(line.about)
    made = drafted(world, [line])
    assert standing(line.about).state == State.NONE
    publish(notice=made, by=world.chen, at=FRIDAY)
    last, over = moment("2026-09-24 23:59"), moment("2026-09-25 00:00")
    found = standing(line.about, at=last)
    assert (found.state, found.until) == (State.WAITING, date(2026, 9, 24))
    with pytest.raises(NotClear, match="公示到9月24日"):
        require_clear(line.about, at=last)
    require_clear(line.about, at=over)
    assert standing(line.about, at=over).state == State.CLEAR


def test_a_holiday_that_is_declared_later_lengthens_and_a_worked_weekend_shortens_nothing(
    world: World, app: App
) -> None:
    line = app.line()
    shown(world, [line], at=FRIDAY)
    written = {"sub_district": world.street, "by": world.he, "at": moment("2026-09-19 09:00")}
    Holiday.objects.create(day="2026-09-19", is_working=True, name="调休", **written)
    assert standing(line.about, at=FRIDAY).until == date(2026, 9, 24)
    Holiday.objects.create(day="2026-09-22", name="防汛", **written)
    assert standing(line.about, at=moment("2026-09-25 10:00")).state == State.WAITING  # 25–27 September are holidays
    assert standing(line.about, at=FRIDAY).until == date(2026, 9, 28)
    assert standing(line.about, at=moment("2026-09-29 00:00")).state == State.CLEAR


def test_a_holiday_that_is_struck_off_later_shortens_nothing(world: World, app: App) -> None:
    line = app.line()
    written = {"sub_district": world.street, "by": world.he, "at": moment("2026-09-17 09:00")}
    off = Holiday.objects.create(day="2026-09-22", name="防汛", **written)
    shown(world, [line], at=FRIDAY)
    assert standing(line.about, at=FRIDAY).until == date(2026, 9, 28)
    off.delete()
    assert standing(line.about, at=FRIDAY).until == date(2026, 9, 28)


def test_the_rule_of_the_day_of_publication_holds(world: World, app: App) -> None:
    Setting.objects.create(
        sub_district=world.street, key=NOTICE_DAYS.key, value=2, starts_on=date(2026, 9, 21), by=world.he
    )
    early, late = app.line(), app.line()
    shown(world, [early], at=FRIDAY)
    shown(world, [late], at=moment("2026-09-21 09:00"))
    until = {about: one.until for about, one in standings([early.about, late.about], at=FRIDAY).items()}
    assert until == {early.about: date(2026, 9, 24), late.about: date(2026, 9, 23)}


def test_an_open_objection_holds_its_line_and_the_whole_holds_all(world: World, app: App) -> None:
    one, two = app.line(), app.line()
    made = shown(world, [one, two], at=FRIDAY)
    mine = objections.file(
        notice=made, item=items(made)[0], text="名单不实", by=world.zhang, at=moment("2026-09-24 23:59")
    )
    over = moment("2026-10-12 09:00")
    states = lambda: [standings([one.about, two.about], at=over)[a].state for a in (one.about, two.about)]  # noqa: E731
    assert states() == [State.OBJECTED, State.CLEAR]
    with pytest.raises(NotClear, match="提出异议"):
        require_clear(one.about, at=over)
    assert not end(notice=made, at=over)
    objections.answer(objection=mine, upheld=False, text="核实无误", by=world.he, at=over)
    assert states() == [State.CLEAR, State.CLEAR]
    objections.Objection.objects.create(
        notice=made, text="整份不实", filed_by=world.zhang, answer_by=date(2026, 10, 20)
    )
    assert states() == [State.OBJECTED, State.OBJECTED]


def test_what_was_stopped_stays_stopped_until_it_is_shown_anew(world: World, app: App) -> None:
    line = app.line()
    made = shown(world, [line], at=FRIDAY)
    mine = objections.file(notice=made, item=items(made)[0], text="不实", by=world.zhang, at=FRIDAY)
    objections.answer(objection=mine, upheld=True, text="核实不符", by=world.he, at=FRIDAY)
    with pytest.raises(NotClear, match="异议成立"):
        require_clear(line.about, at=moment("2026-10-12 09:00"))
    again = shown(world, [line], at=moment("2026-10-12 09:00"))
    assert standing(line.about, at=moment("2026-10-12 10:00")).notice == again
    require_clear(line.about, at=moment("2026-10-20 00:00"))


def test_what_was_withdrawn_was_never_shown(world: World, app: App) -> None:
    line = app.line()
    made = shown(world, [line], at=FRIDAY)
    with pytest.raises(NotYourDuty):
        withdraw(notice=made, reason="漏人", by=world.zhang, at=FRIDAY)
    assert refused(lambda: withdraw(notice=made, reason=" ", by=world.chen, at=FRIDAY)) == "notice_reason"
    done = withdraw(notice=made, reason=" 漏列两人 ", by=world.chen, at=FRIDAY)
    assert (done.status, done.end_reason, done.ended_by, app.stopped) == (
        "withdrawn", "漏列两人", world.chen, [line.about],
    )  # fmt: skip
    assert standing(line.about, at=moment("2026-10-20 00:00")).state == State.NONE
    assert refused(lambda: withdraw(notice=made, reason="再来", by=world.chen)) == "notice_published"


def test_a_draft_that_is_dropped_tells_nobody(world: World, app: App) -> None:
    withdraw(notice=drafted(world, [app.line()]), reason="不办了", by=world.zhang)
    assert app.stopped == []


def test_what_is_over_is_not_taken_down(world: World, app: App) -> None:
    line = app.line()
    made = shown(world, [line], at=FRIDAY)
    over = moment("2026-09-25 00:00")
    assert refused(lambda: withdraw(notice=made, reason="反悔", by=world.chen, at=over)) == "notice_over"
    require_clear(line.about, at=over)


def test_the_sweep_ends_what_is_over_once_and_tells_the_app(world: World, app: App) -> None:
    one, two = app.line(), app.line()
    made = shown(world, [one, two], at=FRIDAY)
    assert sweep(at=moment("2026-09-24 23:59")) == 0 and app.clear == []
    assert sweep(at=moment("2026-09-25 00:02")) == 1
    assert sweep(at=moment("2026-09-25 01:02")) == 0
    assert app.clear == [one.about, two.about]
    made.refresh_from_db()
    assert (made.status, made.ended_at, made.ended_by) == ("ended", moment("2026-09-25 00:02"), None)
    require_clear(one.about, at=moment("2026-09-25 00:03"))
    assert refused(lambda: withdraw(notice=made, reason="反悔", by=world.chen)) == "notice_published"


def test_the_sweep_waits_for_a_lengthened_window_and_an_answer(world: World, app: App) -> None:
    made = shown(world, [app.line()], at=FRIDAY)
    Holiday.objects.create(
        sub_district=world.street, day="2026-09-22", name="防汛", by=world.he, at=moment("2026-09-19 09:00")
    )
    assert sweep(at=moment("2026-09-26 00:02")) == 0
    mine = objections.file(notice=made, text="有疑问", by=world.zhang, at=moment("2026-09-28 20:00"))
    assert sweep(at=moment("2026-09-30 00:02")) == 0
    objections.answer(objection=mine, upheld=False, text="核实无误", by=world.he)
    assert sweep(at=moment("2026-09-30 01:02")) == 1


def test_a_listener_that_refuses_keeps_the_notice_open(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "_homes", dict(notices._homes))

    def listen(item: NoticeItem) -> None:
        raise NotClear

    notices.register("test", on_clear=listen)
    made = shown(world, [Line("内容", subject="甲", about="test:9001")], at=FRIDAY)
    assert refused(lambda: sweep(at=moment("2026-09-29 00:02"))) == "notice_not_clear"
    made.refresh_from_db()
    assert made.status == "open"


def test_how_thirty_stand_costs_what_one_costs(world: World, app: App, django_assert_num_queries) -> None:
    lines = [app.line() for _ in range(30)]
    for line in lines:
        shown(world, [line])
    abouts = [line.about for line in lines]
    with django_assert_num_queries(3):
        found = standings(abouts)
    with django_assert_num_queries(3):
        standings(abouts[:1])
    assert {one.state for one in found.values()} == {State.WAITING}
    assert standings([]) == {}


def test_the_window_is_between_one_and_thirty_days(world: World) -> None:
    assert (NOTICE_DAYS.default, NOTICE_DAYS.low, NOTICE_DAYS.high) == (5, 1, 30)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "open"}, {"status": "ended"}, {"opens_on": date(2026, 9, 1)}, {"status": "withdrawn", "ended_at": "now"},
        {"status": "withdrawn", "end_reason": "错"},
    ],
)  # fmt: skip
def test_the_database_refuses_a_state_without_its_dates(world: World, fields: dict[str, Any]) -> None:
    made = drafted(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.filter(pk=made.pk).update(**{k: clock.now() if v == "now" else v for k, v in fields.items()})


def test_prepare_takes_the_moment_it_is_given(world: World) -> None:
    made = prepare(community=world.wenxing, title="公示", by=world.zhang, at=FRIDAY)
    assert made.prepared_at == FRIDAY and not made.items.exists()
