"""Photos go some days after the matter is settled; when somebody leaves, words, place and photo go; a copy says what there is."""

from datetime import datetime, timedelta

import pytest

from activities import deeds, deeds_keeping, tasks
from activities.answering import accept, decline, merge
from activities.models import Deed, Photo
from activities.solving import explain, solve
from communities import closing, copying
from communities.models import Setting
from core import clock
from tests.activities.pictures import picture, sent
from tests.world import World

pytestmark = pytest.mark.django_db
HOW = "本人到窗口，核对了身份证原件"


def with_photo(world: World, text: str, at: datetime) -> Deed:
    return sent(world, text=text, photo=picture(), at=at)


def settled(world: World, at: datetime) -> dict[str, Deed]:
    """One of every way in which a matter ends, and two that have not ended, all sent and answered at `at`."""
    made = {
        text: with_photo(world, text, at + timedelta(days=n // 5))
        for n, text in enumerate(("解决", "不实", "合并", "办不了", "还要时间", "没答复"))
    }
    made["善举"] = sent(world, world.wang, text="善举", kind="kindness", photo=picture(), at=at)
    for text in ("解决", "办不了", "还要时间", "善举"):
        accept(deed=made[text], by=world.chen, at=at)
    decline(deed=made["不实"], by=world.chen, reason="不实", at=at)
    merge(deed=made["合并"], into=made["解决"], by=world.chen, at=at)
    solve(deed=made["解决"], by=world.chen, outcome="已修好", at=at)
    explain(deed=made["办不了"], by=world.chen, outcome="请找供电所", until=None, at=at)
    return made


def left() -> set[str]:
    return set(Photo.objects.values_list("deed__text", flat=True))


def test_the_photo_of_what_is_settled_goes_after_ninety_days(world: World) -> None:
    at = clock.now()
    settled(world, at)
    everything = {"解决", "不实", "合并", "办不了", "还要时间", "没答复", "善举"}
    assert deeds_keeping.forget_photos(at=at + timedelta(days=90)) == 0 and left() == everything
    assert deeds_keeping.forget_photos(at=at + timedelta(days=90, minutes=1)) == 5
    assert left() == {"还要时间", "没答复"}
    assert Deed.objects.count() == 7


def test_the_days_are_the_sub_districts_setting(world: World) -> None:
    at = clock.now()
    settled(world, at)
    Setting.objects.create(
        sub_district=world.hualin.sub_district, key="deed.photo_days", value=7, starts_on=clock.today(), by=world.he
    )
    assert deeds_keeping.forget_photos(at=at + timedelta(days=20)) == 0
    Setting.objects.create(
        sub_district=world.street, key="deed.photo_days", value=7, starts_on=clock.today(), by=world.he
    )
    assert deeds_keeping.forget_photos(at=at + timedelta(days=20)) == 5


def test_the_nightly_task_does_it(world: World) -> None:
    settled(world, clock.now() - timedelta(days=100))
    tasks.forget_photos()
    assert left() == {"还要时间", "没答复"}


def test_what_waits_for_an_answer_stands_in_the_way_of_closing(world: World) -> None:
    mine = sent(world)
    assert [one for one in closing.obstacles_of(world.li) if f"编号{mine.pk}" in one]
    deeds.take_back(deed=mine)
    assert not closing.obstacles_of(world.li)


def test_when_somebody_leaves_their_words_and_photos_go(world: World) -> None:
    mine = accept(
        deed=sent(world, place="天和城3号楼门口", text="李建国家门口的灯", photo=picture()),
        by=world.chen,
        answer="李建国说得对",
    )
    other = sent(world, world.wang, text="和李建国一起扫了雪", kind="kindness", place="李建国楼下")
    closing.close(resident=world.li, by=world.zhang, reason=HOW)
    for one in (mine, other):
        one.refresh_from_db()
    assert (mine.text, mine.place, mine.answer) == ("本人已注销，内容已清除。", "", "（已注销居民）说得对")
    assert (other.text, other.place) == ("和（已注销居民）一起扫了雪", "（已注销居民）楼下")
    assert not Photo.objects.exists() and mine.award  # what was earned stays in the books


def test_a_copy_of_ones_data_says_that_there_is_a_photo(world: World) -> None:
    accept(deed=sent(world, photo=picture(), place="东门"), by=world.chen)
    sent(world, text="没有照片", kind="idea")
    (table,) = [one for one in copying.tables(world.li) if one.key == "deeds"]
    said = [dict(zip(table.columns, line, strict=True)) for line in table.lines]
    assert [(one["类别"], one["地点"], one["照片"], one["状态"], one["积分"]) for one in said] == [
        ("随手拍", "东门", "有一张，在“我的小事”里看", "有效", "3"),
        ("建议", "", "没有", "待审核", ""),
    ]
