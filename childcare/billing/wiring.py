"""What this room tells the lower apps at the start."""

import structlog

from childcare.billing import counter, family, running, todo
from communities import frontcards, hardship, todo as desk_todo
from communities.models import Evidence
from core.refusals import Refused

log = structlog.get_logger(__name__)


def wire() -> None:
    """Called once from `childcare/apps.py`."""
    desk_todo.register(todo.rows)
    frontcards.register(family.cards)
    counter.register_acts()
    hardship.on_change(follow)


def follow(evidence: Evidence, event: str) -> None:
    """Bills that are not confirmed say at once what counts now; the others stay as they are (domain guide, 6.4).

    Whatever a bill refuses does not keep evidence from ending: the night draws it once more.
    """
    by = evidence.ended_by if event == "ended" else evidence.decided_by if event == "verified" else None
    if by is None:
        return
    try:
        running.redraw_later(child=evidence.resident, by=by)
    except Refused as refused:
        log.warning("care-bill", evidence=evidence.pk, refused=refused.code)
