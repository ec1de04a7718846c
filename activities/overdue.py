"""记录期限提醒: service is on record ten working days after the activity (民政部令第67号, 11); the recorder is warned before, the head then.

Beat asks on the morning of working days; each is told once an activity (notifications/outbox.py).
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q
from django.urls import reverse

from activities import deadlines
from activities.models import Activity, Participation
from communities import calendar, settings
from communities.models import Community, Duty, SubDistrict, User
from communities.todo import Row
from core import clock, words
from core.verbs import verb
from notifications.outbox import Words, tell

BACK = timedelta(days=120)  # how long an activity without a record is looked after
Role, Part = Duty.Role, Participation.Status
UNSETTLED = (Part.SIGNED_UP, Part.RECORDED)


def open_at(sub_district_id: int, at: datetime) -> list[Activity]:
    """Activities of the sub-district that are over and not wholly on record; adds `unsettled`, how many people wait."""
    waits = Count("participations", filter=Q(participations__status__in=UNSETTLED))
    over = Activity.objects.filter(
        community__sub_district=sub_district_id, ends_at__lte=at, ends_at__gt=at - BACK,
        status__in=[Activity.Status.OPEN, Activity.Status.FINISHED],
    )  # fmt: skip
    found = over.annotate(unsettled=waits).filter(unsettled__gt=0)
    return list(found.select_related("community", "published_by", "made_by").order_by("ends_at", "pk"))


def remind(at: datetime) -> int:
    """Tell who is due to be told at `at`; how many activities that were. Nobody is told on a day off."""
    return sum(_remind_street(street, at) for street in SubDistrict.objects.order_by("pk"))


def _remind_street(street: SubDistrict, at: datetime) -> int:
    today = clock.local(at).date()
    working = calendar.calendar_of(street.pk, today - BACK)
    if not working.is_working(today):
        return 0
    days = {value: settings.over_time(value, street.pk) for value in (settings.RECORD_WARN_DAYS, settings.RECORD_DAYS)}
    told = 0
    for activity in open_at(street.pk, at):
        ended = clock.local(activity.ends_at).date()
        warned, due = (working.add(ended, allowed(ended)) for allowed in days.values())
        if today >= warned:
            _tell(activity, due, late=today >= due)
            told += 1
    return told


@verb()
def _tell(activity: Activity, due: date, *, late: bool) -> None:
    waiting = activity.participations.filter(status__in=UNSETTLED).count()
    link = reverse("desk:activity", args=[activity.pk])
    said = f"{words.day(clock.local(activity.starts_at).date())}的《{activity.title}》还有{waiting}人没有记录或确认，{words.day(due)}前要完成。"
    for person in recorders(activity):
        tell(staff=person, occasion=f"activity:{activity.pk}:record-warn", words=Words("服务记录快到期限", said, link))
    if late:
        said = f"《{activity.title}》还有{waiting}人没有记录或确认，{words.day(due)}到期。过期补录要写原因。"
        for person in _holding(activity.community, Role.HEAD):
            tell(
                staff=person,
                occasion=f"activity:{activity.pk}:record-due",
                words=Words("服务记录到期未完成", said, link),
            )


def recorders(activity: Activity) -> list[User]:
    """Who announced it, if still working there; else everybody who works there."""
    working = _holding(activity.community, Role.HEAD, Role.WORKER)
    own = [one for one in working if one.pk in (activity.published_by_id, activity.made_by_id)]
    return own or working


def _holding(community: Community, *roles: Duty.Role) -> list[User]:
    held = Duty.objects.current().filter(community=community, role__in=roles)
    return list(User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("pk"))


def rows(user: User) -> Iterator[Row]:
    """To-do of heads and the sub-district: what is over its last day."""
    held = user.duties.current().filter(role__in=(Role.HEAD, Role.STREET_ADMIN))
    mine = Community.objects.filter(
        Q(pk__in=held.values("community")) | Q(sub_district__in=held.values("sub_district"))
    )
    late = _late(mine.values_list("pk", "sub_district"))
    first = min(late, default=None)
    url = f"{reverse('desk:activities')}?state=to_record" if late else reverse("desk:activities")
    yield Row("activities", "活动记录已过期限", len(late), url, clock.at(first, time(23, 59)) if first else None)


def _late(places: Iterable[tuple[int, int]]) -> list[date]:
    """The last days that are over, of what is still open in `places`: pairs of a community and its sub-district."""
    at, pairs = clock.now(), list(places)
    own = {place for place, _ in pairs}
    streets = sorted({street for _, street in pairs})
    open_ones = [one for street in streets for one in open_at(street, at) if one.community_id in own]
    return [last for last in deadlines.last_days(open_ones).values() if last < clock.local(at).date()]
