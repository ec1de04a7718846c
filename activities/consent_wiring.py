"""What ends with a volunteer's consent, and with the file (activities/apps.py)."""

from activities import minors, volunteers
from communities import closing, consents


def wire() -> None:
    """Called once, when the app is ready."""
    consents.on_withdraw(volunteers.ends_with)
    consents.on_withdraw(minors.consent_ended)
    closing.on_empty(volunteers.emptied)
