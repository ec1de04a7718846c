"""Who is named on a notice, and who is only counted, and why."""

from datetime import date, timedelta

import pytest
import time_machine

from communities import consents, disclosure
from communities.disclosure import NO_BIRTH_DATE, NO_CONSENT, NOT_CONFIRMED, SHOWN, UNDER_AGE, board_of, reading_of
from communities.models import Consent, Notice, Resident, Setting
from communities.notices import Line
from communities.objections import answer, file
from communities.publishing import sweep, withdraw
from communities.settings import NOTICE_PEOPLE
from core import clock
from tests import world as cast
from tests.communities.noticing import GROWN, agree, crowd, drafted, items, moment, refused, shown
from tests.world import World

pytestmark = pytest.mark.django_db
FRIDAY = moment("2026-09-18 15:00")


def of(people: list[Resident]) -> list[Line]:
    return [Line(f"服务{n}小时", resident=one) for n, one in enumerate(people, 1)]


def named(notice: Notice, at: str = "2026-09-18 16:00") -> list[str]:
    return [line.who for line in board_of(notice, at=moment(at)).lines]


def reasons(notice: Notice) -> dict[str, str]:
    return {item.resident.name: hidden for item, hidden in reading_of(notice).rows if item.resident}


def test_whoever_agreed_is_named_masked_and_the_others_are_a_figure(world: World) -> None:
    people = crowd(world, 9)
    made = shown(world, [*of([*people, world.wang, world.zhao]), Line("结对", subject="博世邻里之家")], at=FRIDAY)
    board = board_of(made, at=FRIDAY)
    assert [line.who for line in board.lines] == [
        "何*安", "吕*静", "施*新", "孔*荣", "曹*庆", "严*梅", "华*兰", "金*月", "魏*军", "博世邻里之家",
    ]  # fmt: skip
    assert (board.people, board.others, board.running, board.until) == (11, 2, True, date(2026, 9, 24))
    assert reasons(made)["王秀兰"] == NO_CONSENT and reasons(made)["何平安"] == SHOWN


def test_a_list_of_nine_names_nobody_but_what_is_no_person(world: World) -> None:
    people = crowd(world, 10)
    made = shown(world, [*of(people[:9]), Line("结对", subject="博世邻里之家")], at=FRIDAY)
    assert named(made) == ["博世邻里之家"] and board_of(made, at=FRIDAY).others == 9
    assert reading_of(made).short == "名单不满10人，一律不列姓名"
    assert len(named(shown(world, of(people), at=FRIDAY))) == 10


def test_one_person_on_many_lines_is_one_person(world: World) -> None:
    people = crowd(world, 9)
    made = shown(world, of([*people, *people]), at=FRIDAY)
    assert (named(made), board_of(made, at=FRIDAY).people) == ([], 9)


def test_fourteen_on_the_opening_day(world: World) -> None:
    crowd_of = crowd(world, 10)
    young = [
        cast.resident(world.wenxing, name, born=born)
        for name, born in (
            ("童小满", date(2012, 9, 18)), ("童小雪", date(2012, 9, 19)), ("童无期", None),
        )
    ]  # fmt: skip
    agree(*young)
    made = shown(world, of([*crowd_of, *young]), at=FRIDAY)
    assert "童*满" in named(made, "2026-09-24 20:00")
    assert not {"童*雪", "童*期"} & set(
        named(made, "2026-09-24 20:00")
    )  # 童小雪 is fourteen by then, not when it opened
    assert (reasons(made)["童小雪"], reasons(made)["童无期"]) == (UNDER_AGE, NO_BIRTH_DATE)


def test_who_is_not_confirmed_is_not_named(world: World) -> None:
    people = crowd(world, 11)
    made = shown(world, of(people), at=FRIDAY)
    Resident.objects.filter(pk=people[0].pk).update(status="declined", decline_reason="搬走")
    Resident.objects.filter(pk=people[1].pk).update(status="pending", decided_at=None)
    assert len(named(made)) == 9
    assert reasons(made)[people[0].name] == reasons(made)[people[1].name] == NOT_CONFIRMED


def test_a_consent_that_is_withdrawn_or_to_an_older_text_names_nobody_from_that_moment(world: World) -> None:
    people = crowd(world, 11)
    made = shown(world, of(people), at=FRIDAY)
    assert len(named(made)) == 11
    consents.withdraw(resident=people[0], purpose=Consent.Purpose.NOTICE, by=world.zhang)
    Consent.objects.filter(resident=people[1]).update(version="2020-01")
    Consent.objects.filter(resident=people[2]).update(purpose="photo")
    assert len(named(made)) == 8 and board_of(made, at=FRIDAY).others == 3


def test_names_stand_in_the_window_alone(world: World) -> None:
    made = shown(world, [*of(crowd(world, 10)), Line("结对", subject="博世邻里之家")], at=FRIDAY)
    assert len(named(made, "2026-09-24 23:59")) == 11
    for at in ("2026-09-25 00:00", "2026-10-20 09:00"):
        assert named(made, at) == ["博世邻里之家"]
    sweep(at=moment("2026-09-25 00:02"))
    made.refresh_from_db()
    board = board_of(made, at=moment("2026-09-24 12:00"))
    assert (len(board.lines), board.people, board.others, board.running) == (1, 10, 10, False)


def test_what_was_taken_down_names_nobody(world: World) -> None:
    made = shown(world, of(crowd(world, 10)), at=FRIDAY)
    withdraw(notice=made, reason="漏人", by=world.chen, at=FRIDAY)
    made.refresh_from_db()
    assert board_of(made, at=FRIDAY).lines == [] and board_of(made, at=FRIDAY).people == 0


def test_a_stopped_line_is_neither_named_nor_counted_and_may_make_the_list_too_short(world: World) -> None:
    made = shown(world, of(crowd(world, 10)), at=FRIDAY)
    mine = file(notice=made, item=items(made)[0], text="不对", by=world.zhang, at=FRIDAY)
    answer(objection=mine, upheld=True, text="核实", by=world.he)
    assert named(made) == [] and board_of(made, at=FRIDAY).people == 9


def test_the_least_is_the_settings_of_the_opening_day_and_never_below_ten(world: World) -> None:
    Setting.objects.create(
        sub_district=world.street, key=NOTICE_PEOPLE.key, value=12, starts_on=date(2026, 9, 19), by=world.he
    )
    people = crowd(world, 11)
    assert len(named(shown(world, of(people), at=FRIDAY))) == 11
    assert named(shown(world, of(people), at=moment("2026-09-21 09:00")), "2026-09-21 10:00") == []
    assert NOTICE_PEOPLE.low == NOTICE_PEOPLE.default == 10


def test_a_draft_is_read_as_if_it_were_published_today(world: World) -> None:
    today = clock.today()
    child = cast.resident(world.wenxing, "童小满", born=today.replace(year=today.year - 14))
    agree(child)
    made = drafted(world, of([*crowd(world, 10), child]))
    assert reasons(made)["童小满"] == SHOWN
    with time_machine.travel(clock.now() - timedelta(days=1)):
        assert reasons(made)["童小满"] == UNDER_AGE


def test_a_list_of_a_hundred_is_read_like_one_of_one(world: World, django_assert_num_queries) -> None:
    one = shown(world, [Line("内容", resident=world.wang)])
    many = [cast.resident(world.wenxing, f"甲乙{n:03d}", born=GROWN) for n in range(40)]
    agree(*many)
    hundred = shown(world, of(many))
    for notice in (one, hundred):
        notice = Notice.objects.select_related("community").get(pk=notice.pk)
        with django_assert_num_queries(5):
            board_of(notice)
    assert refused(lambda: drafted(world, [Line("甲乙001的服务", subject="甲")])) == "not_to_be_shown"
    assert disclosure.CHILD == 14
