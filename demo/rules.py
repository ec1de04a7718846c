"""What the sub-district decided about the rules: one change of months ago, one that was withdrawn, one to come."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction

from communities.models import SubDistrict, User
from core import clock
from demo import cast
from demo.asked import Asked
from demo.places import STREET
from points import rules
from points.models import Rule
from points.pricing import tariff
from points.rulebook import figures_of
from points.rules import Body, Decision, first_of_next_month

EARLIER, LATER = 150, 9  # days ago


def are_there() -> bool:
    return Rule.objects.filter(sub_district__name=STREET).exists()


@transaction.atomic
def write(asked: Asked) -> None:
    """Rules that the people of the story do not serve under, so that their balances stay what the pages say."""
    then, lately = asked.at(-EARLIER, time(15)), asked.at(-LATER, time(15))
    _decide("LECT", then, "宣讲场次增加，提高到每次5积分，每月仍为4次。", points=5)
    withdrawn = _decide("SORT", then, "督导时段延长，每小时提高到15积分。", points=15)
    rules.withdraw(sub_district=_street(), code="SORT", starts_on=withdrawn.starts_on, by=_admin(), at=then)
    _decide("SORT", lately, "分类督导人手不足，到会7人，全体同意每小时提高到12积分。", points=12, day_points=48)


def _decide(code: str, at: datetime, text: str, **figures: Any) -> Rule:
    street, day = _street(), clock.local(at).date()
    known = figures_of(tariff(code, street.pk, on=day).rule)
    return rules.change(
        sub_district=street, code=code, figures=known._replace(**figures), starts_on=first_of_next_month(day), by=_admin(),
        decision=Decision(Body.PANEL.value, day - timedelta(days=1), text), at=at,
    )  # fmt: skip


def _street() -> SubDistrict:
    return SubDistrict.objects.get(name=STREET)


def _admin() -> User:
    return User.objects.get(username=cast.ADMIN.username)
