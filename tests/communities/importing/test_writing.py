"""A messy sheet of two thousand rows: each row gets what it should, and what was written can be found and claimed."""

from datetime import date
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities import registration, sealing
from communities.importing import batches, judging, work, writing
from communities.models import Batch, Change, Community, Line, Resident, User
from core import clock
from tests.communities.importing.made import cells, fates, imported, messy, number, person, spoilt, uploaded, xlsx
from tests.world import World

pytestmark = pytest.mark.django_db
Fate = Line.Fate


def test_two_thousand_messy_rows_each_get_what_they_should(world: World) -> None:
    content, expected = messy()
    before = Resident.objects.count()
    batch = uploaded(content, world.wenxing, world.zhang)
    assert (batch.status, batch.total, batch.done, batch.sheet) == (Batch.Status.READY, 2000, 2000, None)
    assert fates(batch) == expected
    assert Resident.objects.count() == before  # nothing is written before somebody says so
    assert all(line.said for line in batch.lines.filter(fate__in=[Fate.WRONG, Fate.REPEATED]))
    work.carry_on(batches.confirm(batch=batch, by=world.zhang).pk)
    new = [line for line, fate in expected.items() if fate == Fate.NEW]
    assert Resident.objects.count() == before + len(new)
    batch.refresh_from_db()
    assert (batch.status, batch.done) == (Batch.Status.DONE, 2000)
    assert batch.finished_at is not None


def test_a_written_file_is_whole_and_its_number_is_sealed(world: World) -> None:
    one = person(7)
    batch = imported(xlsx([cells(one)]), world.wenxing, world.zhang)
    file = Resident.objects.get(name=one.name)
    assert (file.status, file.decided_by, file.account, file.community) == (
        "confirmed",
        world.zhang,
        None,
        world.wenxing,
    )
    assert (file.phone, file.birth_date, str(file.estate)) == (one.phone, one.born, "天和城")
    assert (file.pinyin, file.initials) == (registration.pinyin(one.name), registration.initials(one.name))
    assert sealing.unseal(file.document_sealed) == one.document
    assert (file.document, file.document_tail) == ("id_card", one.document[-4:])
    assert file.document_hash == sealing.fingerprint(one.document, world.street.pk)
    change = Change.objects.get(resident=file)
    assert (change.action, change.by) == ("I", world.zhang)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(b::text || l::text, '') FROM communities_batch b JOIN communities_line l ON l.batch_id = b.id"
        )
        assert one.document not in cursor.fetchone()[0]
    assert batch.sheet is None


def test_the_owner_of_an_imported_number_claims_the_file(world: World) -> None:
    one = person(7)
    imported(xlsx([cells(one)]), world.wenxing, world.zhang)
    account = User.objects.create(username="p", kind=User.Kind.RESIDENT, phone=one.phone)
    typed = registration.Person(one.name, world.wenxing, agreed_to=registration.consents.PERSONAL_DATA_VERSION)
    claimed = registration.join(account=account, person=typed)
    assert (claimed.account, claimed.status) == (account, "confirmed")
    assert Resident.objects.filter(name=one.name).count() == 1


def test_the_same_sheet_again_changes_nothing(world: World) -> None:
    content, _ = messy(200)
    imported(content, world.wenxing, world.zhang)
    before = list(Resident.objects.order_by("pk").values())
    again = uploaded(content, world.wenxing, world.chen)
    assert set(fates(again).values()) == {Fate.SAME, Fate.REPEATED, Fate.WRONG}
    with pytest.raises(batches.NothingToImport):
        batches.confirm(batch=again, by=world.chen)
    assert list(Resident.objects.order_by("pk").values()) == before


def test_only_what_is_empty_is_filled_and_what_differs_is_said(world: World) -> None:
    wang, zhao = world.wang, world.zhao
    wang_number = number(wang.birth_date, 12)
    rows = [
        ["王秀兰", wang.phone, wang_number, "", "新苑", "一网格"],
        ["赵玉珍", "13800001111", "", "1944-03-03", "", ""],
    ]
    world.wenxing.estates.create(name="新苑")
    batch = imported(xlsx(rows), world.wenxing, world.chen, register=True)
    first, second = batch.lines.order_by("number")
    assert (first.fate, second.fate) == (Fate.MERGE, Fate.MERGE)
    assert any(said.startswith("“一网格”还没有登记") for said in first.said)
    assert "小区与已有档案不一致，档案没有改动。" in first.said
    wang.refresh_from_db(), zhao.refresh_from_db()
    assert (wang.document_tail, str(wang.estate), str(wang.grid)) == (wang_number[-4:], "天和城", "一网格")
    assert zhao.phone == "13800001111"


def test_a_number_that_was_learnt_finds_the_person_under_another_phone_and_the_phone_stays(world: World) -> None:
    document = number(date(1944, 3, 3), 24)
    imported(xlsx([["赵玉珍", "13800001111", "", "1944-03-03", "", ""]]), world.wenxing, world.zhang)
    imported(xlsx([["赵玉珍", "13800001111", document, "", "", ""]]), world.wenxing, world.zhang)
    again = uploaded(xlsx([["赵玉珍", "13800002222", document, "", "", ""]]), world.wenxing, world.zhang)
    assert (again.lines.get().fate, again.lines.get().said) == (Fate.SAME, ["手机号与已有档案不一致，档案没有改动。"])
    assert Resident.objects.get(name="赵玉珍").phone == "13800001111"


def test_somebody_of_a_sister_community_is_moved_and_not_doubled_and_nobody_is_named(world: World) -> None:
    one = person(7)
    imported(xlsx([cells(one)]), world.yongan, world.qian)
    batch = uploaded(xlsx([cells(one)]), world.wenxing, world.zhang)
    line = batch.lines.get()
    assert (line.fate, line.said, line.resident) == (Fate.WRONG, [judging.SISTER], None)
    assert "永安" not in line.said[0]


def test_another_sub_district_knows_nothing_of_it(world: World) -> None:
    from_far = User.objects.get(pk=world.zhang.pk)
    from_far.duties.create(role="worker", community=world.hualin)
    one = person(7)
    imported(xlsx([cells(one)]), world.hualin, from_far)
    assert uploaded(xlsx([cells(one)]), world.wenxing, world.zhang).lines.get().fate == Fate.NEW


def test_nobody_imports_their_own_file(world: World) -> None:
    own = world.zhang.own_phone
    batch = uploaded(xlsx([["张晓燕", own, "", "", "", ""]]), world.wenxing, world.zhang)
    assert batch.lines.get().said == [judging.OWN]
    colleague = imported(xlsx([["张晓燕", own, "", "", "", ""]]), world.wenxing, world.chen)
    assert colleague.lines.get().fate == Fate.NEW
    again = uploaded(xlsx([["张晓燕", own, person(3).document, "", "", ""]]), world.wenxing, world.zhang)
    assert again.lines.get().fate == Fate.WRONG


def test_one_phone_may_serve_a_family_and_that_is_said(world: World) -> None:
    batch = imported(xlsx([["王小明", world.wang.phone, "", "1990-01-01", "", ""]]), world.wenxing, world.zhang)
    line = batch.lines.get()
    assert (line.fate, "共用" in line.said[0]) == (Fate.NEW, True)
    assert Resident.objects.filter(phone=world.wang.phone).count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_number_that_was_taken_meanwhile_makes_one_line_wrong_and_the_rest_goes_on(world: World) -> None:
    """A colleague of the sister community is faster: after we have looked, and before we insert."""
    people = [person(serial) for serial in range(30)]
    taken = sealing.fingerprint(people[11].document, world.street.pk)
    batch = uploaded(xlsx(map(cells, people)), world.wenxing, world.zhang)
    batches.confirm(batch=batch, by=world.zhang)
    faster = Thread(target=_overtake, args=(world.yongan, people[11].name, taken))

    def overtaken(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith('INSERT INTO "communities_resident"') and faster.ident is None:
            faster.start()
            faster.join()
        return execute(sql, *rest)

    with connection.execute_wrapper(overtaken):
        work.carry_on(batch.pk)
    assert [line for line, fate in fates(batch).items() if fate != Fate.NEW] == [13]
    line = batch.lines.get(number=13)
    assert (line.fate, line.resident, line.said) == (Fate.WRONG, None, [writing.DocumentTaken.message])
    assert Resident.objects.get(document_hash=taken).community == world.yongan
    assert Resident.objects.filter(community=world.wenxing, name__in=[one.name for one in people]).count() == 29


def _overtake(community: Community, name: str, document_hash: str) -> None:
    Resident.objects.create(
        community=community, name=name, status="confirmed", decided_at=clock.now(), document="id_card",
        document_sealed=b"x", document_tail="0000", document_hash=document_hash,
    )  # fmt: skip
    connection.close()


def test_what_was_seen_is_looked_at_again_before_it_is_written(world: World) -> None:
    one = person(7)
    batch = uploaded(xlsx([cells(one)]), world.wenxing, world.zhang)
    imported(xlsx([cells(one)]), world.wenxing, world.chen)
    work.carry_on(batches.confirm(batch=batch, by=world.zhang).pk)
    assert batch.lines.get().fate == Fate.SAME
    assert Resident.objects.filter(name=one.name).count() == 1


def test_queries_do_not_grow_with_the_rows(world: World) -> None:
    counted = []
    for start, count in ((0, 1), (100, 30)):
        batch = uploaded(xlsx([cells(person(start + serial)) for serial in range(count)]), world.wenxing, world.zhang)
        batches.confirm(batch=batch, by=world.zhang)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            work.carry_on(batch.pk)
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_a_row_made_worse_by_each_habit_is_still_one_row() -> None:
    """The list of habits in made.py covers what the issue names."""
    row = cells(person(1))
    assert len({str(spoilt(row, turn, row)[0]) for turn in range(25)}) >= 12
