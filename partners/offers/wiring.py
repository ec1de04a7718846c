"""What this room registers with the homes below, from `AppConfig.ready`."""

from communities import closing, copying, todo as desk_todo
from partners.offers import todo
from partners.vouchers import counter, keeping


def wire() -> None:
    desk_todo.register(todo.rows)
    copying.register(*keeping.SECTIONS)
    closing.register(keeping.obstacles)
    closing.on_empty(keeping.emptied)
    counter.register_acts()
