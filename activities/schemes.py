"""推广: what works in one community, as drafts in another of the same sub-district (mission, 15)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from activities import planning, posts as posting, series as repeating
from activities.models import Activity, Post, Series
from communities import duties
from communities.models import Community, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb

SUFFIX = "社区"
TITLE, PLACE, CONTENT = 40, 80, 300  # characters


class SameCommunity(BadInput):
    code = "same_community"
    message = "请选择另一个社区，没有复制。"


class FarCommunity(Refused):
    code = "far_community"
    message = "只能复制给本街道的社区，没有复制。"


class NothingChosen(BadInput):
    code = "nothing_chosen"
    message = "请至少选择一个系列、一类活动，或岗位，没有复制。"


class PastDay(BadInput):
    code = "scheme_past_day"
    message = "起始日期须在今天以后，没有复制。"


class Copied(NamedTuple):
    """How many drafts and posts were made; what was there already is left alone."""

    activities: int
    posts: int


@verb()
def copy_scheme(
    *, source: Community, target: Community, first: date, by: User, series: Iterable[Series] = (),
    kinds: Iterable[str] = (), posts: bool = False,
) -> Copied:  # fmt: skip
    """Copy the chosen `series`, the newest activity of each of `kinds`, and the `posts` of `source` to `target`, as drafts.

    Weekdays and hours stay, from `first` on; names, phones, rooms and insurance of the source do not go along. Who does it
    has a duty in both. May be repeated: what is there (name and time) is not copied again.
    """
    duties.require(by, source)
    duties.require(by, target)
    chosen, wanted = list(series), list(kinds)
    reasons: list[tuple[bool, Refused]] = [
        (source.pk == target.pk, SameCommunity()),
        (source.sub_district_id != target.sub_district_id, FarCommunity()),
        (not chosen and not wanted and not posts, NothingChosen()),
        (first <= clock.today(), PastDay()),
    ]
    if refused := next((refused for stands, refused in reasons if stands), None):
        raise refused
    Community.objects.select_for_update(no_key=True).get(pk=target.pk)  # twice at once would copy twice
    made = sum(_series(one, source, target, first, by) for one in chosen if one.community_id == source.pk)
    made += sum(_draft(one, _later(one, first), source, target, by) for one in newest(source, wanted))
    return Copied(made, _posts(source, target, by) if posts else 0)


def newest(source: Community, kinds: Iterable[str]) -> list[Activity]:
    """The newest published activity of each of `kinds`, in one query."""
    shown = Activity.objects.filter(community=source, kind__in=list(kinds)).exclude(status=Activity.Status.DRAFT)
    return list(shown.select_related("community").order_by("kind", "-starts_at", "-pk").distinct("kind"))


def _series(one: Series, source: Community, target: Community, first: date, by: User) -> int:
    moved = repeating.moves(one, first)
    if not moved:
        return 0
    later = _later(moved[0][0], first)
    title = renamed(one.title, source, target, TITLE)
    there, _ = Series.objects.get_or_create(community=target, title=title, defaults={"made_by": by})
    return sum(_draft(activity, later, source, target, by, there) for activity, _ in moved)


def _later(activity: Activity, first: date) -> timedelta:
    """Whole weeks, so that the weekday stays, to the first such day from `first` on."""
    days = (first - clock.local(activity.starts_at).date()).days
    return timedelta(weeks=-(-days // 7))


def _draft(
    activity: Activity, later: timedelta, source: Community, target: Community, by: User, series: Series | None = None
) -> bool:
    title = renamed(activity.title, source, target, TITLE)
    starts_at = activity.starts_at + later
    if Activity.objects.filter(community=target, title=title, starts_at=starts_at).exists():
        return False
    others = {
        "community_id": target.pk, "title": title, "place": renamed(activity.place, source, target, PLACE), "series": series,
        "content": renamed(activity.content, source, target, CONTENT), "leader": by.name, "leader_phone": target.phone,
        "room_id": None, "organiser_id": None, "insurance": "",
    }  # fmt: skip
    planning.draft(activity=repeating.copied(activity, later, **others), by=by)
    return True


def renamed(text: str, source: Community, target: Community, longest: int) -> str:
    """文兴环境整治 → 永安环境整治; the end of what grows too long goes, as whoever looks over the draft sees."""
    whole = text.replace(source.name, target.name)
    return whole.replace(source.name.removesuffix(SUFFIX), target.name.removesuffix(SUFFIX))[:longest]


def _posts(source: Community, target: Community, by: User) -> int:
    there = set(Post.objects.filter(community=target, closed_at=None).values_list("title", flat=True))
    wanted = Post.objects.filter(community=source, closed_at=None).order_by("pk")
    named = {renamed(one.title, source, target, TITLE): one for one in wanted}
    made = [
        Post(community=target, title=title, duty=renamed(one.duty, source, target, posting.DUTY), term_months=one.term_months,
             for_couriers=one.for_couriers, made_by=by)
        for title, one in named.items() if title not in there
    ]  # fmt: skip
    return len(Post.objects.bulk_create(made))
