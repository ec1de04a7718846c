"""For the type checker: rows with what the QuerySet sentences of models.py add to them."""

from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from nightschool.models import Course, Enrolment


class ForResident(TypedDict):
    """Added by CourseQuerySet.with_view_of, with_own, with_starts and with_class_of_the_day; `purse`, `pictured` by enrolment.look.

    `guardian` (who agreed for somebody of 14 to 17) is added by whoever reads the rows: family.guardian_of.
    """

    first_starts_at: datetime | None
    seat_id: int | None
    spendable: int
    purse: int | None
    guardian: int | None
    pictured: bool
    waits: bool
    waiting: str
    elsewhere: bool
    late: bool
    is_own: bool
    starts: list[datetime]
    today_at: datetime | None
    today_number: int | None
    today_place: str | None


class Dated(TypedDict):
    """Added by EnrolmentQuerySet.with_next_session and with_payment."""

    first_starts_at: datetime | None
    next_starts_at: datetime | None
    next_number: int | None
    next_place: str | None
    balance_after: int | None
    by_purse: bool


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    Offer = WithAnnotations[Course, ForResident]
    Ticket = WithAnnotations[Enrolment, Dated]
