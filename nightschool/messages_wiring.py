"""What this app tells of its messages: whose matter they are, and the short ones word for word (nightschool/apps.py)."""

from nightschool import changed, merging, reminders
from nightschool.applications import approving, drawing_lots
from nightschool.attending import consequences
from nightschool.line import offering
from notifications import templates
from notifications.kinds import Subject, declare


def wire() -> None:
    """Called once, when the app is ready."""
    templates.register(approving.APPROVED, merging.MERGED)
    for sender in (reminders, changed, offering, consequences, drawing_lots):
        templates.register(*sender.TEMPLATES)
    declare(
        Subject("night", "夜校课程"),
        (
            "enrolment",
            "course",
            "session",
            "waiting",
            "line",
            "application",
            "completion",
            "attendance",
            "absence_notice",
            "priority_loss",
        ),
        urgent=(
            "enrolment:cancelled",
            "enrolment:merged",
            "course:changed",
            "waiting:offer",
            "application:result",
        ),
    )
