"""What couriers bring to the homes of this app (communities/apps.py)."""

from communities import appeals, closing, couriers, notices, qualifying, todo


def wire() -> None:
    """Called once, when the app is ready."""
    todo.register(couriers.rows)
    appeals.register(couriers.PREFIX, couriers.decided)
    notices.register(couriers.PREFIX, on_clear=qualifying.cleared, on_stop=qualifying.stopped)
    closing.on_close(couriers.file_closed)
    closing.on_empty(couriers.emptied)
