"""What 招募 brings to the homes of other apps (partners/apps.py)."""

from communities import notices, todo
from partners.joining import choosing, waiting


def wire() -> None:
    """Called once, when the app is ready."""
    todo.register(waiting.rows)
    notices.register(choosing.PREFIX, on_stop=choosing.stopped, registered=True)
