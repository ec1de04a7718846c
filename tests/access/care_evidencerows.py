"""Rows of evidence for the doors (tests/access/rows.py)."""

from dataclasses import dataclass

from communities import consents, hardship
from communities.hardship import About, Category
from communities.models import Consent, Evidence
from communities.photos import Picture
from tests.activities import pictures
from tests.communities.relieving import said
from tests.world import World


@dataclass(frozen=True)
class EvidenceRows:
    """Of 王秀兰, recorded by 张晓燕: one waits with a picture, one stands by the head's word."""

    waits: Evidence
    stands: Evidence


def lay_evidence(world: World) -> EvidenceRows:
    consents.keep(world.wang, Consent.Purpose.HARDSHIP, by=world.zhang, way=Consent.Way.SIGNATURE)
    picture = Picture(pictures.jpeg(), 320, 240)
    stands = hardship.record(resident=world.wang, said=said(Category.SUBSISTENCE, about=About.SELF), by=world.zhang)
    hardship.verify(evidence=stands, by=world.chen)
    waits = said(Category.VETERAN, about=About.SELF, image=picture)
    return EvidenceRows(hardship.record(resident=world.wang, said=waits, by=world.zhang), stands)
