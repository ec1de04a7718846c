"""系列: an activity copied to other days, and a whole series copied to new dates."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from activities import planning
from activities.models import Activity, Series
from communities import calendar, duties
from communities.models import User
from core import clock, words
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb

MOST = 26  # copies made at once: a weekly activity for half a year
WEEK = timedelta(days=7)
COPIED = (
    "community_id", "kind", "volunteering", "title", "place", "room_id", "audience", "content", "risk", "dangerous",
    "insurance", "equipment", "skills", "training", "min_age", "max_age", "leader", "leader_phone", "organiser_id", "capacity",
)  # fmt: skip


class NoDays(BadInput):
    code = "no_days"
    message = f"请选择1到{MOST}个今天以后的日子，没有复制。"


class DayTaken(Refused):
    code = "series_day_taken"

    def __init__(self, days: Iterable[date] = ()) -> None:
        said = "、".join(words.day(day) for day in days)
        super().__init__(f"这个系列在{said}已经有活动，没有复制。请去掉这些日子再提交。")


class TitleTaken(Refused):
    code = "series_title_taken"
    message = "本社区已有同名的系列，没有复制。请换一个名称，如加上季度。"


class NothingToCopy(Refused):
    code = "series_empty"
    message = "这个系列没有可以复制的活动，没有复制。"


class Day(NamedTuple):
    """A day that is offered; `holiday` is its name, `taken`: the series is held then already."""

    day: date
    holiday: str
    taken: bool = False


REFUSALS: Refusals = {"series_title": lambda _: TitleTaken()}


def weekly(activity: Activity, at: datetime) -> list[Day]:
    """The same weekday of the next weeks, with holidays and what is there already."""
    first, today = clock.local(activity.starts_at).date(), clock.local(at).date()
    later = max(0, (today - first).days // 7)
    days = [first + WEEK * (later + n) for n in range(1, MOST // 2 + 1)]
    names = calendar.names_of(activity.community.sub_district_id, days)
    taken = days_of(activity.series) if activity.series else set()
    return [Day(day, names.get(day, ""), day in taken) for day in days]


def days_of(series: Series) -> set[date]:
    """The days on which it is held or planned."""
    held = series.activities.exclude(status=Activity.Status.CANCELLED).values_list("starts_at", flat=True)
    return {clock.local(starts_at).date() for starts_at in held}


@verb(REFUSALS)
def repeat(
    *, activity: Activity, days: Iterable[date], title: str, by: User, publish: bool = False, at: datetime | None = None
) -> list[Activity]:
    """Copy `activity` to each of `days` (all or none) into its series, or into a new one called `title`.

    Drafts, or published at once: then refuses also what `planning.publish` refuses. Refuses days that are past or taken.
    """
    at, chosen = at or clock.now(), sorted(set(days))
    duties.require(by, activity.community)
    if not 1 <= len(chosen) <= MOST or chosen[0] <= clock.local(at).date():
        raise NoDays
    series = _series_of(activity, title, by)
    if clash := days_of(series) & set(chosen):
        raise DayTaken(sorted(clash))
    first = clock.local(activity.starts_at).date()
    made = [_copied(activity, day - first, by, series=series) for day in chosen]
    return [planning.publish(activity=one, by=by, at=at) for one in made] if publish else made


@verb()
def copy(*, activity: Activity, day: date, by: User) -> Activity:
    """One draft like `activity` on `day`, of no series. Refuses what `planning.draft` refuses."""
    return _copied(activity, day - clock.local(activity.starts_at).date(), by)


@verb()
def publish_drafts(*, series: Series, by: User, at: datetime | None = None) -> int:
    """Publish what is still a draft and to come, all or none; how many. Refuses what `planning.publish` refuses."""
    at = at or clock.now()
    duties.require(by, series.community)
    drafts = series.activities.filter(status=Activity.Status.DRAFT, starts_at__gt=at).order_by("pk")
    return len([planning.publish(activity=one, by=by, at=at) for one in drafts])


@verb(REFUSALS)
def copy_series(*, series: Series, first: date, title: str, by: User) -> list[Activity]:
    """Drafts of a new series `title`: everything of `series`, moved so that it begins on `first`."""
    duties.require(by, series.community)
    if first <= clock.today():
        raise NoDays
    moved = moves(series, first)
    if not moved:
        raise NothingToCopy
    made = Series.objects.create(community=series.community, title=title.strip() or series.title, made_by=by)
    return [_copied(activity, day - clock.local(activity.starts_at).date(), by, series=made) for activity, day in moved]


def moves(series: Series, first: date) -> list[tuple[Activity, date]]:
    """Each activity of the series and its new day when the series begins on `first`; the newest `MOST` of them."""
    held = series.activities.exclude(status=Activity.Status.CANCELLED).select_related("community", "room")
    rows = sorted(held.order_by("-starts_at", "-pk")[:MOST], key=lambda one: (one.starts_at, one.pk))
    begins = clock.local(rows[0].starts_at).date() if rows else first
    return [(one, first + (clock.local(one.starts_at).date() - begins)) for one in rows]


def _series_of(activity: Activity, title: str, by: User) -> Series:
    """The activity's own series, under lock, or a new one that it begins."""
    if activity.series_id:
        return Series.objects.select_for_update(no_key=True).get(pk=activity.series_id)
    made = Series.objects.create(community=activity.community, title=title.strip() or activity.title, made_by=by)
    Activity.objects.filter(pk=activity.pk).update(series=made)
    return made


def _copied(activity: Activity, later: timedelta, by: User, **other: Any) -> Activity:
    twin = copied(activity, later, **other)
    return planning.draft(activity=twin, by=by, providers=activity.providers.all())


def copied(activity: Activity, later: timedelta, **other: Any) -> Activity:
    """An unsaved activity like this one, so much later, with `other` values."""
    said = {name: getattr(activity, name) for name in COPIED}
    closes = activity.sign_up_until
    moved = {"starts_at": activity.starts_at + later, "ends_at": activity.ends_at + later}
    return Activity(**said | moved | {"sign_up_until": closes + later if closes else None} | other)
