"""What the lines bring to the homes of the lower apps, in one place (nightschool/apps.py)."""

from communities import closing, copying, todo
from nightschool.line import counter as line_counter, keeping as line_keeping, queue as line_queue


def wire() -> None:
    """Called once, when the app is ready."""
    todo.register(line_queue.rows)
    copying.register(*line_keeping.SECTIONS)
    closing.on_warning(line_keeping.losses)
    closing.on_close(line_keeping.file_closed)
    closing.on_empty(line_keeping.empty)
    line_counter.register_acts()
