"""What this room tells the lower apps at the start."""

from childcare.days import counter, landing, lateness, todo
from childcare.handover import releasing
from childcare.models import Handover
from communities import landing as first_pages, todo as desk_todo


def wire() -> None:
    """Called once from `childcare/apps.py`."""
    desk_todo.register(todo.rows)
    counter.register_acts()
    first_pages.register(landing.first_page)
    releasing.on_release(late)


def late(handover: Handover) -> None:
    """Each hand-over is asked whether it was late, in its own transaction."""
    lateness.mark(handover=handover, by=handover.by)
