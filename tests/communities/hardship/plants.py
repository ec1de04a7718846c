"""For the check of the books: two pieces of evidence that stand, and how each promise about them is broken."""

from communities import consents, hardship
from communities.hardship import About, Category
from communities.models import Consent
from tests.communities.relieving import said
from tests.world import World

HARDSHIP_PLANTS = {
    "a picture of evidence is gone once it is decided": """
        INSERT INTO communities_evidenceimage (evidence_id, sealed, by_id, at)
        SELECT id, 'x', recorded_by_id, recorded_at FROM communities_evidence WHERE status = 'valid'""",
    "evidence stands by a consent that stands": """
        UPDATE communities_consent SET withdrawn_at = given_at, withdrawn_by_id = by_id WHERE purpose = 'hardship'""",
    "evidence that was renewed has ended": """
        UPDATE communities_evidence SET renews_id = (SELECT min(id) FROM communities_evidence)
        WHERE id = (SELECT max(id) FROM communities_evidence)""",
}


def relieved(world: World) -> None:
    """李建国 agreed; two were recorded by the worker and verified by the head."""
    consents.keep(world.li, Consent.Purpose.HARDSHIP, by=world.zhang, way=Consent.Way.SIGNATURE)
    for category in (Category.SUBSISTENCE, Category.VETERAN):
        made = hardship.record(resident=world.li, said=said(category, about=About.SELF), by=world.zhang)
        hardship.verify(evidence=made, by=world.chen)
