"""签到表: the list of an activity on paper, with its facts, room to sign, and rows for those who did not sign up."""

from typing import Any, NamedTuple

from activities import standing_by
from activities.models import Activity
from core import masks

BLANK = 10


class Row(NamedTuple):
    """One line of the paper; its number is that by which it is typed in afterwards."""

    number: int
    name: str
    phone: str


def sheet_of(activity: Activity) -> dict[str, Any]:
    """`rows` by number, and how many `blank` ones follow; two queries."""
    by_number = standing_by.numbers(activity)
    people = activity.participations.filter(status__in=standing_by.LISTED).order_by("pk")
    columns = people.values_list("pk", "resident__name", "resident__phone")
    rows = [Row(by_number[pk], name, masks.phone(phone) or "—") for pk, name, phone in columns]
    return {"rows": rows, "blank": range(BLANK)}
