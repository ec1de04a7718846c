"""Rows of agreements for the doors (tests/access/rows.py)."""

from dataclasses import dataclass

from partners.agreements import ceremonies, drafting, templates, wording
from partners.models import Agreement, Attachment, Ceremony, Template
from tests.partners import agreeing
from tests.world import World


@dataclass(frozen=True)
class AgreeRows:
    """Of the partner of `agreement`: a draft with an annex, one that waits to be signed; what else hangs on them."""

    draft: Agreement
    annex: Attachment
    sent: Agreement
    text: Template  # waits for approval, of the sub-district
    ceremony: Ceremony


def lay_agreeing(world: World, agreement: Agreement) -> AgreeRows:
    draft = agreeing.drafted(world, partner=agreement.partner, promise="金丝雀承诺")
    annex = drafting.attach(agreement=draft, title="金丝雀附件", picture=agreeing.picture(), by=world.zhang)
    text = templates.draft(sub_district=world.street, title="金丝雀范本", text=wording.DEFAULT, by=world.he)
    held = {
        "title": "签约",
        "on": agreement.starts_on,
        "place": "广场",
        "text": "",
        "agreements": [agreement],
        "by": world.zhang,
    }
    return AgreeRows(draft, annex, agreeing.sent(world, partner=agreement.partner), text, ceremonies.hold(**held))
