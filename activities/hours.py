"""服务时长: writing into the book of hours, and reading from it. Points never touch it (design, 3.9).

Minutes are kept, whole half hours are credited, eight hours of one person a day are the most (domain guide, 3.2). What stands
behind it: activities/sql/0005_hours.sql.
"""

from datetime import date, datetime

from django.db.models import Sum

from activities.models import Means, Participation, Service
from communities import settings
from communities.models import Resident, User
from core import clock
from core.refusals import Refused
from core.verbs import Refusals
from points.pricing import HALF_HOUR


class Overlapping(Refused):
    code = "service_overlaps"
    message = "这位居民同一时间已有另一条服务记录，这次没有记录。请核对起止时间后再试。"


class TooMuchADay(Refused):
    code = "too_much_a_day"
    message = "这位居民当天的服务时长会超过上限，这次没有记录。确有需要的，请写明原因，由另一位同事核实。"


class NotVolunteering(Refused):
    code = "not_volunteering"
    message = "会议、讲座、沙龙不是志愿服务，不能记入服务时长，什么都没有改动。"


REFUSALS: Refusals = {
    "participation_no_overlap": lambda _: Overlapping(),
    "service_no_overlap": lambda _: Overlapping(),
    "AC002": lambda _: TooMuchADay(),
    "AC003": lambda _: NotVolunteering(),
}


def enter(
    *, participation: Participation, by: User, at: datetime, replaces: Service | None = None
) -> Service | None:  # fmt: skip
    """Write what `by` confirmed into the book; None for what is no volunteering. Called inside a verb with `REFUSALS`.

    `participation` has its activity and community, its times and minutes.
    """
    activity = participation.activity
    if not activity.volunteering:
        return None
    assert participation.served_from and participation.served_to and participation.recorded_by_id
    over, minutes = participation.over_reason, participation.minutes or 0
    day = clock.local(participation.served_from).date()
    return Service.objects.create(
        community=activity.community, resident_id=participation.resident_id, participation=participation,
        title=activity.title, kind=activity.kind, content=activity.content, place=activity.place,
        unit=activity.community.name, leader=activity.leader, starts_at=participation.served_from,
        ends_at=participation.served_to, on=day, minutes=minutes, credited=minutes // HALF_HOUR * HALF_HOUR,
        day_cap=None if over else day_cap(activity.community.sub_district_id, day), over_reason=over,
        means=means_of(participation), recorded_by_id=participation.recorded_by_id,
        recorded_at=participation.recorded_at or at, confirmed_by=by, confirmed_at=at,
        late_reason=participation.late_reason, replaces=replaces,
    )  # fmt: skip


def day_cap(sub_district_id: int, day: date) -> int:
    """The most minutes of one person on `day`."""
    return settings.value_of(settings.DAY_MOST, sub_district_id, on=day) * 60


def means_of(participation: Participation) -> str:
    """动态码签到，忘记签退: how presence was seen."""
    came, went = Means(participation.arrived_how or "desk"), Means(participation.left_how or "desk")
    return came.label if came == went else f"{came.label}，{went.label}"


def void(*, service: Service, reason: str, by: User, at: datetime) -> None:
    """Strike a record out; it stays in the book. Called inside the verb that corrects."""
    standing = Service.objects.standing().filter(pk=service.pk)
    standing.update(voided_at=at, voided_by=by, void_reason=reason)


def credited(resident: Resident, *, since: date | None = None) -> int:
    """Minutes of `resident` that count, a whole life long or since a day."""
    standing = Service.objects.of(resident).standing()
    found = standing.filter(on__gte=since) if since else standing
    return int(found.aggregate(total=Sum("credited"))["total"] or 0)
