"""证件: the four columns in which a number is kept, set and emptied together (CHECK resident_document_whole)."""

from typing import Any

from communities import identity, sealing
from communities.identity import Number
from communities.models import Community, Resident


def columns(number: Number | None, community: Community) -> dict[str, Any]:
    """`number` as `Resident` keeps it: sealed, with its kind, its last four characters and its fingerprint; None empties all."""
    if number is None:
        return {"document": "", "document_sealed": None, "document_tail": "", "document_hash": ""}
    return {
        "document": number.document, "document_sealed": sealing.seal(number.text), "document_tail": number.tail,
        "document_hash": fingerprint(number, community),
    }  # fmt: skip


def fingerprint(number: Number, community: Community) -> str:
    """Equal for the same number in every community of one sub-district."""
    return sealing.fingerprint(number.text, community.sub_district_id)


def opened(resident: Resident) -> Number | None:
    """The number on file, for comparing; whoever shows it writes a look first (communities/access.py)."""
    if resident.document_sealed is None:
        return None
    return identity.clean(sealing.unseal(bytes(resident.document_sealed)), resident.document)
