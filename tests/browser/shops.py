"""The partners' part of the scene (tests/browser/scene.py): an owner's phone, an applicant's, what the desk does with both."""

from typing import NamedTuple

from communities.models import User
from tests.access.agreerows import lay_agreeing
from tests.access.offerrows import lay_offers
from tests.access.promisedrows import lay_promised
from tests.access.settlingrows import lay_settling
from tests.access.shoprows import lay_agreement, lay_shop
from tests.access.usingrows import lay_using
from tests.partners import agreeing
from tests.partners.joining import applicants
from tests.world import World

PARTNERS_PHONE = [
    "/offers/",
    "/offers/{home}/",
    "/vouchers/",
    "/vouchers/{visit}/",
    "/partners/calls/{call}/",
    "/partners/{shop}/",
]
OWNER = ["/merchant/", "/v/{code}/", "/merchant/history/", "/merchant/more/", "/merchant/phones/", "/merchant/licences/",
         "/merchant/offers/{offered}/", "/merchant/offers/new/", "/merchant/appointments/{asked_for}/", "/merchant/promises/",
         "/merchant/statements/", "/merchant/statements/{statement}/", "/merchant/agreements/{to_sign}/"]  # fmt: skip
APPLICANT = ["/partners/apply/{begun}/who/", "/partners/apply/{begun}/what/", "/partners/apply/{begun}/papers/"]
PARTNERS_DESK = ["/desk/joining/", "/desk/joining/{handed_in}/", "/desk/calls/{call}/", "/desk/licences/", "/desk/partners/{to_sign}/",
                 "/desk/partners/{drafted}/edit/", "/desk/partners/file/{shop}/", "/desk/partners/deliveries/", "/desk/partners/balance/",
                 "/desk/partners/complaints/{complaint}/", "/desk/offers/", "/desk/offers/{to_review}/", "/desk/vouchers/{voucher}/",
                 "/desk/uses/", "/desk/uses/{redemption}/", "/desk/statements/", "/desk/statements/{statement}/"]  # fmt: skip
PARTNERS_HEAD = ["/desk/partners/{to_sign}/sign/", "/desk/liability/street/{street}/"]


class Shop(NamedTuple):
    """Two phones, and what fills the addresses in."""

    owner: User
    applicant: User
    numbers: dict[str, object]


def lay_partners(world: World) -> Shop:
    agreed = lay_agreement(world)
    agreeing.template(world)
    waits, owner = lay_agreeing(world, agreed), lay_shop(world, agreed).owner
    billed, offers, promised, used = (lay(world, agreed) for lay in (lay_settling, lay_offers, lay_promised, lay_using))
    begun, handed_in = applicants.begun(world), applicants.submitted(world)
    applicants.licence(begun)
    applicants.licence(handed_in)
    numbers: dict[str, object] = {
        "shop": agreed.partner_id, "offered": offers.shown.pk, "home": offers.slot.offer_id, "to_review": offers.waiting.pk,
        "voucher": offers.voucher.pk, "visit": offers.visit.voucher_id, "asked_for": offers.visit.pk, "code": used.open.token, "redemption": used.use.pk,
        "statement": billed.open.pk, "to_sign": waits.sent.pk, "drafted": waits.draft.pk,
        "complaint": promised.complaint.pk, "begun": begun.pk, "handed_in": handed_in.pk, "call": applicants.call(world).pk,
    }  # fmt: skip
    return Shop(owner.account, begun.by, numbers)
