"""Reminding leads and heads before a record check or a health certificate ends: 30, 7 and 0 days (settings)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.urls import reverse

from childcare.models import Staffer
from childcare.staffing.telling import Where, answerable, opens
from communities.models import User
from communities.settings import CARE_STAFF_DAYS, values_of
from core import clock, words
from core.verbs import verb
from notifications.models import Message
from notifications.outbox import Words, message, tell_many

FARTHEST = max(value.high for value in CARE_STAFF_DAYS)


@verb()
def remind(*, at: datetime) -> None:
    """Once per threshold and end. A missed sweep is made up for by the next one."""
    today = clock.local(at).date()
    last = today + timedelta(days=FARTHEST)
    staff = Staffer.objects.current().select_related("centre__community")
    due = staff.filter(record_due__gte=today, record_due__lte=last) | staff.filter(
        health_until__gte=today, health_until__lte=last
    )
    found = list(due.order_by("pk"))
    told = {centre.pk: answerable(centre) for centre in {one.centre for one in found}}
    tell_many(row for one in found for row in _rows(one, today, told[one.centre_id]))


def _rows(one: Staffer, today: date, whom: list[tuple[User, Where]]) -> Iterator[Message]:
    days = [0, *values_of(CARE_STAFF_DAYS, one.centre.community.sub_district_id, on=today).values()]
    for what, ends, after in (
        ("记录查询", one.record_due, "过期后不能当班和放人"), ("健康证", one.health_until, "请尽快换证"),
    ):  # fmt: skip
        due = None if ends is None or ends < today else min((n for n in days if (ends - today).days <= n), default=None)
        if ends is None or due is None:
            continue
        said = Words(
            f"托管员工的{what}快到期",
            f"{one.name}的{what}{words.day(ends)}到期，{after}。",
            reverse("desk:care-staffer", args=[one.pk]),
        )
        for user, where in whom:
            told = opens(said, where, reverse("care:turns"))
            yield message(f"care-staff:{one.pk}:{ends}:{what}:{due}", told, Message.Channel.INBOX, staff=user)
