"""What a quarter of an agreement comes to: times promised and kept, stars, complaints, licences, visits."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal

from django.db.models import Q, Sum

from communities.settings import COMPLAINT_ANSWER_DAYS
from core import clock
from partners.models import Agreement, Complaint, Delivery, Suspension
from partners.obligations import complaining, rating, visiting
from partners.obligations.progress import month_of
from partners.obligations.suspending import AT_ONCE


@dataclass(frozen=True)
class Figures:
    """`kept` is of each promise at most what was promised. `stars`, `visits` are None where there are too few, or it is off."""

    promised: int
    kept: int
    ratings: int
    stars: Decimal | None
    complaints: int
    in_time: int
    upheld: int
    lapsed: bool
    suspended: bool
    visits: Decimal | None


def quarter_after(quarter: date) -> date:
    return (quarter + timedelta(days=95)).replace(day=1)


def last_quarter(day: date) -> date:
    """The first day of the newest quarter that is over on `day`."""
    this = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    before = this - timedelta(days=1)
    return before.replace(month=before.month - 2, day=1)


def months_within(agreement: Agreement, quarter: date) -> list[date]:
    """The months of the quarter that the agreement held from the first day to the last: only whole ones are asked for."""
    ended = agreement.ended_on or date.max
    found, first = [], quarter
    while first < quarter_after(quarter):
        after = month_of(first)[1]
        if agreement.starts_on <= first and agreement.ends_on >= after - timedelta(days=1) and ended >= after:
            found.append(first)
        first = after
    return found


def figures_of(agreement: Agreement, quarter: date) -> Figures:
    """Everything that `evaluating.marks` asks of the quarter that begins on `quarter`."""
    after, months = quarter_after(quarter), months_within(agreement, quarter)
    begin, end = clock.at(quarter, time()), clock.at(after, time())
    within = Q(deliveries__on__gte=quarter, deliveries__on__lt=after, deliveries__status=Delivery.Status.CONFIRMED)
    promises = agreement.promises.annotate(done=Sum("deliveries__times", filter=within, default=0))
    wanted = [(one.times * len(months), one.done) for one in promises]
    stars = rating.stars_of(agreement.partner, agreement.community, since=begin, until=end)
    filed = Complaint.objects.filter(
        partner=agreement.partner, community=agreement.community, at__gte=begin, at__lt=end
    )
    answered = filed.filter(status=Complaint.Status.ANSWERED).select_related("community")
    held = Suspension.objects.of(agreement.partner_id, agreement.community_id).filter(at__lt=end, cause__in=AT_ONCE)
    street = agreement.community.sub_district_id
    return Figures(
        promised=sum(times for times, _ in wanted), kept=sum(min(times, done) for times, done in wanted),
        ratings=stars.many, stars=stars.average, complaints=filed.count(), in_time=sum(map(_in_time, answered)),
        upheld=answered.filter(upheld=True).count(),
        lapsed=agreement.partner.licences.lapsed(after - timedelta(days=1)).exists(),
        suspended=held.filter(Q(lifted_at=None) | Q(lifted_at__gte=begin)).exists(),
        visits=visiting.average(agreement.partner, agreement.community, quarter, after) if visiting.is_on(street) else None,
    )  # fmt: skip


def _in_time(complaint: Complaint) -> bool:
    assert complaint.answered_at
    until = complaining.day_of(COMPLAINT_ANSWER_DAYS, complaint.community, complaint.reopened_at or complaint.at)
    return clock.local(complaint.answered_at).date() <= until
