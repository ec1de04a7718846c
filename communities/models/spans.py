"""A stretch of time as the database compares it, for constraints that two of them do not overlap."""

from django.contrib.postgres.fields import DateTimeRangeField
from django.db.models import Func


class Span(Func):
    """The time from one moment to another, as a range of the database; the end is not part of it."""

    function = "tstzrange"
    output_field = DateTimeRangeField()
