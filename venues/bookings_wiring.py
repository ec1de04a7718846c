"""What bookings bring to the homes of other apps (venues/apps.py)."""

from communities import appeals, closing, copying, todo
from venues import counter, keeping, no_shows, reconfirming


def wire() -> None:
    """Called once, when the app is ready."""
    todo.register(reconfirming.rows)
    counter.register_acts()
    appeals.register(no_shows.PREFIX, no_shows.decided)
    appeals.on_answer(no_shows.answered)
    copying.register(*keeping.SECTIONS)
    closing.register(keeping.obstacles)
    closing.on_empty(keeping.empty)
