"""What this room tells the lower apps at the start. Withdrawn consents are heard by enrolment, which revokes what hangs on them."""

from childcare.handover import barring, counter
from communities import files


def wire() -> None:
    """Called once from `childcare/apps.py`."""
    counter.register_acts()
    files.on_rename(barring.renamed)
