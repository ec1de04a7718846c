"""异常提示 are looked at by a colleague, who writes down what came of it. Nothing else follows by itself."""

from datetime import datetime

from communities.models import User
from core import clock
from core.refusals import Refused
from core.verbs import verb
from partners.models import Redemption
from partners.vouchers.returning import refusal_to_staff, written


class NothingToLookAt(Refused):
    code = "not_flagged"
    message = "这次核销没有异常提示，或已有人查看过，没有改动。请刷新后再看。"


def refusal_to_look(redemption: Redemption, by: User) -> Refused | None:
    """Why `by` cannot write a finding; None when nothing stands against it."""
    if not redemption.flags or redemption.looked_at is not None:
        return NothingToLookAt()
    return refusal_to_staff(redemption.voucher, by)


@verb()
def look(*, redemption: Redemption, by: User, note: str, at: datetime | None = None) -> Redemption:
    """Refuses what `refusal_to_look` says, and an empty note."""
    at, note = at or clock.now(), written(note)
    held = Redemption.objects.select_for_update(no_key=True, of=("self",))
    mine = held.select_related("voucher__community", "voucher__resident").get(pk=redemption.pk)
    if refused := refusal_to_look(mine, by):
        raise refused
    mine.looked_at, mine.looked_by, mine.looked_note = at, by, note
    mine.save(update_fields=["looked_at", "looked_by", "looked_note"])
    return mine
