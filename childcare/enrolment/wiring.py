"""What this room tells the lower apps at the start."""

from childcare.enrolment import counter, todo, withdrawing
from communities import consents, guardians, todo as desk_todo


def wire() -> None:
    """Called once from `childcare/apps.py`."""
    desk_todo.register(todo.rows)
    consents.on_withdraw(withdrawing.heed)
    consents.on_give(withdrawing.given)
    guardians.on_end(withdrawing.ended)
    counter.register_acts()
