"""A batch is taken back as far as nobody has gone on with it; what stays is named with the reason."""

import pytest
from django.db import connection

from communities import registration
from communities.importing import batches, undoing, work
from communities.models import Batch, Change, Line, Resident, User
from nightschool.models import Enrolment
from points.models import Account
from tests.communities.importing.made import cells, imported, messy, number, person, undone, uploaded, xlsx
from tests.world import World, award, course, seated

pytestmark = pytest.mark.django_db
Fate = Line.Fate


def kept(batch: Batch) -> list[Line]:
    return list(batch.lines.exclude(undone_at=None).exclude(resident=None).order_by("number"))


def test_what_nobody_used_is_gone_as_if_it_had_never_been(world: World) -> None:
    before = list(Resident.objects.order_by("pk").values())
    batch = imported(messy(600)[0], world.wenxing, world.zhang)
    assert Resident.objects.count() > len(before) + 300
    undone(batch, world.zhang)
    assert list(Resident.objects.order_by("pk").values()) == before
    assert (batch.total, kept(batch)) == (600, [])
    batch.refresh_from_db()
    assert (batch.done, batch.undone_by) == (600, world.zhang)
    deleted = Change.objects.filter(action="D", what="resident")
    assert set(deleted.values_list("by", flat=True)) == {world.zhang.pk}


def test_it_can_be_imported_again_afterwards(world: World) -> None:
    content = xlsx([cells(person(1))])
    undone(imported(content, world.wenxing, world.zhang), world.zhang)
    assert imported(content, world.wenxing, world.zhang).lines.get().fate == Fate.NEW


def test_files_that_somebody_went_on_with_stay_and_say_why(world: World) -> None:
    people = [person(serial) for serial in range(6)]
    batch = imported(xlsx(map(cells, people)), world.wenxing, world.zhang)
    files = {one.name: Resident.objects.get(name=one.name) for one in people}
    seat, earned, phone, renamed, closed, free = (files[one.name] for one in people)
    award(seat, 100)
    seated(course(world.wenxing, price=0), seat)
    award(earned, 5)
    account = User.objects.create(username="p", kind=User.Kind.RESIDENT, phone=phone.phone)
    typed = registration.Person(phone.name, world.wenxing, agreed_to=registration.consents.PERSONAL_DATA_VERSION)
    registration.join(account=account, person=typed)
    Resident.objects.filter(pk=renamed.pk).update(name="王改名")
    Resident.objects.filter(pk=closed.pk).update(phone="13900009999")
    undone(batch, world.chen)
    reasons = {line.resident: line.said[0] for line in kept(batch)}
    assert set(reasons) == {seat, earned, phone, renamed, closed}
    assert reasons[seat] == reasons[earned] == "没有撤销：名下已有记录（报名、积分、同意等），档案保留。"
    assert "登录认领" in reasons[phone]
    assert "被改动过" in reasons[renamed] and "被改动过" in reasons[closed]
    assert not Resident.objects.filter(pk=free.pk).exists()
    assert Enrolment.objects.filter(resident=seat).exists() and Account.objects.filter(resident=earned).exists()


def test_every_column_of_any_app_that_names_a_resident_is_asked() -> None:
    """What the database would deny is what we look for, the lines of imports aside, which let go."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conrelid::regclass::text || '.' || a.attname FROM pg_constraint c"
            " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
            " WHERE c.contype = 'f' AND c.confrelid = 'communities_resident'::regclass"
        )
        denied = {name for (name,) in cursor.fetchall()}
    asked = {f"{field.model._meta.db_table}.{field.column}" for field in undoing._references()}
    assert asked == denied - {"communities_line.resident_id"}


def test_filled_fields_are_emptied_and_what_was_changed_since_is_kept(world: World) -> None:
    wang, zhao = world.wang, world.zhao
    Resident.objects.filter(pk__in=[wang.pk, zhao.pk]).update(estate=None)
    rows = [
        ["王秀兰", wang.phone, number(wang.birth_date, 12), "", "天和城", "一网格"],
        ["赵玉珍", "13800001111", "", "1944-03-03", "天和城", ""],
    ]
    before = Resident.objects.filter(pk=wang.pk).values().get()
    batch = imported(xlsx(rows), world.wenxing, world.chen, register=True)
    assert Resident.objects.get(pk=wang.pk).document_hash
    Resident.objects.filter(pk=zhao.pk).update(phone="13800003333")
    undone(batch, world.chen)
    assert Resident.objects.filter(pk=wang.pk).values().get() == before
    zhao.refresh_from_db()
    assert (zhao.phone, zhao.estate) == ("13800003333", None)
    (line,) = kept(batch)
    assert (line.name, line.said[0][:6]) == ("赵玉珍", "没有全部撤销")


def test_a_file_that_a_later_batch_filled_stays_until_that_one_is_undone(world: World) -> None:
    one = person(3)
    first = imported(xlsx([[one.name, one.phone, "", "", "", ""]]), world.wenxing, world.zhang)
    second = imported(xlsx([[one.name, one.phone, one.document, "", "", ""]]), world.wenxing, world.zhang)
    undone(first, world.zhang)
    assert "后来的批次" in kept(first)[0].said[0]
    undone(second, world.zhang)
    assert Resident.objects.get(name=one.name).document == ""


def test_sheets_that_only_met_the_file_let_go_of_it(world: World) -> None:
    content = xlsx([cells(person(3))])
    first = imported(content, world.wenxing, world.zhang)
    second = uploaded(content, world.wenxing, world.chen)
    assert second.lines.get().resident is not None
    undone(first, world.zhang)
    assert second.lines.get().resident is None
    batches.confirm(batch=_as_new(second), by=world.chen)
    work.carry_on(second.pk)
    assert second.lines.get(number=2).fate == Fate.NEW
    assert Resident.objects.filter(name=person(3).name).count() == 1


def _as_new(batch: Batch) -> Batch:
    """A sheet with one more row, so that there is something to confirm."""
    Line.objects.create(batch=batch, number=99, name="孙新来", phone="13812340099", fate=Fate.NEW)
    Batch.objects.filter(pk=batch.pk).update(total=2)
    return batch


def test_an_undoing_that_was_cut_off_goes_on(world: World) -> None:
    batch = imported(xlsx([cells(person(serial)) for serial in range(450)]), world.wenxing, world.zhang)
    batches.undo(batch=batch, by=world.zhang)
    assert undoing.undo_some(batch_id=batch.pk)
    batch.refresh_from_db()
    assert (batch.done, batch.status) == (200, Batch.Status.UNDOING)
    work.carry_on(batch.pk)
    batch.refresh_from_db()
    assert (batch.done, batch.status) == (450, Batch.Status.UNDONE)
    assert not Resident.objects.filter(decided_by=world.zhang).exists()
