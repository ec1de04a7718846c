"""What evidence and the sealed columns bring to the homes of this app (communities/apps.py)."""

from communities import closing, consents, copying, resealing, todo
from communities.hardship import counter, deciding, keeping, waiting
from communities.models import Evidence, EvidenceImage, Line, Resident, SearchKey


def wire() -> None:
    """Called once, when the app is ready."""
    todo.register(waiting.rows)
    counter.register_acts()
    consents.on_withdraw(deciding.consent_ended)
    copying.register(*keeping.SECTIONS)
    closing.on_empty(keeping.emptied)
    resealing.register(SearchKey, "sealed")
    resealing.register(Resident, "document_sealed")
    resealing.register(Line, "document_sealed")
    resealing.register(Evidence, "facts")
    resealing.register(EvidenceImage, "sealed")
