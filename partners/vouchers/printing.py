"""纸质券: printed at the desk. From then on a shop asks for the second check, scanned or read aloud (finding.py)."""

from core.verbs import verb
from partners.models import Voucher


@verb()
def print_out(*, voucher: Voucher) -> None:
    """There is paper of it now, which may be lost; printed again nothing changes."""
    Voucher.objects.filter(pk=voucher.pk, printed=False).update(printed=True)
