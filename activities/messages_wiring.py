"""What this app tells of its messages: whose matter they are, and the short ones word for word (activities/apps.py)."""

from activities import reminding, signup
from notifications import templates
from notifications.kinds import Subject, declare


def wire() -> None:
    """Called once, when the app is ready."""
    templates.register(reminding.ACTIVITY, signup.MOVED_UP)
    declare(
        Subject("volunteering", "志愿活动"),
        (
            "activity", "participation", "deed", "award", "star", "star_bar", "honour", "holding", "month", "correction", "burst",
            "certificate", "certificate_request",
        ),
        urgent=("activity:changed", "activity:cancelled", "participation:moved-up"),
    )  # fmt: skip
