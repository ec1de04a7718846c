"""What other apps ask of the sign-in sheets."""

from activities.sheets_in import handing
from communities import closing, todo


def wire() -> None:
    todo.register(handing.rows)
    closing.on_empty(handing.emptied)
