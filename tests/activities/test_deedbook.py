"""The list of the desk: narrowed, exported as shown, counted for the to-do page with its deadlines."""

from datetime import date, datetime, timedelta

import pytest
from openpyxl import load_workbook

from activities import deedbook
from activities.answering import accept, decline
from activities.deedbook import Filter, listed, next_for, rows
from communities import handover
from communities.models import Community
from communities.todo import rows_for, rows_of
from core import clock
from tests.activities.cast import relative
from tests.activities.pictures import picture, sent
from tests.world import World

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 16, 10, tzinfo=clock.SHANGHAI)


def texts(world: World, **asked: object) -> set[str]:
    return set(listed(world.chen, Filter(**asked)).values_list("text", flat=True))  # type: ignore[arg-type]


def test_the_list_is_narrowed_by_everything_that_one_asks(world: World) -> None:
    sent(world, text="等着", at=MONDAY, place="东门")
    accept(deed=sent(world, text="有效", at=MONDAY + timedelta(days=1)), by=world.chen)
    decline(deed=sent(world, world.wang, text="不实", kind="kindness"), by=world.chen, reason="不实")
    sent(world, world.zhou, text="别处的", by=world.qian)
    assert texts(world) == {"等着"}
    assert texts(world, state="closing") == {"有效"}
    assert texts(world, state="declined") == {"不实"}
    assert texts(world, state="all") == {"等着", "有效", "不实"}
    assert texts(world, state="all", kind="kindness") == {"不实"}
    assert texts(world, state="all", q="王秀兰") == {"不实"} and texts(world, state="all", q="东门") == {"等着"}
    assert texts(world, state="all", since=date(2026, 11, 17), until=date(2026, 11, 17)) == {"有效"}
    assert texts(world, state="all", community=world.yongan) == set()
    assert set(listed(world.he, Filter(state="all")).values_list("text", flat=True)) >= {"等着", "别处的"}


def test_the_export_is_what_the_list_shows_and_holds_no_picture(world: World) -> None:
    mine = accept(deed=sent(world, text="=1+1", photo=picture(), place="东门"), by=world.chen, answer="已派人")
    sent(world, world.wang, text="等着")
    sheet = load_workbook(deedbook.export(world.chen, Filter(state="accepted"))).active
    assert sheet
    head, *lines = ([str(cell or "") for cell in line] for line in sheet.iter_rows(values_only=True))
    (line,) = (dict(zip(head, one, strict=True)) for one in lines)
    assert (line["编号"], line["内容"], line["照片"], line["状态"], line["积分"]) == (
        str(mine.pk),
        "=1+1",
        "有",
        "有效",
        "3",
    )
    assert (line["居民"], line["答复人"], line["答复"]) == ("李建国", "陈志强", "已派人")


def test_the_to_do_page_counts_what_this_person_may_do_with_the_nearest_deadline(world: World) -> None:
    first = sent(world, text="先来", at=MONDAY)
    sent(world, text="后来", at=MONDAY + timedelta(hours=1))
    sent(world, relative(world, world.chen), text="家人", by=world.zhang, at=MONDAY)
    sent(world, world.zhao, text="代交", by=world.zhang, at=MONDAY)
    assert {user: [row.count for row in rows_of([rows], user)] for user in (world.chen, world.zhang, world.qian)} == {
        world.chen: [3, 0], world.zhang: [2, 0], world.qian: [0, 0],
    }  # fmt: skip
    assert rows_of([rows], world.chen)[0].deadline == first.answer_by
    accept(deed=first, by=world.chen, at=MONDAY)
    closing = rows_of([rows], world.zhang)[1]
    assert (closing.count, closing.deadline) == (1, datetime(2026, 11, 19, 18, tzinfo=clock.SHANGHAI))
    assert {row.label for row in rows_for(world.chen) if row.section == "deeds"} == {
        "随手拍、小善举和建议待您审核", "随手拍待办结",
    }  # fmt: skip


def test_the_next_one_is_one_that_this_person_may_answer(world: World) -> None:
    first, second = sent(world, text="一"), sent(world, text="二")
    sent(world, relative(world, world.chen), text="家人", by=world.zhang)
    last = sent(world, world.wang, text="三")
    assert next_for(world.chen, 0) == first
    assert next_for(world.chen, second.pk) == last
    assert next_for(world.chen, last.pk) == first  # round again
    accept(deed=first, by=world.chen)
    accept(deed=second, by=world.chen)
    assert next_for(world.chen, last.pk) is None


def test_what_somebody_took_down_stays_with_them_when_they_leave(world: World) -> None:
    sent(world, world.zhao, by=world.zhang)
    places = Community.objects.filter(pk=world.wenxing.pk)
    assert deedbook.held.count(world.zhang, places) == 1 and deedbook.held.count(world.chen, places) == 0
    assert deedbook.held.stays and deedbook.held in handover._holders
