"""What this room tells the lower apps at the start."""

from childcare.places import cards, counter, todo
from communities import frontcards, todo as desk_todo


def wire() -> None:
    """Called once from `childcare/apps.py`."""
    desk_todo.register(todo.rows)
    frontcards.register(cards.cards)
    counter.register_acts()
