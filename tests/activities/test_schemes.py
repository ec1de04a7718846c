"""What works in one community is copied to another."""

from datetime import timedelta

import pytest

from activities import schemes
from activities.models import Activity, Post, Series
from activities.schemes import Copied, copy_scheme
from activities.series import repeat
from communities.duties import NotYourDuty
from communities.models import Community, Duty
from core import clock
from tests import world as cast
from tests.activities.plans import drafted
from tests.world import World

pytestmark = pytest.mark.django_db
FIRST = timedelta(days=20)


def laid(world: World) -> Series:
    """Two evenings of 文兴's series, an insured patrol by the book, a draft, and two posts."""
    first = cast.activity(
        world.wenxing, title="文兴周末清洁", place="文兴社区东门", room=cast.room(world.wenxing), organiser=world.wang,
        leader_phone="13900000000",
    )  # fmt: skip
    week = clock.local(first.starts_at).date() + timedelta(days=7)
    repeat(activity=first, days=[week], title="文兴清洁", by=world.zhang)
    for ago, title in ((200, "旧巡逻"), (100, "新巡逻")):
        cast.activity(
            world.wenxing,
            kind="PAT",
            title=title,
            ago=ago,
            dangerous=True,
            min_age=18,
            insurance="PICC-1",
            leader="王秀兰",
        )
    drafted(world, kind="PRO")
    for title in ("楼道长", "文兴单元长"):
        Post.objects.create(community=world.wenxing, title=title, duty="巡查楼道", term_months=6, made_by=world.zhang)
    return Series.objects.get()


def test_series_kinds_and_posts_become_drafts_next_door(world: World) -> None:
    found, first = laid(world), clock.today() + FIRST
    said = {"source": world.wenxing, "target": world.yongan, "first": first, "by": world.he}
    assert copy_scheme(series=[found], kinds=["PAT", "PRO"], posts=True, **said) == Copied(3, 2)
    made = Activity.objects.filter(community=world.yongan).order_by("kind", "starts_at")
    assert [(one.title, one.status) for one in made] == [
        ("永安周末清洁", "draft"), ("永安周末清洁", "draft"), ("新巡逻", "draft"),
    ]  # fmt: skip
    assert {one.series.title for one in made if one.series} == {"永安清洁"}
    assert all(0 <= (clock.local(one.starts_at).date() - first).days < 14 for one in made)
    origin = Activity.objects.filter(community=world.wenxing, series=found).order_by("starts_at")
    assert [one.starts_at.weekday() for one in made[:2]] == [one.starts_at.weekday() for one in origin]
    posts = Post.objects.filter(community=world.yongan)
    assert {(one.title, one.term_months) for one in posts} == {("楼道长", 6), ("永安单元长", 6)}


def test_people_rooms_and_insurance_of_the_source_stay_there(world: World) -> None:
    found = laid(world)
    copy_scheme(
        source=world.wenxing,
        target=world.yongan,
        first=clock.today() + FIRST,
        by=world.he,
        series=[found],
        kinds=["PAT"],
    )
    made = Activity.objects.filter(community=world.yongan)
    assert {(one.leader, one.leader_phone, one.room, one.organiser, one.insurance) for one in made} == {
        (world.he.name, world.yongan.phone, None, None, "")
    }
    assert {one.place for one in made.filter(kind="ENV")} == {"永安社区东门"}


def test_what_is_there_is_not_copied_again(world: World) -> None:
    found = laid(world)
    said = {"source": world.wenxing, "target": world.yongan, "first": clock.today() + FIRST, "by": world.he}
    copy_scheme(series=[found], kinds=["PAT"], posts=True, **said)
    assert copy_scheme(series=[found], kinds=["PAT"], posts=True, **said) == Copied(0, 0)
    assert Series.objects.filter(community=world.yongan).count() == 1


def test_a_name_that_grows_too_long_is_shortened(world: World) -> None:
    """The neighbour's name may be longer than one's own, and what it stands in may be full."""
    Community.objects.filter(pk=world.yongan.pk).update(name="永安东里社区")
    world.yongan.refresh_from_db()
    title = "文兴".ljust(Activity._meta.get_field("title").max_length or 0, "清")
    cast.activity(world.wenxing, title=title, place=title * 2, content="文兴".ljust(300, "扫"))
    Post.objects.create(community=world.wenxing, title=title, duty="文兴".ljust(300, "巡"), made_by=world.zhang)
    said = {"source": world.wenxing, "target": world.yongan, "first": clock.today() + FIRST, "by": world.he}
    assert copy_scheme(kinds=["ENV"], posts=True, **said) == Copied(1, 1)
    assert copy_scheme(kinds=["ENV"], posts=True, **said) == Copied(0, 0)
    assert Activity.objects.get(community=world.yongan).title.startswith("永安东里清")


def test_only_with_a_duty_in_both_communities(world: World) -> None:
    laid(world)
    said = {"source": world.wenxing, "target": world.yongan, "first": clock.today() + FIRST, "posts": True}
    for nobody in (world.zhang, world.qian):
        with pytest.raises(NotYourDuty):
            copy_scheme(by=nobody, **said)
    Duty.objects.create(user=world.zhang, role="worker", community=world.yongan, starts_on=clock.today())
    assert copy_scheme(by=world.zhang, **said).posts == 2


def test_not_to_itself_not_far_away_not_nothing_not_into_the_past(world: World) -> None:
    laid(world)
    far = cast.staff("both", "两处", Duty.Role.STREET_ADMIN, sub_district=world.street)
    Duty.objects.create(user=far, role="street_admin", sub_district=world.hualin.sub_district, starts_on=clock.today())
    right = {"source": world.wenxing, "target": world.yongan, "first": clock.today() + FIRST, "posts": True, "by": far}
    for wrong, refusal in (
        ({"target": world.wenxing}, schemes.SameCommunity),
        ({"target": world.hualin}, schemes.FarCommunity),
        ({"posts": False}, schemes.NothingChosen),
        ({"first": clock.today()}, schemes.PastDay),
    ):
        with pytest.raises(refusal):
            copy_scheme(**right | wrong)
    assert Post.objects.count() == 2


def test_a_series_of_a_third_community_is_left_alone(world: World) -> None:
    laid(world)
    other = Series.objects.create(community=world.yongan, title="永安的", made_by=world.qian)
    cast.activity(world.yongan, series=other)
    made = copy_scheme(
        source=world.wenxing,
        target=world.yongan,
        first=clock.today() + FIRST,
        by=world.he,
        series=[other],
        kinds=["PAT"],
    )
    assert made == Copied(1, 0)
