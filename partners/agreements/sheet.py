"""What the pages and the paper of an agreement show; the desk's and the merchant's ask."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from communities.drawing import drawn
from partners.agreements import wording
from partners.models import Agreement

MARK = 32  # characters of the fingerprint in the address of the check page


def parts(mine: Agreement) -> dict[str, Any]:
    """The text with its rows, papers and signatures: five queries."""
    draft = mine.status in (Agreement.Status.DRAFT, Agreement.Status.VOID) and not mine.sha256
    return {
        "agreement": mine, "text": wording.rendered(mine) if draft else mine.text, "promises": mine.promises.order_by("order"),
        "grants": mine.grants.select_related("room").order_by("pk"),
        "papers": mine.attachments.select_related("paper").defer("paper__jpeg").order_by("order"),
        "signatures": {one.side: one for one in mine.signatures.all()},
    }  # fmt: skip


def printed(mine: Agreement) -> dict[str, Any]:
    """The same for A4, with the address where everybody can check it."""
    address = settings.SITE_URL + reverse("partners:check", args=[mine.sha256[:MARK]]) if mine.sha256 else ""
    return parts(mine) | {"address": address, "qr": drawn(address) if address else ""}
