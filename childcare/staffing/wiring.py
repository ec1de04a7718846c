"""What this room tells the lower apps at the start."""

from childcare.staffing import todo
from communities import todo as desk_todo


def wire() -> None:
    """Called once from `childcare/apps.py`."""
    desk_todo.register(todo.rows)
