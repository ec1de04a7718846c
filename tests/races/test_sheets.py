"""A sign-in sheet in the moment in which the power fails, a colleague presses twice, or somebody else records."""

import pytest
from django.db import OperationalError, connection, transaction

from activities import recording, signup
from activities.models import Activity, Participation, Sheet
from activities.sheets_in import handing
from communities.models import Resident
from core.refusals import Refused
from tests.activities.sheets_in.made import CAME, WENT, handed, morning, signed, xlsx
from tests.books import breaches
from tests.races.together import at_once, crowd, in_background, until_somebody_waits_for_us
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
KILL = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"


def laid(world: World, people: int = 6) -> tuple[Sheet, list[Participation], list[Resident]]:
    """A sheet of `people` who signed up, looked over."""
    activity, many = morning(world), crowd(world, people, points=1)
    for n, one in enumerate(many):
        Resident.objects.filter(pk=one.pk).update(name="甲乙丙丁戊己庚辛"[n] + "同志")
    rows = [signed(activity, one, world) for one in many]
    names = ["甲乙丙丁戊己庚辛"[n] + "同志" for n in range(people)]
    return handed(activity, xlsx([[name, "", CAME, WENT] for name in names]), world.zhang), rows, many


def test_a_connection_that_dies_in_the_middle_has_written_nobody_and_the_next_try_everybody(world: World) -> None:
    sheet, rows, _ = laid(world)
    with transaction.atomic():
        Participation.objects.select_for_update(no_key=True).get(pk=rows[-1].pk)  # the others are written by then
        answer = in_background(lambda: handing.write(sheet=sheet, by=world.zhang))
        until_somebody_waits_for_us()
        with connection.cursor() as cursor:
            cursor.execute(KILL)
        assert isinstance(answer(), OperationalError)
    assert set(Participation.objects.values_list("status", flat=True)) == {"signed_up"}
    sheet.refresh_from_db()
    assert (sheet.status, sheet.lines.exclude(participation=None).count()) == ("ready", 0)
    handing.write(sheet=sheet, by=world.zhang)
    assert set(Participation.objects.values_list("status", flat=True)) == {"recorded"}
    assert breaches() == []


def test_of_many_presses_one_writes_and_of_many_undoes_one_takes_back(world: World) -> None:
    sheet, rows, _ = laid(world, 3)
    became = at_once([lambda: handing.write(sheet=sheet, by=world.zhang)] * 4)
    assert sorted(_said(one) for one in became) == ["Sheet", *["sheet_not_now"] * 3]
    assert Participation.objects.filter(status="recorded").count() == len(rows)
    became = at_once([lambda: handing.undo(sheet=sheet, by=world.zhang)] * 4)
    assert sorted(_said(one) for one in became) == ["Sheet", *["sheet_not_now"] * 3]
    assert Participation.objects.filter(status="signed_up").count() == len(rows)
    assert breaches() == []


def test_who_is_recorded_meanwhile_by_a_colleague_holds_the_whole_sheet_back(world: World) -> None:
    sheet, rows, _ = laid(world, 3)
    with transaction.atomic():
        recording.record(participation=rows[-1], minutes=30, by=world.chen)
        answer = in_background(lambda: handing.write(sheet=sheet, by=world.zhang))
        until_somebody_waits_for_us()
    became = answer()
    assert _said(became) == "sheet_stale", became
    stands = dict(Participation.objects.values_list("pk", "status"))
    assert stands == {rows[0].pk: "signed_up", rows[1].pk: "signed_up", rows[2].pk: "recorded"}
    assert Participation.objects.get(pk=rows[2].pk).minutes == 30


def test_who_is_recorded_elsewhere_in_this_moment_holds_the_sheet_back_by_name(world: World) -> None:
    """The sheet's look has not seen it; the database makes it wait, refuses, and the second look says why."""
    sheet, _, many = laid(world, 3)
    other = morning(world, title="别处")
    with transaction.atomic():
        mine = signup.add(activity_id=other.pk, resident=many[1], by=world.chen)
        recording.record(participation=mine, minutes=30, by=world.chen)
        answer = in_background(lambda: handing.write(sheet=sheet, by=world.zhang))
        until_somebody_waits_for_us()
    became = answer()
    assert isinstance(became, Refused) and _said(became) == "sheet_stale", became
    assert became.message.startswith("第3行乙同志：同一时间已记在《别处》（09:00—09:30）"), became.message
    assert set(Participation.objects.filter(activity=sheet.activity).values_list("status", flat=True)) == {"signed_up"}


def test_who_is_put_on_the_list_in_this_moment_is_written_as_one_of_it(world: World) -> None:
    activity = morning(world)
    sheet = handed(activity, xlsx([["李建国", "", CAME, WENT], ["赵玉珍", "", CAME, WENT]]), world.zhang)
    with transaction.atomic():
        mine = signup.add(activity_id=activity.pk, resident=world.li, by=world.chen)
        answer = in_background(lambda: handing.write(sheet=sheet, by=world.zhang))
        until_somebody_waits_for_us()
    assert _said(answer()) == "Sheet", answer()
    assert dict(sheet.lines.values_list("participation", "before"))[mine.pk] == "signed_up"
    assert set(Participation.objects.values_list("status", flat=True)) == {"recorded"}
    assert Activity.objects.get().taken == 2
    assert breaches() == []


def test_the_last_place_that_goes_in_this_moment_leaves_nobody_written(world: World) -> None:
    activity = morning(world, capacity=2)
    sheet = handed(activity, xlsx([["李建国", "", CAME, WENT], ["赵玉珍", "", CAME, WENT]]), world.zhang)
    with transaction.atomic():
        signup.add(activity_id=activity.pk, resident=world.wang, by=world.chen)
        answer = in_background(lambda: handing.write(sheet=sheet, by=world.zhang))
        until_somebody_waits_for_us()
    became = answer()
    assert isinstance(became, Refused) and became.message.startswith("有2人不在名单上，活动只剩1个名额"), became
    assert Participation.objects.get().resident == world.wang


def test_two_sheets_of_one_activity_at_once_are_one(world: World) -> None:
    activity = morning(world)
    content = xlsx([["李建国", "", CAME, WENT]])
    became = at_once([lambda by=by: handed(activity, content, by) for by in (world.zhang, world.chen)])  # type: ignore[misc]
    assert sorted(_said(one) for one in became) == ["Sheet", "sheet_waits"]


def _said(answer: object) -> str:
    return answer.code if isinstance(answer, Refused) else type(answer).__name__
