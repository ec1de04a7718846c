"""Folding: a community's days and snapshots are summed by a job, so that nobody waits at a hot row (ADR 0010)."""

from datetime import datetime

from core.sql import call
from core.verbs import verb


def restored() -> bool:
    """Whether the books come from another cluster and `migrate` has not been run since: nothing may be booked before."""
    return bool(call("SELECT points_restored()")[0])


@verb()
def fold(*, at: datetime) -> int:
    """Fold what every running transaction can see no change of any more; how many postings that were."""
    return int(call("SELECT points_fold(%s)", at)[0])
