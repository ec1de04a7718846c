"""审核服务项目: a colleague reads what residents will read, and puts it on show or sends it back; taking it off; more of it.

Domain guide, 7.4: a partner's text goes through staff review with a word list (adwords.py). Never by who wrote it, nor by the
owner's family.
"""

from datetime import datetime

from communities import duties
from communities.kin import OwnPhoneMissing, kin_of
from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from partners import standing
from partners.kinship import is_family_of
from partners.models import Offer
from partners.offers import adwords, drafting
from partners.offers.drafting import MOST, Status

REASON = 200  # characters


class NotSubmitted(Refused):
    code = "offer_not_submitted"
    message = "这项服务不在待审核，没有再改动。请刷新后再看。"


class OwnOffer(Refused):
    code = "own_offer"
    message = "不能审核自己填写的服务项目，请由其他同事审核，没有改动。"
    status = 403


class FamilyOffer(Refused):
    code = "family_offer"
    message = "不能审核自己或家人的店的服务项目，请由其他同事审核，没有改动。"
    status = 403


class WordsForbidden(Refused):
    code = "words_forbidden"

    def __init__(self, hits: list[adwords.Hit] | None = None) -> None:
        said = "、".join(f"“{one.text}”" for one in hits or [])
        super().__init__(f"名称或说明里有不能用的广告用语{said}，没有上架。请退回商家修改。")


class NoNote(BadInput):
    code = "no_note"
    message = f"请写明要改什么（不超过{REASON}字），什么都没有改动。"


class NotOnShow(Refused):
    code = "offer_not_on_show"
    message = "这项服务已经下架，没有再改动。"


class BadStock(BadInput):
    code = "bad_stock"
    message = f"请填写不为0的整数，改后总数在1到{MOST:,}之间，并且不少于已兑的张数。数量没有改动。"


REFUSALS: Refusals = {"offer_stock": lambda _: BadStock()}


def refusal_to_review(offer: Offer, by: User) -> Refused | None:
    """Why `by` cannot decide on it; None when nothing stands against it. Page, list and verbs ask."""
    if not duties.holds(by, offer.community):
        return duties.NotYourDuty()
    if offer.status != Status.SUBMITTED:
        return NotSubmitted()
    kin = kin_of(by)
    if offer.made_by_id == by.pk or offer.made_by_id in kin.accounts:
        return OwnOffer()
    if not by.own_phone:
        return OwnPhoneMissing()
    return FamilyOffer() if is_family_of(by, offer.partner, kin) else None


@verb()
def approve(*, offer: Offer, by: User, at: datetime | None = None) -> Offer:
    """Put it on show. Refuses what `refusal_to_review` says, `WordsForbidden`, `NotInForce`."""
    at, mine = at or clock.now(), _for_review(offer, by)
    if found := adwords.forbidden(mine.title, mine.note):
        raise WordsForbidden(found)
    if standing.agreement_of(mine.partner, mine.community, clock.local(at).date()) is None:
        raise standing.NotInForce
    return _decided(mine, Status.OPEN, "", by, at)


@verb()
def send_back(*, offer: Offer, note: str, by: User, at: datetime | None = None) -> Offer:
    """To be written anew; the owner reads `note`. Refuses what `refusal_to_review` says, and `NoNote`."""
    note = note.strip()
    if not 0 < len(note) <= REASON or "\0" in note:
        raise NoNote
    return _decided(_for_review(offer, by), Status.RETURNED, note, by, at or clock.now())


@verb()
def close(*, offer: Offer, by: User, at: datetime | None = None) -> Offer:
    """Take it off, or a draft away: by the owner or staff. Vouchers that were taken stay good. Refuses `NotOnShow`."""
    mine = drafting.locked(offer, by)
    if mine.status == Status.CLOSED:
        raise NotOnShow
    mine.status, mine.closed_by, mine.closed_at = Status.CLOSED, by, at or clock.now()
    mine.save(update_fields=["status", "closed_by", "closed_at"])
    return mine


@verb(REFUSALS)
def restock(*, offer: Offer, change: int, by: User) -> Offer:
    """`change` more, or fewer, of an offer with a stock: staff, without a new review. Refuses `NotYourDuty`, `NotOnShow`, `BadStock`."""
    mine = drafting.locked(offer, by)
    duties.require(by, mine.community)
    if mine.status == Status.CLOSED:
        raise NotOnShow
    if mine.stock is None or not change or not max(mine.taken, 1) <= mine.stock + change <= MOST:
        raise BadStock
    mine.stock += change
    mine.save(update_fields=["stock"])
    return mine


def _for_review(offer: Offer, by: User) -> Offer:
    rows = Offer.objects.select_for_update(no_key=True, of=("self",)).select_related("partner", "community")
    mine = rows.get(pk=offer.pk)
    if refused := refusal_to_review(mine, by):
        raise refused
    return mine


def _decided(mine: Offer, status: Offer.Status, note: str, by: User, at: datetime) -> Offer:
    mine.status, mine.review_note, mine.reviewed_by, mine.reviewed_at = status, note, by, at
    mine.save(update_fields=["status", "review_note", "reviewed_by", "reviewed_at"])
    return mine
