"""Folding: a community's days and snapshots are summed by a job, so that nobody waits at a hot row (ADR 0010)."""

from datetime import datetime

from core.sql import call
from core.verbs import verb


@verb()
def fold(*, at: datetime) -> int:
    """Fold what every running transaction can see no change of any more; how many postings that were."""
    return int(call("SELECT points_fold(%s)", at)[0])
