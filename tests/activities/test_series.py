"""Copies of an activity on other days, and of a whole series."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

from activities import series
from activities.models import Activity, Series
from activities.series import copy, copy_series, publish_drafts, repeat, weekly
from communities import calendar
from communities.duties import NotYourDuty
from communities.models import Duty, Holiday
from core import clock
from tests import world as cast
from tests.activities.cast import signed
from tests.activities.plans import drafted
from tests.races.together import at_once
from tests.venues.letting import held
from tests.world import World
from venues.claiming import Hours, RoomTaken

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


def day_of(activity: Activity) -> date:
    return clock.local(activity.starts_at).date()


def after(activity: Activity, *weeks: int) -> list[date]:
    return [day_of(activity) + WEEK * n for n in weeks]


def test_a_weekly_series_is_made_of_drafts_that_are_like_the_first(world: World) -> None:
    partner = cast.partner(world.street, world.wenxing, world.zhang).partner
    first = cast.activity(world.wenxing, equipment="手套", skills="急救", room=cast.room(world.wenxing))
    first.sign_up_until = first.starts_at - timedelta(hours=2)
    first.save()
    first.providers.set([partner])
    signed(first, world.wang, world)
    made = repeat(activity=first, days=after(first, 1, 3), title="周末清洁", by=world.zhang)
    first.refresh_from_db()
    assert [(one.status, one.taken, day_of(one)) for one in made] == [("draft", 0, day) for day in after(first, 1, 3)]
    assert all((one.equipment, one.skills, one.room) == ("手套", "急救", first.room) for one in made)
    assert all(one.sign_up_until == one.starts_at - timedelta(hours=2) for one in made)
    assert all(list(one.providers.all()) == [partner] for one in made)
    assert {one.series for one in (first, *made)} == {Series.objects.get(title="周末清洁", made_by=world.zhang)}


def test_copies_are_published_at_once_or_not_at_all(world: World) -> None:
    first = cast.activity(world.wenxing, room=cast.room(world.wenxing))
    third = after(first, 3)[0]
    held(cast.room(world.wenxing), world, Hours(first.starts_at + WEEK * 3, first.ends_at + WEEK * 3), title="议事会")
    with pytest.raises(RoomTaken, match="议事会"):
        repeat(activity=first, days=[*after(first, 1, 2), third], title="", by=world.zhang, publish=True)
    assert (Activity.objects.count(), Series.objects.count()) == (1, 0)
    made = repeat(activity=first, days=after(first, 1, 2), title="", by=world.zhang, publish=True)
    assert [(one.status, one.published_by) for one in made] == [("open", world.zhang)] * 2
    assert Series.objects.get().title == first.title


def test_a_day_of_the_series_is_not_taken_twice(world: World) -> None:
    first = cast.activity(world.wenxing)
    repeat(activity=first, days=after(first, 1), title="周末清洁", by=world.zhang)
    first.refresh_from_db()
    with pytest.raises(series.DayTaken) as refused:
        repeat(activity=first, days=after(first, 1, 2), title="", by=world.zhang)
    assert f"{after(first, 1)[0].day}日" in refused.value.message
    assert Activity.objects.count() == 2
    Activity.objects.filter(status="draft").delete()
    assert len(repeat(activity=first, days=after(first, 1, 2), title="", by=world.zhang)) == 2


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_repeat_a_series_at_once(world: World) -> None:
    first = cast.activity(world.wenxing)
    repeat(activity=first, days=after(first, 1), title="周末清洁", by=world.zhang)
    first.refresh_from_db()
    at_once([lambda: repeat(activity=first, days=after(first, 2, 3), title="", by=world.zhang)] * 2)
    assert Activity.objects.count() == 4


def test_past_days_none_and_too_many_are_refused_and_so_are_strangers(world: World) -> None:
    first = cast.activity(world.wenxing)
    for days in ([], [clock.today()], after(first, *range(1, 28))):
        with pytest.raises(series.NoDays):
            repeat(activity=first, days=days, title="", by=world.zhang)
    with pytest.raises(NotYourDuty):
        repeat(activity=first, days=after(first, 1), title="", by=world.qian)
    repeat(activity=first, days=after(first, 1), title="周末清洁", by=world.zhang)
    with pytest.raises(series.TitleTaken):
        repeat(activity=cast.activity(world.wenxing), days=after(first, 5), title="周末清洁", by=world.zhang)


def test_the_coming_weeks_are_offered_with_holidays_and_what_is_there(world: World) -> None:
    Duty.objects.update(starts_on=date(2026, 1, 1))
    with time_machine.travel(datetime(2026, 9, 5, 12, tzinfo=clock.SHANGHAI), tick=False):
        first = cast.activity(world.wenxing, starts_at=clock.at(date(2026, 9, 12), datetime.min.time().replace(hour=9)))
        repeat(activity=first, days=[date(2026, 9, 19)], title="", by=world.zhang)
        first.refresh_from_db()
        Holiday.objects.create(sub_district=world.street, day=date(2026, 10, 24), name="社区节", by=world.he)
        Holiday.objects.create(
            sub_district=world.street, day=date(2026, 10, 3), name="上班", is_working=True, by=world.he
        )
        offered = {one.day: one for one in weekly(first, clock.now())}
    assert offered[date(2026, 9, 19)].taken and not offered[date(2026, 9, 26)].taken
    assert (offered[date(2026, 9, 26)].holiday, offered[date(2026, 10, 24)].holiday) == ("中秋", "社区节")
    assert [offered[date(2026, 10, day)].holiday for day in (3, 10, 17)] == ["", "", ""]


def test_weeks_that_are_over_are_not_offered(world: World) -> None:
    old = cast.activity(world.wenxing, ago=24 * 30)
    offered = [one.day for one in weekly(old, clock.now())]
    assert min(offered) > clock.today() and {day.weekday() for day in offered} == {day_of(old).weekday()}


def test_one_copy_is_a_draft_of_no_series(world: World) -> None:
    first = cast.activity(world.wenxing, ago=48)
    made = copy(activity=first, day=clock.today() + timedelta(days=5), by=world.zhang)
    assert (made.status, made.series, made.made_by) == ("draft", None, world.zhang)
    assert clock.local(made.starts_at).time() == clock.local(first.starts_at).time()
    with pytest.raises(NotYourDuty):
        copy(activity=first, day=clock.today(), by=world.qian)


def test_a_series_moves_to_new_dates_with_its_gaps(world: World) -> None:
    first = cast.activity(world.wenxing)
    repeat(activity=first, days=after(first, 1, 3), title="秋季", by=world.zhang)
    begins = clock.today() + timedelta(days=100)
    made = copy_series(series=Series.objects.get(), first=begins, title="春季", by=world.chen)
    assert [day_of(one) - begins for one in made] == [timedelta(), WEEK, WEEK * 3]
    assert {(one.status, one.series.title if one.series else "") for one in made} == {("draft", "春季")}


def test_a_series_is_not_copied_into_the_past_under_a_known_name_by_a_stranger_or_empty(world: World) -> None:
    drafted(world)
    known = Series.objects.create(community=world.wenxing, title="秋季", made_by=world.zhang)
    later = clock.today() + timedelta(days=10)
    with pytest.raises(series.NothingToCopy):
        copy_series(series=known, first=later, title="春季", by=world.zhang)
    cast.activity(world.wenxing, series=known)
    with pytest.raises(series.NoDays):
        copy_series(series=known, first=clock.today(), title="春季", by=world.zhang)
    with pytest.raises(series.TitleTaken):
        copy_series(series=known, first=later, title="秋季", by=world.zhang)
    with pytest.raises(NotYourDuty):
        copy_series(series=known, first=later, title="春季", by=world.qian)
    assert (Series.objects.count(), Activity.objects.count()) == (1, 2)


def test_the_drafts_of_a_series_are_published_together_or_not_at_all(world: World) -> None:
    first = cast.activity(world.wenxing, room=cast.room(world.wenxing))
    repeat(activity=first, days=after(first, 1, 2), title="秋季", by=world.zhang)
    found = Series.objects.get()
    drafted(world, series=found, starts_at=clock.now() - timedelta(days=1))
    clash = held(cast.room(world.wenxing), world, Hours(first.starts_at + WEEK * 2, first.ends_at + WEEK * 2))
    with pytest.raises(RoomTaken):
        publish_drafts(series=found, by=world.zhang)
    assert found.activities.filter(status="draft").count() == 3
    clash.delete()
    with pytest.raises(NotYourDuty):
        publish_drafts(series=found, by=world.qian)
    assert publish_drafts(series=found, by=world.zhang) == 2
    assert publish_drafts(series=found, by=world.zhang) == 0


def test_years_without_known_holidays_are_named(world: World) -> None:
    days = [date(2026, 12, 1), date(2199, 1, 1), date(2199, 2, 1)]
    assert calendar.unmarked(world.street.pk, days) == [2199]
    Holiday.objects.create(sub_district=world.street, day=date(2199, 1, 1), name="元旦", by=world.he)
    assert calendar.unmarked(world.street.pk, days) == []
