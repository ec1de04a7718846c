"""What the stock book tells the rest of the house when the application starts."""

from communities import todo as desk_todo
from partners.stock import todo


def wire() -> None:
    desk_todo.register(todo.rows)
