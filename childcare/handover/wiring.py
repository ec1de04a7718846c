"""What this room tells the lower apps at the start. Withdrawn consents are heard by enrolment, which revokes what hangs on them."""

from childcare.handover import counter


def wire() -> None:
    """Called once from `childcare/apps.py`."""
    counter.register_acts()
