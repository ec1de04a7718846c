"""What this room tells the lower apps at the start."""

from childcare.staffing import todo
from communities import today as desk_today, todo as desk_todo


def wire() -> None:
    """Called once from `childcare/apps.py`."""
    desk_todo.register(todo.rows)
    desk_today.register(todo.today)
