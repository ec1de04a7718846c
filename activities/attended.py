"""Who was there, in the review queue: by activity, with what stands against each and what it would give."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Min, Q, Sum
from django.urls import reverse

from activities import hours, rates, reviewing
from activities.models import Means, Participation, Service
from activities.queue import Kind, Line
from communities import settings
from communities.kin import OwnPhoneMissing
from communities.models import User
from core import clock
from core.refusals import Refused

CODE = "participation"
PAGE = 50
Rows = Sequence[Participation]


def by_activity(user: User, *, mine: bool, community: int | None = None) -> list[dict[str, Any]]:
    """The activities of which somebody waits (with `mine`: for this user), the oldest first, with how many; one more than a page."""
    rows = reviewing.waiting_for(user) if mine else reviewing.open_for(user)
    found = rows.filter(activity__community=community) if community else rows
    names = ("activity", "activity__title", "activity__starts_at", "activity__ends_at", "activity__community__name")
    counted = found.order_by().values(*names).annotate(
        people=Count("pk"), since=Min("recorded_at"), points=Sum("points"),
        by_code=Count("pk", filter=Q(arrived_how=Means.CODE, left_how=Means.CODE)),
    )  # fmt: skip
    return list(counted.order_by("activity__ends_at", "activity")[: PAGE + 1])


def refusals(user: User, rows: Rows) -> Callable[[Participation], Refused | None]:
    """`reviewing.refusal_for` of each, and whose day would become too long: of `rows` themselves, one after the other."""
    if not user.own_phone:
        return lambda _: OwnPhoneMissing()
    eyes, room = reviewing.eyes_of(user, rows), _room(rows)
    answers: dict[int, Refused | None] = {}
    for row in rows:
        refused = reviewing.refusal_for(row, user, eyes)
        if refused is None and row.activity.volunteering and not row.over_reason:
            key = row.resident_id, _day(row)
            room[key] -= row.minutes or 0
            refused = hours.TooMuchADay() if room[key] < 0 else None
        answers[row.pk] = refused
    return lambda row: answers[row.pk]


def _room(rows: Rows) -> dict[tuple[int, date], int]:
    """How many minutes each may still serve on each of the days."""
    pairs = {(row.resident_id, _day(row)): row.activity.community.sub_district_id for row in rows}
    in_book = Service.objects.standing().filter(
        resident__in={resident for resident, _ in pairs}, on__in={day for _, day in pairs}
    )  # fmt: skip
    served = {
        (resident, on): total
        for resident, on, total in in_book.values_list("resident", "on").annotate(total=Sum("minutes"))
    }
    most = {street: settings.over_time(settings.DAY_MOST, street) for street in set(pairs.values())}
    return {pair: most[street](pair[1]) * 60 - served.get(pair, 0) for pair, street in pairs.items()}


def _day(row: Participation) -> date:
    assert row.served_from
    return clock.local(row.served_from).date()


def lines(rows: Rows) -> list[Line]:
    prices = rates.Prices()
    return [_line(row, prices) for row in rows]


def _line(row: Participation, prices: rates.Prices) -> Line:
    said = [hours.means_of(row), _times(row.served_from, row.served_to)]
    said += [f"补录：{row.late_reason}"] if row.late_reason else []
    said += [f"超时：{row.over_reason}"] if row.over_reason else []
    own = row.recorded_by_id == row.resident.account_id
    return Line(
        resident=row.guardian or row.resident, what=row.activity.title,
        recorder="本人扫码" if own and row.by_code else str(row.recorded_by),
        since=row.recorded_at or row.at, url=reverse("desk:activity", args=[row.activity_id]),
        price=prices.of_activity(row.activity, row.minutes or 0, row.guardian or row.resident), minutes=row.minutes,
        detail="，".join(said), seen=str(row.minutes or ""), name=row.resident.name,
    )  # fmt: skip


def _times(begin: datetime | None, end: datetime | None) -> str:
    assert begin and end
    return f"{clock.local(begin):%H:%M}—{clock.local(end):%H:%M}"


def approve(row: Participation, by: User) -> Participation:
    return reviewing.confirm(participation=row, minutes=row.minutes or 0, by=by)


KIND = Kind(
    CODE, "参加活动", "activity__community", reviewing.waiting_for, reviewing.open_for, refusals, lines, approve
)  # fmt: skip
