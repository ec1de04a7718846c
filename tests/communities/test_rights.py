"""我的信息: what is asked is answered in writing, in time, by a colleague who is no kin; the copy holds all and nobody else."""

import csv
import io
import json
import zipfile
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities import access, consents, copying, rights, settings, todo
from communities.duties import NotYourDuty
from communities.models import Consent, Resident, RightsRequest, User
from communities.ownership import OwnersOnly
from core import clock
from notifications.models import Message
from tests import world as cast
from tests.world import World

pytestmark = pytest.mark.django_db
Kind = RightsRequest.Kind


@pytest.fixture
def asked(world: World) -> RightsRequest:
    assert world.wang.account
    with time_machine.travel(clock.at(date(2026, 11, 23), clock.local(clock.now()).time()), tick=False):
        return rights.file(resident=world.wang, kind=Kind.CORRECT, text="名字写错了", by=world.wang.account)


def test_a_request_is_answered_within_fifteen_working_days(asked: RightsRequest, world: World) -> None:
    assert settings.DECLARED["privacy.rights_answer_wd"].default == 15
    assert asked.answer_by == date(2026, 12, 14)
    (row,) = todo.rows_of([rights.rows], world.zhang)
    assert row.count == 1 and row.deadline and clock.local(row.deadline).date() == asked.answer_by
    assert todo.rows_of([rights.rows], world.qian)[0].count == 0


def test_taking_it_moves_it_off_the_desks_of_the_others(asked: RightsRequest, world: World) -> None:
    rights.take(asked=asked, by=world.zhang)
    assert (
        todo.rows_of([rights.rows], world.zhang)[0].count == 1 and todo.rows_of([rights.rows], world.chen)[0].count == 0
    )
    rights.take(asked=asked, by=world.chen)
    asked.refresh_from_db()
    assert asked.handler == world.chen


@pytest.mark.parametrize(("done", "status"), [(True, "done"), (False, "refused")])
def test_the_answer_is_in_writing_and_the_resident_hears_of_it(
    asked: RightsRequest, world: World, done: bool, status: str
) -> None:
    with pytest.raises(rights.SaysNothing):
        rights.answer(asked=asked, done=done, text=" ", by=world.zhang)
    rights.answer(asked=asked, done=done, text="已按身份证改正", by=world.zhang)
    asked.refresh_from_db()
    assert (asked.status, asked.answered_by, asked.handler) == (status, world.zhang, world.zhang)
    told = Message.objects.get(resident=world.wang, occasion=f"rights:{asked.pk}:answered")
    assert "更正信息" in told.body and "身份证" not in told.body
    with pytest.raises(rights.AlreadyAnswered):
        rights.answer(asked=asked, done=done, text="再答一次", by=world.zhang)


def test_neither_a_stranger_nor_kin_answers(asked: RightsRequest, world: World) -> None:
    with pytest.raises(NotYourDuty):
        rights.answer(asked=asked, done=True, text="好", by=world.qian)
    User.objects.filter(pk=world.zhang.pk).update(own_phone=world.wang.phone)
    world.zhang.refresh_from_db()
    with pytest.raises(rights.OwnRequest):
        rights.take(asked=asked, by=world.zhang)
    assert todo.rows_of([rights.rows], world.zhang)[0].count == 0


def test_an_account_is_closed_by_closing_it_and_refused_in_words(world: World) -> None:
    assert world.wang.account
    asked = rights.file(resident=world.wang, kind=Kind.CLOSE, text="", by=world.wang.account)
    with pytest.raises(rights.CloseInstead):
        rights.answer(asked=asked, done=True, text="好", by=world.zhang)
    rights.answer(asked=asked, done=False, text="请先退课", by=world.zhang)


def test_the_same_thing_is_asked_once_at_a_time(asked: RightsRequest, world: World) -> None:
    assert world.wang.account
    with pytest.raises(rights.AlreadyAsked):
        rights.file(resident=world.wang, kind=Kind.CORRECT, text="还是错", by=world.wang.account)
    rights.withdraw(asked=asked, by=world.wang.account)
    rights.file(resident=world.wang, kind=Kind.CORRECT, text="又错了", by=world.wang.account)
    with pytest.raises(rights.AlreadyAnswered):
        rights.withdraw(asked=asked, by=world.wang.account)


def test_the_resident_asks_and_staff_ask_for_who_comes_to_the_counter(world: World) -> None:
    assert world.li.account
    with pytest.raises(OwnersOnly):
        rights.file(resident=world.wang, kind=Kind.EXPLAIN, text="为什么", by=world.li.account)
    with pytest.raises(NotYourDuty):
        rights.file(resident=world.zhao, kind=Kind.EXPLAIN, text="为什么", by=world.qian)
    made = rights.file(resident=world.zhao, kind=Kind.EXPLAIN, text="为什么", by=world.zhang)
    assert made.filed_by == world.zhang
    for text in ("", "x" * 501, "a\0b"):
        with pytest.raises(rights.SaysNothing):
            rights.file(resident=world.zhao, kind=Kind.DELETE, text=text, by=world.zhang)


def test_the_copy_holds_what_every_app_keeps(world: World) -> None:
    account = world.wang.account
    assert account
    cast.seated(cast.course(world.wenxing, title="花艺插花"), world.wang)
    consents.give(resident=world.wang, purpose=Consent.Purpose.NOTICE, by=account, way=Consent.Way.TAP)
    access.look(by=world.zhang, community=world.wenxing, resident=world.wang, what="手机号", purpose="电话联系本人")
    found = {table.key: table for table in copying.tables(world.wang)}
    assert {"file", "consents", "points", "enrolments", "service", "messages", "appeals", "looks", "requests"} <= set(
        found
    )
    assert ["手机号", "13812346021"] in found["file"].lines
    assert found["enrolments"].lines[0][0] == "花艺插花"
    assert found["looks"].lines[0][1:] == ["文兴社区", "手机号", "电话联系本人"]
    assert "张晓燕" not in str(found)  # which colleague it was stands in the log, not here


def test_nobody_else_is_in_the_copy(world: World) -> None:
    Resident.objects.filter(pk=world.li.pk).update(household=world.wang.household)
    cast.seated(cast.course(world.wenxing, price=0), world.li)
    said = copying.as_json(copying.tables(world.wang), clock.now()).decode()
    for word in ("李建国", "13912341187", "赵玉珍", "周海涛"):
        assert word not in said


def test_json_and_tables_say_the_same(world: World) -> None:
    found = copying.tables(world.wang)
    said = json.loads(copying.as_json(found, clock.now()))
    bundle = zipfile.ZipFile(io.BytesIO(copying.as_zip(found, clock.now())))
    assert set(bundle.namelist()) == {f"{table.title}.csv" for table in found} | {"全部信息.json"}
    for table in found:
        rows = list(csv.DictReader(io.StringIO(bundle.read(f"{table.title}.csv").decode("utf-8-sig"))))
        assert len(rows) == len(said[table.key]) == len(table.lines)
        assert [list(row) for row in rows] == [list(row) for row in said[table.key]]


def test_a_formula_stays_a_text_in_the_table() -> None:
    table = copying.Table("x", "备注", ("内容",), [["=HYPERLINK(1)"], ["-60"], ["+1-1"]])
    text = zipfile.ZipFile(io.BytesIO(copying.as_zip([table], clock.now()))).read("备注.csv").decode("utf-8-sig")
    assert text.split() == ["内容", "'=HYPERLINK(1)", "-60", "'+1-1"]


def test_reading_it_takes_as_many_queries_for_one_row_as_for_thirty(world: World) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            copying.tables(world.wang)
        return len(seen)

    queries()
    cast.seated(cast.course(world.wenxing, title="一"), world.wang)
    first = queries()
    for number in range(30):
        cast.seated(cast.course(world.wenxing, title=f"课{number}", price=0), world.wang)
        access.look(by=world.zhang, community=world.wenxing, resident=world.wang, what="手机号", purpose="电话")
    assert queries() == first
